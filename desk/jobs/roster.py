"""A list of twins and their pictures, registered whole or refused row by row.

All rows are checked, then all pictures are looked at, and only when nothing is wrong with any of them is
all of it registered, in one transaction. What was found in the pictures is kept meanwhile: after a kill, or
after a mistake was mended, the same list goes on where it stood.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from desk.jobs.cells import Cells
from desk.jobs.lists import Mistake, read_list, refused
from desk.jobs.looked_at import LookedAt, Tell
from desk.jobs.register import PLAIN, Enrolled, Given, Registration, begins, look_at_given, odd_name
from desk.jobs.within import Within
from detector.pictures.decode import VIDEOS
from detector.trust import NO_TRUST, Trust
from storage.consent import alike
from storage.errors import RegistryError
from storage.records import Box, ReferenceKind, Twin
from storage.store import Store

COLUMNS = (
    "twin", "kind", "model", "agency", "image", "mark_box", "basis", "attested_by", "document", "note",
)  # fmt: skip
NEEDED = ("twin", "image", "basis")
LOCK = "roster"  # one list at a time: what another one keeps meanwhile must not be forgotten
NO_MARK = "none"
REGISTRY = "the registry"
KINDS = {kind.value: kind for kind in ReferenceKind}
_SPOTS = re.compile(r"[\s,]*[;\s][\s,]*")  # between shares that may have decimal commas


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for beside the list. `images`: the folder that its pictures lie in. `attested_by`:
    where a row says nobody. `look_for_marks`: on pictures of which the list does not say where their mark
    stands."""

    images: Path
    now: datetime
    attested_by: str = ""
    look_for_marks: bool = False
    trust: Trust = NO_TRUST
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Rolled:
    """What came of a list. `twins` are those that were not registered before."""

    rows: int
    twins: tuple[str, ...]
    enrolled: Enrolled
    warnings: tuple[str, ...]
    files: frozenset[Path] = frozenset()  # that the list names


@dataclass(slots=True)
class Checked:
    """The rows of a list, before any picture of it was opened."""

    given: list[Given] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rows: int = 0


def import_roster(store: Store, path: Path, asked: Asked, tell: Tell = lambda done, total: None) -> Rolled:
    """Raises RegistryError, kinds "mistakes" (all of them, with row and column), "unreadable_list" and
    those of registering; TryAgainLater where another list is being imported."""
    if asked.dry_run:
        return rolled(store, path, asked, tell)
    with store.lock(LOCK):
        done = rolled(store, path, asked, tell)
        store.roster.forget()  # what an earlier list, since mended or given up, left behind
    return done


def good(empty: Store, path: Path, asked: Asked) -> None:
    """For who has no store yet: a list with a mistake in its rows, or without one picture, makes none. One
    with good pictures and bad ones does: what was found in the good ones is kept in it. Raises as
    `import_roster` does."""
    checked = check_roster(empty, path, asked)
    if checked.mistakes or not any(begins(one.path) in PLAIN for one in checked.given):
        rolled(empty, path, replace(asked, dry_run=True), lambda done, total: None)


def rolled(store: Store, path: Path, asked: Asked, tell: Tell) -> Rolled:
    """`import_roster`, for who holds the lock."""
    checked = check_roster(store, path, asked)
    looked = look_at_given(store, checked.given, asked.trust, keep=not asked.dry_run, tell=tell)
    checked.mistakes += _unfit(checked.given, looked)
    if checked.mistakes:
        raise refused(sorted(checked.mistakes, key=lambda one: one.row), path)
    known = {twin.name for twin in store.twins()}
    done = Registration(store, checked.given, looked, dry_run=asked.dry_run).done()
    names = dict.fromkeys(one.twin.name for one in checked.given)
    return Rolled(
        checked.rows,
        tuple(name for name in names if name not in known),
        done,
        (*dict.fromkeys(checked.warnings), *done.warnings),
        frozenset(one.path for one in checked.given),
    )


