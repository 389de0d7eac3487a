"""The lexicon: `lexicon/<language>.toml`, words and what each of them can be in a sentence about a picture.

A file has the table [words]: for each role a list of words or phrases, written as people write them.
`generat*` stands for every word that begins so, `*kampagne` for every compound that ends so. All languages
are read together, since captions mix them. A reader of another trade may extend a list without touching the
program.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as factory
from enum import StrEnum
from functools import lru_cache

from detector.wording.plaintext import fold
from detector.wording.scripts import script_of
from storage.errors import ConfigError


class Role(StrEnum):
    """What a word can be. `wording` says how they make a sentence."""

    AI = "ai"  # AI, KI, IA, 人工智能
    TOOL = "tool"  # a generator of pictures: Midjourney
    NAMESAKE = "namesake"  # a generator whose name is a word as well: only where it is credited
    WRITER = "writer"  # a generator of text
    MADE = "made"  # made, generated, erstellt
    EDITED = "edited"  # retouched, extended: the picture is partly a photograph
    DESIGNED = "designed"  # may speak of the product as well
    WITH = "with"  # with, by, using, mit, par
    WITH_AFTER = "with_after"  # an instrument that is named behind: Finnish "tekoälyn avulla"
    USE = "use"  # used, Einsatz
    PICTURE = "picture"  # image, photo, campaign
    PERSON = "person"  # model, woman
    PART = "part"  # background, sky
    THIS = "this"  # this, diese, cette: points at the post
    IT = "it"  # it, das, c'est: in a question, the picture
    PRONOUN = "pronoun"  # she, elle: "she is AI"
    IS = "is"  # is, sont, です: "the last picture is AI"
    OF = "of"  # modelo de IA
    NOT = "not"  # not, no, never
    NONE = "none"  # nothing, never: denies whatever its sentence says, however far behind
    NOT_AFTER = "not_after"  # negation that follows: ではありません, 않
    WITHOUT = "without"  # without, ohne, zonder
    INSTEAD = "instead"  # instead of: negates what follows at once
    BUT = "but"  # ends the reach of a negation
    AND = "and"  # and, who: a negation right behind it begins anew, "made with AI and never tired"
    EXIST = "exist"  # gäbe, existerait: "without AI this picture would not exist"
    REAL = "real"  # real, echt: what a negation before AI may well speak of
    MAY = "may"  # may, might, could
    MAY_AFTER = "may_after"  # 場合があります
    SOME = "some"  # some of, certain, sometimes
    ALL = "all"  # all, every: with a channel, a notice that covers this picture too
    OTHERS = "others"  # unlike, everyone thinks, if this were: speaks of others, or of what others say
    ONE_OF = "one_of"  # one of these: a riddle, or a hint that others are not
    REST = "rest"  # the others: the slides that were not named
    SO = "so"  # were, did, schon: what was denied of one slide is said of "the others" by no more than this
    EXCEPT = "except"  # all but, except: leaves some pictures out
    CHANNEL = "channel"  # our channels, our website
    POLICY = "policy"  # policy, disclosure: speaks of labels elsewhere
    TOPIC = "topic"  # blog, podcast, job
    FRAME = "frame"  # a fake shop, a contest's rules, a law, a job, an offer: what the whole text speaks of
    WHY = "why"  # how, why: a topic too, but for "why is our AI model so pretty"
    OUR = "our"  # our, my: what it stands before is the publisher's
    TOGETHER = "together"  # a collaboration: of people, and AI
    SERVICE = "service"  # chatbot, size guide
    PRODUCT = "product"  # print, soundtrack, caption: made with AI, and not the picture
    DIGITAL = "digital"
    VIRTUAL = "virtual"
    CREATION = "creation"  # muse, art
    SYNTHETIC = "synthetic"
    TWIN = "twin"  # digital twin
    CONSENT = "consent"  # with her permission: a person's twin
    UNREAL = "unreal"  # no real person, is not a real person, does not exist
    COMPUTED = "computed"  # computer generated, CGI: no photograph, and not said to be AI
    SHOOT = "shoot"  # a shoot, photographed, in front of the camera: what a denial of may say
    DEGREE = "degree"  # fully, 100 %, nothing but: stands before AI and changes nothing
    KIND = "kind"  # fashion, -powered: between AI and its noun, "AI fashion model"
    WEARS = "wears"  # wears, trägt: who wears a size is no size finder
    DEVICE = "device"  # app, camera: what AI is a part of, "AI photo app"
    GENERATED = "generated"  # of a picture: it was not photographed, and AI is not named
    PROMPT = "prompt"  # prompted, prompts: how pictures are made with AI, and a word of its own
    DOES = "does"  # makes, did: too much said of AI, but where our picture follows at once
    DID_ALL = "did_all"  # did everything, a tout fait
    INDUSTRY = "industry"  # factory, warehouse: what else has a digital twin
    CLAIM = "claim"  # says it by itself: 数字人, images virtuelles
    LABEL = "label"  # a platform's label text: "AI info"
    VAGUE = "vague"  # CGI, render, photo retouchée
    YES = "yes"
    OR = "or"  # or, oder
    ASKS = "asks"  # which one, can you tell: a question about the picture
    NAME = "name"  # a name or title with such a word in it: "Ai Weiwei"
    SLIDE = "slide"
    FIRST = "first"  # ordinals that name a slide
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    FIFTH = "fifth"
    LAST = "last"
    SMALL = "small"  # function words: only to take hashtags apart
    # Of languages that are not read otherwise: enough to see that AI is spoken of, and not what is said of it
    FOREIGN = "foreign"  # tekoäly, mesterséges intelligencia
    FOREIGN_MADE = "foreign_made"  # vytvořeno, luotu: beside "AI"
    # Helpers: they mean something only beside AI ("asked ChatGPT to", "comes out of an AI app"), and a word
    # that can be nothing else counts as unknown everywhere else
    ASKED = "asked"  # asked, let, lod: what somebody had AI do
    FOR_ME = "for_me"  # for us, mir, 帮我: AI did it for whoever writes
    COMES = "comes"  # comes, stammt, fruto: from AI
    SOURCE = "source"  # from, out of
    APP = "app"  # app, program: AI one makes pictures with, and no firm
    WORDS = "words"  # wrote, said, advice: what AI does that makes no picture
    SOMEBODY = "somebody"  # someone: put on "someone prettier than me"
    HELPED = "helped"  # helped with: what AI did to a picture, and to nothing else
    RESULT = "result"  # "this is what came out": what AI was asked for is shown
    OPINION = "opinion"  # "what do you think?": asks for no answer to what was said before it
    THUS = "thus"  # that is how, so, così: how a picture came about is told right before it
    PRETEND = "pretend"  # "we won't pretend": denies, and with a denial behind it says so
    HINT = "hint"  # a graphics card, "is she real?": of the net alone (net.py), and no word of a sentence
    MEANS = "means"  # a computer, a bot, an algorithm: likewise, beside a making of pictures or people


# Without one of these a text says nothing of AI, neither clearly nor vaguely.
TELLING = frozenset(
    {
        Role.AI,
        Role.TOOL,
        Role.NAMESAKE,
        Role.WRITER,
        Role.SYNTHETIC,
        Role.TWIN,
        Role.UNREAL,
        Role.COMPUTED,
        Role.CLAIM,
        Role.LABEL,
        Role.VAGUE,
        Role.DIGITAL,
        Role.VIRTUAL,
        Role.FOREIGN,
        Role.PROMPT,
        Role.GENERATED,
    }
)

HELPERS = frozenset(
    {Role.ASKED, Role.FOR_ME, Role.COMES, Role.SOURCE, Role.APP, Role.WORDS, Role.SOMEBODY}
    | {Role.THUS, Role.PRETEND, Role.RESULT, Role.HELPED, Role.OPINION}
)
NET = frozenset({Role.HINT, Role.MEANS})  # of the net, and no words of a sentence

ATOM = re.compile(r"[a-zàáíéóúñçà-ÿ]+|[0-9]+|[^\W\d_]", re.IGNORECASE)
_LATIN = re.compile(r"[a-zà-ÿ]+")
SHORTEST_STEM = 3
LONGEST_PHRASE = 16  # words, or characters of Chinese, Japanese and Korean
LONGEST_TAIL = 4  # letters that may follow a stem
SHORTEST_END = 4  # letters of `*end`
SHORTEST_BEFORE_END = 2  # letters that stand before it

Atoms = tuple[str, ...]

_HERITABLE = {
    Role.VAGUE: frozenset({Role.MADE, Role.EDITED, Role.PICTURE, Role.PERSON}),
    Role.THIS: frozenset({Role.PICTURE, Role.PERSON, Role.ALL}),
    **{
        place: frozenset({Role.PICTURE, Role.SLIDE})
        for place in (Role.FIRST, Role.SECOND, Role.THIRD, Role.FOURTH, Role.FIFTH, Role.LAST)
    },
    Role.UNREAL: frozenset({Role.PERSON, Role.REAL, Role.SHOOT}),
    Role.COMPUTED: frozenset({Role.MADE, Role.PICTURE, Role.PERSON}),
    Role.DOES: frozenset({Role.MADE, Role.EDITED, Role.DESIGNED}),
}


@dataclass(slots=True)
class Node:
    """One step of a phrase."""

    roles: frozenset[Role] = frozenset()
    next: dict[str, "Node"] = factory(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Phrases as a tree of words. `stems` are those of `stem*`. One is another's equal only if it is the
    same: so it may be the key of what is remembered."""

    root: Node
    stems: frozenset[str]
    words: frozenset[str]
    heads: frozenset[str]  # their first letters, to look for at once
    ends: Mapping[str, frozenset[Role]]  # of `*end`, by itself without the *
    tails: frozenset[str]  # their last letters, to look for at once
    scripts: frozenset[str]  # in which a verb of making is written: what else is written in them was read

    def longest(self, atoms: Sequence[str], start: int) -> tuple[int, frozenset[Role]]:
        """(how many words the longest phrase at `start` has, what it can be); (0, nothing) when there is
        none."""
        best, found = 0, frozenset[Role]()
        first = atoms[start]
        if first not in self.root.next and first[:SHORTEST_STEM] not in self.heads:
            return self._compound(first)
        nodes, length = _begun(self, first), 1
        while nodes:
            roles = nodes[0].roles if len(nodes) == 1 else frozenset[Role]().union(*(n.roles for n in nodes))
            if roles:
                best, found = length, roles
            place = start + length
            if length == LONGEST_PHRASE or place >= len(atoms) or not any(node.next for node in nodes):
                break
            nodes, length = self._step(nodes, atoms[place]), length + 1
        return (best, found) if best else self._compound(first)

    def _compound(self, atom: str) -> tuple[int, frozenset[Role]]:
        """ "Herbstkampagne" by its end; (0, nothing) for what is none."""
        if atom[-SHORTEST_END:] not in self.tails:
            return 0, frozenset()
        for start in range(SHORTEST_BEFORE_END, len(atom) - SHORTEST_END + 1):
            if atom[start:] in self.ends:
                return 1, self.ends[atom[start:]]
        return 0, frozenset()

    def _step(self, nodes: list[Node], atom: str) -> list[Node]:
        if len(atom) < SHORTEST_STEM:  # too short for a stem: Chinese, Japanese and Korean characters, "AI"
            return [node.next[atom] for node in nodes if atom in node.next]
        keys = (atom, *self.stems_of(atom))
        return [node.next[key] for node in nodes for key in keys if key in node.next]

    def stems_of(self, atom: str) -> Iterator[str]:
        for end in range(max(SHORTEST_STEM, len(atom) - LONGEST_TAIL), len(atom) + 1):
            if atom[:end] in self.stems:
                yield f"{atom[:end]}*"

    def knows(self, word: str) -> bool:
        """Is it a word of the lexicon, or one that begins with a stem?"""
        return word in self.words or next(self.stems_of(word), None) is not None


