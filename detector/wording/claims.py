"""The relations between the words of a sentence that say "made with AI", whatever comes of them in their
context."""

from collections.abc import Iterator, Sequence

from detector.wording.acts import acts
from detector.wording.bare import SHOWN, image_of, of_camera, said_beside, tool_beside
from detector.wording.came_about import came_about
from detector.wording.claim import (
    BESIDE,
    BY_ITSELF,
    MAKER,
    MAKING,
    SEEN,
    TO_INSTRUMENT,
    TWIN,
    Claim,
    after,
    before,
)
from detector.wording.statements import TO_SUBJECT, points, statements
from detector.wording.tasked import of_words, tasked
from detector.wording.unreal import did_all, nobody_real, prompted
from detector.wording.vocabulary import TELLING, Role
from detector.wording.words import Sentence, Word

# Reaches, counted as Word.at does: two for a word.
TO_VERB = 14  # "created in collaboration with the model and her agency using AI"
TO_LABEL = 8  # "スタイリング:", two words
TO_TOOL = 6  # "skabt i Midjourney", "gjorde henne i Midjourney": two words between, whatever they are
LONG_PICTURE, LONG_PERSON = 4, 6  # letters, of a noun before "ia" in one hashtag
TO_PICTURE = 8  # "svängde ihop den här bilden i Firefly"
CJK_HELP = 4
TO_THIS = 6  # "this is my AI version"
MOST_NAMED = 20  # words for AI in one sentence that are looked at: what names it more often is no caption
SHORTEST_LABEL = 3  # words
NAMED_WHOLE = 4  # letters: longer than "AI" and "A.I."
HELP = 8  # letters: "with the help of", "thanks to", and no "with"
MOST_NAMES = 4  # words of a name in a credit
TO_FINAL_VERB = 12  # "mit KI gemeinsam mit dem Model erstellt"


def claims(sentence: Sentence) -> Iterator[Claim]:
    """All claims of a sentence."""
    if sentence.roles.isdisjoint(TELLING):
        return
    named = 0
    telling = ((place, word) for place, word in enumerate(sentence.words) if word.can(*TELLING))
    for index, word in telling:
        if word.can(*MAKER) and not _only_named_so(word) and named < MOST_NAMED:
            named += 1
            yield from _of_maker(sentence, index)
        if word.can(Role.CLAIM):
            yield Claim(index, index, BY_ITSELF)
        if word.can(Role.LABEL) and index == 0 and len(sentence.words) <= 2:
            yield Claim(index, index, "a platform's label text")
        if word.can(Role.SYNTHETIC):
            yield from _synthetic(sentence, index)
        if word.can(Role.TWIN):
            yield from _twin(sentence, index)
        if word.can(Role.UNREAL):
            yield from nobody_real(sentence, index)
        if word.can(Role.PROMPT):
            yield from prompted(sentence, index)


def _only_named_so(word: Word) -> bool:
    """ "Imagen" is Spanish before it is Google's."""
    return word.can(Role.PICTURE) and not word.can(Role.AI, Role.TOOL)


def _of_maker(sentence: Sentence, index: int) -> Iterator[Claim]:
    for claim in (
        _made_with(sentence, index),
        _with_made(sentence, index),
        _compound(sentence, index),
        _noun(sentence, index),
        _credit(sentence, index),
        _used(sentence, index),
        _tool_alone(sentence, index),
        _image_by(sentence, index),
        did_all(sentence, index),
        said_beside(sentence, index),
        tool_beside(sentence, index),
    ):
        if claim:
            yield claim
    yield from statements(sentence, index)
    yield from tasked(sentence, index)
    yield from acts(sentence, index)
    yield from came_about(sentence, index)


def _weakness(sentence: Sentence, verb: int, maker: int) -> str:
    writer = sentence.words[maker].can(Role.WRITER) and not sentence.words[maker].can(Role.AI, Role.TOOL)
    if writer and (not sentence.has(*SHOWN) or sentence.has(Role.PRODUCT)):
        return "the tool writes texts as well"
    if not sentence.words[maker].can(Role.AI, Role.TOOL) and _named_on(sentence, maker):
        return "may be the name of a street or a studio"  # "made in Leonardo Street"
    if sentence.words[maker].can(Role.AI) and _of_something(sentence, maker) and not sentence.has(*SEEN):
        return "AI may have made something else"
    only_designed = not sentence.words[verb].can(Role.MADE, Role.EDITED)
    shown = sentence.has(*SHOWN, Role.REST)
    return "designed with AI may speak of the product" if only_designed and not shown else ""


