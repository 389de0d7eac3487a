"""A small site on loopback: the Bluesky calls that a crawler makes, and a newsroom feed. It shows one of two
days."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr

from desk.demo.story import HANDLE, RETAILER, SCENES, Post, Scene, Shot

DID = "did:plc:twinwatchdemonordlys2345"
COLLECTION = "app.bsky.feed.post"
_PAGE = 5  # posts: small, so that the crawler has to turn pages
_TID = "234567abcdefghijklmnopqrstuvwxyz"  # sortable base32 of record keys: atproto.com/specs/tid

Reply = tuple[int, str, bytes, Mapping[str, str]]  # status, media type, body, more headers


class Site:
    """A context manager. `day` is 1 or 2; `requests` lists what was asked for, in order."""

    def __init__(self) -> None:
        self.day = 1
        self.requests: list[str] = []
        self.opened = datetime.now(UTC)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def __enter__(self) -> "Site":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def show_second_day(self) -> None:
        self.day = 2
        self.requests.clear()

    def posts(self, platform: str) -> list[tuple[Scene, Post]]:
        """What stands there today, newest first."""
        today = [(scene, scene.first if self.day == 1 else scene.second) for scene in SCENES]
        there = [(scene, post) for scene, post in today if post and scene.platform == platform]
        return sorted(there, key=lambda pair: self.posted_at(pair[0]), reverse=True)

    def posted_at(self, scene: Scene) -> datetime:
        """Spread over the last two days; what came on the second day is an hour old."""
        hours = 1 if scene.first is None else 40 - 2 * SCENES.index(scene)
        return (self.opened - timedelta(hours=hours)).replace(microsecond=0)

    def answer(self, target: str, headers: Mapping[str, str]) -> Reply:
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path.startswith("/xrpc/"):
            return self._xrpc(parts.path.removeprefix("/xrpc/"), query)
        if parts.path == f"/{DID}":
            return _json(_did_document(self.url))
        if parts.path == "/robots.txt":
            return 200, "text/plain", b"User-agent: *\nAllow: /\n", {}
        if parts.path == "/newsroom.xml":
            return _conditional("application/rss+xml", self._feed(), headers)
        return self._press_picture(parts.path, headers)

    # --- Bluesky -------------------------------------------------------------------------

    def _xrpc(self, method: str, query: Mapping[str, str]) -> Reply:
        if method == "com.atproto.identity.resolveHandle":
            return (
                _json({"did": DID})
                if query.get("handle") == HANDLE
                else _xrpc_error("InvalidRequest", "Unable to resolve handle")
            )
        if method == "com.atproto.repo.describeRepo":
            return _json(
                {
                    "handle": HANDLE,
                    "did": DID,
                    "didDoc": _did_document(self.url),
                    "collections": [COLLECTION],
                    "handleIsCorrect": True,
                }
            )
        if method == "com.atproto.repo.listRecords":
            return self._list(query)
        if method == "com.atproto.repo.getRecord":
            return self._record(query.get("rkey", ""))
        if method == "com.atproto.sync.getBlob":
            return self._blob(query.get("cid", ""))
        return _xrpc_error("MethodNotImplemented", "Method Not Implemented", status=501)

    def _records(self) -> list[dict[str, object]]:
        return [self._as_record(scene, post) for scene, post in self.posts("bluesky")]

    def _as_record(self, scene: Scene, post: Post) -> dict[str, object]:
        value = _value(post, self.posted_at(scene))
        return {
            "uri": f"at://{DID}/{COLLECTION}/{self.record_key(scene)}",
            "cid": _cid(json.dumps(value).encode(), 0x71),
            "value": value,
        }

    def record_key(self, scene: Scene) -> str:
        number = int(self.posted_at(scene).timestamp() * 1_000_000) << 10
        return "".join(_TID[number >> shift & 31] for shift in range(60, -1, -5))

    def _list(self, query: Mapping[str, str]) -> Reply:
        """As a PDS does: the last page that holds something still names a cursor, and the next is empty."""
        cursor = query.get("cursor", "~")  # sorts after every record key
        rest = [record for record in self._records() if str(record["uri"]).rpartition("/")[2] < cursor]
        page = rest[: min(_PAGE, int(query.get("limit", "50")))]
        more = {"cursor": str(page[-1]["uri"]).rpartition("/")[2]} if page else {}
        return _json({"records": page, **more})

    def _record(self, key: str) -> Reply:
        for record in self._records():
            if str(record["uri"]).endswith(f"/{key}"):
                return _json(record)
        return _xrpc_error("RecordNotFound", f"Could not locate record: at://{DID}/{COLLECTION}/{key}")

    def _blob(self, cid: str) -> Reply:
        for _, post in self.posts("bluesky"):
            for shot in post.shots:
                if _cid(_bytes(shot)) == cid:
                    return (
                        200,
                        "image/jpeg",
                        _bytes(shot),
                        {"content-security-policy": "default-src 'none'; sandbox"},
                    )
        return _xrpc_error("BlobNotFound", "Blob not found")

    # --- the newsroom --------------------------------------------------------------------

    def ident(self, scene: Scene) -> str:
        """What the platform's own id of the post ends with."""
        return f"tag:{HANDLE},2026:{scene.key}" if scene.platform == "rss" else self.record_key(scene)

    def _feed(self) -> bytes:
        items = "".join(self._item(scene, post) for scene, post in self.posts("rss"))
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>{RETAILER} newsroom</title><link>{self.url}/</link><description>Press</description>"
            f"{items}</channel></rss>"
        ).encode()

    def _item(self, scene: Scene, post: Post) -> str:
        picture = quoteattr(f"{self.url}/press/{scene.key}.jpg")
        return (
            f"<item><title>{escape(post.text)}</title><link>{self.url}/news/{scene.key}</link>"
            f'<guid isPermaLink="false">{self.ident(scene)}</guid>'
            f"<pubDate>{format_datetime(self.posted_at(scene))}</pubDate>"
            f'<enclosure url={picture} type="image/jpeg" length="{len(_bytes(post.shots[0]))}"/></item>'
        )

    def _press_picture(self, path: str, headers: Mapping[str, str]) -> Reply:
        for scene, post in self.posts("rss"):
            if path == f"/press/{scene.key}.jpg":
                return _conditional("image/jpeg", _bytes(post.shots[0]), headers)
        return 404, "text/plain", b"not found", {}


