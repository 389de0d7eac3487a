"""What the API answers, as documented: the contract of commands (`desk/contract.py`), field by field. Fields
may be added, so whoever reads must let pass what she does not know. The answers are made by the contract
itself; that they are as it says here is tested."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from storage.consent import ConsentVerdict
from storage.people import Role
from storage.records import (
    Declarer,
    EventKind,
    Extent,
    FindingStatus,
    Labelling,
    MatchKind,
    PairDecision,
    ReadingState,
    ReferenceKind,
    Surface,
)

Box = Annotated[
    list[float], Field(min_length=4, max_length=4, description="x, y, w, h as shares of the picture")
]
Sha = Annotated[str, Field(pattern="^([0-9a-f]{64})?$", description='SHA-256; "" where there are no bytes')]


class Shape(BaseModel):
    model_config = ConfigDict(extra="allow")


class Error(Shape):
    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"examples": [{"kind": "not_found", "message": "there is nothing", "where": ""}]},
    )
    kind: str
    message: str
    where: str


class ChangeShape(Shape):
    kind: str
    region: Box | None
    reference_region: Box | None
    share: float | None
    reason: str


class MatchShape(Shape):
    twin: str | None
    reference: str
    kind: MatchKind
    algorithm: str
    distance: float
    threshold: float
    region: Box | None
    transform: str
    overlap: float | None
    inliers: int | None
    reference_kind: ReferenceKind | None
    agreement: float | None
    residual: float | None
    span: list[float] | None
    spans: list[list[float]]
    reason: str
    decided: PairDecision | None
    changes: list[ChangeShape]


class EvidenceShape(Shape):
    reader: str
    signal: str
    level: int
    extent: Extent
    detail: str
    via: dict[str, Any] | None = Field(description="The copy it was found on; null: on this picture itself.")


class OriginShape(Shape):
    level: Annotated[int, Field(ge=0, le=4)]
    evidence: list[EvidenceShape]


class ReadingShape(Shape):
    state: ReadingState
    quote: str
    declared_by: Declarer
    prominence: dict[str, Any]
    reason: str
    field: str
    box: Box | None
    reader: str


class RuleShape(Shape):
    id: str
    verdict: Labelling
    sentence: str
    source: str
    title: str
    confidence: str
    quote: str
    quote_from: str
    quote_language: str
    read: str


class TwinVerdictShape(Shape):
    twin: str
    consent: ConsentVerdict
    reasons: list[str]


class EventShape(Shape):
    kind: EventKind
    at: datetime | None
    detail: str


class AnswerShape(Shape):
    labelling: Labelling
    consent: ConsentVerdict
    events: list[EventShape]
    twin: str | None
    twins: list[TwinVerdictShape]
    matches: list[MatchShape]
    origin: OriginShape
    disclosure: dict[Surface, ReadingShape]
    rules: list[RuleShape]
    reasons: list[str]


class RepostShape(Shape):
    twin: str
    licensee: str
    platform: str
    account: str
    post_url: str
    at: datetime


class SettlementShape(Shape):
    finding: int
    twin: str
    consent: ConsentVerdict
    by: str
    at: datetime
    until: date | None
    note: str


class FindingShape(AnswerShape):
    """A media item for which there is evidence that it is AI."""

    id: int
    platform: str
    retailer: str
    account: str
    country: str | None
    post_id: str
    post_url: str
    position: int
    sha256: Sha
    posted_at: datetime | None
    first_seen: datetime
    status: FindingStatus
    versions: dict[str, str]
    judged_at: datetime
    gone_at: datetime | None
    error: Error | None
    account_verified: bool
    caveats: list[str]
    reposts: list[RepostShape]
    settled: list[SettlementShape]


class MediaShape(Shape):
    position: int
    url: str
    alt: str | None
    sha256: str | None


class TagShape(Shape):
    state: str
    raw: str


class VersionShape(Shape):
    number: int
    seen_at: datetime | None
    revision: str
    text: str
    hashtags: list[str]
    content_warning: str | None
    platform_tag: TagShape
    media: list[MediaShape]
    raw_sha256: str | None


class CaptureShape(Shape):
    version: int
    url_asked: str
    url_final: str
    at: datetime
    status: int
    sha256: str
    size: int
    spider: str


class HistoryShape(AnswerShape):
    at: datetime


class ReviewShape(Shape):
    """`until`: the last day of posting that it settles, where one was named."""

    decision: str
    by: str
    at: datetime
    note: str
    until: date | None


class PersonReadingShape(Shape):
    surface: Surface
    state: ReadingState | None
    quote: str
    by: str
    at: datetime
    note: str
    screenshot: str | None
    without_proof: bool


class ReferenceShape(Shape):
    """A registered picture. No fingerprint of it ever leaves the desk."""

    sha256: Sha
    kind: ReferenceKind
    basis: str
    attested_by: str | None
    mark_box: Box | None
    mark_placed: str | None
    added_at: datetime | None
    disputed: bool
    withdrawn_at: datetime | None
    handed: str
    source: str | None = Field(description="The file's name; null for whom names are not.")
    document: str | None
    document_sha256: str | None
    note: str | None


class ShowingShape(Shape):
    platform: str
    account: str
    retailer: str
    post_id: str
    post_url: str
    position: int
    first_seen: datetime


class RemovedShape(Shape):
    """Bytes that are gone on purpose."""

    sha256: str
    at: datetime
    why: str
    size: int


class ContestShape(Shape):
    """Somebody disputes what a picture is registered as; `reference` null: all of the twin's."""

    twin: str
    reference: str | None
    by: str
    at: datetime
    reason: str
    undone: bool