def _of_something(sentence: Sentence, maker: int) -> bool:
    """ "AI-optimised cutting": a hyphen, and a word that is nothing here."""
    following = sentence.words[maker + 1 : maker + 2]
    return bool(following) and not following[0].roles and following[0].hyphen


def _made_with(sentence: Sentence, index: int) -> Claim | None:
    """ "created with AI"; with the particle behind, "luotu tekoälyn avulla"."""
    link = before(sentence, index, TO_INSTRUMENT, Role.WITH)
    if link is None and after(sentence, index, BESIDE, Role.WITH_AFTER) is not None:
        link = index
    verb = before(sentence, link, TO_VERB, *MAKING) if link is not None else None
    if verb is None and sentence.words[index].can(Role.TOOL, Role.NAMESAKE, Role.WRITER):
        return _made_in(sentence, index)
    if verb is None or of_camera(sentence, index) or (sentence.words[verb].cjk and link is not None):
        return None  # Chinese, Japanese and Korean name the instrument first
    return Claim(verb, index, "made with AI", _weakness(sentence, verb, index))


def _made_in(sentence: Sentence, index: int) -> Claim | None:
    """ "skabt i Midjourney", "svängde ihop bilden i Firefly". Portuguese "feito no Midjourney" denies
    nothing, and the word could."""
    here = sentence.words[index]
    verb = before(sentence, index, TO_TOOL, *MAKING, Role.DOES) if here.can(Role.TOOL) else None
    if verb is None and here.capital and not _named_on(sentence, index):
        verb = before(sentence, index, TO_TOOL, Role.GENERATED)
    if verb is None and here.capital and not sentence.has(Role.PRODUCT) and _is_shown(sentence, index):
        verb = before(sentence, index, TO_TOOL, Role.MADE)  # "a fotografia foi feita no ChatGPT"
    if verb is None and here.capital and not _named_on(sentence, index):
        verb = before(sentence, index, TO_PICTURE, *MAKING)
        shown = sentence.words[verb + 1 : index] if verb is not None else ()
        verb = verb if any(word.can(Role.PICTURE) for word in shown) else None
    if verb is None:
        return None
    between = sentence.words[verb + 1 : index]
    if any(word.can(Role.NOT) for word in between):
        return Claim(verb, index, "made with AI", "made in a tool, or without it", affirmed=True)
    return Claim(verb, index, "made with AI")


def _is_shown(sentence: Sentence, index: int) -> bool:
    """A picture before it, and nothing that is written."""
    shown = any(word.can(Role.PICTURE) for word in sentence.words[:index])
    return shown and not of_words(sentence, index)


def _with_made(sentence: Sentence, index: int) -> Claim | None:
    """ "mit KI erstellt", "由AI生成", and with the particle behind: "AIで生成"."""
    link = before(sentence, index, TO_INSTRUMENT, Role.WITH)
    start = link if link is not None else index
    if link is None:
        link = after(sentence, index, 2, Role.WITH, Role.WITH_AFTER)
        if link is None or not (sentence.words[link].cjk or sentence.words[link].can(Role.WITH_AFTER)):
            return None
        verb = after(sentence, link, TO_FINAL_VERB, *MAKING)
    else:
        verb = after(sentence, index, TO_FINAL_VERB, *MAKING)
    if verb is None:
        return _with_help(sentence, link, max(index, link))
    if of_camera(sentence, index):
        return None
    return Claim(start, verb, "made with AI", _weakness(sentence, verb, index))


