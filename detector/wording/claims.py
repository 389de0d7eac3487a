"""The relations between the words of a sentence that say "made with AI", whatever comes of them in their
context."""

from collections.abc import Iterator
from dataclasses import dataclass

from detector.wording.sentences import Sentence, Word
from detector.wording.vocabulary import TELLING, Role

MAKING = (Role.MADE, Role.EDITED, Role.DESIGNED)
MAKER = (Role.AI, Role.TOOL, Role.NAMESAKE, Role.WRITER)
SEEN = (Role.PICTURE, Role.PERSON)

# Reaches, counted as Word.at does: two for a word.
TO_INSTRUMENT = 6  # "with the latest generation of AI"
TO_VERB = 14  # "created in collaboration with the model and her agency using AI"
TO_FINAL_VERB = 12  # "mit KI gemeinsam mit dem Model erstellt"
BESIDE = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """The words `first` to `last` of a sentence. `weak`: why it says too little by itself; "" when it says
    enough."""

    first: int
    last: int
    how: str
    weak: str = ""
    settled: bool = False  # a double negation: what stands around it was looked at already


def claims(sentence: Sentence) -> Iterator[Claim]:
    """All claims of a sentence."""
    if sentence.roles.isdisjoint(TELLING):
        return
    for index, word in enumerate(sentence.words):
        if word.can(*MAKER):
            yield from _of_maker(sentence, index)
        if word.can(Role.CLAIM):
            yield Claim(index, index, "says it by itself")
        if word.can(Role.LABEL) and index == 0 and len(sentence.words) <= 2:
            yield Claim(index, index, "a platform's label text")
        if word.can(Role.SYNTHETIC):
            yield from _synthetic(sentence, index)
        if word.can(Role.TWIN):
            yield from _twin(sentence, index)


def before(sentence: Sentence, index: int, reach: int, *roles: Role) -> int | None:
    """The nearest word before `index` that can be one of these, in the same clause and within reach."""
    here = sentence.words[index]
    for other in range(index - 1, -1, -1):
        word = sentence.words[other]
        if here.at - word.until > reach or word.clause != here.clause:
            return None
        if word.can(*roles):
            return other
    return None


def after(sentence: Sentence, index: int, reach: int, *roles: Role) -> int | None:
    """The nearest word after `index` that can be one of these, in the same clause and within reach."""
    here = sentence.words[index]
    for other in range(index + 1, len(sentence.words)):
        word = sentence.words[other]
        if word.at - here.until > reach or word.clause != here.clause:
            return None
        if word.can(*roles):
            return other
    return None


def _of_maker(sentence: Sentence, index: int) -> Iterator[Claim]:
    for claim in (
        _made_with(sentence, index),
        _with_made(sentence, index),
        _compound(sentence, index),
        _noun(sentence, index),
        _credit(sentence, index),
        _used(sentence, index),
        _this_is(sentence, index),
        _not_without(sentence, index),
        _tool_alone(sentence, index),
    ):
        if claim:
            yield claim


def _weakness(sentence: Sentence, verb: int, maker: int) -> str:
    if sentence.words[maker].can(Role.WRITER) and not sentence.words[maker].can(Role.AI, Role.TOOL):
        return "the tool writes texts as well"
    only_designed = not sentence.words[verb].can(Role.MADE, Role.EDITED)
    return "designed with AI may speak of the product" if only_designed and not sentence.has(*SEEN) else ""


def _made_with(sentence: Sentence, index: int) -> Claim | None:
    """ "created with AI"."""
    link = before(sentence, index, TO_INSTRUMENT, Role.WITH)
    verb = before(sentence, link, TO_VERB, *MAKING) if link is not None else None
    if verb is None:
        return None
    return Claim(verb, index, "made with AI", _weakness(sentence, verb, index))


def _with_made(sentence: Sentence, index: int) -> Claim | None:
    """ "mit KI erstellt", "由AI生成", and with the particle behind: "AIで生成"."""
    link = before(sentence, index, TO_INSTRUMENT, Role.WITH)
    start = link if link is not None else index
    if link is None:
        link = after(sentence, index, 2, Role.WITH)
        if link is None or not sentence.words[link].cjk:
            return None
        verb = after(sentence, link, TO_FINAL_VERB, *MAKING)
    else:
        verb = after(sentence, index, TO_FINAL_VERB, *MAKING)
    if verb is None:
        return None
    return Claim(start, verb, "made with AI", _weakness(sentence, verb, index))


