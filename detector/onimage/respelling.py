"""What OCR does to words, undone: "Al-genererad" and "lMAGE" (I, l, 1 and | look alike), "MadewithAI" (spaces
are lost).

The lexicon says which words there are: a spelling is changed only into words that it knows. What comes out is
for reading and for the quote; it is no transcript.
"""

import re
from functools import lru_cache
from itertools import product

from detector.wording.lexicon import BUILT_IN, Lexicon, vocabulary
from detector.wording.plaintext import fold

_LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"
# "AI", "KI", "IA" and "SI" with another stroke for the I, where no Latin letter or digit stands beside them
_TOKEN = re.compile(rf"(?<![{_LATIN}0-9])(?:([AKS])[l1|!]|[l1|!](A))(?![{_LATIN}0-9|!])")
# What stands before it in a label, without the space: "Lavet medAI", "CREADO CONIA". Too short for the rest
_BEFORE = "af|avec|av|by|com|con|da|door|durch|med|met|mit|par|por|przez|using|via|von|with"
_GLUED_TOKEN = re.compile(rf"(?<![{_LATIN}0-9])((?i:{_BEFORE}))([AKS][Il1|!]|[Il1|!]A)(?![{_LATIN}0-9|!])")
_WORD = re.compile(rf"[{_LATIN}1|!]+")
_AI_NEXT = re.compile(rf"['’ ]?(?:AI|KI|IA|SI)(?![{_LATIN}0-9])")
_STROKES = re.compile(r"[lI1|!]")
_ELIDED = re.compile(r"((?:[dD][aAeE][lL])?[lL]|[dD])$")  # "l'", "d'", "dall'", "dell'"
_MOST_STROKES = 4  # in one word that are tried either way
_SHORTEST_GLUED = 6
_LONGEST_GLUED = 80  # letters; taking apart costs their number times the longest piece
_LONGEST_PIECE = 24
_SHORT = 3  # letters: a known word as short as "AI" counts only where its neighbours are known as well,
_MEANS = frozenset({"ai", "ki", "ia", "si"})  # and one of these among them: "raincoat" is no "rain co at"
_TAIL = 0.5  # for each letter behind a stem
_CHANGED = 0.5
_PIECE = 0.2  # few pieces before many: "generiertes" is one
_UNKNOWN = 4.0  # an unknown piece costs as much as four known words, and one more for each letter


def respelled(text: str, lexicon: Lexicon = BUILT_IN) -> str:
    """The text with the words that were meant, as far as the lexicon knows them."""
    apart = _GLUED_TOKEN.sub(_with_space, text)
    return _WORD.sub(lambda found: _word(found, lexicon), _TOKEN.sub(_with_i, apart))


def _with_space(found: re.Match[str]) -> str:
    """In capitals throughout ("CONIA") only behind another word: alone it may be a name."""
    word, token = found[1], found[2]
    apart = word.islower() or word.istitle() or found.string[: found.start()].rstrip()[-1:].isalpha()
    return f"{word} {token}" if apart else found[0]


def _word(found: re.Match[str], lexicon: Lexicon) -> str:
    """An elided article ("avecl'IA") is a word of its own."""
    word = found[0]
    if word.isdigit():
        return word
    before_ai = _AI_NEXT.match(found.string, found.end()) is not None
    elided = _ELIDED.search(word) if found.string[found.end() :][:1] in ("'", "’") else None
    if elided and (len(word) >= _SHORTEST_GLUED or (before_ai and len(word) > _SHORT)):
        return f"{_apart(word[: elided.start()], lexicon, before_ai=before_ai)} {elided[0]}".strip()
    return _apart(_meant(word, lexicon) or word, lexicon, before_ai=before_ai)


def _with_i(token: re.Match[str]) -> str:
    return f"{token[1]}I" if token[1] else "IA"


@lru_cache(maxsize=65536)
def _meant(word: str, lexicon: Lexicon) -> str:
    """The spelling that the lexicon knows: "lmage" is "Image", "GENERlERT" is in capitals throughout; "" for
    none."""
    if _TOKEN.fullmatch(word):
        return _TOKEN.sub(_with_i, word)
    if _cost(word, lexicon):
        return word
    places = [match.start() for match in _STROKES.finditer(word)]
    if not 0 < len(places) <= _MOST_STROKES:
        return ""
    capitals = sum(letter.isupper() for letter in word) > 1
    for letters in product("i" if capitals else "il", repeat=len(places)):
        tried = list(word)
        for place, letter in zip(places, letters, strict=True):
            tried[place] = letter.upper() if capitals or (place == 0 and letter == "i") else letter
        if _cost("".join(tried), lexicon):
            return "".join(tried)
    return ""


@lru_cache(maxsize=4096)
def _apart(word: str, lexicon: Lexicon, *, before_ai: bool = False) -> str:
    """With its spaces, when it is words of the lexicon run together; else as it is. `before_ai`: it stands
    before "AI" ("SKAPADMED AI")."""
    if not _SHORTEST_GLUED <= len(word) <= _LONGEST_GLUED or _cost(word, lexicon) == 1:
        return word
    pieces = [_meant(piece, lexicon) or piece for piece in _pieces(word, lexicon)]
    means = before_ai or not _MEANS.isdisjoint(map(fold, pieces))
    if any(len(piece) <= _SHORT for piece in pieces) and not means:
        return word
    return " ".join(pieces)


def _pieces(word: str, lexicon: Lexicon) -> list[str]:
    """The cheapest way through the word, in pieces that are known or not. A short known one needs known
    neighbours, or "raincoat" would hold "AI"."""
    best: dict[tuple[int, bool, bool], tuple[float, list[str]]] = {(0, True, False): (0.0, [])}
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_PIECE), end):
            piece = word[start:end]
            meant = _meant(piece, lexicon) if len(piece) > 1 else ""
            known = _cost(meant, lexicon) + (_CHANGED if meant != piece else 0.0) if meant else 0.0
            short = bool(known) and len(piece) <= _SHORT
            cost = _PIECE + (known or _UNKNOWN + len(piece))
            for was_known, was_short in ((True, False), (True, True), (False, False)):
                before = best.get((start, was_known, was_short))
                if before is None or (short and not was_known) or (was_short and not known):
                    continue
                state, total = (end, bool(known), short), before[0] + cost
                if state not in best or total < best[state][0]:
                    best[state] = (total, [*before[1], piece])
    ends = [found for state, found in best.items() if state[0] == len(word)]
    return min(ends)[1] if ends else [word]


@lru_cache(maxsize=65536)
def _cost(word: str, lexicon: Lexicon) -> float:
    """1 for a word of the lexicon, more for a stem with a tail; 0 for what it does not know."""
    known, plain = vocabulary(lexicon), fold(word)
    if plain in known.words:
        return 1.0
    tails = [len(plain) - len(stem) + 1 for stem in known.stems_of(plain)]
    return 1.0 + _TAIL * min(tails) if tails else 0.0
