"""Whole statements that say it without a verb of making and its instrument: "this is AI", "AI made this
picture", "without AI it would not exist"."""

from collections.abc import Iterator

from detector.wording.bare import IT_IS_AI, SHOWN, bare_ai, copula_before, passes
from detector.wording.claim import BESIDE, MAKER, MAKING, SEEN, TO_INSTRUMENT, Claim, after, before
from detector.wording.tasked import of_words
from detector.wording.vocabulary import Role
from detector.wording.words import Sentence, Word

# Reaches, counted as Word.at does: two for a word.
TO_COPULA = 2  # "is all AI", "est une IA"
TO_SUBJECT = 12  # "the woman you see here is AI"
TO_OBJECT = 10  # "AI has created all of these pictures"
TO_ARTICLE = 2  # "came out of an AI"
TO_NEGATION = 8
TO_TOGETHER = 16
TO_CONTRAST = 6
SHORT_WORD = 3  # letters
TO_LAST = 5  # words, from AI to the verb that ends its clause
_DENIALS = (Role.NOT, Role.NOT_AFTER, Role.WITHOUT)
ASIDE = 6  # words between: "not a human photographer with a camera"


def statements(sentence: Sentence, index: int) -> Iterator[Claim]:
    """Those around the word `index`, which can be AI or a tool of it."""
    if not sentence.words[index].can(Role.AI):
        for claim in (_not_without(sentence, index), _by_tool(sentence, index), _is_tool(sentence, index)):
            if claim:
                yield claim
        return
    for claim in (
        _this_is(sentence, index),
        _is_ai(sentence, index),
        _ai_made(sentence, index),
        _ai_does(sentence, index),
        _that_ai_made(sentence, index),
        _made_last(sentence, index),
        _invented(sentence, index),
        _made_by_ai(sentence, index),
        _yes_ai(sentence, index),
        _it_was_ai(sentence, index),
        _but_is_ai(sentence, index),
        _together(sentence, index),
        _ai_not_else_made(sentence, index),
        _made_by_subject(sentence, index),
        _not_without(sentence, index),
        _without_not(sentence, index),
    ):
        if claim:
            yield claim


def _by_tool(sentence: Sentence, index: int) -> Claim | None:
    """ "c'est ChatGPT qui a fait la photo": of a picture, and of no text."""
    if not sentence.has(*SHOWN) or sentence.has(Role.PRODUCT) or not sentence.words[index].capital:
        return None
    return _it_was_ai(sentence, index) or _ai_made(sentence, index)


def _is_tool(sentence: Sentence, index: int) -> Claim | None:
    """ "The film is all Sora", "この映像、丸ごとSoraです": of a picture, and by a tool that makes them."""
    here = sentence.words[index]
    if not here.can(Role.TOOL, Role.NAMESAKE) or not (here.capital or here.cjk) or sentence.has(Role.PRODUCT):
        return None
    return _is_ai(sentence, index) if sentence.has(Role.PICTURE, Role.SLIDE) else None


def _ends(sentence: Sentence, index: int) -> bool:
    """Nothing comes after it in its clause but a copula: "AIです"."""
    words, here = sentence.words, sentence.words[index]
    rest = (word for word in words[index + 1 :] if not word.can(Role.DEGREE))
    following = next(rest, None)
    if following is None or following.clause != here.clause or following.can(Role.BUT, Role.EXCEPT):
        return True
    if following.can(Role.AND) and not here.cjk:  # "is an AI and works weekends", and no "AI and data editor"
        return index > 0 and words[index - 1].article and not of_words(sentence, index)
    if following.may_help(Role.SOURCE, Role.COMES) and words[-1].may_help(Role.APP):
        return True  # "to czyste AI z apki"
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
    copula = copula_before(sentence, index) if copula is None else copula
    if copula is None and after(sentence, index, 0, Role.IS) is not None and not sentence.words[index].cjk:
        subject = before(sentence, index, 0, *SEEN, Role.PART)  # "omdat de foto AI is"
        return Claim(subject, index, "is AI") if subject is not None and _ends(sentence, index) else None
    if copula is None or not _ends(sentence, index):
        return None
    subject = before(sentence, copula, TO_SUBJECT, *SEEN, Role.PART, Role.SLIDE, Role.REST)
    if subject is None and sentence.words[copula].can(Role.IT):
        subject = _named_before(sentence, copula)
    if subject is None:
        return _it_is(sentence, copula, index)
    return Claim(subject, index, "is AI")


