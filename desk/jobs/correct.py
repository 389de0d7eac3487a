"""Setting right what was typed wrong when a twin was registered: its agency, its model, its kind. What stood
there before is remembered, and what rests on it is judged again at once.

A name is not corrected: findings, reports and letters that left the house call the twin by it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from desk.departed import COMMAND_LINE
from desk.jobs.judged_again import judge_again
from desk.jobs.register import odd_name
from desk.jobs.stages.carried import Settings
from desk.output import several
from storage.consent import alike
from storage.errors import RegistryError
from storage.keeping import Correction, Export
from storage.people import Role
from storage.records import ReferenceImage, ReferenceKind, Twin
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Asked:
    """None: it stays as it is. `basis` and `attested_by` are of all its pictures, and needed where those of a
    real person become pictures that are called AI."""

    twin: str
    by: str
    reason: str
    agency: str | None = None
    model: str | None = None
    kind: ReferenceKind | None = None
    basis: str = ""
    attested_by: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """`findings` were judged again; `left`: exports that show the twin as it was, oldest first."""

    correction: Correction
    findings: tuple[int, ...]
    left: tuple[Export, ...]
    warnings: tuple[str, ...]


def correct(store: Store, settings: Settings, asked: Asked) -> Corrected:
    """Raises RegistryError: "no_twin", "erased", "nothing_to_correct", "no_basis", "odd_name"."""
    twin = next((one for one in store.twins() if one.name == asked.twin), None)
    if twin is None:
        raise _refused(f"no twin is called {asked.twin} (`twinwatch twins list`)", "no_twin", asked.twin)
    if twin.erased_at is not None:
        raise _refused(f"{asked.twin} was erased on {twin.erased_at:%Y-%m-%d}", "erased", asked.twin)
    pictures = store.references(twin.name)
    before, after = _changes(twin, pictures, asked)
    if not after:
        raise _refused(f"{twin.name} is registered so already", "nothing_to_correct", twin.name)
    now = datetime.now(UTC)
    warnings = tuple(_warnings(store, twin, after))
    given = Correction(twin.name, now, asked.by, asked.reason, before, after)
    store.contests.correct(given)
    findings = tuple(store.contests.resting(twin.name))
    judge_again(store, settings, findings, now)
    # No twin is named: the record cannot be erased.
    store.audit.append(now, COMMAND_LINE, "corrected", "a twin", {"by": asked.by, "what": ", ".join(after)})
    left = [one for one in store.exports.all() if set(findings) & set(one.findings) or twin.name in one.twins]
    return Corrected(given, findings, tuple(left), warnings)


def _refused(why: str, kind: str, where: str) -> RegistryError:
    return RegistryError(why, kind=kind, where=where)


def _changes(
    twin: Twin, pictures: Sequence[ReferenceImage], asked: Asked
) -> tuple[dict[str, str], dict[str, str]]:
    """What stood there and what takes its place, of what differs."""
    said = {"agency": twin.agency, "model": twin.model, "kind": twin.kind.value}
    wanted = {"agency": asked.agency, "model": asked.model, "kind": asked.kind.value if asked.kind else None}
    for column in ("agency", "model"):
        if odd := odd_name(wanted[column] or ""):
            raise _refused(f"--{column}: {odd}", "odd_name", f"--{column}")
    after = {name: words for name, words in wanted.items() if words is not None and words != said[name]}
    before = {name: said[name] for name in after}
    if "kind" not in after:
        return before, after
    if twin.kind is ReferenceKind.HUMAN_ORIGINAL and not asked.basis:
        raise _refused(
            "--basis is missing: these pictures were registered as not AI; say on what they are called AI "
            "now, or a finding would accuse on the word of somebody who said the opposite",
            "no_basis",
            "--basis",
        )
    if asked.basis:
        for column, words in (("basis", asked.basis), ("attested_by", asked.attested_by)):
            before[column] = "; ".join(dict.fromkeys(getattr(one, column) for one in pictures))
            after[column] = words
    return before, after


def _warnings(store: Store, twin: Twin, after: dict[str, str]) -> Iterator[str]:
    if after.get("kind") == ReferenceKind.HUMAN_ORIGINAL.value:
        held = [one for one in store.terms.all() if one.twin == twin.name]
        if held:
            yield (
                f"{twin.name} has {several(len(held), 'licence')}, of which nothing follows any more: "
                "pictures of a real person are no twin's to license"
            )
    if after.get("kind") and after.get("basis") and not after.get("attested_by"):
        yield "nobody attests these pictures, so a copy of one counts as level 2 at most; --attested-by"
    for role, column, was in ((Role.AGENCY, "agency", twin.agency), (Role.MODEL, "model", twin.model)):
        if column not in after:
            continue
        for user in store.people.every():
            if user.role is role and user.disabled_at is None and user.whose.strip():
                saw, sees = alike(user.whose, was), alike(user.whose, after[column])
                if saw != sees:
                    what = "sees it from now on" if sees else "sees it no longer"
                    yield f"the desk's user {user.name} (of the {column} {user.whose!r}) {what}"
