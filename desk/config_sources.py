"""Where settings come from: twinwatch.toml, and over it the environment (`TWINWATCH_SECTION__KEY`, or
`…_FILE`)."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from storage.errors import ConfigError

PREFIX = "TWINWATCH_"
SECRET_LIMIT = 65_536  # bytes; a secret is a line, not a disk


def read_toml(path: Path) -> dict[str, object]:
    """Raises ConfigError naming the file and, for a syntax error, the line and column."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}: line {line}: not UTF-8 text", where=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}", where=str(path)) from error


def from_environment(
    environ: Mapping[str, str], sections: frozenset[str]
) -> Iterator[tuple[str, str, str, str]]:
    """(variable, section, key, value) of every `TWINWATCH_SECTION__KEY`. A section we do not have is an
    error: a misspelt override that is silently ignored would leave a night with the wrong settings."""
    for variable in sorted(environ):
        if not variable.startswith(PREFIX) or "__" not in variable:
            continue
        section, _, key = variable.removeprefix(PREFIX).lower().partition("__")
        if section not in sections:
            known = ", ".join(sorted(sections))
            raise ConfigError(
                f"{variable} (environment): no such section; expected one of {known}", where=variable
            )
        value = environ[variable]
        if key.endswith("_file"):
            key, value = key.removesuffix("_file"), _secret(variable, Path(value))
        yield variable, section, key, value


def typed(value: str, kind: object) -> object:
    """The environment knows only text: a list may be written as TOML or with commas, a number as a number, a
    switch as true or false."""
    if kind is str:
        return value
    if value.strip().startswith("["):
        return _toml_value(value)
    if kind in (int, bool):
        return _toml_value(value)
    return [part.strip() for part in value.split(",") if part.strip()]


def _toml_value(value: str) -> object:
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except (tomllib.TOMLDecodeError, KeyError):
        return value  # the model says what it expected instead


def _secret(variable: str, path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(SECRET_LIMIT).decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{variable} (environment): {path} cannot be read: {error}", where=variable
        ) from error
