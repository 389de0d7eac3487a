"""What a claim is worth where it stands: negated, asked, hedged, of another subject, or said."""

from dataclasses import dataclass
from itertools import pairwise

from detector.wording.bare import IT_IS_AI
from detector.wording.claim import BESIDE, BY_ITSELF, MAKER, SEEN, TWIN, Claim, after, before, may_after
from detector.wording.sentences import Sentence, Word
from detector.wording.tasked import COMES_FROM, FOR_US, TASKED
from detector.wording.vocabulary import Role
from storage.records import Extent, ReadingState

# Reaches, counted as Word.at does: two for a word.
NEGATION_BEFORE = 10
NEGATION_AFTER = 16
SUBJECT = 8  # "none of all the pictures": from a denial to what it denies
HEDGE_BEFORE = 10
LONG_DENIAL = 4  # words: "Nope, our manager Sue"
LEFT_OUT = 6  # around "except"
SHORT = 5  # words: a sentence that only denies has no more

SERVICE = "speaks of an AI service"
TOPIC = "speaks of AI as a topic"
DENIED = "says that no AI was used"
_FAR = "a denial stands far before it, and may belong to it"
_OF_ELSE = "a denial stands before it, and seems to deny something else"
_IS_AI = ("this is AI", "is AI", IT_IS_AI)
_OF_PICTURE = ("made with AI", "AI-generated", "AI image or model", "is AI", IT_IS_AI)
_OF_SHOWN = (TASKED, FOR_US, COMES_FROM)
_OF_NO_PICTURE = "says that it is AI, and nothing of a picture"
_LEFT_OUT = (Role.SLIDE, Role.FIRST, Role.SECOND, Role.THIRD, Role.FOURTH, Role.FIFTH, Role.LAST, Role.REST)
_DENIAL = (Role.NOT, Role.NOT_AFTER, Role.IT, Role.IS, Role.THIS)


@dataclass(frozen=True, slots=True)
class Weighed:
    state: ReadingState
    reason: str
    extent: Extent = Extent.UNKNOWN


def weigh(claim: Claim, sentence: Sentence, following: Sentence | None, *, about_pictures: bool) -> Weighed:
    """`following`: the next sentence, which may answer this one. `about_pictures`: the whole text speaks of
    one."""
    if claim.settled:
        said = ReadingState.PRESENT if about_pictures else ReadingState.AMBIGUOUS
        return Weighed(said, claim.how)
    if not claim.affirmed and negated(sentence, claim):
        return _weigh_denied(sentence, claim)
    far = None if claim.affirmed or _without(sentence, claim) else _far_denial(sentence, claim)
    if far and not sentence.question:
        return Weighed(ReadingState.ABSENT, DENIED)
    other = _other_subject(sentence, claim)
    if other:
        return _weigh_other(claim, sentence, following, other)
    if sentence.question:
        return answered(following)
    if _taken_back(following):
        return Weighed(ReadingState.ABSENT, "says so, and takes it back")
    others = _of_others(sentence, claim, following)
    if others and _denies_soon(following) and not _may_be_taken_back(following):
        return Weighed(ReadingState.ABSENT, "says what it looks like, and that it is not")
    weak = "" if claim.how == TWIN and following and following.has(Role.CONSENT) else claim.weak
    doubt = weak or (_FAR if far is not None else "") or others
    doubt = doubt or _doubt(sentence, claim, about_pictures=about_pictures)
    if not doubt and not sentence.words[0].can(Role.YES) and _may_be_taken_back(following):
        doubt = "says so, and the next sentence may take it back"
    if doubt:
        return Weighed(ReadingState.AMBIGUOUS, doubt)
    return Weighed(ReadingState.PRESENT, claim.how, _extent(sentence, claim))


def _weigh_denied(sentence: Sentence, claim: Claim) -> Weighed:
    if _denies_something_else(sentence, claim):
        return Weighed(ReadingState.AMBIGUOUS, _OF_ELSE)
    return Weighed(ReadingState.ABSENT, DENIED)


