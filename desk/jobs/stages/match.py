"""What was collected is matched with what is registered, and linked to earlier copies of itself."""

from pathlib import Path

from desk.jobs.cached import taken, told
from desk.jobs.copies import Copies
from desk.jobs.flooded import Floods
from desk.jobs.old_packs import told_once
from desk.jobs.stages.carried import Pass, Progress
from desk.jobs.stored_matches import StoredMatches
from storage.errors import ArchiveError


def match(work: Pass) -> None:
    """A cache that cannot be written costs time, and no finding."""
    for failure in list(told_once(work.store)):
        work.fail(failure)
    cache = None if work.store.rehearsed else work.settings.cache
    if cache is None:
        _matched(work, None, Floods(work.store, work.settings.brake, None))
        return
    began = Floods(work.store, work.settings.brake, None)
    try:
        with taken(work.store, cache):
            _matched(work, cache, Floods(work.store, work.settings.brake, cache))
    except ArchiveError as error:
        work.fail(told(error))
        _matched(work, None, began)


def _matched(work: Pass, cache: Path | None, floods: Floods) -> None:
    def tell(stage: str, done: int, total: int | None) -> None:
        work.tell(Progress(stage, done, total))

    stage = StoredMatches(work.store, work.workers, tell, cache, work.retro)
    stage.bring_up_to_date()
    for failure in stage.failures:
        work.fail(failure)
    if cache is not None:
        copies = Copies(work.store, work.workers, cache, tell)
        copies.bring_up_to_date()
        for failure in copies.failures:
            work.fail(failure)
    work.quarantined = floods.stop(work.now)
