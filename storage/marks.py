"""A mark that a user registered, as it is kept: its file's digest, and what was found drawn on it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RegisteredMark:
    """`says` is what it tells people, `letters` what must be read within it ("": it is not made of letters).
    `grey` and `alpha` are `height` rows of `width` bytes: its luminance, and how much it covers, 0 to 255.
    `see_through`: the file had transparency. `withdrawn_at`: since then it is not looked for."""

    name: str
    sha256: str
    says: str
    letters: str
    width: int
    height: int
    grey: bytes
    alpha: bytes
    see_through: bool = False
    source: str = ""  # the file's name
    added_by: str = ""
    added_at: datetime | None = None
    withdrawn_at: datetime | None = None
