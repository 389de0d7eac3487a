"""Sentences that make no claim and yet leave a doubt: a bare "AI", a question, vague words, a notice
elsewhere."""

from detector.wording.claim import MAKER, MAKING, SEEN, TO_INSTRUMENT, Claim, after, before
from detector.wording.context import DENIED, TOPIC, Weighed, answered
from detector.wording.denials import denies_before
from detector.wording.vocabulary import TELLING, Role
from detector.wording.words import Sentence, Word
from storage.records import ReadingState

MENTIONS = "mentions AI, not as the origin of the picture"
FOREIGN = "speaks of AI in a language that no lexicon reads"
BESIDE_MAKING = "names AI beside a word for making, and not plainly as what made the picture"
FOR_WHAT = "names AI, and not plainly what for"
VAGUE = "vague: digital, virtual or CGI is not AI"
UNREAL = "says that somebody is not real, and not how the picture came about"
TO_DENIAL = 6  # "AI had nothing to do with it"
TO_SHOWN = 4  # "first pics an AI try-on"
TO_GENERATED = 4  # "these pictures were all generated"
NAMED_WHOLE = 4  # letters: longer than "AI" and "A.I."
_SHORT = 12  # "Is it AI?", counted as Word.at does
_ELSEWHERE = (Role.NOT, Role.WITHOUT, Role.NOT_AFTER, Role.REAL)
_VAGUE = (Role.VAGUE, Role.COMPUTED, Role.UNREAL)
_CAST = (Role.PERSON, Role.CREATION, Role.MADE)
_CAST_OF_PICTURE = (*_CAST, Role.EDITED)  # "the photo was digitally edited", and no "digital edit" of a shop


def hint_of(
    sentence: Sentence, following: Sentence | None, *, topic: bool, claimed: bool, hashtags: bool
) -> tuple[Claim, Weighed] | None:
    """(where, what it is worth), or None. `topic`: the text speaks of AI as a topic somewhere."""
    if sentence.roles.isdisjoint(TELLING):
        return None
    words = sentence.words
    bare = next((i for i, word in enumerate(words) if _names(word) and (hashtags or not word.hashtag)), None)
    if bare is not None and not claimed:
        return Claim(bare, bare, "a mention"), _bare(sentence, bare, following, topic=topic)
    foreign = next((i for i, word in enumerate(words) if word.can(Role.FOREIGN)), None)
    if foreign is not None and not claimed:
        return Claim(foreign, foreign, "a mention"), Weighed(ReadingState.AMBIGUOUS, FOREIGN)
    vague = _vague(sentence)
    if vague is None:
        return None
    if sentence.has(Role.TOPIC, Role.INDUSTRY) and not words[vague].can(Role.PROMPT):
        return None
    if sentence.words[vague].can(Role.UNREAL):
        return Claim(vague, vague, "vague"), Weighed(ReadingState.AMBIGUOUS, UNREAL)
    return Claim(vague, vague, "vague"), Weighed(ReadingState.AMBIGUOUS, VAGUE)


def _names(word: Word) -> bool:
    """AI or a tool of it; "imagen" is Spanish before it is Google's."""
    return word.can(*MAKER, Role.LABEL) and not word.can(Role.PICTURE)


