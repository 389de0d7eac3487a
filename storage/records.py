"""The vocabulary: frozen records that travel between the four parts. Database rows never leave `storage`.

Times are aware, in UTC. A SHA-256 is 64 lower-case hex digits over the raw bytes. Boxes are shares.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as factory
from datetime import date, datetime
from enum import StrEnum

from storage.boxes import Box as Box
from storage.boxes import Placed as Placed
from storage.changes import Change, ChangeKind
from storage.consent import Consent as Consent
from storage.consent import ConsentVerdict as ConsentVerdict
from storage.handed import Handed as Handed
from storage.passage import Via
from storage.uses import Repost, Settlement
from storage.verification import UNKNOWN, Standing

# --- what went wrong -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Failure:
    """A recorded error. `kind` is a stable name in snake_case, `where` an account, post, path or key."""

    kind: str
    message: str
    where: str = ""


PARTLY_SEEN = frozenset({"video_cut", "damaged"})  # failures after which a part was looked at all the same


# --- what is watched -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Account:
    """A retailer's public account on one platform, as the watchlist names it."""

    platform: str
    handle: str
    retailer: str = ""
    country: str | None = None  # ISO 3166-1 alpha-2
    service: str = ""  # the account's own server, where the user names it
    tags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`platform:handle`, as `--account` and every error's `where` write it."""
        return f"{self.platform}:{self.handle}"


class Saved(StrEnum):
    """What saving a post version did."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"


# --- what was published --------------------------------------------------------------------------------


class ReadingState(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    AMBIGUOUS = "ambiguous"
    UNREADABLE = "unreadable"
    NOT_OFFERED = "not_offered"


class Declarer(StrEnum):
    """Who put a label there. Merely distributing is not deploying, so it matters."""

    ACCOUNT = "account"
    PLATFORM = "platform"
    PERSON = "person"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PlatformTag:
    """A platform's own AI label as its endpoint showed it: the source, the field and the raw value."""

    state: ReadingState
    source: str = ""  # the endpoint, e.g. "com.atproto.repo.listRecords"
    field: str = ""  # e.g. "value.labels.values[].val"
    raw: str = ""
    declared_by: Declarer = Declarer.UNKNOWN
    reason: str = ""  # why it is unreadable, e.g. "not exposed"


class MediaKind(StrEnum):
    PICTURE = "picture"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class MediaItem:
    """One picture or video of a post version: what the platform says, then what the pipelines found."""

    position: int  # 0-based, in the post's own order
    kind: MediaKind
    url: str  # where the original bytes are
    native_id: str = ""  # the platform's own id of the *content* (a CID): same id, same bytes
    alt: str | None = None  # None: this source has no alt texts; "": it has, and this one is empty
    claimed_type: str = ""  # media type as the platform names it
    sha256: str = ""  # "" until the bytes are kept
    format: str = ""  # by magic bytes: "jpeg", "png", "mp4" …
    size: int = 0  # bytes
    failure: Failure | None = None  # why there are no bytes


TEXT_NOT_GIVEN = (
    "text_not_given"  # a problem of a post: what was captured has no text, which is not an empty one
)


@dataclass(frozen=True, slots=True)
class PostVersion:
    """A post as it stood when we looked. A change of caption, label or media makes a new version."""

    platform: str
    handle: str
    post_id: str  # the platform's own id or URI
    url: str
    posted_at: datetime | None  # None: not said, or not believable (see `problems`)
    text: str
    platform_tag: PlatformTag
    media: tuple[MediaItem, ...]
    hashtags: tuple[str, ...] = ()  # those the platform keeps outside the text, without "#"
    content_warning: str | None = None  # None: the platform has none; "": it has, and this post carries none
    revision: str = ""  # the platform's own version mark (a CID, an edit time)
    seen_at: datetime | None = None  # when we first saw this version; the crawl sets it
    raw_sha256: str = ""  # the raw response it was read from, kept in media
    problems: tuple[Failure, ...] = ()  # what was odd about it: a date in the future, a cut caption …


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A post version as the store gives it back: numbered from 1, with what the post is known to be."""

    version_id: int
    number: int
    account: Account
    post: PostVersion
    first_seen: datetime  # of the post, not of this version
    gone_at: datetime | None  # a tombstone: the platform said that the post is no longer there


# --- what is registered --------------------------------------------------------------------------------


class ReferenceKind(StrEnum):
    DIGITAL_TWIN = "digital_twin"  # of a real model
    SYNTHETIC_MODEL = "synthetic_model"  # stands for nobody
    HUMAN_ORIGINAL = "human_original"  # the real model, registered as *not* AI


@dataclass(frozen=True, slots=True)
class Twin:
    name: str
    kind: ReferenceKind
    model: str = ""
    agency: str = ""
    note: str = ""
    added_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_because: str = ""
    erased_at: datetime | None = None  # a tombstone: its name is a number now


@dataclass(frozen=True, slots=True)
class ReferenceImage:
    """A registered picture: on what basis it is called AI (or not), and who attests it."""

    twin: str
    sha256: str
    kind: ReferenceKind
    basis: str
    attested_by: str = ""  # "": nobody, so a match gives level 2 at most
    mark_box: Box | None = None
    mark_placed: Placed = Placed.UNKNOWN
    source: str = ""  # file name or URL it came from
    added_at: datetime | None = None
    disputed: bool = False
    withdrawn_at: datetime | None = None  # no longer in the bank
    handed: Handed = Handed.PICTURE
    document: str = ""  # what the basis rests on: a file's name or a URL
    document_sha256: str = ""  # of the file; itself it is not kept
    note: str = ""


# --- what the detector finds ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A perceptual hash, or a packed set of region hashes or of local features. `bits` is big-endian;
    `quality` 0 to 100, None where the hash has none; `at` the second of a video's or an animation's frame."""

    algorithm: str
    bits: bytes
    quality: int | None = None
    at: float | None = None

    @property
    def hex(self) -> str:
        return self.bits.hex()


