"""What AI was given to do: "asked ChatGPT to put my dress on a model", "Gemini invented her for me", "these
photos come from an AI app", whatever the verb is."""

from collections.abc import Iterator

from detector.wording.bare import SHOWN, passes
from detector.wording.claim import MAKER, MAKING, Claim
from detector.wording.vocabulary import Role
from detector.wording.words import Sentence, Word

TASKED = "AI was asked to make it"
FOR_US = "AI made it for whoever writes"
COMES_FROM = "comes from AI"
NOT_FOR_WHAT = "AI was asked, and it is not said for a picture"
# Reaches, counted as Word.at does: two for a word; one for a Chinese, Japanese or Korean character
TO_ASKED = 6  # "asked my friend ChatGPT", "le pedimos a una IA"
TO_ASKED_LAST = 10  # "hab Gemini gebeten", "heb ik ChatGPT er eentje laten maken"
TO_ASKED_CJK = 24  # "AIに青い海の背景を描いてもらいました"
TO_MINE = 8  # "nos estrenamos con la IA": what may be "my" as well, as in "mi falda … IA"
TO_SUBJECT = 16  # "the sky behind her in this picture comes from AI"
_MOST_PASSED = 4  # words between "from" and AI: "aus so ner KI-App"
_APART = (Role.TOPIC, Role.POLICY)
_SHORT = 3  # letters of a word that is nothing here: "ner", "'ne", "hat"
_LONG = 4  # of Word.at: a phrase of two words, "vengono da"


def tasked(sentence: Sentence, index: int) -> Iterator[Claim]:
    """Around the word `index`, which can be AI or a tool of it."""
    here = sentence.words[index]
    if here.hashtag or not (here.upper or here.cjk):
        return
    for claim in (
        _asked(sentence, index),
        _for_me(sentence, index),
        _comes_from(sentence, index),
        _with_app(sentence, index),
        _who_made(sentence, index),
    ):
        if claim:
            yield claim


def _near(sentence: Sentence, index: int, step: int, reach: int, role: Role) -> int | None:
    """The nearest word on one side that helps so, in the same clause and within reach."""
    words, here = sentence.words, sentence.words[index]
    place = index + step
    while 0 <= place < len(words) and words[place].clause == here.clause:
        word = words[place]
        if max(word.at - here.until, here.at - word.until) > reach:
            return None
        if word.may_help(role):
            return place
        place += step
    return None


def shows(sentence: Sentence, index: int) -> bool:
    """A picture, a person or a place in it, beside AI itself; and not behind a "but" that turns from it."""
    here = sentence.words[index]
    for place, word in enumerate(sentence.words):
        if word.clause > here.clause and word.joint and word.can(Role.BUT) and not word.cjk:
            return False
        if place == index or _credited(sentence, place, here.clause):
            continue
        if word.can(*SHOWN, Role.UNREAL, Role.SLIDE) or word.may_help(Role.SOMEBODY):
            return True
    return False


def _credited(sentence: Sentence, place: int, clause: int) -> bool:
    """ "…, photo by mum": who took it is told apart."""
    words = sentence.words
    if words[place].clause == clause or not words[place].can(Role.PICTURE) or place + 1 == len(words):
        return False
    following = words[place + 1]
    by = following.can(Role.WITH, Role.OF) or following.may_help(Role.SOURCE)
    return (
        by and following.clause == words[place].clause and not any(word.can(*MAKER) for word in words[place:])
    )


def of_words(sentence: Sentence, index: int) -> bool:
    """What a tool writes, says or advises is no picture: in its clause or the next."""
    own = sentence.words[index].clause
    return any(word.may_help(Role.WORDS) for word in sentence.words if word.clause in (own, own + 1))


def _asked(sentence: Sentence, index: int) -> Claim | None:
    """ "asked Gemini to put my top on someone", "lod Firefly drømme", "让豆包", "AIに描いてもらいました"."""
    words, here = sentence.words, sentence.words[index]
    place = _near(sentence, index, -1, TO_ASKED, Role.ASKED)
    if place is None:
        following = words[index + 1] if index + 1 < len(words) else None
        cjk = following is not None and following.cjk
        place = _near(sentence, index, 1, TO_ASKED_CJK if cjk else TO_ASKED_LAST, Role.ASKED)
    if place is None or of_words(sentence, index) or sentence.has(*_APART):
        return None
    if any(word.can(Role.WHY, Role.OTHERS) for word in words[index + 1 :]):
        return None  # "asked AI how", "asked AI, so we hired Lou"
    pictures_only = here.can(Role.TOOL) or (here.can(Role.NAMESAKE) and here.capital)
    weak = "" if pictures_only or shows(sentence, index) else NOT_FOR_WHAT
    return Claim(min(place, index), max(place, index), TASKED, weak)


