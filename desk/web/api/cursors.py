"""Where a page ends, as a text that means nothing to whoever gets it. It opens nothing: what may be seen is
asked with every page. It holds for the filters it was made with, and for no others."""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated

import orjson
from pydantic import Field

from desk.web.api.problems import Problem

LONGEST = 600  # characters: a name of 200 letters fits
Place = Sequence[str | int]
CursorHere = Annotated[
    str,
    Field(
        max_length=LONGEST,
        pattern="^[A-Za-z0-9_-]*$",
        description="`next` of the page before, with the same filters.",
    ),
]
LimitHere = Annotated[int, Field(ge=1, le=100, description="At most so many of them in one answer.")]


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


def _of(filters: Mapping[str, object]) -> str:
    told = orjson.dumps({name: str(value) for name, value in filters.items()}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()[:16]
