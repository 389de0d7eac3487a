"""What says that nobody was photographed: "no real person was photographed", "this model does not exist",
"no shoot this season, AI did it all"."""

from collections.abc import Iterator, Sequence

from detector.wording.claim import MAKER, MAKING, SEEN, Claim, after, before, closes
from detector.wording.statements import TO_SUBJECT
from detector.wording.tasked import of_words
from detector.wording.vocabulary import Role
from detector.wording.words import Sentence, Word

# Reaches, counted as Word.at does: two for a word.
TO_SHOOT = 8  # "keine einzige Person wurde dafür fotografiert"
TO_CJK_SUBJECT = 3  # "モデルは実在しません", and no "このモデルは黒の在庫が存在しません"
BARE = 4  # words of a clause that says no more than AI: "this is entirely AI"
_SAYS_NO_MORE = (Role.AI, Role.TOOL, Role.IS, Role.IT, Role.THIS, Role.ALL, Role.SMALL, Role.OF, Role.DEGREE)
_NOT_OURS = (Role.TOPIC, Role.OTHERS, Role.POLICY, Role.MAY, Role.MAY_AFTER, Role.SOME, Role.WHY)
_DENIALS = (Role.NOT, Role.NOT_AFTER, Role.WITHOUT)

NOBODY_REAL = "says that no real person was photographed"
NO_PHOTOGRAPH = "says that it is no photograph, and AI"
NOBODY_BUT = "says that nobody stood there, and names AI as what made it"
NOT_PHOTOGRAPHED = "made by a computer, and nobody was photographed"
GENERATED_AND_AI = "says that it is generated, and names AI"
PROMPTED = "prompted, and not photographed"


def nobody_real(sentence: Sentence, index: int) -> Iterator[Claim]:
    """Around the word `index`, which says "no real person" or "does not exist"."""
    word = sentence.words[index]
    if not word.can(Role.VAGUE) and _photographed(sentence, index):
        yield Claim(index, index, NOBODY_REAL, affirmed=True)
        return
    subject = before(sentence, index, TO_CJK_SUBJECT if word.cjk else TO_SUBJECT, Role.PERSON)
    if subject is None or not closes(sentence, index):  # "does not exist in black"
        return
    pointed = any(
        other.can(Role.THIS, Role.PICTURE) for other in sentence.words[:index] if other.clause == word.clause
    )
    if word.can(Role.VAGUE) and not pointed:  # "the perfect man does not exist"
        return
    yield Claim(subject, index, NOBODY_REAL, affirmed=True)


def prompts(sentence: Sentence) -> int | None:
    """Where it names a prompt as the means: "just me, a GPU and 400 prompts"."""
    if sentence.question or not sentence.has(Role.PROMPT):
        return None
    if sentence.has(*_DENIALS, Role.TOPIC, Role.SERVICE, Role.PRODUCT, Role.OTHERS):
        return None
    found = (place for place, word in enumerate(sentence.words) if word.can(Role.PROMPT))
    return next((place for place in found if not is_adjective(sentence, place)), None)


def is_adjective(sentence: Sentence, index: int) -> bool:
    """ "Prompt delivery"."""
    word = sentence.words[index]
    follower = sentence.words[index + 1] if index + 1 < len(sentence.words) else None
    same = follower is not None and follower.clause == word.clause and word.end - word.start == len("prompt")
    return same and follower is not None and not (follower.roles or follower.cjk)


def prompted(sentence: Sentence, index: int) -> Iterator[Claim]:
    """ "Prompted, not photographed", "no camera, just prompts"."""
    words = sentence.words
    own = words[index].clause
    follower = words[index + 1] if index + 1 < len(words) else None
    verb = words[index].can(Role.MADE) and follower is not None and follower.clause == own
    if is_adjective(sentence, index) or (verb and follower is not None and follower.article):
        return  # "your comments prompted a reshoot"
    denials = [place for place, word in enumerate(sentence.words) if word.can(*_DENIALS)]
    if sentence.question or any(
        sentence.words[place].clause == own and place > 0 for place in denials if place < index
    ):
        return
    if any(_of_shoot(sentence.words, place, Role.SHOOT, Role.REAL) for place in denials):
        yield Claim(index, index, PROMPTED, affirmed=True)


