"""Where something is on a picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle as shares (0 to 1) of the picture's width and height, from the top left corner."""

    x: float
    y: float
    w: float
    h: float
