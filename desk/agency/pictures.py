"""The published pictures of a report, small, and blurred outside what shows the twin."""

from types import TracebackType
from typing import Self

from desk.jobs.agency import Use
from desk.thumbnails import Thumbnail, Thumbnails
from detector.match_words import parts_shown
from storage.errors import StoreError
from storage.media import MediaFolder
from storage.records import Box


class Pictures:
    """A context manager. Each picture is made once, however often it was published."""

    def __init__(self, media: MediaFolder | None) -> None:
        self._media = media
        self._thumbnails = Thumbnails()
        self._made: dict[tuple[str, Box | None], Thumbnail] = {}

    def __enter__(self) -> Self:
        self._thumbnails.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thumbnails.__exit__(kind, error, trace)

    def of(self, use: Use) -> Thumbnail:
        """Without a picture it says why."""
        key = use.finding.sha256, region(use)
        if key not in self._made:
            self._made[key] = self._make(use)
        return self._made[key]

    def _make(self, use: Use) -> Thumbnail:
        if not use.finding.sha256 or self._media is None:
            return Thumbnail(why="there are no bytes")
        box = region(use)
        at = use.match.span[0] if use.match.span else None
        try:
            return self._thumbnails.of(self._media.path(use.finding.sha256), at, (box,) if box else ())
        except StoreError as error:
            return Thumbnail(why=str(error))


def region(use: Use) -> Box | None:
    """Where in the picture the twin is shown; None: in all of it, or that is not known."""
    return next(iter(parts_shown((use.match,))), None)
