"""Records with other values, as dataclasses.replace makes them."""

import dataclasses
from typing import Any

import pytest

from storage.records import Failure, MediaItem, MediaKind
from storage.replacing import replace


def test_as_the_standard_library_does() -> None:
    item = MediaItem(2, MediaKind.PICTURE, "https://a.example/1.jpg", alt="a coat")
    changes: dict[str, Any] = {"failure": Failure("not_fetched", "imported without fetching"), "url": ""}
    assert replace(item, **changes) == dataclasses.replace(item, **changes)
    assert item.url == "https://a.example/1.jpg"


def test_a_field_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match="no field 'colour'"):
        replace(Failure("a", "b"), colour="red")
