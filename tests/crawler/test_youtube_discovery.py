"""Requests and answers beside what YouTube's own discovery document says: by the excerpt of `schemas.py`
always, and by the whole document where somebody has it (`make test-recorded DATA=dir`)."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.youtube.names import API, channels_url, listing, videos_url
from storage.records import Account
from tests.crawler.schemas import (
    DISCOVERY,
    MOST_RESULTS,
    YOUTUBE,
    YOUTUBE_METHODS,
    Shapes,
    document,
    shapes_of,
    wrong,
)
from tests.crawler.site import serving
from tests.crawler.youtube import CHANNEL, SECRET, UPLOADS, Channel

CASES = Path(__file__).parent / "cases" / "youtube"
ACCOUNT = Account("youtube", "hm")
RESPONSES = {
    "youtube#videoListResponse": "VideoListResponse",
    "youtube#playlistItemListResponse": "PlaylistItemListResponse",
    "youtube#channelListResponse": "ChannelListResponse",
}
RESOURCES = {"videos": "Video", "channels": "Channel", "playlistItems": "PlaylistItem"}
SERVED = (
    ("channels", {"forHandle": "@hm"}),
    ("playlistItems", {"playlistId": UPLOADS}),
    ("videos", {"id": "video000001,video000002"}),
)
needs_document = pytest.mark.skipif(
    not DISCOVERY.is_file(), reason=f"needs {DISCOVERY.name} under DATA/youtube"
)


@pytest.fixture(params=["excerpt", pytest.param("document", marks=needs_document)])
def shapes(request: pytest.FixtureRequest) -> Shapes:
    return YOUTUBE if request.param == "excerpt" else shapes_of(document(DISCOVERY)["schemas"])


@needs_document
def test_the_excerpt_is_what_the_document_says() -> None:
    whole = document(DISCOVERY)
    said = shapes_of(whole["schemas"])
    for name, properties in YOUTUBE.items():
        for of, kind in properties.items():
            assert set(kind) <= set(said[name][of]) if isinstance(kind, dict) else kind == said[name][of], of
    assert whole["rootUrl"].rstrip("/") == API
    for resource, takes in YOUTUBE_METHODS.items():
        method = whole["resources"][resource]["methods"]["list"]
        assert f"/{whole['servicePath']}{method['path']}" == f"/youtube/v3/{resource}"
        assert {name: method["parameters"][name]["type"] for name in takes} == takes
        assert "maxResults" not in takes or method["parameters"]["maxResults"]["maximum"] == str(MOST_RESULTS)


@pytest.mark.parametrize(
    ("url", "resource"),
    [
        (channels_url(ACCOUNT, "hm"), "channels"),
        (channels_url(ACCOUNT, CHANNEL), "channels"),
        (listing(ACCOUNT, UPLOADS) + "&pageToken=CAUQAA", "playlistItems"),
        (videos_url(listing(ACCOUNT, UPLOADS), ["dQw4w9WgXcQ"] * 50), "videos"),
    ],
)
def test_requests_are_methods_of_the_document(shapes: Shapes, url: str, resource: str) -> None:
    assert urlsplit(url).path == f"/youtube/v3/{resource}"
    for name, values in parse_qs(urlsplit(url).query).items():
        assert name in YOUTUBE_METHODS[resource], name
        assert len(values) == 1
        if YOUTUBE_METHODS[resource][name] == "integer":
            assert int(values[0]) <= MOST_RESULTS
    parts = parse_qs(urlsplit(url).query)["part"][0].split(",")
    assert set(parts) <= set(shapes[RESOURCES[resource]])


def test_the_label_is_a_field_of_the_document(shapes: Shapes) -> None:
    assert shapes["VideoStatus"]["containsSyntheticMedia"] == "boolean"


@pytest.mark.parametrize("name", ["ids", "videos"])
def test_cases_have_the_documents_shape(shapes: Shapes, name: str) -> None:
    body = json.loads((CASES / name / "response.json").read_text())
    assert wrong(body, RESPONSES[body["kind"]], shapes) == []


def test_a_malformed_case_has_not(shapes: Shapes) -> None:
    body = json.loads((CASES / "malformed" / "response.json").read_text())
    found = wrong(body, RESPONSES[body["kind"]], shapes)
    assert ".items[2].status.containsSyntheticMedia: 'yes'" in found
    assert ".items[4]" in found


def test_what_the_tests_serve_has_the_documents_shape(shapes: Shapes) -> None:
    with serving() as site:
        channel = Channel(site, page=1)
        channel.post(1, "one", containsSyntheticMedia=True)
        channel.post(2, "two")
        headers = {"x-goog-api-key": SECRET}
        for path, query in SERVED:
            route = site.routes[f"/youtube/v3/{path}"]
            assert callable(route)
            body: Any = json.loads(route(query, headers).body)
            assert wrong(body, RESPONSES[body["kind"]], shapes) == []
