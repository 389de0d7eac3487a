"""A picture that explains a match to somebody who has to believe it: both sides with the part that they
share, the one laid on the other, what differs, and what was measured, in plain words.

Strangers' files are decoded, and laid on each other, in a worker; this process draws with pixels alone.
"""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2

from desk.explained import explain
from desk.output import path_text
from desk.overlay import shared_part
from desk.panels import Side, laid_on
from desk.sheet import Pixels, Say, as_it_is
from detector.match_words import IDENTICAL, NEVER_HANDED, WITHOUT_PICTURE
from detector.matching.candidate import Alignment
from detector.processes.jobs import ShowJob, VerifyJob
from detector.processes.workers import Workers
from storage.errors import PictureError
from storage.records import Match, MatchKind

GONE = "its bytes are no longer kept"
QUALITY = 88  # JPEG: the layers are looked at one above the other, and must not differ by their coding
_KINDS = list(MatchKind)  # surest first


@dataclass(frozen=True, slots=True)
class Layers:
    """JPEGs of one size, place for place the same: the part that both pictures share, and a little around it.
    `registered` is laid on `found`; `difference` is coloured where they differ."""

    found: bytes
    registered: bytes
    difference: bytes


class Explaining:
    """Use as a context manager: one worker process opens the pictures, and ends with it."""

    def __init__(self) -> None:
        self._workers = Workers(processes=1)

    def __enter__(self) -> Self:
        self._workers.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.__exit__(kind, error, trace)

    def png(
        self,
        picture: Path | None,
        reference: Path | None,
        match: Match,
        name: str = "",
        say: Say = as_it_is,
    ) -> bytes:
        """A PNG of this match. A side of which no bytes are kept (None), or which cannot be decoded, is drawn
        as a sentence. Raises PictureError where neither can be shown."""
        if reference is None and match.algorithm == IDENTICAL:
            reference = picture  # the very bytes, whoever handed them over
        alignment = self._alignment(picture, reference, match)
        at = alignment.at if alignment else match.span[0] if match.span else None
        found = self._side(picture, name or (path_text(Path(picture.name)) if picture else ""), at)
        registered = self._side(
            reference, match.twin, None, NEVER_HANDED if WITHOUT_PICTURE in match.reason else GONE
        )
        if found.pixels is None and registered.pixels is None:
            raise PictureError(found.why or registered.why, kind="not_drawn")
        return explain(found, registered, match, alignment, say)

    def layers(self, picture: Path | None, reference: Path | None, match: Match) -> Layers:
        """What can be swiped and blinked. Raises PictureError where the two cannot be laid on each other."""
        alignment = self._alignment(picture, reference, match)
        matrix = alignment.matrix if alignment else None
        shared = shared_part(matrix) if matrix else None
        if alignment is None or matrix is None or shared is None:
            raise PictureError("the two could not be laid on each other", kind="not_aligned")
        sides = self._side(picture, "", alignment.at), self._side(reference, "", None)
        laid = laid_on(*sides, matrix, shared)
        if laid is None:
            raise PictureError("what they share is too small to be seen", kind="not_aligned")
        return Layers(*(_jpeg(one) for one in (laid.found, laid.registered, laid.difference())))

    def _alignment(self, picture: Path | None, reference: Path | None, match: Match) -> Alignment | None:
        """Of a video at the moment that shows it best. None where they cannot be laid on each other."""
        if picture is None or reference is None:
            return None
        first, last = match.span or (None, None)
        moments = dict.fromkeys((first, last))
        job = VerifyJob("", picture, tuple((match.reference, reference, at) for at in moments))
        (verified,) = self._workers.verify([job])
        laid = [one for one in verified.alignments if one.kind is not None and one.matrix is not None]
        return min(laid, key=lambda one: (_order(one), -one.agreement), default=None)

    def _side(self, path: Path | None, name: str, at: float | None, gone: str = GONE) -> Side:
        if path is None:
            return Side(name, why=gone)
        ((_, pixels, width, height, failure),) = self._workers.show([ShowJob(path, at)])
        why = failure.message if failure else ""
        return Side(name, pixels, width, height, why, at)


def _jpeg(pixels: Pixels) -> bytes:
    done, coded = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    )
    if not done:
        raise PictureError("the comparison could not be drawn", kind="not_drawn")
    return coded.tobytes()


def _order(alignment: Alignment) -> int:
    return len(_KINDS) if alignment.kind is None else _KINDS.index(alignment.kind)