def _with_help(sentence: Sentence, link: int, last: int) -> Claim | None:
    """ "With the help of AI, we created these images": no bare "with", as in "fed up with AI, we…"."""
    words, clause = sentence.words, sentence.words[last].clause + 1
    if words[link].end - words[link].start < (CJK_HELP if words[link].cjk else HELP) or not points(
        sentence, clause
    ):
        return None
    rest = [place for place, word in enumerate(words) if place > last and word.clause in (clause - 1, clause)]
    if not rest or words[rest[0]].clause != clause or any(words[place].can(Role.NOT) for place in rest):
        return None
    verb = next((place for place in rest if words[place].can(*MAKING)), None)
    return (
        None
        if verb is None
        else Claim(min(link, last), verb, "made with AI", _weakness(sentence, verb, last))
    )


def _compound(sentence: Sentence, index: int) -> Claim | None:
    """ "AI-generated", "AI生成"; "image générée IA"."""
    word = sentence.words[index]
    verb = after(sentence, index, BESIDE, *MAKING)
    if verb is None and word.cjk:
        verb = after(sentence, index, 2, *MAKING)
    if verb is not None and not _two_hashtags(word, sentence.words[verb]):
        if _does_something(sentence, verb):
            return None
        return Claim(index, verb, "AI-generated", _weakness(sentence, verb, index))
    verb = before(sentence, index, BESIDE, Role.MADE, Role.EDITED)
    if verb is not None and sentence.words[verb].can(Role.SERVICE):
        return None  # "la nostra assistente IA"
    if verb is not None and (word.capital or word.hashtag) and not _two_hashtags(word, sentence.words[verb]):
        return Claim(verb, index, "generated by AI", _weakness(sentence, verb, index))
    return None


def _does_something(sentence: Sentence, verb: int) -> bool:
    """ "AI made headlines", "l'IA a fait la une": a verb with an object that is no picture."""
    words, here = sentence.words, sentence.words[verb]
    if (
        here.hyphen
        or here.hashtag
        or here.cjk
        or not here.can(Role.DOES, Role.MADE)
        or verb + 1 == len(words)
    ):
        return False
    following = words[verb + 1]
    if following.clause != here.clause or following.can(*SHOWN, Role.WITH, Role.KIND, Role.DEGREE, Role.AND):
        return False
    if following.can(Role.PRONOUN):  # "AI made her."
        return verb + 2 < len(words) and words[verb + 2].clause == here.clause
    return here.can(Role.DOES) or not following.roles


def _noun(sentence: Sentence, index: int) -> Claim | None:
    """ "AI model", "KI-Bild", "modelo IA"."""
    word = sentence.words[index]
    if not word.can(Role.AI):
        return None
    noun = after(sentence, index, 4, *SHOWN) if word.hashtag else image_of(sentence, index)
    long = word.end - word.start > NAMED_WHOLE  # "fotos de inteligencia artificial"
    if noun is None and ((word.capital and word.upper) or long or _one_hashtag(sentence, index)):
        link = before(sentence, index, BESIDE, Role.OF)
        link = _first_degree(sentence, index if link is None else link)  # "una campagna tutta AI"
        noun = before(sentence, link, BESIDE, *SHOWN)
    if noun is None and len(sentence.words) <= SHORTEST_LABEL:  # "Kreacja AI"
        noun = before(sentence, index, BESIDE, Role.CREATION)
    if noun is None:
        noun = _in_brackets(sentence, index)
    if noun is None or _two_hashtags(word, sentence.words[noun]):
        return None
    return Claim(min(index, noun), max(index, noun), "AI image or model")


def _first_degree(sentence: Sentence, index: int) -> int:
    """The first of the words of degree right before it."""
    words, first = sentence.words, index
    while first and words[first - 1].can(Role.DEGREE) and words[first - 1].clause == words[index].clause:
        first -= 1
    return first if first and not words[first - 1].can(*MAKING) else index


def _in_brackets(sentence: Sentence, index: int) -> int | None:
    """ "a virtual model (AI)", "modella finta (intelligenza artificiale)": alone in its brackets, behind the
    noun and its adjective."""
    words, word = sentence.words, sentence.words[index]
    alone = sum(other.clause == word.clause for other in words) == 1
    if not alone or word.joint != "(" or not word.upper:
        return None
    if not words[index - 1].can(*SHOWN):
        if sentence.has(Role.NOT, Role.WITHOUT):
            return None
        far = after(sentence, index - 2, BESIDE, Role.REAL, Role.VIRTUAL, Role.DIGITAL) if index > 1 else None
        return index - 2 if far is not None and words[index - 2].can(*SEEN) else None
    return index - 1


