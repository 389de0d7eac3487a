"""A pool of worker processes that look at hostile files: each limited in time and in resident memory, watched
from outside, replaced when it dies. It knows tasks, not what they are about: `workers` does,
and `worker` (or another module that serves as it does) is what runs inside.

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
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self, TypeVar

import psutil

from detector.processes.worker import READY
from storage.errors import TwinwatchError
from storage.records import Failure

START_SECONDS = 60.0
STARVED = 5  # times its wall time are given to a worker that got less than half of it in CPU time: a machine
# that is busy with other things makes no picture a hostile one
WATCH_SECONDS = 0.02  # a decoder that fills memory gets about 40 MB further between two looks
ANSWER_LIMIT = 16 * 1024 * 1024  # bytes: no honest answer is longer
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
ROOT = Path(__file__).resolve().parents[2]
WORKER = "detector.processes.worker"

Answer = TypeVar("Answer")
Answered = TypeVar("Answered", covariant=True)


class Task(Protocol[Answered]):
    """One piece of work for one worker."""

    @property
    def path(self) -> Path:
        """The stranger's file it is about, whose size the worker may need in memory besides."""

    def seconds(self) -> float:
        """Wall time it may take."""

    def line(self) -> bytes:
        """What the worker is told."""

    def read(self, line: bytes) -> Answered:
        """The answer, checked field by field. Raises ValueError for anything that is none."""

    def instead(self, failure: Failure) -> "Task[Answered] | None":
        """What another worker may still try when one was lost over this."""

    def lost(self, failure: Failure) -> Answered:
        """The answer when no worker could give one."""


