"""What a user may be called. The record tells people apart by their names alone, so that two names are never
read as one, and nobody has the name that the record uses for something else."""

import unicodedata
from collections.abc import Iterable

from storage.errors import DeskError

NOBODY = "(no user)"
RESERVED = ("command line", "token", "(token)", NOBODY)  # that stand in the record where no user did
LONGEST = 200
# Letters that show nothing, and are letters or marks to Unicode: fillers of Hangul and Khmer, the empty
# pattern of Braille, what joins graphemes or chooses a glyph (Default_Ignorable_Code_Point, Unicode 16).
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
# Small Cyrillic and Greek letters that look like Latin ones, or whose capitals do (Unicode UTS 39).
_LIKE_LATIN = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d"
    "\u043a\u043c\u0442\u0432\u043d\u03b1\u03bf\u03b9\u03bd\u03c1\u03c5\u03ba\u03c4\u03c7\u03b5\u03b7\u0131",
    "aeopcyxijshdqwkmtbhaoivpuktxeni",
)
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def good_name(name: str, others: Iterable[str]) -> str:
    """Without what surrounds it. Raises DeskError: `name_cannot_be`, `name_reserved`, `name_alike`."""
    plain = name.strip(" ")
    if not plain or len(plain) > LONGEST:
        raise _refused(f"a user needs a name of at most {LONGEST} characters", "name_cannot_be")
    hidden = next((one for one in plain if _is_hidden(one)), "")
    if hidden:
        said = f"U+{ord(hidden):04X} {unicodedata.name(hidden, '')}".strip()
        raise _refused(f"a name cannot have what nobody sees in it: {said}", "name_cannot_be")
    read = as_read(plain)
    if read in map(as_read, RESERVED):
        raise _refused(
            f"{plain!r} is what the record calls something else: take another name", "name_reserved"
        )
    alike = next((one for one in others if as_read(one) == read and one != plain), "")
    if alike:
        raise _refused(f"{plain!r} could be taken for the user {alike!r}: take another name", "name_alike")
    return plain


def as_read(name: str) -> str:
    """The same for names that differ in case, in width, in the script of letters that look alike, or in
    how a letter is put together."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).translate(_LIKE_LATIN).split())


def _is_hidden(one: str) -> bool:
    category = unicodedata.category(one)
    if category == "Zs":
        return one != " "
    chooses = "\ufe00" <= one <= "\ufe0f" or "\U000e0100" <= one <= "\U000e01ef"
    return category in _HIDDEN or one in _BLANK or chooses


def _refused(message: str, kind: str) -> DeskError:
    return DeskError(message, kind=kind, where="NAME")
