"""Write a twinwatch.toml with a commented watchlist. Never overwrites one.

\b
Examples:
  twinwatch init
  twinwatch init /srv/twinwatch
  twinwatch init --watchlist fashion       with H&M, Levi's and Mango, unverified
"""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from desk.options import ConfigOption, JsonOption, usage
from desk.output import emit, path_text, write

DirArgument = Annotated[Path, typer.Argument(metavar="[DIR]", help="Made if it is not there.")]


WatchlistOption = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="With this watchlist in it; `twinwatch accounts watchlist` says which there are."
    ),
]


def run(
    folder: DirArgument = Path(),
    watchlist: WatchlistOption = "",
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    file = config or folder / "twinwatch.toml"
    text = sample()
    if watchlist:
        from desk.jobs.watchlists import text_of  # noqa: PLC0415 - pydantic: others do without

        text = f"{text.rstrip()}\n\n{text_of(watchlist)}"
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
