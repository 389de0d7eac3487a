"""Reference hashes ready to be searched: whole pictures by each hash, and their crop tiles."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.hashing import TRANSFORMS, PictureHash, too_little
from detector.matching.parts import tiles
from storage.records import Fingerprint

Words = NDArray[np.uint64]  # (n, 4): 256 bits a row
Longs = NDArray[np.intp]
# Words of a tile that rule out nearly all: 192 bits of another picture's differ in 96 ± 7, more than any
TELLING = 3  # radius; of 128 bits, in 64 ± 6, a tenth of all would pass


@dataclass(frozen=True, slots=True)
class Shelf:
    """One hash of all references: `columns` (bits / 64, N), since sums over rows are slow, and whose each
    is."""

    name: str
    module: PictureHash
    columns: Words
    owners: Longs

    @classmethod
    def of(cls, name: str, module: PictureHash, entries: Sequence[tuple[Fingerprint, ...]]) -> "Shelf":
        rows: list[bytes] = []
        owners: list[int] = []
        for place, fingerprints in enumerate(entries):
            for one in believed(fingerprints, module):
                if one.algorithm == name and len(one.bits) * 8 == module.BITS:
                    rows.append(one.bits)
                    owners.append(place)
        words = as_words(b"".join(rows), len(rows)) if rows else np.zeros((0, 0), np.uint64)
        return cls(name, module, np.ascontiguousarray(words.T), np.array(owners, np.intp))

    def near(self, fingerprints: Sequence[Fingerprint]) -> Iterator[tuple[int, int, str]]:
        """(place of the reference, bits, what was done in words) of all within the module's widest threshold.
        The picture's forms are held against each reference as it was registered, so that a reference of which
        only one hash is known can be found mirrored or turned."""
        forms = _forms(self.name, self.module, believed(fingerprints, self.module))
        widest = max(self.module.COPY or 0, self.module.LIKELY or 0)
        if forms is None or not len(self.owners):
            return
        distances = np.stack([_apart(self.columns, form) for form in forms])
        # The negative of a form differs in all bits in which the form itself does not.
        distances = np.concatenate([distances, self.module.BITS - distances])
        nearest = distances.argmin(axis=0)
        for row in np.flatnonzero(distances.min(axis=0) <= widest):
            form = int(nearest[row])
            words = _in_words(form % len(forms), inverted=form >= len(forms))
            yield int(self.owners[row]), int(distances[form, row]), words


class TileShelf:
    """The tiles of all references, each as it is and mirrored."""

    def __init__(self, entries: Sequence[tuple[Fingerprint, ...]]) -> None:
        kept = [
            (place, np.frombuffer(one.bits, tiles.TILE))
            for place, fingerprints in enumerate(entries)
            for one in packed(fingerprints, tiles.ALGORITHM, tiles.TILE)
        ]
        rows = np.concatenate([rows for _, rows in kept] or [np.zeros(0, tiles.TILE)])
        self._owners = np.repeat([place for place, _ in kept] or [0], [len(rows) for _, rows in kept] or [0])
        self._words = np.ascontiguousarray(rows["hashes"]).view(np.uint64).reshape(-1, 4)
        self._telling = np.ascontiguousarray(self._words[:, :TELLING].T)

    def near(self, hashed: bytes, radius: int) -> Iterator[tuple[int, int, str]]:
        """(place of the reference, bits, "" or "mirrored") of all within the radius, each reference once."""
        if not len(self._words):
            return
        query = np.frombuffer(hashed, np.uint64)
        # The last word is read of what is left alone.
        rows = np.flatnonzero(_apart(self._telling, query[:TELLING]) <= radius)
        bits = np.bitwise_count(self._words[rows] ^ query).sum(axis=1)
        told: set[int] = set()
        for at in np.argsort(bits, kind="stable"):
            place = int(self._owners[rows[at] // 2])
            if bits[at] > radius:
                return
            if place not in told:
                told.add(place)
                yield place, int(bits[at]), "mirrored" if rows[at] % 2 else ""


def _apart(columns: Words, bits: Words) -> NDArray[np.uint16]:
    """In how many bits each of N rows, given as uint64 (words, N), differs from (words,)."""
    apart = np.zeros(columns.shape[1], np.uint16)
    for column, word in zip(columns, bits, strict=True):
        apart += np.bitwise_count(column ^ word)
    return apart


def believed(fingerprints: Sequence[Fingerprint], module: PictureHash) -> Sequence[Fingerprint]:
    """Without those of a picture, or a frame, that carries too little. A hash that measures no quality needs
    one that does beside it."""
    kept: list[Fingerprint] = []
    for at in dict.fromkeys(one.at for one in fingerprints):
        frame = [one for one in fingerprints if one.at == at]
        measured = any(one.quality is not None for one in frame)
        if not too_little(frame) and (module.QUALITY_FLOOR is not None or measured):
            kept += frame
    return kept


def packed(
    fingerprints: Iterable[Fingerprint], algorithm: str, row: np.dtype[np.void]
) -> Iterator[Fingerprint]:
    """Those of this algorithm whose bytes are a whole number of rows. What was damaged, or kept by an older
    version, is passed over as a hash of another length is: until the next pass makes it anew, the picture is
    found by whatever else is known of it."""
    return (one for one in fingerprints if one.algorithm == algorithm and len(one.bits) % row.itemsize == 0)


def as_words(bits: bytes, rows: int) -> Words:
    return np.frombuffer(bits, np.uint64).reshape(rows, -1)


def _forms(name: str, module: PictureHash, fingerprints: Sequence[Fingerprint]) -> Words | None:
    """uint64 (8 or 1, bits / 64): the picture's hash in every form, or as it is where the forms were not
    kept."""
    known = {one.algorithm: one.bits for one in fingerprints}
    for algorithm, rows in ((f"{name}/forms", len(TRANSFORMS)), (name, 1)):
        bits = known.get(algorithm, b"")
        if len(bits) * 8 == rows * module.BITS:
            return as_words(bits, rows)
    return None


def _in_words(form: int, *, inverted: bool) -> str:
    """What was done to the reference. A negative has every coefficient, so every bit, the other way round."""
    words = TRANSFORMS[form]
    if not inverted:
        return words
    return f"{words}, colours inverted" if words else "colours inverted"