def _for_me(sentence: Sentence, index: int) -> Claim | None:
    """ "Gemini heeft haar voor me verzonnen", "la foto me la ha hecho ChatGPT", "照片是AI帮我P的"."""
    words, here = sentence.words, sentence.words[index]
    found = [
        place
        for place, word in enumerate(words)
        if word.clause == here.clause and word.may_help(Role.FOR_ME) and not word.can(*MAKER)
        if not word.can(Role.OUR) or max(word.at - here.until, here.at - word.until) <= TO_MINE
    ]
    if not found or not shows(sentence, index) or of_words(sentence, index) or sentence.has(*_APART):
        return None
    place = min(found, key=lambda one: abs(one - index))
    first, last = min(place, index), max(place, index)
    around = words[max(0, first - 2) : last + 3]
    if not any(_does(word) for word in around if word.clause == here.clause):
        return None
    if any(word.can(Role.IS, Role.INSTEAD) and not word.cjk for word in words[first + 1 : last]):
        return None
    return Claim(first, last, FOR_US)


def _does(word: Word) -> bool:
    """A verb of making, or a word that may be one: it is nothing else."""
    return word.can(*MAKING, Role.DOES) or not (word.roles or word.article or word.title)


def _comes_from(sentence: Sentence, index: int) -> Claim | None:
    """ "die Fotos sind von ChatGPT", "montei essas fotos num aplicativo de IA", "è frutto dell'IA"."""
    words, here = sentence.words, sentence.words[index]
    closed, link = _closes(sentence, index), index - 1
    while link >= max(0, index - 1 - _MOST_PASSED) and words[link].clause == here.clause:
        if _ends_in_source(words[link]):
            return _origin(sentence, link, index) if closed else None
        closed = closed or words[link].may_help(Role.APP)
        of_app = link > 0 and words[link - 1].may_help(Role.APP)
        if words[link].may_help(Role.SOURCE) and not of_app:
            return _origin(sentence, link - 1, index) if link and closed else None
        if not _passed(words[link]):
            return None
        link -= 1
    return None


def _ends_in_source(word: Word) -> bool:
    """ "viennent d'", "er fra": a phrase of the lexicon that has the "from" in it."""
    return word.can(Role.DESIGNED, Role.IS) and word.until - word.at >= _LONG and not word.cjk


def _passed(word: Word) -> bool:
    small = not word.roles and word.end - word.start <= _SHORT
    return small or passes(word) or word.may_help(Role.APP, Role.SOURCE) or word.can(Role.DIGITAL)


def _origin(sentence: Sentence, verb: int, index: int) -> Claim | None:
    words, here = sentence.words, sentence.words[index]
    while verb > 0 and words[verb].can(Role.DEGREE, Role.ALL) and words[verb].clause == here.clause:
        verb -= 1
    if words[verb].clause != here.clause:
        return None
    own = [place for place in range(verb) if words[verb].at - words[place].until <= TO_SUBJECT]
    own = [place for place in own if words[place].clause in (here.clause, here.clause - 1)]
    subject = next((place for place in reversed(own) if words[place].can(*SHOWN, Role.UNREAL)), None)
    comes = words[verb].can(Role.IS, Role.DESIGNED) or words[verb].may_help(Role.COMES)
    if comes and subject is not None:
        return Claim(subject, index, COMES_FROM)
    made = [place for place in own if words[place].can(*MAKING) or words[place].may_help(Role.COMES)]
    if words[verb].can(*SHOWN) and made:  # "montei essas fotos num aplicativo"
        return Claim(made[-1], index, COMES_FROM)
    return None


def _closes(sentence: Sentence, index: int) -> bool:
    """Nothing follows that would be the thing itself, as in "from an AI conference", but an app."""
    words, here = sentence.words, sentence.words[index]
    following = words[index + 1] if index + 1 < len(words) else None
    if following is None or following.clause != here.clause or following.cjk:
        return True
    if following.may_help(Role.APP):
        return True
    other = (Role.DEVICE, Role.TOPIC, Role.SERVICE, Role.INDUSTRY, Role.PRODUCT, *SHOWN)
    return bool(following.roles) and not following.can(*other)


def _with_app(sentence: Sentence, index: int) -> Claim | None:
    """ "画像はAIアプリで出しました", "图都是用AI软件跑出来的": pictures, made in an app."""
    words, here = sentence.words, sentence.words[index]
    following = words[index + 1] if index + 1 < len(words) else None
    if following is None or not following.may_help(Role.APP) or not sentence.has(Role.PICTURE):
        return None
    rest = [place for place in range(index + 2, len(words)) if words[place].clause == here.clause]
    verb = next((place for place in rest if words[place].can(*MAKING)), None)
    linked = here.cjk or (bool(rest) and words[rest[0]].can(Role.WITH, Role.WITH_AFTER))
    if verb is None or not (linked and words[verb].cjk) or sentence.has(*_APART, Role.OTHERS):
        return None
    return Claim(index, verb, COMES_FROM)


def _who_made(sentence: Sentence, index: int) -> Claim | None:
    """ "quem fez as fotos foi o ChatGPT", "wer die Bilder gemacht hat, ist die KI"."""
    words, here = sentence.words, sentence.words[index]
    if index + 1 < len(words) and words[index + 1].clause == here.clause:
        return None
    own = [place for place in range(index) if words[place].clause == here.clause]
    if not own or not words[own[0]].can(Role.AND) or of_words(sentence, index):
        return None
    does = [place for place in own if words[place].can(Role.DOES, Role.MADE)]
    seen = [place for place in own if words[place].can(*SHOWN)]
    return Claim(own[0], index, COMES_FROM) if does and seen else None