def _credit(sentence: Sentence, index: int) -> Claim | None:
    """ "Images: Midjourney", "visuals by AI", "Model: AI"."""
    words = sentence.words
    link = before(sentence, index, 2, Role.WITH)
    noun = before(sentence, link, BESIDE, *SHOWN) if link is not None else None
    of_tool = words[index].can(Role.TOOL, Role.NAMESAKE) and words[index].capital
    if noun is None and link is not None and of_tool:
        noun = before(sentence, link, TO_TOOL, Role.PICTURE)  # "knocked this picture together in Firefly"
    if noun is None and words[index].joint == ":" and index:
        shown = (*SEEN, Role.PART, Role.SLIDE, Role.REST, Role.EDITED)  # "Retouching: AI", "the rest: AI"
        near = [other for other in (index - 1, index - 2) if other >= 0 and words[other].can(*shown)]
        alone = _ends_credit(words, index) or words[index].can(Role.TOOL, Role.NAMESAKE)
        noun = near[0] if near and alone else None
    if noun is None:
        noun = _from_tool(sentence, index)
    if noun is None:
        noun = _tool_in_brackets(sentence, index)
    if noun is None and words[index].slash:
        noun = _beside_a_name(words, index)
    if noun is None:
        return None
    named = words[index].can(Role.AI, Role.NAMESAKE) and _named_on(sentence, index)
    return Claim(noun, index, "a credit", "may be the name of a studio" if named else "")


def _tool_in_brackets(sentence: Sentence, index: int) -> int | None:
    """ "Filmpje gegenereerd (Sora)": alone in its brackets, behind a picture that was made."""
    words, here = sentence.words, sentence.words[index]
    alone = sum(word.clause == here.clause for word in words) == 1
    if not alone or here.joint != "(" or not here.capital or not here.can(Role.TOOL, Role.NAMESAKE):
        return None
    own = [place for place, word in enumerate(words) if word.clause == here.clause - 1]
    made = any(words[place].can(*MAKING) for place in own)
    return next((place for place in own if words[place].can(Role.PICTURE)), None) if made else None


def _from_tool(sentence: Sentence, index: int) -> int | None:
    """ "imágenes de Veo 3", "billeder fra en AI-generator": a picture, and where it is from."""
    words, here = sentence.words, sentence.words[index]
    following = words[index + 1] if index + 1 < len(words) else None
    app = following is not None and following.may_help(Role.APP)
    tool = here.can(Role.TOOL, Role.NAMESAKE) and here.capital
    if not (app or tool) or here.hashtag:
        return None
    link = index - 1
    while link > 0 and words[link].article:
        link -= 1
    if link < 1 or words[link].clause != here.clause:
        return None
    of = words[link].can(Role.OF, Role.WITH) or words[link].may_help(Role.SOURCE)
    return link - 1 if of and words[link - 1].can(Role.PICTURE) else None


def _beside_a_name(words: Sequence[Word], index: int) -> int | None:
    """ "Illustration: Trine Holst/ChatGPT": the picture that somebody and AI are credited with."""
    own = [place for place in range(index) if words[place].clause == words[index].clause]
    if not own or len(own) > MOST_NAMES or words[own[0]].joint != ":" or not own[0]:
        return None
    return own[0] - 1 if words[own[0] - 1].can(*SEEN, Role.EDITED) else None


def _image_by(sentence: Sentence, index: int) -> Claim | None:
    """ "AIによる画像", with the particle behind: an image by AI."""
    link = after(sentence, index, BESIDE, Role.WITH_AFTER)
    noun = after(sentence, link, 1, Role.PICTURE) if link is not None and sentence.words[link].cjk else None
    return None if noun is None else Claim(index, noun, "a credit")


def _ends_credit(words: Sequence[Word], index: int) -> bool:
    """Nothing follows, or the next label does: "Model: AI Styling: Ann"."""
    here = words[index]
    for word in words[index + 1 :]:
        if word is words[index + 1] and word.slash:  # "KI/Redaktion"
            return True
        if word.clause != here.clause:
            return word.joint == ":" or word is words[index + 1]
        if word.roles or word.until - here.until > TO_LABEL:
            return False
    return words[-1] is here


