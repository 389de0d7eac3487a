"""A word of a text, with what the lexicon says it can be and where it stood, and sentences of words."""

from dataclasses import dataclass

from detector.wording.vocabulary import Role


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
class Atom:
    """What words are made of: one word as written, or one Chinese, Japanese or Korean character."""

    text: str
    start: int
    end: int
    clause: int
    hashtag: bool
