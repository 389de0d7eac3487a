"""`twinwatch twins correct`: what was typed wrong about a twin is set right."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from desk.contract_taken_out import correction_json, export_json
from desk.options import ByOption, ConfigOption, DryRunOption, JsonOption, changed, configured, person, usage
from desk.output import emit, say, several, write
from desk.taking_out import tell_left
from storage.keeping import Correction
from storage.records import ReferenceKind
from storage.store import Store

if TYPE_CHECKING:
    from desk.jobs.correct import Corrected


def correct(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    agency: Annotated[str | None, typer.Option(help='Who represents the person; "": nobody.')] = None,
    model: Annotated[str | None, typer.Option(help='The person it reproduces; "": nobody.')] = None,
    kind: Annotated[ReferenceKind | None, typer.Option(help="What its pictures are.")] = None,
    basis: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help="With --kind: on what its pictures are called so. Needed after human_original.",
        ),
    ] = "",
    attested_by: Annotated[
        str, typer.Option(metavar="WHO", help="With --basis: who attests it. Default: [crawl] contact.")
    ] = "",
    reason: Annotated[str, typer.Option(metavar="TEXT", help="What was wrong with it. Needed.")] = "",
    by: ByOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Set right what was typed wrong when a twin was registered: its agency, its model or its kind. What
    stood there before is remembered (`twins show`), findings that rest on the twin are judged again at once,
    and the exports that left with one of them are named. A twin's name stays: who has
    a report knows it by that.

    \b
    Examples:
      twinwatch twins correct "Twin A" --agency "Agency A" --reason "misspelt" --dry-run
      twinwatch twins correct "Twin A" --model "Vilde Demo" --by ann --reason "another model's contract"
      twinwatch twins correct "Twin A" --kind human_original --reason "these are photographs"
      twinwatch twins correct "Twin A" --kind digital_twin --basis "contract 7" --reason "typed wrong"
    """
    if agency is None and model is None and kind is None:
        raise usage("say what is to be corrected: --agency, --model or --kind", where="--agency")
    if not reason.strip():
        raise usage("--reason is missing: say what was wrong with it", where="--reason")
    if (basis.strip() and kind is None) or (attested_by.strip() and not basis.strip()):
        raise usage("--basis goes with --kind, and --attested-by with --basis", where="--basis")
    # the whole detector: a second that others do without
    from desk.jobs import correct as job  # noqa: PLC0415
    from desk.jobs.nightly import settings_of  # noqa: PLC0415

    settings = configured(config)
    asked = job.Asked(
        name,
        person(by),
        reason.strip(),
        None if agency is None else agency.strip(),
        None if model is None else model.strip(),
        kind,
        basis.strip(),
        (attested_by or settings.crawl.contact).strip() if basis.strip() else "",
    )
    with changed(settings, dry_run=dry_run) as store:
        done = job.correct(store, settings_of(settings), asked)
    _tell(name, done, dry_run=dry_run, json=json)


def _tell(name: str, done: "Corrected", *, dry_run: bool, json: bool) -> None:
    for warning in done.warnings:
        say(f"twinwatch: warning: {warning}")
    if json:
        emit(
            {
                "twin": name,
                **correction_json(done.correction),
                "findings": list(done.findings),
                "exports": [export_json(one) for one in done.left],
                "warnings": list(done.warnings),
                "dry_run": dry_run,
            }
        )
        return
    for sentence in told([done.correction]):
        write(f"{name}: {sentence}")
    what = "would be" if dry_run else "are"
    write(f"{several(len(done.findings), 'finding')} {what} judged again.")
    tell_left(done.left)
    if dry_run:
        write("Nothing was changed (--dry-run).")
    else:
        say("What else it concerns follows with the next `twinwatch detect` or night.")


def told(corrections: Sequence[Correction]) -> Iterator[str]:
    """In plain lines."""
    for one in corrections:
        what = ", ".join(
            f"{name.replace('_', ' ')} {one.before.get(name, '')!r} is {words!r} now"
            for name, words in one.after.items()
        )
        yield f"{one.at:%Y-%m-%d}: corrected by {one.by}: {what or 'what was erased since'}; {one.reason}"


def of(store: Store, twin: str) -> Sequence[Correction]:
    """Oldest first."""
    return store.contests.corrections(twin)
