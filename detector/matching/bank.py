"""The registered pictures, searched by fingerprint: which of them is this picture a copy of?

Exact brute force over all references (numpy bitwise_count: 1,400 queries a second over 100,000 hashes,
matching.md section 5). The picture's eight forms are held against each reference as it was registered, so a
reference of which only one hash is known can be found too, mirrored or turned.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.hashing import TRANSFORMS, PictureHash, hashes, too_little
from storage.records import Box, Fingerprint, Match, MatchKind, ReferenceImage

MATCHER_VERSION = "1"
WHOLE = Box(0.0, 0.0, 1.0, 1.0)
IDENTICAL = "sha256"
_KINDS = list(MatchKind)  # surest first
Words = NDArray[np.uint64]

Entry = tuple[ReferenceImage, tuple[Fingerprint, ...]]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """All references' hashes by one algorithm: `words` uint64 (N, bits / 64), and whose each row is."""

    words: Words
    owners: NDArray[np.intp]


class Bank:
    """References with their fingerprints. `stamp` changes with the matcher and with anything a Match is made
    of."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = sorted(entries, key=lambda entry: (entry[0].twin, entry[0].sha256))
        self._shelves = {name: _shelf(name, module, self._entries) for name, module in hashes().items()}
        self._places: dict[str, list[int]] = {}
        for place, (reference, _) in enumerate(self._entries):
            self._places.setdefault(reference.sha256, []).append(place)
        self.stamp = _stamp(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def match(self, fingerprints: Sequence[Fingerprint], sha256: str = "") -> tuple[Match, ...]:
        """The best match with each reference, surest and nearest first. `sha256` of the picture, where given,
        finds identical bytes even if they carry too little to hash."""
        best: dict[int, Match] = {}
        for place in self._places.get(sha256, ()):
            best[place] = self._identical(place)
        for name, module in hashes().items():
            for place, match in self._by_hash(name, module, _believed(fingerprints, module)):
                if place not in best or _order(match) < _order(best[place]):
                    best[place] = match
        return tuple(sorted(best.values(), key=_order))

    def _identical(self, place: int) -> Match:
        reference = self._entries[place][0]
        return Match(
            reference=reference.sha256,
            kind=MatchKind.COPY,
            algorithm=IDENTICAL,
            distance=0,
            threshold=0,
            twin=reference.twin,
            reference_kind=reference.kind,
            region=WHOLE,
            overlap=1.0,
        )

    def _by_hash(
        self, name: str, module: PictureHash, fingerprints: Sequence[Fingerprint]
    ) -> Iterable[tuple[int, Match]]:
        shelf = self._shelves[name]
        forms = _forms(name, module, fingerprints)
        widest = max(module.COPY or 0, module.LIKELY or 0)
        if forms is None or not len(shelf.owners):
            return
        distances = np.stack([np.bitwise_count(shelf.words ^ form).sum(axis=1) for form in (*forms, *~forms)])
        nearest = distances.argmin(axis=0)
        for row in np.flatnonzero(distances.min(axis=0) <= widest):
            form = int(nearest[row])
            place = int(shelf.owners[row])
            transform = _in_words(form % len(forms), inverted=form >= len(forms))
            yield place, self._near(place, module, int(distances[form, row]), transform)

    def _near(self, place: int, module: PictureHash, distance: int, transform: str) -> Match:
        """A whole-picture hash says that the whole is there, but measures no overlap and no inliers."""
        reference = self._entries[place][0]
        sure = module.COPY is not None and distance <= module.COPY
        threshold = module.COPY if sure else module.LIKELY
        return Match(
            reference=reference.sha256,
            kind=MatchKind.COPY if sure else MatchKind.LIKELY_COPY,
            algorithm=module.ALGORITHM,
            distance=distance,
            threshold=threshold or 0,
            twin=reference.twin,
            reference_kind=reference.kind,
            region=WHOLE,
            transform=transform,
        )


def _in_words(form: int, *, inverted: bool) -> str:
    """What was done to the reference. A negative has every coefficient, so every bit, the other way round."""
    words = TRANSFORMS[form]
    if not inverted:
        return words
    return f"{words}, colours inverted" if words else "colours inverted"


def _order(match: Match) -> tuple[int, float, str, str]:
    return _KINDS.index(match.kind), match.distance, match.twin, match.reference


def _shelf(name: str, module: PictureHash, entries: Sequence[Entry]) -> _Shelf:
    rows: list[bytes] = []
    owners: list[int] = []
    for place, (_, fingerprints) in enumerate(entries):
        for one in _believed(fingerprints, module):
            if one.algorithm == name and len(one.bits) * 8 == module.BITS:
                rows.append(one.bits)
                owners.append(place)
    words = _words(b"".join(rows), len(rows)) if rows else np.zeros((0, 0), np.uint64)
    return _Shelf(words, np.array(owners, np.intp))


def _believed(fingerprints: Sequence[Fingerprint], module: PictureHash) -> Sequence[Fingerprint]:
    """None where the picture carries too little. A hash that measures no quality needs one that does beside
    it."""
    measured = any(one.quality is not None for one in fingerprints)
    if too_little(fingerprints) or (module.QUALITY_FLOOR is None and not measured):
        return ()
    return fingerprints


def _forms(name: str, module: PictureHash, fingerprints: Sequence[Fingerprint]) -> Words | None:
    """uint64 (8 or 1, bits / 64): the picture's hash in every form, or as it is where the forms were not
    kept."""
    known = {one.algorithm: one.bits for one in fingerprints}
    for algorithm, rows in ((f"{name}/forms", len(TRANSFORMS)), (name, 1)):
        bits = known.get(algorithm, b"")
        if len(bits) * 8 == rows * module.BITS:
            return _words(bits, rows)
    return None


def _words(bits: bytes, rows: int) -> Words:
    return np.frombuffer(bits, np.uint64).reshape(rows, -1)


def _stamp(entries: Sequence[Entry]) -> str:
    digest = hashlib.sha256()
    settings: Mapping[str, tuple[object, ...]] = {
        name: (module.VERSION, module.COPY, module.LIKELY, module.QUALITY_FLOOR)
        for name, module in hashes().items()
    }
    digest.update(repr((MATCHER_VERSION, sorted(settings.items()))).encode())
    for reference, fingerprints in entries:
        digest.update(repr((reference.twin, reference.sha256, reference.kind.value)).encode())
        for one in sorted(fingerprints, key=lambda one: (one.algorithm, one.bits)):
            digest.update(repr((one.algorithm, one.bits, one.quality)).encode())
    return f"{MATCHER_VERSION}-{digest.hexdigest()[:32]}"