def _compound(sentence: Sentence, index: int) -> Claim | None:
    """ "AI-generated", "AI生成"; "image générée IA"."""
    word = sentence.words[index]
    verb = after(sentence, index, BESIDE, *MAKING)
    if verb is None and word.cjk:
        verb = after(sentence, index, 2, *MAKING)
    if verb is not None and not _two_hashtags(word, sentence.words[verb]):
        return Claim(index, verb, "AI-generated", _weakness(sentence, verb, index))
    verb = before(sentence, index, BESIDE, Role.MADE, Role.EDITED)
    if verb is not None and (word.capital or word.hashtag) and not _two_hashtags(word, sentence.words[verb]):
        return Claim(verb, index, "generated by AI", _weakness(sentence, verb, index))
    return None


def _noun(sentence: Sentence, index: int) -> Claim | None:
    """ "AI model", "KI-Bild", "modelo IA"."""
    word = sentence.words[index]
    if not word.can(Role.AI):
        return None
    noun = after(sentence, index, 4 if word.hashtag else BESIDE, *SEEN)
    if noun is None and word.capital:
        link = before(sentence, index, BESIDE, Role.OF)
        noun = before(sentence, index if link is None else link, BESIDE, *SEEN)
    if noun is None or _two_hashtags(word, sentence.words[noun]):
        return None
    return Claim(min(index, noun), max(index, noun), "AI image or model")


def _credit(sentence: Sentence, index: int) -> Claim | None:
    """ "Images: Midjourney", "visuals by AI", "Model: AI"."""
    words = sentence.words
    link = before(sentence, index, 2, Role.WITH)
    noun = before(sentence, link, BESIDE, *SEEN) if link is not None else None
    if noun is None and words[index].joint == ":" and index:
        near = [other for other in (index - 1, index - 2) if other >= 0 and words[other].can(*SEEN)]
        ends_here = index + 1 == len(words) or words[index + 1].clause != words[index].clause
        noun = near[0] if near and (ends_here or words[index].can(Role.TOOL, Role.NAMESAKE)) else None
    return Claim(noun, index, "a credit") if noun is not None else None


def _used(sentence: Sentence, index: int) -> Claim | None:
    """ "we used AI to make this image", "AI was used"."""
    verb = before(sentence, index, TO_INSTRUMENT, Role.USE)
    if verb is None:
        verb = after(sentence, index, TO_INSTRUMENT, Role.USE)
    if verb is None:
        return None
    weak = (
        ""
        if sentence.has(Role.PICTURE, Role.PERSON, Role.MADE)
        else "AI was used, and it is not said for what"
    )
    return Claim(min(index, verb), max(index, verb), "AI was used", weak)


def _this_is(sentence: Sentence, index: int) -> Claim | None:
    """ "This is AI.", with nothing after it in its clause."""
    words = sentence.words
    this = before(sentence, index, 2, Role.THIS)
    last = index + 1 == len(words) or words[index + 1].clause != words[index].clause
    if this is None or not last or not words[index].can(Role.AI):
        return None
    return Claim(this, index, "this is AI")


def _not_without(sentence: Sentence, index: int) -> Claim | None:
    """ "niet zonder AI": without AI it would not have come about."""
    link = before(sentence, index, TO_INSTRUMENT, Role.WITHOUT)
    negation = before(sentence, link, 8, Role.NOT) if link is not None else None
    if negation is None or negation == link:
        return None
    return Claim(negation, index, "not without AI", settled=True)


def _tool_alone(sentence: Sentence, index: int) -> Claim | None:
    """A tool that makes pictures and does nothing else, named in a line of its own."""
    alone = sentence.words[index].can(Role.TOOL) and len(sentence.words) <= 6
    return Claim(index, index, "names the tool") if alone else None


def _synthetic(sentence: Sentence, index: int) -> Iterator[Claim]:
    noun = after(sentence, index, BESIDE, *SEEN, Role.MADE)
    if noun is None:
        noun = before(sentence, index, BESIDE, *SEEN)
    if noun is not None:
        yield Claim(min(index, noun), max(index, noun), "synthetic image or person")


def _twin(sentence: Sentence, index: int) -> Iterator[Claim]:
    """Of a person; a factory has a digital twin too."""
    if sentence.has(Role.INDUSTRY):
        return
    near = sentence.words[max(0, index - 3) : index] + sentence.words[index + 1 : index + 5]
    named = any(word.capital and not word.roles for word in near)
    person = named or sentence.has(Role.PERSON)
    yield Claim(
        index,
        index,
        "digital twin of a person",
        "" if person else "a digital twin, and it is not said of what",
    )


def _two_hashtags(one: Word, other: Word) -> bool:
    """Two hashtags side by side make no phrase: #ai #model."""
    return one.hashtag and other.hashtag and one.clause != other.clause
