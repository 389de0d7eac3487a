"""Which slides of a carousel a sentence names: "slide 3 was made with AI", "the last picture", 第3张,
3枚目."""

import re
from collections.abc import Sequence

from detector.wording.claim import Claim
from detector.wording.plaintext import Plain
from detector.wording.vocabulary import Role
from detector.wording.words import Sentence, Word

LAST = -1
_MOST = 35  # pictures in the longest carousels known

_ORDINALS = {
    Role.FIRST: 0,
    Role.SECOND: 1,
    Role.THIRD: 2,
    Role.FOURTH: 3,
    Role.FIFTH: 4,
    Role.LAST: LAST,
}
_NUMBERS = re.compile(
    r"[ #]{0,2}(?:n°|no?\.?|nr\.?|nummer|number|numero)? ?(\d{1,2})(?!\d|\s?%)"
    r"(?:\s?(-|–|to|bis|a|t/m)\s?(\d{1,2})(?!\d))?"
    r"(?:\s?(?:,|&|and|und|en|et|y|e|och|og|i)\s?(\d{1,2})(?!\d))?"
)
_COUNTED = re.compile(r"第?\s?([0-9]{1,2}|[一二三四五六七八九十])\s?(?:[张張枚]|번째|枚目)")
_LEFT_OUT = re.compile(
    r"\s?(?:말고|빼고)"
)  # behind the slide that it leaves out: "not the second, the third"
_HAN = "一二三四五六七八九十"


def slides_of(plain: Plain, sentence: Sentence, claim: Claim) -> frozenset[int]:
    """Those named in the claim's own clauses, else in the whole sentence: "slide 3 was made with AI, slide 4
    is a photo"."""
    clauses = range(sentence.words[claim.first].clause, sentence.words[claim.last].clause + 1)
    return slides_named(plain, sentence, clauses) or slides_named(plain, sentence)


def slides_named(plain: Plain, sentence: Sentence, clauses: range | None = None) -> frozenset[int]:
    """Positions from 0 (LAST for the last one); empty when the sentence, or these of its clauses, name
    none."""
    found: set[int] = set()
    mine = [word for word in sentence.words if clauses is None or word.clause in clauses]
    for index, word in enumerate(sentence.words if sentence.has(Role.SLIDE) else ()):
        if word.can(Role.SLIDE) and (clauses is None or word.clause in clauses):
            if _LEFT_OUT.match(plain.text, word.end):
                continue
            found.update(_numbers(plain.text, word.end))
            near = sentence.words[max(0, index - 1) : index + 2]  # itself too: 두 번째 is slide and ordinal
            found.update(place for role, place in _ORDINALS.items() for other in near if other.can(role))
    start, end = (mine[0].start, mine[-1].end) if mine else (0, 0)
    for match in _COUNTED.finditer(plain.text, start, min(end + 4 * (clauses is None), len(plain.text))):
        if not _LEFT_OUT.match(plain.text, match.end()):
            found.add(_number(match[1]) - 1)
    return frozenset(place for place in found if LAST <= place < _MOST)


def _numbers(text: str, start: int) -> set[int]:
    match = _NUMBERS.match(text, start)
    if not match:
        return set()
    first = int(match[1])
    last = int(match[3]) if match[3] else first
    places = set(range(first - 1, min(last, _MOST)))
    return places | {int(match[4]) - 1} if match[4] else places


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _HAN.index(text) + 1


def rest_says_so(sentence: Sentence, following: Sentence | None, claim: Claim) -> Sentence | None:
    """ "Slide 3 was not made with AI, the others were": the sentence in which that much, and no more, is said
    of the others; None where it is not."""
    if claim.last + 1 < len(sentence.words):
        rest = sentence.words[claim.last + 1 :]
        return sentence if _says_so(rest) else None
    return following if following is not None and _says_so(following.words) else None


def _says_so(words: Sequence[Word]) -> bool:
    return (
        len(words) > 1
        and words[0].can(Role.REST)
        and all(word.can(Role.IS, Role.IT, Role.YES, Role.SO, Role.BUT, Role.SMALL) for word in words[1:])
    )


def speaks_of_rest(sentence: Sentence, claim: Claim) -> bool:
    """Are "the others" what the claim is about?"""
    clauses = range(sentence.words[claim.first].clause, sentence.words[claim.last].clause + 1)
    ahead = sentence.words[: claim.last + 1]
    return any(word.can(Role.REST) and word.clause in clauses for word in ahead)
