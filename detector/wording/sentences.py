"""A text taken apart: sentences of words, each with what the lexicon says it can be and where it stood.

Linear in the length of the text. Hashtags of several words are taken apart and are sentences of their own; a
hashtag of one word ("made with #AI") is a word of the sentence it stands in.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from detector.wording.lookalikes import LOOKALIKE, in_sentence, without_lookalike
from detector.wording.plaintext import Plain
from detector.wording.vocabulary import ATOM, HELPERS, Role, Vocabulary
from detector.wording.words import Atom, Sentence, Word

LONGEST_SENTENCE = 120  # words; a longer one is cut, so that no text costs more than its length
_LONGEST_PIECE = 22  # letters of one word inside a hashtag
_LONGEST_HASHTAG = 60  # characters

# Points of abbreviations ("m.b.v.", "m.h.a.", "vha.", "za pom.", "mit Hilfe v."), and not of "A.I."
_NO_END = r"(?<!\.[b-hj-z])(?<!h\.a)(?<!\b[vm]ha)(?<!\b[md][bm]v)(?<!\bpom)(?<!\bgen)(?<!\bfot)(?<!\s[vwm])"
_SAID = "\N{ROBOT FACE}\N{SPARKLES}"
_CAMERAS = "📷📸🎥🎬📹🖼"
_CREDITED = "(?:gen ?ai|ai|ki|ia|midjourney|firefly|gemini|chatgpt|sora|veo)"
_CJK = "[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"
_TOKEN = re.compile(
    r"(?P<skip>https?://\S+|www\.\S+|@[\w.]+)"
    rf"|(?P<end>\n+|[!?¿。！？]+|{_NO_END}\.+(?=[\s\"'”»)\]]|$)|[|•]|(?<=\s)[·・](?=\s))"
    rf"|(?P<camera>[{_CAMERAS}](?=\ufe0f?[\s:]{{0,3}}{_CREDITED}\b))"
    # Between words a picture ends a sentence, where the next begins as one; "made with 🤖 AI" is one
    r"|(?P<emoji>[\u2600-\u27bf\U0001f300-\U0001faff]\s*)"
    rf"|(?P<clause>[,;、，()\[\]【】〔〕—–―]|(?<=\s)[-/](?=\s)|(?<={_CJK})/|/(?={_CJK})|:(?!(?:n|s|ns)\b))"
    r"|(?P<laugh>\bx+d+\b|[:;]-?[)(dp](?=\s|$)|(?<=\s)\^\^)"  # laughs, written: xD, :)
    r"|(?P<spelled>\ue000)"
    r"|(?P<hash>#(?=\w))"
    rf"|(?P<atom>{ATOM.pattern})"
)
_BEGINNING = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ]")
_ARTICLES = frozenset({"a", "an", "een", "ein", "eine", "einer", "un", "une", "una", "uma", "en", "et"})
_AI = frozenset({"ai", "ki", "ia"})
_TAG = re.compile(r"\w+")
CJK = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
GLUED = re.compile(r"(?<![A-Za-z])(GenAI|AI|KI|IA|ai|Ai)(?=[a-z]{4})")


def sentences(plain: Plain, known: Vocabulary) -> Iterator[Sentence]:
    """The sentences of a plain text, in order."""
    atoms: list[Atom] = []
    clause, position = 0, 0
    glued = GLUED.search(plain.cased) is not None
    while token := _TOKEN.search(plain.text, position):
        position, kind = token.end(), token.lastgroup
        if kind == "atom":
            if glued:
                atoms.extend(_unglue(plain, known, token, clause))
            else:
                atoms.append(Atom(token[0], token.start(), position, clause, False))
        elif kind in ("hash", "spelled"):
            inner, position = _hashtag(plain, known, position, clause, hashtag=kind == "hash")
            if len(inner) > 1:
                yield _sentence(plain, known, inner, question=False)
            else:
                clause += 1 if atoms and atoms[-1].hashtag else 0
                atoms.extend(replace_clause(inner, clause))
        elif kind in ("clause", "laugh") or (kind == "emoji" and _parts(token)):
            clause += 1
        if (
            kind in ("end", "camera")
            or (kind == "emoji" and _begins(plain, token.start(), position))
            or len(atoms) >= LONGEST_SENTENCE
        ):
            yield from _said(plain, known, atoms, question=kind == "end" and "?" in token[0])
            atoms, clause = [], 0
        if kind == "camera":  # a credit, "📸 AI"
            atoms, clause = [Atom("photo", token.start(), position, 0, False)], 1
    yield from _said(plain, known, atoms, question=False)


def _parts(token: re.Match[str]) -> bool:
    """What stands before a picture is said: "… reingezaubert 🌅 rest ist Freiburg". Those that stand for AI
    are words: "made with 🤖 AI"."""
    return token["emoji"][0] not in _SAID


def _begins(plain: Plain, emoji: int, position: int) -> bool:
    """A capital word behind it, or Chinese, Japanese and Korean, which have no capitals, on both sides."""
    if _BEGINNING.match(plain.cased, position):
        return True
    close = CJK.match(plain.text[emoji - 1 : emoji].strip())
    return bool(close and CJK.match(plain.text, position))


def _said(plain: Plain, known: Vocabulary, atoms: list[Atom], *, question: bool) -> Iterator[Sentence]:
    if atoms:
        yield _sentence(plain, known, atoms, question=question)


def replace_clause(atoms: list[Atom], clause: int) -> list[Atom]:
    for atom in atoms:
        atom.clause = clause
    return atoms


def _unglue(plain: Plain, known: Vocabulary, token: re.Match[str], clause: int) -> list[Atom]:
    """ "AIgenerated" is two words, where the lexicon knows the second."""
    start, end = token.span()
    glued = GLUED.match(plain.cased, start, end) if end - start > 5 else None
    if glued and known.knows(plain.text[glued.end() : end]):
        middle = glued.end()
        return [
            Atom(plain.text[start:middle], start, middle, clause, False),
            Atom(plain.text[middle:end], middle, end, clause, False),
        ]
    return [Atom(token[0], start, end, clause, False)]


def _hashtag(
    plain: Plain, known: Vocabulary, start: int, clause: int, *, hashtag: bool
) -> tuple[list[Atom], int]:
    """The words of one hashtag and where it ends."""
    tag = _TAG.match(plain.text, start)
    if not tag:
        return [], start
    end = min(tag.end(), start + _LONGEST_HASHTAG)
    atoms: list[Atom] = []
    for atom in ATOM.finditer(plain.text, start, end):
        pieces = _apart(known, plain.cased[atom.start() : atom.end()]) if len(atom[0]) > 1 else ((0, 1),)
        for first, last in pieces:
            span = (atom.start() + first, atom.start() + last)
            atoms.append(Atom(plain.text[span[0] : span[1]], *span, clause, hashtag))
    return atoms, tag.end()


@lru_cache(maxsize=4096)
def _apart(known: Vocabulary, cased: str) -> tuple[tuple[int, int], ...]:
    """A compound like "madewithAI" as spans of words that the lexicon knows; whole, where it cannot be taken
    apart."""
    word = cased.lower()
    if len(word) != len(cased) or word in known.words:
        return ((0, len(word)),)
    best: list[tuple[float, int] | None] = [(0, 0), *[None] * len(word)]  # (cost, where the last piece began)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_PIECE), end):
            before, cost = best[start], _cost(known, word[start:end])
            step = best[end]
            if before and cost and (step is None or before[0] + cost < step[0]):
                best[end] = (before[0] + cost, start)
    spans: list[tuple[int, int]] = []
    end = len(word)
    while end and (step := best[end]):
        spans.append((step[1], end))
        end = step[1]
    return tuple(reversed(spans)) if spans else ((0, len(word)),)


def _cost(known: Vocabulary, piece: str) -> float:
    """Few and exact words before many, and before stems with a tail; 0 for what is no word."""
    if piece in _AI:  # a little less: "feito com IA", and no "feito co mia"
        return 0.9
    if piece in known.words:
        return 1 if len(piece) > 1 else 2
    tails = [len(piece) - len(stem) + 1 for stem in known.stems_of(piece)]
    return 1 + min(tails) if tails else 0


def _sentence(plain: Plain, known: Vocabulary, atoms: list[Atom], *, question: bool) -> Sentence:
    texts = [atom.text for atom in atoms]
    words: list[Word] = []
    closes = [bool(CJK.match(text)) for text in texts]
    index, at = 0, 0
    while index < len(atoms):
        length, roles = known.longest(texts, index)
        while length > 1 and atoms[index + length - 1].clause != atoms[index].clause:
            length -= 1
            roles = known.longest(texts[: index + length], index)[1]
        if not roles:
            length = 1
        group = atoms[index : index + length]
        weight = 2 * length - sum(closes[index : index + length])
        ahead = plain.text[group[0].start - 1 : group[0].start]
        helps = roles & HELPERS
        word = Word(
            roles - helps if helps else roles,
            group[0].start,
            group[-1].end,
            at,
            at + weight,
            group[0].clause,
            group[0].hashtag,
            plain.cased[group[0].start].isupper(),
            plain.cased[group[0].start : group[0].end].istitle(),
            group[-1].end - group[0].start > 2 or plain.cased[group[0].start : group[-1].end].isupper(),
            ahead in ("-", "\u2011"),
            ahead == "/",
            _joint(plain, atoms, index),
            closes[index],
            group[-1].text in _ARTICLES,
            helps,
        )
        past = atoms[index - 1] if index else None
        if not LOOKALIKE.isdisjoint(roles) or texts[index] in ("al", "a1"):
            word = without_lookalike(plain, word, words, past, atoms[index + length : index + length + 1])
        words.append(word)
        index, at = index + length, at + weight
    words = in_sentence(plain, words, texts)
    roles = frozenset[Role]().union(*(word.roles for word in words))
    return Sentence(tuple(words), question, atoms[0].start, atoms[-1].end, roles)


def _joint(plain: Plain, atoms: list[Atom], index: int) -> str:
    if index == 0 or atoms[index - 1].clause == atoms[index].clause:
        return ""
    if plain.text[atoms[index - 1].start] in _CAMERAS:
        return ":"
    return plain.text[atoms[index - 1].end : atoms[index].start].strip()[:1]