@lru_cache(maxsize=1 << 14)
def _begun(vocabulary: Vocabulary, atom: str) -> list[Node]:
    """The phrases that begin with this word: most words of a caption stood in another one."""
    return vocabulary._step([vocabulary.root], atom)


def build(texts: Iterable[tuple[str, str]], *, hints: bool = False) -> Vocabulary:
    """From (file name, TOML) pairs; of `hints` alone, or of all but them. Raises ConfigError(kind="lexicon")
    that names the file and the key."""
    root, stems, words, scripts = Node(), set[str](), set[str](), set[str]()
    ends: dict[str, frozenset[Role]] = {}
    for where, text in texts:
        for role, phrase in _phrases(text, where):
            if (role in NET) is not hints:
                continue
            if phrase.startswith("*"):
                end = fold(phrase[1:])
                ends[end] = ends.get(end, frozenset()) | {role}
                continue
            scripts |= (
                {script_of(letter) for letter in phrase if letter.isalpha()} if role is Role.MADE else set()
            )
            node = root
            for atom in _atoms_of(phrase):
                node = node.next.setdefault(atom, Node())
                (stems if atom.endswith("*") else words).add(atom.rstrip("*"))
            node.roles |= {role}
    vocabulary = Vocabulary(
        root,
        frozenset(stems),
        frozenset(words),
        frozenset(stem[:SHORTEST_STEM] for stem in stems),
        ends,
        frozenset(end[-SHORTEST_END:] for end in ends),
        frozenset(scripts),
    )
    _inherit(vocabulary, root, ())
    return vocabulary


