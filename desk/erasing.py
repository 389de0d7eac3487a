"""`twinwatch twins withdraw --erase`: what would go is said first, and it goes only on somebody's word."""

import sys
from pathlib import Path

import typer

from desk.config import Config
from desk.contract import Json
from desk.jobs import erasing
from desk.jobs.nightly import settings_of
from desk.jobs.receipts import written
from desk.options import changed, opened, usage
from desk.output import emit, path_text, say, several, write
from storage.keeping import Receipt

STEPS = {
    "exports": "delete exports",
    "pictures": "delete pictures",
    "caches": "delete the caches of matching",
    "rows": "take it out of the database",
    "database": "write the database anew",
    "receipt": "write the receipt",
}


def run(
    config: Config,
    asked: erasing.Asked,
    *,
    receipt: Path | None,
    yes: bool,
    dry_run: bool,
    json: bool,
) -> int:
    """Exit status: 0 erased, 3 erased but for an export that could not be."""
    if not asked.reason:
        raise usage("--reason is missing: a receipt says why", where="--reason")
    if receipt is not None and receipt.exists():
        where = path_text(receipt)
        raise usage(f"--receipt {where}: it is there already, and was left as it is", where=where)
    if dry_run:
        return _rehearsed(config, asked, json=json)
    _agreed(config, asked, yes=yes)
    with opened(config, create=False) as store:
        done = erasing.erase(store, settings_of(config), asked, lambda step: say(STEPS[step]))
    if receipt is not None:
        written(done, receipt)
    _tell(done, receipt, json=json)
    return 3 if erasing.partly(done) else 0


def _rehearsed(config: Config, asked: erasing.Asked, *, json: bool) -> int:
    with changed(config, dry_run=True) as store:
        planned = erasing.plan(store, asked)
    if planned.holds:
        raise erasing.held(planned)
    if json:
        emit({"twin": asked.twin, "change": "erased", **planned.json(), "dry_run": True})
        return 0
    write(f"{asked.twin}: what would be erased")
    for sentence in planned.sentences():
        write(f"  {sentence}")
    write("It cannot be taken back. Nothing was changed (--dry-run).")
    return 0


def _agreed(config: Config, asked: erasing.Asked, *, yes: bool) -> None:
    """Raises ConfigError where nobody said so. Whoever sits at a terminal is shown what goes, and asked."""
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise usage(
            "an erasure cannot be taken back: look with --dry-run first, then say --yes", where="--yes"
        )
    with opened(config, create=False) as store:
        known = any(one.name == asked.twin for one in store.twins())
        for sentence in erasing.plan(store, asked).sentences() if known else ():
            say(f"  {sentence}")
    if typer.prompt(f"This cannot be taken back. To erase, write {asked.twin}", err=True) != asked.twin:
        raise usage("that is not its name: nothing was erased")


def _tell(done: Receipt, file: Path | None, *, json: bool) -> None:
    document: Json = dict(done.document)
    if json:
        emit(document)
        return
    erased = done.document["erased"]
    pictures = several(erased["reference_pictures"], "registered picture")
    captured = several(erased["captured_pictures"], "collected picture")
    write(
        f"{document['twin']}: that is its name now. Erased: {pictures}, {captured}, {erased['bytes']} bytes."
    )
    kept = several(erased["findings_kept_without_a_name"], "finding")
    write(f"{kept} stay, and say that it was erased.")
    for one in done.document["exports"]:
        write(f"  export {one['path'] or '(standard output)'}: {one['became']}")
    for sentence in done.document["stays"]:
        write(f"  stays: {sentence}")
    for sentence in done.document["not_reached"]:
        write(f"  not reached: {sentence}")
    where = (
        f", written to {path_text(file)}" if file else f" (`twinwatch receipts show {done.number} -o FILE`)"
    )
    write(f"Receipt {done.number}{where}: digest {done.digest}")
