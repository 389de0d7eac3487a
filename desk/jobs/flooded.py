"""The flood brake at work: how many unrelated pictures each reference matches after a pass, beside what it
matched before.

What it matched before is kept in a file of the cache, written when a pass has come to its end: one that was
killed is measured together with the one that finishes it. Without the file, the pass's own beginning counts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from desk.jobs.cached import kept
from desk.jobs.flood import Brake
from storage.records import MatchKind, Quarantine
from storage.store import Store

SAYING = (MatchKind.COPY, MatchKind.LIKELY_COPY, MatchKind.FINGERPRINT_ONLY)
FILE = "spread.json"


@dataclass(slots=True)
class Floods:
    """Begin it before a pass matches anything. `cache` None: nothing is kept (a rehearsal)."""

    store: Store
    brake: Brake
    cache: Path | None
    before: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        known = self._known()
        self.before = self.store.matches.spread(SAYING) if known is None else known
        if known is None:
            self._keep(self.before)

    def stop(self, now: datetime) -> tuple[Quarantine, ...]:
        """The references quarantined now, and the end of the pass."""
        spread = self.store.matches.spread(SAYING)
        held = self.store.bank.quarantined()
        stopped = []
        for reference, pictures in sorted(spread.items()):
            earlier = self.before.get(reference, 0)
            if reference not in held and self.brake.grew(earlier, pictures):
                reason = self.brake.stops(earlier, pictures, self._accounts(reference), self._watched())
                doubt = Quarantine(reference, reason, now)
                if reason and self.store.bank.quarantine(doubt):
                    stopped.append(doubt)
        self._keep(spread)
        return tuple(stopped)

    def _accounts(self, reference: str) -> int:
        """How many publish what it matches."""
        return len(
            {
                showing.account.name
                for picture in self.store.matches.pictures(reference)
                for showing in self.store.copies.shown(picture)
            }
        )

    def _watched(self) -> int:
        return self.store.counts()["accounts"]

    def _known(self) -> Mapping[str, int] | None:
        if self.cache is None:
            return None
        try:
            read = json.loads((self.cache / FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        good = isinstance(read, dict) and all(isinstance(count, int) for count in read.values())
        return read if good else None

    def _keep(self, spread: Mapping[str, int]) -> None:
        """Of a reference that matches nothing today (withdrawn, it may come back) what it matched before: who
        lifted its quarantine is not asked again."""
        if self.cache is not None:
            kept(self.cache, FILE, {**self.before, **spread})
