"""Where a known mark stands on a picture that is being registered: so that a copy without it is noticed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from desk.jobs.looking import kit_of
from detector.processes.jobs import LookJob
from detector.processes.lookers import Lookers
from detector.wording.lexicon import BUILT_IN
from storage.records import Box, ReadingState, Surface
from storage.store import Store


@dataclass(frozen=True, slots=True)
class SeenMark:
    """A mark that the reader found, by its name, and its place in shares of the picture."""

    mark: str
    box: Box


def marks_seen(store: Store, paths: Iterable[Path]) -> Mapping[Path, SeenMark]:
    """Those that are there for sure, built in or registered by users; what is unclear is no place to compare
    at. A picture that cannot be looked at has none: then a person gives it."""
    jobs = [LookJob(path, (Surface.IMAGE_MARK,)) for path in paths]
    if not jobs:
        return {}
    found = {}
    with Lookers(kit_of(store, BUILT_IN)) as lookers:
        for job, readings in lookers.look(jobs, len(jobs)):
            for one in readings:
                if one.state is ReadingState.PRESENT and one.box is not None:
                    found[job.path] = SeenMark(str(one.prominence.get("mark", one.quote)), one.box)
    return found
