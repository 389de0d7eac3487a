"""Models' real names, taken out of what is shown or handed to people who may not know them.

A twin's name is its model's pseudonym. Wherever a model's name stands in text (a caption, a note, a file's
name, a clause), words in brackets take its place: "[the model of Twin A]". Addresses, handles and the
platform's ids stay as they were published: altered ones lead nowhere.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from storage.records import ReferenceKind, Twin
from storage.text import UNSPACED

SHORTEST = 3  # letters: a shorter name cannot be told from a word, but for scripts that set no blanks
AS_PUBLISHED = frozenset({"handle", "post_id", "post_url", "url", "url_asked", "url_final", "native_id"})
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = r"[\W_]{0,3}"  # "Jane Doe", "jane_doe.png", "JANE-DOE", "JaneDoe", "Doe, Jane"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[str, ...]
    instead: str
    within: bool = False  # in a script without blanks between words: it stands within a line

    def out_of(self, text: str) -> str:
        return _pattern(self.words, self.within).sub(lambda _: self.instead, text)


@dataclass(frozen=True, slots=True)
class Instead:
    """What stands in the place of a name."""

    model: str = "[the model of {twin}]"
    another_model: str = "[another model]"
    another_twin: str = "[another twin]"


IN_ENGLISH = Instead()


class Veil:
    """`veil(text)` and `veil.over(record)`. Without a name to hide both give back what they got."""

    def __init__(
        self,
        models: Iterable[Twin] = (),
        others: Iterable[Twin] = (),
        own: str = "",
        instead: Instead = IN_ENGLISH,
    ) -> None:
        """`models`: twins whose models are hidden behind them; `others`: twins that are hidden themselves,
        with their models, from somebody whose own twins are called `own`."""
        self._by_word: dict[str, list[_Name]] = {}
        self._within: list[_Name] = []
        for twin in sorted(models, key=lambda one: one.kind is ReferenceKind.HUMAN_ORIGINAL):
            self._hide(twin.model, instead.model.replace("{twin}", twin.name), twin.name)
        for twin in others:
            self._hide(twin.model, instead.another_model, own)
            self._hide(twin.name, instead.another_twin, own)

    def _hide(self, name: str, instead: str, known: str) -> None:
        """Not what is too short, nor what is known anyhow: a twin under its model's name has no pseudonym."""
        words = tuple(_words(name))
        if not words or set(words) <= set(_words(known)):
            return
        if UNSPACED.fullmatch("".join(words)):
            self._within.append(_Name(words, instead, within=True))
            return
        if len("".join(words)) < SHORTEST:
            return
        for key in {words[0], words[-1], "".join(words), "".join(reversed(words))}:
            self._by_word.setdefault(key, []).append(_Name(words, instead))

    def __call__(self, text: str) -> str:
        for name in self._within:
            if name.words[0] in text:
                text = name.out_of(text)
        if not self._by_word or len(text) < SHORTEST:
            return text
        for word in set(_words(text)) & self._by_word.keys():
            for name in self._by_word[word]:
                text = name.out_of(text)
        return text

    def over(self, value: T) -> T:
        """The same record with every text veiled, however deep: dataclasses, tuples, lists, mappings."""
        return self._over(value) if self._by_word or self._within else value

    def _over(self, value: Any) -> Any:
        if type(value) is str:
            return self(value)
        if isinstance(value, tuple | list):
            made = [self._over(one) for one in value]
            same = all(one is other for one, other in zip(made, value, strict=True))
            return value if same else type(value)(made)
        if isinstance(value, Mapping):
            return {self._over(name): self._over(one) for name, one in value.items()}
        if is_dataclass(value) and not isinstance(value, type):
            return self._record(value)
        return value

    def _record(self, record: Any) -> Any:
        changed = {}
        for field in fields(record):
            if field.name in AS_PUBLISHED:
                continue
            old = getattr(record, field.name)
            new = self._over(old)
            if new is not old and new != old:
                changed[field.name] = new
        return replace(record, **changed) if changed else record


def _words(text: str) -> list[str]:
    return [one.casefold() for one in _WORD.findall(text)]


@cache
def _pattern(words: tuple[str, ...], within: bool) -> re.Pattern[str]:  # noqa: FBT001 - a key of the cache
    """Both orders, whatever stands between the words, alone or between the underscores of a file's name;
    `within` a line too."""
    orders = {_BETWEEN.join(map(re.escape, order)) for order in (words, words[::-1])}
    if within:
        return re.compile("|".join(sorted(orders)))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(orders))})(?![^\W_])", re.IGNORECASE)


def veil_of(
    twins: Sequence[Twin],
    *,
    names: bool,
    scope: frozenset[str] | None = None,
    instead: Instead = IN_ENGLISH,
) -> Veil:
    """For somebody who may know models' names (`names`); where there is a `scope`, of these twins alone, and
    no other twin's name either."""
    if scope is None:
        return Veil(() if names else twins, instead=instead)
    own = [one for one in twins if one.name in scope]
    known = " ".join([*(one.name for one in own), *(one.model for one in own if names)])
    others = [one for one in twins if one.name not in scope]
    return Veil(() if names else own, others, known, instead)
