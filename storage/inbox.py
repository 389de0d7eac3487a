"""What somebody asks to see of all findings, and in which order it is shown."""

from dataclasses import dataclass
from datetime import date, datetime

from storage.consent import OUTSIDE, ConsentVerdict
from storage.records import Account, Answer, EventKind, FindingStatus, Labelling, MatchKind

STRENGTH_VERSION = "2"
STEP = 10**11  # between two strengths: more seconds than any date holds
_TOLD = (EventKind.LABEL_REMOVED, EventKind.MARK_REMOVED)


def strength(answer: Answer) -> int:
    """How far up a finding stands, 0 at the top: read from the top, the first line that fits holds. Evidence
    at level 3 and above is sure (design, section 2); what only a person can say stands below what the
    program says."""
    verdict, sure = answer.verdict, answer.verdict.level >= 3
    kinds = {match.kind for match in answer.matches if match.twin}
    waits = bool(kinds) and MatchKind.COPY not in kinds
    table = (
        (sure and not waits and verdict.consent is ConsentVerdict.WITHDRAWN, 0),
        (sure and any(event.kind in _TOLD for event in answer.events), 1),
        (sure and not waits and verdict.consent in OUTSIDE, 2),
        (sure and verdict.labelling is Labelling.UNLABELLED, 3),
        (sure and verdict.labelling is Labelling.UNLABELLED_WHERE_SEEN, 4),
        (waits, 5),
        (verdict.labelling in (Labelling.CANNOT_SAY, Labelling.WEAKLY_LABELLED), 6),
        (verdict.labelling is Labelling.LABELLED, 7),
    )
    return next((place for holds, place in table if holds), 8)


def place_of(answer: Answer, shown: datetime) -> int:
    """The order of the list: strength, and of equals the newest post first. A day before 1970, which nobody
    published anything on, is the first of it."""
    return strength(answer) * STEP + STEP - 1 - max(0, int(shown.timestamp()))


def shown_at(place: int) -> int:
    """When the post of a row was published, or first seen: seconds since 1970 began in UTC."""
    return STEP - 1 - place % STEP


@dataclass(frozen=True, slots=True)
class Sought:
    """None and "" ask for everything. `consent` is the verdict on one of the twins asked for (`twin`,
    `scope`), else on the picture. `since` and `until`: days of posting in UTC, both included. `picture`: of
    the same picture as this finding, which whoever asks must see herself; then each is a line of its own.
    `scope`: the twins that whoever asks may see; None: all findings, those without a twin too."""

    status: FindingStatus | None = None
    retailer: str = ""
    platform: str = ""
    twin: str = ""
    labelling: Labelling | None = None
    consent: ConsentVerdict | None = None
    rule: str = ""
    since: date | None = None
    until: date | None = None
    picture: int = 0
    scope: frozenset[str] | None = None

    @property
    def twins(self) -> frozenset[str] | None:
        """Those of which a picture has to show one; None: any, or none. A twin that is not hers to see is
        nobody's."""
        if not self.twin:
            return self.scope
        return frozenset({self.twin}) if self.scope is None else self.scope & {self.twin}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the next one begins behind it."""

    order: int
    finding_id: int


MOST_OTHERS = 20  # findings beside the strongest that a line names
Others = tuple[tuple[int, FindingStatus], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What the list says of a picture, by its strongest finding among those sought; `count` of them."""

    finding_id: int
    account: Account
    posted_at: datetime | None
    sha256: str
    labelling: Labelling
    consent: ConsentVerdict
    twins: tuple[tuple[str, ConsentVerdict], ...]
    reason: str  # the first of the answer
    status: FindingStatus
    gone_at: datetime | None
    unverified: bool
    reposted: bool
    settled: bool
    count: int
    others: Others = ()  # of these `count`, and how each stands; none where they are more than `MOST_OTHERS`


@dataclass(frozen=True, slots=True)
class Page:
    lines: tuple[Line, ...]
    after: Place | None  # None: there is no further page


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be asked for, as far as there is anything."""

    retailers: tuple[str, ...]
    platforms: tuple[str, ...]
    twins: tuple[str, ...]
    rules: tuple[str, ...]
