"""What a claim is worth where it stands: negated, asked, hedged, of another subject, or said."""

from dataclasses import dataclass

from detector.wording.acts import WEARS
from detector.wording.bare import IT_IS_AI
from detector.wording.claim import BESIDE, BY_ITSELF, SEEN, TWIN, Claim, after, before, may_after
from detector.wording.denials import (
    OF_PICTURE,
    SUBJECT,
    denies_something_else,
    far_denial,
    negated,
    points_here,
    turned_around,
)
from detector.wording.tasked import COMES_FROM, FOR_US, NOT_FOR_WHAT, TASKED
from detector.wording.vocabulary import Role
from detector.wording.words import Sentence, Word
from storage.records import Extent, ReadingState

# Reaches, counted as Word.at does: two for a word.
HEDGE_BEFORE = 10
LONG_DENIAL = 4  # words: "Nope, our manager Sue"
LEFT_OUT = 6  # around "except"
RESULT_WITHIN = 5  # words of the next sentence
SHORT = 5  # words: a sentence that only denies has no more

SERVICE = "speaks of an AI service"
TOPIC = "speaks of AI as a topic"
DENIED = "says that no AI was used"
_FAR = "a denial stands far before it, and may belong to it"
_OF_ELSE = "a denial stands before it, and seems to deny something else"
_IS_AI = ("this is AI", "is AI", IT_IS_AI)
_OF_SHOWN = (TASKED, FOR_US, COMES_FROM)
USED = "AI was used"
FRAMED = "speaks of a fake shop, a contest, a law, an offer or a mistake"
_OF_NO_PICTURE = "says that it is AI, and nothing of a picture"
_LEFT_OUT = (Role.SLIDE, Role.FIRST, Role.SECOND, Role.THIRD, Role.FOURTH, Role.FIFTH, Role.LAST, Role.REST)
_DENIAL = (Role.NOT, Role.NOT_AFTER, Role.IT, Role.IS, Role.THIS)