def did_all(sentence: Sentence, index: int) -> Claim | None:
    """ "No shoot, AI did everything", "this season we did it all in Midjourney": of pictures, or of a shoot
    that there was not."""
    words, here = sentence.words, sentence.words[index]
    if not sentence.has(Role.SHOOT) or not here.upper:
        return None
    own = [place for place, word in enumerate(words) if word.clause == here.clause and place != index]
    done = [place for place in own if words[place].can(Role.DID_ALL)]
    if not done:
        made = [place for place in own if words[place].can(*MAKING)]
        done = made if any(words[place].can(Role.ALL) for place in own) else []
    if not done or any(words[place].can(Role.PRODUCT) for place in own):
        return None
    denials = [place for place in own if words[place].can(*_DENIALS)]
    if any(not _of_shoot(words, place) for place in denials):
        return None
    places = (index, *done)
    return Claim(min(places), max(places), "AI made it", affirmed=True)


def says_generated(sentence: Sentence) -> int | None:
    """Where it says so of pictures or people: "our product photos are generated now"."""
    if sentence.question or not sentence.has(Role.GENERATED) or sentence.has(*MAKER, Role.EXCEPT):
        return None
    if sentence.has(*_NOT_OURS):
        return None
    for index, word in enumerate(sentence.words):
        denied = any(one.can(*_DENIALS) for one in sentence.words if one.clause == word.clause)
        if word.can(Role.GENERATED) and not (word.hashtag or denied):
            shown = (before(sentence, index, TO_SUBJECT, *SEEN), after(sentence, index, 0, *SEEN))
            if shown != (None, None) and not _has_object(sentence, index):
                return index
    return None


def _has_object(sentence: Sentence, index: int) -> bool:
    """ "Our images generated a lot of buzz"."""
    following = sentence.words[index + 1] if index + 1 < len(sentence.words) else None
    if following is None or following.clause != sentence.words[index].clause:
        return False
    return following.article or not following.roles


def names_alone(sentence: Sentence) -> int | None:
    """Where AI is named and no more is said: "#ai", "yes mum, with AI", "(ai, yes)"."""
    if sentence.question or sentence.has(*_DENIALS, *_NOT_OURS, Role.SERVICE, Role.PRODUCT):
        return None
    return next(
        (i for i, word in enumerate(sentence.words) if word.can(Role.AI) and (word.upper or word.hashtag)),
        None,
    )


def denies_shoot(sentence: Sentence) -> bool:
    """ "No shoot this season", "nobody stood in front of the camera", "no real person"."""
    if sentence.question or sentence.has(*MAKER):
        return False
    if any(word.can(Role.UNREAL) and not word.can(Role.VAGUE) for word in sentence.words):
        return True
    if not (sentence.has(Role.SHOOT) and sentence.has(*_DENIALS)):
        return False
    denials = (place for place, word in enumerate(sentence.words) if word.can(*_DENIALS))
    return any(_of_shoot(sentence.words, place) for place in denials)


def nothing_but_ai(sentence: Sentence, near: Sequence[Sentence]) -> int | None:
    """Where a clause says no more than AI, beside another that denies a photograph: "Not a photo. AI.",
    "All AI: this campaign was not photographed". `near`: the sentences before and after."""
    if sentence.question or not sentence.has(Role.AI, Role.TOOL):
        return None
    for index, word in enumerate(sentence.words):
        if not word.can(Role.AI, Role.TOOL) or word.hashtag or not word.upper:
            continue
        own = _up_to_and(sentence, index)
        if len(own) > BARE:
            continue
        if any(other.can(*_DENIALS) for other in own):  # "Sin IA, sin estudio"
            continue
        behind = own[own.index(word) + 1 :]
        if not all(other.can(Role.IS, Role.DEGREE) for other in behind) or not all(map(_bare, own)):
            continue
        others = [other for other in sentence.words if other.clause != word.clause]
        if any(
            _denies_photograph(words) for words in (others, *(one.words for one in near if not one.question))
        ):
            return index
    return None


def _up_to_and(sentence: Sentence, index: int) -> list[Word]:
    """The words of AI's clause; of "just AI and a good coat" those before "and": there was nothing else."""
    word = sentence.words[index]
    own = [other for other in sentence.words if other.clause == word.clause]
    place = own.index(word)
    behind = own[place + 1 :]
    elsewhere = (*MAKER, *MAKING, *_DENIALS, Role.SERVICE, Role.TOPIC)
    only = any(other.can(Role.DEGREE) for other in own[:place])
    joined = bool(behind) and behind[0].can(Role.AND) and not any(other.can(*elsewhere) for other in behind)
    return own[: place + 1] if only and joined else own


