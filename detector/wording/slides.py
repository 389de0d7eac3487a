"""Which slides of a carousel a sentence names: "slide 3 was made with AI", "the last picture", 第3张,
3枚目."""

import re

from detector.wording.plaintext import Plain
from detector.wording.sentences import Sentence
from detector.wording.vocabulary import Role

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
    r"[ #]{0,2}(\d{1,2})(?!\d|\s?%)"
    r"(?:\s?(-|–|to|bis|a|t/m)\s?(\d{1,2})(?!\d))?"
    r"(?:\s?(?:,|&|and|und|en|et|y|e|och|og|i)\s?(\d{1,2})(?!\d))?"
)
_COUNTED = re.compile(r"第?\s?([0-9]{1,2}|[一二三四五六七八九十])\s?(?:[张張枚]|번째|枚目)")
_HAN = "一二三四五六七八九十"


def slides_named(plain: Plain, sentence: Sentence) -> frozenset[int]:
    """Positions from 0 (LAST for the last one); empty when the sentence names none."""
    found: set[int] = set()
    for index, word in enumerate(sentence.words):
        if word.can(Role.SLIDE):
            found.update(_numbers(plain.text, word.end))
            near = sentence.words[max(0, index - 1) : index] + sentence.words[index + 1 : index + 2]
            found.update(place for role, place in _ORDINALS.items() for other in near if other.can(role))
    for match in _COUNTED.finditer(plain.text, sentence.start, min(sentence.end + 4, len(plain.text))):
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
