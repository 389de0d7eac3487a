"""The sentences of findings in the language of the page.

Sentences are made in the detector and kept in English: exports, the API and `--json` are a contract. A page
in another language looks up their shapes in its catalogue (`words/sentences.<language>.toml`, a room for each
kind of sentence). What no shape fits is shown in English and marked as English; nothing is left out.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files

from markupsafe import Markup, escape

from desk.web.phrases import Phrase, Run, Runs, Slot, phrases
from desk.web.words import Words

MADE_IN = "en"
LONGEST = 8_000  # characters: a longer text is shown as it is
MOST_ITEMS, LONGEST_ITEM = 60, 6  # of a list; an item may hold what stands between items
DEEPEST = 6  # a sentence within a sentence
EFFORT = 5_000  # shapes and places that one text is tried with: ours need some hundreds
SENTENCE, BECAUSE = "sentence", "match"  # reasons why nothing matches become sentences (detector/reasons.py)
BETWEEN = "between"  # the room of what stands between the items of lists

Rooms = Mapping[str, Mapping[str, str]]


@cache
def shapes(language: str) -> Rooms:
    """Room → shape → translation."""
    told = files("desk.web").joinpath("words", f"sentences.{language}.toml").read_text("utf-8")
    return tomllib.loads(told)


class _Room:
    """Shapes that may fit, found by the first word: most have one of their own."""

    def __init__(self, told: Mapping[str, str]) -> None:
        every = sorted(
            (one for shape, words in told.items() for one in phrases(shape, words)),
            key=lambda one: -one.said,
        )
        self.exact = {one.texts[0]: one.of(one.texts[0], _never) for one in every if not one.slots}
        self._by_word: dict[str, list[Phrase]] = defaultdict(list)
        for one in every:
            if one.slots:
                self._by_word[one.first_word].append(one)

    def __call__(self, text: str) -> tuple[Phrase, ...]:
        first = text[:80].partition(" ")[0]
        return (*self._by_word.get(first, ()), *self._by_word.get("", ()))


def _never(slot: Slot, value: str) -> None:
    return None


class _Effort:
    """What is left of it for one text: whoever wrote it to be looked through for ever is given up on."""

    def __init__(self) -> None:
        self.left = EFFORT

    def spent(self) -> bool:
        self.left -= 1
        return self.left < 0


class Sentences:
    """Those of one language."""

    def __init__(self, words: Words, told: Rooms) -> None:
        self._rooms = {name: _Room(shapes) for name, shapes in told.items() if name != BETWEEN}
        self._between = told.get(BETWEEN, {})
        self._values: Mapping[str, Callable[[str], str | None]] = {
            "number": _number_in(words),
            "clock": lambda value: value if ":" in value and set(value) <= _CLOCK else None,
            "day": lambda value: _moment(value, "0000-00-00", words.day),
            "moment": lambda value: _moment(value, "0000-00-00 00:00", words.moment),
        }

    def of(self, text: str, room: str = SENTENCE) -> Runs:
        """All of it, whatever is known."""
        if len(text) > LONGEST:
            return (Run(text, MADE_IN),)
        effort = _Effort()
        found = self._in(room, text, 0, effort)
        if found is None and room == SENTENCE and text.endswith("."):
            found = self._in(BECAUSE, f"{text[:1].lower()}{text[1:-1]}", 0, effort)
            found = (*_capital(found), Run(".")) if found else None
        return (Run(text, MADE_IN),) if found is None else found

    def _in(self, room: str, text: str, depth: int, effort: _Effort) -> Runs | None:
        if not text:
            return ()
        shelf = self._rooms[room]
        if (exact := shelf.exact.get(text)) is not None:
            return exact
        if depth == DEEPEST:
            return None

        def told(slot: Slot, value: str) -> Runs | None:
            return None if effort.spent() else self._told(slot, value, depth + 1, effort)

        for one in shelf(text):
            if effort.spent():
                return None
            if (found := one.of(text, told)) is not None:
                return found
        return None

    def _told(self, slot: Slot, value: str, depth: int, effort: _Effort) -> Runs | None:
        if not slot.room:
            return (Run(value),)
        if slot.room in self._values:
            plain = self._values[slot.room](value)
            return None if plain is None else (Run(plain),)
        looked = self._list if slot.between else self._one
        found = looked(slot, value, depth, effort)
        if found is None and slot.mode != "!":
            return (Run(value, "" if slot.mode == "?" else MADE_IN),)
        return found

    def _one(self, slot: Slot, value: str, depth: int, effort: _Effort) -> Runs | None:
        return self._in(slot.room, value, depth, effort)

    def _list(self, slot: Slot, value: str, depth: int, effort: _Effort) -> Runs | None:
        """Each item alone; where it is none, with those after it."""
        parts = value.split(slot.between, MOST_ITEMS)
        made: list[Run] = []
        at = 0
        while at < len(parts):
            found, after = self._item(slot, parts, at, depth, effort)
            if found is None and slot.mode == "!":
                return None
            made += (Run(self._between.get(slot.between, slot.between)),) if made else ()
            made += found or (Run(parts[at], "" if slot.mode == "?" else MADE_IN),)
            at = after
        return tuple(made)

    def _item(
        self, slot: Slot, parts: list[str], at: int, depth: int, effort: _Effort
    ) -> tuple[Runs | None, int]:
        for after in range(at + 1, min(at + LONGEST_ITEM, len(parts)) + 1):
            found = self._in(slot.room, slot.between.join(parts[at:after]), depth, effort)
            if found is not None:
                return found, after
        return None, at + 1


_TO_FORM = str.maketrans("123456789", "000000000")
_DIGITS, _CLOCK = frozenset("0123456789.,+-e"), frozenset("0123456789:–, ")


def _number_in(words: Words) -> Callable[[str], str | None]:
    return lambda value: words.decimal(value) if value and set(value) <= _DIGITS else None


def _moment(value: str, form: str, words: Callable[[datetime], str]) -> str | None:
    if value.translate(_TO_FORM) != form:
        return None
    try:
        return words(datetime.fromisoformat(value))
    except ValueError:  # the 31st of February
        return None


def _capital(runs: Runs) -> Runs:
    first, *rest = runs
    return (Run(f"{first.text[:1].upper()}{first.text[1:]}", first.language), *rest)


@cache
def sentences(language: str) -> Sentences:
    return Sentences(Words(language), shapes(language))


@lru_cache(maxsize=5_000)
def said(language: str, text: str, room: str, *, capital: bool = False, plain: bool = False) -> Markup:
    """As it is put on a page: what stayed English is marked for those who have it read to them. `plain`: what
    no shape fits is no sentence of ours (an address, somebody's note), and in whatever language it is."""
    runs: Runs = (Run(text),) if language == MADE_IN else sentences(language).of(text, room)
    runs = (Run(text),) if plain and runs == (Run(text, MADE_IN),) else runs
    runs = _capital(runs) if capital and runs else runs
    return Markup().join(
        Markup('<span lang="{}">{}</span>').format(one.language, one.text)
        if one.language
        else escape(one.text)
        for one in runs
    )


def plainly(language: str, text: str, room: str) -> str:
    """For what has no markup, such as a picture with words on it."""
    runs: Runs = (Run(text),) if language == MADE_IN else sentences(language).of(text, room)
    return "".join(one.text for one in runs)
