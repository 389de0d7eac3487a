"""Shapes of sentences: how an English one is known again, and what it is in another language.

A shape is text of ours with places for what changes:

    "{name} was erased on {day:day}."          a place, and one of a kind
    "is licensed to {who}[ from {day:day}]"    what may be missing: the same in the translation, in this order
    "{what:surface}"   in words of the room `surface`; what it does not know stays English, and is marked so
    "{what:surface!}"  only what that room knows: otherwise it is another sentence
    "{who:who?}"       a word of that room, else a name, which is the same in every language
    "{all:surface/, }" several, with this between them

Text from outside is in those places, and may be anything: it is looked through with `str.find` alone, for at
most so many splits as `TRIES` says, and nothing of it is left out or changed.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

TRIES = 64  # splits of one sentence by one shape
_TOKEN = re.compile(r"\{(?P<slot>\w+)(?::(?P<room>\w+)(?P<mode>[!?]?)(?:/(?P<between>[^}]+))?)?\}")
_TOLD = re.compile(r"\{(?:(?P<slot>\w+)|(?P<language>[a-z]{2})\|(?P<words>[^}]+))\}")
_GROUP = re.compile(r"\[([^\[\]]*)\]")


class Run(NamedTuple):
    """Some text in one language; "" is that of the page."""

    text: str
    language: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a shape. `mode`: "!" known or nothing, "?" known or a name; `between` those of a list."""

    name: str
    room: str = ""
    mode: str = ""
    between: str = ""


Told = Callable[[Slot, str], Runs | None]  # what stands in a place, in the other language; None: it cannot


@dataclass(frozen=True, slots=True)
class Phrase:
    """A shape with nothing that may be missing: `texts` stand before, between and after the `slots`.
    `told`: the translation's texts, and the names of slots."""

    texts: tuple[str, ...]
    slots: tuple[Slot, ...]
    told: tuple[Run | str, ...]
    telling: tuple[str, ...] = field(init=False)  # texts without which it is another sentence, longest first

    def __post_init__(self) -> None:
        object.__setattr__(self, "telling", tuple(sorted(filter(None, self.texts), key=len, reverse=True)))

    @property
    def first_word(self) -> str:
        """What a sentence of this shape begins with, where that is a whole word; else ""."""
        word, space, _ = self.texts[0].partition(" ")
        return word if space else ""

    @property
    def said(self) -> int:
        """How much of it is ours: the more, the less it can be taken for another."""
        return sum(map(len, self.texts))

    def of(self, text: str, told: Told) -> Runs | None:
        """`text` in the other language; None where it is no sentence of this shape."""
        for one in self.telling:
            if one not in text:
                return None
        if not (text.startswith(self.texts[0]) and text.endswith(self.texts[-1])):
            return None
        if not self.slots:
            return _joined(self.told, {}) if text == self.texts[0] else None
        begin, end = len(self.texts[0]), len(text) - len(self.texts[-1])
        if begin > end:
            return None
        found: dict[str, Runs] = {}
        return _joined(self.told, found) if _split(self, text, (begin, end), told, found) else None


def _split(phrase: Phrase, text: str, within: tuple[int, int], told: Told, found: dict[str, Runs]) -> bool:
    """Fills `found`, the first way that fits."""
    begin, end = within
    last, tries = len(phrase.slots) - 1, TRIES

    def fits(number: int, at: int) -> bool:
        nonlocal tries
        slot, after = phrase.slots[number], phrase.texts[number + 1]
        stop = end if number == last else text.find(after, at, end)
        while stop >= 0 and tries > 0:
            tries -= 1
            value = told(slot, text[at:stop])
            if value is not None and (number == last or fits(number + 1, stop + len(after))):
                found[slot.name] = value
                return True
            stop = -1 if number == last else text.find(after, stop + 1, end)
        return False

    return fits(0, begin)


def _joined(told: Sequence[Run | str], found: Mapping[str, Runs]) -> Runs:
    made: list[Run] = []
    for part in told:
        for run in (part,) if isinstance(part, Run) else found[part]:
            if made and made[-1].language == run.language:
                made[-1] = Run(made[-1].text + run.text, run.language)
            elif run.text:
                made.append(run)
    return tuple(made)


def phrases(shape: str, translation: str) -> Iterator[Phrase]:
    """Every form of a shape. Raises ValueError for one that cannot be: a test looks for it."""
    ours, theirs = _GROUP.split(shape), _GROUP.split(translation)
    if len(ours) != len(theirs):
        raise ValueError(f"{shape!r}: what may be missing is not the same in {translation!r}")
    for chosen in product((True, False), repeat=len(ours) // 2):
        yield _phrase(_with(ours, chosen), _with(theirs, chosen), shape)


def _with(pieces: Sequence[str], chosen: Sequence[bool]) -> str:
    return "".join(one for place, one in enumerate(pieces) if place % 2 == 0 or chosen[place // 2])


def _phrase(shape: str, translation: str, whole: str) -> Phrase:
    slots = tuple(
        Slot(one["slot"], one["room"] or "", one["mode"] or "", one["between"] or "")
        for one in _TOKEN.finditer(shape)
    )
    texts = tuple(_TOKEN.sub("\0", shape).split("\0"))
    if "" in texts[1:-1] or "{" in "".join(texts):
        raise ValueError(f"{whole!r}: two places with nothing between them, or one that is none")
    told = tuple(_told(translation))
    named = [one for one in told if isinstance(one, str)]
    if sorted(named) != sorted(one.name for one in slots):
        raise ValueError(f"{whole!r}: {translation!r} says another thing")
    return Phrase(texts, slots, told)


def _told(translation: str) -> Iterator[Run | str]:
    """`{fr|Images virtuelles}` is French in whatever language the rest is."""
    at = 0
    for one in _TOLD.finditer(translation):
        if before := translation[at : one.start()]:
            yield Run(before)
        yield one["slot"] or Run(one["words"], one["language"])
        at = one.end()
    if rest := translation[at:]:
        yield Run(rest)
