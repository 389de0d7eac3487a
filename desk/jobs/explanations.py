"""Pictures that explain matches: `match --explain DIR` and `pairs list --explain DIR`, one file a match.

A file is named after both sides, so that the same match always has the same name and no other match's file is
ever overwritten: "<picture>-<its digest>_<twin>-<the reference's digest>.png".
"""

import re
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from desk.departed import departed
from desk.explain import Explaining, seconds_of
from desk.jobs.matching import Matched, kept_in
from desk.jobs.pairs import Pair
from desk.options import usage
from desk.output import path_text, several
from storage.errors import PictureError
from storage.records import Match
from storage.store import Store

DIGITS = 8  # of each digest in a file's name
LONGEST = 80  # bytes of a name that somebody else chose; file systems allow 255 in all
_UNSAFE = re.compile(r"[^\w.-]+")


class Explainer:
    """Writes into one folder. `undrawn` are sentences about matches that could not be drawn."""

    def __init__(self, folder: Path, store: Store | None, drawing: Explaining) -> None:
        self.folder = folder
        self.written: list[Path] = []
        self.undrawn: list[str] = []
        self._store = store
        self._kept = kept_in(store)
        self._drawing = drawing

    def explain(self, matched: Matched) -> None:
        """Every match of one file of the command line."""
        sha256 = matched.examination.sha256 if matched.examination else ""
        seconds = seconds_of(matched.examination.fingerprints) if matched.examination else ()
        for match in matched.conclusion.matches:
            file = file_name(path_text(matched.path.stem), sha256, match)
            self.draw(matched.path, match, path_text(matched.path.name), file, seconds)

    def draw(
        self,
        picture: Path | None,
        match: Match,
        name: str,
        file_name: str,
        seconds: Collection[float] = (),
    ) -> None:
        """`picture` None: its bytes are gone. `name` is written on the drawing. `seconds` of a video that
        were looked at."""
        file = self.folder / file_name
        try:
            reference = self._kept(match.reference)
            _write(file, self._drawing.png(picture, reference, match, name, seconds=seconds))
        except PictureError as error:
            self.undrawn.append(f"{file.name} was not drawn: {error}")
        else:
            self.written.append(file)
            if said := departed(self._store, "explain", "png", file, twins=[match.twin], thumbnails=True):
                self.undrawn.append(f"{file.name}: {said}")

    def sentences(self) -> Iterator[str]:
        yield from self.undrawn
        if self.written or not self.undrawn:
            yield f"{several(len(self.written), 'picture')} written to {path_text(self.folder)}"


@contextmanager
def explaining(folder: Path, store: Store | None) -> Iterator[Explainer]:
    """The folder is made, and a worker draws. Raises ConfigError where there can be no such folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        where = path_text(folder)
        raise usage(f"--explain {where}: the folder cannot be made: {error.strerror}", where=where) from error
    with Explaining() as drawing:
        yield Explainer(folder, store, drawing)


def explain_pairs(store: Store, pairs: Sequence[Pair], folder: Path) -> Sequence[str]:
    """One picture a pair that matches today; what to say about it."""
    kept = kept_in(store)
    with explaining(folder, store) as explainer:
        for pair in pairs:
            if pair.match:
                name = next((one.account.name for one in pair.shown), "picture")
                file = file_name(name, pair.picture, pair.match)
                seconds = seconds_of(store.fingerprints([pair.picture]).get(pair.picture, ()))
                explainer.draw(kept(pair.picture), pair.match, name, file, seconds)
        return tuple(explainer.sentences())


def file_name(name: str, sha256: str, match: Match) -> str:
    """Safe on every file system, whatever file and twin are called."""
    twin = _safe(match.twin) or "earlier"
    return f"{_safe(name) or 'picture'}-{sha256[:DIGITS]}_{twin}-{match.reference[:DIGITS]}.png"


def _safe(name: str) -> str:
    plain = _UNSAFE.sub("_", name).encode()[:LONGEST].decode("utf-8", "ignore")
    return plain.strip("._- ")


def _write(file: Path, png: bytes) -> None:
    """Whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".", suffix=".png", delete=False) as part:
        made = Path(part.name)
        part.write(png)
    made.chmod(0o644)
    made.replace(file)
