"""A finding as a card: what the HTML and the PDF export draw of it, in the same words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from types import TracebackType
from typing import Self

from desk.dossier import Dossier
from desk.other_copies import other_copies
from desk.output import cut
from desk.pictured import Pictured
from desk.printed import contest_words
from desk.thumbnails import Thumbnail, Thumbnails
from detector.match_words import (
    NEVER_HANDED,
    found_words,
    kind_words,
    measured,
    parts_shown,
    said_of,
    span_words,
)
from storage.crawled import Capture
from storage.errors import StoreError
from storage.handed import Handed
from storage.media import MediaFolder
from storage.records import (
    Box,
    Finding,
    Labelling,
    Match,
    MatchKind,
    MediaItem,
    MediaKind,
    Reading,
    ReadingState,
    ReferenceImage,
    StoredVersion,
)
from storage.store import Showing

CAPTION_SHOWN = 2_000  # characters
CAPTURES_SHOWN = 60
ELSEWHERE_SHOWN = 12
REFERENCES_SHOWN = 3
COPIES_SHOWN = 3

TITLES = {
    Labelling.UNLABELLED: "Unlabelled",
    Labelling.UNLABELLED_WHERE_SEEN: "Unlabelled where seen",
    Labelling.CANNOT_SAY: "Cannot say",
    Labelling.WEAKLY_LABELLED: "Weakly labelled",
    Labelling.LABELLED: "Labelled",
    Labelling.NO_AI_EVIDENCE: "No AI evidence",
}
ORDER = tuple(TITLES)
LEFT_OUT = "pictures were left out of this file"
NOTHING = (Box(0, 0, 0, 0),)  # all of it is blurred


def seen_parts(matches: Sequence[Match]) -> tuple[Box, ...]:
    """What of a published picture is shown sharply to people who do not decide about it; (): all of it, since
    all of it is the twin's, or nobody knows where in it she is."""
    certain = [one for one in matches if one.twin and one.kind is not MatchKind.SAME_SCENE_OR_GARMENT]
    return parts_shown(certain) if certain else NOTHING


