"""Every reader is tried on what is known, before anything is read: one that misses it is blind tonight."""

from desk.jobs.stages.carried import Pass, Progress
from detector.control import by_reader, controls
from storage.errors import TwinwatchError
from storage.records import Failure

KIND = "missed_control"


def control(work: Pass) -> None:
    names = list(controls())
    missed: dict[str, str] = {}
    try:
        for name, words in work.lookers.control(names):
            missed[name] = words
            work.tell(Progress("control", len(missed), len(names)))
    except TwinwatchError as error:  # no process starts: then nobody knows whether the readers see
        missed |= {name: str(error) for name in names if name not in missed}
    work.controls = by_reader(missed)
    for reader, words in work.blind.items():
        work.fail(Failure(KIND, f"it missed what is known, and is not believed tonight: {words}", reader))
