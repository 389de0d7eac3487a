"""What a pass of detection carries from stage to stage, and what is told of it meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from desk.jobs.flood import Brake
from desk.jobs.stored_matches import Retro
from detector.onimage.kit import Kit
from detector.processes.lookers import Lookers
from detector.processes.workers import Workers
from detector.rulebook import Rulebook, built_in
from detector.trust import NO_TRUST, Trust
from detector.wording.lexicon import BUILT_IN, Lexicon
from storage.records import PARTLY_SEEN, Failure, Quarantine
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is. `total` is None where it is not known beforehand."""

    # "register", "control", "examine", "read", "archive", "retro", "match", "copies", "look", "judge"
    stage: str
    done: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says about matching, words, rules, trust and looking. `cache`: the folder for
    what can be made again; None: nothing is kept from one pass to the next. `look_seconds`: wall time of a
    pass for looking at pictures. `controls`: try the readers first."""

    cache: Path | None = None
    brake: Brake = field(default_factory=Brake)
    lexicon: Lexicon = BUILT_IN
    rulebook: Rulebook = field(default_factory=built_in)
    trust: Trust = NO_TRUST
    look_seconds: float = 1800.0
    controls: bool = True


@dataclass(slots=True)
class Pass:
    """What a pass carries from stage to stage."""

    store: Store
    run: str
    now: datetime
    tell: Callable[[Progress], None]
    settings: Settings
    workers: Workers
    lookers: Lookers
    kit: Kit
    examined: int = 0
    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    alerts: list[int] = field(default_factory=list)
    noted: list[int] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    no_reader_yet: int = 0
    retro: Retro = field(default_factory=Retro)
    quarantined: tuple[Quarantine, ...] = ()
    videos_cut: int = 0
    damaged: int = 0
    controls: Mapping[str, str] = field(default_factory=dict)  # reader → what it missed ("": nothing)
    looked: int = 0
    look_left: int = 0
    look_left_ai: int = 0  # of these, pictures of which something says AI

    @property
    def blind(self) -> Mapping[str, str]:
        """The readers that missed their control, and what they missed."""
        return {reader: words for reader, words in self.controls.items() if words}

    def fail(self, failure: Failure) -> None:
        self.store.record_problem(self.run, failure)
        if failure.kind == "no_reader_yet":
            self.no_reader_yet += 1
        elif failure.kind == "video_cut":
            self.videos_cut += 1
        elif failure.kind in PARTLY_SEEN:
            self.damaged += 1
        else:
            self.failures.append(failure)
