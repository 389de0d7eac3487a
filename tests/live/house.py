"""A Twinwatch of its own in a folder: the configuration, and the command as a user starts it."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.live.bluesky import Server

CONTACT = "desk@example.org"


class House:
    def __init__(self, folder: Path, server: Server, handle: str, *, service: bool) -> None:
        """`service`: name the account's own server, so that no directory is asked."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.config = folder / "twinwatch.toml"
        hosts = json.dumps(server.hosts)
        own = f'service = "{server.pds}"\n' if service else ""
        self.config.write_text(
            f'[crawl]\ncontact = "{CONTACT}"\nallow_hosts = {hosts}\nplc_directory = "{server.plc}"\n'
            f'[[account]]\nretailer = "H&M"\nplatform = "bluesky"\nhandle = "{handle}"\ncountry = "SE"\n{own}'
        )

    def run(self, *arguments: str, status: Sequence[int] = (0,), timeout: float = 100) -> str:
        """Standard output of `twinwatch …`; an unexpected exit status shows everything it said."""
        command = [str(Path(sys.executable).with_name("twinwatch")), *arguments, "--config", str(self.config)]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, check=False, cwd=self.folder
        )
        assert done.returncode in status, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def lines(self, *arguments: str, status: Sequence[int] = (0,)) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run(*arguments, "--json", status=status).splitlines()]

    def night(self, status: Sequence[int] = (0,)) -> dict[str, Any]:
        """The summary of one `twinwatch nightly --json`."""
        return self.lines("nightly", status=status)[-1]

    def items(self) -> dict[tuple[str, int], dict[str, Any]]:
        """Every media item by (post id, position)."""
        found = self.lines("findings", "list", "--all")
        items = {(item["post_id"], item["position"]): item for item in found}
        assert len(items) == len(found), "a media item is listed twice"
        return items
