"""Marks that a user registers: lifted from their files in a worker process, kept, and looked for on pictures
beside those that are built in."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from desk.jobs.pictures import FILE_LIMIT, walk
from desk.output import path_text
from detector.onimage.drawn import Drawing
from detector.onimage.icons import built_in_marks
from detector.onimage.look import Mark
from detector.processes.jobs import DrawJob
from detector.processes.workers import Workers
from storage.errors import RegistryError
from storage.marks import RegisteredMark
from storage.records import Failure, Saved
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for. None: not given, so that what is registered stays; of a new mark `letters` are then
    "", and it says its letters, or its name."""

    name: str
    path: Path
    says: str | None = None
    letters: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What was done; warnings stop nothing."""

    mark: RegisteredMark
    done: Saved
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A mark, and how it is registered; None: it is built in."""

    mark: Mark
    registered: RegisteredMark | None


def add(store: Store | None, wanted: Wanted, *, dry_run: bool = False) -> Added:
    """Adding the same file again changes its words where others are given; one that was removed is restored.
    `store` None: there is none yet, and `dry_run` makes none.

    Raises RegistryError: "built_in" (the name is taken), "other_picture" (the name stands for another file),
    "too_large", "not_found" and what else keeps a file from being read, and the kinds of
    `detector.onimage.drawn`.
    """
    _refuse_built_in(wanted.name)
    data = _read(wanted.path)
    sha256 = hashlib.sha256(data).hexdigest()
    there = {one.name: one for one in store.marks.all()} if store else {}
    before = there.get(wanted.name)
    if before and before.sha256 != sha256:
        raise RegistryError(
            f"{wanted.name} is the name of another file ({before.source}, SHA-256 {before.sha256[:12]}…): "
            f'use another name, and `twinwatch marks remove "{wanted.name}"` if that one is no longer in use',
            kind="other_picture",
            where=wanted.name,
        )
    mark = _mark(wanted, sha256, _lifted(wanted.path), before)
    warnings = tuple(_warnings(mark, there.values()))
    if store is None:
        return Added(mark, Saved.NEW, warnings)
    if dry_run:
        with store.rehearsal() as rehearsed:
            return Added(mark, rehearsed.marks.add(mark), warnings)
    store.media.put(data)
    return Added(mark, store.marks.add(mark), warnings)


def remove(store: Store, name: str) -> bool:
    """It is looked for no more; False if that was so before. Raises RegistryError: "built_in", "no_mark"."""
    return store.marks.withdraw(_registered(store, name).name, datetime.now(UTC))


def restore(store: Store, name: str) -> bool:
    """It is looked for again; False if it was looked for. Raises RegistryError: "built_in", "no_mark"."""
    return store.marks.restore(_registered(store, name).name)


def listed(store: Store | None, *, removed: bool = False) -> Sequence[Listed]:
    """The built-in ones, then those registered, by name."""
    kept = store.marks.all() if store else ()
    registered = [one for one in kept if removed or one.withdrawn_at is None]
    return [
        *(Listed(one, None) for one in sorted(built_in_marks(), key=lambda mark: mark.name)),
        *(Listed(as_mark(one), one) for one in registered),
    ]


def find(store: Store | None, name: str) -> Listed:
    """Removed ones too. Raises RegistryError(kind="no_mark")."""
    for one in listed(store, removed=True):
        if one.mark.name == name:
            return one
    raise _unknown(name)


def marks_in_force(store: Store | None) -> tuple[Mark, ...]:
    """Those that users registered and did not remove."""
    kept = store.marks.all() if store else ()
    return tuple(as_mark(one) for one in kept if one.withdrawn_at is None)


def as_mark(kept: RegisteredMark) -> Mark:
    """As it is looked for."""
    grey, alpha = (
        np.frombuffer(plane, np.uint8).reshape(kept.height, kept.width) for plane in (kept.grey, kept.alpha)
    )
    return Mark(kept.name, kept.says, grey, alpha, kept.letters, kept.sha256)


# --- what adding does ---------------------------------------------------------------------------------------


def _refuse_built_in(name: str) -> None:
    if name.casefold() in {one.name.casefold() for one in built_in_marks()}:
        raise RegistryError(
            f"{name} is the name of a mark that is built in, and always looked for: use another name "
            "(`twinwatch marks list`)",
            kind="built_in",
            where=name,
        )


def _read(path: Path) -> bytes:
    where = path_text(path)
    if path.is_dir():
        raise RegistryError(f"{where} is a folder: give one picture file", kind="not_a_file", where=where)
    for _, failure in walk([path]):
        if failure:
            raise _refused(path, failure)
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise RegistryError(f"{where}: larger than {FILE_LIMIT} bytes", kind="too_large", where=where)
        return path.read_bytes()
    except OSError as error:
        raise _refused(path, Failure("not_readable", error.strerror or "cannot be read")) from error


def _lifted(path: Path) -> Drawing:
    with Workers(processes=1) as workers:
        ((_, drawing, failure),) = workers.draw([DrawJob(path)])
    if drawing is None:
        raise _refused(path, failure or Failure("worker_died", "nobody looked at it"))
    return drawing


def _refused(path: Path, failure: Failure) -> RegistryError:
    where = path_text(path)
    more = ": save it as PNG" if failure.kind == "format_not_supported" else ""
    return RegistryError(
        f"{where} cannot be registered as a mark: {failure.message}{more}", kind=failure.kind, where=where
    )


def _mark(wanted: Wanted, sha256: str, drawing: Drawing, before: RegisteredMark | None) -> RegisteredMark:
    high, wide = drawing.grey.shape
    letters = wanted.letters if wanted.letters is not None else before.letters if before else ""
    says = wanted.says or (before.says if before else letters or wanted.name)
    made = RegisteredMark(
        name=wanted.name,
        sha256=sha256,
        says=says,
        letters=letters,
        width=wide,
        height=high,
        grey=drawing.grey.tobytes(),
        alpha=drawing.alpha.tobytes(),
        see_through=drawing.see_through,
        source=path_text(wanted.path.name),
        added_by=wanted.by,
        added_at=datetime.now(UTC),
    )
    if before is None:
        return made
    return replace(made, source=before.source, added_by=before.added_by, added_at=before.added_at)


def _warnings(mark: RegisteredMark, there: Iterable[RegisteredMark]) -> Iterator[str]:
    for one in there:
        if one.sha256 == mark.sha256 and one.name != mark.name and one.withdrawn_at is None:
            yield f"the same file is registered as {one.name}: either is found where the other is"


# --- what removing does -------------------------------------------------------------------------------------


def _registered(store: Store, name: str) -> RegisteredMark:
    found = next((one for one in store.marks.all() if one.name == name), None)
    if found is not None:
        return found
    if name in {one.name for one in built_in_marks()}:
        raise RegistryError(f"{name} is built in, and always looked for", kind="built_in", where=name)
    raise _unknown(name)


def _unknown(name: str) -> RegistryError:
    return RegistryError(f"no mark is called {name!r} (`twinwatch marks list`)", kind="no_mark", where=name)