@dataclass(slots=True)
class _Worker:
    """One process and what it is doing. `since` is when it began to (monotonic seconds), `doom` why it was
    killed."""

    process: "subprocess.Popen[bytes]"
    tasks: IO[bytes]  # its standard input
    out: int  # its standard output, a file descriptor
    since: float
    ready: bool = False
    task: Task[Any] | None = None
    allowance: int = 0  # bytes: the file itself lies in the worker's memory
    seconds: float = 0.0  # wall time for its task
    used: float = 0.0  # CPU seconds before it
    answer: bytearray = field(default_factory=bytearray)
    doom: Failure | None = None

    def kill(self) -> None:
        """The whole process group, so that nothing it may have started stays."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()


class Pool:
    """Use as a context manager. `memory_bytes` is resident memory a worker, `command` the module that it runs
    and what that is told.

    Answers come as they are made, in no order; each task is answered exactly once. One whose worker was
    stopped or died is lost to a Failure: "time_limit", "memory_limit" or "worker_died". Raises TwinwatchError
    (kind "workers_cannot_start") where not even a fresh worker comes up.
    """

    def __init__(
        self,
        processes: int | None,
        memory_bytes: int,
        command: Sequence[str] = (WORKER,),
    ) -> None:
        self._most = processes or cores()
        self._count = self._most
        self._memory = memory_bytes
        self._command = tuple(command)
        self._workers: list[_Worker] = []
        self._running = False
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

    def run(self, tasks: Iterable[Task[Answer]], at_most: int | None = None) -> Iterator[Answer]:
        """Tasks are taken from the iterable only as workers come free, in the caller's own thread. One run at
        a time: a second one beside it would hear the first one's answers (RuntimeError). `at_most`: no more
        workers are started for it than until there are so many."""
        if self._running:
            raise RuntimeError("this pool is at work: end the first run before the next")
        self._running = True
        self._count = min(self._most, at_most or self._most)
        waiting = iter(tasks)
        try:
            more = self._hand_out(waiting)
            while any(worker.task for worker in self._workers):
                for worker in self._readable():
                    yield from self._hear(worker)
                if more:
                    more = self._hand_out(waiting)
        finally:
            self._running = False
            for worker in [worker for worker in self._workers if worker.task]:
                self._end(worker)

    def pids(self) -> tuple[int, ...]:
        """The processes there are now."""
        return tuple(worker.process.pid for worker in self._workers)

    # --- handing out and hearing --------------------------------------------------------------------------

    def _hand_out(self, waiting: Iterator[Task[Answer]]) -> bool:
        """Give every idle worker a task, starting workers as long as there are fewer than allowed. False: no
        task left."""
        while True:
            for worker in [
                one for one in self._workers if one.task is None and one.process.poll() is not None
            ]:
                self._end(worker)  # killed while idle: no file's fault
            idle = next((worker for worker in self._workers if worker.task is None), None)
            if idle is None and len(self._workers) >= self._count:
                return True
            task = next(waiting, None)
            if task is None:
                return False
            self._give(idle or self._start(), task)

    def _start(self) -> _Worker:
        environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        process = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [sys.executable, "-P", "-B", "-m", *self._command],
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

    def _give(self, worker: _Worker, task: Task[Any]) -> None:
        worker.allowance = _size(task.path)
        worker.seconds = task.seconds()
        with self._lock:
            worker.task = task
            if worker.ready:
                worker.since, worker.used = time.monotonic(), _cpu_seconds(worker)
        with suppress(BrokenPipeError):  # it died while idle: its output ends, and that is heard
            worker.tasks.write(task.line())
            worker.tasks.flush()

    def _readable(self) -> list[_Worker]:
        with selectors.DefaultSelector() as selector:
            for worker in self._workers:
                selector.register(worker.out, selectors.EVENT_READ, worker)
            return [key.data for key, _ in selector.select()]

    def _hear(self, worker: _Worker) -> Iterator[Any]:
        """The answer, once it is whole."""
        try:
            heard = os.read(worker.out, 1 << 20)
        except BlockingIOError:
            return
        if not heard:
            yield from self._died(worker)
            return
        worker.answer += heard
        if len(worker.answer) > ANSWER_LIMIT:
            worker.doom = Failure("worker_died", "it answered without end, and was stopped")
            worker.kill()
        if not worker.ready and worker.answer.startswith(READY):
            del worker.answer[: len(READY)]
            with self._lock:
                worker.ready, worker.since, worker.used = True, time.monotonic(), _cpu_seconds(worker)
        if worker.answer.endswith(b"\n"):
            yield from self._answered(worker)

    def _answered(self, worker: _Worker) -> Iterator[Any]:
        line = bytes(worker.answer)
        worker.answer.clear()
        if worker.task is None:
            self._end(worker)  # it speaks without being asked
            return
        task = worker.task
        with self._lock:
            worker.task = None
        try:
            answer = task.read(line)
        except ValueError as error:
            self._end(worker)
            yield from self._lost(task, Failure("worker_died", str(error), str(task.path)))
            return
        if _resident(worker) > self._memory // 2:
            self._end(worker)  # it holds on to memory: a fresh one is cheaper than a false alarm
        yield answer

    def _died(self, worker: _Worker) -> Iterator[Any]:
        task, doom, ready = worker.task, worker.doom, worker.ready
        self._end(worker)
        if not ready:
            why = doom.message if doom else f"status {worker.process.returncode}"
            raise TwinwatchError(f"a worker did not start ({why})", kind="workers_cannot_start")
        if task is not None:
            status = worker.process.returncode
            failure = doom or Failure("worker_died", f"the worker ended with status {status}")
            yield from self._lost(task, replace(failure, where=str(task.path)))

    def _lost(self, task: Task[Answer], failure: Failure) -> Iterator[Answer]:
        another = task.instead(failure)
        if another is None:
            yield task.lost(failure)
        else:
            self._give(self._start(), another)

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
                    if worker.doom is None and (worker.task or not worker.ready)
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
        waited = time.monotonic() - worker.since
        if waited <= limit or _has_spoken(worker):
            return None
        if waited <= STARVED * limit and _cpu_seconds(worker) - worker.used < limit / 2:
            return None
        return Failure("time_limit", f"stopped after {max(limit, waited // 1):g} seconds")


def cores() -> int:
    """Those that we may use: fewer than the machine's in a container."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _size(path: Path) -> int:
    """Bytes; 0 where there is no file."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _resident(worker: _Worker) -> int:
    """Bytes; 0 where the process is gone."""
    try:
        return int(psutil.Process(worker.process.pid).memory_info().rss)
    except psutil.Error:
        return 0


def _cpu_seconds(worker: _Worker) -> float:
    """That it has used so far; 0 where the process is gone."""
    try:
        times = psutil.Process(worker.process.pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _has_spoken(worker: _Worker) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(worker.out, selectors.EVENT_READ)
        return bool(selector.select(timeout=0))
