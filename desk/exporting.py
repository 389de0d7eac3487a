"""Exports, found by their place: desk/exports/<format>.py with one function `export`. Written whole or not
at all."""

import os
import pkgutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol

import desk.exports
from desk.dossier import Dossier
from storage.media import MediaFolder


class Exporter(Protocol):
    """A module of desk/exports. It yields the file in pieces; `media` is None where nothing was ever
    stored."""

    def export(self, dossiers: Iterable[Dossier], media: MediaFolder | None) -> Iterator[bytes]: ...


@cache
def exporters() -> dict[str, str]:
    """Format → module name; imported only when it is used."""
    return {
        module.name: f"desk.exports.{module.name}" for module in pkgutil.iter_modules(desk.exports.__path__)
    }


def write(module: str, dossiers: Iterable[Dossier], media: MediaFolder | None, output: Path | None) -> int:
    """How many findings were written, to a file (renamed into its place at the end) or to standard output."""
    exporter: Exporter = import_module(module)
    counted = _Counted(dossiers)
    pieces = exporter.export(counted, media)
    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.flush()
    else:
        replaced(output, pieces)
    return counted.count


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


class _Counted:
    def __init__(self, dossiers: Iterable[Dossier]) -> None:
        self._dossiers = dossiers
        self.count = 0

    def __iter__(self) -> Iterator[Dossier]:
        for one in self._dossiers:
            self.count += 1
            yield one
