"""What an import format hands over, entry by entry: a post, an object that is none, or one that could not be
understood.

How to add an import format:
1. Write crawler/imports/<format>.py, found by its place. It says PLATFORMS (the platforms it can fill),
   VERSION, and WHOLE: True where the file itself is kept as the raw form of all its posts.
2. `recognise(path)` looks at the first bytes (or names) and says whether this is such a file or folder.
3. `total(path)` and each entry's `done` count the same thing (bytes or files), for the progress bar.
4. `read(path, now, room)` yields entries; `room` is a folder for what must be taken out on the way. It
   raises nothing but IntakeError, and that only where the file as a whole cannot be read; what is wrong with
   one entry is a `Misread`, and the rest goes on.
5. Put a built example into tests/crawler/imports/.
6. Nothing else: accounts, what is known already, media, saving, counting and suspicion are done for you.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from storage.crawled import Capture
from storage.records import Failure, PostVersion


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: line (from 1; a record's number in an archive), and the name of the file in a
    folder or archive."""

    line: int
    name: str = ""
    offset: int = 0  # bytes, in the file that is kept whole
    length: int = 0  # bytes; 0: the whole file


@dataclass(frozen=True, slots=True)
class Near:
    """A medium's bytes at hand: a file beside the metadata, or one that was taken out of an archive into a
    folder that goes away (`capture`: the retrieval that brought it)."""

    path: Path
    capture: Capture | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A post. `post.handle` is its author as the object names it, `post.seen_at` when it was captured.

    `raw`: the object as it came, to be kept; None where the file is kept whole. `captures` without `sha256`
    get that of the kept raw form. `near`: bytes at hand, by position of the medium. `owner_id`: the author's
    own number on the platform, "" where the format has none.
    """

    place: Place
    done: int
    post: PostVersion
    captures: tuple[Capture, ...]
    raw: bytes | None = None
    counts: Mapping[str, object] = field(default_factory=dict)
    near: Mapping[int, Near] = field(default_factory=dict)
    owner_id: str = ""


@dataclass(frozen=True, slots=True)
class Misread:
    """An entry that could not be understood. `raw`: its bytes where the file is not kept whole."""

    place: Place
    done: int
    why: Failure
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that is no post: an advertisement, a repost, a profile. It is counted by `why`."""

    place: Place
    done: int
    why: str


Entry = Taken | Misread | Skipped


class Importer(Protocol):
    """A module of crawler/imports/."""

    __name__: str
    PLATFORMS: tuple[str, ...]
    VERSION: str
    WHOLE: bool

    def recognise(self, path: Path) -> bool: ...

    def total(self, path: Path) -> int: ...

    def read(self, path: Path, now: datetime, room: Path) -> Iterator[Entry]: ...
