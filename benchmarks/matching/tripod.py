"""Hard negatives made by hand: another cut-out before a pixel-identical backdrop, as from a tripod.

The reference is a photograph as it is. In the picture its garment is painted out and another garment, cut
from another photograph, stands in its place, at least as large. All that is left is backdrop.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.matching.split import Photo

Pixels = NDArray[np.uint8]  # (H, W, 3) RGB
Mask = NDArray[np.uint8]  # (H, W), 0 or 1

SMALLEST, LARGEST = 0.15, 0.6  # share of the picture that a cut-out may cover
SOLID = 0.45  # share of its own box that it fills at least: else the cut went wrong
MARGIN = 0.06  # share of each side that is surely backdrop


def trials(photos: Sequence[Photo], count: int) -> Iterator[tuple[str, str, bytes]]:
    """Reference name, name of the garment's photograph, and the made picture as JPEG 85."""
    given = ((photo, image, cut_out(image)) for photo in photos for image in [_opened(photo)])
    usable = ((photo, image, mask) for photo, image, mask in given if mask is not None)
    for _, scene, garment in zip(range(count), usable, usable, strict=False):
        data = BytesIO()
        Image.fromarray(swapped(scene[1], scene[2], garment[1], garment[2])).save(data, "JPEG", quality=85)
        yield scene[0].name, garment[0].name, data.getvalue()


def cut_out(image: Pixels) -> Mask | None:
    """uint8 (H, W), 1 where the thing in the middle is; None where none stands out from its backdrop."""
    small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    left, top = round(width * MARGIN), round(height * MARGIN)
    labels = np.zeros((height, width), np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(7)
    box = (left, top, width - 2 * left, height - 2 * top)
    cv2.grabCut(small, labels, box, *models, 4, cv2.GC_INIT_WITH_RECT)
    rough = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    opened = cv2.morphologyEx(rough, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, parts, numbers, _ = cv2.connectedComponentsWithStats(opened)
    if count < 2:
        return None
    largest = 1 + int(numbers[1:, cv2.CC_STAT_AREA].argmax())
    _, _, across, down, area = numbers[largest]
    if area < SOLID * across * down or not SMALLEST < area / labels.size < LARGEST:
        return None
    mask = cv2.resize((parts == largest).astype(np.float32), image.shape[1::-1]) > 0.5
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    return np.asarray(closed, np.uint8)


def swapped(scene: Pixels, gone: Mask, photo: Pixels, garment: Mask) -> Pixels:
    """The scene with its own garment painted out and the other's cut-out in its box, 5 % larger."""
    backdrop = cv2.inpaint(scene, cv2.dilate(gone, np.ones((9, 9), np.uint8)), 5, cv2.INPAINT_TELEA)
    left, top, width, height = cv2.boundingRect(gone)
    own_left, own_top, own_width, own_height = cv2.boundingRect(garment)
    middle = left + width / 2, top + height / 2
    across, down = 1.05 * width / own_width, 1.05 * height / own_height
    matrix = np.array(
        [
            [across, 0, middle[0] - across * (own_left + own_width / 2)],
            [0, down, middle[1] - down * (own_top + own_height / 2)],
        ]
    )
    size = scene.shape[1], scene.shape[0]
    edge = cv2.GaussianBlur(garment.astype(np.float32), (0, 0), 1)
    share = cv2.warpAffine(edge, matrix, size)[..., None]
    moved = cv2.warpAffine(photo, matrix, size)
    return np.asarray(moved * share + backdrop * (1 - share)).round().clip(0, 255).astype(np.uint8)


def _opened(photo: Photo) -> Pixels:
    with Image.open(photo.path) as image:
        return np.array(image.convert("RGB"))
