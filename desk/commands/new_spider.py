"""Write a new platform's spider, its case and a test that fails until the case is real.

\b
Examples:
  twinwatch new-spider tumblr
  twinwatch new-spider tumblr --into ~/src/twinwatch
"""

from pathlib import Path
from typing import Annotated

import typer

from desk.jobs.new_spider import write_spider
from desk.options import ConfigOption, JsonOption
from desk.output import emit, path_text, write

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The platform, in lower case.")]
IntoOption = Annotated[
    Path, typer.Option("--into", metavar="DIR", help="The source tree of Twinwatch. Default: this folder.")
]


def run(
    name: NameArgument, into: IntoOption = Path(), config: ConfigOption = None, json: JsonOption = False
) -> None:
    written = write_spider(name, into)
    for path in written:
        if json:
            emit({"file": path_text(path.absolute())})
        else:
            write(f"wrote {path}")
    if not json:
        write("Next: ARCHITECTURE.md, How to add a platform. The tests fail until the case is real.")
