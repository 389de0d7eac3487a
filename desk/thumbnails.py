"""Small pictures for reports, re-encoded by a child process that is replaced when it hangs or dies."""

import json
import select
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

SECONDS = 20.0  # for one picture; a large one takes a tenth of a second


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """`uri` is a data: URI, or "" with the reason in `why`."""

    uri: str = ""
    width: int = 0
    height: int = 0
    why: str = ""


class Thumbnails:
    """A context manager around one child at a time."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Thumbnails":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def of(self, path: Path) -> Thumbnail:
        """Never raises for what is in the file."""
        if not path.is_file():
            return Thumbnail(why="the bytes are no longer there")
        line = self._ask(path)
        if not line:
            self._stop()
            return Thumbnail(why="the picture could not be decoded within its limits")
        answer = json.loads(line)
        if "error" in answer:
            return Thumbnail(why=f"the picture could not be decoded ({answer['error']})")
        return Thumbnail(f"data:image/jpeg;base64,{answer['jpeg']}", answer["width"], answer["height"])

    def _ask(self, path: Path) -> bytes:
        child = self._child = self._child or _start()
        if child.stdin is None or child.stdout is None:
            return b""
        try:
            child.stdin.write(json.dumps(str(path)).encode() + b"\n")
            child.stdin.flush()
        except BrokenPipeError:
            return b""
        ready, _, _ = select.select([child.stdout], [], [], self._seconds)
        return child.stdout.readline() if ready else b""

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "desk.thumbnailer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    )
