"""What AI is said to have done or to be, whatever the verb is: "it was AI that hung up the moon", "AI wears
our coats", "a creation of AI", "prompt by me, AI by Google"."""

from collections.abc import Iterator, Sequence

from detector.wording.bare import IT_IS_AI, SHOWN, passes
from detector.wording.claim import BESIDE, MAKER, MAKING, Claim, after, before, closes
from detector.wording.tasked import NOT_FOR_WHAT, of_words
from detector.wording.unreal import is_adjective
from detector.wording.vocabulary import Role
from detector.wording.words import Sentence, Word

# Reaches, counted as Word.at does: two for a word
TO_COPULA = 2  # "it was an AI", "c'est l'IA"
TO_WEARS = 4  # "AI hat sie getragen"
TO_PROMPT = 12  # "prompt mine, tears my mother's, AI"
TO_LINK = 4  # "with the help of AI"
MOST_BETWEEN = 3  # words: "die AI mich auf die Piste"
_APART = (Role.TOPIC, Role.SERVICE, Role.OTHERS, Role.POLICY, Role.MAY, Role.WHY)
_DENIALS = (Role.NOT, Role.NOT_AFTER, Role.WITHOUT, Role.INSTEAD, Role.NONE)

IT_WAS = "AI is what did it"
WEARS = "AI is what wears it"
CREATED = "a creation of AI"
BY_PROMPT = "a prompt, and AI"


def acts(sentence: Sentence, index: int) -> Iterator[Claim]:
    """Around the word `index`, which can be AI or a tool of it."""
    here = sentence.words[index]
    if here.hashtag or not here.upper or sentence.question or sentence.has(*_APART):
        return
    for claim in (
        _it_was(sentence, index),
        _wears(sentence, index),
        _creation_of(sentence, index),
        _by_prompt(sentence, index),
        _work_of(sentence, index),
        _did_to_shown(sentence, index),
        _which_made(sentence, index),
    ):
        if claim:
            yield claim


def _it_was(sentence: Sentence, index: int) -> Claim | None:
    """ "a lua foi a IA que pendurou", "it was AI that put me on the slope": of what is shown, or of whoever
    writes."""
    words, here = sentence.words, sentence.words[index]
    link = after(sentence, index, BESIDE, Role.AND)
    copula = before(sentence, index, TO_COPULA, Role.IS)
    if link is None or copula is None or link + 1 == len(words) or of_words(sentence, index):
        return None
    if sentence.has(Role.PRODUCT):
        return None
    rest = [word for word in words[link + 1 :] if word.clause == here.clause]
    if not rest or any(word.can(*_DENIALS) for word in rest):
        return None
    me = any(word.may_help(Role.FOR_ME, Role.SOMEBODY) for word in rest[:MOST_BETWEEN])
    me = me and any(word.can(*MAKING, Role.DOES) for word in rest)  # "put me on the slope", not "robbed me"
    shown = any(word.can(*SHOWN) for word in words[:index])
    return Claim(copula, link, IT_WAS) if me or shown else None


def _wears(sentence: Sentence, index: int) -> Claim | None:
    """ "An AI wears the whole collection", "c'est une IA qui porte ma collec": AI as somebody, and no
    "l'IA porte atteinte", "KI trägt zu weniger Retouren bei"."""
    verb = after(sentence, index, TO_WEARS, Role.WEARS)
    if verb is None or not sentence.words[index].can(Role.AI):
        return None
    between = sentence.words[index + 1 : verb]
    if not all(passes(word) or word.can(Role.AND, Role.IS) for word in between):
        return None
    own = sentence.words[index].clause
    denied = any(word.can(*_DENIALS) for word in sentence.words if word.clause == own)
    rest = [word for word in sentence.words[verb + 1 :] if word.clause == own]
    it_is = before(sentence, index, TO_COPULA + 2, Role.IS) is not None and any(
        w.can(Role.AND) for w in between
    )
    somebody = (
        index > 0 and sentence.words[index - 1].article and any(word.can(Role.PRODUCT) for word in rest)
    )
    if not (it_is or somebody or sentence.words[verb].cjk):
        return None
    return None if denied else Claim(index, verb, WEARS)


def _creation_of(sentence: Sentence, index: int) -> Claim | None:
    """ "puro invento de la IA", "sont des créatures d'intelligence artificielle": a clause that begins so, or
    whoever is shown is said to be that."""
    words, here = sentence.words, sentence.words[index]
    noun = index - 1
    while noun >= 0 and words[noun].clause == here.clause and _of(words[noun]):
        noun -= 1
    if noun < 0 or words[noun].clause != here.clause or not _created(words[noun]):
        return None
    if noun == index - 1 and not closes(sentence, index):
        return None
    first = noun
    while first > 0 and words[first - 1].clause == here.clause and passes(words[first - 1]):
        first -= 1
    opens = first == 0 or words[first - 1].clause != here.clause
    if any(word.can(Role.PRODUCT) for word in words if word.clause == here.clause):
        return None
    said = first > 0 and words[first - 1].can(Role.IS) and any(word.can(*SHOWN) for word in words[:first])
    if not (said or (opens and closes(sentence, index))):
        return None
    return Claim(noun, index, CREATED)