def _inherit(vocabulary: Vocabulary, node: Node, path: Atoms) -> None:
    """A vague phrase ("photo retouchée", "digitally created") or one that points ("all pictures") stays what
    its words are: AI may follow."""
    if len(path) > 1 and not node.roles.isdisjoint(_HERITABLE):
        words = [atom.rstrip("*") for atom in path]
        inner = _roles_inside(vocabulary, words)
        for role in node.roles & _HERITABLE.keys():
            node.roles |= inner & _HERITABLE[role]
    for atom, follower in node.next.items():
        _inherit(vocabulary, follower, (*path, atom))


def _roles_inside(vocabulary: Vocabulary, words: Sequence[str]) -> frozenset[Role]:
    """What shorter phrases within this one can be."""
    found = frozenset[Role]()
    for start in range(len(words)):
        found |= vocabulary.longest(words[start : len(words) - (start == 0)], 0)[1]
    return found


def _phrases(text: str, where: str) -> Iterator[tuple[Role, str]]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not TOML: {error}", kind="lexicon", where=where) from error
    for key in table:
        if key != "words":
            raise ConfigError(f"{key}: no such key; a lexicon has [words]", kind="lexicon", where=where)
    words = table.get("words")
    if not isinstance(words, Mapping):
        raise ConfigError("words: expected a table of roles", kind="lexicon", where=where)
    for key, phrases in words.items():
        if key not in set(Role):
            raise ConfigError(
                f"words.{key}: no such role; roles are {', '.join(Role)}", kind="lexicon", where=where
            )
        if not isinstance(phrases, list):
            raise ConfigError(f"words.{key}: expected a list of words", kind="lexicon", where=where)
        for phrase in phrases:
            wrong = _wrong(phrase, Role(key))
            if wrong:
                raise ConfigError(f"words.{key}: {wrong}", kind="lexicon", where=where)
            yield Role(key), phrase


