"""Pictures that somebody wants to register, looked at by the worker processes. What is found is kept at
once, so that a registration that was broken off goes on where it stood; nothing is registered by it."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desk.jobs.pictures import FILE_LIMIT
from detector.examine import reference_stage_versions
from detector.hashing import hashes
from detector.processes.workers import Workers
from detector.trust import NO_TRUST, Trust
from storage.doors.roster import Examined
from storage.records import Examination, Failure
from storage.store import Store

KEPT_AT_ONCE = 32  # examinations: 1.7 MB, some seconds of work that a kill may cost
HASHES = tuple(name for each in hashes() for name in (each, f"{each}/forms"))

Tell = Callable[[int, int], None]


@dataclass(slots=True)
class LookedAt:
    """Each path has either what was found or why there is nothing. `opened`: files that had to be looked at;
    of the others it was known."""

    found: dict[Path, Examined] = field(default_factory=dict)
    failed: dict[Path, Failure] = field(default_factory=dict)
    opened: int = 0


def look_at(
    store: Store,
    paths: Iterable[Path],
    trust: Trust = NO_TRUST,
    *,
    spared: Callable[[Path, str], bool] = lambda path, sha256: False,
    keep: bool = True,
    tell: Tell = lambda done, total: None,
) -> LookedAt:
    """Each file once, whatever it is called. `spared`, asked with path and SHA-256: nothing needs to be known
    of it. `keep` False: nothing is written."""
    looked, digests = LookedAt(), {}
    for path in dict.fromkeys(paths):
        try:
            if path.stat().st_size > FILE_LIMIT:
                words = f"larger than {FILE_LIMIT} bytes"
                looked.failed[path] = Failure("too_large", words, str(path))
            else:
                digests[path] = digest_of(path)
        except OSError as error:
            looked.failed[path] = Failure("not_readable", error.strerror or "cannot be read", str(path))
    known = store.roster.examined(list(digests.values()), reference_stage_versions(trust), HASHES)
    named: dict[str, list[Path]] = {}
    for path, sha256 in digests.items():
        if sha256 in known:
            looked.found[path] = known[sha256]
        elif spared(path, sha256):
            looked.found[path] = Examined(sha256, "", too_little=False, moves=False)
        else:
            named.setdefault(sha256, []).append(path)
    _open(store, looked, named, trust, keep=keep, tell=tell)
    return looked


def digest_of(path: Path) -> str:
    """SHA-256. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _open(
    store: Store,
    looked: LookedAt,
    named: Mapping[str, Sequence[Path]],
    trust: Trust,
    *,
    keep: bool,
    tell: Tell,
) -> None:
    stages = tuple(reference_stage_versions(trust))
    asked = {same[0]: sha256 for sha256, same in named.items()}
    total, waiting = len(asked), []
    if not total:
        return
    with Workers(trust=trust) as workers:
        for path, examination in workers.examine((path, stages) for path in asked):
            sha256 = asked[path]
            failure = examination.failure or _changed(examination, sha256, path)
            for same in named[sha256]:
                if failure:
                    looked.failed[same] = failure
                else:
                    looked.found[same] = _examined(examination)
            looked.opened += 1
            if keep and not failure:
                waiting.append(examination)
            if len(waiting) >= KEPT_AT_ONCE:
                store.roster.keep(waiting)
                waiting = []
            tell(looked.opened, total)
    if waiting:
        store.roster.keep(waiting)


def _changed(examination: Examination, sha256: str, path: Path) -> Failure | None:
    if examination.sha256 == sha256:
        return None
    return Failure("changed", "the file was changed while it was read", str(path))


def _examined(examination: Examination) -> Examined:
    return Examined(
        examination.sha256,
        examination.format,
        examination.too_little,
        any(one.at for one in examination.fingerprints),
        tuple(one for one in examination.fingerprints if one.algorithm in HASHES),
    )