def _weigh_other(claim: Claim, sentence: Sentence, following: Sentence | None, other: str) -> Weighed:
    """Of a claim that seems to speak of a topic or a service. "Our AI model shows off the fit" names a
    person or a picture, and is no silence."""
    if claim.how in _OF_SHOWN:
        return Weighed(ReadingState.AMBIGUOUS, other)
    telling = (*SEEN, Role.TOOL) if other == SERVICE else (*SEEN, Role.TOOL, Role.MADE)
    shown = any(word.can(*telling) for word in sentence.words[claim.first : claim.last + 1])
    if shown and claim.how in (*_OF_PICTURE, BY_ITSELF) and not _opens_with_topic(sentence):
        return Weighed(ReadingState.AMBIGUOUS, other)
    asked = claim.how in _IS_AI and _starts(following, Role.YES)  # "everyone asks if this is AI. Yes"
    return answered(following) if asked else Weighed(ReadingState.ABSENT, other)


def _doubt(sentence: Sentence, claim: Claim, *, about_pictures: bool) -> str:
    return (
        _of_nobody(sentence, claim)
        or _hedge(sentence, claim)
        or _of_product(sentence, claim)
        or _of_no_picture(sentence, claim, about_pictures=about_pictures)
    )


def _of_no_picture(sentence: Sentence, claim: Claim, *, about_pictures: bool) -> str:
    yes = sentence.words[0].can(Role.YES)
    shown = about_pictures or yes or sentence.has(Role.REAL, Role.THIS, Role.UNREAL)
    return "" if claim.how != IT_IS_AI or shown else _OF_NO_PICTURE


def negated(sentence: Sentence, claim: Claim) -> bool:
    """A negation in reach and in the same clause, that does not speak of something else ("no real model:
    …")."""
    inside, ahead = _inside(sentence, claim), _ahead(sentence, claim)
    if _without(sentence, claim) and any(word.can(Role.NOT) for word in ahead):
        return False
    return bool(inside or ahead or _behind(sentence, claim))


def _denies_something_else(sentence: Sentence, claim: Claim) -> bool:
    """ "Don't worry the background is AI", without a comma: what is denied has a word of its own, and a
    picture or a person is named after that, before AI is."""
    ahead = _ahead(sentence, claim)
    if not ahead or _inside(sentence, claim) or _behind(sentence, claim):
        return False
    last = max(word.at for word in ahead)
    between = [word for word in sentence.words[: claim.last + 1] if word.at > last]
    maker = next((place for place, word in enumerate(between) if word.can(*MAKER)), 0)
    own = next((place for place, word in enumerate(between) if _has_own(word)), maker)
    pointed = any(word.can(Role.THIS) for word in between[own + 1 : maker])
    named = own + 1 if own < maker and between[own].can(Role.SHOOT) else own + 2
    shown = any(word.can(*SEEN, Role.PART) for word in between[named:maker])
    who = any(
        one.can(Role.PRONOUN, Role.IT) and then.can(Role.IS)
        for one, then in pairwise(between[own + 1 : maker])
    )
    return pointed or shown or who


def _has_own(word: Word) -> bool:
    """What a denial can be about that is no picture: any word that is nothing here, or a shoot."""
    return not (word.roles or word.cjk) or (word.can(Role.SHOOT) and not word.can(Role.PICTURE))


def _without(sentence: Sentence, claim: Claim) -> bool:
    """Which another denial turns around: "nothing was made without AI"."""
    return any(word.can(Role.WITHOUT) for word in _inside(sentence, claim) + _ahead(sentence, claim))


def _inside(sentence: Sentence, claim: Claim) -> list[Word]:
    words = sentence.words[claim.first : claim.last + 1]
    found = [word for word in words if word.can(Role.NOT, Role.WITHOUT)]
    if claim.how == "made with AI" and not found:  # "AI가 아니라 사람이 만든"
        maker = next((word for word in words if word.can(*MAKER)), None)
        found = [
            word for word in words if maker and word.at > maker.at and word.cjk and word.can(Role.NOT_AFTER)
        ]
    return found


