"""Stepping through many rows in short reads: bounded memory, and no transaction open while the caller
works."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, tuple_

from storage.tables.base import AnySelect

T = TypeVar("T")

IN_LIST = 500  # SQLite took 999 variables at most for long
BATCH = 200  # rows read at once


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go on among stale rows: in the range above or below the wanted stamp, after (stamp, row)."""

    above: bool = False
    after: tuple[str, Any] | None = None


def chunks(values: Sequence[T], size: int = IN_LIST) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def stale(query: AnySelect, stamp: Any, row: Any, wanted: str, place: Place) -> AnySelect:
    """A batch of the rows whose stamp is not the wanted one, in the order (stamp, row).

    Two ranges of one index instead of a scan of all that is up to date.
    """
    columns: tuple[ColumnElement[Any], ColumnElement[Any]] = (stamp.expression, row.expression)
    query = query.where(columns[0] > wanted if place.above else columns[0] < wanted)
    if place.after is not None:
        query = query.where(tuple_(*columns) > tuple_(*place.after))
    return query.order_by(*columns).limit(BATCH)


def steps(batch: Callable[[Place], Sequence[tuple[str, Any, T]]]) -> Iterator[T]:
    """All stale rows once each, first those stamped below the wanted stamp, then those above. A row that is
    stamped meanwhile has left both ranges; one that its caller could not finish is not met again in this
    walk."""
    for above in (False, True):
        place = Place(above)
        while found := batch(place):
            for _, _, value in found:
                yield value
            place = Place(above, (found[-1][0], found[-1][1]))