def _real_beside(sentence: Sentence, clause: int) -> bool:
    """ "the mountains are AI, the coat is real", "the horse is AI, the bag is not"."""
    if sentence.has(Role.OTHERS, Role.TOPIC, Role.SERVICE, Role.MAY):
        return False
    denials = [word for word in sentence.words if word.can(*_DENIALS)]
    beside = [word for word in sentence.words if word.clause == clause + 1]
    if denials and (len(denials) > 1 or len(beside) < TO_CONTRAST // 3):
        return False
    if denials:
        return denials[0].clause == clause + 1 and (beside[-1] is denials[0] or beside[-1].can(Role.IS))
    filmed = [word for word in sentence.words if word.clause == clause - 1]
    if filmed and filmed[-1].can(Role.SHOOT):
        return True  # "kjolen er filmet, forvandlingen er AI"
    return any(word.can(Role.REAL) and word.clause != clause for word in sentence.words)


def _but_is_ai(sentence: Sentence, index: int) -> Claim | None:
    """ "写真に見えますがAIです", "사진 같지만 AI입니다": nothing else stands after the turn."""
    words, here = sentence.words, sentence.words[index]
    turn = before(sentence, index, TO_CONTRAST, Role.BUT)
    if turn is None and index and words[index - 1].can(*SHOWN) and words[index - 1].clause == here.clause - 1:
        turn = index - 1  # "このお姉さん、AIです"
    follower = after(sentence, index, BESIDE, Role.IS)
    if turn is None or follower is None or not words[follower].cjk or not here.upper:
        return None
    if not all(map(passes, words[turn + 1 : index])) or not _ends(sentence, index):
        return None
    return Claim(index, follower, IT_IS_AI)


def _named(word: Word) -> bool:
    """A name: "Nova is an AI"."""
    return word.title and not word.roles


def _it_is(sentence: Sentence, copula: int, index: int) -> Claim | None:
    """ "it's all AI", "elle est IA": whoever it is, in a text about pictures."""
    words, here = sentence.words, sentence.words[copula]
    subject = copula if here.can(Role.IT) else before(sentence, copula, BESIDE, Role.IT, Role.ALL)
    ahead = [word for word in words[:copula] if word.clause == here.clause]
    who = before(sentence, copula, BESIDE, Role.PRONOUN)
    if who is not None and words[index].upper:
        return Claim(who, index, "is AI")
    bare = all(passes(word) or word.can(Role.BUT, Role.AND) for word in ahead)
    if subject is None and (bare or _named(ahead[-1])):
        subject = copula  # "looks real, but is AI"; "Nova is an AI"
    whole = len(ahead) > 1 and not ahead[-1].roles and ahead[-2].can(Role.ALL, Role.THIS)
    if whole and not sentence.has(Role.OTHERS, Role.TOPIC, Role.PRODUCT):
        return Claim(copula, index, IT_IS_AI)  # "die ganze Straße ist KI"
    if subject is None and ahead and len(ahead) <= TO_CONTRAST and _real_beside(sentence, here.clause):
        return Claim(copula, index, IT_IS_AI)  # "the mountains are AI, the coat is real"
    if subject is None or not words[index].upper or (here.cjk and not (bare and here.clause)):
        return None
    return Claim(subject, index, IT_IS_AI)


def _not_but(sentence: Sentence, index: int) -> int | None:
    """사진이 아니라 AI예요, "no photograph but AI", without a comma: where the photograph stands."""
    denial = before(sentence, index, BESIDE, Role.NOT_AFTER)
    if denial is None or not sentence.words[denial].cjk or not _ends(sentence, index):
        return None
    if index + 1 == len(sentence.words):  # a copula must say so: "no photo, no AI"
        return None
    return before(sentence, denial, 2, Role.PICTURE, Role.SHOOT)


def _named_before(sentence: Sentence, copula: int) -> int | None:
    """ "L'arrière-plan, c'est de l'IA": named in the clause before, and taken up by "it is"."""
    first = copula - 1
    if first < 0 or sentence.words[first].clause != sentence.words[copula].clause - 1:
        return None
    return first if sentence.words[first].can(*SEEN, Role.PART) else None


def _ai_made(sentence: Sentence, index: int) -> Claim | None:
    """ "AI has created these pictures": the picture is pointed at, so that "AI makes pictures" is none."""
    verb = after(sentence, index, TO_OBJECT, *MAKING)
    pointed = points(sentence, sentence.words[index].clause) or _names_slide(sentence)
    if verb is None or not (pointed or _ours(sentence, index, verb)):
        return None
    if before(sentence, index, TO_INSTRUMENT, Role.WITH, Role.WITHOUT) is not None:
        return None
    return Claim(index, verb, "AI made it")


def _names_slide(sentence: Sentence) -> bool:
    if not sentence.has(Role.SLIDE):
        return False
    return any(word.can(Role.SLIDE) and not word.can(Role.PICTURE) for word in sentence.words)


def _ours(sentence: Sentence, index: int, verb: int) -> bool:
    """ "AI created the whole campaign", "let AI shoot our lookbook": one that there is, and not "images"."""
    words, here = sentence.words, sentence.words[index]
    if not here.upper or here.hashtag or here.cjk:
        return False
    rest = [word for word in words[verb + 1 :] if word.clause == here.clause]
    passed = 0
    while passed < len(rest) and passes(rest[passed]) and not rest[passed].can(Role.WITH):
        passed += 1
    if not passed or passed == len(rest) or not rest[passed].can(*SHOWN):
        return False
    return len(rest) == passed + 1 or rest[passed + 1].can(Role.AND, Role.THIS, Role.BUT)


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
    if not rest or not rest[0].can(Role.PICTURE, Role.PART):
        return None
    pointed = words[first] is not rest[0] or rest[0].can(Role.THIS)
    alone = len(rest) == 1 or rest[1].can(Role.AND)
    return Claim(index, words.index(rest[0]), "AI made it") if pointed and alone else None


def _made_last(sentence: Sentence, index: int) -> Claim | None:
    """ "AI hat unser Lookbook gemacht", "de sneeuw heeft AI erbij getoverd": our picture, and the verb at the
    end."""
    words, here = sentence.words, sentence.words[index]
    own = [place for place, word in enumerate(words) if word.clause == here.clause]
    if not here.upper or here.hashtag or here.cjk or not words[own[-1]].can(*MAKING) or own[-1] == index:
        return None
    if before(sentence, index, TO_ARTICLE, Role.WITH, Role.WITHOUT) is not None or own[-1] - index > TO_LAST:
        return None
    if words[own[0]].can(Role.PICTURE, Role.PART) and own[0] < index <= own[0] + TO_LAST:
        return Claim(own[0], own[-1], "AI made it")  # "Himlen bag Ida har AI'en sat ind"
    for place in own[1:]:
        word = words[place]
        if word.can(*SHOWN) and place != index and passes(words[place - 1]) and place < own[-1]:
            near = place in range(index, own[-1]) or index - place <= TO_ARTICLE
            return Claim(min(place, index), own[-1], "AI made it") if near else None
    return None


def _invented(sentence: Sentence, index: int) -> Claim | None:
    """ "This face does not exist, AI invented it"."""
    if not sentence.has(Role.UNREAL) or not sentence.has(*SHOWN) or not sentence.words[index].upper:
        return None
    verb = after(sentence, index, TO_INSTRUMENT, *MAKING)
    return None if verb is None else Claim(index, verb, "AI made it")


def _made_by_ai(sentence: Sentence, index: int) -> Claim | None:
    """ "Unsere Produktfotos macht jetzt die KI", "our photos? those are done by AI": the picture, the verb,
    and AI at the end."""
    words, here = sentence.words, sentence.words[index]
    verb = before(sentence, index, TO_INSTRUMENT, Role.DOES)
    if verb is None or verb < 1 or not _ends(sentence, index) or not here.upper or here.cjk or here.hashtag:
        return None
    ahead = [word for word in words[:verb] if word.clause == here.clause]
    if not ahead or not ahead[-1].can(*SHOWN) or not all(map(passes, ahead[:-1])) or len(ahead) < 2:
        return None
    return Claim(verb - 1, index, "AI made it")


def _yes_ai(sentence: Sentence, index: int) -> Claim | None:
    """ "Yep, all AI.", "はい、AIです"."""
    said = sentence.words[0].can(Role.YES) and not sentence.question and bare_ai(sentence) == index
    return Claim(index, index, IT_IS_AI) if said and len(sentence.words) > 1 else None


def _it_was_ai(sentence: Sentence, index: int) -> Claim | None:
    """ "La neige, c'est l'IA qui l'a ajoutée", "fue la IA quien creó nuestras imágenes"."""
    follower = after(sentence, index, BESIDE, Role.AND)
    copula = before(sentence, index, TO_COPULA, Role.IS)
    if follower is None or copula is None or not sentence.has(*SHOWN) or not sentence.words[index].upper:
        return None
    verb = after(sentence, follower, TO_INSTRUMENT, *MAKING)
    return None if verb is None else Claim(copula, verb, "AI made it")


def _together(sentence: Sentence, index: int) -> Claim | None:
    """ "These visuals are a collaboration between our atelier and an AI"."""
    work = before(sentence, index, TO_TOGETHER, Role.TOGETHER)
    if work is None:
        work = after(sentence, index, TO_COPULA, Role.TOGETHER)
        if work is None or not sentence.words[work].cjk:
            return None
    shown = [word for word in sentence.words[: max(work, index)] if word.can(Role.PICTURE)]
    if not shown or not (sentence.words[work].cjk or _ends(sentence, index)):
        return None
    return Claim(min(work, index), max(work, index), "AI made it")


def _that_ai_made(sentence: Sentence, index: int) -> Claim | None:
    """ "images that AI created for us", "Bilder, die eine KI erstellt hat"."""
    words, here = sentence.words, sentence.words[index]
    place = index - 1
    while (
        place > 0
        and (words[place].article or words[place].can(Role.SMALL))
        and not words[place].can(Role.AND)
    ):
        place -= 1
    if place < 1 or not words[place].can(Role.AND) or words[place].clause != here.clause or not here.upper:
        return None
    if not words[place - 1].can(*SEEN) or words[place - 1].clause < here.clause - 1:
        return None
    verb = after(sentence, index, TO_INSTRUMENT, *MAKING)
    return None if verb is None else Claim(place - 1, verb, "made with AI")


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
    """ "la ha generado una IA": the verb, then its subject, with an article or pronoun between them; "gemalt
    hat sie die KI" of what is shown."""
    here = sentence.words[index]
    verb = before(sentence, index, TO_ARTICLE, *MAKING)
    verb = before(sentence, index, TO_ARTICLE, Role.DOES) if verb is None else verb
    if verb is None and sentence.has(*SHOWN) and _ends(sentence, index):
        verb = before(sentence, index, TO_INSTRUMENT, Role.MADE)
        return (
            None
            if verb is None or not all(map(_small, sentence.words[verb + 1 : index]))
            else Claim(verb, index, "AI made it")
        )
    if verb is not None and not sentence.words[verb].can(Role.MADE, Role.DESIGNED):
        shown = before(sentence, verb, TO_SUBJECT, *SHOWN)  # "la nieve la puso la IA"
        first = next(place for place, word in enumerate(sentence.words) if word.clause == here.clause)
        verb = None if shown is None or shown > first + 1 else verb
    if verb is None or sentence.words[index].hashtag:
        return None
    between = sentence.words[verb + 1 : index]
    made = sentence.words[verb].can(Role.MADE)
    named = here.until - here.at > TO_ARTICLE and sentence.has(*SHOWN)  # "la pintó la IA", with its article
    if (made and not between and not named) or not all(
        word.can(Role.SMALL, Role.IT) or word.article for word in between
    ):
        return None
    weak = "" if made or sentence.has(*SHOWN, Role.UNREAL) else "designed with AI may speak of the product"
    return Claim(verb, index, "AI made it", weak)


def _small(word: Word) -> bool:
    """A pronoun, an article, an auxiliary: "hat sie die"."""
    short = not word.roles and word.end - word.start <= SHORT_WORD
    return short or word.article or word.can(Role.SMALL, Role.IT, Role.PRONOUN, Role.DOES, Role.IS)


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
