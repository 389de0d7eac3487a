"""Objects as platforms' pages hold them: built, not recorded, from the fields that Zeeschuimer, 4CAT,
instaloader and gallery-dl read (named in crawler/webobjects and crawler/imports)."""

import gzip
import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TAKEN = 1_764_000_000  # 2025-11-24 16:00 UTC
COLLECTED = 1_764_300_000_000  # 2025-11-28, in ms
PNG = b"\x89PNG\r\n\x1a\n" + b"no picture, but its first bytes say so"
JPEG = b"\xff\xd8\xff\xe0" + b"no picture either"
CDN = "https://scontent.cdninstagram.com/v/t51/"

Json = dict[str, Any]


def candidates(url: str) -> Json:
    small, large = (
        {"url": f"{url}?s=small", "width": 320, "height": 400},
        {"url": url, "width": 1440, "height": 1800},
    )
    return {"candidates": [small, large]}


def itemlist(code: str = "DAbc", **more: Any) -> Json:
    number = str(int(hashlib.sha256(code.encode()).hexdigest()[:8], 16))
    return {
        "id": f"{number}_1",
        "pk": number,
        "code": code,
        "taken_at": TAKEN,
        "user": {"username": "hm", "pk": "1"},
        "caption": {"text": f"Autumn {code} #hm"},
        "media_type": 1,
        "image_versions2": candidates(f"{CDN}{code}.jpg"),
        "accessibility_caption": "A coat.",
        "like_count": 12,
        "_zs_partial": False,
        **more,
    }


def slide(number: int, **more: Any) -> Json:
    return {
        "pk": str(number),
        "media_type": 1,
        "image_versions2": candidates(f"{CDN}slide{number}.jpg"),
        **more,
    }


def graph(code: str = "DGra", **more: Any) -> Json:
    return {
        "__typename": "GraphImage",
        "id": "33",
        "shortcode": code,
        "taken_at_timestamp": TAKEN,
        "owner": {"id": "1", "username": "hm"},
        "edge_media_to_caption": {"edges": [{"node": {"text": "From the graph"}}]},
        "display_url": f"{CDN}{code}.jpg",
        "is_video": False,
        "edge_media_preview_like": {"count": 7},
        **more,
    }


def polaris(code: str = "DPol", **more: Any) -> Json:
    return {
        "__typename": "XIGPolarisVideoMedia",
        "id": "44",
        "code": code,
        "user": {"id": "1", "username": "hm"},
        "display_uri": f"{CDN}{code}.jpg",
        "video_versions": [{"url": f"{CDN}{code}.mp4"}],
        "_zs_partial": True,
        **more,
    }


def tiktok(post_id: str = "7500000000000000001", **more: Any) -> Json:
    return {
        "id": post_id,
        "desc": "New in #denim",
        "createTime": TAKEN,
        "author": {"uniqueId": "levis", "nickname": "Levi's"},
        "video": {
            "playAddr": "https://v16.tiktok.com/v/tos/?a=1",
            "cover": "https://p16.tiktokcdn.com/cover.image",
        },
        "stats": {"diggCount": 5, "commentCount": 1},
        **more,
    }


def tweet(post_id: str = "1900000000000000001", **more: Any) -> Json:
    photo = {
        "type": "photo",
        "id_str": "9",
        "media_url_https": "https://pbs.twimg.com/media/a.jpg",
        "ext_alt_text": "A",
    }
    legacy = {
        "id_str": post_id,
        "full_text": "Look https://t.co/x",
        "created_at": "Mon Nov 24 16:00:00 +0000 2025",
        "user_id_str": "2",
        "favorite_count": 3,
        "extended_entities": {"media": [photo]},
        "entities": {},
        **more.pop("legacy", {}),
    }
    user = {"core": {"screen_name": "mango"}, "legacy": {}}
    return {"rest_id": post_id, "core": {"user_results": {"result": user}}, "legacy": legacy, **more}


def thread(code: str = "DThr", **more: Any) -> Json:
    return {
        **itemlist(code),
        "text_post_app_info": {"repost_count": 0, "direct_reply_count": 0},
        "carousel_media": None,
        "video_versions": None,
        **more,
    }


def photo(number: int = 1, **more: Any) -> Json:
    """A picture of Facebook's, in several sizes."""
    url = f"https://scontent.xx.fbcdn.net/v/t39/{number}.jpg"
    return {
        "__typename": "Photo",
        "id": f"12200000{number}",
        "accessibility_caption": "A coat.",
        "image": {"uri": f"{url}?stp=p320", "width": 320, "height": 400},
        "viewer_image": {"uri": url, "width": 1440, "height": 1800},
        **more,
    }


def attached(*media: Json, **more: Any) -> Json:
    """An attachment of a story: of one picture, or of several."""
    several = {"all_subattachments": {"count": len(media), "nodes": [{"media": one} for one in media]}}
    inner = several if len(media) != 1 else {"media": media[0]}
    return {"styles": {"__typename": "StoryAttachmentStyle", "attachment": {**inner, **more}}}


