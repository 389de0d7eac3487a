"""Ways in which a region of a photograph is replaced so that nobody should notice: the positives of the
benchmark of altered copies.

Each takes the photograph, another one and dice, and gives the new pixels with the mask of what it meant to
change. What really changed is measured afterwards (`altered.py`): a white wall put in the place of a white
wall is no change.
"""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

Dice = np.random.Generator
Pixels = NDArray[np.uint8]  # (H, W, 3) RGB
Soft = NDArray[np.float32]  # (H, W), 0 to 1
Replaced = tuple[Pixels, Soft]
Replace = Callable[[Pixels, Pixels, Dice], Replaced]

GRABCUT_ROUNDS = 4
SMALL = 240  # px, long edge on which GrabCut works


def patch_feathered(photo: Pixels, other: Pixels, dice: Dice) -> Replaced:
    """Another photograph's patch, its edge blended over a few px."""
    mask = _feathered(_blob(photo, dice, dice.uniform(0.05, 0.28)), dice.uniform(0.006, 0.02))
    return _blend(photo, _fitted(other, photo), mask), mask


def patch_seamless(photo: Pixels, other: Pixels, dice: Dice) -> Replaced:
    """The same, its colours drawn towards what surrounds it (Poisson)."""
    mask = _blob(photo, dice, dice.uniform(0.05, 0.28))
    return _cloned(photo, _fitted(other, photo), mask), mask


def removed_inpainted(photo: Pixels, other: Pixels, dice: Dice) -> Replaced:
    """Something painted over with what surrounds it."""
    mask = _blob(photo, dice, dice.uniform(0.04, 0.12))
    way = (cv2.INPAINT_TELEA, cv2.INPAINT_NS)[int(dice.integers(2))]
    filled = np.asarray(cv2.inpaint(photo, (mask > 0.5).astype(np.uint8), 5, way), np.float32)
    grain = dice.normal(0, dice.uniform(0.5, 3), photo.shape)
    return _blend(photo, _bytes(filled + grain), _feathered(mask, 0.004)), mask


def removed_cloned(photo: Pixels, other: Pixels, dice: Dice) -> Replaced:
    """Something covered with another part of the same photograph (a clone stamp)."""
    mask = _blob(photo, dice, dice.uniform(0.05, 0.18))
    high, wide = photo.shape[:2]
    across, down = dice.uniform(0.2, 0.45, 2) * (wide, high) * dice.choice((-1, 1), 2)
    moved = cv2.warpAffine(
        photo,
        np.array([[1, 0, across], [0, 1, down]], np.float64),
        (wide, high),
        borderMode=cv2.BORDER_REFLECT,
    )
    return _cloned(photo, np.asarray(moved, np.uint8), mask), mask


def garment_recoloured(photo: Pixels, other: Pixels, dice: Dice) -> Replaced:
    """The thing in the middle in another colour, its folds kept."""
    mask = _feathered(cut_out(photo), 0.004)
    lab = np.asarray(cv2.cvtColor(photo, cv2.COLOR_RGB2LAB), np.float32)
    angle, strength = dice.uniform(0, 2 * np.pi), dice.uniform(30, 60)
    lab[..., 0] = (lab[..., 0] + dice.uniform(-40, 40)).clip(0, 255)
    lab[..., 1] += strength * np.cos(angle)
    lab[..., 2] += strength * np.sin(angle)
    dyed = np.asarray(cv2.cvtColor(_bytes(lab), cv2.COLOR_LAB2RGB), np.uint8)
    return _blend(photo, dyed, mask), mask


def garment_retextured(photo: Pixels, other: Pixels, dice: Dice) -> Replaced:
    """The thing in the middle in another cloth: a pattern out of another photograph, shaded as the thing."""
    mask = _feathered(cut_out(photo), 0.004)
    grey = np.asarray(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), np.float32)
    shade = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.01 * max(photo.shape[:2])), np.float32)
    there = shade[mask > 0.5]
    usual = max(float(there.mean()) if len(there) else 1.0, 1.0)
    cloth = _fitted(other, photo).astype(np.float32) * (shade / usual)[..., None]
    return _blend(photo, _bytes(cloth), mask), mask


