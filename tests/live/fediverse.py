"""A real ActivityPub server (snac) behind a small front, and somebody who publishes there by its own web
form.

The front passes everything on and keeps a log; `robots` answers for robots.txt instead of snac, which forbids
everything to everybody: an operator may lay another one before it, as its manual shows with nginx. `token`
answers for the statuses as later versions do (2.96), which want a token for them.
"""

import base64
import json
import re
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_server
from time import monotonic, sleep
from types import TracebackType

from tests.live.bluesky import Picture

SNAC = Path(__file__).parent / "snac"
USER = "hm"
START_SECONDS = 20
WANTS_TOKEN = b'{"error":"The access token is invalid"}'
PASSED = ("accept", "if-none-match", "user-agent", "authorization", "content-type")


class Server:
    """A context manager. `url` is the front's; `asked` the paths that others than the publisher asked for."""

    def __init__(self, folder: Path, robots: bytes | None = None, *, token: bool = False) -> None:
        self.folder, self.robots, self.token = folder, robots, token
        self.asked: list[str] = []
        self.answered: list[int] = []
        with create_server(("127.0.0.1", 0)) as free:
            self._behind = free.getsockname()[1]

    def __enter__(self) -> "Server":
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._front = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._front.daemon_threads = True
        self.host = f"127.0.0.1:{self._front.server_address[1]}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self._front.serve_forever, args=(0.05,), daemon=True).start()
        self._snac("init", said=f"127.0.0.1\n{self._behind}\n{self.host}\n\n\n")
        settings = self.folder / "server.json"
        settings.write_text(json.dumps(json.loads(settings.read_text()) | {"protocol": "http"}))
        told = self._snac("adduser", USER)
        found = re.search(r"password is (\S+)", told)
        assert found, told
        self._mend_keys()
        self._key = base64.b64encode(f"{USER}:{found[1]}".encode()).decode()
        log = (self.folder / "httpd.log").open("wb")
        with log:
            self._process = subprocess.Popen(
                [str(SNAC / "snac"), "httpd", str(self.folder)], stdout=log, stderr=log
            )
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._front.shutdown()
        self._front.server_close()

    def _snac(self, verb: str, *more: str, said: str = "") -> str:
        command = [str(SNAC / "snac"), verb, str(self.folder), *more]
        done = subprocess.run(command, input=said, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout + done.stderr

    def _mend_keys(self) -> None:
        """This version writes what lay in memory behind a key's last line, often enough no UTF-8."""
        keys = self.folder / "user" / USER / "key.json"
        ended = re.sub(rb'(-----END [A-Z ]*KEY-----\\n)[^"]*"', rb'\1"', keys.read_bytes())
        keys.write_bytes(ended)

    def _wait(self) -> None:
        began = monotonic()
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self._behind}/robots.txt", timeout=5).close()
            except OSError:
                if self._process.poll() is not None or monotonic() - began > START_SECONDS:
                    raise
                sleep(0.05)
            else:
                return

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(handler.path)
        if handler.path == "/robots.txt" and self.robots is not None:
            headers: Mapping[str, str] = {}
            status, body = 200, self.robots
        elif self.token and handler.path.startswith("/api/v1/accounts/") and "/statuses" in handler.path:
            status, headers, body = 401, {"Content-Type": "application/json"}, WANTS_TOKEN
        else:
            said = {name: value for name, value in handler.headers.items() if name.lower() in PASSED}
            status, headers, body = self._behind_says(handler.path, said)
        self.answered.append(status)
        handler.send_response(status)
        for name, value in headers.items():
            if name.lower() in ("content-type", "etag", "last-modified", "location", "link"):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _behind_says(
        self, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        request = urllib.request.Request(f"http://127.0.0.1:{self._behind}{path}", body, {**headers})
        try:
            with _ASKS.open(request, timeout=30) as response:
                return response.status, dict(response.headers), response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()

    # --- publishing -----------------------------------------------------------------------------------------

    def post(self, text: str, pictures: Sequence[Picture] = (), warning: str = "", edits: str = "") -> str:
        """Publish by the form, or change the post whose id `edits` is; its id."""
        before = set(self.posts())
        fields: list[tuple[str, str, bytes]] = [("content", "", text.encode())]
        if warning:
            fields += [("sensitive", "", b"on"), ("summary", "", warning.encode())]
        if edits:
            fields.append(("edit_id", "", edits.encode()))
        for number, one in enumerate(pictures):
            fields.append((f"attach_{number}", f"look{number}.jpg", one.data))
            fields.append((f"alt_text_{number}", "", one.alt.encode()))
        self._form("note", fields)
        return edits or next(iter(set(self.posts()) - before))

    def delete(self, post_id: str) -> None:
        self._form("action", [("id", "", post_id.encode()), ("action", "", b"Delete")])

    def posts(self) -> Sequence[str]:
        """Ids in the outbox."""
        accept = {"Accept": "application/activity+json"}
        outbox = json.loads(self._behind_says(f"/{USER}/outbox", accept)[2])
        return [item["object"]["id"] for item in outbox["orderedItems"] if item["type"] == "Create"]

    def _form(self, name: str, fields: Sequence[tuple[str, str, bytes]]) -> None:
        line = "a-line-that-is-in-no-picture"
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="{field}"'.encode()
            + (f'; filename="{file}"\r\nContent-Type: image/jpeg'.encode() if file else b"")
            + b"\r\n\r\n"
            + value
            + b"\r\n"
            for field, file, value in fields
        ]
        headers = {
            "Authorization": f"Basic {self._key}",
            "Content-Type": f"multipart/form-data; boundary={line}",
        }
        body = b"".join(parts) + f"--{line}--\r\n".encode()
        status, _, said = self._behind_says(f"/{USER}/admin/{name}", headers, body)
        assert status in (200, 303), (status, said[:500])


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


_ASKS = urllib.request.build_opener(_Stay)