def check_roster(store: Store, path: Path, asked: Asked) -> Checked:
    """Without opening a picture. Raises RegistryError, kind "unreadable_list", and "mistakes" for a
    header."""
    if not asked.images.is_dir():
        raise RegistryError(
            f"{asked.images}: there is no such folder", kind="no_folder", where=str(asked.images)
        )
    rows, mistakes = read_list(path, COLUMNS, NEEDED)
    checked = Checked(mistakes=mistakes, rows=len(rows))
    twins = _Twins({one.name: one for one in store.twins()})
    folder = Within(asked.images)
    for row in rows:
        cells = _Cells(row, path.parent)
        given = cells.given(folder, twins, asked)
        checked.mistakes += cells.mistakes
        checked.warnings += [f"row {row.number}: {words}" for words in cells.warnings]
        if given is not None:
            checked.given.append(given)
    # A twin's own facts may stand in any of its rows: a picture carries what all of them say.
    checked.given = [twins.whole(one) for one in checked.given]
    checked.mistakes += _anothers_document(store, checked.given)
    if any(one.header for one in mistakes):  # told at once: no picture is opened for a list of other columns
        raise refused(sorted(checked.mistakes, key=lambda one: one.row), path)
    return checked


def _anothers_document(store: Store, given: Sequence[Given]) -> Iterator[Mistake]:
    documents = _Documents(store)
    for one in given:
        if not one.document_sha256:
            continue
        name = one.twin.name
        if other := documents.anothers(one.document_sha256, one.twin.model or name, name):
            yield Mistake(one.row, "document", f"{one.document!r} is the document of {other}, another model")


def _unfit(given: Sequence[Given], looked: LookedAt) -> list[Mistake]:
    found = []
    for one in given:
        if failure := looked.failed.get(one.path):
            found.append(Mistake(one.row, "image", f"{one.source!r} cannot be registered: {failure.message}"))
        elif looked.found[one.path].format in VIDEOS:
            found.append(Mistake(one.row, "image", f"{one.source!r} is a video"))
    return found


class _Twins:
    """Who is registered, and who is in the rows above: what is said of one must be said alike."""

    def __init__(self, registered: Mapping[str, Twin]) -> None:
        self._registered = registered
        self._facts: dict[tuple[str, str], tuple[str, str]] = {}  # (name, column) → (words, who said so)
        self._rows: dict[str, int] = {}
        self._spelt = {_plain(name): name for name in registered}
        for name, twin in registered.items():
            facts = ("kind", twin.kind.value), ("model", twin.model), ("agency", twin.agency)
            self._facts |= {(name, column): (words, REGISTRY) for column, words in facts if words}

    def misspelt(self, name: str, row: int) -> str:
        """The name that this one differs from in spelling alone, and where it stands; ""."""
        spelt = self._spelt.setdefault(_plain(name), name)
        self._rows.setdefault(name, row)
        if spelt == name or name in self._registered:
            return ""
        where = f"row {self._rows[spelt]}" if spelt in self._rows else REGISTRY
        return f"{name!r} is {spelt!r} in {where}: write it alike, or name another twin"

    def contradicts(self, name: str, column: str, words: str, row: int) -> str:
        """What was said before, where that is something else; ""."""
        if not words:
            return ""
        said, who = self._facts.setdefault((name, column), (words, f"row {row}"))
        if said == words:
            return ""
        right = " (`twinwatch twins correct` sets that right)" if who == REGISTRY else ""
        return f"{words!r}, but {who} says {said!r} of {name}{right}"

    def kind(self, name: str) -> ReferenceKind:
        return KINDS[self._facts.get((name, "kind"), (ReferenceKind.DIGITAL_TWIN.value, ""))[0]]

    def withdrawn(self, name: str) -> datetime | None:
        found = self._registered.get(name)
        return found.withdrawn_at if found else None

    def whole(self, one: Given) -> Given:
        name = one.twin.name
        twin = Twin(
            name,
            self.kind(name),
            model=self._facts.get((name, "model"), ("", ""))[0],
            agency=self._facts.get((name, "agency"), ("", ""))[0],
            added_at=one.twin.added_at,
        )
        return replace(one, twin=twin)


