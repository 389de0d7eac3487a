"""Whole statements that say it without a verb of making and its instrument: "this is AI", "AI made this
picture", "without AI it would not exist"."""

from collections.abc import Iterator

from detector.wording.claim import BESIDE, MAKER, MAKING, SEEN, TO_INSTRUMENT, Claim, after, before
from detector.wording.sentences import Sentence, Word
from detector.wording.vocabulary import Role

# Reaches, counted as Word.at does: two for a word.
TO_COPULA = 2  # "is all AI", "est une IA"
TO_SUBJECT = 12  # "the woman you see here is AI"
TO_OBJECT = 10  # "AI has created all of these pictures"
TO_ARTICLE = 2  # "came out of an AI"
TO_NEGATION = 8
ASIDE = 6  # words between: "not a human photographer with a camera"


def statements(sentence: Sentence, index: int) -> Iterator[Claim]:
    """Those around the word `index`, which can be AI or a tool of it."""
    if not sentence.words[index].can(Role.AI):
        without = _not_without(sentence, index)
        if without:
            yield without
        return
    for claim in (
        _this_is(sentence, index),
        _is_ai(sentence, index),
        _ai_made(sentence, index),
        _ai_does(sentence, index),
        _ai_not_else_made(sentence, index),
        _made_by_subject(sentence, index),
        _not_without(sentence, index),
        _without_not(sentence, index),
    ):
        if claim:
            yield claim


def _ends(sentence: Sentence, index: int) -> bool:
    """Nothing comes after it in its clause but a copula: "AIです"."""
    words, here = sentence.words, sentence.words[index]
    following = words[index + 1] if index + 1 < len(words) else None
    if following is None or following.clause != here.clause:
        return True
    if following.can(Role.AND) and not here.cjk:  # "is an AI and works weekends", and no "AI and data editor"
        return index > 0 and words[index - 1].article
    return following.can(Role.IS) and following.at == here.until


def _this_is(sentence: Sentence, index: int) -> Claim | None:
    """ "This is AI.", with nothing after it in its clause."""
    this = before(sentence, index, 2, Role.THIS)
    if this is None or not _ends(sentence, index):
        return None
    return Claim(this, index, "this is AI")


def _is_ai(sentence: Sentence, index: int) -> Claim | None:
    """ "the last picture is AI", "she is AI", "画像はAIです"."""
    rather = _not_but(sentence, index)
    if rather is not None:
        return Claim(rather, index, "is AI", affirmed=True)
    copula = before(sentence, index, TO_COPULA, Role.IS)
    if copula is None and after(sentence, index, 0, Role.IS) is not None and not sentence.words[index].cjk:
        subject = before(sentence, index, 0, *SEEN, Role.PART)  # "omdat de foto AI is"
        return Claim(subject, index, "is AI") if subject is not None and _ends(sentence, index) else None
    if copula is None or not _ends(sentence, index):
        return None
    subject = before(sentence, copula, TO_SUBJECT, *SEEN, Role.PART, Role.SLIDE, Role.REST)
    if subject is None and sentence.words[copula].can(Role.IT):
        subject = _named_before(sentence, copula)
    return None if subject is None else Claim(subject, index, "is AI")


def _not_but(sentence: Sentence, index: int) -> int | None:
    """사진이 아니라 AI예요, "no photograph but AI", without a comma: where the photograph stands."""
    denial = before(sentence, index, BESIDE, Role.NOT_AFTER)
    if denial is None or not sentence.words[denial].cjk or not _ends(sentence, index):
        return None
    if index + 1 == len(sentence.words):  # a copula must say so: "no photo, no AI"
        return None
    return before(sentence, denial, 2, Role.PICTURE)


def _named_before(sentence: Sentence, copula: int) -> int | None:
    """ "L'arrière-plan, c'est de l'IA": named in the clause before, and taken up by "it is"."""
    first = copula - 1
    if first < 0 or sentence.words[first].clause != sentence.words[copula].clause - 1:
        return None
    return first if sentence.words[first].can(*SEEN, Role.PART) else None


def _ai_made(sentence: Sentence, index: int) -> Claim | None:
    """ "AI has created these pictures": the picture is pointed at, so that "AI makes pictures" is none."""
    verb = after(sentence, index, TO_OBJECT, *MAKING)
    if verb is None or not points(sentence, sentence.words[index].clause):
        return None
    if before(sentence, index, TO_INSTRUMENT, Role.WITH, Role.WITHOUT) is not None:
        return None
    return Claim(index, verb, "AI made it")


