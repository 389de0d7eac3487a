"""What a user adds to the program's own data, words and rules: TOML files in folders that twinwatch.toml
names, checked when they are read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk.config import Config
from detector.rulebook import Rulebook, rulebook
from detector.wording.lexicon import Lexicon, vocabulary
from storage.errors import ConfigError

SIZE_LIMIT = 1024 * 1024  # bytes of one file: the largest lexicon that comes along has 9 KB


def lexicon_of(config: Config) -> Lexicon:
    """The program's words with those of `[labels] lexicon`. Raises ConfigError that names file and key."""
    lexicon = Lexicon(_texts(config.lexicon, "[labels] lexicon"))
    with _named():
        vocabulary(lexicon)  # so that a mistake is told before the night begins
    return lexicon


def rulebook_of(config: Config) -> Rulebook:
    """The program's rules without `[rules] off`, with those of `[rules] folder`. Raises ConfigError that
    names file and key."""
    with _named():
        return rulebook(_texts(config.rules, "[rules] folder"), config.rules_off)


@contextmanager
def _named() -> Iterator[None]:
    """The detector's errors name the key; a user wants to read the file as well."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(f"{error.where}: {error}", kind=error.kind, where=error.where) from error


def _texts(folder: Path | None, key: str) -> tuple[tuple[str, str], ...]:
    if folder is None:
        return ()
    if not folder.is_dir():
        raise ConfigError(f"{key}: there is no such folder: {folder}", where=str(folder))
    found = sorted(
        path for path in folder.iterdir() if path.suffix == ".toml" and not path.name.startswith(".")
    )
    if not found:
        raise ConfigError(f"{key}: there is no .toml file in {folder}", where=str(folder))
    return tuple((str(path), _text(path)) for path in found)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            read = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", where=str(path)) from error
    if len(read) > SIZE_LIMIT:
        raise ConfigError(f"{path}: is larger than {SIZE_LIMIT} bytes", where=str(path))
    try:
        return read.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text", where=str(path)) from error
