"""What YouTube and Pinterest publish of their APIs' shapes, as far as this project meets them, written down
by hand in a notation of its own; and the vendors' whole documents in the same notation, where somebody has
them: DATA/youtube/youtube.v3.json (the discovery document, which google-api-python-client ships), and
DATA/pinterest/openapi.json (github.com/pinterest/api-description, MIT). Neither is copied here: they are 0.4
and 2 MB. `make test-recorded DATA=dir` compares the two.

Of an object each property's kind: `string`, `boolean`, `integer`, `number`, `any`; a name, of another object;
`[kind]`, a list of them; `one|other`, the strings that it may be; `A or B`, any of these objects; a dict, an
object without a name. With a `?` it may be null.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Kind = str | Mapping[str, Any]
Shapes = Mapping[str, Mapping[str, Kind]]

TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "any": object,
}
DATA = Path(os.environ.get("TWINWATCH_TEST_DATA", "/nowhere"))
DISCOVERY = DATA / "youtube" / "youtube.v3.json"
OPENAPI = DATA / "pinterest" / "openapi.json"

_THUMBNAILS = ("default", "medium", "high", "standard", "maxres")
_LIST = {"kind": "string", "etag": "string", "nextPageToken": "string", "pageInfo": "PageInfo"}
_ITEM = {"kind": "string", "etag": "string", "id": "string"}

# youtube v3, revision 20261104
YOUTUBE: Shapes = {
    "ChannelListResponse": {**_LIST, "items": "[Channel]"},
    "PlaylistItemListResponse": {**_LIST, "items": "[PlaylistItem]"},
    "VideoListResponse": {**_LIST, "items": "[Video]"},
    "PageInfo": {"totalResults": "integer", "resultsPerPage": "integer"},
    "Channel": {**_ITEM, "contentDetails": "ChannelContentDetails"},
    "ChannelContentDetails": {"relatedPlaylists": {"likes": "string", "uploads": "string"}},
    "PlaylistItem": {**_ITEM, "contentDetails": "PlaylistItemContentDetails"},
    "PlaylistItemContentDetails": {"videoId": "string", "videoPublishedAt": "string", "note": "string"},
    "Video": {**_ITEM, "snippet": "VideoSnippet", "status": "VideoStatus"},
    "VideoSnippet": {
        **dict.fromkeys(("publishedAt", "channelId", "title", "description", "channelTitle"), "string"),
        "categoryId": "string",
        "thumbnails": "ThumbnailDetails",
        "tags": "[string]",
        "liveBroadcastContent": "none|upcoming|live|completed",
        "localized": "VideoLocalization",
    },
    "VideoLocalization": {"title": "string", "description": "string"},
    "ThumbnailDetails": dict.fromkeys(_THUMBNAILS, "Thumbnail"),
    "Thumbnail": {"url": "string", "width": "integer", "height": "integer"},
    "VideoStatus": {
        "uploadStatus": "uploaded|processed|failed|rejected|deleted",
        "privacyStatus": "public|unlisted|private",
        "license": "youtube|creativeCommon",
        **dict.fromkeys(("embeddable", "publicStatsViewable", "madeForKids"), "boolean"),
        "containsSyntheticMedia": "boolean",
    },
}
# What each of the three methods takes, and whether it is a number; its path.
YOUTUBE_METHODS: Mapping[str, Mapping[str, str]] = {
    "channels": {"part": "string", "id": "string", "forHandle": "string"},
    "playlistItems": {
        "part": "string",
        "playlistId": "string",
        "pageToken": "string",
        "maxResults": "integer",
    },
    "videos": {"part": "string", "id": "string", "maxResults": "integer"},
}
MOST_RESULTS = 50

_VIDEO = {
    "cover_image_url": "string",
    "video_url": "string?",
    "duration": "number?",
    "height": "integer?",
    "width": "integer?",
}
# Pinterest REST API 5.23.0. All that a Pin has: that no property tells of AI is what this list is for.
PINTEREST: Shapes = {
    "Pin": {
        **dict.fromkeys(("id", "created_at", "board_id"), "string"),
        **dict.fromkeys(("title", "description", "alt_text", "link", "dominant_color"), "string?"),
        **dict.fromkeys(("board_section_id", "parent_pin_id"), "string?"),
        **dict.fromkeys(("has_been_promoted", "is_owner", "is_standard"), "boolean"),
        "board_owner": "BoardOwner",
        "creative_type": "CreativeType?",
        "media": "PinMedia",
        "pin_metrics": "any?",
    },
    "PinMediaWithImage": {"media_type": "image", "images": "ImageSize"},
    "PinMediaWithImages": {"media_type": "multiple_images", "items": "[ImageMetadata]"},
    "PinMediaWithVideo": {"media_type": "video", "images": "ImageSize", **_VIDEO},
    "PinMediaWithImageAndVideo": {"media_type": "multiple_mixed", "items": "[PinMediaMetadata]"},
    "ImageMetadata": {
        **dict.fromkeys(("description", "link", "title"), "string?"),
        "item_type": "string",
        "images": "ImageSize",
    },
    "ImageSize": dict.fromkeys(("150x150", "400x300", "600x", "1200x"), "ImageDetails"),
    "ImageDetails": {"url": "string", "width": "integer?", "height": "integer?"},
}
PIN_ID = r"^\d+$"
PIN_LENGTHS = {"title": 100, "description": 800, "alt_text": 500}


def wrong(value: Any, kind: Kind, shapes: Shapes, path: str = "") -> list[str]:
    """Where a value is not of that kind; a property that is not written down is wrong too."""
    if isinstance(kind, str):
        if kind.endswith("?"):
            return [] if value is None else wrong(value, kind[:-1], shapes, path)
        if kind.startswith("["):
            each = enumerate(value) if isinstance(value, list) else ()
            found = [one for n, item in each for one in wrong(item, kind[1:-1], shapes, f"{path}[{n}]")]
            return found if isinstance(value, list) else [path]
        if kind in TYPES or kind not in shapes:
            fits = isinstance(value, TYPES[kind]) if kind in TYPES else value in kind.split("|")
            return [] if fits else [f"{path}: {value!r}"]
        kind = shapes[kind]
    if not isinstance(value, dict):
        return [path]
    unknown = [f"{path}.{name}" for name in value if name not in kind]
    named = ((name, inner) for name, inner in value.items() if name in kind)
    return unknown + [
        one for name, inner in named for one in wrong(inner, kind[name], shapes, f"{path}.{name}")
    ]


def document(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def shapes_of(schemas: Mapping[str, Any]) -> Shapes:
    """Of a discovery document's or an OpenAPI document's schemas."""
    return {
        name: {of: _kind(inner) for of, inner in schema.get("properties", {}).items()}
        for name, schema in schemas.items()
    }


def _kind(schema: Mapping[str, Any]) -> Kind:
    bare = _bare(schema)
    return f"{bare}?" if schema.get("nullable") and isinstance(bare, str) else bare


def _bare(schema: Mapping[str, Any]) -> Kind:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            return " or ".join(str(_kind(one)) for one in schema[several])
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'])}]"
    if "enum" in schema:
        return "|".join(str(one) for one in schema["enum"] if one is not None)
    if schema.get("type") == "object":
        inner = schema.get("properties")
        return {name: _kind(one) for name, one in inner.items()} if inner else "any"
    return str(schema.get("type", "any"))
