"""Requests and answers beside YouTube's own discovery document, which google-api-python-client ships (17 MB,
so it is no dependency): DATA/youtube/youtube.v3.json, `make test-recorded DATA=dir`."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.youtube.names import API, channels_url, listing, videos_url
from storage.records import Account
from tests.crawler.site import serving
from tests.crawler.youtube import CHANNEL, SECRET, UPLOADS, Channel

DOCUMENT = Path(os.environ.get("TWINWATCH_TEST_DATA", "/nowhere"), "youtube", "youtube.v3.json")
pytestmark = pytest.mark.skipif(not DOCUMENT.is_file(), reason=f"needs {DOCUMENT.name} under DATA/youtube")
CASES = Path(__file__).parent / "cases" / "youtube"
ACCOUNT = Account("youtube", "hm")
RESPONSES = {
    "youtube#videoListResponse": "VideoListResponse",
    "youtube#playlistItemListResponse": "PlaylistItemListResponse",
    "youtube#channelListResponse": "ChannelListResponse",
}
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DOCUMENT.read_text())
    return found


def wrong(value: Any, schema: dict[str, Any], schemas: dict[str, Any], path: str = "") -> list[str]:
    """Where a value is not what a discovery schema says; also an unknown property."""
    if "$ref" in schema:
        return wrong(value, schemas[schema["$ref"]], schemas, path)
    if schema["type"] == "array":
        each = enumerate(value) if isinstance(value, list) else ()
        found = [one for n, item in each for one in wrong(item, schema["items"], schemas, f"{path}[{n}]")]
        return found if isinstance(value, list) else [path]
    if schema["type"] == "object":
        known = schema.get("properties", {})
        if not isinstance(value, dict):
            return [path]
        unknown = [f"{path}.{name}" for name in value if name not in known]
        named = ((name, inner) for name, inner in value.items() if name in known)
        return unknown + [
            one for name, inner in named for one in wrong(inner, known[name], schemas, f"{path}.{name}")
        ]
    fits = isinstance(value, TYPES[schema["type"]]) and value in schema.get("enum", [value])
    return [] if fits else [f"{path}: {value!r}"]


def test_the_field_is_there(document: dict[str, Any]) -> None:
    assert document["schemas"]["VideoStatus"]["properties"]["containsSyntheticMedia"]["type"] == "boolean"
    assert document["rootUrl"].rstrip("/") == API


@pytest.mark.parametrize(
    ("url", "resource"),
    [
        (channels_url(ACCOUNT, "hm"), "channels"),
        (channels_url(ACCOUNT, CHANNEL), "channels"),
        (listing(ACCOUNT, UPLOADS) + "&pageToken=CAUQAA", "playlistItems"),
        (videos_url(listing(ACCOUNT, UPLOADS), ["dQw4w9WgXcQ"] * 50), "videos"),
    ],
)
def test_requests_are_methods_of_the_document(document: dict[str, Any], url: str, resource: str) -> None:
    method = document["resources"][resource]["methods"]["list"]
    assert urlsplit(url).path == f"/{document['servicePath']}{method['path']}"
    for name, values in parse_qs(urlsplit(url).query).items():
        assert name in method["parameters"], name
        assert len(values) == 1
        if method["parameters"][name]["type"] == "integer":
            assert int(values[0]) <= int(method["parameters"][name]["maximum"])
    parts = parse_qs(urlsplit(url).query)["part"][0].split(",")
    schema = document["schemas"][
        {"videos": "Video", "channels": "Channel", "playlistItems": "PlaylistItem"}[resource]
    ]
    assert set(parts) <= set(schema["properties"])


@pytest.mark.parametrize("name", ["ids", "videos"])
def test_cases_have_the_documents_shape(document: dict[str, Any], name: str) -> None:
    body = json.loads((CASES / name / "response.json").read_text())
    schemas = document["schemas"]
    assert wrong(body, schemas[RESPONSES[body["kind"]]], schemas) == []


def test_what_the_tests_serve_has_the_documents_shape(document: dict[str, Any]) -> None:
    with serving() as site:
        channel = Channel(site, page=1)
        channel.post(1, "one", containsSyntheticMedia=True)
        channel.post(2, "two")
        headers = {"x-goog-api-key": SECRET}
        for path, query in (
            ("channels", {"forHandle": "@hm"}),
            ("playlistItems", {"playlistId": UPLOADS}),
            ("videos", {"id": "video000001,video000002"}),
        ):
            route = site.routes[f"/youtube/v3/{path}"]
            assert callable(route)
            body = json.loads(route(query, headers).body)
            schemas = document["schemas"]
            assert wrong(body, schemas[RESPONSES[body["kind"]]], schemas) == []
