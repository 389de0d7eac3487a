"""Write a twinwatch.toml with a commented watchlist. Never overwrites one.

\b
Examples:
  twinwatch init
  twinwatch init /srv/twinwatch
"""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from desk.options import ConfigOption, JsonOption, usage
from desk.output import emit, path_text, write

DirArgument = Annotated[Path, typer.Argument(metavar="[DIR]", help="Made if it is not there.")]


def run(folder: DirArgument = Path(), config: ConfigOption = None, json: JsonOption = False) -> None:
    file = config or folder / "twinwatch.toml"
    text = sample()
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise usage(f"{file} is there already and was left as it is", where=str(file)) from None
    if json:
        emit({"file": path_text(file.absolute())})
        return
    write(f"Wrote {file}. Next: put your contact and your first accounts into it, then")
    write("  twinwatch doctor      what is missing")
    write("  twinwatch twins add   register a twin")
    write("  twinwatch nightly     the first night")


def sample() -> str:
    return files("desk").joinpath("sample.toml").read_text("utf-8")
