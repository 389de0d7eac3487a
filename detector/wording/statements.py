"""Whole statements that say it without a verb of making and its instrument: "this is AI", "AI made this
picture", "without AI it would not exist"."""

from collections.abc import Iterator

from detector.wording.claim import MAKER, MAKING, SEEN, TO_INSTRUMENT, Claim, after, before
from detector.wording.sentences import Sentence, Word
from detector.wording.vocabulary import Role

# Reaches, counted as Word.at does: two for a word.
TO_COPULA = 2  # "is all AI", "est une IA"
TO_SUBJECT = 12  # "the woman you see here is AI"
TO_OBJECT = 10  # "AI has created all of these pictures"
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
    return following.can(Role.IS) and following.at == here.until


def _this_is(sentence: Sentence, index: int) -> Claim | None:
    """ "This is AI.", with nothing after it in its clause."""
    this = before(sentence, index, 2, Role.THIS)
    if this is None or not _ends(sentence, index):
        return None
    return Claim(this, index, "this is AI")


def _is_ai(sentence: Sentence, index: int) -> Claim | None:
    """ "the last picture is AI", "she is AI", "画像はAIです"."""
    copula = before(sentence, index, TO_COPULA, Role.IS)
    if copula is None or not _ends(sentence, index):
        return None
    subject = before(sentence, copula, TO_SUBJECT, *SEEN, Role.SLIDE, Role.REST)
    return None if subject is None else Claim(subject, index, "is AI")


def _ai_made(sentence: Sentence, index: int) -> Claim | None:
    """ "AI has created these pictures": the picture is pointed at, so that "AI makes pictures" is none."""
    verb = after(sentence, index, TO_OBJECT, *MAKING)
    if verb is None or not _points(sentence, sentence.words[index].clause):
        return None
    if before(sentence, index, TO_INSTRUMENT, Role.WITH, Role.WITHOUT) is not None:
        return None
    return Claim(index, verb, "AI made it")


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
    if verb is None or not _points(sentence, here.clause + 2):
        return None
    if any(words[place].can(Role.NOT, Role.NOT_AFTER, Role.WITHOUT) for place in rest):
        return None
    denied = before(sentence, index, TO_INSTRUMENT, Role.NOT, Role.WITHOUT, Role.INSTEAD, Role.WITH)
    return None if denied is not None else Claim(index, verb, "AI made it", affirmed=True)


def _made_by_subject(sentence: Sentence, index: int) -> Claim | None:
    """ "la ha generado una IA": the verb, then its subject, with an article or pronoun between them."""
    verb = before(sentence, index, 2, Role.MADE)
    if verb is None or sentence.words[index].hashtag:
        return None
    between = sentence.words[verb + 1 : index]
    if not between or not all(word.can(Role.SMALL, Role.IT) for word in between):
        return None
    return Claim(verb, index, "AI made it")


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


def _points(sentence: Sentence, clause: int) -> bool:
    near: list[Word] = [word for word in sentence.words if word.clause == clause]
    return any(word.can(Role.THIS) for word in near) and any(word.can(*SEEN) for word in near)
