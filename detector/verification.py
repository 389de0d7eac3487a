"""Verifying, as it is done inside a worker: the picture is decoded once, and each reference's preparation,
which is dear, is kept for the next picture."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Generic, TypeVar

import cv2
import numpy as np

from detector.matching.alignment.verify import (
    PICTURE_EDGE,
    REFERENCE_EDGE,
    Prepared,
    compare,
    prepare_picture,
    prepare_reference,
    reference_features,
)
from detector.matching.candidate import Alignment
from detector.matching.changes.altered import looked_at_closely
from detector.matching.local_features.features import Packed
from detector.pictures import damaged
from detector.pictures.complaints import damage_in
from detector.pictures.opened import failure_of, printable, small_frames, small_rgb
from detector.pictures.plain_files import plain_bytes
from detector.processes.jobs import Reference, second
from storage.boxes import Box
from storage.errors import PictureError
from storage.records import Failure

KEPT_BYTES = 64 * 1024 * 1024  # of prepared references a worker: about fifty, of 1.2 MB each
FEATURES_BYTES = 128 * 1024 * 1024  # of their features alone: those of about 1,100
Kept = TypeVar("Kept")


class _LastUsed(Generic[Kept]):
    """By SHA-256, as many as fit into so many bytes, and one at least."""

    def __init__(self, most: int, size: Callable[[Kept], int]) -> None:
        self._most, self._size = most, size
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        self._kept.clear()
        self.bytes = 0

    def get(self, sha256: str) -> Kept | None:
        if sha256 in self._kept:
            self._kept.move_to_end(sha256)
        return self._kept.get(sha256)

    def keep(self, sha256: str, one: Kept) -> None:
        self._kept[sha256] = one
        self.bytes += self._size(one)
        while self.bytes > self._most and len(self._kept) > 1:
            self.bytes -= self._size(self._kept.popitem(last=False)[1])


class PreparedReferences:
    """Those used last, by their SHA-256; of many more their features, which take ten times as long to find as
    the picture takes to decode. `bytes`: what they take in memory."""

    def __init__(self, most: int = KEPT_BYTES, features: int = FEATURES_BYTES) -> None:
        self._whole = _LastUsed[Prepared](most, _bytes)
        self._features = _LastUsed[Packed](features, lambda one: one.nbytes)

    def __len__(self) -> int:
        return len(self._whole)

    @property
    def bytes(self) -> int:
        return self._whole.bytes + self._features.bytes

    def clear(self) -> None:
        self._whole.clear()
        self._features.clear()

    def get(self, sha256: str, path: Path) -> Prepared:
        """Raises PictureError where it cannot be decoded."""
        if (whole := self._whole.get(sha256)) is not None:
            return whole
        pixels = small_rgb(path, REFERENCE_EDGE).pixels
        features = self._features.get(sha256)
        if features is None:
            features = reference_features(pixels)
            self._features.keep(sha256, features)
        made = prepare_reference(pixels, features)
        self._whole.keep(sha256, made)
        return made


def verified(
    picture: Path,
    references: Sequence[Reference],
    kept: PreparedReferences,
    closely: Mapping[str, Sequence[Box]] | None = None,
) -> tuple[tuple[Alignment, ...], Failure | None]:
    """An alignment for each reference, frame by frame as time goes, unless the picture itself (or a frame of
    it) cannot be decoded: then those that could be made before, and why. `closely`: those of which it is
    asked what was done to them, with the places of their marks."""
    alignments: list[Alignment] = []
    stills: list[Prepared] = []
    ats = sorted({at for _, _, at in references}, key=second)
    try:
        for at, frame in zip(ats, small_frames(picture, PICTURE_EDGE, ats), strict=True):
            prepared = prepare_picture(frame.pixels)
            stills += [prepared] if at is None else []
            for sha256, path, beside in references:
                if beside == at:
                    marks = (closely or {}).get(sha256)
                    alignments.append(_beside(prepared, (sha256, path, at), kept, marks))
    except PictureError as error:
        return tuple(alignments), failure_of(error, picture)
    return tuple(_with_damage(alignments, stills, picture, references, kept)), None


def _with_damage(
    alignments: Sequence[Alignment],
    stills: Sequence[Prepared],
    picture: Path,
    references: Sequence[Reference],
    kept: PreparedReferences,
) -> Sequence[Alignment]:
    """With what damage in the file means for those that are no copies."""
    if not stills or not any(map(damaged.suspected, alignments)) or not _is_damaged(picture):
        return alignments
    paths = {sha256: path for sha256, path, _ in references}
    told = []
    for one in alignments:
        said = one
        with suppress(PictureError):  # the registered picture was there a moment ago
            if damaged.suspected(one):
                said = damaged.told(one, stills[0], kept.get(one.reference, paths[one.reference]))
        told.append(said)
    return told


def _is_damaged(picture: Path) -> bool:
    with suppress(OSError):  # it was there a moment ago
        return bool(damage_in(plain_bytes(picture)))
    return False


def _beside(
    picture: Prepared, beside: Reference, kept: PreparedReferences, marks: Sequence[Box] | None
) -> Alignment:
    sha256, path, at = beside
    try:
        reference = kept.get(sha256, path)
    except PictureError as error:
        why = failure_of(error, path).message
        return Alignment(sha256, None, f"the registered picture cannot be decoded: {why}", at)
    try:
        alignment = compare(picture, sha256, replace(reference, marks=tuple(marks or ())), at)
    except (cv2.error, np.linalg.LinAlgError, ValueError) as error:  # wild geometry of wild pictures
        words = f"{type(error).__name__}: {error}"
        return Alignment(sha256, None, f"comparing them failed: {printable(words)}", at)
    if marks is None:
        return alignment
    with suppress(cv2.error, np.linalg.LinAlgError, ValueError):  # likewise; it is a copy all the same
        return looked_at_closely(picture.pixels, reference.pixels, alignment, marks)
    return alignment


def _bytes(prepared: Prepared) -> int:
    """What it takes in memory."""
    points = prepared.points
    arrays = (prepared.pixels, points.places, points.angles, points.sizes, points.descriptors)
    return sum(array.nbytes for array in arrays)
