"""A real Bluesky PDS beside a PLC directory, and somebody who publishes there over its real API."""

import json
import os
import subprocess
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, cast
from urllib.parse import urlsplit

PDS = Path(__file__).parent / "pds"
COLLECTION = "app.bsky.feed.post"
_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the server's log. `reset`: epoch seconds, as the server announced it."""

    at: float
    url: str
    status: int
    counted: bool
    reset: float | None


class Server:
    """A context manager: both servers on loopback ports that the system chose, in a data folder of its own.

    `limit`: "" no rate limits, "default" the PDS's own (3000 in 300 s), "points;seconds" another window.
    """

    def __init__(self, folder: Path, limit: str = "") -> None:
        self.folder = folder
        self.limit = limit
        self.pds = ""
        self.plc = ""

    def __enter__(self) -> "Server":
        self.folder.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "TWINWATCH_LIVE_DATA": str(self.folder),
            "TWINWATCH_LIVE_LIMIT": self.limit,
        }
        self._errors = (self.folder / "server.log").open("wb")
        self._process = subprocess.Popen(
            ["node", str(PDS / "server.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
        )
        assert self._process.stdout is not None
        ready = self._process.stdout.readline()
        if not ready:
            self._stop()
            raise RuntimeError(f"the PDS did not start:\n{(self.folder / 'server.log').read_text()[-3000:]}")
        addresses = json.loads(ready)
        self.pds, self.plc = addresses["pds"], addresses["plc"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        """The server ends when its standard input does, also when this process dies."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()

    @property
    def hosts(self) -> list[str]:
        return [urlsplit(self.pds).netloc, urlsplit(self.plc).netloc]

    def requests(self) -> list[Request]:
        """What others than the publisher asked for, in the order of arrival."""
        log = self.folder / "requests.jsonl"
        lines = log.read_text().splitlines() if log.exists() else []
        found = sorted((Request(**json.loads(line)) for line in lines), key=lambda request: request.at)
        return [request for request in found if request.counted]


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes
    alt: str


class Publisher:
    """An account on the server. Its requests do not count against the rate limit."""

    def __init__(self, server: Server, handle: str) -> None:
        self._pds = server.pds
        self.handle = handle
        self._token = ""
        self._posts = 0
        account = self._call(
            "com.atproto.server.createAccount",
            {
                "handle": handle,
                "email": f"{handle.replace('.', '-')}@example.org",
                "password": "only-for-this-test",
            },
        )
        self.did = str(account["did"])
        self._token = str(account["accessJwt"])

    def post(self, text: str, pictures: Sequence[Picture], labels: Sequence[str] = ()) -> str:
        """The new post's URI."""
        record = self._record(text, pictures, labels)
        made = self._call(
            "com.atproto.repo.createRecord", {"repo": self.did, "collection": COLLECTION, "record": record}
        )
        return str(made["uri"])

    def edit(self, uri: str, text: str, pictures: Sequence[Picture], labels: Sequence[str] = ()) -> None:
        record = self._record(text, pictures, labels)
        self._call("com.atproto.repo.putRecord", {**self._place(uri), "record": record})

    def delete(self, uri: str) -> None:
        self._call("com.atproto.repo.deleteRecord", self._place(uri))

    def _place(self, uri: str) -> dict[str, str]:
        return {"repo": self.did, "collection": COLLECTION, "rkey": uri.rpartition("/")[2]}

    def _record(self, text: str, pictures: Sequence[Picture], labels: Sequence[str]) -> dict[str, object]:
        self._posts += 1
        created = datetime.now(UTC) - timedelta(hours=30) + timedelta(minutes=self._posts)
        record: dict[str, object] = {
            "$type": COLLECTION,
            "text": text,
            "createdAt": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        if pictures:
            images = [{"alt": picture.alt, "image": self._upload(picture.data)} for picture in pictures]
            record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
        if labels:
            values = [{"val": label} for label in labels]
            record["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": values}
        return record

    def _upload(self, data: bytes) -> object:
        return self._send("com.atproto.repo.uploadBlob", data, "image/jpeg")["blob"]

    def _call(self, method: str, body: Mapping[str, object]) -> dict[str, Any]:
        return self._send(method, json.dumps(body).encode(), "application/json")

    def _send(self, method: str, body: bytes, kind: str) -> dict[str, Any]:
        headers = {"Content-Type": kind, "x-ratelimit-bypass": "publisher"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(f"{self._pds}/xrpc/{method}", data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            return cast("dict[str, Any]", json.load(response))
