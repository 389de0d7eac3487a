"""Erasing a twin: files first, then the rows in one transaction, then what the database's file still holds of
them, then a receipt. Each step is remembered, so that one that was killed is finished by running it again.

What is decided, and why: docs/decisions/erasure.md.
"""

import hashlib
import secrets as random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from desk.contract import Json
from desk.departed import COMMAND_LINE
from desk.jobs.cached import forgotten
from desk.jobs.erased import STAYING, sealed
from desk.jobs.judged_again import judge_again
from desk.jobs.nightly import LOCK
from desk.jobs.stages.carried import Settings
from desk.output import several
from detector.examine import reference_stage_versions, stage_versions
from storage.errors import RegistryError
from storage.keeping import Erasure, Export, Hold, Receipt, Withdrawal
from storage.store import Store

LOCK_SECONDS = 5.0
NOT_REACHED = (
    "backups and copies of the database, the media folder or exports that were made before",
    "files that were handed on, printed or sent, and exports made before this program remembered them",
    "the original files from which the pictures were registered, wherever they lie",
    "blocks that a disk or file system keeps after a file was deleted (snapshots, wear levelling)",
)
SHORT = (
    "a name of fewer than three letters, in what people wrote (notes, reasons, names of files): it cannot be "
    "told from a word there; it goes from every field, and from the sentences of the program itself"
)
SERVER = "PostgreSQL's own log and its backups; that its tables were written anew is what the server says"
UNCAPTURED = (
    "collected posts with copies of the pictures: they are evidence, with their own fingerprints (--captures "
    "erases these too)"
)
AGAIN = "what still stands published can be collected again; it is not recognised any more"