class MomentShape(Shape):
    """Posted, seen, changed, judged, reviewed, contested, gone."""

    at: datetime
    what: str
    detail: str


class WholeFinding(FindingShape):
    """A finding with all that is known of it. `left_out`: how many of each list are not told, the oldest."""

    post_versions: list[VersionShape]
    captures: list[CaptureShape]
    history: list[HistoryShape]
    reviews: list[ReviewShape]
    references: list[ReferenceShape]
    elsewhere: list[ShowingShape]
    person_readings: list[PersonReadingShape]
    removed: list[RemovedShape]
    contests: list[ContestShape]
    timeline: list[MomentShape]
    licences: list["LicenceShape"] = Field(description="Of the twins in it.")
    models: dict[str, str] = Field(description="Twin → model; {} for whom names are not.")
    left_out: dict[str, int]


class TaughtShape(Shape):
    picture: str
    reference: str
    twin: str | None
    decision: PairDecision


class Reviewed(FindingShape):
    """The finding after the review, and what the review taught about pairs of pictures."""

    taught: list[TaughtShape]


class Read(FindingShape):
    """The finding as it was judged with the reading. `judged` false: the picture is no longer in the post."""

    person_readings: list[PersonReadingShape]
    judged: bool


Next = Annotated[str | None, Field(description="The cursor of the next page; null: there is none.")]


class Findings(Shape):
    findings: list[FindingShape]
    next: Next


class Counts(Shape):
    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"counts": {"new": 12}}]})
    counts: dict[FindingStatus, int]


class CorrectionShape(Shape):
    """What of a twin was typed wrong when it was registered, and what it is: `agency`, `model`, `kind`,
    `basis`, `attested_by`; only what changed. Null: not for this role."""

    at: datetime
    by: str | None
    reason: str | None
    before: dict[str, str | None]
    after: dict[str, str | None]


class TwinShape(Shape):
    twin: str
    kind: ReferenceKind
    model: str | None = Field(description="null: none is named, or names are not for this role.")
    agency: str | None
    note: str | None
    added_at: datetime | None
    withdrawn_at: datetime | None
    corrections: list[CorrectionShape]


class Twins(Shape):
    twins: list[TwinShape]
    next: Next


class References(Shape):
    references: list[ReferenceShape]
    next: Next


class EndingShape(Shape):
    last_day: date | None
    at: datetime
    by: str
    reason: str


class LicenceShape(Shape):
    """`until` as agreed, `last_day` on which it holds. Null for whom names are not: pay_note, document."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)
    id: int
    twin: str
    licensee: str
    channels: list[str]
    territories: list[str]
    begins: date | None = Field(alias="from")
    until: date | None
    last_day: date | None
    label: list[str]
    exclusive: bool
    purposes: str
    pay_note: str | None
    document: str | None
    document_sha256: str | None
    clause: str
    supersedes: int | None
    added_by: str
    added_at: datetime | None
    ended: EndingShape | None


class Licences(Shape):
    licences: list[LicenceShape]
    next: Next


class AccountShape(Shape):
    account: str
    platform: str
    handle: str
    retailer: str
    country: str | None
    group: str | None
    tags: list[str]
    watched: bool
    state: str
    last_success: datetime | None
    next_look: datetime | None
    newest_post: datetime | None
    posts: int
    gone: int
    posts_a_week: float
    failed_runs: int
    runs: int
    label_read: int
    label_unread: int
    error: Error | None
    verified: bool
    standing: str
    old: bool


class Accounts(Shape):
    accounts: list[AccountShape]
    next: Next


class RunShape(Shape):
    """`summary` is the last line of `twinwatch nightly --json`; {} where there is none."""

    run: str
    started: datetime
    ended: datetime | None
    summary: dict[str, Any]


class Runs(Shape):
    runs: list[RunShape]
    next: Next


class EntryShape(Shape):
    """A line of the record. `digest` covers the line and the digest of the one `before`."""

    id: int
    at: datetime
    who: str
    what: str
    about: str
    detail: dict[str, Any]
    before: str
    digest: str


class Record(Shape):
    lines: list[EntryShape]
    next: Next


class CheckedShape(Shape):
    """The line of `twinwatch check`. What was not given could not be looked at. Of a text alone `path` is "",
    and `labelling` null."""

    path: str
    sha256: str | None
    format: str | None
    width: int | None
    height: int | None
    origin: OriginShape
    matches: list[MatchShape]
    too_little: bool
    disclosure: dict[Surface, ReadingShape]
    labelling: Labelling | None
    consent: ConsentVerdict | None
    twin: str | None
    reasons: list[str]
    rules: list[RuleShape]
    error: Error | None
    why_no_match: list[str]


class Me(Shape):
    """Whoever the token was made for, and what it may."""

    user: str
    role: Role
    whose: str | None
    token: str
    scopes: list[str]
    expires_at: datetime