def _wrong(phrase: object, role: Role) -> str:
    """Why this can be no word of the lexicon; "" when it can."""
    if not isinstance(phrase, str) or not (atoms := _atoms_of(phrase)):
        return f"expected a word, got {phrase!r}"
    if len(atoms) > LONGEST_PHRASE:
        return f"{phrase!r} is longer than {LONGEST_PHRASE} words, and would never be found"
    if any(atom.endswith("*") and len(atom) <= SHORTEST_STEM for atom in atoms):
        return f"{phrase!r}: a stem has at least {SHORTEST_STEM} letters before the *"
    if phrase.startswith("*"):
        if len(atoms) > 1 or len(atoms[0]) < SHORTEST_END or role in TELLING:
            return (
                f"{phrase!r}: an end is one word of at least {SHORTEST_END} letters, and says nothing of AI"
            )
        return ""
    if role in TELLING and len(atoms[0]) == len(atoms) == 1 and atoms[0].isascii():
        return f"{phrase!r} is a single letter, and would be found everywhere"
    return ""


def _atoms_of(phrase: str) -> Atoms:
    plain = fold(phrase)
    found = [(match[0], plain[match.end() : match.end() + 1]) for match in ATOM.finditer(plain)]
    return tuple(f"{atom}*" if after == "*" else atom for atom, after in found)
