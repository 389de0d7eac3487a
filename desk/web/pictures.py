"""Pictures for the desk: small, encoded anew from their pixels by a worker under limits, and kept in the
cache folder until it is deleted. No byte that came from outside reaches a browser."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from desk.explain import Explaining, Layers, seconds_of
from desk.jobs.cached import SMALL_PICTURES
from desk.thumbnails import Thumbnails
from desk.web.sentences import plainly
from storage.errors import PictureError, StoreError
from storage.records import Box, Match
from storage.store import Store


class Pictures:
    """One worker for all requests, started with the first picture; one picture at a time. To be closed."""

    def __init__(self, store: Store, cache: Path) -> None:
        self._store = store
        self._folder = cache / SMALL_PICTURES
        self._lock = threading.Lock()
        self._open = ExitStack()
        self._thumbnails: Thumbnails | None = None
        self._drawing: Explaining | None = None
        self._last: tuple[str, Layers] | None = None

    def close(self) -> None:
        with self._lock:
            self._open.close()
            self._thumbnails = self._drawing = None

    def small(self, sha256: str, at: float | None, only: Sequence[Box]) -> bytes:
        """A JPEG. Raises PictureError where there is none, with the reason."""
        try:
            path = self._store.media.path(sha256)
        except StoreError as error:
            raise PictureError(str(error), kind="no_bytes") from error
        if not path.is_file():
            raise PictureError("the bytes are no longer there", kind="no_bytes")

        return self._kept(f"{sha256} {at} {tuple(only)}", "jpg", lambda: self._jpeg(path, at, only))

    def of_file(self, path: Path) -> bytes:
        """A JPEG of a file at hand, which is not kept. Raises PictureError."""
        with self._lock:
            return self._jpeg(path, None, ())

    def _jpeg(self, path: Path, at: float | None, only: Sequence[Box]) -> bytes:
        self._thumbnails = self._thumbnails or self._open.enter_context(Thumbnails())
        made = self._thumbnails.of(path, at, only)
        if not made.jpeg:
            raise PictureError(made.why, kind="not_shown")
        return made.jpeg

    def compared(self, sha256: str, match: Match, language: str) -> bytes:
        """A PNG with both sides, the one laid on the other, and what differs, in this language. Raises
        PictureError."""
        say = partial(plainly, language)
        seconds = self._seconds(sha256, match)

        def make() -> bytes:
            self._drawing = self._drawing or self._open.enter_context(Explaining())
            name = say("published", "sheet")
            sides = self._path(sha256), self._path(match.reference)
            return self._drawing.png(*sides, match, name, say, seconds)

        return self._kept(f"{sha256} {match} {seconds} {language}", "png", make)

    def layer(self, sha256: str, match: Match, name: str) -> bytes:
        """One of the three `Layers`, by its name. Raises PictureError. They are asked for together, and cost
        one alignment: the last one's are at hand."""
        seconds = self._seconds(sha256, match)
        key = f"layers {sha256} {match} {seconds}"

        def make() -> bytes:
            if self._last is None or self._last[0] != key:
                self._drawing = self._drawing or self._open.enter_context(Explaining())
                sides = self._path(sha256), self._path(match.reference)
                self._last = (key, self._drawing.layers(*sides, match, seconds))
            made: bytes = getattr(self._last[1], name)
            return made

        return self._kept(f"{key} {name}", "jpg", make)

    def _seconds(self, sha256: str, match: Match) -> tuple[float, ...]:
        """Of a video's frames that were looked at."""
        if match.span is None:
            return ()
        return seconds_of(self._store.fingerprints([sha256]).get(sha256, ()))

    def _path(self, sha256: str) -> Path | None:
        try:
            path = self._store.media.path(sha256)
        except StoreError:
            return None
        return path if path.is_file() else None

    def _kept(self, name: str, ending: str, make: Callable[[], bytes]) -> bytes:
        digest = hashlib.sha256(name.encode()).hexdigest()
        file = self._folder / digest[:2] / f"{digest}.{ending}"
        if file.is_file():
            return file.read_bytes()
        with self._lock:
            if file.is_file():
                return file.read_bytes()
            made = make()
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                part = file.with_suffix(".part")
                part.write_bytes(made)
                part.replace(file)
            except OSError:
                return made  # a cache that cannot be written costs time, nothing else
            return made
