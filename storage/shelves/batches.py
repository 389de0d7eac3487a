"""Stepping through many rows in short reads: bounded memory, and no transaction open while the caller
works."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from storage.tables.base import AnySelect

T = TypeVar("T")

IN_LIST = 500  # SQLite took 999 variables at most for long
BATCH = 200  # rows read at once


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go on among stale rows: in the range above or below the wanted stamp; behind `stamp`, or
    behind `row` among those that carry it."""

    above: bool = False
    stamp: str | None = None
    row: Any = None


def chunks(values: Sequence[T], size: int = IN_LIST) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def stale(query: AnySelect, stamp: Any, row: Any, wanted: str, place: Place) -> AnySelect:
    """A batch of the rows whose stamp is not the wanted one, in the order (stamp, row).

    Every batch is one seek in the index (stamp, row), however many rows are stale or up to date. (A
    comparison of pairs would say it in one line, but SQLite then seeks by the stamp alone and walks from its
    first row each time.)
    """
    if place.row is not None:
        return query.where(stamp == place.stamp, row > place.row).order_by(row).limit(BATCH)
    if place.above:
        query = query.where(stamp > max(wanted, place.stamp or ""))
    elif place.stamp is None:
        query = query.where(stamp < wanted)
    else:
        query = query.where(stamp > place.stamp, stamp < wanted)
    return query.order_by(stamp, row).limit(BATCH)


def steps(batch: Callable[[Place], Sequence[tuple[str, Any, T]]]) -> Iterator[T]:
    """All stale rows once each, first those stamped below the wanted stamp, then those above. A row that is
    stamped meanwhile has left both ranges; one that its caller could not finish is not met again in this
    walk."""
    for above in (False, True):
        found = batch(Place(above))
        while found:
            for _, _, value in found:
                yield value
            stamp, row, _ = found[-1]
            found = batch(Place(above, stamp, row)) or batch(Place(above, stamp))
