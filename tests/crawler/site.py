"""A small web server on loopback: routes that a test sets, a log of what was asked, and a PDS made of
both."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
PNG = b"\x89PNG\r\n\x1a\n" + b"not much of a picture, but its first bytes say so"


@dataclass(frozen=True)
class Reply:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None  # a Content-Length that may be a lie
    drip: float = 0.0  # seconds between bytes
    endless: bool = False


Route = Callable[[Mapping[str, str], Mapping[str, str]], Reply]  # (query, headers) → reply


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # the default of 5 drops connections, which then come a second late


class Site:
    """`site.routes[path]` answers; everything asked is in `site.asked` (path with query)."""

    def __init__(self) -> None:
        self.routes: dict[str, Route | Reply] = {}
        self.asked: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        self.times: list[float] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = _Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def count(self, part: str) -> int:
        return sum(part in one for one in self.asked)

    def forget(self) -> None:
        self.asked.clear()
        self.headers.clear()
        self.times.clear()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        said = {name.lower(): value for name, value in handler.headers.items()}
        self.asked.append(handler.path)
        self.headers.append(said)
        self.times.append(time.time())
        route = self.routes.get(parts.path, Reply(b"nothing here", 404))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        reply = route if isinstance(route, Reply) else route(query, said)
        try:
            self._send(handler, reply)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if not reply.endless:
            handler.send_header(
                "Content-Length", str(len(reply.body) if reply.length is None else reply.length)
            )
        handler.end_headers()
        if reply.drip:
            for byte in reply.body:
                handler.wfile.write(bytes([byte]))
                time.sleep(reply.drip)
        handler.wfile.write(reply.body if not reply.drip else b"")
        while reply.endless:
            handler.wfile.write(b"x" * 65536)
        if reply.length is not None or reply.endless:
            handler.close_connection = True


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()
    try:
        yield site
    finally:
        site.close()


def cid_of(data: bytes) -> str:
    raw = b"\x01\x55\x12\x20" + hashlib.sha256(data).digest()
    return "b" + base64.b32encode(raw).decode().rstrip("=").lower()


def did_of(site: Site) -> str:
    """Each account has an id of its own: two names with one id are one account that was renamed."""
    return "did:plc:" + base64.b32encode(hashlib.sha256(site.host.encode()).digest())[:24].decode().lower()


def picture(name: str) -> bytes:
    return PNG + name.encode()


class Pds:
    """What a PDS answers about one account, on a `Site`. Posts are kept newest first, as listRecords gives
    them."""

    def __init__(self, site: Site, did: str = "", page: int = 100) -> None:
        self.site, self.did, self.page = site, did or did_of(site), page
        self.posts: dict[str, dict[str, Any]] = {}
        self.blobs: dict[str, bytes] = {}
        self.error: Reply | None = None  # what the repo's endpoints answer instead
        site.routes |= {
            "/xrpc/com.atproto.identity.resolveHandle": lambda query, _: as_json({"did": self.did}),
            "/xrpc/com.atproto.repo.listRecords": lambda query, _: self.error or self._list(query),
            "/xrpc/com.atproto.repo.getRecord": lambda query, _: self.error or self._record(query),
            "/xrpc/com.atproto.sync.getBlob": lambda query, _: self._blob(query),
        }

    def blob(self, data: bytes, mime: str = "image/png") -> dict[str, Any]:
        cid = cid_of(data)
        self.blobs[cid] = data
        return {"$type": "blob", "ref": {"$link": cid}, "mimeType": mime, "size": len(data)}

    def post(self, key: str, text: str, *pictures: bytes, **more: Any) -> str:
        """Publish, or edit: the cid follows the content."""
        value: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": text, "createdAt": stamp(0)} | more
        if pictures:
            images = [{"alt": f"alt {n}", "image": self.blob(data)} for n, data in enumerate(pictures)]
            value["embed"] = {"$type": "app.bsky.embed.images", "images": images}
        uri = f"at://{self.did}/app.bsky.feed.post/{key}"
        self.posts[key] = {"uri": uri, "cid": cid_of(json.dumps(value).encode()), "value": value}
        return uri

    def _list(self, query: Mapping[str, str]) -> Reply:
        keys = [key for key in sorted(self.posts, reverse=True) if key < query.get("cursor", "~")][
            : self.page
        ]
        body: dict[str, Any] = {"records": [self.posts[key] for key in keys]}
        return as_json({**body, "cursor": keys[-1]} if keys else body)

    def _record(self, query: Mapping[str, str]) -> Reply:
        record = self.posts.get(query["rkey"])
        return as_json(record) if record else as_json({"error": "RecordNotFound", "message": "no"}, 400)

    def _blob(self, query: Mapping[str, str]) -> Reply:
        data = self.blobs.get(query["cid"])
        return Reply(data) if data is not None else as_json({"error": "BlobNotFound"}, 400)


def as_json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(json.dumps(value).encode(), status, {"Content-Type": "application/json", **(headers or {})})


def stamp(days_ago: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days_ago * 86400))


def tid(days_ago: float, clock: int = 0) -> str:
    """A record key made that long ago."""
    number = (int((time.time() - days_ago * 86400) * 1_000_000) << 10) | clock
    return "".join("234567abcdefghijklmnopqrstuvwxyz"[(number >> shift) & 31] for shift in range(60, -1, -5))