def face_swapped(photo: Pixels, other: Pixels, dice: Dice) -> Replaced:
    """An ellipse where a face would be, with what is there in another photograph."""
    high, wide = photo.shape[:2]
    share = dice.uniform(0.035, 0.08)
    tall = float(np.sqrt(share * high * wide / np.pi * 1.3))
    mask = np.zeros((high, wide), np.float32)
    place = (round(wide * dice.uniform(0.4, 0.6)), round(high * dice.uniform(0.15, 0.4)))
    cv2.ellipse(mask, place, (round(tall / 1.3), round(tall)), float(dice.uniform(-10, 10)), 0, 360, 1.0, -1)
    face = _fitted(other, photo)
    if dice.random() < 0.5:
        return _cloned(photo, face, mask), mask
    soft = _feathered(mask, dice.uniform(0.006, 0.015))
    return _blend(photo, _toned(face, photo, soft), soft), soft


def background_swapped(photo: Pixels, other: Pixels, dice: Dice) -> Replaced:
    """What is behind the thing in the middle: another photograph, or a wall in another colour."""
    behind = 1 - cut_out(photo)
    behind = behind * _half(behind, dice)
    mask = _feathered(behind, 0.004)
    if dice.random() < 0.6:
        blur = dice.uniform(0.001, 0.01) * max(photo.shape[:2])
        far = np.asarray(cv2.GaussianBlur(_fitted(other, photo), (0, 0), blur), np.uint8)
        return _blend(photo, far, mask), mask
    shades = dice.uniform(60, 230, (2, 3)).astype(np.float32)
    shades[1] = (shades[0] + dice.uniform(-30, 30, 3)).clip(0, 255)
    down = np.linspace(0, 1, photo.shape[0], dtype=np.float32)[:, None, None]
    wall = np.repeat(shades[0] * (1 - down) + shades[1] * down, photo.shape[1], axis=1)
    return _blend(photo, _bytes(wall + dice.normal(0, 2, photo.shape)), mask), mask


REPLACING: Mapping[str, Replace] = {
    "another's patch, feathered": patch_feathered,
    "another's patch, seamless": patch_seamless,
    "removed, inpainted": removed_inpainted,
    "removed, cloned over": removed_cloned,
    "garment recoloured": garment_recoloured,
    "garment retextured": garment_retextured,
    "face swapped": face_swapped,
    "background swapped": background_swapped,
}


LEAST, MOST = 0.03, 0.30  # of the picture that really changes


