"""What worker processes can be asked: to examine files, to verify candidates, to show a picture as pixels, to
lift a mark from its file.
Who asks never decodes strangers' bytes. `pool` holds the processes, `worker` is inside."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from detector.examine import ORIGIN, not_looked_at
from detector.matching.candidate import Alignment
from detector.processes.jobs import (
    DrawJob,
    Drawn,
    ExamineJob,
    Reference,
    ShowJob,
    Shown,
    Verified,
    VerifyJob,
    allowed_seconds,
    second,
)
from detector.processes.pool import Pool
from detector.processes.wire import (
    draw_line,
    examine_line,
    read_examination,
    read_picture,
    show_line,
    verify_line,
)
from detector.processes.wire_alignments import read_alignments
from detector.processes.wire_drawings import read_drawing
from detector.trust import NO_TRUST, Trust, dumped
from storage.records import Examination, Failure

MEMORY_BYTES = 1024 * 1024 * 1024  # resident, beyond the file's own size; a worker at rest needs about 60 MB
SECONDS = 20.0  # wall time a small file; a larger one gets more (jobs.allowed_seconds)
REFERENCE_SECONDS = 2.0  # wall time more for each reference: about 0.1 s, and its decode if it is a large one
MOST_REFERENCES = 16  # verified in one piece; more are split, and share the workers

Files = Iterable[tuple[Path, tuple[str, ...] | None]]


class Workers:
    """Use as a context manager; usable several times, for one thing at a time. `memory_bytes` is resident
    memory a worker, `seconds` wall time a file; `exact` hashes the whole decode (detector.examine); `trust`
    are the lists that signers are looked up in.

    Answers come as they are made, in no order; each job is answered exactly once. A file whose worker was
    stopped or died carries a Failure: "time_limit", "memory_limit" or "worker_died". Raises TwinwatchError
    (kind "workers_cannot_start") where not even a fresh worker comes up.
    """

    def __init__(
        self,
        processes: int | None = None,
        memory_bytes: int = MEMORY_BYTES,
        seconds: float = SECONDS,
        *,
        exact: bool = False,
        trust: Trust = NO_TRUST,
    ) -> None:
        self._pool = Pool(processes, memory_bytes)
        self._seconds = seconds
        self._exact = exact
        self._trust = trust
        self._lists: Path | None = None  # a file that holds them: workers read it once, not with every job

    def __enter__(self) -> Self:
        if self._trust.lists:
            with tempfile.NamedTemporaryFile(prefix="twinwatch-trust-", suffix=".json", delete=False) as file:
                file.write(dumped(self._trust))
            self._lists = Path(file.name)
        self._pool.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.__exit__(kind, error, trace)
        if self._lists is not None:
            self._lists.unlink(missing_ok=True)

    def pids(self) -> tuple[int, ...]:
        """The processes there are now."""
        return self._pool.pids()

    def examine(self, files: Files) -> Iterator[tuple[Path, Examination]]:
        """Each file by its stages (None: those of every collected file). Whatever its pixels did to a worker,
        what its bytes say of their origin is there all the same, read by another without decoding."""
        yield from self._pool.run(
            _Examine(ExamineJob(path, stages, self._exact, self._lists), self._seconds, self._trust)
            for path, stages in files
        )

    def verify(self, jobs: Iterable[VerifyJob]) -> Iterator[Verified]:
        """Lay each picture on its references. A job of many is worked on in pieces, and answered when the
        last of them is done."""
        parts: dict[int, _Parts] = {}

        def pieces() -> Iterator[_Verify]:
            for job in jobs:
                split = list(_split(job.references)) or [()]
                parts[id(job)] = _Parts(job, len(split))
                yield from (_Verify(job, piece, self._seconds) for piece in split)

        for job, alignments, failure in self._pool.run(pieces()):
            found = parts[id(job)]
            found.add(alignments, failure)
            if not found.missing:
                del parts[id(job)]
                yield Verified(job, found.alignments, found.failure)

    def show(self, jobs: Iterable[ShowJob]) -> Iterator[Shown]:
        """Small pictures as pixels, for somebody who wants to draw them."""
        yield from self._pool.run(_Show(job, self._seconds) for job in jobs)

    def draw(self, jobs: Iterable[DrawJob]) -> Iterator[Drawn]:
        """The mark on each file, or why it cannot serve as one."""
        yield from self._pool.run(_Draw(job, self._seconds) for job in jobs)


# --- the four kinds of task ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Examine:
    """`died` is what a first worker died of: then a second one reads the origin alone, which needs no
    decoding."""

    job: ExamineJob
    limit: float
    trust: Trust
    asked: tuple[str, ...] | None = None
    died: Failure | None = None

    @property
    def path(self) -> Path:
        return self.job.path

    def seconds(self) -> float:
        return allowed_seconds(self.limit, self.path)

    def line(self) -> bytes:
        return examine_line(self.job, self.seconds())

    def read(self, line: bytes) -> tuple[Path, Examination]:
        examination = read_examination(line)
        if self.died:
            ran = self._ran(self.died, self.asked).stages
            examination = replace(examination, stages=ran, failure=self.died)
        return self.path, examination

    def instead(self, failure: Failure) -> "_Examine | None":
        """What the pixels did to one worker must not hide what the bytes say."""
        stages = self.job.stages
        origin = tuple(name for name in self._ran(failure, stages).stages if name.startswith(ORIGIN))
        if self.died or not origin or origin == stages:
            return None
        return _Examine(replace(self.job, stages=origin), self.limit, self.trust, stages, failure)

    def lost(self, failure: Failure) -> tuple[Path, Examination]:
        return self.path, self._ran(self.died or failure, self.asked if self.died else self.job.stages)

    def _ran(self, failure: Failure, stages: tuple[str, ...] | None) -> Examination:
        return not_looked_at(failure, stages, trust=self.trust)


@dataclass(frozen=True, slots=True)
class _Verify:
    """A piece of a job: some of its references, beside one frame or several."""

    job: VerifyJob
    references: tuple[Reference, ...]
    limit: float

    @property
    def path(self) -> Path:
        return self.job.picture

    def seconds(self) -> float:
        return allowed_seconds(self.limit, self.path) + REFERENCE_SECONDS * len(self.references)

    def line(self) -> bytes:
        return verify_line(self.path, self.references, self.job.closely, self.seconds())

    def read(self, line: bytes) -> tuple[VerifyJob, tuple[Alignment, ...], Failure | None]:
        return self.job, *read_alignments(line, [(sha256, at) for sha256, _, at in self.references])

    def instead(self, failure: Failure) -> None:
        """What stopped one worker would stop the next."""

    def lost(self, failure: Failure) -> tuple[VerifyJob, tuple[Alignment, ...], Failure | None]:
        return self.job, (), failure


@dataclass(slots=True)
class _Parts:
    """What is there already of a job that is worked on in pieces."""

    job: VerifyJob
    missing: int
    alignments: tuple[Alignment, ...] = ()
    failure: Failure | None = None

    def add(self, alignments: tuple[Alignment, ...], failure: Failure | None) -> None:
        self.missing -= 1
        self.alignments += alignments
        self.failure = self.failure or failure


@dataclass(frozen=True, slots=True)
class _Show:
    job: ShowJob
    limit: float

    @property
    def path(self) -> Path:
        return self.job.path

    def seconds(self) -> float:
        return allowed_seconds(self.limit, self.path)

    def line(self) -> bytes:
        return show_line(self.job, self.seconds())

    def read(self, line: bytes) -> Shown:
        picture, failure = read_picture(line, self.job.edge)
        if picture is None:
            return Shown(self.job, None, 0, 0, failure)
        return Shown(self.job, picture.pixels, picture.width, picture.height, failure)

    def instead(self, failure: Failure) -> None:
        """What stopped one worker would stop the next."""

    def lost(self, failure: Failure) -> Shown:
        return Shown(self.job, None, 0, 0, failure)


@dataclass(frozen=True, slots=True)
class _Draw:
    job: DrawJob
    limit: float

    @property
    def path(self) -> Path:
        return self.job.path

    def seconds(self) -> float:
        return allowed_seconds(self.limit, self.path)

    def line(self) -> bytes:
        return draw_line(self.job, self.seconds())

    def read(self, line: bytes) -> Drawn:
        return Drawn(self.job, *read_drawing(line))

    def instead(self, failure: Failure) -> None:
        """What stopped one worker would stop the next."""

    def lost(self, failure: Failure) -> Drawn:
        return Drawn(self.job, None, failure)


def _split(references: tuple[Reference, ...]) -> Iterator[tuple[Reference, ...]]:
    """No more than `MOST_REFERENCES` in one piece, and frames in the order of time: a film is decoded
    forwards. The same reference twice is one."""
    ordered = sorted({(one[0], one[2]): one for one in references}.values(), key=lambda one: second(one[2]))
    for start in range(0, len(ordered), MOST_REFERENCES):
        yield tuple(ordered[start : start + MOST_REFERENCES])