def _ai_does(sentence: Sentence, index: int) -> Claim | None:
    """ "AI did the pic", "macht die KI unsere Fotos": this or our picture, and nothing after it."""
    words, here = sentence.words, sentence.words[index]
    if not here.upper or here.hashtag or here.cjk:
        return None
    verb = after(sentence, index, BESIDE, Role.DOES)
    first = index + 1 if verb is None else verb + 1
    if verb is None and before(sentence, index, TO_ARTICLE, Role.DOES) is None:
        return None
    rest = [word for word in words[first:] if word.clause == here.clause]
    while (
        len(rest) > 1
        and rest[0].can(Role.SMALL, Role.THIS, Role.IT, Role.INDUSTRY)
        and not rest[0].can(*SEEN)
    ):
        rest.pop(0)
    if not rest or not rest[0].can(Role.PICTURE):
        return None
    pointed = words[first] is not rest[0] or rest[0].can(Role.THIS)
    alone = len(rest) == 1 or rest[1].can(Role.AND)
    return Claim(index, words.index(rest[0]), "AI made it") if pointed and alone else None


def _ai_not_else_made(sentence: Sentence, index: int) -> Claim | None:
    """ "AI, not a camera, made this image": who did not is said in a clause between, and who did goes
    first."""
    words, here = sentence.words, sentence.words[index]
    aside = [place for place in range(index + 1, len(words)) if words[place].clause == here.clause + 1]
    if not aside or aside[0] != index + 1 or len(aside) > ASIDE:
        return None
    if not any(words[place].can(Role.NOT, Role.INSTEAD) for place in aside[:2]):
        return None
    if any(words[place].can(*MAKING, *MAKER, Role.BUT) for place in aside):
        return None
    rest = [place for place in range(aside[-1] + 1, len(words)) if words[place].clause == here.clause + 2]
    verb = next((place for place in rest if words[place].can(*MAKING)), None)
    if verb is None or not points(sentence, here.clause + 2):
        return None
    if any(words[place].can(Role.NOT, Role.NOT_AFTER, Role.WITHOUT) for place in rest):
        return None
    denied = before(sentence, index, TO_INSTRUMENT, Role.NOT, Role.WITHOUT, Role.INSTEAD, Role.WITH)
    return None if denied is not None else Claim(index, verb, "AI made it", affirmed=True)


def _made_by_subject(sentence: Sentence, index: int) -> Claim | None:
    """ "la ha generado una IA": the verb, then its subject, with an article or pronoun between them."""
    verb = before(sentence, index, TO_ARTICLE, Role.MADE, Role.DESIGNED)
    if verb is None or sentence.words[index].hashtag:
        return None
    between = sentence.words[verb + 1 : index]
    made = sentence.words[verb].can(Role.MADE)
    if (made and not between) or not all(word.can(Role.SMALL, Role.IT) or word.article for word in between):
        return None
    weak = "" if made or sentence.has(*SEEN, Role.UNREAL) else "designed with AI may speak of the product"
    return Claim(verb, index, "AI made it", weak)


def _not_without(sentence: Sentence, index: int) -> Claim | None:
    """ "niet zonder AI": without AI it would not have come about."""
    link = before(sentence, index, TO_INSTRUMENT, Role.WITHOUT)
    negation = before(sentence, link, TO_NEGATION, Role.NOT) if link is not None else None
    if negation is None or negation == link:
        return None
    return Claim(negation, index, "not without AI", settled=True)


def _without_not(sentence: Sentence, index: int) -> Claim | None:
    """ "Without AI this picture would not exist"."""
    link = before(sentence, index, TO_INSTRUMENT, Role.WITHOUT)
    if link is None or not sentence.has(*SEEN):
        return None
    rest = sentence.words[index + 1 :]
    denied = next((place for place, word in enumerate(rest) if word.can(Role.NOT, Role.NOT_AFTER)), None)
    if denied is None or not any(word.can(Role.EXIST) for word in rest):
        return None
    return Claim(link, index + 1 + denied, "not without AI", settled=True)


def points(sentence: Sentence, clause: int) -> bool:
    near: list[Word] = [word for word in sentence.words if word.clause == clause]
    return any(word.can(Role.THIS) for word in near) and any(word.can(*SEEN) for word in near)
