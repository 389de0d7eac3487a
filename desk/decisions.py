"""What a person may decide of a finding. That it waits for a second person is nobody's decision: four eyes
make it of a confirmation."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from storage.errors import StoreError
from storage.records import Finding, Review, ReviewDecision
from storage.uses import FINE


class Decision(StrEnum):
    """A ReviewDecision, by its value."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    LOOK_AGAIN = "look_again"
    SETTLED = "settled"
    UNDO = "undo"

    @property
    def written(self) -> ReviewDecision:
        return ReviewDecision(self.value)


def may_be_settled(given: Review, finding: Finding, today: date) -> None:
    """`today` in UTC. Raises StoreError: "day_past" where the term has ended already, "nothing_to_settle"
    where no twin's use has anything against it."""
    if given.until and given.until < today:
        raise StoreError(
            f"{given.until} is past: a settlement cannot end before today ({today}, UTC)",
            kind="day_past",
            where="until",
        )
    if all(one.consent in FINE for one in finding.answer.verdict.twins):
        raise StoreError(
            "it shows no twin's use that could be settled: there is no twin, or its licences cover the use",
            kind="nothing_to_settle",
            where=str(finding.id),
        )


def last_standing(given: Iterable[Review]) -> Review | None:
    """Of reviews in the order of being given: the one that an undo takes back."""
    stands: list[Review] = []
    for one in given:
        if one.decision is not ReviewDecision.UNDO:
            stands.append(one)
        elif stands:
            stands.pop()
    return stands[-1] if stands else None
