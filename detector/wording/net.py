"""The wide net: words that leave a doubt where no sentence makes a claim.

"Does not mention AI" is said of a text only when none of them stands in it, in any language: a graphics card,
"is she real?", "not quite of this world"; a computer, a bot or an algorithm beside the making of pictures or
people. One that is denied ("no robots"), stands beside a service, a topic or a factory, or is part of a
longer word that the reader weighed, says nothing of the picture and passes. A name that ends in AI is a means
like them: no list has every tool.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from detector.wording.claim import MAKING, SEEN
from detector.wording.plaintext import Plain
from detector.wording.vocabulary import ATOM, Role, Vocabulary
from detector.wording.words import Sentence, Word

MOST_LOOKED_AT = 20  # hints of one text: whoever writes more writes no caption
# Counted as Word.at does: two for a word
TO_DENIED = 6  # "no robots", "nie jest z komputera"
TO_SUBJECT = 8  # "our robot stylist", and no service named at the other end of a long clause
ROBOT = "\N{ROBOT FACE}"
_ELSEWHERE = (Role.TOPIC, Role.SERVICE, Role.INDUSTRY)
# A tool that no list has, by its name: "Vue.ai", "PhotoAI"
_NAMED_SO = re.compile(r"\b[A-Za-z][A-Za-z]{0,30}[a-z](?:\.(?:ai|Ai|AI)|AI)\b")
_SEGMENT = re.compile(r"[^.!?…。！？\n]+")

Span = tuple[int, int]


def doubt_in(plain: Plain, net: Vocabulary, apart: Callable[[], Sequence[Sentence]]) -> Span | None:
    """Where (in the plain text) the first hint stands that nothing around it explains; None without one.
    `apart`: takes it apart, which few texts need."""
    found = list(islice(_hints(plain, net), MOST_LOOKED_AT))
    if not found:
        return None
    parts = apart()
    for span, roles in found:
        around = [part for part in parts if part.start <= span[0]][-1:]  # an emoji stands behind its sentence
        asked = any(part.question and part.has(Role.OR) for part in around)  # "camera or computer?"
        if Role.HINT not in roles and not asked and not any(_makes(part, span) for part in around):
            continue
        if not any(_explained(part, span) for part in around):
            return span
    return None


def _hints(plain: Plain, net: Vocabulary) -> Iterator[tuple[Span, frozenset[Role]]]:
    robot = plain.text.find(ROBOT)
    if robot >= 0:
        yield (robot, robot + 1), frozenset({Role.HINT})
    for named in _NAMED_SO.finditer(plain.cased):
        yield named.span(), frozenset({Role.MEANS})
    for segment in _SEGMENT.finditer(plain.text):
        places = [match.span() for match in ATOM.finditer(plain.text, *segment.span())]
        atoms = [plain.text[slice(*place)] for place in places]
        for start in range(len(atoms)):
            length, roles = net.longest(atoms, start)
            if length:
                yield (places[start][0], places[start + length - 1][1]), roles


def _makes(part: Sentence, span: Span) -> bool:
    """A making in the clause of the means, of pictures or people in it or right before it: "our pictures,
    made with Zeldra.ai"."""
    own = next((word.clause for word in part.words if word.end > span[0]), None)
    if own is None:
        return False
    makes = any(word.can(*MAKING) for word in part.words if word.clause == own)
    return makes and any(word.can(*SEEN) for word in part.words if word.clause in (own, own - 1))


def _explained(part: Sentence, span: Span) -> bool:
    here = next((word for word in part.words if word.end > span[0]), part.words[-1])
    longer = here.start <= span[0] and here.end >= span[1] and here.end - here.start > span[1] - span[0]
    if longer and not here.can(*MAKING):
        return True  # part of "artificial intelligence", and not of "computer made"
    near = [word for word in part.words if word.clause == here.clause]
    itself = any(word.can(*_ELSEWHERE) and _within(word, span) for word in near)
    others = [word for word in (part.words if itself else near) if not _within(word, span)]
    if any(word.can(*_ELSEWHERE) and (itself or abs(word.at - here.at) <= TO_SUBJECT) for word in others):
        return True
    return any(_denies(word, here) for word in near if word.end <= span[0])


def _within(word: Word, span: Span) -> bool:
    """A word of the hint itself: "man or machine" speaks of no factory."""
    return word.start >= span[0] and word.end <= span[1]


def _denies(word: Word, here: Word) -> bool:
    return word.can(Role.NOT, Role.WITHOUT) and here.at - word.until < TO_DENIED
