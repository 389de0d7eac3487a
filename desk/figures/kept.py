"""Figures that were made once and still hold: the same until something is judged or decided, and five minutes
at most, since groups of copies and retailers' names can change without that."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from desk.figures.charts import Chart, Words, svg
from desk.figures.counting import measured_rule
from desk.figures.drawing import Appearance
from desk.figures.lines import Asked, Figures, figures
from detector.rule import Rule
from storage.figures import Sighting
from storage.store import Store

LONGEST = 300.0  # seconds
MOST = 64  # figures, and drawings, that are kept in memory
T = TypeVar("T")


class Kept:
    """For one process; one at a time is made."""

    def __init__(self, store: Store, default: Rule) -> None:
        self._store = store
        self._default = default
        self._lock = threading.Lock()
        self._state: tuple[int, ...] | None = None
        self._since = 0.0
        self._sightings: Sequence[Sighting] = ()
        self._made: OrderedDict[Hashable, object] = OrderedDict()

    def figures(self, asked: Asked) -> Figures:
        with self._lock:
            self._renew()
            return self._figures(asked)

    def chart(self, asked: Asked, chart: Chart, appearance: Appearance, language: str, t: Words) -> bytes:
        """An SVG; `t`: the words of that language."""
        with self._lock:
            self._renew()
            made = self._figures(asked)
            return self._once((asked, chart, appearance, language), lambda: svg(made, chart, appearance, t))

    def _figures(self, asked: Asked) -> Figures:
        rule = measured_rule(asked.surfaces, self._default)
        return self._once((asked, "figures"), lambda: figures(self._sightings, asked, rule))

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._made:
            self._made[key] = make()
            while len(self._made) > MOST:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        found: T = self._made[key]  # type: ignore[assignment]  # a key is of one kind
        return found

    def _renew(self) -> None:
        """Everything is forgotten when it no longer holds."""
        state, now = self._store.figures.state(), time.monotonic()
        if state == self._state and now - self._since < LONGEST:
            return
        self._made.clear()
        self._sightings = self._store.figures.sightings()
        self._state, self._since = state, now
