"""Whose picture is this? A picture of another twin, or one that must never match, was hardly meant to be
registered for this one: that is warned of, and stops nothing.

Few pictures are laid on what the bank brings up, as collected ones are. Of a list only the hashes of the
whole are compared (recompressed, resized, recoloured, mirrored, turned; not cropped): laying each on what
chance brings up would take several times as long as all the rest.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desk.jobs.looked_at import HASHES
from desk.jobs.matching import FileToMatch, Matcher, as_reference, kept_in
from detector.hashing import hashes
from detector.matching.search.bank import Bank
from detector.matching.search.shelves import Shelf
from detector.processes.workers import Workers
from storage.doors.roster import Examined
from storage.records import MatchKind, ReferenceKind
from storage.store import Store

AS_REAL = ", as a real person's picture and not AI: a use of it must not be called AI"
FEW = 64  # pictures that are laid on what they may show: some seconds
SURE = (MatchKind.COPY, MatchKind.LIKELY_COPY, MatchKind.FINGERPRINT_ONLY)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A picture that is new in the registry. `said`: how a message calls it."""

    twin: str
    path: Path
    said: str
    known: Examined


def like_others(store: Store, newcomers: Sequence[Newcomer], *, closely: bool) -> Iterator[str]:
    """A sentence for each newcomer and each other twin, or negative, that it looks like. `closely`: all
    that a match may rest on, for few; it needs their fingerprints in the store."""
    yield from _closely(store, newcomers) if closely else _by_hash(store, newcomers)


def _closely(store: Store, newcomers: Sequence[Newcomer]) -> Iterator[str]:
    """All are of one twin."""
    real = of_real_people(store)
    own = {one.twin for one in newcomers}
    others = [entry for entry in store.bank_entries() if entry[0].twin not in own]
    sought = [(as_reference(negative), prints) for negative, prints in store.bank.negative_entries()]
    negatives = {entry[0].twin for entry in sought}
    prints = store.fingerprints([one.known.sha256 for one in newcomers])
    files = {
        one.known.sha256: FileToMatch(one.known.sha256, prints.get(one.known.sha256, ()), one.path)
        for one in newcomers
    }
    with Workers() as workers:
        matcher = Matcher(Bank([*others, *sought]), kept_in(store), workers)
        found = {file.sha256: conclusion.matches for file, conclusion in matcher.match(files.values())}
    for one in newcomers:
        matches = found.get(one.known.sha256, ())
        for other in sorted({match.twin for match in matches if match.kind in SURE}):
            yield _sentence(one, other, negative=other in negatives, real=real)


def _by_hash(store: Store, newcomers: Sequence[Newcomer]) -> Iterator[str]:
    """Each beside what is registered and beside the newcomers before it."""
    real = of_real_people(store)
    registered = [(one.twin, one.sha256) for one in store.references() if one.withdrawn_at is None]
    negatives = [
        (as_reference(one).twin, one.sha256) for one in store.bank.negatives() if one.withdrawn_at is None
    ]
    known = store.roster.hashes_of([sha256 for _, sha256 in (*registered, *negatives)], HASHES)
    rows = [(twin, sha256, known.get(sha256, ())) for twin, sha256 in (*registered, *negatives)]
    first = len(rows)
    rows += [(one.twin, one.known.sha256, one.known.hashes) for one in newcomers]
    shelves = [Shelf.of(name, module, [prints for _, _, prints in rows]) for name, module in hashes().items()]
    same: dict[str, set[str]] = {}
    for twin, sha256, _ in rows[:first]:
        same.setdefault(sha256, set()).add(twin)
    for place, one in enumerate(newcomers, start=first):
        found = set(same.get(one.known.sha256, ()))
        for shelf in shelves:
            near = shelf.near(one.known.hashes)
            copy = shelf.module.COPY or 0
            found |= {rows[other][0] for other, bits, _ in near if bits <= copy and other < place}
        same.setdefault(one.known.sha256, set()).add(one.twin)
        for other in sorted(found - {one.twin}):
            yield _sentence(one, other, negative=other.startswith("\0"), real=real)


def of_real_people(store: Store) -> frozenset[str]:
    """Those whose pictures are registered as not AI: to register one of these as a twin accuses falsely."""
    return frozenset(one.name for one in store.twins() if one.kind is ReferenceKind.HUMAN_ORIGINAL)


def _sentence(one: Newcomer, other: str, *, negative: bool, real: Collection[str]) -> str:
    if negative:
        return f"{one.said}: looks like a picture that must never match (negative {other[1:]})"
    return f"{one.said}: looks like a picture registered for {other}{AS_REAL if other in real else ''}"
