"""What was collected is matched with what is registered, and linked to earlier copies of itself."""

from desk.jobs.copies import Copies
from desk.jobs.flooded import Floods
from desk.jobs.stages.carried import Pass, Progress
from desk.jobs.stored_matches import StoredMatches


def match(work: Pass) -> None:
    cache = None if work.store.rehearsed else work.settings.cache
    floods = Floods(work.store, work.settings.brake, cache)

    def tell(stage: str, done: int, total: int | None) -> None:
        work.tell(Progress(stage, done, total))

    stage = StoredMatches(work.store, work.workers, tell, cache)
    stage.bring_up_to_date()
    work.retro = stage.retro
    for failure in stage.failures:
        work.fail(failure)
    if cache is not None:
        Copies(work.store, work.workers, cache, tell).bring_up_to_date()
    work.quarantined = floods.stop(work.now)
