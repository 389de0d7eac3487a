"""Registering twins, one at a time or from a list: all pictures are looked at first, then either everything
is registered or nothing is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from desk.jobs.erased import Erased, not_again
from desk.jobs.likeness import FEW, Newcomer, like_others
from desk.jobs.looked_at import LookedAt, Tell, look_at
from desk.jobs.pictures import look, walk
from desk.jobs.reference_marks import SeenMark, marks_seen
from desk.output import clean, several
from detector.pictures.decode import VIDEOS
from detector.trust import NO_TRUST, Trust
from storage.doors.roster import Examined
from storage.errors import RegistryError
from storage.formats import HEAD_BYTES, format_of
from storage.handed import Handed
from storage.records import Box, Failure, Placed, ReferenceImage, ReferenceKind, Twin
from storage.store import Store

PLAIN = frozenset({"jpeg", "png", "webp"})  # what nearly all pictures are
LONGEST_NAME = 200  # characters of a twin's name


@dataclass(frozen=True, slots=True)
class Given:
    """A file, and what is said of it. `row` of the list that says so, 0 where it is none."""

    path: Path
    twin: Twin
    basis: str
    attested_by: str = ""
    mark_box: Box | None = None
    look_for_mark: bool = True  # where no box is given: what the reader of marks finds is taken
    bears_none: bool = False  # somebody says that there is no mark: one said before is forgotten
    document: str = ""
    document_sha256: str = ""
    note: str = ""
    source: str = ""  # "": the file's name
    row: int = 0

    @property
    def said(self) -> str:
        """How messages call it."""
        return f"row {self.row}: {self.source or self.path.name}" if self.row else str(self.path)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One twin and its pictures: what `twins add` was asked for."""

    twin: Twin
    images: tuple[Path, ...]
    basis: str
    attested_by: str = ""
    mark_box: Box | None = None
    look_for_mark: bool = True

    def given(self, path: Path) -> Given:
        return Given(
            path,
            self.twin,
            self.basis,
            self.attested_by,
            self.mark_box,
            self.look_for_mark,
            bears_none=not self.look_for_mark,
        )


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What was done. `known` are pictures that were registered already; warnings stop nothing."""

    new: tuple[ReferenceImage, ...]
    known: tuple[str, ...]
    warnings: tuple[str, ...]
    marked: tuple[str, ...] = ()  # of the known ones: their mark is said to stand elsewhere than before
    seen: Mapping[str, SeenMark] = field(
        default_factory=dict
    )  # of the new ones, by SHA-256: found by the reader
    opened: int = 0  # pictures that had to be looked at: of the others it was known


def odd_name(name: str) -> str:
    """Why a twin cannot be called so; "". A name stands in reports, letters and on terminals."""
    if len(name) > LONGEST_NAME:
        return f"a name of {len(name)} characters; at most {LONGEST_NAME}"
    if clean(name) != name or "\n" in name or "\t" in name:
        return "a name with control characters, or marks that turn the direction of text"
    return ""


def readable(enrolment: Enrolment) -> None:
    """For who has no store yet: what is no picture at all makes none. What cannot be known without decoding
    every file shows when the store is there. Raises as `register` does."""
    if odd := odd_name(enrolment.twin.name):
        raise RegistryError(f"nothing was registered: {odd}", kind="odd_name")
    listed = list(walk(enrolment.images))
    if not listed:
        raise RegistryError("nothing was registered: no picture was found there", kind="no_picture")
    failed = {path: failure for path, failure in listed if failure is not None}
    doubted = [path for path, failure in listed if failure is None and begins(path) not in PLAIN]
    failed |= {one.path: one.failure for one in look(doubted) if one.failure is not None}
    if failed:
        raise _unreadable([path for path, _ in listed if path in failed], failed)


def begins(path: Path) -> str:
    """What its first bytes say that it is; ""."""
    try:
        with path.open("rb") as file:
            return format_of(file.read(HEAD_BYTES))
    except OSError:
        return ""


def _unreadable(refused: Sequence[Path], failed: Mapping[Path, Failure]) -> RegistryError:
    reasons = "; ".join(f"{path}: {failed[path].message}" for path in refused)
    return RegistryError(
        f"nothing was registered, since not every picture can be read: {reasons}",
        kind="unreadable_picture",
        where=str(refused[0]),
    )


def register(store: Store, enrolment: Enrolment, trust: Trust = NO_TRUST) -> Enrolled:
    """Raises RegistryError when a picture cannot be read, or the name stands for another kind of twin."""
    if odd := odd_name(enrolment.twin.name):
        raise RegistryError(f"nothing was registered: {odd}", kind="odd_name")
    listed = list(walk(enrolment.images))
    looked = look_at(store, (path for path, failure in listed if failure is None), trust)
    looked.failed.update({path: failure for path, failure in listed if failure is not None})
    refused = [path for path, _ in listed if path in looked.failed]
    if refused:
        raise _unreadable(refused, looked.failed)
    if not listed:
        raise RegistryError("nothing was registered: no picture was found there", kind="no_picture")
    if films := [path for path, one in looked.found.items() if one.format in VIDEOS]:
        raise RegistryError(
            f"nothing was registered: {', '.join(map(str, films))}: a video; register pictures of it, "
            "one of each scene that shows the figure",
            kind="video",
            where=str(films[0]),
        )
    given = [enrolment.given(path) for path in dict.fromkeys(path for path, _ in listed)]
    return Registration(store, given, looked, put_back=True).done()


def with_pictures(store: Store) -> Iterator[ReferenceImage]:
    """What is registered by its picture: of others there are fingerprints alone, and the picture is new."""
    return (one for one in store.references() if one.handed is Handed.PICTURE)


def look_at_given(
    store: Store,
    given: Sequence[Given],
    trust: Trust = NO_TRUST,
    *,
    keep: bool = True,
    tell: Tell = lambda done, total: None,
) -> LookedAt:
    """All of their files but those that are registered already, for all twins that they are given for."""
    registered = {(one.twin, one.sha256) for one in with_pictures(store)}
    wanted: dict[Path, set[str]] = {}
    for one in given:
        wanted.setdefault(one.path, set()).add(one.twin.name)

    def registered_already(path: Path, sha256: str) -> bool:
        return all((name, sha256) in registered for name in wanted[path])

    return look_at(store, wanted, trust, spared=registered_already, keep=keep, tell=tell)


@dataclass(slots=True)
class Registration:
    """Pictures that were all looked at, on their way into the registry. `put_back`: one that was withdrawn is
    given again on purpose, and matches again. `dry_run`: the same, in a transaction that is rolled back,
    and no bytes are kept."""

    store: Store
    given: Sequence[Given]
    looked: LookedAt
    put_back: bool = False
    dry_run: bool = False
    _registered: Mapping[tuple[str, str], ReferenceImage] = field(init=False)
    _new: dict[tuple[str, str], Given] = field(init=False, default_factory=dict)
    _known: dict[tuple[str, str], Given] = field(init=False, default_factory=dict)
    _warnings: list[str] = field(init=False, default_factory=list)

    def done(self) -> Enrolled:
        """Raises RegistryError when a name stands for another kind of twin, or a file was changed
        meanwhile."""
        self._registered = {(one.twin, one.sha256): one for one in with_pictures(self.store)}
        self._sort()
        seen = self._marks()
        self._warnings += _unattested(self._new.values())
        self._warnings += self._poor()
        newcomers = [
            Newcomer(one.twin.name, one.path, one.said, self.looked.found[one.path])
            for one in self._new.values()
        ]
        few = len({one.twin for one in newcomers}) == 1 and len(newcomers) <= FEW
        closely = few and not any(one.row for one in self.given)
        self._warnings += like_others(self.store, newcomers, closely=closely)
        new, marked = self._written(seen)
        return Enrolled(
            tuple(new),
            tuple(sha256 for _, sha256 in self._known),
            tuple(dict.fromkeys(self._warnings)),
            tuple(marked),
            {sha256: seen[one.path] for (_, sha256), one in self._new.items() if one.path in seen},
            self.looked.opened,
        )

    def _found(self, one: Given) -> Examined:
        return self.looked.found[one.path]

    def _sort(self) -> None:
        """What is new, what is known; and what is said twice."""
        erased = Erased(self.store)
        for one in self.given:
            key = (one.twin.name, self._found(one).sha256)
            if before := self._registered.get(key):
                self._known.setdefault(key, one)
                self._warnings += _said_otherwise(one, before, put_back=self.put_back)
            elif not self.put_back and (receipt := erased.receipt(key[1])) is not None:
                self._warnings.append(f"{one.said}: {not_again(receipt)}")
            elif first := self._new.get(key):
                self._warnings.append(f"{one.said}: the same picture as {first.said}; registered once")
            else:
                self._new[key] = one

    def _marks(self) -> Mapping[Path, SeenMark]:
        """Of pictures that are new and called AI."""
        return marks_seen(
            self.store,
            [
                one.path
                for one in self._new.values()
                if one.mark_box is None
                and one.look_for_mark
                and one.twin.kind is not ReferenceKind.HUMAN_ORIGINAL
            ],
        )

    def _poor(self) -> Iterator[str]:
        for one in self._new.values():
            if self._found(one).too_little:
                yield f"{one.said}: too little in it to be recognised again; exact copies only"
        for one in self._new.values():
            if self._found(one).moves:
                yield (
                    f"{one.said}: it moves, and only its first picture can be laid on what is found; "
                    "register the others by themselves"
                )

    def _written(self, seen: Mapping[Path, SeenMark]) -> tuple[Sequence[ReferenceImage], Sequence[str]]:
        now = datetime.now(UTC)
        many: dict[str, tuple[Twin, list[ReferenceImage]]] = {}
        for (name, sha256), one in self._new.items():
            if not self.dry_run:
                self._keep(one, sha256)
            many.setdefault(name, (one.twin, []))[1].append(_reference(one, sha256, seen.get(one.path), now))
        for (name, sha256), one in self._known.items():
            references = many.setdefault(name, (one.twin, []))[1]
            if self.put_back:
                references.append(_reference(one, sha256, None, now))
        if self.dry_run:
            with self.store.rehearsal() as rehearsed:
                return rehearsed.roster.register(list(many.values())), self._marked(rehearsed)
        return self.store.roster.register(list(many.values())), self._marked(self.store)

    def _keep(self, one: Given, sha256: str) -> None:
        try:
            kept = self.store.media.put(one.path.read_bytes())
        except OSError as error:
            raise RegistryError(
                f"{one.path}: cannot be read: {error.strerror}",
                kind="unreadable_picture",
                where=str(one.path),
            ) from error
        if kept != sha256:
            raise RegistryError(
                f"nothing was registered: {one.path} was changed meanwhile",
                kind="changed",
                where=str(one.path),
            )

    def _marked(self, store: Store) -> Sequence[str]:
        """The known ones whose mark stands elsewhere now."""
        moved: dict[tuple[str, Box | None], list[str]] = {}
        for (name, sha256), one in self._known.items():
            before = self._registered[name, sha256]
            told = one.mark_box is not None or one.bears_none
            placed = Placed.GIVEN if one.mark_box else Placed.UNKNOWN
            if told and (before.mark_box, before.mark_placed) != (one.mark_box, placed):
                moved.setdefault((name, one.mark_box), []).append(sha256)
        return [
            sha256 for (name, where), files in moved.items() for sha256 in store.bank.mark(name, files, where)
        ]


def _reference(one: Given, sha256: str, seen: SeenMark | None, now: datetime) -> ReferenceImage:
    return ReferenceImage(
        twin=one.twin.name,
        sha256=sha256,
        kind=one.twin.kind,
        basis=one.basis,
        attested_by=one.attested_by,
        mark_box=seen.box if seen else one.mark_box,
        mark_placed=Placed.FOUND if seen else Placed.GIVEN if one.mark_box else Placed.UNKNOWN,
        source=one.source or one.path.name,
        added_at=now,
        document=one.document,
        document_sha256=one.document_sha256,
        note=one.note,
    )


def _said_otherwise(one: Given, before: ReferenceImage, *, put_back: bool) -> Iterator[str]:
    """What was said first stays: the basis of an accusation is not changed in passing."""
    if not one.row:
        return
    if before.withdrawn_at and not put_back:
        day = f"{before.withdrawn_at:%Y-%m-%d}"
        yield f"{one.said}: was withdrawn on {day} and stays so (`twinwatch twins restore`)"
    if (one.basis, one.attested_by) != (before.basis, before.attested_by):
        yield f"{one.said}: is registered already, on another basis or by another attester: that stays"


def _unattested(new: Iterable[Given]) -> Iterator[str]:
    without = [
        one for one in new if not one.attested_by and one.twin.kind is not ReferenceKind.HUMAN_ORIGINAL
    ]
    if not without:
        return
    rows = [str(one.row) for one in without if one.row]
    which = f"{several(len(rows), 'picture')} (rows {', '.join(rows[:10])}{' …' if len(rows) > 10 else ''})"
    yield (
        f"nobody attests {which if rows else 'these pictures'}, so a copy of one counts as level 2 at most; "
        "set [crawl] contact or give --attested-by"
    )
