"""Where a page ends, as a text that means nothing to whoever gets it. It opens nothing: what may be seen is
asked with every page. It holds for the filters it was made with, and for no others."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, TypeVar

import orjson
from pydantic import BaseModel, Field

from desk.web.api.problems import Problem

LONGEST = 600  # characters: a name of 200 letters fits
Place = Sequence[str | int]
T = TypeVar("T")
CursorHere = Annotated[
    str,
    Field(
        max_length=LONGEST,
        pattern="^[A-Za-z0-9_-]*$",
        description="`next` of the page before, with the same filters.",
    ),
]
LimitHere = Annotated[int, Field(ge=1, le=100, description="At most so many of them in one answer.")]


class Listing(BaseModel):
    """What a list without filters is asked with."""

    cursor: CursorHere = ""
    limit: LimitHere = 50


def cursor(place: Place, filters: Mapping[str, object]) -> str:
    data = orjson.dumps([_of(filters), *place])
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def place_of(given: str, filters: Mapping[str, object], kinds: Sequence[type]) -> Place | None:
    """None: from the start. `kinds`: what the place is made of. Raises Problem(400, "bad_cursor")."""
    if not given:
        return None
    try:
        read = orjson.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    except (ValueError, binascii.Error):
        read = None
    if not isinstance(read, list) or len(read) != len(kinds) + 1:
        raise Problem(400, "bad_cursor", "that is no cursor of this desk", "cursor")
    if read[0] != _of(filters):
        raise Problem(400, "bad_cursor", "a cursor holds for the filters it came with", "cursor")
    place = read[1:]
    for one, kind in zip(place, kinds, strict=True):
        if type(one) is not kind or (isinstance(one, int) and not 0 <= one < 2**62):
            raise Problem(400, "bad_cursor", "that is no cursor of this desk", "cursor")
    return list(place)


def paged(
    found: Iterable[T],
    key: Callable[[T], str | int],
    kind: type,
    given: str,
    limit: int,
    filters: Mapping[str, object] | None = None,
) -> tuple[Sequence[T], str | None]:
    """What comes behind the cursor `given`, by a key (of this `kind`) that each has to itself; and the cursor
    of the next page. Raises Problem(400, "bad_cursor")."""
    after = place_of(given, filters or {}, (kind,))
    left = sorted((one for one in found if after is None or key(one) > after[0]), key=key)  # type: ignore[operator]
    shown = left[:limit]
    return shown, cursor((key(shown[-1]),), filters or {}) if len(left) > len(shown) else None


def _of(filters: Mapping[str, object]) -> str:
    told = orjson.dumps({name: str(value) for name, value in filters.items()}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()[:16]
