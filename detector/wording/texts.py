"""Does a text say that its picture was made with AI? The one reader of words behind every text surface.

A sentence says so when its words stand in certain relations, the same in all languages: a verb of making with
an instrument that is AI, a compound ("AI-generated", "KI-Bild"), a credit ("Images: Midjourney"), the digital
twin of a person, a platform's label text. What stands around it decides what that is worth: a negation takes
it away, a double one gives it back, a question, "may" or "some of our images" make it ambiguous, "read our
blog on" makes it a topic. A text is only text: nothing in it is followed, and its length is bounded.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from detector.wording.bare import ANSWER, answers, nobody
from detector.wording.claim import MAKER, Claim
from detector.wording.claims import claims
from detector.wording.context import DENIED, TOPIC, Around, Weighed, weigh
from detector.wording.cues import may_tell
from detector.wording.hints import MENTIONS, hint_of
from detector.wording.lexicon import BUILT_IN, Lexicon, hints, vocabulary
from detector.wording.net import doubt_in
from detector.wording.plaintext import Plain, plain
from detector.wording.scripts import strange_script
from detector.wording.sentences import sentences
from detector.wording.slides import LAST, rest_says_so, slides_of, speaks_of_rest
from detector.wording.unreal import (
    GENERATED_AND_AI,
    NO_PHOTOGRAPH,
    NOBODY_BUT,
    NOT_PHOTOGRAPHED,
    PROMPTED,
    by_computer,
    denies_shoot,
    names_alone,
    nobody_but_ai,
    nothing_but_ai,
    prompts,
    says_generated,
)
from detector.wording.vocabulary import Role
from detector.wording.words import Sentence
from storage.records import (
    TEXT_NOT_GIVEN,
    Declarer,
    Extent,
    PostVersion,
    Reading,
    ReadingState,
    Surface,
)

VERSION = "12"

LONGEST_READ = 100_000  # characters; the longest posts that a platform takes (Facebook) have 63,206
MOST_MAKERS = 200  # words for AI and its tools that are looked at: what names it more often is no caption
REMEMBERED = 64  # texts: a post's pictures are read one after the other, and share its caption
_LONGEST_QUOTE = 160  # a longer sentence is not quoted whole

SILENT = "does not mention AI"
TOO_OFTEN = f"names AI too often: only what stands around the first {MOST_MAKERS} times was read"
DOUBT = "does not speak of AI, and leaves a doubt"
NOT_GIVEN = "not given: what was captured has no text"
_HASHTAG = re.compile(r"[#＃]\w+")
_BRACKETS = (("(", ")"), ("[", "]"), ("（", "）"), ("【", "】"), ("〔", "〕"))
_CLOSING = re.compile(r"\s?[.!?…。！？]?\s?[)\]）】〕]")
_QUOTED = (ReadingState.PRESENT, ReadingState.AMBIGUOUS)
_RANK = {ReadingState.PRESENT: 0, ReadingState.AMBIGUOUS: 1, ReadingState.ABSENT: 2}


def not_given(post: PostVersion) -> bool:
    """Whether the capture has no text at all, which says nothing of the post."""
    return not post.text and any(problem.kind == TEXT_NOT_GIVEN for problem in post.problems)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a text says. `start` and `end` are offsets of the quote's claim in the original text."""

    state: ReadingState
    quote: str = ""
    reason: str = ""
    start: int = 0
    end: int = 0
    extent: Extent = Extent.UNKNOWN
    slides: frozenset[int] = frozenset()
    named: ReadingState | None = None  # what it says of these slides, where it speaks of all but them


@dataclass(frozen=True, slots=True)
class Slide:
    """One picture of a carousel. `position` from 0."""

    position: int
    count: int


