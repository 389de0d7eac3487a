"""Detection over everything stale: examine bytes, read texts, match, judge. It crawls nothing and opens
only what it must.

Each stage is stored under its own version, so a night that was killed goes on where it stood, and a new
twin, reader or rule reruns its own stage alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from desk.jobs.copies import Copies
from desk.jobs.flood import Brake
from desk.jobs.flooded import Floods
from desk.jobs.matching import registry_of
from desk.jobs.stored_matches import Retro, StoredMatches
from detector.answer import answer, judge_stamp
from detector.case import Case
from detector.examine import reference_stage_versions, stage_versions
from detector.reading import read_post, reading_stamp
from detector.verdict import alert_worthy
from detector.workers import Workers
from storage.records import Answer, Examination, Failure, Finding, Quarantine, Saved, Verdict
from storage.store import ItemToJudge, Store


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is. `total` is None where it is not known beforehand."""

    stage: str  # "examine", "read", "archive", "retro", "match", "copies", "judge"
    done: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says about matching. `cache`: the folder for what can be made again; None:
    nothing is kept from one pass to the next."""

    cache: Path | None = None
    brake: Brake = field(default_factory=Brake)


@dataclass(frozen=True, slots=True)
class Detection:
    """What one pass did. Finding ids are those whose answer is new or changed, in the order of judging."""

    examined: int = 0
    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    alerts: tuple[int, ...] = ()
    failures: tuple[Failure, ...] = ()  # files that could not be looked at
    retro: Retro = field(default_factory=Retro)
    quarantined: tuple[Quarantine, ...] = ()  # references that the flood brake stopped in this pass
    no_reader_yet: int = 0  # files of a kind that nothing reads yet (AV1 videos): known, and no failure
    videos_cut: int = 0  # longer than what is looked at of one file: the rest is not known, and that is said


@dataclass(slots=True)
class _Pass:
    """What a pass carries from stage to stage."""

    store: Store
    run: str
    now: datetime
    tell: Callable[[Progress], None]
    settings: Settings
    workers: Workers
    examined: int = 0
    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    alerts: list[int] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    no_reader_yet: int = 0
    retro: Retro = field(default_factory=Retro)
    quarantined: tuple[Quarantine, ...] = ()
    videos_cut: int = 0

    def fail(self, failure: Failure) -> None:
        self.store.record_problem(self.run, failure)
        if failure.kind == "no_reader_yet":
            self.no_reader_yet += 1
        elif failure.kind == "video_cut":
            self.videos_cut += 1
        else:
            self.failures.append(failure)


def detect(
    store: Store,
    run: str,
    *,
    now: datetime | None = None,
    tell: Callable[[Progress], None],
    settings: Settings | None = None,
) -> Detection:
    """One pass. A file that fails is recorded against that file, and the pass goes on."""
    with Workers() as workers:  # the first file starts them
        work = _Pass(store, run, now or datetime.now(UTC), tell, settings or Settings(), workers)
        _examine(work)
        _read(work)
        _match(work)
    _judge(work)
    return Detection(
        examined=work.examined,
        new=tuple(work.new),
        changed=tuple(work.changed),
        alerts=tuple(work.alerts),
        failures=tuple(work.failures),
        no_reader_yet=work.no_reader_yet,
        retro=work.retro,
        quarantined=work.quarantined,
        videos_cut=work.videos_cut,
    )


# --- the stages ---------------------------------------------------------------------------------------------


def _examine(work: _Pass) -> None:
    versions = reference_stage_versions()
    total = work.store.count_files_to_examine(stage_versions(), versions)
    if not total:
        return
    asked: dict[Path, tuple[str, tuple[str, ...]]] = {}
    for path, examination in work.workers.examine(_jobs(work, versions, asked)):
        sha256, stages = asked.pop(path)
        whole = _whole(examination, sha256, {stage: versions[stage] for stage in stages})
        work.store.save_examination(whole)
        if whole.failure:
            work.fail(replace(whole.failure, where=f"media {sha256}"))
        work.examined += 1
        work.tell(Progress("examine", work.examined, total))


def _jobs(
    work: _Pass, versions: Mapping[str, str], asked: dict[Path, tuple[str, tuple[str, ...]]]
) -> Iterator[tuple[Path, tuple[str, ...] | None]]:
    for file in work.store.files_to_examine(stage_versions(), versions):
        if not work.store.media.has(file.sha256):
            # Not stored as examined: the bytes may come back from a backup, and then they are looked at.
            work.fail(Failure("media_missing", "the bytes are no longer in media", f"media {file.sha256}"))
            continue
        path = work.store.media.path(file.sha256)
        asked[path] = (file.sha256, file.stages)
        yield path, file.stages


def _whole(examination: Examination, sha256: str, asked: dict[str, str]) -> Examination:
    """A file that failed counts as examined at today's versions: it is tried again when a stage is newer."""
    failure = examination.failure
    if examination.sha256 not in ("", sha256):
        failure = Failure("media_corrupt", f"the kept bytes have changed: they are {examination.sha256} now")
    return replace(examination, sha256=sha256, stages={**asked, **examination.stages}, failure=failure)