class MatchKind(StrEnum):
    COPY = "copy"  # the program may say it
    LIKELY_COPY = "likely_copy"  # a person decides
    FINGERPRINT_ONLY = "fingerprint_only"
    SAME_SCENE_OR_GARMENT = "same_scene_or_garment"


class PairDecision(StrEnum):
    """What a person says about one picture beside one registered picture."""

    CONFIRMED = "confirmed"  # it is the same picture
    REJECTED = "rejected"  # it is not: never again for these two
    UNDO = "undo"  # the last decision not undone no longer holds


@dataclass(frozen=True, slots=True)
class PairReview:
    """A person's decision about a pair, append-only: it stays with the two pictures."""

    picture: str  # SHA-256
    reference: str  # SHA-256
    decision: PairDecision
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Negative:
    """A picture that must never match: a logo, a backdrop, a size chart."""

    name: str
    sha256: str
    added_by: str = ""
    note: str = ""
    added_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quarantine:
    """A registered picture that suddenly matched many unrelated ones: not believed until lifted."""

    reference: str  # SHA-256
    reason: str
    at: datetime
    lifted_by: str = ""
    lifted_at: datetime | None = None
    note: str = ""  # why it was lifted


MUTUAL = 0.6  # two collages that share one half are measured to share up to .53


@dataclass(frozen=True, slots=True)
class Match:
    """A picture beside a registered one (`twin` set) or beside an earlier collected one (`twin` empty).

    The last fields are what comparing the aligned pixels gave; None where the two could not be aligned."""

    reference: str  # SHA-256 of the other picture
    kind: MatchKind
    algorithm: str
    distance: float  # bits; 1 - agreement where `algorithm` is "aligned"
    threshold: float  # likewise
    twin: str = ""
    reference_kind: ReferenceKind | None = None
    region: Box | None = None  # where in the picture; None: not located
    transform: str = ""  # in words: "mirrored", "turned by 90°"
    overlap: float | None = None  # share of the reference that is seen
    inliers: int | None = None  # features that agree on one geometry
    agreement: float | None = None  # 0 to 1: how far the aligned pixels are the same
    residual: float | None = None  # px at the verified size: how exactly the geometry fits
    span: tuple[float, float] | None = None  # first and last second in a video that shows it
    reason: str = ""  # why it is not a surer kind
    decided: PairDecision | None = None  # by a person, about these two pictures
    changes: tuple[Change, ...] = ()  # what was done to the reference
    spans: tuple[
        tuple[float, float], ...
    ] = ()  # the same, stretch by stretch, where something else lies between

    @property
    def mutual(self) -> bool:
        """Well over half of either picture is the other one, and no part of it was replaced. Two unlike
        pictures cannot both be so much of a third: a collage joins nobody."""
        if any(change.kind is ChangeKind.ALTERED for change in self.changes):
            return False
        shown = self.region.w * self.region.h if self.region else 1.0
        return min(shown, 1.0 if self.overlap is None else self.overlap) > MUTUAL


MATCH = "match"  # the reader of evidence that is a registered picture


class Extent(StrEnum):
    WHOLE = "whole"
    PART = "part"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OriginEvidence:
    """One thing that says AI. Level 4: the publisher's own words · 3: a trusted credential or a copy of an
    attested reference · 2: unsigned or unknown signer, likely copy · 0: no claim, or one to be ignored.
    `via`: it was found on a copy of the picture, not on itself."""

    reader: str
    signal: str
    detail: str
    extent: Extent
    level: int
    via: Via | None = None

    @property
    def of_the_figure(self) -> bool:
        """Whoever is shown is AI by it: a registered figure is seen, in however small a part of the picture,
        or all of the picture is AI."""
        return self.reader == MATCH or self.extent is Extent.WHOLE


