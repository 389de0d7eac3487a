"""Registered pictures that no longer count, or count again: withdrawn by whoever registered them, or held by
the flood brake until a person lifts its quarantine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from desk.jobs.pairs import find
from desk.output import several
from storage.errors import RegistryError, StoreError
from storage.keeping import Withdrawal
from storage.records import Match, MatchKind, Quarantine, ReferenceImage
from storage.store import Showing, Store

_SUREST = list(MatchKind)
NAMED = 20  # pictures of a quarantine that are named; the number is of all


@dataclass(frozen=True, slots=True)
class Change:
    """What a withdrawal or a restoration changed. `consent`: the twin's own, not its pictures alone;
    `pictures`: different published pictures that match one of these references now."""

    consent: bool
    references: tuple[str, ...]
    pictures: int
    licences: tuple[int, ...] = ()  # that ended with it, or hold again
    since: datetime | None = None  # uses from then on are judged as withdrawn

    def sentences(self, what: str) -> Iterator[str]:
        consent, pictures = _BACK if what == "restored" else _GONE
        if self.consent:
            consent = consent.format(_since(self.since))
            yield consent if self.references else f"{consent} Its pictures stay as they are."
        if self.licences:
            numbers = ", ".join(map(str, self.licences))
            held = "hold again as before" if what == "restored" else "end with it"
            yield f"{several(len(self.licences), 'licence')} (number {numbers}): {held}."
        if self.references:
            those = several(self.pictures, "published picture")
            yield f"{several(len(self.references), 'registered picture')} {what}; {pictures.format(those)}"
        if not self.consent and not self.references:
            yield f"nothing to be {what}."


_GONE = (
    "consent ends{}: what is published from then on is judged as withdrawn.",
    "the matches of {} no longer count from the next detect on.",
)
_BACK = (
    "consent holds again, as its licences say.{}",
    "what was collected is looked through with the next detect.",
)


def _since(since: datetime | None) -> str:
    if since is None:
        return ""
    return " now" if since.time() != time.min else f" on {since:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Held:
    """A reference in quarantine: whose it is, and what it matched."""

    quarantine: Quarantine
    references: tuple[ReferenceImage, ...]  # one for each twin that it is registered for
    pictures: int
    named: tuple[tuple[str, Match, tuple[Showing, ...]], ...]  # (picture, its match, where it was published)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be withdrawn or restored: some pictures of the twin (digests, prefixes or files), or, where
    none is given, consent; with `matching` all its pictures as well. `since`: the day from which uses count
    as withdrawn; None: from now on."""

    twin: str
    pictures: tuple[str, ...] = ()
    matching: bool = False
    by: str = ""
    reason: str = ""
    since: date | None = None


def withdraw(store: Store, asked: Asked) -> Change:
    """Raises RegistryError: "no_twin", "no_reference"."""
    now = datetime.now(UTC)
    chosen = _chosen(store, asked.twin, asked.pictures)
    done: Withdrawal | None = None
    if chosen is None:
        since = datetime.combine(asked.since, time.min, UTC) if asked.since else now
        given = Withdrawal(asked.twin, since, now, asked.by, asked.reason)
        done = store.bank.withdraw_twin(given)
    licences, since_then = (done.licences, done.since) if done else ((), None)
    if chosen is None and not asked.matching:
        return Change(done is not None, (), 0, licences, since_then)
    touched = chosen if chosen is not None else _of(store, asked.twin)
    matched = {picture for reference in touched for picture, _ in _like(store, reference)}
    gone = store.bank.withdraw_references(asked.twin, now, chosen)
    return Change(done is not None, tuple(gone), len(matched) if gone else 0, licences, since_then)


def restore(store: Store, asked: Asked) -> Change:
    """What the last withdrawal ended holds again, and nothing else. Raises RegistryError: "no_twin",
    "no_reference"."""
    chosen = _chosen(store, asked.twin, asked.pictures)
    consent, stopped = False, None
    licences: tuple[int, ...] = ()
    if chosen is None:
        stopped = _stopped(store, asked.twin)
        consent, held = store.bank.restore_twin(asked.twin, datetime.now(UTC), asked.by)
        licences = tuple(held)
    if chosen is None and not asked.matching:
        return Change(consent, (), 0, licences)
    back = store.bank.restore_references(asked.twin, chosen if chosen is not None else stopped)
    return Change(consent, tuple(back), 0, licences)


def _stopped(store: Store, twin: str) -> list[str] | None:
    """The pictures that left the bank with the last withdrawal: one that was withdrawn by itself, before or
    since, has a reason of its own. None: that withdrawal stopped none."""
    last = [one for one in store.bank.withdrawals(twin) if one.restored_at is None][-1:]
    found = [one.sha256 for one in store.references(twin) if last and one.withdrawn_at == last[0].at]
    return found or None


def _of(store: Store, twin: str) -> list[str]:
    return [one.sha256 for one in store.references(twin) if one.withdrawn_at is None]


def _chosen(store: Store, twin: str, given: Sequence[str]) -> list[str] | None:
    """None: all of the twin's."""
    if not given:
        return None
    own = {one.sha256 for one in store.references(twin)}
    chosen = [find(store, one) for one in given]
    for text, sha256 in zip(given, chosen, strict=True):
        if own and sha256 not in own:
            raise RegistryError(
                f"{text} is not registered for {twin} (`twinwatch twins show`)",
                kind="no_reference",
                where=text,
            )
    return chosen


def held(store: Store) -> list[Held]:
    """The references in quarantine now, the newest first."""
    now = [one for one in store.bank.quarantines() if one.lifted_at is None]
    return [_held(store, one) for one in reversed(now)]


def _held(store: Store, quarantine: Quarantine) -> Held:
    found = _like(store, quarantine.reference)
    named = tuple((picture, match, tuple(store.copies.shown(picture))) for picture, match in found[:NAMED])
    references = tuple(one for one in store.references() if one.sha256 == quarantine.reference)
    return Held(quarantine, references, len(found), named)


def _like(store: Store, reference: str) -> list[tuple[str, Match]]:
    """The published pictures that match it, surest first; what only shares a scene with it does not count."""
    found = []
    for picture in store.matches.pictures(reference):
        match = next(one for one in store.matches.of(picture) if one.twin and one.reference == reference)
        if match.kind is not MatchKind.SAME_SCENE_OR_GARMENT:
            found.append((picture, match))
    return sorted(found, key=lambda one: (_SUREST.index(one[1].kind), -(one[1].agreement or 0), one[0]))


def lift(store: Store, given: str, by: str, note: str = "") -> Held:
    """The reference is believed again; what was held, as it was. Raises StoreError: "no_file",
    "not_quarantined"."""
    reference = find(store, given)
    before = next((one for one in held(store) if one.quarantine.reference == reference), None)
    if before is None:
        raise StoreError(
            f"{given} is in no quarantine (`twinwatch quarantine list`)", kind="not_quarantined", where=given
        )
    store.bank.lift_quarantine(reference, by, datetime.now(UTC), note)
    return before
