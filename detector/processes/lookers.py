"""Worker processes that look at pictures for labels (text, marks), and try the readers on what is known. Who
asks never decodes strangers' bytes.

A pool of its own: reading text takes up to 620 MB for a moment (onimage/ocr.py) and an engine that stays, and
`detector.processes.workers` ends a process that holds half of what may be taken by a decode.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from detector.onimage.kit import PLAIN, Kit, dumped
from detector.onimage.looking import unreadable
from detector.processes.jobs import ControlJob, LookJob, allowed_seconds
from detector.processes.pool import Pool, cores
from detector.processes.wire_looks import control_line, look_line, read_control, read_readings
from storage.records import Failure, Reading

MEMORY_BYTES = 2 * 1024 * 1024 * 1024  # resident, beyond the file's own size
MOST_PROCESSES = 4  # each may hold half of that between two pictures
SECONDS = 60.0  # wall time a frame; 2 s are usual, and a machine may be busy
CONTROL_SECONDS = 60.0
WORTH_A_PROCESS = 6  # pictures: it takes 2.6 s of CPU to get ready, and a picture half a second


class Looked(NamedTuple):
    """A reading for each surface of the job, in that order."""

    job: LookJob
    readings: tuple[Reading, ...]


class Lookers:
    """Use as a context manager; usable several times, for one thing at a time. The first job starts the
    processes; `kit` is what they look for besides what is built in.

    Answers come as they are made, in no order; each job is answered exactly once. Raises TwinwatchError (kind
    "workers_cannot_start") where not even a fresh worker comes up.
    """

    def __init__(
        self,
        kit: Kit = PLAIN,
        processes: int | None = None,
        memory_bytes: int = MEMORY_BYTES,
        seconds: float = SECONDS,
    ) -> None:
        self._kit = kit
        self._processes = processes or min(cores(), MOST_PROCESSES)
        self._memory = memory_bytes
        self._seconds = seconds
        self._open = ExitStack()
        self._pool: Pool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        self._pool = None

    def look(self, jobs: Iterable[LookJob], expected: int | None = None) -> Iterator[Looked]:
        """Whatever becomes of a worker, the file's readings are `unreadable` with the reason. `expected`: how
        many jobs there will be; few of them are not worth many processes."""
        at_most = None if expected is None else 1 + expected // WORTH_A_PROCESS
        yield from self._started().run((_Look(job, self._seconds) for job in jobs), at_most)

    def control(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Each control by its name, and what was missed: "" when all that is known was found."""
        yield from self._started().run((_Control(ControlJob(name)) for name in names), 1)

    def _started(self) -> Pool:
        if self._pool is None:
            folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="twinwatch-look-"))
            kit = Path(folder, "kit.json")
            kit.write_bytes(dumped(self._kit))
            pool = Pool(self._processes, self._memory, ("detector.processes.look_worker", str(kit)))
            self._pool = self._open.enter_context(pool)
        return self._pool


@dataclass(frozen=True, slots=True)
class _Look:
    job: LookJob
    limit: float

    @property
    def path(self) -> Path:
        return self.job.path

    def seconds(self) -> float:
        return allowed_seconds(self.limit, self.path) * len(self.job.moments)

    def line(self) -> bytes:
        return look_line(self.job, self.seconds())

    def read(self, line: bytes) -> Looked:
        return Looked(self.job, read_readings(line, self.job.surfaces))

    def instead(self, failure: Failure) -> None:
        """What stopped one worker would stop the next."""

    def lost(self, failure: Failure) -> Looked:
        return Looked(self.job, tuple(unreadable(one, failure.message) for one in self.job.surfaces))


@dataclass(frozen=True, slots=True)
class _Control:
    job: ControlJob

    @property
    def path(self) -> Path:
        return Path()  # no stranger's file

    def seconds(self) -> float:
        return CONTROL_SECONDS

    def line(self) -> bytes:
        return control_line(self.job, self.seconds())

    def read(self, line: bytes) -> tuple[str, str]:
        return self.job.name, read_control(line)

    def instead(self, failure: Failure) -> None:
        """What stopped one worker would stop the next."""

    def lost(self, failure: Failure) -> tuple[str, str]:
        return self.job.name, failure.message
