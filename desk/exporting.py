"""Exports, found by their place: desk/exports/<format>.py with one function `export` and, where not any
number of findings can be in one file, a `LIMIT`. Written whole or not at all.

What is in them is the business of `desk/handing.py`: names, whose twins.
"""

import hashlib
import os
import pkgutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol

import desk.exports
from desk.dossier import Dossier
from desk.output import folder_there
from desk.pictured import Pictured
from storage.errors import StoreError
from storage.media import MediaFolder
from storage.records import Finding


class Exporter(Protocol):
    """A module of desk/exports. It yields the file in pieces; `media` is None where nothing was ever
    stored."""

    def export(
        self, dossiers: Iterable[Dossier], media: MediaFolder | None, pictured: Pictured
    ) -> Iterator[bytes]: ...


PICTURED = frozenset({"html", "pdf"})  # formats that can have pictures in them
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ROWS = frozenset({"csv", "xlsx"})  # formats that have a row of cells (`desk/rows.py`) for a finding
STREAMED = frozenset({"csv", "jsonl"})  # formats whose first bytes are there before the last finding is read


@cache
def exporters() -> dict[str, str]:
    """Format → module name; imported only when it is used."""
    return {
        module.name: f"desk.exports.{module.name}" for module in pkgutil.iter_modules(desk.exports.__path__)
    }


@dataclass(slots=True)
class Written:
    """What is in a file: how many findings, their numbers, the twins that they match; and the digest and the
    size (bytes) of the whole, or of what there is of it so far."""

    count: int = 0
    numbers: list[int] = field(default_factory=list)
    twins: set[str] = field(default_factory=set)
    sha256: bytes = b""
    size: int = 0

    def note(self, finding: Finding) -> None:
        self.count += 1
        if finding.id:
            self.numbers.append(finding.id)
        self.twins |= {match.twin for match in finding.answer.matches if match.twin}


def limit_of(form: str) -> int | None:
    """The most findings that one file of this format holds."""
    limit: int | None = getattr(import_module(exporters()[form]), "LIMIT", None)
    return limit


FEWEST = ("html", "pdf")  # formats whose limit somebody meets


def limits() -> dict[str, int]:
    """Of the formats whose limit somebody meets."""
    return {form: limit for form in FEWEST if (limit := limit_of(form)) is not None}


def too_many(form: str, limit: int) -> StoreError:
    message = (
        f"one {form.upper()} file holds {limit:,} findings at most, and these are more: narrow them down, or "
        f"take {' or '.join(sorted(STREAMED))}, which hold any number"
    )
    return StoreError(message, kind="too_many_findings", where=form)


def pieces(
    form: str, dossiers: Iterable[Dossier], media: MediaFolder | None, pictured: Pictured = Pictured.NONE
) -> Iterator[bytes]:
    """A file of this format. Raises StoreError(kind="too_many_findings"), before the first piece."""
    exporter: Exporter = import_module(exporters()[form])
    return exporter.export(_at_most(dossiers, limit_of(form), form), media, pictured)


def _at_most(dossiers: Iterable[Dossier], limit: int | None, form: str) -> Iterator[Dossier]:
    for number, one in enumerate(dossiers, start=1):
        if limit is not None and number > limit:
            raise too_many(form, limit)
        yield one


def write(
    form: str,
    dossiers: Iterable[Dossier],
    media: MediaFolder | None,
    output: Path | None,
    pictured: Pictured = Pictured.NONE,
) -> Written:
    """To a file (renamed into its place at the end) or to standard output. Raises StoreError(
    kind="too_many_findings")."""
    written = Written()
    made = taken(form, dossiers, media, written, pictured)
    if output is None:
        for piece in made:
            sys.stdout.buffer.write(piece)
        sys.stdout.flush()
    else:
        replaced(output, made)
    return written


def taken(
    form: str,
    dossiers: Iterable[Dossier],
    media: MediaFolder | None,
    written: Written,
    pictured: Pictured = Pictured.NONE,
) -> Iterator[bytes]:
    """`pieces`, with what is in them noted in `written` as it goes."""
    digest = hashlib.sha256()
    for piece in pieces(form, _noted(dossiers, written), media, pictured):
        digest.update(piece)
        written.size += len(piece)
        written.sha256 = digest.digest()
        yield piece


def replaced(output: Path, pieces: Iterator[bytes]) -> None:
    """A file written beside its place and renamed into it at the end: whole, or not at all. Raises
    ConfigError(kind="no_folder")."""
    folder_there(output)
    descriptor, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
        Path(name).chmod(0o644)
        Path(name).replace(output)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _noted(dossiers: Iterable[Dossier], written: Written) -> Iterator[Dossier]:
    for one in dossiers:
        written.note(one.finding)
        yield one
