"""How a picture came about, told in more clauses than one: "so ist das Motiv entstanden, ganz mit KI", "three
hundred tries with AI, twelve images: that is how the campaign was born", "Illustration: newsroom, with help
from AI"."""

from collections.abc import Iterator, Sequence

from detector.wording.bare import SHOWN, passes
from detector.wording.claim import MAKING, Claim, before, closes
from detector.wording.tasked import of_words
from detector.wording.vocabulary import Role
from detector.wording.words import Sentence, Word

# Reaches, counted as Word.at does: two for a word
TO_LINK = 4  # "met behulp van de AI", "mit generativer KI"
MOST_NAMES = 4  # words of who is credited, between the colon and AI: "Studio Nord and our team"
MOST_ASIDE = 3  # clauses from AI to "that is how": "with AI, twelve images: that is how"
_APART = (Role.TOPIC, Role.SERVICE, Role.OTHERS, Role.POLICY, Role.MAY, Role.SOME, Role.WHY, Role.EXCEPT)
_DENIALS = (Role.NOT, Role.NOT_AFTER, Role.WITHOUT, Role.INSTEAD, Role.NONE)

MADE_WITH = "made with AI"
CREDIT = "a credit"


def came_about(sentence: Sentence, index: int) -> Iterator[Claim]:
    """Around the word `index`, which can be AI or a tool of it."""
    here = sentence.words[index]
    if here.hashtag or not (here.upper or here.cjk) or sentence.question or sentence.has(*_APART):
        return
    for claim in (
        _made_and_with(sentence, index),
        _that_is_how(sentence, index),
        _what_came_of_it(sentence, index),
        _credited_with(sentence, index),
        _place_with(sentence, index),
    ):
        if claim:
            yield claim


def _clause(sentence: Sentence, clause: int) -> list[Word]:
    return [word for word in sentence.words if word.clause == clause]


def _denied(words: Sequence[Word]) -> bool:
    return any(word.can(*_DENIALS) for word in words)


def _made_picture(words: Sequence[Word]) -> bool:
    """A making of what is shown, and of nothing that is sold."""
    made = any(word.can(Role.MADE) for word in words)
    return (
        made and any(word.can(*SHOWN) for word in words) and not any(word.can(Role.PRODUCT) for word in words)
    )


def _our_picture(words: Sequence[Word]) -> bool:
    """What is shown, and that it was made or is ours: "sådan blev vores nye lookbook til"."""
    ours = any(word.can(Role.OUR) for word in words)
    pictured = any(word.can(Role.PICTURE) for word in words)
    elsewhere = any(word.can(Role.PRODUCT, Role.REAL) for word in words)
    return not elsewhere and (_made_picture(words) or (ours and pictured))


def _with_alone(sentence: Sentence, index: int) -> int | None:
    """Where the "with" of AI stands, if nothing stands before it in its clause that would matter: "ganz mit
    KI"."""
    link = before(sentence, index, TO_LINK, Role.WITH)
    if link is None:
        return None
    words, here = sentence.words, sentence.words[index]
    ahead = [word for word in words[:index] if word.clause == here.clause]
    rest = [word for word in ahead if word is not words[link]]
    return link if all(passes(word) or word.can(Role.WITH) or not word.roles for word in rest) else None


def _made_and_with(sentence: Sentence, index: int) -> Claim | None:
    """ "So ist unser Wintermotiv entstanden, komplett mit generativer KI": how, in a clause of its own."""
    clause = sentence.words[index].clause
    link, made = _with_alone(sentence, index), _clause(sentence, clause - 1)
    if link is None or sentence.words[index].cjk or not _made_picture(made) or _denied(made):
        return None
    own = [word for word in sentence.words[:index] if word.clause == clause]
    if any(word.can(*MAKING, *SHOWN, Role.PRODUCT) for word in own) or _denied(own):
        return None
    following = sentence.words[index + 1 : index + 2]
    if any(word.clause == clause and word.can(*SHOWN, Role.DEVICE, Role.PRODUCT) for word in following):
        return None
    first = next(place for place, word in enumerate(sentence.words) if word is made[0])
    return Claim(first, index, MADE_WITH, affirmed=True)


def _that_is_how(sentence: Sentence, index: int) -> Claim | None:
    """ "Trecento tentativi con l'AI, dodici immagini: così è nata la campagna"."""
    words, here = sentence.words, sentence.words[index]
    own = _clause(sentence, here.clause)
    linked = before(sentence, index, TO_LINK, Role.WITH) is not None
    if here.cjk or _denied(own) or not (linked or all(map(passes, own[: own.index(here)]))):
        return None
    if of_words(sentence, index):
        return None
    for aside in range(1, MOST_ASIDE + 1):
        told = _clause(sentence, here.clause + aside)
        if _denied(told):
            return None
        if told and any(word.may_help(Role.THUS) for word in told[:3]) and _our_picture(told):
            last = max(place for place, word in enumerate(words) if word.clause == here.clause + aside)
            return Claim(index, last, MADE_WITH)
    return None


def _what_came_of_it(sentence: Sentence, index: int) -> Claim | None:
    """ "画像生成AIと3か月格闘してできたのが、この春のカタログです": what was made in its clause, and this
    picture right behind it."""
    words, here = sentence.words, sentence.words[index]
    if index + 1 == len(words) or not words[index + 1].cjk:
        return None
    own = [word for word in words[index + 1 :] if word.clause == here.clause]
    shown = _clause(sentence, here.clause + 1)
    if not own or not any(word.can(Role.MADE) for word in own[-MOST_NAMES:]) or _denied(own + shown):
        return None
    pointed = any(word.can(Role.THIS) for word in shown[:2]) and any(word.can(*SHOWN) for word in shown)
    return Claim(index, words.index(shown[-1]), MADE_WITH) if pointed else None


def _place_with(sentence: Sentence, index: int) -> Claim | None:
    """ "Fjällen bakom henne la vi till med AI": a place in the picture, and AI as the means at the end,
    whatever the verb."""
    words, here = sentence.words, sentence.words[index]
    link = before(sentence, index, TO_LINK, Role.WITH)
    if link is None or here.cjk or not closes(sentence, index) or of_words(sentence, index):
        return None
    ahead = [place for place in range(link) if words[place].clause == here.clause]
    if any(words[place].can(*_DENIALS, Role.PRODUCT, Role.INDUSTRY, Role.REAL) for place in ahead):
        return None
    part = next((place for place in ahead if words[place].can(Role.PART)), None)
    verb = any(
        not words[place].roles or words[place].can(*MAKING, Role.DOES) for place in ahead if place != part
    )
    return Claim(part, index, MADE_WITH) if part is not None and verb else None


def _credited_with(sentence: Sentence, index: int) -> Claim | None:
    """ "Illustratie bij dit artikel: redactie, met behulp van AI": who made it, and with what."""
    clause = sentence.words[index].clause
    names, credit = _clause(sentence, clause - 1), _clause(sentence, clause - 2)
    link = _with_alone(sentence, index)
    if link is None or not names or names[0].joint != ":" or len(names) > MOST_NAMES:
        return None
    if (
        not credit
        or (not credit[0].can(Role.PICTURE) and not credit[-1].can(Role.PICTURE))
        or not closes(sentence, index)
    ):
        return None
    if any(word.can(Role.PRODUCT) for word in names) or _denied(names + credit):
        return None
    first = next(place for place, word in enumerate(sentence.words) if word is credit[0])
    return Claim(first, index, CREDIT, affirmed=True)