def really_changed(before: Pixels, after: Pixels) -> NDArray[np.bool_]:
    """Where a viewer sees another thing: by 12 of 255 and more over a few px, holes filled."""
    apart = np.abs(before.astype(np.float32) - after.astype(np.float32)).mean(axis=2)
    wide = max(3, round(0.012 * max(before.shape[:2])) | 1)
    seen = (cv2.blur(apart, (wide, wide)) >= 12).astype(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
    return np.asarray(cv2.morphologyEx(seen, cv2.MORPH_CLOSE, kernel) > 0)


def _blob(photo: Pixels, dice: Dice, share: float) -> Soft:
    """An ellipse, a rounded rectangle or something in between, with about this share of the area."""
    high, wide = photo.shape[:2]
    longer = dice.uniform(0.6, 1.6)
    across = float(np.sqrt(share * wide * high * longer))
    down = min(share * wide * high / across, 0.9 * high)
    across = min(across, 0.9 * wide)
    left, top = dice.uniform(0.02, 0.98, 2) * (wide - across, high - down)
    x = (np.arange(wide, dtype=np.float32)[None] - left - across / 2) / (across / 2)
    y = (np.arange(high, dtype=np.float32)[:, None] - top - down / 2) / (down / 2)
    power = dice.uniform(2, 6)
    wobble = 1 + 0.12 * np.sin(3 * np.arctan2(y, x) + dice.uniform(0, 6))
    return np.asarray((np.abs(x) ** power + np.abs(y) ** power) < wobble, np.float32)


def cut_out(photo: Pixels) -> Soft:
    """What stands in the middle (GrabCut, on a small copy)."""
    share = min(1.0, SMALL / max(photo.shape[:2]))
    size = (round(photo.shape[1] * share), round(photo.shape[0] * share))
    small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    high, wide = small.shape[:2]
    mask = np.zeros((high, wide), np.uint8)
    rectangle = (round(wide * 0.12), round(high * 0.08), round(wide * 0.76), round(high * 0.84))
    cv2.setRNGSeed(1)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(small, mask, rectangle, *models, GRABCUT_ROUNDS, cv2.GC_INIT_WITH_RECT)
    rough = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    front = cv2.morphologyEx(cv2.morphologyEx(rough, cv2.MORPH_OPEN, kernel), cv2.MORPH_CLOSE, kernel)
    count, names, stats, _ = cv2.connectedComponentsWithStats(front)
    if count < 2:
        return np.zeros(photo.shape[:2], np.float32)
    largest = np.asarray(names == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()), np.float32)
    grown = cv2.resize(largest, photo.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown > 0.5, np.float32)


def _half(behind: Soft, dice: Dice) -> Soft:
    """All of it where that is little; else one side of it, up to 28 % of the picture, going over softly."""
    if behind.mean() <= 0.28:
        return np.ones_like(behind)
    high, wide = behind.shape
    angle = dice.uniform(0, 2 * np.pi)
    far = np.cos(angle) * np.arange(wide)[None] / wide + np.sin(angle) * np.arange(high)[:, None] / high
    keep = dice.uniform(0.08, 0.28) / float(behind.mean())
    one_side = np.asarray(far <= np.quantile(far[behind > 0.5], keep), np.float32)
    return _feathered(one_side, dice.uniform(0.02, 0.04))


def _fitted(other: Pixels, photo: Pixels) -> Pixels:
    return np.asarray(cv2.resize(other, photo.shape[1::-1], interpolation=cv2.INTER_AREA), np.uint8)


def _feathered(mask: Soft, share: float) -> Soft:
    sigma = max(0.6, share * max(mask.shape))
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), sigma), np.float32)


def _cloned(photo: Pixels, other: Pixels, mask: Soft) -> Pixels:
    binary = (mask > 0.5).astype(np.uint8) * 255
    binary[[0, -1], :], binary[:, [0, -1]] = 0, 0
    left, top, wide, high = cv2.boundingRect(binary)
    if min(wide, high) < 4:
        return photo
    middle = (left + wide // 2, top + high // 2)
    return np.asarray(cv2.seamlessClone(other, photo, binary, middle, cv2.NORMAL_CLONE), np.uint8)


def _toned(face: Pixels, photo: Pixels, mask: Soft) -> Pixels:
    """In the place's own mean colour and contrast."""
    there = mask > 0.5
    theirs, mine = face[there].astype(np.float32), photo[there].astype(np.float32)
    gain = (mine.std(axis=0) / np.maximum(theirs.std(axis=0), 1)).clip(0.5, 2)
    return _bytes((face.astype(np.float32) - theirs.mean(axis=0)) * gain + mine.mean(axis=0))


def _blend(under: Pixels, over: Pixels, mask: Soft) -> Pixels:
    weight = mask[..., None]
    return _bytes(under * (1 - weight) + over * weight)


def _bytes(pixels: NDArray[np.floating]) -> Pixels:
    return np.asarray(np.rint(pixels).clip(0, 255), np.uint8)
