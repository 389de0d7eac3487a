"""Receipts of erasures: list, show, verify.

\b
Examples:
  twinwatch receipts list
  twinwatch receipts show 1 -o receipt.json
  twinwatch receipts verify receipt.json
"""

from pathlib import Path
from typing import Annotated

import typer

from desk.options import ConfigOption, JsonOption, configured, opened, opened_if_there
from desk.output import emit, path_text, say, several, write
from storage.errors import RegistryError
from storage.keeping import Receipt

app = typer.Typer(rich_markup_mode=None)

OutputOption = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write it here.")]


@app.callback()
def options(config: ConfigOption = None) -> None:
    """What was erased, when, by whom."""


@app.command("list")
def list_receipts(config: ConfigOption = None, json: JsonOption = False) -> None:
    """All receipts, oldest first.

    \b
    Examples:
      twinwatch receipts list
      twinwatch receipts list --json
    """
    with opened_if_there(configured(config)) as store:
        receipts = store.erasures.receipts() if store else ()
    for one in receipts:
        if json:
            emit(dict(one.document))
            continue
        told = one.document
        pictures = several(told["erased"]["reference_pictures"], "picture")
        write(f"{one.number} | {told['done']} | {told['twin']} | {pictures} | {told['by']}: {told['reason']}")
    if not receipts:
        say("There is no receipt: nothing was erased.")


@app.command()
def show(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="As `twinwatch receipts list` shows it.")],
    output: OutputOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """One receipt, whole; with -o as a file to hand on.

    \b
    Examples:
      twinwatch receipts show 1
      twinwatch receipts show 1 -o receipt.json
    """
    with opened(configured(config), create=False) as store:
        one = next((each for each in store.erasures.receipts() if each.number == number), None)
    if one is None:
        raise RegistryError(
            f"there is no receipt {number} (`twinwatch receipts list`)", kind="no_receipt", where=str(number)
        )
    if output is not None:
        from desk.jobs.receipts import written  # noqa: PLC0415 - the detector: others do without

        written(one, output)
        say(f"Receipt {number} was written to {path_text(output)}")
    if json:
        emit(dict(one.document))
    elif output is None:
        _print(one)


def _print(one: Receipt) -> None:
    told = one.document
    write(f"Receipt {one.number}: {told['twin']}, erased by {told['by']}, {told['begun']} to {told['done']}")
    write(f"  why: {told['reason']}")
    for name, count in told["erased"].items():
        write(f"  {name.replace('_', ' ')}: {count}")
    for export in told["exports"]:
        write(f"  export {export['path'] or '(standard output)'}: {export['became']}")
    for what in ("stays", "not_reached"):
        for sentence in told[what]:
            write(f"  {what.replace('_', ' ')}: {sentence}")
    write(f"  pictures meant: {len(told['sealed'])}, by sealed digests")
    write(f"  the receipt before: {one.previous or 'none'}")
    write(f"  digest: {one.digest}")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False)],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Is it the receipt that the store keeps, unchanged; does each receipt follow the one before; and is none
    of the erased pictures there again? Exit status 0 if so, else 1.

    \b
    Examples:
      twinwatch receipts verify receipt.json
    """
    from desk.jobs.receipts import read, wrong  # noqa: PLC0415 - the detector: others do without

    document = read(file)
    with opened(configured(config), create=False) as store:
        problems = list(wrong(store, document))
    if json:
        emit(
            {"file": path_text(file), "receipt": document["receipt"], "good": not problems, "wrong": problems}
        )
    elif problems:
        for problem in problems:
            write(f"{path_text(file)}: {problem}")
    else:
        write(
            f"Receipt {document['receipt']} is the one that the store keeps, unchanged; each follows the one "
            "before, and nothing of what it means is there again."
        )
    if problems:
        raise typer.Exit(1)
