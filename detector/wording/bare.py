"""AI named without a verb of making: in a clause of its own beside its picture, as what somebody is, as the
answer to a question, or as the name of a tool beside the picture that it made."""

from collections.abc import Sequence

from detector.wording.claim import BESIDE, MAKING, SEEN, Claim, after
from detector.wording.vocabulary import Role
from detector.wording.words import Sentence, Word

IT_IS_AI = "it is AI"
ANSWER = "asks what it is, and answers: AI"
SHOWN = (*SEEN, Role.PART)
# What may stand around AI in a clause that says nothing else: "all of it fully AI", "(thanks to AI)"
PASSING = (Role.DEGREE, Role.ALL, Role.SMALL, Role.OF, Role.IT, Role.YES, Role.PRONOUN)
_MOST_PASSING = 4  # words between a copula and AI: "is in fact all AI"
_SHORT_LABEL = 3  # words: "AI creation"
_SHORT = 8  # "아무도 아니에요", counted as Word.at does
_MOST_ANSWER = 5  # words of an answer: "Yes, that is all AI"
_APART = ("(", "[", "（", "【", "〔", "–", "—", "―", "-", "/", ":", "-")
_DENIALS = (Role.NOT, Role.NOT_AFTER, Role.WITHOUT, Role.INSTEAD, Role.NONE)
_ELSEWHERE = (Role.TOPIC, Role.SERVICE, Role.PRODUCT, Role.OTHERS, Role.MAY, Role.SOME, Role.POLICY)


def passes(word: Word) -> bool:
    """A word that changes nothing between AI and what is said to be AI."""
    return (word.can(*PASSING) or word.article) and not word.can(*_DENIALS, *SEEN, Role.MAY)


def copula_before(sentence: Sentence, index: int) -> int | None:
    """ "is fully AI", "sont 100 % IA": the nearest copula, with nothing between that would matter."""
    words, here = sentence.words, sentence.words[index]
    for other in range(index - 1, max(-1, index - 2 - _MOST_PASSING), -1):
        word = words[other]
        if word.clause != here.clause:
            return None
        if word.can(Role.IS) and not word.can(*_DENIALS):
            return other
        if not passes(word) and not word.can(Role.WITH):
            return None
    return None


def said_beside(sentence: Sentence, index: int) -> Claim | None:
    """ "Lookbook SS26 — fully AI", "our spring campaign (AI)", "the whole cast, 100 % AI"."""
    words, here = sentence.words, sentence.words[index]
    if sentence.question or here.hashtag or not here.upper or sentence.has(*_ELSEWHERE):
        return None
    own = [word for word in words if word.clause == here.clause]
    others = [word for word in own if word is not here]
    if (
        not all(passes(word) or word.can(Role.WITH, Role.IS) for word in others)
        or len(others) > _MOST_PASSING
    ):
        return None
    around = [word for word in words if abs(word.clause - here.clause) <= 1]
    beside = [
        word for word in around if word.clause <= here.clause or len(around) - len(own) <= _MOST_PASSING
    ]
    if any(word.can(*_DENIALS) for word in beside):
        return None
    whole = any(word.can(Role.DEGREE) for word in others)
    following = next((word for word in words if word.clause > here.clause), None)
    if following is not None and following.joint == ":":
        return None  # "Model: Aisha. AI: none"
    if not whole and (own[0].joint not in _APART or words[-1].clause > here.clause + 1):
        return None
    place = next(
        (place for place, word in enumerate(words) if word.clause == here.clause - 1 and word.can(*SHOWN)),
        None,
    )
    return None if place is None or here.clause == 0 else Claim(place, index, "AI image or model")


