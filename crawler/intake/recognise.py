"""Which format is it? Every importer is asked, by what the file holds and never by its name alone."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from crawler.intake.entries import Importer
from crawler.platforms import importers
from storage.errors import IntakeError


def formats() -> Mapping[str, Importer]:
    """Format name → importer."""
    return {name: cast("Importer", module) for name, module in importers().items()}


def importer_for(path: Path, named: str = "") -> Importer:
    """By the name given, or by recognising. Raises IntakeError kind "no_such_file", "unknown_format" (not
    one of ours, no format is recognised, or two are)."""
    known = formats()
    if named and named not in known:
        expected = ", ".join(known)
        raise _unknown(f"--format {named}: expected one of {expected}", path)
    if not path.exists():
        raise IntakeError(f"{path}: there is no such file or folder", kind="no_such_file", where=str(path))
    if named:
        return known[named]
    found = [name for name, importer in known.items() if importer.recognise(path)]
    if len(found) == 1:
        return known[found[0]]
    if found:
        raise _unknown(f"{path}: could be {' or '.join(found)}; say which with --format", path)
    if _is_utf16(path):
        saved = "save it from the spreadsheet as “CSV UTF-8”, or convert it to UTF-8"
        raise _unknown(f"{path}: it is a text in UTF-16, which no format here is: {saved}", path)
    raise _unknown(f"{path}: none of the formats {', '.join(known)} is recognised in it", path)


def _is_utf16(path: Path) -> bool:
    """By its byte order mark: how a spreadsheet saves “Unicode text”."""
    try:
        with path.open("rb") as file:
            return file.read(2) in (BOM_UTF16_LE, BOM_UTF16_BE)
    except OSError:
        return False


def _unknown(message: str, path: Path) -> IntakeError:
    return IntakeError(message, kind="unknown_format", where=str(path))
