"""Findings as a file for others, remembered: what the command line and the desk call."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desk import exporting
from desk.departed import departed
from desk.handing import ANYBODY, Recipient, handed
from desk.pictured import Pictured
from storage.records import Finding
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Left:
    """A file that is written. `warning`: why it could not be remembered, or ""."""

    path: Path | None  # None: standard output
    form: str
    count: int
    warning: str


def export(
    store: Store | None,
    findings: Iterable[Finding],
    form: str,
    output: Path | None,
    *,
    to: Recipient = ANYBODY,
    pictured: Pictured = Pictured.NONE,
) -> Left:
    """Written whole or not at all. Raises StoreError(kind="too_many_findings")."""
    dossiers = handed(store, findings, to, row=form in exporting.ROWS) if store else ()
    done = exporting.write(form, dossiers, store.media if store else None, output, pictured)
    warning = departed(
        *(store, "findings export", form, output or done.sha256),
        numbers=done.numbers,
        twins=done.twins,
        thumbnails=form in exporting.PICTURED and pictured is not Pictured.NONE,
        size=done.size,
    )
    return Left(output, form, done.count, warning)
