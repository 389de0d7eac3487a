"""`twinwatch check` of one picture in a process of its own, which is ended when its time is up: for the desk,
where a stranger's file or a slow server must not keep others waiting. Nothing is stored."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import orjson
import psutil

from desk.config import load
from desk.contract import Json
from desk.contract_check import checked_json
from desk.jobs.check import Checked, Given, check, fetched, moment_of
from desk.options import opened_if_there
from desk.output import json_line
from storage.errors import DeskError, TwinwatchError

SECONDS = 90.0  # wall time of one check, fetching included; a usual one takes three to eight
FETCHING = 30.0  # seconds of these for an address
AT_ONCE = 2  # in each process of the desk: each loads the registry and the readers
PICTURE = "picture"  # what the checked bytes are called in the folder

_turns = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Raises DeskError(kind="busy") where as many are under way as may be."""
    if not _turns.acquire(blocking=False):
        raise DeskError("other pictures are being checked: try again in a moment", kind="busy")
    try:
        yield
    finally:
        _turns.release()


def check_apart(
    address: str, given: Given, config: Path | None, folder: Path, seconds: float = SECONDS
) -> Json:
    """The line of `twinwatch check`. The picture is `folder`/picture, or is fetched to there from `address`.
    `config` as the desk was given it. Raises DeskError: "time_limit", "check_died"."""
    told = {
        "address": address,
        "given": asdict(given),
        "config": str(config) if config else "",
        "folder": str(folder),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "desk.jobs.check_apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder)},  # what is left behind goes with the folder
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(orjson.dumps(told), timeout=seconds)
    except subprocess.TimeoutExpired:
        raise DeskError(f"it was stopped after {seconds:g} seconds", kind="time_limit") from None
    finally:
        _end(process)
    if process.returncode != 0:
        raise DeskError("the check ended without an answer", kind="check_died")
    line: Json = orjson.loads(said)
    return line


def _end(process: "subprocess.Popen[bytes]") -> None:
    """With whatever it started."""
    if process.poll() is not None:
        return
    with suppress(psutil.Error):
        own = psutil.Process(process.pid)
        for one in [*own.children(recursive=True), own]:
            with suppress(psutil.Error):
                one.kill()
    process.communicate()


# --- in that process ----------------------------------------------------------------------------------------


def _main() -> None:
    told: dict[str, Any] = orjson.loads(sys.stdin.buffer.read())
    settings = load(Path(told["config"]) if told["config"] else None)
    facts = told["given"]
    given = Given(**{**facts, "posted_at": moment_of(facts["posted_at"], "posted_at")})
    address, path = told["address"], Path(told["folder"]) / PICTURE
    name = address or PICTURE
    try:
        if address:
            fetched(address, path, settings, FETCHING)
        with opened_if_there(settings) as store:
            checked = next(iter(check([str(path)], given, settings, store)))
    except TwinwatchError as error:
        checked = Checked(name, None, None, error.failure())
    failure = replace(checked.failure, where=name) if checked.failure else None
    sys.stdout.write(json_line(checked_json(replace(checked, path=name, failure=failure))))


if __name__ == "__main__":
    _main()
