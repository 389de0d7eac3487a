"""Pinterest's feeds and web objects beside what Pinterest publishes of its API (v5): by the excerpt of
`schemas.py` always, and by the whole document where somebody has it (`make test-recorded DATA=dir`).

Nothing in this project talks to that API: all that it lists belongs to the token's own account
(docs/decisions/tokens-and-labels.md). So it is no schema of what we ask for or are given. What it does say is
what a pin *is*: how its id looks, which of its words may be missing and how long they may be, and that no
field of it tells whether it is AI.
"""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.spiders.pinterest import PIN
from crawler.webobjects import pinterest
from crawler.webobjects.mapped import Mapped
from storage.records import PostVersion, ReadingState
from tests.crawler import built
from tests.crawler.schemas import (
    OPENAPI,
    PIN_ID,
    PIN_LENGTHS,
    PINTEREST,
    Kind,
    Shapes,
    document,
    shapes_of,
    wrong,
)

CASES = Path(__file__).parent / "cases" / "pinterest"
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
OF_AI = re.compile(r"(?:^|_)(?:ai|aigc|gen_?ai|synthetic|generated|modified)(?:_|$)")
SHARED = ("id", "title", "description", "alt_text", "created_at")  # what web objects call by the same name
needs_document = pytest.mark.skipif(
    not OPENAPI.is_file(), reason=f"needs {OPENAPI.name} under DATA/pinterest"
)


@pytest.fixture(params=["excerpt", pytest.param("document", marks=needs_document)])
def shapes(request: pytest.FixtureRequest) -> Shapes:
    return PINTEREST if request.param == "excerpt" else shapes_of(document(OPENAPI)["components"]["schemas"])


def read(**more: Any) -> PostVersion:
    found = pinterest.read(built.pin(**more), NOW)
    assert isinstance(found, Mapped)
    return found.post


@needs_document
def test_the_excerpt_is_what_the_document_says() -> None:
    schemas = document(OPENAPI)["components"]["schemas"]
    said = shapes_of(schemas)
    assert dict(PINTEREST["Pin"]) == dict(said["Pin"])  # whole: see `test_no_field_of_a_pin_tells_of_ai`
    for name, properties in PINTEREST.items():
        assert properties.items() <= said[name].items(), name
    assert schemas["Pin"]["properties"]["id"]["pattern"] == PIN_ID
    assert {name: schemas["Pin"]["properties"][name]["maxLength"] for name in PIN_LENGTHS} == PIN_LENGTHS


@needs_document
def test_the_api_lists_pins_of_the_tokens_own_account_alone() -> None:
    """Were there a way to somebody else's pins, the spider should take it rather than the feed."""
    listing = [
        path
        for path, methods in document(OPENAPI)["paths"].items()
        if "get" in methods and path.endswith("/pins") and "{username}" in path
    ]
    assert listing == []
    own = document(OPENAPI)["paths"]["/pins"]["get"]["description"]
    assert 'owned by the "operation user_account"' in own


def test_no_field_of_a_pin_tells_of_ai(shapes: Shapes) -> None:
    """`not exposed` is true of the API as well, and of no feed or web object have we been shown another."""
    of_pins = [name for name in shapes if name in PINTEREST]
    assert [(name, of) for name in of_pins for of in shapes[name] if OF_AI.search(of)] == []
    assert [bool(OF_AI.search(one)) for one in ("is_gen_ai", "ai_modified", "main_image")] == [
        True,
        True,
        False,
    ]
    assert read().platform_tag.state is ReadingState.UNREADABLE


def test_ids_are_such_as_the_document_says() -> None:
    expected = json.loads((CASES / "feed" / "expected.json").read_text())
    assert expected["posts"]
    for post in expected["posts"]:
        assert re.fullmatch(PIN_ID, post["post_id"])
        assert PIN.search(post["url"])
    assert re.fullmatch(PIN_ID, read().post_id)


def test_built_pins_have_the_documents_kinds_where_names_are_shared(shapes: Shapes) -> None:
    pin = built.pin(alt_text="A grey coat.")
    shared: dict[str, Kind] = {name: shapes["Pin"][name] for name in SHARED}
    assert wrong({name: pin[name] for name in SHARED}, shared, shapes) == []
    assert wrong({"title": 7}, shared, shapes) == [".title: 7"]


@pytest.mark.parametrize("name", ["title", "description", "alt_text"])
def test_what_may_be_null_is_read(shapes: Shapes, name: str) -> None:
    assert shapes["Pin"][name] == "string?"
    post = read(**{name: None})
    assert post.problems == ()
    assert "None" not in post.text
    assert post.media[0].alt is None


@pytest.mark.parametrize(("name", "most"), PIN_LENGTHS.items())
def test_words_as_long_as_they_may_be_are_kept_whole(name: str, most: int) -> None:
    longest = "ä" * most
    post = read(**{name: longest})
    assert longest in ((post.media[0].alt or "") if name == "alt_text" else post.text)
    assert post.problems == ()


def test_a_pin_with_the_apis_picture_sizes_has_a_picture(shapes: Shapes) -> None:
    """Sizes have other names there (no `orig`): what is there is taken, whatever it is called."""
    sizes = {
        name: {"url": f"https://i.pinimg.com/{name}/a.jpg", "width": 150, "height": None}
        for name in shapes["ImageSize"]
    }
    assert wrong(sizes, "ImageSize", shapes) == []
    (item,) = read(images=sizes).media
    assert item.url in {one["url"] for one in sizes.values()}
