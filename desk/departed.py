"""What leaves the house is remembered: when, by whom, which findings and twins, and the file's SHA-256."""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from desk.options import person
from desk.output import path_text
from storage.errors import ConfigError, StoreError
from storage.keeping import Export
from storage.records import Finding
from storage.store import Store

UNSAID = "unknown"
COMMAND_LINE = "command line"  # who, in the record, for all that is not done at the desk


def departed(
    store: Store | None,
    command: str,
    form: str,
    written: Path | bytes,
    *,
    findings: Collection[Finding] = (),
    numbers: Collection[int] = (),
    twins: Collection[str] = (),
    thumbnails: bool = False,
    by: str = "",
    size: int = 0,
) -> str:
    """Remember a file (or the digest of what went elsewhere, and its size) after it is whole; "" or why that
    could not be. Twins that the findings match are added to `twins`, their numbers to `numbers`. `by`: who
    took it; "" is whoever runs this."""
    if store is None:
        return ""
    path = written if isinstance(written, Path) else None
    digest = written.hex() if isinstance(written, bytes) else ""
    size, sha256 = _measured(path) if path else (size, digest)
    shown = {match.twin for one in findings for match in one.answer.matches if match.twin}
    export = Export(
        at=datetime.now(UTC),
        by=by or _who(),
        command=command,
        format=form,
        path=path_text(path.absolute()) if path else "",
        sha256=sha256,
        size=size,
        findings=tuple(sorted({*numbers, *(one.id for one in findings if one.id)})),
        twins=tuple(sorted(shown | set(twins))),
        thumbnails=thumbnails,
    )
    try:
        store.exports.record(export)
        if not by:  # the desk writes who took what by itself
            detail = {"by": export.by, "findings": len(export.findings), "sha256": export.sha256}
            store.audit.append(export.at, COMMAND_LINE, f"exported: {form}", command, detail)
    except StoreError as error:
        return f"that this left the house could not be remembered: {error}"
    return ""


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _who() -> str:
    try:
        return person("")
    except ConfigError:
        return UNSAID