def _ahead(sentence: Sentence, claim: Claim) -> list[Word]:
    found: list[Word] = []
    here, passed_real = sentence.words[claim.first], False
    for index in range(claim.first - 1, -1, -1):
        word = sentence.words[index]
        if word.clause != here.clause or here.at - word.until > NEGATION_BEFORE:
            break
        if word.can(Role.INSTEAD):
            return [word] if word.until == here.at else []
        if word.can(Role.BUT) and not word.can(Role.WITHOUT):
            break
        if word.can(Role.NOT, Role.WITHOUT) and not (passed_real or denies_before(word)):
            found.append(word)
        passed_real = passed_real or word.can(Role.REAL)
    return found


def denies_before(word: Word) -> bool:
    """What stands before it, and not what follows: 카메라 없이 AI만으로, "without a camera, by AI alone"."""
    return word.cjk and word.can(Role.NOT_AFTER) and word.can(Role.WITHOUT) and not word.can(Role.NOT)


def _far_denial(sentence: Sentence, claim: Claim) -> bool | None:
    """Does "none of the pictures that you see in this campaign" stand before the claim's verb? Beyond a
    negation's usual reach it must deny a picture, or all there is. "Keines der Bilder, die du hier siehst,
    wurde …": one clause may stand between. False: it may. None: there is no such denial."""
    here = sentence.words[claim.first]
    own = [word for word in sentence.words[: claim.first] if word.clause == here.clause]
    for index, word in enumerate(sentence.words[: claim.first]):
        if not word.can(Role.NOT, Role.NONE) or not _denies_pictures(sentence, index):
            continue
        between = sentence.words[index + 1 : claim.first]
        if any(one.can(Role.BUT, Role.REAL, Role.INSTEAD, Role.NOT, Role.YES) for one in between):
            continue
        aside = here.clause - word.clause
        if aside == 0 or (aside == 2 and not any(one.can(Role.THIS, Role.IT, *SEEN) for one in own)):
            return index <= 1 and (aside == 0 or bool(own))
    return None


def _denies_pictures(sentence: Sentence, index: int) -> bool:
    word = sentence.words[index]
    if word.can(Role.NONE):
        return True
    after_it = sentence.words[index + 1 :]
    return any(
        one.can(*SEEN) and one.at - word.until <= SUBJECT and one.clause == word.clause for one in after_it
    )


def _behind(sentence: Sentence, claim: Claim) -> bool:
    """ "AIは使用していません", "KI-Models nutzen wir nicht"."""
    here = sentence.words[claim.last]
    pointed = _points_here(sentence, claim)
    if claim.how == "AI image or model" and not pointed and _not_used(sentence, here.clause + 1):
        return True
    for index in range(claim.last + 1, len(sentence.words)):
        word = sentence.words[index]
        if word.clause == here.clause + 1 and word.joint == "," and claim.how == "AI image or model":
            return word.can(Role.NOT_AFTER) and not pointed  # "AI faces, no thanks"
        if word.clause != here.clause or word.at - here.until > NEGATION_AFTER or word.can(Role.BUT):
            return False
        if word.can(Role.NOT_AFTER):
            return True
        if word.can(Role.NOT):
            if (
                claim.how in _OF_PICTURE
                and index - claim.last > 1
                and sentence.words[index - 1].can(Role.AND)
            ):
                return False
            return not pointed and after(sentence, index, 6, Role.REAL, *SEEN) is None
    return False


def _not_used(sentence: Sentence, clause: int) -> bool:
    """ "AI models and filters: we use none"."""
    words = [word for word in sentence.words if word.clause == clause]
    if any(word.can(*SEEN, Role.AI, Role.MADE, Role.REAL) for word in words):
        return False
    return any(word.can(Role.USE) for word in words) and any(word.can(Role.NOT) for word in words)


