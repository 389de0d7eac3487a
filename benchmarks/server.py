"""A loopback server for benchmarks, in a process of its own: `python -m benchmarks.server POSTS BYTES`.

Speaks listRecords, getRecord and getBlob as a Bluesky PDS does, for POSTS posts with one distinct JPEG
of BYTES bytes each. Everything is made before the first request; a body is three slices of memory.
`/stats` says what was sent and starts counting anew. Prints its address, ends with its standard input.
"""

import asyncio
import base64
import hashlib
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import numpy as np
from PIL import Image

DID = "did:plc:benchmarkbenchmarkbenchm"
HANDLE = "bench.example"
COLLECTION = "app.bsky.feed.post"
PAGE = 100

Body = Sequence[bytes]


class Pictures:
    """Distinct files of one size over one decodable picture: a comment segment carries the number."""

    def __init__(self, count: int, size: int) -> None:
        base = _jpeg(size)
        self._head, self._tail = base[:2] + b"\xff\xfe\x00\x12", base[2:]
        self.size = len(base) + 20
        digests = [hashlib.sha256(b"".join(self.body(number))).digest() for number in range(count)]
        self.cids = [_cid(0x55, digest) for digest in digests]
        self.numbers = {cid: number for number, cid in enumerate(self.cids)}

    def body(self, number: int) -> Body:
        return self._head, b"%016d" % number, self._tail


class Account:
    def __init__(self, posts: int, size: int) -> None:
        self.pictures = Pictures(posts, size)
        start = datetime.now(UTC) - timedelta(days=7)
        self.records = [self._record(number, start + timedelta(seconds=number)) for number in range(posts)]
        self.records.reverse()  # newest first
        self.by_key = {str(record["uri"]).rpartition("/")[2]: record for record in self.records}

    def _record(self, number: int, at: datetime) -> dict[str, object]:
        blob = {
            "$type": "blob",
            "ref": {"$link": self.pictures.cids[number]},
            "mimeType": "image/jpeg",
            "size": self.pictures.size,
        }
        value = {
            "$type": COLLECTION,
            "text": f"Look {number}. A caption as long as captions are, with a word or two about the season.",
            "createdAt": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "embed": {"$type": "app.bsky.embed.images", "images": [{"alt": f"Look {number}", "image": blob}]},
        }
        cid = _cid(0x71, hashlib.sha256(json.dumps(value).encode()).digest())
        return {"uri": f"at://{DID}/{COLLECTION}/{number:013d}", "cid": cid, "value": value}

    def page(self, cursor: str) -> dict[str, object]:
        start = int(cursor or "0")
        page = self.records[start : start + PAGE]
        return {"records": page, **({"cursor": str(start + PAGE)} if page else {})}


class Answers:
    def __init__(self, account: Account) -> None:
        self._account = account
        self._sent: Counter[str] = Counter()

    def answer(self, target: str) -> tuple[int, str, Body]:
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        method = parts.path.rpartition("/")[2]
        if method == "stats":
            told, self._sent = dict(self._sent), Counter()
            return 200, "application/json", (json.dumps(told).encode(),)
        status, kind, body = self._call(method, query)
        self._sent[method] += 1
        self._sent[f"{method} bytes"] += sum(map(len, body))
        return status, kind, body

    def _call(self, method: str, query: dict[str, str]) -> tuple[int, str, Body]:
        number = self._account.pictures.numbers.get(query.get("cid", ""))
        if method == "com.atproto.sync.getBlob" and number is not None:
            return 200, "image/jpeg", self._account.pictures.body(number)
        value: object = None
        if method == "com.atproto.repo.listRecords":
            value = self._account.page(query.get("cursor", ""))
        elif method == "com.atproto.repo.getRecord":
            value = self._account.by_key.get(query.get("rkey", ""))
        elif method == "com.atproto.identity.resolveHandle":
            value = {"did": DID}
        if value is None:
            return 400, "application/json", (b'{"error":"RecordNotFound","message":"not here"}',)
        return 200, "application/json", (json.dumps(value).encode(),)


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, GET alone: as little work a request as Python allows."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._waiting = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            request, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            self._reply(request.split(b" ", 2)[1].decode("latin-1"))

    def _reply(self, target: str) -> None:
        status, kind, body = self._answers.answer(target)
        length = sum(map(len, body))
        head = f"HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()
        assert self._transport is not None
        self._transport.writelines((head, *body))


async def serve(answers: Answers) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(answers), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{port}", flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


def _jpeg(size: int) -> bytes:
    """A noisy picture of about `size` bytes, by the side that gives it."""
    best = b""
    for side in range(32, 1200, 16):
        noise = np.random.default_rng(1).integers(0, 256, (side, side, 3), dtype=np.uint8)
        soft = Image.fromarray(noise).resize((side * 2, side * 2), Image.Resampling.BICUBIC)
        out = io.BytesIO()
        soft.save(out, "JPEG", quality=80)
        best = out.getvalue()
        if len(best) >= size:
            break
    return best


def _cid(codec: int, digest: bytes) -> str:
    return "b" + base64.b32encode(bytes((1, codec, 0x12, 32)) + digest).decode().rstrip("=").lower()


if __name__ == "__main__":
    asyncio.run(serve(Answers(Account(int(sys.argv[1]), int(sys.argv[2])))))
