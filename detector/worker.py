"""The worker process (`python -m detector.worker`): jobs in on standard input, examinations out, until the
input ends.

Whoever decodes strangers' bytes may not do much else: no core dumps, no files written, few open, no children
that outlive it. It ends at once when its parent does, even in the middle of a decode.
"""

import os
import resource
import signal
import stat
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

import cv2

from detector.examine import examine, not_looked_at, stage_versions
from detector.wire import examination_line, read_job
from storage.records import Examination, Failure

READY = b"ready\n"
FILE_LIMIT = 600 * 1024 * 1024  # bytes; the crawl keeps videos up to 512 MiB
OPEN_FILES = 64
PICTURE_BYTES = 4_000_000  # up to so many the time is the same for all; pictures are seldom larger
SECONDS_A_MEGABYTE = 2.0  # more for what is larger: twice what a film of that size may cost (frames.py)
MOST_SECONDS = 320.0
LATE_SECONDS = 5  # grace beyond the wall time that the parent watches, before the kernel ends us by CPU time


def main() -> None:
    seconds = float(sys.argv[1])
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    jobs: SimpleQueue[bytes] = SimpleQueue()
    cv2.setNumThreads(1)  # a worker a core: threads inside would only stand in each other's way
    stage_versions()  # imports every hash and reader before the limits and the first clock
    _confine()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, jobs), daemon=True).start()
    answers.write(READY)
    while True:
        path, stages, exact = read_job(jobs.get())
        _limit_cpu(allowed_seconds(seconds, path))
        _send(answers, examination_line(_examined(path, stages, exact=exact)))


def _send(answers: BinaryIO, line: bytes) -> None:
    """A raw pipe takes what fits."""
    rest = memoryview(line)
    while rest:
        rest = rest[answers.write(rest) :]


def _listen(source: BinaryIO, jobs: "SimpleQueue[bytes]") -> None:
    """Hands on the jobs. End of input: the parent is gone, or done with us; nothing of our group stays
    behind."""
    for line in source:
        jobs.put(line)
    os.killpg(0, signal.SIGKILL)


def _confine() -> None:
    with suppress(OSError):
        os.setpgid(0, 0)  # already the leader of its own session when the pool started it
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(what, (most, most))


def allowed_seconds(seconds: float, path: Path) -> float:
    """Wall time for this file: a film of 100 MB cannot be looked at as quickly as a picture."""
    try:
        size = path.stat().st_size
    except OSError:
        return seconds
    more = SECONDS_A_MEGABYTE * max(0, size - PICTURE_BYTES) / 1_000_000
    return max(seconds, min(MOST_SECONDS, seconds + more))


def _limit_cpu(seconds: float) -> None:
    """A second lock on the door: should the parent be gone or stopped, the kernel ends a decode that never
    does."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + LATE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _examined(path: Path, stages: Sequence[str] | None, *, exact: bool) -> Examination:
    try:
        data = _bytes(path)
    except OSError as error:
        kind = "not_found" if isinstance(error, FileNotFoundError) else "not_readable"
        return not_looked_at(Failure(kind, error.strerror or str(error), str(path)), stages)
    try:
        return examine(data, stages, exact=exact)
    except MemoryError:
        return not_looked_at(Failure("memory_limit", "it does not fit into memory"), stages)


def _bytes(path: Path) -> bytes:
    """Only plain files: a pipe or a device would never end. Raises OSError."""
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "not a plain file")
        if status.st_size > FILE_LIMIT:
            raise OSError(0, f"larger than {FILE_LIMIT} bytes")
        return file.read()


if __name__ == "__main__":
    main()
