"""One claim in a sentence, and how words are looked for around it."""

from dataclasses import dataclass

from detector.wording.vocabulary import Role
from detector.wording.words import Sentence

MAKING = (Role.MADE, Role.EDITED, Role.DESIGNED)
MAKER = (Role.AI, Role.TOOL, Role.NAMESAKE, Role.WRITER)
SEEN = (Role.PICTURE, Role.PERSON)

# Reaches, counted as Word.at does: two for a word.
TO_INSTRUMENT = 6  # "with the latest generation of AI"
BESIDE = 0

BY_ITSELF = "says it by itself"
TWIN = "digital twin of a person"


@dataclass(frozen=True, slots=True)
class Claim:
    """The words `first` to `last` of a sentence. `weak`: why it says too little by itself; "" when it says
    enough."""

    first: int
    last: int
    how: str
    weak: str = ""
    affirmed: bool = False  # a negation inside it denies something else: "AI, not a camera, made this"
    settled: bool = False  # a double negation: what stands around it was looked at already


def before(sentence: Sentence, index: int, reach: int, *roles: Role) -> int | None:
    """The nearest word before `index` that can be one of these, in the same clause and within reach."""
    if sentence.roles.isdisjoint(roles):
        return None
    here = sentence.words[index]
    for other in range(index - 1, -1, -1):
        word = sentence.words[other]
        if here.at - word.until > reach or word.clause != here.clause:
            return None
        if not word.roles.isdisjoint(roles):
            return other
    return None


def after(sentence: Sentence, index: int, reach: int, *roles: Role) -> int | None:
    """The nearest word after `index` that can be one of these, in the same clause and within reach."""
    if sentence.roles.isdisjoint(roles):
        return None
    here = sentence.words[index]
    for other in range(index + 1, len(sentence.words)):
        word = sentence.words[other]
        if word.at - here.until > reach or word.clause != here.clause:
            return None
        if not word.roles.isdisjoint(roles):
            return other
    return None


def closes(sentence: Sentence, index: int) -> bool:
    """Nothing follows in its clause."""
    following = sentence.words[index + 1] if index + 1 < len(sentence.words) else None
    return following is None or following.clause != sentence.words[index].clause


def may_after(sentence: Sentence, claim: Claim) -> bool:
    """場合があります of the claim, and not of "the colour may differ", which begins anew."""
    if not sentence.has(Role.MAY_AFTER):
        return False
    rest = sentence.words[claim.last + 1 :]
    return any(
        word.can(Role.MAY_AFTER) and not any(one.can(Role.BUT) for one in rest[:place])
        for place, word in enumerate(rest)
    )
