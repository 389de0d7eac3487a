"""The registered pictures, searched by fingerprint: which of them may this picture show?

Three ways lead to a candidate: whole-picture hashes (all eight mirrored and turned forms), regions of the
picture beside crop tiles of the references, and votes of local features. None of them says copy: whatever can
be opened is laid on the picture (verify.py), and `conclude` joins both.

The bank is a cache: it is made from the store's entries, and its stamp names exactly what it was made of.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from detector.hashing import hashes, too_little
from detector.matching.alignment.verify import VERSION as VERIFY_VERSION
from detector.matching.candidate import Alignment, Candidate, Conclusion
from detector.matching.changes.altered import VERSION as ALTERED_VERSION
from detector.matching.conclusion import VERSION as CONCLUSION_VERSION
from detector.matching.conclusion import concluded
from detector.matching.local_features import local, local_reference
from detector.matching.parts import regions, tiles
from detector.matching.search.index import LOOSE, NEAR, SURE, LocalIndex
from detector.matching.search.shelves import Shelf, TileShelf, packed
from storage.handed import Handed
from storage.records import Box, Fingerprint, Negative, ReferenceImage

MATCHER_VERSION = f"2.{CONCLUSION_VERSION}.{VERIFY_VERSION}"
WHOLE = Box(0.0, 0.0, 1.0, 1.0)
IDENTICAL = "sha256"
REGIONS = "regions"
LOCAL = "local"
TILE_RADIUS = 56  # bits: 0 of 757,000 pairs were false (matching.md, section 3)
VOTES = 3  # features that one pose lays on each other, and what they weigh together (index.WEIGHTS):
WEIGHT = 1.4  # docs/benchmarks/matching-choosing.md, "Votes, weighed"
MOST = 16  # candidates of a picture or frame that are verified, strongest first;
LIGHT = 4  # of those with fewer than `SURE` votes the heaviest (likewise)

Entry = tuple[ReferenceImage, tuple[Fingerprint, ...]]
NegativeEntry = tuple[Negative, tuple[Fingerprint, ...]]


class Bank:
    """References and negatives with their fingerprints. `stamp` changes with the matcher and with anything a
    Match is made of."""

    def __init__(self, entries: Iterable[Entry], negatives: Iterable[NegativeEntry] = ()) -> None:
        self._entries = sorted(entries, key=lambda entry: (entry[0].twin, entry[0].sha256))
        self._negatives = sorted(negatives, key=lambda entry: (entry[0].name, entry[0].sha256))
        prints: dict[str, tuple[Fingerprint, ...]] = {}
        for reference, fingerprints in self._entries:
            prints.setdefault(reference.sha256, fingerprints)
        for negative, fingerprints in self._negatives:
            prints.setdefault(negative.sha256, fingerprints)
        self._sha256s = list(prints)
        kept = list(prints.values())
        self._shelves = [Shelf.of(name, module, kept) for name, module in hashes().items()]
        self._tiles = TileShelf(kept)
        self._local = LocalIndex([_features(fingerprints) for fingerprints in kept])
        self._known = set(prints)
        self._references: dict[str, tuple[ReferenceImage, ...]] = {}
        for reference, _ in self._entries:
            same = self._references.get(reference.sha256, ())
            self._references[reference.sha256] = (*same, reference)
        self._names = {negative.sha256: negative.name for negative, _ in self._negatives}
        self.stamp = _stamp(self._entries, self._negatives)

    def __len__(self) -> int:
        return len(self._entries)

    def candidates(self, fingerprints: Sequence[Fingerprint], sha256: str = "") -> tuple[Candidate, ...]:
        """Whatever the picture, or a frame of it, may show, strongest first: one a (reference, frame).
        `sha256` of the picture, where given, finds identical bytes even if they carry too little to hash."""
        identical = [Candidate(sha256, IDENTICAL, 0, 0, WHOLE)] if sha256 in self._known else []
        found = {(one.reference, one.at): one for one in identical}
        for at, frame in groupby(sorted(fingerprints, key=_second), key=_second):
            for one in self._in_frame(tuple(frame), None if at < 0 else at):
                found.setdefault((one.reference, one.at), one)
        return tuple(found.values())

    def marks(self, sha256: str) -> tuple[Box, ...] | None:
        """Where the marks of a registered picture stand, by whoever registered it. None: it is not registered
        (a negative is not)."""
        same = self._references.get(sha256)
        if same is None:
            return None
        return tuple(dict.fromkeys(one.mark_box for one in same if one.mark_box is not None))

    def conclude(
        self,
        candidates: Sequence[Candidate],
        alignments: Sequence[Alignment],
        frames: Collection[float | None] = (),
    ) -> Conclusion:
        """What candidates come to, with the alignments of those that could be opened. `frames`: all seconds
        of a video that were looked at."""
        return concluded(candidates, alignments, self._references, self._names, frames)

    def _in_frame(self, fingerprints: Sequence[Fingerprint], at: float | None) -> list[Candidate]:
        best: dict[str, Candidate] = {}
        for way in (self._by_hash, self._by_tile, self._by_features):
            for one in way(fingerprints, at):
                best.setdefault(one.reference, one)
        return list(best.values())[:MOST]

    def _by_hash(self, fingerprints: Sequence[Fingerprint], at: float | None) -> Iterator[Candidate]:
        found = []
        for shelf in self._shelves:
            module = shelf.module
            for place, bits, words in shelf.near(fingerprints):
                sure = module.COPY is not None and bits <= module.COPY
                threshold = (module.COPY if sure else module.LIKELY) or 0
                found.append(
                    (
                        not sure,
                        bits,
                        Candidate(self._sha256s[place], shelf.name, bits, threshold, WHOLE, words, at),
                    )
                )
        return (one for _, _, one in sorted(found, key=lambda one: one[:2]))

    def _by_tile(self, fingerprints: Sequence[Fingerprint], at: float | None) -> Iterator[Candidate]:
        asked = [(WHOLE, one.bits) for one in fingerprints if one.algorithm == "pdq" and not _poor(one)]
        kept = packed(fingerprints, regions.ALGORITHM, regions.ROW)
        asked += [row for one in kept for row in regions.unpack(one)]
        found = [
            Candidate(self._sha256s[place], REGIONS, bits, TILE_RADIUS, region, words, at)
            for region, hashed in asked
            if len(hashed) == tiles.HASH_BYTES
            for place, bits, words in self._tiles.near(hashed, TILE_RADIUS)
        ]
        return iter(sorted(found, key=lambda one: one.distance))

    def _by_features(self, fingerprints: Sequence[Fingerprint], at: float | None) -> Iterator[Candidate]:
        for one in packed(fingerprints, local.ALGORITHM, local.FEATURE):
            votes = self._local.votes(local.unpack(one)[: local.PICTURE_FEATURES], VOTES, WEIGHT)
            sure = votes.counts >= SURE
            light = ~sure & (votes.counts >= VOTES) & (votes.weights >= WEIGHT)
            heaviest = np.argsort(-votes.weights, kind="stable")
            told = {*heaviest[sure[heaviest]].tolist(), *heaviest[light[heaviest]][:LIGHT].tolist()}
            for place in (place for place in heaviest.tolist() if place in told):
                name = self._sha256s[int(votes.references[place])]
                yield Candidate(name, LOCAL, int(votes.counts[place]), VOTES, None, "", at)


def _second(fingerprint: Fingerprint) -> float:
    """-1 for a still picture: groups cannot be sorted by None."""
    return -1.0 if fingerprint.at is None else fingerprint.at


def _poor(fingerprint: Fingerprint) -> bool:
    return too_little((fingerprint,))


def _features(fingerprints: Sequence[Fingerprint]) -> local_reference.Features:
    for one in packed(fingerprints, local_reference.ALGORITHM, local_reference.REFERENCE_FEATURE):
        return local_reference.unpack(one)
    return local_reference.NONE


def _told(fingerprint: Fingerprint) -> tuple[object, ...]:
    """All of it that a match may rest on, its second in a film too."""
    return fingerprint.algorithm, fingerprint.bits, fingerprint.quality, fingerprint.at


def _stamp(entries: Sequence[Entry], negatives: Sequence[NegativeEntry]) -> str:
    """Covers every fingerprint of every entry, and every version and threshold that a conclusion rests on."""
    digest = hashlib.sha256()
    settings: Mapping[str, tuple[object, ...]] = {
        **{
            name: (module.VERSION, module.COPY, module.LIKELY, module.QUALITY_FLOOR)
            for name, module in hashes().items()
        },
        **{module.ALGORITHM: (module.VERSION,) for module in (local, local_reference, regions, tiles)},
        "search": (TILE_RADIUS, VOTES, WEIGHT, MOST, LIGHT, NEAR, LOOSE),
    }
    digest.update(repr((MATCHER_VERSION, sorted(settings.items()))).encode())
    for reference, fingerprints in entries:
        marked = reference.mark_box, reference.mark_placed.value
        # the words of a match say whether there ever was a picture
        without = (reference.handed.value,) if reference.handed is Handed.FINGERPRINTS else ()
        told = (reference.twin, reference.sha256, reference.kind.value, *marked, ALTERED_VERSION, *without)
        digest.update(repr(told).encode())
        digest.update(repr(sorted(map(_told, fingerprints), key=repr)).encode())
    for negative, fingerprints in negatives:
        digest.update(repr(("negative", negative.name, negative.sha256)).encode())
        digest.update(repr(sorted(map(_told, fingerprints), key=repr)).encode())
    return f"{MATCHER_VERSION}-{digest.hexdigest()[:32]}"
