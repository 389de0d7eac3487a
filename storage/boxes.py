"""Where something is on a picture."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle as shares (0 to 1) of the picture's width and height, from the top left corner."""

    x: float
    y: float
    w: float
    h: float


class Placed(StrEnum):
    """Who said where the mark of a registered picture stands."""

    FOUND = "found"  # the program's reader of marks
    GIVEN = "given"  # a person
    UNKNOWN = "unknown"  # there is no box, or it was registered before this was kept