def read(
    text: str,
    *,
    hashtags: bool = True,
    lexicon: Lexicon = BUILT_IN,
    slide: Slide | None = None,
    net: bool = True,
) -> Wording:
    """The strongest thing that the text says (of this slide); without `hashtags`, what its hashtags say alone
    does not count. Without `net`, what only leaves a doubt counts for nothing: a print, "ROBOT", says less
    than a caption."""
    best = Wording(ReadingState.ABSENT, reason=SILENT)
    for wording in _wordings(text[:LONGEST_READ], lexicon, hashtags):
        scoped = _for_slide(wording, slide)
        if _better(scoped, best):
            best = scoped
    if len(text) > LONGEST_READ and best.state is not ReadingState.PRESENT:
        reason = f"too long: only the first {LONGEST_READ} of {len(text)} characters were read"
        return Wording(ReadingState.UNREADABLE, reason=reason)
    if best.state is not ReadingState.PRESENT and _cut(text[:LONGEST_READ], lexicon):
        return Wording(ReadingState.UNREADABLE, reason=TOO_OFTEN)
    if best.state is ReadingState.ABSENT and best.reason != DENIED:
        script = strange_script(text, vocabulary(lexicon).scripts)
        if script:
            return Wording(ReadingState.UNREADABLE, reason=f"in a script that no lexicon reads: {script}")
    if net and best.state is ReadingState.ABSENT and best.reason in (SILENT, MENTIONS, TOPIC):
        return _caught(text[:LONGEST_READ], lexicon) or best
    return best


@lru_cache(maxsize=1)
def _folded(text: str) -> Plain:
    return plain(text)


@lru_cache(maxsize=1)
def _sentences(text: str, lexicon: Lexicon) -> tuple[Sentence, ...]:
    return tuple(sentences(_folded(text), vocabulary(lexicon)))