class Pictures:
    """Those of a file, made one by one in a worker that is started with the first. A context manager."""

    def __init__(self, media: MediaFolder | None, wanted: Pictured) -> None:
        self._media, self._wanted = media, wanted
        self._thumbnails: Thumbnails | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thumbnails is not None:
            self._thumbnails.__exit__(kind, error, trace)

    def of(self, sha256: str, why: str = "", at: float | None = None, seen: Sequence[Box] = ()) -> Thumbnail:
        """`why`: what to say where there are no bytes. `seen`: what stays sharp where the rest is blurred;
        (): all."""
        if self._wanted is Pictured.NONE:
            return Thumbnail(why=LEFT_OUT)
        if not sha256 or self._media is None:
            return Thumbnail(why=why or "there are no bytes")
        if self._thumbnails is None:
            self._thumbnails = Thumbnails().__enter__()
        try:
            only = seen if self._wanted is Pictured.BLURRED else ()
            return self._thumbnails.of(self._media.path(sha256), at, only)
        except StoreError as error:
            return Thumbnail(why=str(error))


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture on the page, the boxes to draw on it, and the words under it: a title and some lines."""

    thumbnail: Thumbnail
    title: str
    lines: tuple[str, ...]
    sha256: str
    regions: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the timeline. `quoted`: the detail is what somebody wrote, not a sentence of ours."""

    at: datetime
    what: str
    detail: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A finding as a template draws it."""

    whole: Dossier
    title: str
    pictures: tuple[Shown, ...]  # the published one first, then registered ones
    caption: str
    alt: str | None
    readings: tuple[Reading, ...]
    unseen: tuple[tuple[str, str], ...]
    timeline: tuple[Moment, ...]
    captures: tuple[tuple[int, Capture], ...]
    more_captures: int
    elsewhere: tuple[Showing, ...]
    more_elsewhere: int


def card(whole: Dossier, pictures: Pictures) -> Card:
    """`pictures` makes those that are wanted."""
    finding = whole.finding
    shown = _shown_version(whole)
    item = (
        next((one for one in shown.post.media if one.position == finding.position), None) if shown else None
    )
    found = _found(whole, item, pictures)
    return Card(
        whole=whole,
        title=TITLES[finding.answer.verdict.labelling],
        pictures=(found, *_copies(finding, pictures), *_registered(whole, pictures)),
        caption=cut(shown.post.text, CAPTION_SHOWN) if shown else "",
        alt=item.alt if item else None,
        readings=finding.answer.readings,
        unseen=tuple(_unseen(whole)),
        timeline=tuple(sorted(timeline(whole), key=lambda moment: moment.at)),
        captures=whole.captures[:CAPTURES_SHOWN],
        more_captures=max(0, len(whole.captures) - CAPTURES_SHOWN),
        elsewhere=whole.elsewhere[:ELSEWHERE_SHOWN],
        more_elsewhere=max(0, len(whole.elsewhere) - ELSEWHERE_SHOWN),
    )


def _found(whole: Dossier, item: MediaItem | None, pictures: Pictures) -> Shown:
    """The published picture; of a video the first frame that shows a twin."""
    finding = whole.finding
    spans = [match.span for match in finding.answer.matches if match.twin and match.span]
    film = item is not None and item.kind is MediaKind.VIDEO
    at = spans[0][0] if spans else 0.0 if film else None
    why = finding.failure.message if finding.failure else ""
    gone = next((one for one in whole.removed if one.sha256 == finding.sha256), None)
    if gone is not None:
        picture = Thumbnail(why=f"its bytes went on {gone.at:%Y-%m-%d} ({gone.why})")
    else:
        picture = pictures.of(finding.sha256, why, at, seen_parts(finding.answer.matches))
    title = f"published, {'video' if film else 'picture'} {finding.position + 1}"
    moment = f"its frame at {span_words((at, at))}" if at is not None and picture.uri else ""
    return Shown(
        picture, title, tuple(filter(None, [moment])), finding.sha256, parts_shown(finding.answer.matches)
    )


def _copies(finding: Finding, pictures: Pictures) -> Iterator[Shown]:
    """The copies that evidence came from: where in them the twin is was not looked for."""
    for copy in islice(other_copies(finding.answer), COPIES_SHOWN):
        sha256 = copy.via.there.sha256
        yield Shown(pictures.of(sha256, seen=NOTHING), copy.title, tuple(copy.lines()), sha256)


def _registered(whole: Dossier, pictures: Pictures) -> Iterator[Shown]:
    references = {reference.sha256: reference for reference in whole.references}
    twins = [match for match in whole.finding.answer.matches if match.twin]
    for match in twins[:REFERENCES_SHOWN]:
        reference = references.get(match.reference)
        lines = tuple(_reference_lines(match, reference))
        picture = pictures.of(match.reference)
        if not picture.uri and reference and reference.handed is Handed.FINGERPRINTS:
            picture = Thumbnail(why=NEVER_HANDED)
        yield Shown(picture, f"registered as {match.twin}", lines, match.reference)


def _shown_version(whole: Dossier) -> StoredVersion | None:
    return whole.versions[-1] if whole.versions else None


def _reference_lines(match: Match, reference: ReferenceImage | None) -> Iterator[str]:
    yield " · ".join((kind_words(match), *said_of(match)))
    if measures := " · ".join((*measured(match), *found_words(match))):
        yield measures
    if reference is not None:
        attested = f"attested by {reference.attested_by}" if reference.attested_by else "attested by nobody"
        yield f"on the basis of: {reference.basis} · {attested}"


def _unseen(whole: Dossier) -> Iterator[tuple[str, str]]:
    for reading in whole.finding.answer.readings:
        if reading.state is ReadingState.UNREADABLE:
            yield reading.surface.value, reading.reason or "no reason given"
    if whole.finding.failure is not None:
        yield "picture", whole.finding.failure.message


def timeline(whole: Dossier) -> Iterator[Moment]:
    """Posted, seen, changed, judged, reviewed, gone: in no order."""
    finding = whole.finding
    if finding.posted_at:
        yield Moment(finding.posted_at, "posted", "as the platform says")
    for version in whole.versions:
        what = "first seen by us" if version.number == 1 else f"changed: version {version.number} seen"
        yield Moment(
            version.post.seen_at or version.first_seen, what, cut(version.post.text, 200), quoted=True
        )
    for event in finding.answer.events:
        yield Moment(event.at, event.kind.value.replace("_", " "), event.detail)
    for at, answer in whole.answers:
        yield Moment(
            at, "judged", f"{TITLES[answer.verdict.labelling].lower()}, level {answer.verdict.level}"
        )
    for review in whole.reviews:
        said = " ".join(filter(None, (review.by, review.note)))
        until = f", for posts until {review.until}" if review.until else ""
        yield Moment(review.at, f"reviewed: {review.decision.value}{until}", said, quoted=True)
    for contest in whole.contests:
        yield Moment(contest.at, "contested", contest_words(contest))
    if finding.gone_at:
        yield Moment(finding.gone_at, "gone", "the platform said that the post is no longer there")