@dataclass(frozen=True, slots=True)
class Examination:
    """What one decode of a file gave: all that the stages found, and the version of each stage that ran."""

    sha256: str
    format: str  # "" when the magic bytes say nothing we know
    width: int  # px as shown (after the EXIF turn); 0 when it was not decoded
    height: int
    fingerprints: tuple[Fingerprint, ...]
    evidence: tuple[OriginEvidence, ...]
    too_little: bool  # decoded, but too flat to be recognised: not the same as "no match"
    stages: Mapping[str, str]  # "fingerprint:pdq" → "1", "origin:c2pa" → "1" …
    failure: Failure | None = None  # why it could not be looked at (whole or in part)
    may_bear_text: bool | None = None  # small text near an edge, by a cheap detector; None: not looked for


class Surface(StrEnum):
    PLATFORM_TAG = "platform_tag"
    CAPTION = "caption"
    HASHTAGS = "hashtags"
    ALT_TEXT = "alt_text"
    CONTENT_WARNING = "content_warning"
    IMAGE_TEXT = "image_text"
    IMAGE_MARK = "image_mark"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one disclosure surface says. `reason` tells why it is unreadable or ambiguous."""

    surface: Surface
    state: ReadingState
    quote: str = ""
    field: str = ""
    box: Box | None = None
    declared_by: Declarer = Declarer.UNKNOWN
    prominence: Mapping[str, str | int | float] = factory(default_factory=dict)
    reason: str = ""
    reader: str = ""  # reader and version, "caption/1"


# --- the judgement -------------------------------------------------------------------------------------


class Labelling(StrEnum):
    NO_AI_EVIDENCE = "no_ai_evidence"
    LABELLED = "labelled"
    WEAKLY_LABELLED = "weakly_labelled"
    UNLABELLED = "unlabelled"
    UNLABELLED_WHERE_SEEN = "unlabelled_where_seen"
    CANNOT_SAY = "cannot_say"


class EventKind(StrEnum):
    MARK_REMOVED = "mark_removed"
    MARK_CROPPED_AWAY = "mark_cropped_away"
    ALTERED = "altered"
    LABEL_ADDED_LATE = "label_added_late"
    LABEL_REMOVED = "label_removed"


@dataclass(frozen=True, slots=True)
class Event:
    kind: EventKind
    at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What one dated rule makes of the same readings; of the twin's licences, where its duty is consent."""

    id: str
    verdict: Labelling | ConsentVerdict
    sentence: str = ""
    source: str = ""
    title: str = ""
    confidence: str = ""  # in the rule itself: "high", "medium", "low"
    quote: str = ""  # the source's own words, in its own language; "" where nobody verified them
    quote_from: str = ""  # where in the source they stand
    quote_language: str = ""  # ISO 639-1
    read: str = ""  # the day on which somebody read the source, YYYY-MM-DD; "" of a licence


@dataclass(frozen=True, slots=True)
class TwinVerdict:
    twin: str
    consent: ConsentVerdict
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The two axes joined for one media item: what `verdict.py` answers."""

    level: int
    labelling: Labelling
    consent: ConsentVerdict
    twin: str  # the twin with the worst consent; "" where none is matched
    twins: tuple[TwinVerdict, ...]
    rules: tuple[RuleVerdict, ...]
    reasons: tuple[str, ...]


class FindingStatus(StrEnum):
    NEW = "new"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    LOOK_AGAIN = "look_again"
    SETTLED = "settled"
    DISPUTED = "disputed"
    PROPOSED = "proposed"  # confirmed by one person, where two are asked for


class ReviewDecision(StrEnum):
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    LOOK_AGAIN = "look_again"
    SETTLED = "settled"
    UNDO = "undo"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Review:
    finding_id: int
    decision: ReviewDecision
    by: str
    at: datetime
    note: str = ""
    until: date | None = None  # settled: the last day of posting for which it holds; None: no end was named


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found out about one media item, whole: what a finding keeps, one row each time it changes."""

    verdict: Verdict
    matches: tuple[Match, ...]
    evidence: tuple[OriginEvidence, ...]
    readings: tuple[Reading, ...]
    events: tuple[Event, ...]
    versions: Mapping[str, str]  # stage → version


@dataclass(frozen=True, slots=True)
class Finding:
    """A judged media item. `id` stays while answers change; 0 for an item that has no finding (`--all`)."""

    id: int
    account: Account
    post_id: str
    post_url: str
    position: int
    sha256: str
    answer: Answer
    posted_at: datetime | None
    first_seen: datetime
    judged_at: datetime
    status: FindingStatus
    gone_at: datetime | None = None
    failure: Failure | None = None
    # Of now, not of the judging:
    standing: Standing = UNKNOWN  # whether the account is the retailer's
    reposts: tuple[Repost, ...] = ()  # of a picture that a licensee published first, one a twin
    settled: tuple[Settlement, ...] = ()  # its use was settled before, with another finding

    @property
    def caveats(self) -> tuple[str, ...]:
        """What is to be said beside a verdict, and never changes it."""
        known = (*(one.sentence for one in self.reposts), *(one.sentence for one in self.settled))
        return tuple(filter(None, (self.standing.caveat, *known)))
