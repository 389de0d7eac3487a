"""The watchlists that come with the program (crawler/watchlists/): shown, and written into a configuration.

Each entry stands unverified: it says where the handle was read, and nobody has looked whether it is right.
"""

import os
import re
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from desk.config import load
from desk.config_sources import read_toml
from storage.errors import ConfigError

TEMPLATE = "template"  # all comments: to be copied


@dataclass(frozen=True, slots=True)
class Entry:
    """One [[account]] with the comments above it, as it is written into a file."""

    platform: str
    handle: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.platform}:{self.handle}"


def shipped() -> Sequence[str]:
    names = (path.name for path in files("crawler").joinpath("watchlists").iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def text_of(name: str) -> str:
    """Raises ConfigError kind "no_watchlist"."""
    if name not in shipped():
        known = ", ".join(shipped())
        raise ConfigError(f"{name}: no such watchlist; there are {known}", kind="no_watchlist", where=name)
    return files("crawler").joinpath("watchlists", f"{name}.toml").read_text("utf-8")


def entries(name: str) -> Iterator[Entry]:
    """In their order; a block between blank lines is one entry."""
    for block in re.split(r"\n\s*\n", text_of(name)):
        for one in tomllib.loads(block).get("account", ()):
            yield Entry(str(one["platform"]), str(one["handle"]), block.strip() + "\n")


def add(file: Path, name: str, *, dry_run: bool = False) -> tuple[list[Entry], list[Entry]]:
    """(written, there already). The file is read whole with the new entries before it is replaced. Raises
    ConfigError."""
    there = {_key(one) for one in _accounts(file)}
    new = [one for one in entries(name) if (one.platform, one.handle.casefold()) not in there]
    known = [one for one in entries(name) if one not in new]
    if new and not dry_run:
        before = file.read_text("utf-8-sig").rstrip("\n")
        _replace(file, "\n".join([before + "\n", *(one.text for one in new)]))
    return new, known


def _accounts(file: Path) -> list[object]:
    found = read_toml(file).get("account")
    return found if isinstance(found, list) else []


def _key(entry: object) -> tuple[str, str]:
    if not isinstance(entry, dict):
        return "", ""
    return str(entry.get("platform")), str(entry.get("handle")).strip().lstrip("@").casefold()


def _replace(file: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".toml")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        load(Path(name))
        Path(name).chmod(file.stat().st_mode)
        Path(name).replace(file)
    except ConfigError as error:
        message = f"with these entries the file would be wrong: {error}".replace(name, str(file))
        raise ConfigError(message, where=str(file)) from error
    finally:
        Path(name).unlink(missing_ok=True)
