"""Detection over everything stale: examine bytes, read texts, match, look at pictures, judge. It crawls
nothing and opens only what it must.

Each stage (`stages/`, one file each) is stored under its own version, so a night that was killed goes on
where it stood, and a new twin, reader or rule reruns its own stage alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from desk.jobs.looking import kit_of
from desk.jobs.stages.carried import Pass, Progress, Settings
from desk.jobs.stages.control import control
from desk.jobs.stages.examine import examine
from desk.jobs.stages.judge import judge
from desk.jobs.stages.look import look
from desk.jobs.stages.match import match
from desk.jobs.stages.read import read
from desk.jobs.stored_matches import Retro
from detector.processes.lookers import Lookers
from detector.processes.workers import Workers
from storage.records import Failure, Quarantine
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Detection:
    """What one pass did. Finding ids are those whose answer is new or changed, in the order of judging."""

    examined: int = 0
    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    alerts: tuple[int, ...] = ()
    noted: tuple[int, ...] = ()  # no AI, and a real person's picture was changed: new, or other than before
    failures: tuple[Failure, ...] = ()  # files that could not be looked at
    retro: Retro = field(default_factory=Retro)
    quarantined: tuple[Quarantine, ...] = ()  # references that the flood brake stopped in this pass
    no_reader_yet: int = 0  # files of a kind that nothing reads yet (AV1 videos): known, and no failure
    videos_cut: int = 0  # longer than what is looked at of one file: the rest is not known, and that is said
    damaged: int = 0  # pictures of which a part of the file is damaged: likewise
    controls: Mapping[str, str] = field(default_factory=dict)  # reader → what it missed ("": nothing)
    looked: int = 0  # pictures looked at for labels
    look_left: int = 0  # that the budget did not suffice for
    look_left_ai: int = 0  # of these, pictures of which something says AI: they come first next time


def detect(
    store: Store,
    run: str,
    *,
    now: datetime | None = None,
    tell: Callable[[Progress], None],
    settings: Settings | None = None,
) -> Detection:
    """One pass. A file that fails is recorded against that file, and the pass goes on."""
    chosen = settings or Settings()
    kit = kit_of(store, chosen.lexicon)
    with Lookers(kit) as lookers:  # of either pool the first file starts the processes
        with Workers(trust=chosen.trust) as workers:
            work = Pass(store, run, now or datetime.now(UTC), tell, chosen, workers, lookers, kit)
            if chosen.controls:
                control(work)
            examine(work)
            read(work)
            match(work)
        look(work)
    judge(work)
    return Detection(
        examined=work.examined,
        new=tuple(work.new),
        changed=tuple(work.changed),
        alerts=tuple(work.alerts),
        noted=tuple(work.noted),
        failures=tuple(work.failures),
        no_reader_yet=work.no_reader_yet,
        retro=work.retro,
        quarantined=work.quarantined,
        videos_cut=work.videos_cut,
        damaged=work.damaged,
        controls=work.controls,
        looked=work.looked,
        look_left=work.look_left,
        look_left_ai=work.look_left_ai,
    )
