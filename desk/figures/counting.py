"""Which pictures a figure counts, and what stood on each: the denominator before the numerator.

Non-circular: a picture is counted when it is known to be AI by something else than the surfaces that are
measured, on any of its copies. Whoever is known by a label of hers alone has a label for certain; to count
her would be to count labels among labels (docs/decisions/figures.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from detector.rule import Rule
from detector.rulebook import built_in
from detector.telling import Told, told
from storage.figures import THIS_POST, Sighting, readings_of
from storage.records import (
    MATCH,
    Declarer,
    Extent,
    FindingStatus,
    OriginEvidence,
    Reading,
    ReadingState,
    Surface,
)

DAY = 86_400  # seconds
EPOCH = date(1970, 1, 1)
SET_ASIDE = frozenset({FindingStatus.REJECTED, FindingStatus.DISPUTED})
READ = frozenset({ReadingState.PRESENT, ReadingState.ABSENT, ReadingState.NOT_OFFERED})
# A label that several declared is the publisher's, who answers for it; then the platform's.
DECLARERS = (Declarer.ACCOUNT, Declarer.PLATFORM, Declarer.PERSON, Declarer.UNKNOWN)
_WHOLE = (OriginEvidence("", "", "", Extent.WHOLE, 3),)


class Known(StrEnum):
    """By what a picture is known to be AI; those below the line are left out of every rate."""

    REGISTERED = "registered"  # a copy of an attested reference
    CREDENTIAL = "credential"  # what the bytes of it, or of a copy, carry
    WORDS = "words"  # the publisher's, on a surface that is not measured
    # ---
    OWN_LABEL = "own_label"  # by a label on the measured surfaces alone
    NOT_SURE = "not_sure"  # level 2: a person has not decided
    SET_ASIDE = "set_aside"  # rejected by a person, or disputed
    NOT_OFFERED = "not_offered"  # none of the measured surfaces exists there


COUNTED = frozenset({Known.REGISTERED, Known.CREDENTIAL, Known.WORDS})


class Outcome(StrEnum):
    LABELLED = "labelled"
    WEAKLY = "weakly"  # there is a label, and it tells too little
    WITHOUT = "without"  # as far as was read


@dataclass(frozen=True, slots=True)
class Look:
    """What one showing of a picture told. `read`: every surface that counts was read, and where there is no
    label none of them is `unclear`, a label or not. `by`: who declared the label."""

    outcome: Outcome
    read: bool
    unclear: bool = False
    offered: bool = True
    by: Declarer | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """All that a figure asks of a picture: what it is known by, and what its first showing told. One object
    for all pictures of which the same holds, so that they are counted by it."""

    known: Known
    look: Look
    late: bool


@dataclass(frozen=True, slots=True)
class Showing:
    """A picture that is counted, or left out, where it stood first: on the account `owner`, on a day (since
    1970 began, in UTC)."""

    kind: Kind
    owner: str
    day: int


def measured_rule(surfaces: Iterable[Surface] = (), default: Rule | None = None) -> Rule:
    """The default rule, or one in which these surfaces count and no others."""
    rule = default or built_in().default
    chosen = frozenset(surfaces)
    return replace(rule, informs=chosen, weak=frozenset()) if chosen else rule


def grounds_by_picture(sightings: Iterable[Sighting]) -> Mapping[str, frozenset[str]]:
    """What makes it sure of each group of copies, on whichever of them it was found: a copy does not say
    again what the picture itself says (detector/travelled.adds), so one alone would be asked in vain."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in sightings:
        if one.status not in SET_ASIDE:
            found[one.picture].add(one.grounds)
    return {picture: frozenset(" ".join(said).split()) for picture, said in found.items()}


def known_by(grounds: frozenset[str], rule: Rule) -> Known:
    """The table, from the top. A reference that was registered because of the very post stands on what the
    post says; then no match of that picture counts."""
    left = grounds - {surface.value for surface in rule.informs | rule.weak} - {THIS_POST}
    if THIS_POST in grounds:
        left -= {MATCH}
    words = left & set(Surface)
    table = (
        (MATCH in left, Known.REGISTERED),
        (bool(left - words), Known.CREDENTIAL),
        (bool(words), Known.WORDS),
        (bool(grounds), Known.OWN_LABEL),
    )
    return next((known for holds, known in table if holds), Known.NOT_SURE)


def look_of(readings: tuple[Reading, ...], rule: Rule, *, whole: bool) -> Look:
    """Under this rule, as the verdict would have it (detector/telling)."""
    does = told(readings, rule, _WHOLE if whole else ())
    states: dict[Surface, set[ReadingState]] = defaultdict(set)
    for reading in readings:
        states[reading.surface].add(reading.state)
    counting = [states.get(surface, {ReadingState.UNREADABLE}) for surface in sorted(rule.informs)]
    declared = [one.declared_by for one, tells in zip(readings, does, strict=True) if tells is Told.INFORMS]
    weakly = Outcome.WEAKLY if Told.WEAKLY in does else Outcome.WITHOUT
    # One icon may be a label to the reader of marks and unclear to the reader of text: it is a label then.
    settled = READ | {ReadingState.AMBIGUOUS} if declared else READ
    return Look(
        outcome=Outcome.LABELLED if declared else weakly,
        read=all(one <= settled for one in counting),
        unclear=any(ReadingState.AMBIGUOUS in one for one in counting),
        offered=any(one != {ReadingState.NOT_OFFERED} for one in counting),
        by=min(declared, key=DECLARERS.index) if declared else None,
    )


class Counting:
    """What is known of each picture, by all sightings there are, under one rule."""

    def __init__(self, sightings: Iterable[Sighting], rule: Rule) -> None:
        self._rule = rule
        self._kinds: dict[tuple[Known, str, bool, bool], Kind] = {}
        grounds = grounds_by_picture(sightings)
        by_grounds = {one: known_by(one, rule) for one in set(grounds.values())}
        self._known = {picture: by_grounds[one] for picture, one in grounds.items()}

    def showings(self, sightings: Iterable[Sighting]) -> Iterator[Showing]:
        """Each picture once, where it stood first among these (in the order of posting): what people saw
        first; later copies add nothing. A sighting that was set aside is no showing."""
        seen: set[str] = set()
        aside: dict[str, Sighting] = {}
        for one in sightings:
            picture = one.picture
            if picture in seen:
                continue
            if one.status in SET_ASIDE:
                aside.setdefault(picture, one)
            else:
                seen.add(picture)
                yield self._showing(one, self._known[picture])
        for picture, one in aside.items():
            if picture not in seen:
                yield self._showing(one, Known.SET_ASIDE)

    def _showing(self, one: Sighting, known: Known) -> Showing:
        key = known, one.told, one.whole, one.late
        kind = self._kinds.get(key) or self._kinds.setdefault(key, self._kind(*key))
        return Showing(kind, one.account.name, one.at // DAY)

    def _kind(self, known: Known, told: str, whole: bool, late: bool) -> Kind:  # noqa: FBT001 - a key
        look = look_of(readings_of(told), self._rule, whole=whole)
        return Kind(Known.NOT_OFFERED if known in COUNTED and not look.offered else known, look, late)


class Step(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"


@cache
def date_of(day: int) -> date:
    """A day since 1970 began."""
    return EPOCH + timedelta(days=day)


@cache
def period_of(day: int, step: Step) -> str:
    """ "2026-10", "2026-Q4"."""
    on = date_of(day)
    return f"{on:%Y-%m}" if step is Step.MONTH else f"{on:%Y}-Q{(on.month + 2) // 3}"
