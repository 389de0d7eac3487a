"""The negative bank: pictures that must never match, such as logos, backdrops and size charts.

One name stands for a group of them: its first picture carries the name itself, the next ones "name (2)",
"name (3)" …, and each can be withdrawn alone.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from desk.jobs.likeness import SURE
from desk.jobs.matching import Matched, match_files, reference_stages
from desk.jobs.pictures import FILE_LIMIT, walk
from desk.output import path_text
from storage.errors import RegistryError
from storage.records import Negative
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Added:
    """What was done. `known` are pictures that were there already; warnings stop nothing."""

    new: tuple[Negative, ...]
    known: tuple[Negative, ...]
    warnings: tuple[str, ...]


def add(
    store: Store, name: str, images: Sequence[Path], by: str, note: str = "", *, dry_run: bool = False
) -> Added:
    """All pictures are looked at first; then all are added, or none is. Adding one again changes nothing; one
    that was withdrawn is restored.

    Raises RegistryError: "unreadable_picture", "no_picture", "too_large", "registered" (identical bytes are
    registered for a twin).
    """
    _refuse_registered(store, images)
    found = list(match_files(images, store, reference_stages()))
    _refuse_unread(found)
    group = {one.sha256: one for one in grouped(store.bank.negatives(), name)}
    taken = {one.name for one in store.bank.negatives()}
    new: list[Negative] = []
    known: list[Negative] = []
    for one in found:
        if one.examination is None:
            continue
        there = group.get(one.examination.sha256)
        if there and there.withdrawn_at is None:
            known.append(there)
            continue
        kept = there.name if there else next(free for free in _names(name) if free not in taken)
        negative = Negative(kept, one.examination.sha256, by, note, datetime.now(UTC))
        taken.add(kept)
        group[negative.sha256] = negative
        new.append(negative)
        if not dry_run:
            store.media.put(one.path.read_bytes())
            store.bank.add_negative(negative)
            store.save_examination(one.examination)
    return Added(tuple(new), tuple(known), tuple(_warnings(found)))


def withdraw(store: Store, name: str) -> Sequence[Negative]:
    """Take a picture, or a whole group, out of the bank. Those that were withdrawn now. Raises RegistryError:
    "no_negative"."""
    now = datetime.now(UTC)
    return [one for one in _group(store, name) if store.bank.withdraw_negative(one.name, now)]


def restore(store: Store, name: str) -> Sequence[Negative]:
    """Put back what was withdrawn. Those that were put back now. Raises RegistryError: "no_negative"."""
    gone = [one for one in _group(store, name) if one.withdrawn_at is not None]
    for one in gone:
        store.bank.add_negative(Negative(one.name, one.sha256, one.added_by, one.note, one.added_at))
    return gone


def grouped(negatives: Sequence[Negative], name: str) -> list[Negative]:
    """The negatives that a name stands for: one alone, or all of a group."""
    member = re.compile(re.escape(name) + r"( \(\d+\))?")
    return [one for one in negatives if member.fullmatch(one.name)]


def _group(store: Store, name: str) -> list[Negative]:
    found = grouped(store.bank.negatives(), name)
    if not found:
        raise RegistryError(
            f"no negative is called {name!r} (`twinwatch negatives list`)", kind="no_negative", where=name
        )
    return found


def _names(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name} ({number})"
        number += 1


def _refuse_registered(store: Store, images: Sequence[Path]) -> None:
    """Before anything is decoded: what is registered, by its bytes, and what is too large."""
    twins = {one.sha256: one.twin for one in store.references() if one.withdrawn_at is None}
    for path, failure in walk(images):
        if failure is not None:
            continue
        where = path_text(path)
        if path.stat().st_size > FILE_LIMIT:
            raise RegistryError(f"{where}: larger than {FILE_LIMIT} bytes", kind="too_large", where=where)
        if twin := twins.get(hashlib.sha256(path.read_bytes()).hexdigest()):
            raise RegistryError(
                f"{where} is registered for {twin}: what must never match cannot be a twin's picture too "
                f'(`twinwatch twins withdraw "{twin}" --reference {where}` first, if it was a mistake)',
                kind="registered",
                where=where,
            )


def _refuse_unread(found: Sequence[Matched]) -> None:
    unread = [(one.path, one.failure) for one in found if one.failure is not None]
    if unread:
        reasons = "; ".join(f"{path_text(path)}: {failure.message}" for path, failure in unread)
        raise RegistryError(
            f"nothing was added, since not every picture can be read: {reasons}",
            kind="unreadable_picture",
            where=path_text(unread[0][0]),
        )
    if not found:
        raise RegistryError("nothing was added: no picture was found there", kind="no_picture")


def _warnings(found: Sequence[Matched]) -> Iterator[str]:
    for one in found:
        twins = {match.twin for match in one.conclusion.matches if match.kind in SURE}
        for twin in sorted(twins):
            yield (
                f"{path_text(one.path)}: looks like a picture registered for {twin}; as a negative it keeps "
                f"copies of that picture from being found"
            )
        if one.conclusion.too_little:
            yield f"{path_text(one.path)}: too little in it to be recognised again; exact copies only"
