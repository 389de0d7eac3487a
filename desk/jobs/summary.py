"""What a night did: the last line of `twinwatch nightly --json`, to the letter of the contract."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from desk.contract import Json, failure_json
from desk.jobs.delivered import Delivered
from desk.jobs.stored_matches import Retro
from storage.records import Failure, Quarantine


@dataclass(slots=True)
class Summary:
    """Filled in while the night goes on, so that an interrupted night has one as well."""

    run: str
    started: datetime
    kind: str = "nightly"  # or "crawl", "detect": which command ran
    ended: datetime | None = None
    accounts_ok: int = 0
    accounts_failed: int = 0
    rate_limited: int = 0
    skipped: tuple[str, ...] = ()
    failed_names: tuple[str, ...] = ()  # of accounts: what is merely told of one is no failure
    posts_new: int = 0
    posts_changed: int = 0
    posts_gone: int = 0
    media_new: int = 0
    media_failed: int = 0
    examined: int = 0
    examined_failed: int = 0
    no_reader_yet: int = 0  # files of a kind that nothing here reads: a limit of the program, no failure
    videos_cut: int = 0  # looked at in part: another limit
    damaged: int = 0  # pictures of which a part of the file is damaged: likewise
    findings_new: int = 0
    findings_changed: int = 0
    by_verdict: Mapping[str, int] = field(default_factory=dict)  # of the new ones
    alerts: tuple[int, ...] = ()
    sent: tuple[Json, ...] = ()  # what became of each notice to a channel
    noted: tuple[
        int, ...
    ] = ()  # media items without AI evidence in which a real person's picture was changed
    retro: Retro = field(default_factory=Retro)  # looking through what was collected before
    quarantined: tuple[Quarantine, ...] = ()  # references that the flood brake stopped
    looked: int = 0  # pictures looked at for labels
    look_left: int = 0  # that the budget did not suffice for
    look_left_ai: int = 0  # of these, pictures of which something says AI
    controls: Mapping[str, str] = field(default_factory=dict)  # reader → what it missed ("": nothing)
    registry: Delivered | None = None  # what the watched folder brought; None: there is none
    not_delivered: int = 0  # of what it holds, what cannot be taken and was not told before
    errors: list[Failure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    touched: tuple[int, ...] = ()  # findings that are new, changed or alerted: for the digest
    purged: Json | None = None  # by [retention]; None: that is not the night's work
    purge_failed: int = 0  # files that could not be deleted
    interrupted: bool = False
    broken: bool = False  # an error that ended the night itself

    @property
    def exit_status(self) -> int:
        """1 broken off · 75 every account asked us to wait · 3 an account or a file failed · 0 done. A
        post that could not be understood is recorded and named in `errors`; it alone does not
        make a night partly done."""
        if self.broken or self.interrupted:
            return 1
        if self.rate_limited and not self.accounts_ok and self.rate_limited == self.accounts_failed:
            return 75
        failed = (self.accounts_failed, self.media_failed, self.examined_failed, self.purge_failed)
        return 3 if any(failed) or self.not_delivered else 0

    def json(self) -> Json:
        return {
            "run": self.run,
            "started": self.started,
            "ended": self.ended,
            "accounts": {
                "ok": self.accounts_ok,
                "failed": self.accounts_failed,
                "failed_names": list(self.failed_names),
                "skipped": list(self.skipped),
            },
            "posts": {"new": self.posts_new, "changed": self.posts_changed, "gone": self.posts_gone},
            "media": {"new": self.media_new, "failed": self.media_failed},
            "examined": self.examined,
            "findings": {
                "new": self.findings_new,
                "changed": self.findings_changed,
                "by_verdict": dict(self.by_verdict),
            },
            "alerts": [*self.alerts, *self.sent],  # numbers of findings, then what was sent of them
            "errors": [failure_json(failure) for failure in self.errors],
            "warnings": list(self.warnings),
            "retro": self.retro.json(),
            "quarantined": [{"reference": one.reference, "reason": one.reason} for one in self.quarantined],
            "no_reader_yet": self.no_reader_yet,
            "videos_cut": self.videos_cut,
            "damaged": self.damaged,
            "looked": self.looked,
            "look_budget_ran_out": self.look_left,
            "look_left_with_evidence": self.look_left_ai,
            "controls": {
                reader: f"missed: {words}" if words else "ok" for reader, words in self.controls.items()
            },
            "noted": list(self.noted),
            "purged": self.purged,
            "registry": self.registry.json() if self.registry else None,
            "kind": self.kind,
            "interrupted": self.interrupted,
            "exit_status": self.exit_status,
        }
