"""A text taken apart: sentences of words, each with what the lexicon says it can be and where it stood.

Linear in the length of the text. Hashtags of several words are taken apart and are sentences of their own; a
hashtag of one word ("made with #AI") is a word of the sentence it stands in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from detector.wording.plaintext import Plain
from detector.wording.vocabulary import ATOM, HELPERS, Role, Vocabulary

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
_PORTUGUESE = frozenset(
    {"uma", "nossa", "nosso", "nossas", "nossos", "foram", "essa", "essas", "pra", "feita", "feitas"}
    | {"feitos", "tudo", "nao", "voce", "imagem", "imagens", "gente", "fizemos", "criamos", "não", "você"}
    | {"isso", "saiu", "foi", "pela", "pelo", "num", "numa", "dela", "ela", "feito", "saíram"}
)
# Of languages in which "ai" or "ki" is nothing else (and no word of French, Italian, Portuguese, Spanish)
_SAYS_AI = frozenset(
    {
        "the",
        "with",
        "this",
        "was",
        "our",
        "och",
        "att",
        "inte",
        "ikke",
        "og",
        "jeg",
        "een",
        "niet",
        "het",
        "und",
    }
    | {"nicht", "ist", "wir", "jest", "nie", "przez", "zdjecie", "who", "those", "these", "my"}
)
_AI = frozenset({"ai", "ki", "ia"})
# What stands before "ia" only where it is no verb ("ela ia", she went) and no word of a sailor
_BEFORE_IA = frozenset(
    {
        "una",
        "une",
        "uma",
        "un",
        "la",
        "l",
        "dell",
        "all",
        "dall",
        "con",
        "com",
        "par",
        "pela",
        "na",
        "da",
        "de",
    }
    | {"a", "x", "d", "avec", "in", "generata", "generada"}
)
# What follows "ai" as one who does something, and not 爱, "ai你们"
_AFTER_AI = frozenset("给給帮幫生做画畫换換修图圖가로의でがにを")
_WANTS = frozenset({"i", "we", "you", "they", "who", "to", "not", "never", "people", "customers"})
_SWEDISH = frozenset({"och", "att", "inte", "jag", "det", "vill", "kan", "har", "den", "som", "bilden"})
_LOOKALIKE = frozenset({Role.AI, Role.NOT, Role.MAY, Role.IS})  # what words are that look like others
_TAG = re.compile(r"\w+")
CJK = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_FRENCH_HAVE = frozenset({"j", "n", "m", "t", "qu"})  # "j'ai": the verb, not AI
GLUED = re.compile(r"(?<![A-Za-z])(GenAI|AI|KI|IA|ai|Ai)(?=[a-z]{4})")


@dataclass(slots=True)  # not frozen: thousands are made, and a frozen one takes three times as long
class Word:
    """`at` and `until` count along the sentence: 2 for a word, 1 for a Chinese, Japanese or Korean
    character."""

    roles: frozenset[Role]
    start: int  # in the plain text
    end: int
    at: int
    until: int
    clause: int
    hashtag: bool = False
    capital: bool = False
    title: bool = False  # a capital and then small letters
    upper: bool = True  # not a word of two letters that is written small, or as a name: "ia", "Ai"
    hyphen: bool = False  # joined to the word before
    slash: bool = False  # likewise: "Trine Holst/ChatGPT"
    joint: str = ""  # the punctuation of a clause right before it
    cjk: bool = False
    article: bool = False  # a, eine, une, un', of any language: what follows it is a noun
    helps: frozenset[Role] = frozenset()  # of HELPERS: of use beside AI alone

    def can(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    def may_help(self, *roles: Role) -> bool:
        return not self.helps.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class Sentence:
    words: tuple[Word, ...]
    question: bool
    start: int  # in the plain text
    end: int
    roles: frozenset[Role]  # of all its words

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


@dataclass(slots=True)
class _Atom:
    text: str
    start: int
    end: int
    clause: int
    hashtag: bool


def sentences(plain: Plain, known: Vocabulary) -> Iterator[Sentence]:
    """The sentences of a plain text, in order."""
    atoms: list[_Atom] = []
    clause, position = 0, 0
    glued = GLUED.search(plain.cased) is not None
    while token := _TOKEN.search(plain.text, position):
        position, kind = token.end(), token.lastgroup
        if kind == "atom":
            if glued:
                atoms.extend(_unglue(plain, known, token, clause))
            else:
                atoms.append(_Atom(token[0], token.start(), position, clause, False))
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
            atoms, clause = [_Atom("photo", token.start(), position, 0, False)], 1
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


def _said(plain: Plain, known: Vocabulary, atoms: list[_Atom], *, question: bool) -> Iterator[Sentence]:
    if atoms:
        yield _sentence(plain, known, atoms, question=question)


def replace_clause(atoms: list[_Atom], clause: int) -> list[_Atom]:
    for atom in atoms:
        atom.clause = clause
    return atoms


def _unglue(plain: Plain, known: Vocabulary, token: re.Match[str], clause: int) -> list[_Atom]:
    """ "AIgenerated" is two words, where the lexicon knows the second."""
    start, end = token.span()
    glued = GLUED.match(plain.cased, start, end) if end - start > 5 else None
    if glued and known.knows(plain.text[glued.end() : end]):
        middle = glued.end()
        return [
            _Atom(plain.text[start:middle], start, middle, clause, False),
            _Atom(plain.text[middle:end], middle, end, clause, False),
        ]
    return [_Atom(token[0], start, end, clause, False)]


def _hashtag(
    plain: Plain, known: Vocabulary, start: int, clause: int, *, hashtag: bool
) -> tuple[list[_Atom], int]:
    """The words of one hashtag and where it ends."""
    tag = _TAG.match(plain.text, start)
    if not tag:
        return [], start
    end = min(tag.end(), start + _LONGEST_HASHTAG)
    atoms: list[_Atom] = []
    for atom in ATOM.finditer(plain.text, start, end):
        pieces = _apart(known, plain.cased[atom.start() : atom.end()]) if len(atom[0]) > 1 else ((0, 1),)
        for first, last in pieces:
            span = (atom.start() + first, atom.start() + last)
            atoms.append(_Atom(plain.text[span[0] : span[1]], *span, clause, hashtag))
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


def _sentence(plain: Plain, known: Vocabulary, atoms: list[_Atom], *, question: bool) -> Sentence:
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
        if not _LOOKALIKE.isdisjoint(roles) or texts[index] in ("al", "a1"):
            word = _without_lookalike(plain, word, words, past, atoms[index + length : index + length + 1])
        words.append(word)
        index, at = index + length, at + weight
    roles = frozenset[Role]().union(*(word.roles for word in words))
    if Role.BUT in roles and Role.WITHOUT in roles:
        words = [_but(words, place) for place in range(len(words))]
    if Role.AI in roles:
        says = Role.PROMPT in roles or not _SAYS_AI.isdisjoint(texts)
        words = [_small_ai(plain, words, place, says=says) for place in range(len(words))]
    if Role.NOT in roles:
        swedish = not _SWEDISH.isdisjoint(texts)
        words = [_no_denial(plain, words, place, swedish=swedish) for place in range(len(words))]
    if Role.BUT in roles:
        words = [_no_turn(plain, words, place) for place in range(len(words))]
    if not _PORTUGUESE.isdisjoint(texts):
        words = [_in_the(plain, word, words[place + 1 : place + 2]) for place, word in enumerate(words)]
    roles = frozenset[Role]().union(*(word.roles for word in words))
    return Sentence(tuple(words), question, atoms[0].start, atoms[-1].end, roles)


def _but(words: list[Word], place: int) -> Word:
    """Swedish "inte en riktig person utan en modell": no "without", where it answers a "not" that has its
    own word."""
    word = words[place]
    if not (word.can(Role.BUT) and word.can(Role.WITHOUT)):
        return word
    start = next((at for at, one in enumerate(words[:place]) if one.can(Role.NOT, Role.UNREAL)), place)
    between = words[start:place]
    what = (Role.PERSON, Role.PICTURE, Role.REAL, Role.SHOOT, Role.UNREAL)
    denies = any(one.can(*what) for one in between) and not any(one.can(Role.MADE) for one in between)
    return replace(word, roles=word.roles - {Role.WITHOUT}) if denies else word


def _small_ai(plain: Plain, words: list[Word], place: int, *, says: bool) -> Word:
    """ "one of those ai apps", where no word of the language looks so; "une ia", "pela ia", "ai给我接的"."""
    word = words[place]
    if Role.AI not in word.roles or word.upper or word.capital:
        return word
    shown = plain.text[word.start : word.end]
    past = words[place - 1] if place else None
    if shown == "ia":
        small = past is not None and ATOM.findall(plain.text, past.start, past.end)[-1] in _BEFORE_IA
        return replace(word, upper=True) if small else word
    acts = plain.text[word.end : word.end + 1] in _AFTER_AI and word.end < len(plain.text)
    small = says or acts or (past is not None and past.article)
    return replace(word, upper=True) if small else word


def _no_denial(plain: Plain, words: list[Word], place: int, *, swedish: bool) -> Word:
    """Swedish "ni" is "you", and Polish "ej" calls somebody: neither denies as Italian "né" and Danish "ej"
    do."""
    word = words[place]
    if Role.NOT not in word.roles:
        return word
    shown = plain.text[word.start : word.end]
    calls = shown == "ej" and place == 0 and len(words) > 1 and not words[1].roles
    if calls or (shown == "ni" and swedish):
        return replace(word, roles=word.roles - {Role.NOT})
    return word


def _no_turn(plain: Plain, words: list[Word], place: int) -> Word:
    """Dutch "want" and Polish "bo" give a reason; "we don't want" and Bo, who took it, do not."""
    word = words[place]
    if Role.BUT not in word.roles:
        return word
    shown = plain.text[word.start : word.end]
    past = words[place - 1] if place else None
    english = past is not None and plain.text[past.end - 1 : past.end] == "t" and past.can(Role.NOT)
    wants = past is not None and plain.text[past.start : past.end] in _WANTS
    if (shown == "want" and (english or wants)) or (shown == "bo" and word.title and place > 0):
        return replace(word, roles=word.roles - {Role.BUT})
    return word


def _in_the(plain: Plain, word: Word, following: list[Word]) -> Word:
    """Portuguese "no" is "in the"; "no AI" is English also there."""
    if plain.text[word.start : word.end] != "no" or (following and following[0].can(Role.AI)):
        return word
    return replace(word, roles=word.roles - {Role.NOT})


def _joint(plain: Plain, atoms: list[_Atom], index: int) -> str:
    if index == 0 or atoms[index - 1].clause == atoms[index].clause:
        return ""
    if plain.text[atoms[index - 1].start] in _CAMERAS:
        return ":"
    return plain.text[atoms[index - 1].end : atoms[index].start].strip()[:1]


def _without_lookalike(
    plain: Plain, word: Word, said: list[Word], before: _Atom | None, after: list[_Atom]
) -> Word:
    """Take the role AI from what only looks like it: "j'ai", "A/I", "ai nostri", "Ai Weiwei", "brand.ai"."""
    shown = plain.cased[word.start : word.end]
    if shown in ("Al", "A1") and after and plain.text[word.end : after[0].start] in ("-", " "):
        generated = after[0].text in ("generated", "created", "modified", "enhanced", "edited")
        return replace(word, roles=frozenset({Role.AI})) if generated else word
    if Role.NOT in word.roles and plain.text[word.start : word.end] == "ne":  # Italian "né", and no "ne"
        written = plain.original[slice(*plain.source(word.start, word.end))]
        return replace(word, roles=word.roles - {Role.NOT}) if written.isascii() else word
    if Role.MAY in word.roles and plain.text[word.start : word.end].endswith("hatte"):  # had, and no "hätte"
        written = plain.original[slice(*plain.source(word.start, word.end))]
        said_ai = written.isascii() and written.lower().startswith("ki")
        return replace(word, roles=frozenset({Role.AI})) if said_ai else word
    if Role.IS in word.roles and plain.text[word.start : word.end] == "e":  # "and", and no "è" or "é"
        written = plain.original[slice(*plain.source(word.start, word.end))]
        return replace(word, roles=word.roles - {Role.IS}) if written.isascii() else word
    if Role.AI not in word.roles:
        return word
    follower = after[0] if after else None
    if _is_film(plain, word, before, follower):
        return replace(word, roles=word.roles - {Role.AI})
    if len(shown) > 2:
        return word
    stranger = bool(said) and not said[-1].roles
    named = _is_name(plain, word, follower, shown) or (stranger and _is_surname(plain, word, before, shown))
    if named or _is_verb(plain, word, before) or _is_domain(plain, word):
        return replace(word, roles=word.roles - {Role.AI})
    return word


def _is_verb(plain: Plain, word: Word, before: _Atom | None) -> bool:
    if word.start == 0 or plain.text[word.start - 1] != "'" or plain.text[word.start : word.end] != "ai":
        return False
    elided = before.text if before else ""
    return elided in _FRENCH_HAVE or (elided == "l" and plain.cased[word.start] == "a")


def _is_domain(plain: Plain, word: Word) -> bool:
    return word.start > 1 and plain.text[word.start - 1] == "." and plain.text[word.start - 2].isalnum()


def _is_surname(plain: Plain, word: Word, before: _Atom | None, shown: str) -> bool:
    """ "Kim Ai"."""
    if before is None or shown != "Ai" or before.hashtag or plain.text[before.end : word.start] != " ":
        return False
    return plain.cased[before.start : before.end].istitle()


def _is_film(plain: Plain, word: Word, before: _Atom | None, after: _Atom | None) -> bool:
    """ "A.I. – Artificial Intelligence", of 2001: either half of the title. "AI (Artificial Intelligence)"
    explains."""
    shown = plain.text[word.start : word.end]
    if shown == "ai" and after is not None and after.text == "artificial":
        gap = plain.text[word.end : after.start]
        return plain.cased[after.start : after.end].istitle() and "(" not in gap
    if shown != "artificial intelligence" or before is None or before.text != "ai":
        return False
    return plain.cased[word.start : word.end].istitle() and "(" not in plain.text[before.end : word.start]


def _is_name(plain: Plain, word: Word, after: _Atom | None, shown: str) -> bool:
    """ "Ai Weiwei", and Italian "ai nostri", "ai modelli": to our, to the models."""
    if after is None or plain.text[word.end : after.start] != " " or shown.lower() != "ai":
        return False
    following = plain.cased[after.start : after.end]
    small = shown != "AI" or following.isupper()  # "AI robi zdjęcia" is Polish
    plural = small and len(following) > 3 and following.lower().endswith("i")
    return plural or (shown == "Ai" and following[:1].isupper() and not following.isupper())