class _Documents:
    """One contract is one model's; of several twins of one model it may be. An address may be of many: a
    brand announces thirty twins on one page."""

    def __init__(self, store: Store) -> None:
        models = {twin.name: twin.model or twin.name for twin in store.twins()}
        self._models: dict[str, tuple[str, str]] = {}
        told = [(one.twin, one.document_sha256) for one in store.references()]
        told += [(one.twin, one.document_sha256) for one in store.terms.all()]
        for twin, digest in told:
            if digest:
                self._models.setdefault(digest, (models.get(twin, twin), twin))

    def anothers(self, digest: str, model: str, twin: str) -> str:
        """The twin of another model whose document this digest is of; ""."""
        known, of = self._models.setdefault(digest, (model, twin))
        return "" if alike(known, model) else of


class _Cells(Cells):
    """One row, cell by cell; what is wrong with each is gathered."""

    def given(self, folder: Within, twins: _Twins, asked: Asked) -> Given | None:
        """None where something is wrong."""
        name = self.needed("twin")
        if odd := odd_name(name):
            self.wrong("twin", odd)
        elif name and (other := twins.misspelt(name, self._row.number)):
            self.wrong("twin", other)
        for column, words in (
            ("kind", self._kind()),
            ("model", self.line("model")),
            ("agency", self.line("agency")),
        ):
            if name and (other := twins.contradicts(name, column, words, self._row.number)):
                self.wrong(column, other)
        if name and (day := twins.withdrawn(name)):
            self.warnings.append(f"consent for {name} was withdrawn on {day:%Y-%m-%d}")
        path = self._image(folder)
        box, bears_none = self._mark()
        document, digest = self.document()
        basis, note = self.needed("basis"), self.words("note")
        attester = self.line("attested_by") or asked.attested_by
        if not self.holds or path is None:
            return None
        return Given(
            path=path,
            twin=Twin(name, twins.kind(name), added_at=asked.now),
            basis=basis,
            attested_by=attester,
            mark_box=box,
            look_for_mark=asked.look_for_marks and not bears_none,
            bears_none=bears_none,
            document=document,
            document_sha256=digest,
            note=note,
            source=path.relative_to(folder.root).as_posix(),
            row=self._row.number,
        )

    def document_file(self, words: str) -> Path | None:
        """Beside the list: who delivers one must not learn the digest of what lies elsewhere."""
        try:
            return Within(self._folder).file(words)
        except RegistryError as error:
            if error.kind == "not_within":
                self.wrong("document", f"{error}; or give its SHA-256")
            return None

    def _kind(self) -> str:
        words = "_".join(re.split(r"[\s_-]+", self._row["kind"].strip().lower()))
        if words and words not in KINDS:
            self.wrong("kind", f"{self._row['kind']!r}: it is {', '.join(KINDS)}")
            return ""
        return words

    def _image(self, folder: Within) -> Path | None:
        words = self.words("image")
        if not words:
            self.wrong("image", "is empty")
            return None
        try:
            return folder.picture(words)
        except RegistryError as error:
            self.wrong("image", str(error))
            return None

    def _mark(self) -> tuple[Box | None, bool]:
        """Where the mark stands; whether there is said to be none."""
        words = self._row["mark_box"]
        if not words:
            return None, False
        if words.lower() == NO_MARK:
            return None, True
        box = box_of(words)
        if box is None:
            self.wrong(
                "mark_box",
                f"{words!r}: it is x, y, w, h as shares from 0 to 1, such as 0.8,0.9,0.15,0.06 (with decimal "
                f"commas 0,8; 0,9; 0,15; 0,06), or {NO_MARK}",
            )
        return box, False


def box_of(words: str) -> Box | None:
    """X, Y, W, H in shares of the picture: separated by commas or, with decimal commas or points, by
    semicolons or blanks."""
    parts = [part for part in _SPOTS.split(words.strip()) if part]
    numbers = [part.replace(",", ".") for part in parts]
    if len(parts) == 1:
        numbers = words.split(",")
    try:
        x, y, w, h = (float(number) for number in numbers)
    except ValueError:
        return None
    if 0 <= x < 1 and 0 <= y < 1 and 0 < w <= 1 - x + 1e-9 and 0 < h <= 1 - y + 1e-9:
        return Box(x, y, w, h)
    return None


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