def _within_bounds(every: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """The sentences up to MOST_MAKERS: each is looked at beside all that stands around it."""
    named = 0
    for number, part in enumerate(every):
        named += sum(word.can(*MAKER) for word in part.words) if part.has(*MAKER) else 0
        if named > MOST_MAKERS:
            return every[: number + 1] if number == 0 else every[:number]
    return every


@lru_cache(maxsize=REMEMBERED)
def _cut(text: str, lexicon: Lexicon) -> bool:
    """Whether the text names AI more often than is looked at."""
    if not may_tell(_folded(text), vocabulary(lexicon)):
        return False
    every = _sentences(text, lexicon)
    return len(_within_bounds(every)) < len(every)


@lru_cache(maxsize=REMEMBERED)
def _caught(text: str, lexicon: Lexicon) -> Wording | None:
    """What the wide net holds of a text that makes no claim: a person has to look at it."""
    folded = _folded(text)
    span = doubt_in(folded, hints(lexicon), lambda: _sentences(text, lexicon))
    if span is None:
        return None
    start, end = folded.source(*span)
    return Wording(ReadingState.AMBIGUOUS, _quoted(text, start, end), DOUBT, start, end)


@lru_cache(maxsize=REMEMBERED)
def _wordings(text: str, lexicon: Lexicon, hashtags: bool) -> tuple[Wording, ...]:  # noqa: FBT001 - of the cache's key
    """All that the text says, up to where nothing that follows could say more: once for all its pictures."""
    folded, known = _folded(text), vocabulary(lexicon)
    if not may_tell(folded, known):
        return ()
    every = _within_bounds(_sentences(text, lexicon))
    parts = [part for part in every if part.roles]
    about_pictures = any(part.has(Role.PICTURE, Role.PERSON, Role.MADE) for part in parts)
    topic = any(part.has(Role.TOPIC, Role.SERVICE) for part in parts)
    framed = any(part.has(Role.FRAME) for part in parts)
    found: list[Wording] = []
    for number, part in enumerate(every):
        if not part.roles:
            continue  # it is beside the others all the same: "Would you? Tell us! Ja, …" answers nothing
        around = Around(
            every[number - 1] if number else None,
            every[number + 1] if number + 1 < len(every) else None,
            about_pictures,
            framed,
        )
        for wording in _of_sentence(folded, part, around, hashtags=hashtags, topic=topic):
            found.append(wording)
            if _says_all(wording):
                return tuple(found)
    return tuple(found) if framed else (*found, *_no_photograph(folded, parts))


def _no_photograph(folded: Plain, parts: Sequence[Sentence]) -> Iterator[Wording]:
    """What two sentences say together, where each alone leaves a doubt."""
    computed = _not_photographed(folded, parts)
    if computed:
        yield computed
    generated = next((place for part in parts if (place := says_generated(part)) is not None), None)
    denied = any(denies_shoot(part) for part in parts)
    for number, part in enumerate(parts):
        place = nothing_but_ai(part, [*parts[max(0, number - 1) : number], *parts[number + 1 : number + 2]])
        if place is not None:
            said = Weighed(ReadingState.PRESENT, NO_PHOTOGRAPH)
            yield _wording(folded, part, Claim(place, place, NO_PHOTOGRAPH), said)
        around = [*parts[max(0, number - 1) : number], *parts[number + 1 : number + 2]]
        maker = nobody_but_ai(part, around)
        if maker is not None:
            yield _wording(
                folded, part, Claim(maker, maker, NOBODY_BUT), Weighed(ReadingState.PRESENT, NOBODY_BUT)
            )
        named = names_alone(part) if generated is not None else None
        if named is not None:
            said = Weighed(ReadingState.PRESENT, GENERATED_AND_AI)
            yield _wording(folded, part, Claim(named, named, GENERATED_AND_AI), said)
        means = prompts(part) if denied else None
        if means is not None:
            yield _wording(
                folded, part, Claim(means, means, PROMPTED), Weighed(ReadingState.PRESENT, PROMPTED)
            )
        asked = number - 1 - int(number > 1 and nobody(parts[number - 1]))
        answer = answers(parts[asked], part) if number else None
        if answer is not None:
            told = Weighed(ReadingState.PRESENT, ANSWER)
            yield _wording(folded, part, Claim(answer, answer, ANSWER), told)


def _not_photographed(folded: Plain, parts: Sequence[Sentence]) -> Wording | None:
    """ "No shoot this season. What you see is computer generated": each alone leaves a doubt."""
    made = next((part for part in parts if by_computer(part) is not None), None)
    if made is None or not any(denies_shoot(part) for part in parts):
        return None
    if any(part.has(*MAKER, Role.TOPIC) for part in parts):
        return None  # what is said of AI decides
    place = by_computer(made) or 0
    said = Weighed(ReadingState.PRESENT, NOT_PHOTOGRAPHED)
    return _wording(folded, made, Claim(place, place, NOT_PHOTOGRAPHED), said)


def forget() -> None:
    """What was read lately, for whoever measures."""
    _wordings.cache_clear()
    for remembered in (_caught, _cut, _folded, _sentences):
        remembered.cache_clear()


def _says_all(wording: Wording) -> bool:
    return wording.state is ReadingState.PRESENT and wording.extent is not Extent.PART and not wording.slides


def _better(one: Wording, other: Wording) -> bool:
    if _RANK[one.state] != _RANK[other.state]:
        return _RANK[one.state] < _RANK[other.state]
    if one.state is ReadingState.PRESENT:
        return other.extent is Extent.PART and one.extent is not Extent.PART
    return not other.quote and bool(one.quote)


def _of_sentence(
    folded: Plain, part: Sentence, around: Around, *, hashtags: bool, topic: bool
) -> Iterator[Wording]:
    following = around.following
    found = [claim for claim in claims(part) if hashtags or not _hashtags_alone(part, claim)]
    for claim in found:
        weighed = weigh(claim, part, around)
        said = _wording(folded, part, claim, weighed)
        yield said
        rest = rest_says_so(part, following, claim)
        if rest and said.slides and weighed.reason == DENIED:
            yield _of_the_rest(folded, part, rest, said)
    hint = hint_of(part, following, topic=topic, claimed=bool(found), hashtags=hashtags)
    if hint:
        yield _wording(folded, part, *hint)


def _hashtags_alone(part: Sentence, claim: Claim) -> bool:
    return all(word.hashtag for word in part.words[claim.first : claim.last + 1] if word.roles)


def _of_the_rest(folded: Plain, part: Sentence, rest: Sentence, denied: Wording) -> Wording:
    """What was denied of some slides is said of all others."""
    start, end = folded.source(part.start, rest.end)
    quote = folded.original[start:end].strip()
    reason = "denies it of one slide, and says it of the others"
    return Wording(
        ReadingState.PRESENT,
        quote if len(quote) <= _LONGEST_QUOTE else denied.quote,
        reason,
        denied.start,
        denied.end,
        slides=denied.slides,
        named=ReadingState.ABSENT,
    )


def _wording(folded: Plain, part: Sentence, claim: Claim, weighed: Weighed) -> Wording:
    first, last = part.words[claim.first], part.words[claim.last]
    start, end = folded.source(first.start, last.end)
    whole = folded.source(part.start, part.end)
    shown = whole if whole[1] - whole[0] <= _LONGEST_QUOTE else (start, end)
    scoped = weighed.state is not ReadingState.ABSENT or weighed.reason == DENIED
    slides = slides_of(folded, part, claim) if scoped else frozenset[int]()
    of_rest = slides and speaks_of_rest(part, claim) and weighed.state is not ReadingState.ABSENT
    return Wording(
        weighed.state,
        _quoted(folded.original, *shown),
        weighed.reason,
        start,
        end,
        weighed.extent,
        slides,
        ReadingState.AMBIGUOUS if of_rest else None,
    )


def _quoted(text: str, start: int, end: int) -> str:
    """With the bracket that closes one opened in it: "(beeld: AI)"."""
    quote = text[start:end]
    for opening, closing in _BRACKETS:
        behind = _CLOSING.match(text, end)
        if quote.count(opening) > quote.count(closing) and behind and behind[0].endswith(closing):
            end = behind.end()
            quote = text[start:end]
    return quote.strip()


def _for_slide(wording: Wording, slide: Slide | None) -> Wording:
    """The same for one picture of a carousel: what speaks of slide 3 says nothing sure about the others.

    Not `absent` for those: publishers count covers and videos differently, and an unlabelled must not hang on
    that.
    """
    if slide is None or slide.count < 2 or not wording.slides:
        return wording
    named = {place if place != LAST else slide.count - 1 for place in wording.slides}
    told = ", ".join(str(place + 1) for place in sorted(named))
    if wording.named is not None:
        if slide.position not in named:
            return wording
        return replace(wording, state=wording.named, reason=f"speaks of all slides but {told}")
    if slide.position in named:
        return wording
    return replace(
        wording,
        state=ReadingState.AMBIGUOUS,
        reason=f"speaks of slide {told}, this is {slide.position + 1}",
    )


def hashtags_in(text: str) -> tuple[str, ...]:
    """The hashtags of a text as written, without "#", in order."""
    return tuple(tag.strip("#＃") for tag in _HASHTAG.findall(text[:LONGEST_READ]))


def as_reading(wording: Wording, surface: Surface, *, field: str, fold: int | None = None) -> Reading:
    """As a record: the account's own words, with their offset and, where the platform folds texts, the
    fold."""
    prominence: dict[str, str | int | float] = {}
    if wording.state is ReadingState.PRESENT:
        prominence["offset"] = wording.start
        prominence["extent"] = wording.extent.value
        if fold is not None:
            prominence["fold"] = fold
            prominence["before_fold"] = int(wording.end <= fold)
        if wording.slides:
            told = ", ".join("last" if s == LAST else str(s + 1) for s in sorted(wording.slides))
            prominence["slides"] = f"all but {told}" if wording.named else told
    return Reading(
        surface=surface,
        state=wording.state,
        quote=wording.quote if wording.state in _QUOTED else "",
        field=field,
        declared_by=Declarer.ACCOUNT,
        prominence=prominence,
        reason=wording.reason,
        reader=f"{surface}/{VERSION}",
    )
