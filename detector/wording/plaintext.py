"""Text from outside, made plain: one form for all spellings of a letter, with the way back to the original.

Markup, zero-width characters, broken encodings, full-width and mathematical letters, and Cyrillic or Greek
look-alikes are undone, so that the lexicon needs each word once. Everything here is linear in the length of
the text.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

import ftfy
from ftfy.badness import is_bad

_BREAKS = re.compile(r"</?(?:br|p|div|li|ul|h[1-6])\b", re.IGNORECASE)
_MARKS = "\uff9e\uff9f\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f"
_PIECE = re.compile(
    r"(?P<tag><[a-zA-Z/!][^<>]{0,1000}>)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});)"
    rf"|(?P<easy>[\x00-%'-;=-\x7f]+(?![{_MARKS}]))"
    rf"|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\s\S][{_MARKS}]{{0,8}}"
)
_NOT_PLAIN = re.compile(r"[^\x00-\x7f]|<|&")

# Five or more single letters in a row, or "A.I." and its sisters.
_SPELLED_RUN = re.compile(
    r"(?<![a-z0-9])(?:[a-z0-9][ .\-_*·]{1,3}){4,60}[a-z0-9](?![a-z0-9])"
    r"|(?<![a-z0-9])(?:a\.\s?i|k\.\s?i|i\.\s?a)(?:\.|(?![a-z0-9]))"
)

# Letters that look like Latin ones and that NFKC leaves alone. None of the thirteen languages is written in
# Cyrillic or Greek, so such a letter in a caption of theirs is a look-alike, or its word is not in the
# lexicon anyway.
_LOOKALIKES = dict(
    zip(
        "аАвВсСеЕнНіІјЈкКмМоОрРѕЅтТуУхХԁԍհոυοΟαΑΒΕΗΙιΚκΜΝνΡρΤτΥΧχΖɡıɪᴀʙᴄᴅᴇғɢʜᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ’‘ʼ`´＇",
        "aabbcceehhiijjkkmmooppssttyyxxdghnuooaabehiikkmnnppttyxxzgiiabcdefghjklmnoprtuvwyz''''''",
        strict=False,
    )
)
# Letters of other scripts with the shape of a Latin one (Unicode's confusables.txt): Cherokee, Lisu, Coptic
_LOOKALIKES |= dict(
    zip(
        "ᎪᏴᏟᎠᎬᎫᏦᏞᎷᏢᏒᏚᎢᎥᏙᏔᏃᎻᏀᏎꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜⲀⲒⲔⲎⲘⲚⲞⲢⲤⲦⲬΙᏆ",
        "abcdejklmprstivwzhgeabcdefghijklmnoprstuvwxyzaikhmnopctxii",
        strict=False,
    )
)
_SPELLED = {"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th"}


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain text; its character i came from `original[starts[i]:ends[i]]`."""

    text: str
    cased: str  # as `text`, with the capitals kept: the same length
    starts: tuple[int, ...] | range
    ends: tuple[int, ...] | range
    original: str

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original behind `text[start:end]`."""
        if start >= end:
            return (0, 0)
        return self.starts[start], self.ends[end - 1]


def plain(text: str) -> Plain:
    """Fold a text. Lower case, without accents on Latin letters; "aí" alone keeps its accent, since it is no
    AI."""
    return _join_spelled(_fold(text))


def _fold(text: str) -> Plain:
    if not _NOT_PLAIN.search(text):
        return Plain(text.lower(), text, range(len(text)), range(1, len(text) + 1), text)
    mended, starts, ends = _mend(text)
    folded: list[str] = []
    cased: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    for piece in _PIECE.finditer(mended):
        low, same = ("í", "í") if _is_ai_with_accent(piece[0], folded) else _fold_piece(piece)
        if not low:
            continue
        if piece["easy"]:
            folded.extend(low)
            cased.extend(same)
            new_starts.extend(starts[piece.start() : piece.end()])
            new_ends.extend(ends[piece.start() : piece.end()])
            continue
        first, last = starts[piece.start()], ends[piece.end() - 1]
        folded.append(low)
        cased.append(same)
        new_starts.extend([first] * len(low))
        new_ends.extend([last] * len(low))
    return Plain("".join(folded), "".join(cased), tuple(new_starts), tuple(new_ends), text)


def _join_spelled(found: Plain) -> Plain:
    """ "M A D E  W I T H  A I" becomes words, "A.I." becomes "AI"; what stays one long word is marked with
    U+E000."""
    text, cased = [], []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for run in _SPELLED_RUN.finditer(found.text):
        pieces = [(match.start(), match.end()) for match in re.finditer(r"[a-z0-9]", run[0])]
        narrow = run[0][1 : pieces[1][0]]
        keep = list(range(position, run.start()))
        text.append(found.text[position : run.start()])
        cased.append(found.cased[position : run.start()])
        if not re.search(rf"[a-z0-9](?!{re.escape(narrow)}[a-z0-9])[^a-z0-9]", run[0]) and len(pieces) > 3:
            text.append("\ue000")
            cased.append("\ue000")
            keep.append(run.start())
        before = pieces[0][0]
        for start, end in pieces:
            if start != before and run[0][before:start] != narrow:
                text.append(" ")
                cased.append(" ")
                keep.append(run.start() + before)
            text.append(run[0][start:end])
            cased.append(found.cased[run.start() + start : run.start() + end])
            keep.append(run.start() + start)
            before = end
        starts.extend(found.starts[index] for index in keep)
        ends.extend(found.ends[index] for index in keep)
        position = run.end()
    if not position:
        return found
    rest = range(position, len(found.text))
    return Plain(
        "".join(text) + found.text[position:],
        "".join(cased) + found.cased[position:],
        (*starts, *(found.starts[index] for index in rest)),
        (*ends, *(found.ends[index] for index in rest)),
        found.original,
    )


def _is_ai_with_accent(piece: str, before: list[str]) -> bool:
    """The second letter of "aí": Portuguese and Spanish words would else look like AI."""
    return piece in ("í", "Í", "i\u0301") and bool(before) and before[-1] == "a"


def fold(text: str) -> str:
    """The plain form of a word of the lexicon."""
    return plain(text).text


def _fold_piece(piece: re.Match[str]) -> tuple[str, str]:
    if piece["easy"]:
        return piece[0].lower(), piece[0]
    if piece["tag"]:
        return ("\n", "\n") if _BREAKS.match(piece["tag"]) else ("", "")
    if piece["entity"]:
        pairs = [_fold_letter(letter) for letter in unescape(piece["entity"])]
        return "".join(low for low, _ in pairs), "".join(same for _, same in pairs)
    return _fold_letter(piece[0])


@lru_cache(maxsize=8192)
def _fold_letter(letter: str) -> tuple[str, str]:
    """(lower case, as written), of the same length; both empty for what has no width."""
    if letter.isascii():
        return letter.lower(), letter
    if not letter.strip("\ufe0e\ufe0f") or unicodedata.category(letter[0]) in ("Cf", "Mn", "Co", "Cn"):
        return "", ""
    wide = unicodedata.normalize("NFKC", letter)
    bare = "".join(_latin(mark) for mark in wide if unicodedata.category(mark) != "Mn")
    low = bare.casefold()
    return (low, bare) if len(low) == len(bare) else (low, low)


def _latin(letter: str) -> str:
    """Without its accents, if it is a Latin letter; look-alikes and squared letters become the letter they
    show."""
    # Circled and squared capitals on a dark ground, which NFKC leaves alone
    if 0x1F150 <= ord(letter) <= 0x1F189 and (ord(letter) - 0x1F150) % 32 < 26:
        return chr(ord("A") + (ord(letter) - 0x1F150) % 32)
    if "\uab70" <= letter <= "\uabbf":  # small Cherokee letters are drawn as small capitals
        letter = letter.upper()
    shown = _LOOKALIKES.get(letter)
    if shown:
        return shown.upper() if letter.isupper() else shown
    spelled = _SPELLED.get(letter.lower())
    if spelled:
        return spelled
    parts = unicodedata.normalize("NFD", letter)
    return parts[0] if parts[0].isascii() and len(parts) > 1 else letter


def _mend(text: str) -> tuple[str, list[int] | range, list[int] | range]:
    """Undo broken encodings ("gÃ©nÃ©rÃ©"), word by word so that the way back stays short."""
    if not is_bad(text):
        return text, range(len(text)), range(1, len(text) + 1)
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for word in re.finditer(r"[^ \n]+|[ \n]+", text):
        mended = ftfy.fix_encoding(word[0]) if is_bad(word[0]) else word[0]
        words.append(mended)
        if len(mended) == len(word[0]):
            starts.extend(range(word.start(), word.end()))
            ends.extend(range(word.start() + 1, word.end() + 1))
        else:
            starts.extend([word.start()] * len(mended))
            ends.extend([word.end()] * len(mended))
    return "".join(words), starts, ends
