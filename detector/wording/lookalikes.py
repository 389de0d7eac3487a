"""Words that look like others: "j'ai" and "A/I" are no AI, French "ne" no Italian "né", Dutch "want" no
English one. What a word can be is narrowed here by how it is written and by what stands beside it."""

from collections.abc import Sequence
from dataclasses import replace

from detector.wording.plaintext import Plain
from detector.wording.vocabulary import ATOM, Role
from detector.wording.words import Atom, Word

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
LOOKALIKE = frozenset({Role.AI, Role.NOT, Role.MAY, Role.IS})  # what words are that look like others
_FRENCH_HAVE = frozenset({"j", "n", "m", "t", "qu"})  # "j'ai": the verb, not AI


def in_sentence(plain: Plain, words: list[Word], texts: Sequence[str]) -> list[Word]:
    """The words of one sentence, without what they cannot be beside each other. `texts`: as written."""
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
    return words


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


def without_lookalike(
    plain: Plain, word: Word, said: list[Word], before: Atom | None, after: list[Atom]
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


def _is_verb(plain: Plain, word: Word, before: Atom | None) -> bool:
    if word.start == 0 or plain.text[word.start - 1] != "'" or plain.text[word.start : word.end] != "ai":
        return False
    elided = before.text if before else ""
    return elided in _FRENCH_HAVE or (elided == "l" and plain.cased[word.start] == "a")


def _is_domain(plain: Plain, word: Word) -> bool:
    return word.start > 1 and plain.text[word.start - 1] == "." and plain.text[word.start - 2].isalnum()


def _is_surname(plain: Plain, word: Word, before: Atom | None, shown: str) -> bool:
    """ "Kim Ai"."""
    if before is None or shown != "Ai" or before.hashtag or plain.text[before.end : word.start] != " ":
        return False
    return plain.cased[before.start : before.end].istitle()


def _is_film(plain: Plain, word: Word, before: Atom | None, after: Atom | None) -> bool:
    """ "A.I. – Artificial Intelligence", of 2001: either half of the title. "AI (Artificial Intelligence)"
    explains."""
    shown = plain.text[word.start : word.end]
    if shown == "ai" and after is not None and after.text == "artificial":
        gap = plain.text[word.end : after.start]
        return plain.cased[after.start : after.end].istitle() and "(" not in gap
    if shown != "artificial intelligence" or before is None or before.text != "ai":
        return False
    return plain.cased[word.start : word.end].istitle() and "(" not in plain.text[before.end : word.start]


def _is_name(plain: Plain, word: Word, after: Atom | None, shown: str) -> bool:
    """ "Ai Weiwei", and Italian "ai nostri", "ai modelli": to our, to the models."""
    if after is None or plain.text[word.end : after.start] != " " or shown.lower() != "ai":
        return False
    following = plain.cased[after.start : after.end]
    small = shown != "AI" or following.isupper()  # "AI robi zdjęcia" is Polish
    plural = small and len(following) > 3 and following.lower().endswith("i")
    return plural or (shown == "Ai" and following[:1].isupper() and not following.isupper())