def _named_on(sentence: Sentence, index: int) -> bool:
    """ "AI Studio Berlin": a capital word that is nothing else follows at once."""
    if index + 1 == len(sentence.words):
        return False
    word, following = sentence.words[index], sentence.words[index + 1]
    strange = not following.roles - {Role.SHOOT}  # "AI Studio Berlin"
    return following.title and strange and following.clause == word.clause and not following.slash


def _used(sentence: Sentence, index: int) -> Claim | None:
    """ "we used AI to make this image", "AI was used"."""
    verb = before(sentence, index, TO_INSTRUMENT, Role.USE)
    if verb is None:
        verb = after(sentence, index, TO_INSTRUMENT, Role.USE)
    if verb is None:
        return None
    weak = (
        ""
        if sentence.has(Role.PICTURE, Role.PERSON, Role.MADE) or _of_part(sentence, index)
        else "AI was used, and it is not said for what"
    )
    return Claim(min(index, verb), max(index, verb), "AI was used", weak)


def _of_part(sentence: Sentence, index: int) -> bool:
    """ "Vi har brugt AI til at skifte himlen ud": what stands in a picture, behind AI and in its clause."""
    words, here = sentence.words, sentence.words[index]
    if sentence.has(Role.SERVICE, Role.INDUSTRY, Role.PRODUCT):
        return False
    return any(word.can(Role.PART) and word.clause == here.clause for word in words[index + 1 :])


def _tool_alone(sentence: Sentence, index: int) -> Claim | None:
    """A tool that makes pictures and does nothing else, named in a line of its own."""
    alone = sentence.words[index].can(Role.TOOL) and len(sentence.words) <= 6
    return Claim(index, index, "names the tool") if alone else None


def _synthetic(sentence: Sentence, index: int) -> Iterator[Claim]:
    noun = after(sentence, index, BESIDE, *SEEN, Role.MADE)
    if noun is None:
        noun = before(sentence, index, BESIDE, *SEEN)
    if noun is not None:
        yield Claim(min(index, noun), max(index, noun), "synthetic image or person")
        return
    subject = before(sentence, index, TO_SUBJECT, *SEEN)
    if subject is not None and before(sentence, index, BESIDE, Role.IS) is not None:
        person = sentence.words[subject].can(Role.PERSON)
        weak = "" if person else "synthetic, which fabrics are as well"
        yield Claim(subject, index, "synthetic image or person", weak)


def _twin(sentence: Sentence, index: int) -> Iterator[Claim]:
    """Of a person; a factory has a digital twin too."""
    of_me = sentence.words[index].can(Role.CONSENT) or _of_me(sentence.words[index + 1 : index + 3])
    if sentence.has(Role.INDUSTRY) and not of_me:
        return
    near = sentence.words[max(0, index - 5) : index] + sentence.words[index + 1 : index + 5]
    named = any(word.capital and not word.roles for word in near)
    shown = before(sentence, index, TO_THIS, Role.THIS) is not None  # "questa è la versione AI"
    person = named or of_me or shown or sentence.has(Role.PERSON, Role.CONSENT, Role.WEARS)
    yield Claim(
        index,
        index,
        TWIN,
        "" if person else "a digital twin, and it is not said of what",
    )


def _of_me(behind: Sequence[Word]) -> bool:
    """ "My agency had an AI copy of me made", and no "digital twin helps us"."""
    if len(behind) < 2 or not behind[1].may_help(Role.FOR_ME, Role.SOMEBODY):
        return False
    return behind[0].can(Role.OF, Role.SMALL) or behind[0].may_help(Role.SOURCE)


def _one_hashtag(sentence: Sentence, index: int) -> bool:
    """#photoia, #modeloia; and no #mania."""
    if not index or not sentence.words[index].hashtag:
        return False
    word, noun = sentence.words[index], sentence.words[index - 1]
    long = LONG_PICTURE if noun.can(Role.PICTURE) else LONG_PERSON
    return noun.end == word.start and noun.end - noun.start >= long


def _two_hashtags(one: Word, other: Word) -> bool:
    """Two hashtags side by side make no phrase: #ai #model."""
    return one.hashtag and other.hashtag and one.clause != other.clause
