"""Exports, found by their place: desk/exports/<format>.py with one function `export`. Written whole or not
at all."""

import hashlib
import os
import pkgutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol

import desk.exports
from desk.dossier import Dossier
from storage.media import MediaFolder
from storage.records import Finding


class Exporter(Protocol):
    """A module of desk/exports. It yields the file in pieces; `media` is None where nothing was ever
    stored."""

    def export(self, dossiers: Iterable[Dossier], media: MediaFolder | None) -> Iterator[bytes]: ...


PICTURED = frozenset({"html"})  # formats with pictures in them


@cache
def exporters() -> dict[str, str]:
    """Format → module name; imported only when it is used."""
    return {
        module.name: f"desk.exports.{module.name}" for module in pkgutil.iter_modules(desk.exports.__path__)
    }


@dataclass(slots=True)
class Written:
    """The findings that are in it, and the digest of the whole file."""

    findings: list[Finding]
    sha256: bytes = b""


def write(
    module: str, dossiers: Iterable[Dossier], media: MediaFolder | None, output: Path | None
) -> Written:
    """To a file (renamed into its place at the end) or to standard output."""
    exporter: Exporter = import_module(module)
    written, digest = Written([]), hashlib.sha256()
    pieces = _digested(exporter.export(_noted(dossiers, written), media), digest)
    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.flush()
    else:
        replaced(output, pieces)
    written.sha256 = digest.digest()
    return written


def _digested(pieces: Iterable[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def replaced(output: Path, pieces: Iterator[bytes]) -> None:
    """A file written beside its place and renamed into it at the end: whole, or not at all."""
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
        written.findings.append(one.finding)
        yield one
