"""What of an answer is worth telling somebody about, and what of that is news."""

from collections.abc import Iterable
from datetime import datetime

from detector.extent import of_a_part
from storage.consent import OUTSIDE
from storage.records import Account, Answer, ConsentVerdict, EventKind, Labelling
from storage.uses import Settlement

UNTOLD = frozenset({Labelling.UNLABELLED, Labelling.UNLABELLED_WHERE_SEEN})
CONSENTS = OUTSIDE | {ConsentVerdict.WITHDRAWN}
SURE = 3  # origin level from which AI is not in doubt (design, section 2)


def alarms(answer: Answer) -> frozenset[str]:
    """Each by its name; none for an answer that alarms nobody. A twin without any registered licence does
    not, by itself: terms may just not be registered. Nor does a part that is AI in a picture that may well
    be a photograph."""
    verdict = answer.verdict
    labelling = verdict.labelling in UNTOLD and not of_a_part(answer.evidence)
    consents = {_named(one.twin, one.consent) for one in verdict.twins if one.consent in CONSENTS}
    if verdict.consent in CONSENTS:
        consents.add(_named(verdict.twin, verdict.consent))
    events = {event.kind.value for event in answer.events if event.kind in _events(answer)}
    return frozenset({verdict.labelling.value} if labelling else ()) | consents | events


def news(answer: Answer, before: Answer | None, quiet: frozenset[str] = frozenset()) -> bool:
    """Does it alarm in a way in which the answer before it did not? What changed beside that (a rule, a
    sentence, more of the same evidence) has been told once. `quiet`: alarms that a person has settled."""
    return bool(alarms(answer) - quiet - (alarms(before) if before else frozenset()))


def settled(
    answer: Answer, account: Account, posted_at: datetime | None, settlements: Iterable[Settlement]
) -> frozenset[str]:
    """The alarms of this use that a person has settled as licensed: of the same twin, by the same retailer,
    on the same platform and in the same country, with the same verdict. Whether people were told is never
    settled by that."""
    return frozenset(
        _named(one.twin, one.consent)
        for one in answer.verdict.twins
        for each in settlements
        if each.covers(
            one.twin,
            one.consent,
            retailer=account.retailer,
            platform=account.platform,
            country=account.country,
            posted_at=posted_at,
        )
    )


def _named(twin: str, consent: ConsentVerdict) -> str:
    return f"{twin}: {consent}"


def _events(answer: Answer) -> tuple[EventKind, ...]:
    """A mark that was removed of what is surely AI, like a label that was removed."""
    sure = answer.verdict.level >= SURE
    return (EventKind.LABEL_REMOVED, EventKind.MARK_REMOVED) if sure else (EventKind.LABEL_REMOVED,)
