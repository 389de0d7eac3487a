"""Denials around a claim: of it, of what it speaks of, or of something else; before it, inside it, behind it
and far before it."""

from itertools import pairwise

from detector.wording.bare import IT_IS_AI
from detector.wording.claim import BY_ITSELF, MAKER, SEEN, Claim, after
from detector.wording.sentences import Sentence, Word
from detector.wording.vocabulary import Role

# Reaches, counted as Word.at does: two for a word.
NEGATION_BEFORE = 10
NEGATION_AFTER = 16
SUBJECT = 8  # "none of all the pictures": from a denial to what it denies
OF_PICTURE = ("made with AI", "AI-generated", "AI image or model", "is AI", IT_IS_AI)


def negated(sentence: Sentence, claim: Claim) -> bool:
    """A negation in reach and in the same clause, that does not speak of something else ("no real model:
    …")."""
    inside, ahead = _inside(sentence, claim), _ahead(sentence, claim)
    if _pretends(sentence, claim) and not _behind(sentence, claim):
        return not (inside or ahead)
    if turned_around(sentence, claim) and any(word.can(Role.NOT) for word in ahead):
        return False
    return bool(inside or ahead or _behind(sentence, claim))


def _pretends(sentence: Sentence, claim: Claim) -> bool:
    """ "We won't pretend this wasn't made with AI": two denials, which say it; alone the first denies it."""
    clause = sentence.words[claim.first].clause
    ahead = sentence.words[: claim.first]
    return any(word.may_help(Role.PRETEND) and word.clause in (clause, clause - 1) for word in ahead)


def denies_something_else(sentence: Sentence, claim: Claim) -> bool:
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


def turned_around(sentence: Sentence, claim: Claim) -> bool:
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
        if here.at - word.until > NEGATION_BEFORE:
            break
        if word.clause != here.clause and not _listed(sentence, claim, index):
            break
        if word.can(Role.INSTEAD):
            return [word] if word.until == here.at else []
        if word.can(Role.BUT) and not word.can(Role.WITHOUT):
            break
        if word.can(Role.NOT, Role.WITHOUT) and not (passed_real or denies_before(word)):
            found.append(word)
        passed_real = passed_real or word.can(Role.REAL)
    return found


def _listed(sentence: Sentence, claim: Claim, index: int) -> bool:
    """拒绝AI换脸、AI换装: what is denied of the first of several is denied of all."""
    words = sentence.words
    clause = words[index].clause
    joints = {word.joint for word in words[index + 1 : claim.first + 1] if word.joint}
    near = [word for word in words[: claim.first] if word.clause >= clause]
    return claim.how == BY_ITSELF and joints == {"、"} and near[-1].can(Role.CLAIM)


def denies_before(word: Word) -> bool:
    """What stands before it, and not what follows: 카메라 없이 AI만으로, "without a camera, by AI alone"."""
    return word.cjk and word.can(Role.NOT_AFTER) and word.can(Role.WITHOUT) and not word.can(Role.NOT)


def far_denial(sentence: Sentence, claim: Claim) -> bool | None:
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
    pointed = points_here(sentence, claim)
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
            if claim.how in OF_PICTURE and index - claim.last > 1 and _begins_anew(sentence, claim, index):
                return False
            return not pointed and after(sentence, index, 6, Role.REAL, *SEEN) is None
    return False


def _begins_anew(sentence: Sentence, claim: Claim, denial: int) -> bool:
    """ "and never tired", "and that we don't hide", and no "and AI videos are not used here"."""
    words = sentence.words
    for place in range(claim.last + 1, denial):
        if words[place].can(Role.AND) and (
            place + 1 == denial or words[place + 1].can(Role.IT, Role.PRONOUN, Role.THIS, Role.OUR)
        ):
            return True
    return False


def _not_used(sentence: Sentence, clause: int) -> bool:
    """ "AI models and filters: we use none"."""
    words = [word for word in sentence.words if word.clause == clause]
    if any(word.can(*SEEN, Role.AI, Role.MADE, Role.REAL) for word in words):
        return False
    return any(word.can(Role.USE) for word in words) and any(word.can(Role.NOT) for word in words)


def points_here(sentence: Sentence, claim: Claim) -> bool:
    """ "this image" in the claim's clause."""
    clause = sentence.words[claim.first].clause
    near = [word for word in sentence.words if word.clause == clause]
    return any(word.can(Role.THIS) for word in near) and any(word.can(*SEEN) for word in near)