def _points_here(sentence: Sentence, claim: Claim) -> bool:
    """ "this image" in the claim's clause."""
    clause = sentence.words[claim.first].clause
    near = [word for word in sentence.words if word.clause == clause]
    return any(word.can(Role.THIS) for word in near) and any(word.can(*SEEN) for word in near)


def _opens_with_topic(sentence: Sentence) -> bool:
    """ "How AI-generated models change the trade"."""
    return any(word.can(Role.TOPIC, Role.WHY) for word in sentence.words[:3])


def _other_subject(sentence: Sentence, claim: Claim) -> str:
    """A blog, a job, a chatbot: AI is spoken of, not the picture."""
    if _points_here(sentence, claim):
        return ""
    clauses = {sentence.words[claim.first].clause, sentence.words[claim.last].clause}
    topics = (Role.TOPIC,) if _ours(sentence, claim) else (Role.TOPIC, Role.WHY)
    ahead = [
        word
        for word in sentence.words[: claim.first]
        if word.can(*topics) and not _how_this_was_made(sentence, word)
    ]
    near = [word for word in sentence.words if word.can(*topics) and word.clause in clauses]
    if sentence.has(Role.SLIDE):  # "slide 3 is a photo, the others are AI"
        near = [word for word in near if not word.can(Role.REST)]
    told_of_picture = claim.how in _OF_SHOWN or (
        claim.how == "made with AI"
        and any(word.can(*SEEN) and word.clause in clauses for word in sentence.words)
    )
    if near or (ahead and not told_of_picture):
        return TOPIC
    made_in_tool = any(word.can(Role.TOOL) for word in sentence.words[claim.first : claim.last + 1])
    if (
        sentence.has(Role.SERVICE)
        and not made_in_tool
        and not (sentence.has(Role.PICTURE) or _wears(sentence, claim))
    ):
        return SERVICE
    return ""


def _how_this_was_made(sentence: Sentence, asks: Word) -> bool:
    """ "You asked how we made this one: …": of the picture, and no topic."""
    rest = [word for word in sentence.words if word.clause == asks.clause and word.at > asks.at]
    made = next((word for word in rest if word.can(Role.MADE)), None)
    return (
        asks.can(Role.WHY)
        and not asks.can(Role.TOPIC)
        and made is not None
        and any(word.can(Role.THIS) and word.at > made.at for word in rest)
    )


def _ours(sentence: Sentence, claim: Claim) -> bool:
    """ "Why is our AI model prettier than me"."""
    words = sentence.words[max(0, claim.first - 2) : claim.last + 1]
    shown = claim.how == BY_ITSELF or any(word.can(*SEEN) for word in words)
    return shown and any(word.can(Role.OUR, Role.THIS) for word in words)


def _wears(sentence: Sentence, claim: Claim) -> bool:
    """ "The model wears size 36 and was made with AI": of a person first, and no "sizes for your model"."""
    words = sentence.words[: claim.first]
    person = next((place for place, word in enumerate(words) if word.can(Role.PERSON)), None)
    service = next((place for place, word in enumerate(sentence.words) if word.can(Role.SERVICE)), None)
    own = sentence.words[claim.first].clause
    if claim.how == BY_ITSELF and sentence.has(Role.WEARS):
        return True  # "AIインフルエンサー"
    if person is None and not any(
        word.can(Role.PERSON) for word in sentence.words[claim.first : claim.last + 1]
    ):
        return False
    if sentence.has(Role.WEARS) or not any(w.can(Role.SERVICE) for w in sentence.words if w.clause == own):
        return claim.how in (*_OF_PICTURE, BY_ITSELF)
    if person is None or service is None or claim.how != "made with AI":
        return False
    return person < service < claim.first


def answered(following: Sentence | None) -> Weighed:
    """A question is worth what the next sentence answers."""
    if _starts(following, Role.NOT):
        return Weighed(ReadingState.ABSENT, "asks, and says no")
    if _starts(following, Role.YES):
        return Weighed(ReadingState.PRESENT, "asks, and says yes")
    return Weighed(ReadingState.AMBIGUOUS, "asks, and does not say")