def _work_of(sentence: Sentence, index: int) -> Claim | None:
    """ "AIの出力です", "인공지능의 작품입니다": a character between, and a copula or nothing behind."""
    words = sentence.words[index : index + 4]
    if len(words) < MOST_BETWEEN or not (words[1].cjk and words[1].until - words[1].at == 1):
        return None
    ahead = [word for word in sentence.words[:index] if word.clause == words[0].clause]
    if ahead and not any(word.can(*SHOWN, Role.SLIDE) for word in ahead):
        return None  # "翻訳はAIの出力です"
    ends = len(words) == MOST_BETWEEN or words[MOST_BETWEEN].can(Role.IS)
    ends = ends or words[MOST_BETWEEN].clause != words[0].clause
    if not (words[2].can(Role.CREATION) and words[2].cjk and ends):
        return None
    return None if sentence.has(*_DENIALS) else Claim(index, index + 2, IT_IS_AI)


def _did_to_shown(sentence: Sentence, index: int) -> Claim | None:
    """ "AI heeft mijn paspop in een mens veranderd", "the beach: AI stretched it to the left": AI as who did
    something to what is shown, mine or a place in the picture."""
    words, here = sentence.words, sentence.words[index]
    own = [place for place, word in enumerate(words) if word.clause == here.clause and place != index]
    elsewhere = (Role.INDUSTRY,) if here.can(Role.TOOL) else (Role.INDUSTRY, Role.PRODUCT)
    if any(words[place].can(*_DENIALS, *elsewhere) for place in own) or of_words(sentence, index):
        return None
    if _linked(sentence, index) or _compounded(sentence, index):
        return None
    if any(words[place].may_help(Role.ASKED) for place in own):
        return None  # what it was asked for is told otherwise
    done = [place for place in own if words[place].can(Role.MADE, Role.EDITED) and not words[place].hyphen]
    done = done or [place for place in own if place > index and words[place].may_help(Role.HELPED)]
    shown = [place for place in own if words[place].can(*SHOWN, Role.SLIDE, Role.REST)]
    me = any(words[place].may_help(Role.FOR_ME) for place in own)
    it = any(words[place].can(Role.IT, Role.PRONOUN) for place in own if place > index)
    it = it and any(word.can(Role.PERSON, Role.PART) and word.clause == here.clause - 1 for word in words)
    only_pictures = here.can(Role.TOOL) and here.capital  # "Midjourney imagined our dress on a pier"
    if not done or not (shown or me or it or only_pictures):
        return None
    mine = me or any(words[place].can(Role.OUR, Role.THIS) for place in own)
    place_in_it = any(words[place].can(Role.PART, Role.REST) or _names_slide(words[place]) for place in shown)
    if not (mine or place_in_it or it or _named_last(sentence, index, done[0], shown)):
        return None
    weak = "" if shown or it or only_pictures else NOT_FOR_WHAT
    return Claim(min(index, done[0]), max(index, done[-1]), IT_WAS, weak)


def _named_last(sentence: Sentence, index: int, done: int, shown: Sequence[int]) -> bool:
    """ "Animiert hat das alte Foto eine KI": the verb, what is shown, and then who did it."""
    between = bool(shown) and done < min(shown)
    return between and sentence.words[index - 1].article and closes(sentence, index)


def _linked(sentence: Sentence, index: int) -> bool:
    """ "made with AI": AI does nothing there; "a program with AI" does."""
    link = before(sentence, index, TO_LINK, Role.WITH, Role.OF)
    if link is None:
        return False
    words = sentence.words
    return not (link and words[link - 1].may_help(Role.APP) and words[link - 1].clause == words[link].clause)


def _names_slide(word: Word) -> bool:
    return word.can(Role.SLIDE) and not word.can(Role.PICTURE)


def _compounded(sentence: Sentence, index: int) -> bool:
    """ "AI-beelden", "AI team": a part of what something else is called."""
    following = sentence.words[index + 1] if index + 1 < len(sentence.words) else None
    return following is not None and (following.hyphen or following.can(Role.DEVICE, Role.KIND, *SHOWN))


def _which_made(sentence: Sentence, index: int) -> Claim | None:
    """ "Only in the dreams of an AI, which painted the backdrop": told in the clause behind it."""
    words, here = sentence.words, sentence.words[index]
    if (
        index + 1 == len(words)
        or words[index + 1].clause != here.clause + 1
        or not words[index + 1].can(Role.AND)
    ):
        return None
    rest = [place for place in range(index + 1, len(words)) if words[place].clause == here.clause + 1]
    if any(words[place].can(*_DENIALS, Role.PRODUCT) for place in rest):
        return None
    done = next((place for place in rest if words[place].can(Role.MADE, Role.EDITED)), None)
    shown = any(words[place].can(*SHOWN) for place in rest)
    return Claim(index, done, IT_WAS) if done is not None and shown else None


def _created(word: Word) -> bool:
    return word.can(Role.CREATION) and not word.cjk


def _of(word: Word) -> bool:
    return (
        word.can(Role.OF, Role.SMALL, Role.WITH) or word.article or word.may_help(Role.SOURCE)
    ) and not word.can(*_DENIALS)


def _by_prompt(sentence: Sentence, index: int) -> Claim | None:
    """ "Prompt mio, AI di Google": who wrote the prompt is told beside what it was given to."""
    here = sentence.words[index]
    if not sentence.has(Role.PROMPT) or sentence.has(*_DENIALS, Role.PRODUCT) or of_words(sentence, index):
        return None
    for place, word in enumerate(sentence.words):
        gap = max(word.at - here.until, here.at - word.until)
        if (
            word.can(Role.PROMPT)
            and not (word.can(*MAKER) or is_adjective(sentence, place))
            and place != index
            and gap <= TO_PROMPT
        ):
            return Claim(min(place, index), max(place, index), BY_PROMPT)
    return None
