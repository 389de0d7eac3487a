"""What whoever gets it may have of a finding: whose twins, and whether models are called by their names.

Everything that leaves the house goes through here: exports, feeds, alerts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desk.dossier import Dossier, dossier, rows
from desk.narrowed import narrowed, narrowed_finding
from desk.pseudonyms import Veil, veil_of
from storage.records import Finding, Twin
from storage.store import Store

if TYPE_CHECKING:
    from desk.jobs.agency import AgencyReport


@dataclass(frozen=True, slots=True)
class Recipient:
    """`names`: models' names are wanted, and may be known. `scope`: these twins and nothing else; None:
    everything."""

    names: bool = False
    scope: frozenset[str] | None = None

    def veil(self, twins: Sequence[Twin]) -> Veil:
        return veil_of(twins, names=self.names, scope=self.scope)


ANYBODY = Recipient()


def ever_called(store: Store) -> tuple[Twin, ...]:
    """All twins, and each once more for every name that its model was registered under by mistake: what was
    written before the correction holds that one."""
    twins = tuple(store.twins())
    by_name = {one.name: one for one in twins}
    former = {(one.twin, one.before.get("model", "")) for one in store.contests.corrections()}
    return (*twins, *(replace(by_name[name], model=model) for name, model in sorted(former) if model))


def handed(
    store: Store, findings: Iterable[Finding], to: Recipient, *, row: bool = False
) -> Iterator[Dossier]:
    """`row`: each with no more than a row of a table has room for."""
    twins = tuple(store.twins())
    veil = to.veil(ever_called(store))
    models = {one.name: one.model for one in twins if one.model.strip()} if to.names else {}
    for one in rows(store, findings) if row else (dossier(store, finding) for finding in findings):
        whole = veil.over(narrowed(one, to.scope))
        shown = {one.twin for one in whole.finding.answer.verdict.twins}
        yield replace(whole, models={name: models[name] for name in sorted(shown & models.keys())})


def handed_findings(store: Store, findings: Iterable[Finding], to: Recipient) -> Iterator[Finding]:
    """Without what lies behind them."""
    veil = to.veil(ever_called(store))
    return (veil.over(narrowed_finding(finding, to.scope)) for finding in findings)


def handed_report(store: Store, report: "AgencyReport", *, names: bool) -> "AgencyReport":
    """An agency's report without a word about anybody else's twins."""
    scope = frozenset(one.name for one in report.twins)
    own = tuple(replace(use, finding=narrowed_finding(use.finding, scope)) for use in report.uses)
    return Recipient(names, scope).veil(ever_called(store)).over(replace(report, uses=own))