def _starts(following: Sentence | None, role: Role) -> bool:
    return following is not None and bool(following.words) and following.words[0].can(role)


def _denies_soon(following: Sentence | None) -> bool:
    """ "You'd swear AI made this. Nope, …", "E invece no, …"."""
    if following is None or len(following.words) < LONG_DENIAL:
        return False
    return any(word.can(Role.NOT) for word in following.words[:3])


def _taken_back(following: Sentence | None) -> bool:
    """ "You thought this was AI. It isn't." Nothing but the denial."""
    if following is None or not following.has(Role.NOT, Role.NOT_AFTER):
        return False
    return all(word.can(*_DENIAL) for word in following.words)


def _may_be_taken_back(following: Sentence | None) -> bool:
    """ "They are not.", "Det är hon inte.": short, denies, and speaks of nothing by itself."""
    if following is None or len(following.words) > SHORT or not following.has(Role.NOT, Role.NOT_AFTER):
        return False
    denies = following.has(Role.IS, Role.NOT_AFTER) or following.words[-1].can(Role.NOT)
    return denies and not following.has(*SEEN, Role.AI, Role.MADE, Role.PRODUCT)


def _of_others(sentence: Sentence, claim: Claim, following: Sentence | None) -> str:
    """ "Unlike others, whose pictures are made with AI", "everyone thinks", "if this had been": whoever says
    so of a picture of his own says it otherwise as well."""
    clause = sentence.words[claim.last].clause
    near = [word for index, word in enumerate(sentence.words) if index < claim.first or word.clause == clause]
    turn = max((i for i, word in enumerate(sentence.words[: claim.last]) if word.can(Role.BUT)), default=None)
    shown_real = {word.clause for word in sentence.words if word.can(Role.REAL)} - {clause}
    near = [word for word in near if word.clause not in shown_real]  # "looks so real: it's AI"
    if turn is not None:  # "looks like a photo, but is AI-generated"
        near = [word for word in near if word.at > sentence.words[turn].at]
    if _ours_is_not(sentence, claim, following):
        return "speaks of others, and says that theirs is not"
    if any(word.can(Role.OTHERS) for word in near) and not _starts(following, Role.YES):
        return "speaks of others, or of what others say"
    return "leaves some pictures out" if _leaves_pictures_out(sentence) else ""


def _ours_is_not(sentence: Sentence, claim: Claim, following: Sentence | None) -> bool:
    """ "Their models are AI, ours are not.", "The campaign next door is AI. Ours isn't."."""
    clause = sentence.words[claim.last].clause
    own = [word for word in sentence.words[: claim.last + 1] if word.clause == clause]
    beside = [word for word in sentence.words if word.clause == clause + 1]
    if not beside and following is not None and len(following.words) <= SHORT:
        beside = list(following.words)
    if len(beside) > LONG_DENIAL + 1 or any(word.can(Role.OUR, Role.THIS) for word in own):
        return False
    return any(w.can(Role.OUR) for w in beside) and any(w.can(Role.NOT, Role.NOT_AFTER) for w in beside)


def _leaves_pictures_out(sentence: Sentence) -> bool:
    """ "all but the last one", and no "everything in this reel is AI except the bag"."""
    for place, word in enumerate(sentence.words):
        if not word.can(Role.EXCEPT):
            continue
        near = [other for other in sentence.words if abs(other.at - word.at) <= LEFT_OUT]
        ahead = sentence.words[place + 1 :]
        if any(other.can(*_LEFT_OUT) for other in near) or not (ahead or place > 1):
            return True
    return False