@dataclass(frozen=True, slots=True)
class Weighed:
    state: ReadingState
    reason: str
    extent: Extent = Extent.UNKNOWN


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a sentence. `previous`: the one before, which may say what is shown; `following`:
    the next, which may answer it. The whole text: `about_pictures`, it speaks of one; `framed`, it speaks
    of a fake shop, a contest, a law, an offer."""

    previous: Sentence | None = None
    following: Sentence | None = None
    about_pictures: bool = False
    framed: bool = False


def weigh(claim: Claim, sentence: Sentence, around: Around) -> Weighed:
    """What the claim says where it stands."""
    following, about_pictures = around.following, around.about_pictures
    if claim.settled:
        said = ReadingState.PRESENT if about_pictures else ReadingState.AMBIGUOUS
        return Weighed(said, claim.how)
    if not claim.affirmed and negated(sentence, claim):
        return _weigh_denied(sentence, claim)
    far = None if claim.affirmed or turned_around(sentence, claim) else far_denial(sentence, claim)
    if far and not sentence.question:
        return Weighed(ReadingState.ABSENT, DENIED)
    other = _other_subject(sentence, claim)
    if other:
        return _weigh_other(claim, sentence, following, other)
    if sentence.question and not _wants_an_opinion(sentence, claim):
        return answered(following)
    if _taken_back(following):
        return Weighed(ReadingState.ABSENT, "says so, and takes it back")
    others = _of_others(sentence, claim, following)
    if others and _denies_soon(following) and not _may_be_taken_back(claim, following):
        return Weighed(ReadingState.ABSENT, "says what it looks like, and that it is not")
    doubt = _weakness(claim, sentence, around) or (_FAR if far is not None else "") or others
    doubt = (
        doubt or _doubt(sentence, claim, about_pictures=about_pictures) or _framed(sentence, claim, around)
    )
    if not doubt and not sentence.words[0].can(Role.YES) and _may_be_taken_back(claim, following):
        doubt = "says so, and the next sentence may take it back"
    if doubt:
        return Weighed(ReadingState.AMBIGUOUS, doubt)
    return Weighed(ReadingState.PRESENT, claim.how, _extent(sentence, claim))


def _wants_an_opinion(sentence: Sentence, claim: Claim) -> bool:
    """ "We made this with AI, what do you think?": said, and then asked about."""
    last = sentence.words[claim.last]
    asks = [word for word in sentence.words if word.may_help(Role.OPINION)]
    return any(word.clause > last.clause for word in asks)


def _framed(sentence: Sentence, claim: Claim, around: Around) -> str:
    """Of "this picture" it is said all the same."""
    return FRAMED if around.framed and not points_here(sentence, claim) else ""


def _weakness(claim: Claim, sentence: Sentence, around: Around) -> str:
    """Why the claim says too little, where the sentences beside it do not say the rest."""
    if claim.how == TWIN and around.following is not None and around.following.has(Role.CONSENT):
        return ""
    if claim.weak == NOT_FOR_WHAT and _shown_beside(sentence, around.previous, around.following):
        return ""
    return claim.weak


def _shown_beside(sentence: Sentence, previous: Sentence | None, following: Sentence | None) -> bool:
    """ "The sunset is fake. We had AI paint it", "asked ChatGPT for a Santa. This is what came out"."""
    if following is not None and any(word.may_help(Role.RESULT) for word in following.words[:RESULT_WITHIN]):
        return True
    if previous is None or previous.question or previous.has(Role.TOPIC, Role.SERVICE, Role.OTHERS):
        return False
    if previous.has(Role.PART, Role.UNREAL) or (previous.has(*SEEN) and previous.has(Role.THIS, Role.SLIDE)):
        return True
    return previous.has(Role.PICTURE) and sentence.has(Role.IT, Role.PRONOUN)  # "AI made it move"


def _weigh_denied(sentence: Sentence, claim: Claim) -> Weighed:
    if denies_something_else(sentence, claim):
        return Weighed(ReadingState.AMBIGUOUS, _OF_ELSE)
    return Weighed(ReadingState.ABSENT, DENIED)


def _weigh_other(claim: Claim, sentence: Sentence, following: Sentence | None, other: str) -> Weighed:
    """Of a claim that seems to speak of a topic or a service. "Our AI model shows off the fit" names a
    person or a picture, and is no silence."""
    if claim.how in _OF_SHOWN:
        return Weighed(ReadingState.AMBIGUOUS, other)
    mine = sentence.words[max(0, claim.first - 1) : claim.last + 1]
    if claim.how == TWIN and any(word.can(Role.OUR, Role.CONSENT) for word in mine):
        return Weighed(ReadingState.AMBIGUOUS, other)  # "my AI clone is doing the jobs"
    telling = (*SEEN, Role.TOOL) if other == SERVICE else (*SEEN, Role.TOOL, Role.MADE)
    shown = any(word.can(*telling) for word in sentence.words[claim.first : claim.last + 1])
    if shown and claim.how in (*OF_PICTURE, BY_ITSELF) and not _opens_with_topic(sentence):
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
    clause = sentence.words[claim.first].clause
    near = [word for word in sentence.words if clause - 1 <= word.clause <= clause]
    yes = sentence.words[0].can(Role.YES) or any(
        word.can(Role.YES) and not word.can(Role.IS) for word in near
    )
    shown = about_pictures or yes or sentence.has(Role.REAL, Role.THIS, Role.UNREAL, Role.SHOOT, Role.PART)
    shown = shown or _denies_before_all(sentence, claim)
    return "" if claim.how != IT_IS_AI or shown else _OF_NO_PICTURE


def _denies_before_all(sentence: Sentence, claim: Claim) -> bool:
    """ "not in Dubai 😂 it's all AI"."""
    words, clause = sentence.words, sentence.words[claim.first].clause
    whole = any(word.can(Role.ALL) for word in words[claim.first : claim.last + 1])
    return whole and any(word.can(Role.NOT) and word.clause == clause - 1 for word in words)


def _opens_with_topic(sentence: Sentence) -> bool:
    """ "How AI-generated models change the trade"."""
    return any(word.can(Role.TOPIC, Role.WHY) for word in sentence.words[:3])


def _other_subject(sentence: Sentence, claim: Claim) -> str:
    """A blog, a job, a chatbot: AI is spoken of, not the picture."""
    if points_here(sentence, claim):
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
    if claim.how == USED and _used_for_service(sentence, claim, clauses):
        return SERVICE
    made_in_tool = any(word.can(Role.TOOL) for word in sentence.words[claim.first : claim.last + 1])
    if (
        sentence.has(Role.SERVICE)
        and not made_in_tool
        and not (sentence.has(Role.PICTURE) or _wears(sentence, claim))
    ):
        return SERVICE
    return ""


def _used_for_service(sentence: Sentence, claim: Claim, clauses: set[int]) -> bool:
    """ "The photo is real, AI we use for returns only"; "our size finder uses AI and two of your photos": the
    service comes first."""
    near = [word for word in sentence.words if word.clause in clauses]
    first = any(word.can(Role.SERVICE) for word in sentence.words[: claim.first])
    served = any(word.can(Role.SERVICE) for word in near)
    return served and (first or not any(word.can(*SEEN) for word in near))


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
        return claim.how in (*OF_PICTURE, BY_ITSELF)
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


def _may_be_taken_back(claim: Claim, following: Sentence | None) -> bool:
    """ "They are not.", "Det är hon inte.": short, denies, and speaks of nothing by itself. "Meu eu de IA
    passa a roupa. O de verdade, não." speaks of the other one."""
    if following is None or len(following.words) > SHORT or not following.has(Role.NOT, Role.NOT_AFTER):
        return False
    denies = following.has(Role.IS, Role.NOT_AFTER) or following.words[-1].can(Role.NOT)
    if claim.how == TWIN and following.has(Role.REAL):
        return False
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
    asked = claim.how == TASKED  # "we asked AI for a glacier"
    mine = sentence.words[claim.first : claim.last + 1] if asked else ()
    if any(word.can(Role.OTHERS) and word not in mine for word in near) and not _starts(following, Role.YES):
        return "speaks of others, or of what others say"
    if claim.how in (*_OF_SHOWN, "AI made it") and _starts(following, Role.OTHERS):
        return "asked AI, and goes on to say what was done instead"  # "… so we hired Lou"
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
    if claim.affirmed or not sentence.has(Role.UNREAL):
        return ""
    for word in sentence.words[: claim.last + 1]:
        if word.clause != clause:
            continue
        if word.can(Role.UNREAL) and not (word.can(Role.VAGUE) or word.cjk):
            turned = (one.can(Role.BUT) and word.until <= one.at <= here for one in sentence.words)
            if not any(turned):
                return "says it of no real person"
        if word.can(Role.PERSON):  # "this model is no real person and was made with AI"
            return ""
    return ""


def _hedge(sentence: Sentence, claim: Claim) -> str:
    here = sentence.words[claim.first]
    if _riddle(sentence, claim):
        return "speaks of one of several pictures, and not of which"
    for index, word in enumerate(sentence.words[: claim.last + 1]):
        if not word.can(Role.SOME, Role.MAY) or _hedges_nothing(sentence, index, claim):
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
    if claim.how == USED and any(word.can(Role.SOME) for word in behind):
        return "speaks of some pictures, and not of which"
    if may_after(sentence, claim):
        return "says that it may be so"
    if sentence.has(Role.CHANNEL) and not points_here(sentence, claim) and not of_every_picture(sentence):
        return "speaks of the channels, not of this picture"
    return ""


def _hedges_nothing(sentence: Sentence, index: int, claim: Claim) -> bool:
    """この写真の一部, 本照片部分内容: a part of this picture. "We are not going to pretend …": no plan."""
    here = sentence.words[index]
    if any(other.may_help(Role.PRETEND) for other in sentence.words[index + 1 : claim.first]):
        return True
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
    seen = any(word.can(*SEEN, Role.PART) for word in near)
    product = any(word.can(Role.PRODUCT) for word in near) and not seen
    product = product and claim.how != WEARS
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