def nobody_but_ai(sentence: Sentence, near: Sequence[Sentence]) -> int | None:
    """Where AI is named beside a making, or alone, and another clause or the sentence before or after says
    that there was nobody, or no shoot: "She is no human: our team generated her, from head to toe, with
    AI.", "This woman does not exist. ChatGPT made her for me.". `near`: those sentences."""
    if sentence.question or not sentence.has(*MAKER) or sentence.has(*_NOT_OURS):
        return None
    for index, word in enumerate(sentence.words):
        if not word.can(*MAKER) or word.hashtag or not (word.upper or word.cjk):
            continue
        own = [other for other in sentence.words if other.clause == word.clause]
        if of_words(sentence, index) or any(other.can(*_DENIALS, Role.INSTEAD, Role.REAL) for other in own):
            continue
        if any(other.can(Role.SERVICE, Role.PRODUCT) and not other.may_help(Role.APP) for other in own):
            continue
        makes = any(
            other.can(*MAKING, Role.DID_ALL) or other.may_help(Role.FOR_ME, Role.COMES, Role.ASKED)
            for other in sentence.words
        )
        heavy = [other for other in own if not (other.article or other.can(Role.SMALL, Role.OF, Role.IS))]
        alone = all(_bare(other) for other in own) and len(heavy) <= BARE and word.can(Role.AI, Role.TOOL)
        others = [other for other in sentence.words if other.clause != word.clause]
        who = any(other.can(Role.PRONOUN) for other in own)  # "AI har tegnet hende"
        asides = (others, *(one.words for one in near if not one.question))
        if (makes or alone) and any(_nobody(words, pointed=who) for words in asides):
            return index
    return None


def _nobody(words: Sequence[Word], *, pointed: bool) -> bool:
    """ "This woman does not exist", "no camera", "no human": and no "the perfect man does not exist".
    `pointed`: AI is said to have made her or him."""
    elsewhere = (*MAKER, Role.TOPIC, Role.SERVICE, Role.OTHERS)
    if any(word.can(*elsewhere) and not word.can(Role.SHOOT) for word in words):
        return False
    pointed = pointed or any(word.can(Role.THIS, Role.PRONOUN, Role.PICTURE, Role.OUR) for word in words)
    if any(word.can(Role.UNREAL) and (not word.can(Role.VAGUE) or pointed) for word in words):
        return True
    denials = [place for place, word in enumerate(words) if word.can(*_DENIALS)]
    return any(_of_shoot(words, place, Role.SHOOT) for place in denials)


def _bare(word: Word) -> bool:
    return not word.roles or word.can(*_SAYS_NO_MORE)


def _denies_photograph(words: Sequence[Word]) -> bool:
    elsewhere = (*MAKER, *MAKING, Role.TOPIC, Role.SERVICE, Role.PRODUCT)
    if any(word.can(*elsewhere) and not word.can(Role.SHOOT) for word in words):  # "bez studia"
        return False
    if any(word.can(Role.UNREAL) and not word.can(Role.VAGUE) for word in words):
        return True
    denials = [place for place, word in enumerate(words) if word.can(Role.NOT, Role.NOT_AFTER, Role.WITHOUT)]
    return any(_of_shoot(words, place, Role.SHOOT, Role.PICTURE) for place in denials)


def by_computer(sentence: Sentence) -> int | None:
    """Where it says so of pictures or people, and not of a shop: "computer generated", "virtual model"."""
    if sentence.question or not sentence.has(Role.COMPUTED, Role.DIGITAL, Role.VIRTUAL):
        return None
    if sentence.has(Role.TOPIC, Role.SERVICE, Role.INDUSTRY):
        return None
    for index, word in enumerate(sentence.words):
        if before(sentence, index, 4, Role.NOT, Role.WITHOUT) is not None:
            continue
        if word.can(Role.COMPUTED):
            return index
        near = (after(sentence, index, 2, Role.PERSON), before(sentence, index, 4, Role.PERSON))
        if word.can(Role.DIGITAL, Role.VIRTUAL) and near != (None, None):
            return index
    return None


def _photographed(sentence: Sentence, index: int) -> bool:
    """A verb near it, and no "harmed in this shoot"."""
    here = sentence.words[index]
    return any(
        word is not here
        and word.can(Role.SHOOT)
        and not word.can(Role.PICTURE)
        and word.clause == here.clause
        and max(word.at - here.until, here.at - word.until) <= TO_SUBJECT
        for word in sentence.words
    )


def _of_shoot(words: Sequence[Word], place: int, *roles: Role) -> bool:
    """Is a shoot what the denial at `place` is about? 촬영 없이 denies what stands before it."""
    here = words[place]
    for word in words:
        if word is here or word.clause != here.clause or not word.can(*(roles or (Role.SHOOT,))):
            continue
        gap = here.at - word.until if _denies_before(here) else word.at - here.until
        if 0 <= gap <= TO_SHOOT:
            return True
    return False


def _denies_before(word: Word) -> bool:
    return word.cjk and word.can(Role.NOT_AFTER)
