"""Every reader is tried on what is known, before anything is read: one that misses it is blind tonight."""

from desk.jobs.stages.carried import Pass, Progress
from detector.control import by_reader, controls
from detector.lookers import Lookers
from storage.records import Failure

KIND = "missed_control"


def control(work: Pass) -> None:
    names = list(controls())
    missed: dict[str, str] = {}
    with Lookers(work.kit, processes=1) as lookers:
        for name, words in lookers.control(names):
            missed[name] = words
            work.tell(Progress("control", len(missed), len(names)))
    work.controls = by_reader(missed)
    for reader, words in work.blind.items():
        work.fail(Failure(KIND, f"it missed what is known, and is not believed tonight: {words}", reader))
