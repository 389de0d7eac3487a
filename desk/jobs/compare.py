"""`detect --compare`: which verdicts today's versions would give otherwise. It changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from desk.jobs.detect import detect
from desk.jobs.stages.carried import Progress, Settings
from detector.rulebook import DEFAULT
from storage.records import Finding, Verdict
from storage.store import Store


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
            "rules": [{"id": rule.id, "verdict": rule.verdict.value} for rule in self.old.rules],
            "reasons": list(self.old.reasons),
        }

    def sentence(self) -> str:
        new = self.finding.answer.verdict
        old = f"{self.old.labelling.value}, {self.old.consent.value}" if self.old else "no finding"
        name = f"#{self.number}" if self.number else "new"
        told = " ".join([*(f"Rule {one}." for one in self._rules()), *new.reasons])
        return f"{name} {self.finding.post_url}: {old} → {new.labelling.value}, {new.consent.value}: {told}"

    def _rules(self) -> Iterator[str]:
        """Each rule whose verdict is another, or that is new or gone. The default's is the labelling."""
        old = {rule.id: rule.verdict.value for rule in self.old.rules} if self.old else {}
        new = {rule.id: rule.verdict.value for rule in self.finding.answer.verdict.rules}
        for name in sorted(old.keys() | new.keys()):
            before, now = old.get(name, "not asked"), new.get(name, "not asked")
            if name != DEFAULT and before != now:
                yield f"{name}: {before} → {now}"


def compare(
    store: Store, *, tell: Callable[[Progress], None], settings: Settings | None = None
) -> Iterator[Change]:
    """Detect in a transaction that is rolled back, and say which verdicts came out otherwise."""
    with store.rehearsal() as rehearsed:
        before = {finding.id: finding.answer.verdict for finding in rehearsed.findings()}
        detect(rehearsed, "compare", tell=tell, settings=settings)
        for finding in rehearsed.findings():
            old = before.get(finding.id)
            if old is None or _plain(old) != _plain(finding.answer.verdict):
                yield Change(finding, old)


def _plain(verdict: Verdict) -> tuple[object, ...]:
    rules = tuple((rule.id, rule.verdict) for rule in verdict.rules)
    return verdict.labelling, verdict.consent, verdict.twin, verdict.level, rules