def _value(post: Post, posted_at: datetime) -> dict[str, object]:
    images = [
        {
            "alt": shot.alt,
            "image": {
                "$type": "blob",
                "ref": {"$link": _cid(_bytes(shot))},
                "mimeType": "image/jpeg",
                "size": len(_bytes(shot)),
            },
        }
        for shot in post.shots
    ]
    value: dict[str, object] = {
        "$type": COLLECTION,
        "text": post.text,
        "langs": ["en"],
        "createdAt": posted_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "embed": {"$type": "app.bsky.embed.images", "images": images},
    }
    if post.labels:
        values = [{"val": label} for label in post.labels]
        value["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": values}
    return value


@cache
def _bytes(shot: Shot) -> bytes:
    return shot.make()


def _cid(data: bytes, codec: int = 0x55) -> str:
    """A content identifier: version 1, codec (raw 0x55, dag-cbor 0x71), SHA-256; base32."""
    raw = bytes((1, codec, 0x12, 32)) + hashlib.sha256(data).digest()
    return "b" + base64.b32encode(raw).decode().rstrip("=").lower()


def _did_document(url: str) -> dict[str, object]:
    service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": url}
    return {"id": DID, "alsoKnownAs": [f"at://{HANDLE}"], "verificationMethod": [], "service": [service]}


def _json(value: object, status: int = 200) -> Reply:
    return status, "application/json; charset=utf-8", json.dumps(value).encode(), {}


def _xrpc_error(error: str, message: str, status: int = 400) -> Reply:
    return _json({"error": error, "message": message}, status)


def _conditional(kind: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    if headers.get("If-None-Match") == tag:
        return 304, kind, b"", {"ETag": tag}
    return 200, kind, body, {"ETag": tag}


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, kind, body, more = site.answer(self.path, dict(self.headers.items()))
            site.requests.append(f"{status} {self.path}")
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in more.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
            """Quiet: `requests` is the log."""

    return Handler


def pictures_sent(requests: Sequence[str]) -> set[str]:
    """The picture addresses that were answered with a body: 304 sends none."""
    sent = (line.removeprefix("200 ") for line in requests if line.startswith("200 "))
    return {target for target in sent if "getBlob" in target or "/press/" in target}
