"""A desk that runs as its users run it, `twinwatch desk` on loopback, and the store behind it."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from playwright._impl._api_structures import SetCookieParam

from desk.config import load
from desk.web.guard import COOKIE
from desk.web.secrets import kept, new_secret
from storage.people import Role
from storage.store import Store

STARTS_WITHIN = 180.0  # seconds: two cores, and much else beside it
TWINWATCH = str(Path(sys.executable).with_name("twinwatch"))


class Desk:
    """`link`: the one-time link that it printed when it started; "" where somebody has a password already."""

    def __init__(self, config: Path, port: int, said: Path) -> None:
        self.config = config
        self.address = f"http://127.0.0.1:{port}"
        self._said = said

    @property
    def link(self) -> str:
        lines = self._said.read_text(encoding="utf-8").splitlines()
        return next((line.strip() for line in lines if "/link/" in line), "")

    @contextmanager
    def store(self) -> Iterator[Store]:
        config = load(self.config, {})
        opened = Store.open(config.database, config.media, create=False)
        yield opened
        opened.close()

    def session(self, role: Role, whose: str = "") -> SetCookieParam:
        """Of a new user with this role, who is logged in."""
        now, secret = datetime.now(UTC), new_secret()
        with self.store() as store:
            user = store.people.add(f"{role.value} {secret[:6]}", role, whose, now)
            store.people.begin(user.id, kept(secret), now)
        return {"name": COOKIE, "value": secret, "url": self.address}


@contextmanager
def running(config: Path) -> Iterator[Desk]:
    """Until the block ends."""
    port = _free_port()
    desk = Desk(config, port, config.with_name("desk.out"))
    command = [TWINWATCH, "desk", "--port", str(port), "--processes", "1", "--config", str(config)]
    with desk._said.open("w") as out, config.with_name("desk.err").open("w") as err:
        process = _started(command, config.parent, out, err)
        try:
            _answering(process, port, config.with_name("desk.err"))
            yield desk
        finally:
            _ended(process)


def _started(command: list[str], folder: Path, out: IO[str], err: IO[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(command, cwd=folder, stdout=out, stderr=err, text=True)


def _ended(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:  # it had not come so far that it could be asked
        process.kill()
        process.wait(20)


def _answering(process: subprocess.Popen[str], port: int, err: Path) -> None:
    ends = monotonic() + STARTS_WITHIN
    while monotonic() < ends and process.poll() is None:
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.1)
    raise RuntimeError(f"the desk did not start: {err.read_text(encoding='utf-8')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