def _read(work: _Pass) -> None:
    stamp = reading_stamp()
    for done, version in enumerate(work.store.versions_to_read(stamp), start=1):
        work.store.save_readings(version.version_id, stamp, read_post(version.post))
        work.tell(Progress("read", done))


def _match(work: _Pass) -> None:
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


def _judge(work: _Pass) -> None:
    judged = Judge(work.store)
    for done, item in enumerate(work.store.items_to_judge(judged.stamp), start=1):
        found = judged.answer(item)
        finding, saved = work.store.save_answer(item, judged.stamp, found, work.now)
        if finding and saved is not Saved.KNOWN:
            (work.new if saved is Saved.NEW else work.changed).append(finding)
            if alert_worthy(found):
                work.alerts.append(finding)
        work.tell(Progress("judge", done))


class Judge:
    """Joins one item's stored parts with the registry as it stands now."""

    def __init__(self, store: Store) -> None:
        self.registry = registry_of(store)
        self.stages = dict(stage_versions())
        self.stamp = judge_stamp(store.registry_stamp())

    def answer(self, item: ItemToJudge) -> Answer:
        return answer(
            Case(
                account=item.version.account,
                post=item.version.post,
                position=item.position,
                evidence=item.evidence,
                matches=item.matches,
                readings=item.readings,
                history=item.history,
                too_little=item.too_little,
                failure=item.failure,
                registry=self.registry,
                stages=self.stages,
            )
        )


# --- what would change --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict that today's versions would give otherwise. `old` is None where there was no finding."""

    finding: Finding
    old: Verdict | None

    @property
    def number(self) -> int | None:
        """None for a finding that there would be, and is not: the number that it got was rolled back."""
        return self.finding.id if self.old else None

    def old_json(self) -> dict[str, object] | None:
        if self.old is None:
            return None
        return {
            "labelling": self.old.labelling.value,
            "consent": self.old.consent.value,
            "twin": self.old.twin or None,
            "level": self.old.level,
            "reasons": list(self.old.reasons),
        }

    def sentence(self) -> str:
        new = self.finding.answer.verdict
        old = f"{self.old.labelling.value}, {self.old.consent.value}" if self.old else "no finding"
        name = f"#{self.number}" if self.number else "new"
        reasons = " ".join(new.reasons)
        return (
            f"{name} {self.finding.post_url}: {old} → {new.labelling.value}, {new.consent.value}: {reasons}"
        )


def compare(store: Store, *, tell: Callable[[Progress], None]) -> Iterator[Change]:
    """Detect in a transaction that is rolled back, and say which verdicts came out otherwise."""
    with store.rehearsal() as rehearsed:
        before = {finding.id: finding.answer.verdict for finding in rehearsed.findings()}
        detect(rehearsed, "compare", tell=tell)
        for finding in rehearsed.findings():
            old = before.get(finding.id)
            if old is None or _plain(old) != _plain(finding.answer.verdict):
                yield Change(finding, old)


def _plain(verdict: Verdict) -> tuple[object, ...]:
    rules = tuple((rule.id, rule.verdict) for rule in verdict.rules)
    return verdict.labelling, verdict.consent, verdict.twin, verdict.level, rules