def story(post_id: str = "122100000000001", **more: Any) -> Json:
    """Facebook's. `more`: of the part that holds text and attachments."""
    when = {"creation_time": TAKEN, "url": f"https://www.facebook.com/hm/posts/{post_id}"}
    metadata = [
        {"__typename": "CometFeedStoryAudienceStrategy", "story": {"id": "x"}},
        {"__typename": "CometFeedStoryMinimizedTimestampStrategy", "story": when},
    ]
    content = {
        "post_id": post_id,
        "wwwURL": f"https://www.facebook.com/hm/posts/{post_id}?__cft__[0]=AZX&__tn__=%2CO",
        "actors": [{"id": "100064860875397", "name": "H&M", "url": "https://www.facebook.com/hm"}],
        "message": {"text": "Autumn #hm"},
        "attachments": [attached(photo())],
        **more,
    }
    return {
        "__typename": "Story",
        "post_id": post_id,
        "comet_sections": {
            "content": {"story": content},
            "context_layout": {"story": {"comet_sections": {"metadata": metadata}}},
        },
    }


def pin(post_id: str = "881", **more: Any) -> Json:
    return {
        "id": post_id,
        "type": "pin",
        "title": "Coats",
        "description": " in wool ",
        "created_at": "Mon, 24 Nov 2025 16:00:00 +0000",
        "pinner": {"username": "hm"},
        "board": {"name": "Autumn", "url": "/hm/autumn/"},
        "images": {
            "236x": {"url": "https://i.pinimg.com/236x/a.jpg"},
            "orig": {"url": "https://i.pinimg.com/originals/a.jpg"},
        },
        **more,
    }


def activity(number: int = (TAKEN * 1000) << 22, **more: Any) -> Json:
    sizes = [
        {"width": 100, "fileIdentifyingUrlPathSegment": "100"},
        {"width": 800, "fileIdentifyingUrlPathSegment": "800"},
    ]
    vector = {"rootUrl": "https://media.licdn.com/", "artifacts": sizes}
    target = "https://www.linkedin.com/company/hm/posts?x=1"
    return {
        "id": f"urn:li:fsd_update:(urn:li:activity:{number},MAIN_FEED)",
        "updateMetadata": {"urn": f"urn:li:activity:{number}"},
        "actor": {"navigationContext": {"actionTarget": target}, "subDescription": {"text": "3w •"}},
        "commentary": {"text": {"text": "We are hiring"}},
        "content": {"images": [{"attributes": [{"vectorImage": vector}], "accessibilityText": "Office"}]},
        "*socialDetail": {"*totalSocialActivityCounts": {"numLikes": 4, "numComments": 0}},
        **more,
    }


PAGES = {
    "instagram.com": "https://www.instagram.com/hm/",
    "tiktok.com": "https://www.tiktok.com/@levis",
    "twitter.com": "https://x.com/mango",
    "threads.net": "https://www.threads.com/@hm",
    "pinterest.com": "https://www.pinterest.com/hm/",
    "linkedin.com": "https://www.linkedin.com/company/hm/",
    "facebook.com": "https://www.facebook.com/hm",
}


def captured(data: object, platform: str = "instagram.com", **more: Any) -> Json:
    """A line of Zeeschuimer's."""
    return {
        "id": 1,
        "item_id": "1",
        "nav_index": "s:1:0",
        "timestamp_collected": COLLECTED,
        "last_updated": COLLECTED,
        "source_platform": platform,
        "source_platform_url": PAGES.get(platform, "https://www.instagram.com/hm/"),
        "source_url": "https://www.instagram.com/graphql/query",
        "user_agent": "Mozilla/5.0",
        "data": data,
        **more,
    }


def ndjson(path: Path, *lines: object) -> Path:
    """Bytes stand as they are, everything else as JSON."""
    rows = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"\n".join(rows) + b"\n")
    return path


def warc(answers: Sequence[tuple[str, str, bytes]], *, packed: bool = True) -> bytes:
    """(address, media type, body) as responses of a WARC file."""
    records = [_record(number, *one) for number, one in enumerate(answers)]
    return b"".join(gzip.compress(one) if packed else one for one in records)


def _record(number: int, url: str, kind: str, body: bytes) -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nSet-Cookie: secret=1\r\n\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-11-28T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012d}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def wacz(path: Path, warcs: Mapping[str, bytes], *, lie: bool = False) -> Path:
    resources = [
        {
            "path": f"archive/{name}",
            "hash": "sha256:" + ("0" * 64 if lie else hashlib.sha256(data).hexdigest()),
        }
        for name, data in warcs.items()
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("datapackage.json", json.dumps({"wacz_version": "1.1.1", "resources": resources}))
        archive.writestr("indexes/index.cdx.gz", gzip.compress(b""))
        for name, data in warcs.items():
            archive.writestr(f"archive/{name}", data)
    return path
