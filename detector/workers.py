"""A pool of worker processes that look at hostile files: each limited in time and in resident memory, watched
from outside, replaced when it dies. `detector.worker` is what runs inside.

Address space (RLIMIT_AS) cannot be limited: 512 MB of it do not even suffice to import the decoders
(stack.md). So a thread of the parent reads each worker's resident memory many times a second and kills what
grows over the limit.
"""

import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil

from detector.examine import ORIGIN, not_looked_at
from detector.wire import job_line, read_examination
from detector.worker import READY, allowed_seconds
from storage.errors import TwinwatchError
from storage.records import Examination, Failure

MEMORY_BYTES = 1024 * 1024 * 1024  # resident, beyond the file's own size; a worker at rest needs about 60 MB
SECONDS = 20.0  # wall time a file, and more the larger it is (worker.allowed_seconds)
START_SECONDS = 60.0
WATCH_SECONDS = 0.02  # a decoder that fills memory gets about 40 MB further between two looks
ANSWER_LIMIT = 16 * 1024 * 1024  # bytes: no honest examination is longer
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
ROOT = Path(__file__).resolve().parent.parent

Job = tuple[Path, tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class _Task:
    """A job, and what a first worker died of: then a second one reads the origin alone, which needs no
    decoding."""

    path: Path
    stages: tuple[str, ...] | None
    asked: tuple[str, ...] | None
    lost: Failure | None = None


@dataclass(slots=True)
class _Worker:
    """One process and what it is doing. `since` is when it began to (monotonic seconds), `doom` why it was
    killed."""

    process: "subprocess.Popen[bytes]"
    jobs: IO[bytes]  # its standard input
    out: int  # its standard output, a file descriptor
    since: float
    ready: bool = False
    job: _Task | None = None
    allowance: int = 0  # bytes: the file itself lies in the worker's memory
    seconds: float = 0.0  # wall time for its file
    answer: bytearray = field(default_factory=bytearray)
    doom: Failure | None = None

    def kill(self) -> None:
        """The whole process group, so that nothing it may have started stays."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()


class Workers:
    """Use as a context manager. `memory_bytes` is resident memory a worker, `seconds` wall time a file;
    `exact` hashes the whole decode (detector.examine).

    Examinations come as they are done, in no order; each job is answered exactly once. A file whose worker
    was stopped or died carries a Failure: "time_limit", "memory_limit" or "worker_died"; what its bytes say
    of their origin is there all the same, read by another worker without decoding. Raises TwinwatchError
    (kind "workers_cannot_start") where not even a fresh worker comes up.
    """

    def __init__(
        self,
        processes: int | None = None,
        memory_bytes: int = MEMORY_BYTES,
        seconds: float = SECONDS,
        *,
        exact: bool = False,
    ) -> None:
        self._count = processes or _cores()
        self._memory = memory_bytes
        self._seconds = seconds
        self._exact = exact
        self._workers: list[_Worker] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._watch = threading.Thread(target=self._watch_all, name="worker watch", daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        for worker in list(self._workers):
            self._end(worker)
        self._watch.join()

    def examine(self, jobs: Iterable[Job]) -> Iterator[tuple[Path, Examination]]:
        """Jobs are taken from the iterable only as workers come free, in the caller's own thread."""
        waiting = iter(jobs)
        try:
            more = self._hand_out(waiting)
            while any(worker.job for worker in self._workers):
                for worker in self._readable():
                    answered = self._hear(worker)
                    if answered:
                        yield answered
                if more:
                    more = self._hand_out(waiting)
        finally:
            for worker in [worker for worker in self._workers if worker.job]:
                self._end(worker)

    def pids(self) -> tuple[int, ...]:
        """The processes there are now."""
        return tuple(worker.process.pid for worker in self._workers)

    # --- handing out and hearing --------------------------------------------------------------------------

    def _hand_out(self, waiting: Iterator[Job]) -> bool:
        """Give every idle worker a job, starting workers as long as there are fewer than allowed. False: no
        job left."""
        while True:
            for worker in [
                one for one in self._workers if one.job is None and one.process.poll() is not None
            ]:
                self._end(worker)  # killed while idle: no file's fault
            idle = next((worker for worker in self._workers if worker.job is None), None)
            if idle is None and len(self._workers) >= self._count:
                return True
            job = next(waiting, None)
            if job is None:
                return False
            path, stages = job
            self._give(idle or self._start(), _Task(path, stages, asked=stages))

    def _start(self) -> _Worker:
        environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-P", "-B", "-m", "detector.worker", str(self._seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, **threads, "PYTHONPATH": str(ROOT)},
            start_new_session=True,  # Ctrl-C reaches the parent alone
        )
        if process.stdin is None or process.stdout is None:
            raise TwinwatchError("a worker has no pipes", kind="workers_cannot_start")
        worker = _Worker(process, process.stdin, process.stdout.fileno(), time.monotonic())
        os.set_blocking(worker.out, False)
        with self._lock:
            self._workers.append(worker)
        return worker

    def _give(self, worker: _Worker, job: _Task) -> None:
        with suppress(OSError):
            worker.allowance = job.path.stat().st_size
        worker.seconds = allowed_seconds(self._seconds, job.path)
        with self._lock:
            worker.job = job
            if worker.ready:
                worker.since = time.monotonic()
        with suppress(BrokenPipeError):  # it died while idle: its output ends, and that is heard
            worker.jobs.write(job_line(job.path, job.stages, exact=self._exact))
            worker.jobs.flush()

    def _readable(self) -> list[_Worker]:
        with selectors.DefaultSelector() as selector:
            for worker in self._workers:
                selector.register(worker.out, selectors.EVENT_READ, worker)
            return [key.data for key, _ in selector.select()]

    def _hear(self, worker: _Worker) -> tuple[Path, Examination] | None:
        try:
            heard = os.read(worker.out, 1 << 20)
        except BlockingIOError:
            return None
        if not heard:
            return self._died(worker)
        worker.answer += heard
        if len(worker.answer) > ANSWER_LIMIT:
            worker.doom = Failure("worker_died", "it answered without end, and was stopped")
            worker.kill()
        if not worker.ready and worker.answer.startswith(READY):
            del worker.answer[: len(READY)]
            with self._lock:
                worker.ready, worker.since = True, time.monotonic()
        return self._answered(worker) if worker.answer.endswith(b"\n") else None

    def _answered(self, worker: _Worker) -> tuple[Path, Examination] | None:
        line = bytes(worker.answer)
        worker.answer.clear()
        if worker.job is None:
            self._end(worker)  # it speaks without being asked
            return None
        job = worker.job
        with self._lock:
            worker.job = None
        try:
            examination = read_examination(line)
        except ValueError as error:
            self._end(worker)
            return self._lost(job, Failure("worker_died", str(error), str(job.path)))
        if _resident(worker) > self._memory // 2:
            self._end(worker)  # it holds on to memory: a fresh one is cheaper than a false alarm
        if job.lost:
            ran = not_looked_at(job.lost, job.asked).stages
            examination = replace(examination, stages=ran, failure=job.lost)
        return job.path, examination

    def _died(self, worker: _Worker) -> tuple[Path, Examination] | None:
        job, doom, ready = worker.job, worker.doom, worker.ready
        self._end(worker)
        if not ready:
            status = worker.process.returncode
            raise TwinwatchError(f"a worker did not start (status {status})", kind="workers_cannot_start")
        if job is None:
            return None
        failure = doom or Failure("worker_died", f"the worker ended with status {worker.process.returncode}")
        return self._lost(job, replace(failure, where=str(job.path)))

    def _lost(self, job: _Task, failure: Failure) -> tuple[Path, Examination] | None:
        """What the pixels did to one worker must not hide what the bytes say: the origin is read in
        another."""
        origin = tuple(name for name in not_looked_at(failure, job.stages).stages if name.startswith(ORIGIN))
        if job.lost or not origin or origin == job.stages:
            return job.path, not_looked_at(job.lost or failure, job.asked)
        self._give(self._start(), _Task(job.path, origin, job.asked, failure))
        return None

    def _end(self, worker: _Worker) -> None:
        with self._lock:
            self._workers.remove(worker)
        worker.kill()
        worker.process.wait()
        for pipe in (worker.process.stdin, worker.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    # --- the watch ----------------------------------------------------------------------------------------

    def _watch_all(self) -> None:
        while not self._closing.wait(WATCH_SECONDS):
            with self._lock:
                busy = [
                    worker
                    for worker in self._workers
                    if worker.doom is None and (worker.job or not worker.ready)
                ]
                for worker in busy:
                    worker.doom = self._judged(worker)
                    if worker.doom is not None:
                        worker.kill()

    def _judged(self, worker: _Worker) -> Failure | None:
        """Why it has to go, if it has. One that has answered is only waiting to be heard."""
        resident = _resident(worker)
        if resident > self._memory + worker.allowance:
            return Failure("memory_limit", f"stopped at {resident >> 20} MiB of memory")
        limit = worker.seconds if worker.ready else START_SECONDS
        if time.monotonic() - worker.since > limit and not _has_spoken(worker):
            return Failure("time_limit", f"stopped after {limit:g} seconds")
        return None


def _cores() -> int:
    """Those that we may use: fewer than the machine's in a container."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _resident(worker: _Worker) -> int:
    """Bytes; 0 where the process is gone."""
    try:
        return int(psutil.Process(worker.process.pid).memory_info().rss)
    except psutil.Error:
        return 0


def _has_spoken(worker: _Worker) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(worker.out, selectors.EVENT_READ)
        return bool(selector.select(timeout=0))
