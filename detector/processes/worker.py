"""The worker process (`python -m detector.processes.worker`): jobs in on standard input, answers out,
until the input ends.

Whoever decodes strangers' bytes may not do much else: no core dumps, no files written, few open, no children
that outlive it. It ends at once when its parent does, even in the middle of a decode.
"""

import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import BinaryIO, TypeVar

import cv2

from detector.examine import examine, not_looked_at, stage_versions
from detector.onimage.drawn import drawn
from detector.pictures import complaints
from detector.pictures.decode import decode_clear
from detector.pictures.opened import failure_of, small_rgb
from detector.pictures.plain_files import plain_bytes, why_unread
from detector.processes.jobs import DrawJob, ExamineJob, ShowJob, VerifyJob
from detector.processes.wire import Job, examination_line, picture_line, read_job
from detector.processes.wire_alignments import alignments_line
from detector.processes.wire_drawings import drawing_line
from detector.trust import NO_TRUST, loaded
from detector.verification import PreparedReferences, verified
from storage.errors import PictureError
from storage.formats import format_of
from storage.records import Examination, Failure

READY = b"ready\n"
OPEN_FILES = 64
LATE_SECONDS = 5  # grace beyond the wall time that the parent watches, before the kernel ends us by CPU time


Asked = TypeVar("Asked")


def main() -> None:
    kept = PreparedReferences()
    serve(stage_versions, read_job, lambda job, _: _answer(job, kept))  # every hash and reader is imported


def serve(
    prepare: Callable[[], object],
    read: Callable[[bytes], tuple[Asked, float]],
    answer: Callable[[Asked, float], bytes],
) -> None:
    """Get ready, then answer jobs for ever. `prepare` runs before the limits and the first clock; `read`
    gives a job and the seconds that it may take."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    complaints.listen()
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    jobs: SimpleQueue[bytes] = SimpleQueue()
    cv2.setNumThreads(1)  # a worker a core: threads inside would only stand in each other's way
    prepare()
    _confine()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, jobs), daemon=True).start()
    answers.write(READY)
    while True:
        job, seconds = read(jobs.get())
        _limit_cpu(seconds)
        _send(answers, answer(job, seconds))


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


def _limit_cpu(seconds: float) -> None:
    """A second lock on the door: should the parent be gone or stopped, the kernel ends a decode that never
    does."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + LATE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _answer(job: Job, kept: PreparedReferences) -> bytes:
    if isinstance(job, ExamineJob):
        return examination_line(_examined(job))
    if isinstance(job, VerifyJob):
        return _verified(job, kept)
    return drawing_of(job) if isinstance(job, DrawJob) else _shown(job)


def _examined(job: ExamineJob) -> Examination:
    try:
        trust = loaded(job.trust) if job.trust else NO_TRUST
    except (OSError, ValueError) as error:  # under no lists' versions, so that it is looked at again
        return not_looked_at(Failure("trust_unreadable", str(error), str(job.trust)), job.stages)
    try:
        data = plain_bytes(job.path)
    except OSError as error:
        return not_looked_at(why_unread(error, job.path), job.stages, trust=trust)
    try:
        return examine(data, job.stages, exact=job.exact, trust=trust)
    except MemoryError:
        failure = Failure("memory_limit", "it does not fit into memory")
        return not_looked_at(failure, job.stages, trust=trust)


def _verified(job: VerifyJob, kept: PreparedReferences) -> bytes:
    try:
        return alignments_line(*verified(job.picture, job.references, kept, job.closely))
    except MemoryError:
        kept.clear()
        return alignments_line((), Failure("memory_limit", "it does not fit into memory", str(job.picture)))


def _shown(job: ShowJob) -> bytes:
    try:
        return picture_line(small_rgb(job.path, job.edge, job.at))
    except PictureError as error:
        return picture_line(None, failure_of(error, job.path))


def drawing_of(job: DrawJob) -> bytes:
    """The answer to it, as a line."""
    try:
        data = plain_bytes(job.path)
        return drawing_line(drawn(decode_clear(data, format_of(data))))
    except PictureError as error:
        return drawing_line(None, failure_of(error, job.path))
    except OSError as error:
        return drawing_line(None, why_unread(error, job.path))
    except MemoryError:
        return drawing_line(None, Failure("memory_limit", "it does not fit into memory", str(job.path)))


if __name__ == "__main__":
    main()
