"""Pictures are looked at for labels where that can matter: where something says AI, or small text stands near
an edge. Surest evidence first, for as long as the night's budget lasts."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

from desk.jobs.looking import AI_LEVEL, job_of
from desk.jobs.stages.carried import Pass, Progress
from desk.jobs.stages.judge import Judge
from detector.control import MISSED
from detector.onimage.looking import unreadable
from detector.onimage.readers import stamps
from detector.pictures.frames import moves
from detector.processes.jobs import LookJob
from storage.records import Fingerprint, Reading, ReadingState, Surface
from storage.store import FileToLook, ItemToJudge

BUDGET = "budget"
GONE = "the bytes are no longer kept"
HINTED = 1  # the weight of small text near an edge, by itself
BATCH = 200
ROUNDS = 3  # a label that is found may be evidence for copies, which are then looked at too


def look(work: Pass) -> None:
    ends = time.monotonic() + work.settings.look_seconds
    today = {surface: stamp for surface, stamp in stamps(work.kit).items() if stamp}
    tried: set[str] = set()
    for _ in range(ROUNDS):
        _weigh(work)
        waiting = [file for file in work.store.looks.waiting(today) if file.sha256 not in tried]
        tried |= {file.sha256 for file in waiting}
        if not _look_at(work, Jobs(work, sorted(waiting, key=_order), ends), today):
            break


# --- what matters -------------------------------------------------------------------------------------------


def _weigh(work: Pass) -> None:
    """Of whatever is to be judged: how much does it matter what stands on the picture?"""
    judge = Judge(work.store, work.settings)
    changed: list[tuple[ItemToJudge, int]] = []
    for item in work.store.items_to_judge(judge.stamp):
        weight = _weight(judge, item)
        if weight != item.look:
            changed.append((item, weight))
        if len(changed) >= BATCH:
            work.store.looks.weigh(changed)
            changed.clear()
    work.store.looks.weigh(changed)


def _weight(judge: Judge, item: ItemToJudge) -> int:
    level = judge.level(item)
    if level >= AI_LEVEL:
        return level
    return HINTED if item.may_bear_text else 0


def _order(file: FileToLook) -> tuple[bool, bool, int, int]:
    """Where something says AI: first what an earlier night could not come to, then the surest. Then where
    text alone hints, which is half of all pictures: the newest, so that no backlog stands before them."""
    if file.weight < AI_LEVEL:
        return True, False, 0, -file.newest
    return False, not file.waits, -file.weight, -file.newest


# --- looking ------------------------------------------------------------------------------------------------


def _look_at(work: Pass, jobs: "Jobs", today: Mapping[Surface, str]) -> bool:
    """Whether a label was found that was not known before."""
    found = False
    for job, readings in work.lookers.look(jobs, jobs.left):
        file = jobs.under_way.pop(job)
        changed = work.store.looks.save(file.sha256, readings, today, work.now)
        found = found or (changed and any(one.state is ReadingState.PRESENT for one in readings))
        work.looked += 1
        work.tell(Progress("look", work.looked, work.looked + len(jobs.under_way) + jobs.left))
    work.store.looks.put_off(jobs.put_off, work.now)
    return found


class Jobs:
    """The files one by one, for as long as there is time. `put_off` says of the rest why."""

    def __init__(self, work: Pass, files: Sequence[FileToLook], ends: float) -> None:
        self.under_way: dict[LookJob, FileToLook] = {}
        self.put_off: list[tuple[str, list[Reading]]] = []
        self.left = len(files)
        self._work = work
        self._files = files
        self._ends = ends

    def __iter__(self) -> Iterator[LookJob]:
        for start in range(0, len(self._files), BATCH):
            some = self._files[start : start + BATCH]
            moving = [file.sha256 for file in some if moves(file.format)]
            fingerprints = self._work.store.fingerprints(moving)
            for file in some:
                self.left -= 1
                job = self._job(file, fingerprints.get(file.sha256, ()))
                if job is not None:
                    self.under_way[job] = file
                    yield job

    def _job(self, file: FileToLook, fingerprints: Iterable[Fingerprint]) -> LookJob | None:
        """None where it is passed over."""
        media, blind = self._work.store.media, self._work.blind
        seeing = tuple(surface for surface in file.surfaces if surface not in blind)
        self._pass_over(file, [surface for surface in file.surfaces if surface in blind], MISSED)
        if not media.has(file.sha256):
            self._pass_over(file, seeing, GONE)
        elif seeing and time.monotonic() >= self._ends:
            self._work.look_left += 1
            self._work.look_left_ai += file.weight >= AI_LEVEL
            self._pass_over(file, seeing, BUDGET)
        elif seeing:
            return job_of(media.path(file.sha256), seeing, file.format, fingerprints, cut=file.cut)
        return None

    def _pass_over(self, file: FileToLook, surfaces: Sequence[Surface], why: str) -> None:
        if surfaces:
            self.put_off.append((file.sha256, [unreadable(surface, why) for surface in surfaces]))