def _bare(sentence: Sentence, index: int, following: Sentence | None, *, topic: bool) -> Weighed:
    """AI is mentioned, and not as the origin of a picture."""
    ahead = before(sentence, index, 6, Role.NOT, Role.WITHOUT, Role.INSTEAD, Role.BUT)
    if ahead is not None and not sentence.words[ahead].can(Role.NOT, Role.WITHOUT, Role.INSTEAD):
        ahead = None
    denied = ahead is not None and not denies_before(sentence.words[ahead])
    behind = after(sentence, index, 16, Role.NOT_AFTER, Role.WITHOUT)
    if behind is not None:  # "with AI, without flying anyone there": "without" denies what follows it
        words = sentence.words
        denied = denied or words[behind].can(Role.NOT_AFTER) or words[behind].cjk
    if denied:
        return Weighed(ReadingState.ABSENT, DENIED)
    if any(word.can(Role.FOREIGN_MADE) and not word.can(*MAKING) for word in sentence.words):
        return Weighed(ReadingState.AMBIGUOUS, FOREIGN)
    if sentence.has(Role.SHOOT) and sentence.has(Role.NOT, Role.WITHOUT) and sentence.words[index].upper:
        linked = before(sentence, index, TO_INSTRUMENT, Role.WITH, Role.BUT)
        if linked is not None:  # "no photographer, but our intern with ChatGPT"
            return Weighed(ReadingState.AMBIGUOUS, FOR_WHAT)
    if _is_topic(sentence, index):
        return Weighed(ReadingState.ABSENT, TOPIC)
    if _asks(sentence, index):
        return answered(following)
    doubt = _doubt(sentence, index, topic=topic)
    if doubt:
        return Weighed(ReadingState.AMBIGUOUS, doubt)
    return Weighed(ReadingState.ABSENT, MENTIONS)


def _is_topic(sentence: Sentence, index: int) -> bool:
    if sentence.has(Role.TOPIC) and not _of_this(sentence, index):
        return True
    if sentence.has(Role.SERVICE) and not sentence.words[index].can(Role.TOOL):
        return not _shown_apart(sentence, index)  # no service has a tool that makes pictures
    return sentence.has(Role.WHY) and not sentence.has(*SEEN)


def _shown_apart(sentence: Sentence, index: int) -> bool:
    """ "First pics an AI try-on": a picture right before AI, and what serves customers behind."""
    shown = before(sentence, index, TO_SHOWN, Role.PICTURE, Role.SLIDE)
    return shown is not None and sentence.words[index].upper


def _of_this(sentence: Sentence, index: int) -> bool:
    """A making beside it, and "this picture": no mere topic."""
    word = sentence.words[index]
    making = any(other.can(*MAKING) and other.clause == word.clause for other in sentence.words)
    return word.upper and making and sentence.has(Role.THIS, Role.SLIDE) and sentence.has(*SEEN)


def _doubt(sentence: Sentence, index: int, *, topic: bool) -> str:
    """Why the mention may be a label; "" where it is none."""
    if sentence.has(Role.PRODUCT) and before(sentence, index, TO_INSTRUMENT, Role.WITH) is not None:
        return "speaks of something other than the picture"
    if sentence.has(Role.POLICY, Role.CHANNEL):
        return "speaks of AI labels elsewhere"
    if len(sentence.words) <= 2 and not topic and sentence.words[index].can(Role.AI):
        return "a bare mention of AI"
    if sentence.has(Role.MAY) and sentence.has(Role.PICTURE):
        return "says that it may be so"
    if _beside_making(sentence, index):
        return BESIDE_MAKING
    return "" if _of_something_else(sentence, index, topic=topic) else FOR_WHAT


def _beside_making(sentence: Sentence, index: int) -> bool:
    """ "AI" and "made" in one clause, or "made" of a picture in another: a label, for all one can say."""
    clause = sentence.words[index].clause
    shown = {word.clause for word in sentence.words if word.can(Role.PICTURE)}
    return any(word.can(*MAKING) and word.clause in {clause, *shown} for word in sentence.words)