def tool_beside(sentence: Sentence, index: int) -> Claim | None:
    """ "a collab between our studio and Midjourney: the spring visuals": such a tool does nothing else."""
    here = sentence.words[index]
    if not here.can(Role.TOOL) or here.can(Role.PICTURE, Role.WRITER) or here.hashtag or sentence.question:
        return None
    if sentence.has(*_DENIALS, *_ELSEWHERE, Role.CHANNEL, Role.ONE_OF, Role.EXCEPT):
        return None
    shown = any(word.can(Role.PICTURE, Role.PART, Role.PROMPT) for word in sentence.words)
    return Claim(index, index, "names the tool") if shown else None


def image_of(sentence: Sentence, index: int) -> int | None:
    """The noun that AI is said of, right behind it, with a kind between: "AI-powered visuals", "AI fashion
    model". None for "AI photo app", where the noun is the app."""
    words, noun = sentence.words, index
    if not words[index].upper:  # "ia" and "ai" are other words too
        found = after(sentence, index, BESIDE, *SEEN)
        return None if found is None or after(sentence, found, BESIDE, Role.DEVICE) is not None else found
    for _ in range(3):
        found = after(sentence, noun, BESIDE, *SHOWN, Role.KIND, Role.DIGITAL, Role.VIRTUAL, Role.CREATION)
        if found is None:
            return None
        noun = found
        if words[noun].can(*SHOWN, Role.CREATION):
            break
    named = words[noun].can(*SHOWN) or _creation(sentence, index, noun)
    return noun if named and after(sentence, noun, BESIDE, Role.DEVICE) is None else None


def _creation(sentence: Sentence, index: int, noun: int) -> bool:
    """ "This is an AI creation": what it is, and not "the world of AI art"."""
    alone = len(sentence.words) <= _SHORT_LABEL
    return sentence.words[noun].can(Role.CREATION) and (alone or copula_before(sentence, index) is not None)


def of_camera(sentence: Sentence, index: int) -> bool:
    """ "shot with an AI camera": the camera has it."""
    follower = after(sentence, index, BESIDE, Role.REAL)
    return follower is not None and not sentence.words[follower].can(*SHOWN)


def answers(asked: Sentence, said: Sentence) -> int | None:
    """Where the second says AI and no more, after the first asked what one sees: "Who is that girl? AI."."""
    if not asked.question or asked.has(Role.AI, Role.SERVICE) or said.question:
        return None
    who = len(asked.words) <= _SHORT_LABEL and asked.has(Role.PRONOUN, Role.IT, Role.IS)
    if not (asked.has(*SHOWN, Role.THIS, Role.SLIDE) or who) or len(said.words) > _MOST_ANSWER:
        return None
    only = said.words[0]
    if len(said.words) == 1 and only.can(Role.NAMESAKE) and (only.capital or only.cjk) and not who:
        return 0  # "The runway in this reel? Kling."
    if asked.has(Role.PRODUCT) and not asked.has(*SHOWN):
        return None
    bare = bare_ai(said)
    return _who_did_it(said) if bare is None else bare


def _who_did_it(said: Sentence) -> int | None:
    """ "Foi a IA que bolou.": AI, a verb of making, and nothing that it could be but what was asked for."""
    if not said.has(*MAKING) or said.has(*_DENIALS, *_ELSEWHERE):
        return None
    return next((i for i, word in enumerate(said.words) if word.can(Role.AI) and word.upper), None)


def nobody(said: Sentence) -> bool:
    """ "Nobody.": the first half of an answer."""
    return (
        said.words[-1].until <= _SHORT
        and said.has(Role.NOT, Role.NONE, Role.NOT_AFTER)
        and not said.has(*_ELSEWHERE)
    )


def bare_ai(sentence: Sentence) -> int | None:
    """The place of AI in a sentence that says nothing else."""
    words = sentence.words
    place = next((place for place, word in enumerate(words) if word.can(Role.AI)), None)
    if place is None and len(words) == 1 and words[0].can(Role.GENERATED):
        return 0  # "our campaign girl? generated."
    if place is None or words[place].hashtag or not words[place].upper:
        return None
    rest: Sequence[Word] = [word for word in words if word is not words[place]]
    return place if all(passes(word) or word.can(Role.IS, Role.DOES) for word in rest) else None
