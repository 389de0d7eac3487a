"""Lines that belong together: a label in two lines, or one that OCR took for two pieces."""

from collections.abc import Iterable

from detector.onimage.ocr import Line
from storage.records import Box

ALIKE = 1.7  # letters of one label differ in height by this factor at most
BELOW = 1.0  # heights between two lines at most
BESIDE = 1.5  # heights between two words at most

Block = tuple[Line, ...]


def blocks(lines: Iterable[Line]) -> tuple[Block, ...]:
    """Each line in one block, in the order in which it is read."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.place.box.y):
        near = [block for block in found if any(_together(line, other) for other in block)]
        rest = [block for block in found if not any(block is one for one in near)]
        found = [*rest, [*(other for block in near for other in block), line]]
    return tuple(_in_rows(block) for block in found)


def around(lines: Iterable[Line]) -> Box:
    """The rectangle that holds them all."""
    boxes = [line.place.box for line in lines]
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.w for box in boxes), max(box.y + box.h for box in boxes)
    return Box(left, top, right - left, bottom - top)


def _together(one: Line, other: Line) -> bool:
    """Below each other, or beside each other in one row."""
    heights = sorted((one.place.height, other.place.height))
    if heights[1] > ALIKE * heights[0]:
        return False
    across, along = _gap(one, other, 1), _gap(one, other, 0)
    height = heights[1]
    return (along < 0 and across < BELOW * height) or (across < -0.5 * heights[0] and along < BESIDE * height)


def _gap(one: Line, other: Line, axis: int) -> float:
    """px between two lines along x (0) or y (1); below 0 they overlap by so many."""
    first, second = one.place.corners[:, axis], other.place.corners[:, axis]
    return float(max(first.min(), second.min()) - min(first.max(), second.max()))


def _in_rows(block: list[Line]) -> Block:
    """From top to bottom, and within a row from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(block, key=_middle):
        if rows and _middle(line) - _middle(rows[-1][0]) < 0.5 * line.place.height:
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda line: line.place.box.x))


def _middle(line: Line) -> float:
    return float(line.place.corners[:, 1].mean())