@dataclass(frozen=True, slots=True)
class Asked:
    twin: str
    by: str
    reason: str
    captures: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What would go. `holds`: what forbids it."""

    twin: str
    pictures: int
    kept: Mapping[str, str]  # SHA-256 → why its bytes stay
    captured: int
    screenshots: int
    checks: int
    fingerprints: int
    matches: int
    findings: int
    exports: tuple[Export, ...]
    holds: tuple[Hold, ...]
    short: bool = False  # a name of it stays in what people wrote

    def sentences(self) -> Iterator[str]:
        yield f"{several(self.pictures, 'registered picture')}, with all that is known of them"
        yield f"{several(self.fingerprints, 'fingerprint')}; the caches of matching"
        if self.captured:
            yield several(self.captured, "collected picture")
        if self.screenshots:
            yield f"{several(self.screenshots, 'screenshot')} of readings"
        yield f"names and notes in {several(self.findings, 'finding')}; the findings stay, without a name"
        if self.checks:
            yield f"{several(self.checks, 'check')} that somebody kept, with small pictures and notes"
        for one in self.exports:
            yield f"the export {one.path or '(standard output: out of reach)'} of {one.at:%Y-%m-%d}"
        for sha256, why in self.kept.items():
            yield f"not the bytes of {sha256[:12]}: {why}"
        if self.short:
            yield f"not everywhere: {SHORT}"

    def json(self) -> Json:
        return {
            "pictures": self.pictures,
            "kept": dict(self.kept),
            "captured": self.captured,
            "screenshots": self.screenshots,
            "kept_checks": self.checks,
            "fingerprints": self.fingerprints,
            "matches": self.matches,
            "findings": self.findings,
            "exports": [one.path or None for one in self.exports],
            "name_stays_in_text": self.short,
        }


def plan(store: Store, asked: Asked) -> Plan:
    """Changes nothing. Raises RegistryError: "no_twin", "erased"."""
    twin = next((one for one in store.twins() if one.name == asked.twin), None)
    if twin is not None and twin.erased_at is not None:
        raise RegistryError(
            f"{asked.twin} was erased on {twin.erased_at:%Y-%m-%d}", kind="erased", where=asked.twin
        )
    found = store.erasures.reach(asked.twin, captures=asked.captures)
    others = [one for one in store.holds.all(standing=True) if one.twin and one.twin in found.others]
    return Plan(
        twin=asked.twin,
        pictures=len(found.pictures),
        kept=found.kept,
        captured=len(found.captured),
        screenshots=len(found.screenshots),
        checks=len(found.checks),
        fingerprints=found.fingerprints,
        matches=found.matches,
        findings=found.findings,
        exports=tuple(_shown_in(store, asked.twin)),
        holds=(*store.holds.over(asked.twin), *others),
        short=bool(found.short),
    )


def held(planned: Plan) -> RegistryError:
    """What to say where a hold forbids it."""
    names = "; ".join(f"hold {one.id} on {one.covers}, by {one.by}: {one.reason}" for one in planned.holds)
    return RegistryError(
        f"{planned.twin} is not erased: {names} (`twinwatch hold lift NUMBER`)",
        kind="held",
        where=planned.twin,
    )


def erase(store: Store, settings: Settings, asked: Asked, tell: Callable[[str], None]) -> Receipt:
    """Raises RegistryError: "no_twin", "erased", "held"; TryAgainLater while a night is running;
    StoreError where something cannot be deleted: then it is unfinished, and to be run again."""
    with store.lock(LOCK, wait_seconds=LOCK_SECONDS):
        finished = [_finish(store, one, tell) for one in store.erasures.unfinished() if one.step == "rows"]
        living = {one.name for one in store.twins() if one.erased_at is None}
        if finished and asked.twin not in living:
            return finished[-1]  # the one that was killed after its name was gone
        planned = plan(store, asked)
        if planned.holds:
            raise held(planned)
        now = datetime.now(UTC)
        store.bank.withdraw_twin(Withdrawal(asked.twin, now, now, asked.by, asked.reason))
        begun = store.erasures.begin(
            Erasure(0, asked.twin, now, asked.by, asked.reason, asked.captures, "begun", {})
        )
        findings = store.contests.resting(asked.twin)
        erasure = _rows(store, settings.cache, begun, tell)
        judge_again(store, settings, findings, datetime.now(UTC))
        return _finish(store, erasure, tell)


# --- step by step -------------------------------------------------------------------------------------------


def _rows(store: Store, cache: Path | None, begun: Erasure, tell: Callable[[str], None]) -> Erasure:
    """Everything that has a name to be found by: files, then rows."""
    found = store.erasures.reach(begun.twin, captures=begun.captures)
    told = _told(begun, [*found.pictures, *found.captured, *found.screenshots], found.kept)
    told |= {
        "reference_pictures": len(found.pictures),
        "captured_pictures": len(found.captured),
        "screenshots": len(found.screenshots),
        "kept_checks": len(found.checks),
        "fingerprints": max(found.fingerprints, told.get("fingerprints", 0)),
        "matches_kept_without_a_name": found.matches,
        "findings_kept_without_a_name": found.findings,
        "stay": sorted({*found.kept.values(), *([SHORT] if found.short else [])}),
    }
    store.erasures.tell(begun.id, told)
    tell("exports")
    told["exports"] = [*told["exports"], *_exports(store, begun.twin)]
    store.erasures.tell(begun.id, told)
    tell("pictures")
    removed = [*found.pictures, *found.captured, *found.screenshots]
    told["bytes"] = told.get("bytes", 0) + sum(store.media.remove(sha256) for sha256 in removed)
    store.erasures.tell(begun.id, told)
    tell("caches")
    if cache is not None:
        forgotten(cache)
    tell("rows")
    alone = reference_stage_versions().keys() - stage_versions().keys()
    return store.erasures.rows(begun.id, told, sorted(alone), datetime.now(UTC))


def _told(begun: Erasure, files: Iterable[str], kept: Iterable[str]) -> dict[str, Any]:
    """With what an interrupted run before had told: its files are gone, and are in the receipt all the same.

    Digests are sealed: SHA-256 over the salt and the digest. Whoever has a picture can look whether it is
    meant; nobody can join the list with another one. So are those whose bytes stay as somebody else's: they
    are this twin's no longer, and a list that still names them must not bring her back.
    """
    told: dict[str, Any] = {"exports": [], **begun.told}
    salt = str(told.setdefault("salt", random.token_hex(16)))
    for name, those in (("sealed", files), (STAYING, kept)):
        told[name] = sorted({*told.get(name, []), *(sealed(salt, sha256) for sha256 in those)})
    return told


def _shown_in(store: Store, twin: str) -> list[Export]:
    return [one for one in store.exports.all() if twin in one.twins and one.erased_at is None]


def _exports(store: Store, twin: str) -> Iterator[Json]:
    """Deleted where they are what was written; what somebody changed or moved is named."""
    every = store.exports.all()
    for one in _shown_in(store, twin):
        ours = {each.sha256 for each in every if each.path == one.path and twin in each.twins}
        others = {each.sha256 for each in every if each.path == one.path} - ours
        became = _export_became(one, ours, others)
        if became in _GONE_NOW:
            store.exports.erased(one.id, datetime.now(UTC))
        yield {
            "at": f"{one.at:%Y-%m-%dT%H:%M:%SZ}",
            "format": one.format,
            "path": one.path or None,
            "pictures": one.thumbnails,
            "became": became,
        }


DELETED, MISSING = "deleted", "no longer there"
OVERWRITTEN = "overwritten by a later export without the twin"
CHANGED = "not erased: it was changed since"
OUT = "not erased: it went to standard output"
_GONE_NOW = (DELETED, MISSING, OVERWRITTEN)


def _export_became(one: Export, ours: set[str], others: set[str]) -> str:
    if not one.path:
        return OUT
    path = Path(one.path)
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if sha256 in ours:
            path.unlink()
            return DELETED
    except FileNotFoundError:
        return MISSING
    except OSError as error:
        return f"not erased: {error.strerror or type(error).__name__}"
    return OVERWRITTEN if sha256 in others else CHANGED


def _finish(store: Store, erasure: Erasure, tell: Callable[[str], None]) -> Receipt:
    """The rows are gone; their bytes may still lie in the database's file."""
    tell("database")
    proven = store.erasures.compact()
    told = dict(erasure.told)
    exports: Sequence[Mapping[str, str]] = told.pop("exports", [])
    salt, digests, stay = told.pop("salt", ""), told.pop("sealed", []), told.pop("stay", [])
    staying = told.pop(STAYING, [])
    left = [one["path"] or one["became"] for one in exports if one["became"] not in _GONE_NOW]
    now = datetime.now(UTC)
    document: Json = {
        "kind": "erasure",
        "program": f"twinwatch {version('twinwatch')}",
        "twin": erasure.twin,
        "begun": f"{erasure.at:%Y-%m-%dT%H:%M:%SZ}",
        "done": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "by": erasure.by,
        "reason": erasure.reason,
        "captures": erasure.captures,
        "erased": told,
        "exports": list(exports),
        "stays": [*stay, *([] if erasure.captures else [UNCAPTURED])],
        "not_reached": [*NOT_REACHED, *([] if proven else [SERVER]), AGAIN, *left],
        "salt": salt,
        "sealed": digests,
        STAYING: staying,
    }
    tell("receipt")
    receipt = store.erasures.finish(erasure.id, document, now)
    # No twin is named: the record cannot be erased.
    store.audit.append(now, COMMAND_LINE, "erased", f"receipt {receipt.number}", {"by": erasure.by})
    return receipt


def partly(receipt: Receipt) -> bool:
    """An export that could be reached was not erased."""
    exports: Sequence[Mapping[str, str]] = receipt.document["exports"]
    return any(one["became"] not in (*_GONE_NOW, OUT) for one in exports)