def _of_nobody(sentence: Sentence, claim: Claim) -> str:
    """ "No real person was replaced by AI": what the claim would be about is denied to be."""
    clause, here = sentence.words[claim.last].clause, sentence.words[claim.last].at
    for word in sentence.words[: claim.last + 1]:
        if word.clause != clause or claim.affirmed:
            continue
        turned = any(other.can(Role.BUT) and word.until <= other.at <= here for other in sentence.words)
        if word.can(Role.UNREAL) and not (word.can(Role.VAGUE) or turned or word.cjk):
            return "says it of no real person"
        if word.can(Role.PERSON):  # "this model is no real person and was made with AI"
            return ""
    return ""


def _hedge(sentence: Sentence, claim: Claim) -> str:
    here = sentence.words[claim.first]
    if _riddle(sentence, claim):
        return "speaks of one of several pictures, and not of which"
    for index, word in enumerate(sentence.words[: claim.last + 1]):
        if _of_this_picture(sentence, index):
            continue
        if word.can(Role.SOME) and (word.clause == here.clause or index < claim.first):
            return "speaks of some pictures, and not of which"
        if any(other.can(Role.BUT) for other in sentence.words[index + 1 : claim.last]):
            continue  # "may look real but it's AI"
        month = word.can(Role.MAY) and word.capital and index > 0  # "in May"
        near = word.clause == here.clause and here.at - word.until <= HEDGE_BEFORE
        if word.can(Role.MAY) and near and not month:
            return "says that it may be so"
    behind = [word for word in sentence.words[claim.last + 1 :] if word.clause == here.clause]
    if claim.how == "AI was used" and any(word.can(Role.SOME) for word in behind):
        return "speaks of some pictures, and not of which"
    if may_after(sentence, claim):
        return "says that it may be so"
    if sentence.has(Role.CHANNEL) and not _points_here(sentence, claim) and not of_every_picture(sentence):
        return "speaks of the channels, not of this picture"
    return ""


def _of_this_picture(sentence: Sentence, index: int) -> bool:
    """この写真の一部, 本照片部分内容: a part of this picture."""
    here = sentence.words[index]
    if not here.cjk or not here.can(Role.SOME) or sentence.has(Role.CHANNEL):
        return False
    pointed = before(sentence, index, SUBJECT, Role.THIS)
    return pointed is not None and after(sentence, pointed, BESIDE, Role.PICTURE) is not None


def _riddle(sentence: Sentence, claim: Claim) -> bool:
    """ "One of these four pictures is AI-generated", and not "this is one of our AI-generated pictures"."""
    place = next((i for i, word in enumerate(sentence.words) if word.can(Role.ONE_OF)), None)
    if place is None or place > claim.last:
        return False
    return not any(word.can(Role.THIS, Role.IT) for word in sentence.words[:place])


def of_every_picture(sentence: Sentence) -> bool:
    """A blanket notice: "all pictures on this account are made with AI" covers this one."""
    return sentence.has(Role.CHANNEL) and sentence.has(Role.ALL) and sentence.has(*SEEN)


def _of_product(sentence: Sentence, claim: Claim) -> str:
    clauses = {sentence.words[claim.first].clause, sentence.words[claim.last].clause}
    near = [word for word in sentence.words if word.clause in clauses]
    product = any(word.can(Role.PRODUCT) for word in near) and not any(word.can(*SEEN) for word in near)
    return "speaks of something other than the picture" if product else ""


def _extent(sentence: Sentence, claim: Claim) -> Extent:
    """A background or a retouch is a part; "this image was generated" is the whole."""
    words = sentence.words
    clause = words[claim.first].clause
    near = [word for word in words[: claim.last + 1] if word.clause == clause]
    edited = any(
        word.can(Role.EDITED) and not word.can(Role.MADE) for word in words[claim.first : claim.last + 1]
    )
    if any(word.can(Role.PART) for word in near):
        return Extent.UNKNOWN if any(word.can(Role.PERSON) for word in near) else Extent.PART
    if edited:
        return Extent.PART
    return Extent.WHOLE if any(word.can(*SEEN, Role.TWIN) for word in near) else Extent.UNKNOWN