def _of_something_else(sentence: Sentence, index: int, *, topic: bool) -> bool:
    """What shows that a mention is about no picture: a word that only looks like AI ("ia", "Ai"), "our AI
    lab", "AI can't sew", a question about the world, a product, a text that speaks of AI as a topic."""
    words, word = sentence.words, sentence.words[index]
    if word.hashtag and not topic and len(words) > 1 and not (words[-1].cjk and words[-1].hashtag):
        return False  # "too good to be true? #ai"
    if word.can(Role.TOOL) and not topic and not sentence.question:
        return False
    if not word.upper and sentence.has(Role.UNREAL) and sentence.has(*MAKING):
        return False  # "essa mina nem existe, foi a ia que fez"
    topic = topic and not sentence.has(Role.THIS, *SEEN)
    if topic or word.hashtag or not word.upper or sentence.question:
        return True
    if sentence.has(Role.PRODUCT) and not (word.can(Role.AI) and sentence.has(*SEEN, Role.SHOOT)):
        return True
    if after(sentence, index, TO_DENIAL, Role.NOT, Role.NONE) is not None:
        return True
    if word.end - word.start > NAMED_WHOLE and not word.hashtag:
        return False  # "generative AI helped us": a subject, and no "AI lab"
    follower = words[index + 1] if index + 1 < len(words) else None
    noun = follower is not None and follower.clause == word.clause and not (follower.roles or follower.cjk)
    if noun and follower is not None and not follower.hyphen and index and words[index - 1].article:
        return False  # "eine KI zusammengestellt": AI is the noun itself
    rest = (other for other in words[index + 1 :] if other.clause == word.clause)
    away = [other for other in words if other.clause != word.clause]
    shown = any(other.can(Role.PICTURE) for other in away) and not sentence.has(*_ELSEWHERE)
    return noun and not shown and not any(other.can(*SEEN, Role.THIS, Role.IT, Role.PART) for other in rest)


def _asks(sentence: Sentence, index: int) -> bool:
    """ "AI or real?", "Is this AI?", and without the mark: "AI or real, you decide"."""
    if sentence.question:
        short = sentence.words[-1].until <= _SHORT and sentence.has(Role.IT)
        return short or sentence.has(*SEEN, Role.PART, Role.REAL, Role.THIS, Role.OR, Role.ASKS)
    link = after(sentence, index, 0, Role.OR)
    if link is None:
        link = before(sentence, index, 0, Role.OR)
    return link is not None and sentence.has(Role.REAL)


def _vague(sentence: Sentence) -> int | None:
    for index, word in enumerate(sentence.words):
        if word.can(Role.PROMPT):
            return index
        if word.can(Role.GENERATED) and _of_what_is_shown(sentence, index):
            return index
        if not word.can(*_VAGUE, Role.DIGITAL, Role.VIRTUAL):
            continue
        if before(sentence, index, 4, Role.NOT, Role.WITHOUT) is not None and not word.can(*_VAGUE):
            continue
        if word.can(*_VAGUE) or _qualifies(sentence, index):
            return index
    return None


def _of_what_is_shown(sentence: Sentence, index: int) -> bool:
    """ "Generated image", "these pictures were generated"."""
    if sentence.has(*MAKER, Role.NOT, Role.NOT_AFTER, Role.WITHOUT):
        return False
    ahead = before(sentence, index, TO_GENERATED, *SEEN)
    return ahead is not None or after(sentence, index, 0, *SEEN) is not None


def _qualifies(sentence: Sentence, index: int) -> bool:
    """ "virtual model", "digitally created", "digital campaign"."""
    cast = _CAST_OF_PICTURE if sentence.has(Role.PICTURE) else _CAST
    return (
        after(sentence, index, 2, *cast) is not None
        or before(sentence, index, 2, *cast) is not None
        or after(sentence, index, 0, Role.PICTURE) is not None
        or before(sentence, index, 0, Role.PICTURE) is not None
        or _wholly(sentence, index)
    )


def _wholly(sentence: Sentence, index: int) -> bool:
    """ "Una campaña 100 % digital", "hun er 100 % digital": a degree between."""
    picture = before(sentence, index, TO_GENERATED, Role.PICTURE)
    if picture is None and before(sentence, index, TO_GENERATED, Role.PRONOUN, Role.PERSON) is not None:
        picture = before(sentence, index, TO_GENERATED, Role.IS)
    if picture is None:
        return False
    return all(word.can(Role.DEGREE) for word in sentence.words[picture + 1 : index])
