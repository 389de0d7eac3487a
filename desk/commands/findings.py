"""What was found: list, show, review, read for yourself, export, write a letter.

\b
Examples:
  twinwatch findings list
  twinwatch findings show 3
  twinwatch findings review 3 --decision confirmed --by ann
  twinwatch findings read 3 --surface image_text --state absent --screenshot seen.png
  twinwatch findings export --format html -o report.html --pictures blurred
  twinwatch findings letter 3 -o letter.pdf
"""

import hashlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk import exporting
from desk.contract import finding_json, taught_json, witnessed_json
from desk.decisions import Decision
from desk.departed import COMMAND_LINE, departed
from desk.digest import row
from desk.dossier import dossier, dossier_json
from desk.handing import Recipient
from desk.jobs.leaving import Left
from desk.jobs.leaving import export as leave
from desk.options import (
    ByOption,
    ConfigOption,
    ConsentOption,
    DryRunOption,
    JsonOption,
    LabellingOption,
    NoteOption,
    PlatformOption,
    PostedSinceOption,
    PostedUntilOption,
    RetailerOption,
    RuleOption,
    StatusOption,
    TwinOption,
    changed,
    configured,
    day,
    opened_if_there,
    person,
    usage,
)
from desk.output import emit, folder_there, path_text, say, write
from desk.pictured import Pictured
from desk.printed import print_dossier
from desk.sought import ALL, sought
from storage.errors import StoreError
from storage.inbox import Sought
from storage.records import Finding, FindingStatus, ReadingState, Review, Surface
from storage.store import Store
from storage.testimony import PersonReading

if TYPE_CHECKING:
    from desk.config import Config

app = typer.Typer(rich_markup_mode=None)


class Seen(StrEnum):
    """What a person may say of a surface."""

    PRESENT = "present"
    ABSENT = "absent"
    AMBIGUOUS = "ambiguous"
    UNDO = "undo"


IdArgument = Annotated[int, typer.Argument(metavar="ID")]
AllOption = Annotated[bool, typer.Option("--all", help="Every media item, those without AI evidence too.")]
FormatOption = Annotated[
    str, typer.Option("--format", help="csv, xlsx, jsonl, html or pdf. Default: by the file's ending.")
]
NamesOption = Annotated[bool, typer.Option("--names", help="With the models' names.")]
PicturesOption = Annotated[
    Pictured,
    typer.Option("--pictures", help="html and pdf: none, blurred outside what shows the twin, or whole."),
]
KeepPairOption = Annotated[
    bool, typer.Option("--keep-pair", help="Decide about this finding alone, and not about its pictures.")
]
UntilOption = Annotated[
    str, typer.Option("--until", metavar="DATE", help="settled: the last day of posting for which it holds.")
]
OutputOption = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: standard output.")
]


@app.callback()
def options(config: ConfigOption = None) -> None:
    """What was found."""


@app.command("list")
def list_findings(every: AllOption = False, config: ConfigOption = None, json: JsonOption = False) -> None:
    """A line for each media item with AI evidence, newest first, labelled ones too.

    \b
    Examples:
      twinwatch findings list
      twinwatch findings list --all --json
    """
    settings = configured(config)
    with opened_if_there(settings) as store:
        if store is None:
            say("No store yet: nothing was crawled (`twinwatch nightly`).")
            return
        for finding in _chosen(store, settings, every=every):
            emit(finding_json(finding)) if json else write(" | ".join(cell for cell in row(finding) if cell))


@app.command()
def show(number: IdArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """One finding with everything known: versions of the post, captures and digests, reasons, what could
    not be seen.

    \b
    Examples:
      twinwatch findings show 3
      twinwatch findings show 3 --json
    """
    with opened_if_there(configured(config)) as store:
        finding = store.finding(number) if store else None
        if store is None or finding is None:
            raise _none(number)
        whole = dossier(store, finding)
    if json:
        emit(dossier_json(whole))
    else:
        print_dossier(whole, sys.stdout)


@app.command()
def review(
    number: IdArgument,
    decision: Annotated[Decision, typer.Option(help="What you decided; undo takes the last decision back.")],
    by: ByOption = "",
    note: NoteOption = "",
    until: UntilOption = "",
    keep_pair: KeepPairOption = False,
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Write down a person's decision. Decisions are added, never altered.

    What you confirm or reject is remembered of the pictures too: where the finding rests on matches, the
    published picture and the registered one are confirmed or rejected as a pair, wherever else the picture
    is published. --keep-pair leaves the pairs alone (you reject for another reason); undo takes both back.

    settled: the use turned out to be licensed, or was paid for. The same use (twin, retailer, platform,
    country, and the same verdict on its licences) raises no alert again; --until ends that.

    \b
    Examples:
      twinwatch findings review 3 --decision confirmed --by ann --note "seen on the site, screenshot kept"
      twinwatch findings review 3 --decision rejected --note "another shot of the same room"
      twinwatch findings review 3 --decision rejected --keep-pair --note "not our retailer"
      twinwatch findings review 3 --decision settled --until 2026-12-31 --note "licence shown by the brand"
      twinwatch findings review 3 --decision undo
    """
    from desk.jobs.review import review as review_it  # noqa: PLC0415 - the detector: others do without it

    last = day(until, "--until") if until else None
    if last and decision is not Decision.SETTLED:
        raise usage("--until: only what is settled ends on a day", where="--until")
    given = Review(number, decision.written, person(by), datetime.now(UTC), note, last)
    settings = configured(config)
    with changed(settings, dry_run=dry_run) as store:
        done = review_it(store, given, keep_pair=keep_pair, four_eyes=settings.four_eyes)
        said = f"decided: {decision.value}"
        store.audit.append(given.at, COMMAND_LINE, said, f"finding {number}", {"by": given.by})
    if json:
        emit({**finding_json(done.finding), **taught_json(done), "dry_run": dry_run})
        return
    write(f"#{number} {'would be' if dry_run else 'is'} {done.finding.status.value} now.")
    if done.finding.status is FindingStatus.PROPOSED:
        write("  It waits for a second person, who confirms it too ([reviews] four_eyes).")
    for lesson in done.taught:
        write(f"  {lesson.sentence()}")
    for use in done.settled:
        write(f"  {use.scope}")
    if done.taught and not dry_run:
        say("Verdicts that rest on these pairs follow with the next `twinwatch detect` or night.")


@app.command()
def read(
    number: IdArgument,
    surface: Annotated[Surface, typer.Option(help="Where you looked.")],
    state: Annotated[Seen, typer.Option(help="What is there; undo takes the last one back.")],
    quote: Annotated[str, typer.Option(metavar="TEXT", help="The label, word for word.")] = "",
    screenshot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Kept beside the evidence, by its SHA-256.")
    ] = None,
    by: ByOption = "",
    note: NoteOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Write down what you saw yourself where the program could not look, or looked and was wrong.

    It takes the place of the program's reading of that surface, says that it is yours and what the program
    had read, and holds for this version of the post. Without a screenshot (of a label its words will do) it
    is kept and told as “without proof”. The verdict is made again at once. Readings are added, never altered.

    \b
    Examples:
      twinwatch findings read 3 --surface platform_tag --state present --quote "AI info" --screenshot s.png
      twinwatch findings read 3 --surface image_text --state absent --by ann --screenshot zoomed.png
      twinwatch findings read 3 --surface image_text --state undo
    """
    if quote and state not in (Seen.PRESENT, Seen.AMBIGUOUS):
        raise usage("--quote: what is not there cannot be quoted", where="--quote")
    # the whole detector: a second that others do without
    from desk.jobs.nightly import settings_of  # noqa: PLC0415
    from desk.jobs.witness import witness  # noqa: PLC0415

    reading = None if state is Seen.UNDO else ReadingState(state.value)
    seen = PersonReading(number, surface, reading, person(by), datetime.now(UTC), quote, note)
    settings = configured(config)
    if seen.unproven and screenshot is None:
        say(
            "twinwatch: warning: without a screenshot (or, for a label, its words) this reading stands as "
            "“without proof”: give --screenshot"
        )
    with changed(settings, dry_run=dry_run) as store:
        done = witness(store, settings_of(settings), seen, screenshot)
        detail = {"by": seen.by, "surface": surface.value, "state": state.value}
        store.audit.append(seen.at, COMMAND_LINE, "read for themselves", f"finding {number}", detail)
    if json:
        emit({**finding_json(done.finding), **witnessed_json(done), "dry_run": dry_run})
        return
    verdict = done.finding.answer.verdict
    write(f"#{number} {'would be' if dry_run else 'is'} {verdict.labelling.value} now.")
    for reason in verdict.reasons:
        write(f"  {reason}")
    if not done.judged:
        say("The picture no longer stands in the post: the verdict stays as it was.")


@app.command()
def export(
    form: FormatOption = "",
    output: OutputOption = None,
    every: AllOption = False,
    status: StatusOption = "",
    labelling: LabellingOption = "",
    consent: ConsentOption = "",
    retailer: RetailerOption = "",
    platform: PlatformOption = "",
    twin: TwinOption = "",
    rule: RuleOption = "",
    since: PostedSinceOption = "",
    until: PostedUntilOption = "",
    names: NamesOption = False,
    pictures: PicturesOption = Pictured.NONE,
    force: Annotated[bool, typer.Option("--force", help="Overwrite FILE.")] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Findings as a file for others: csv and xlsx for a spreadsheet, jsonl for programs, html (one page, no
    network) and pdf for readers. Models stay behind their twins' names, and pictures are left out, unless you
    say otherwise. Several formats at once (csv,pdf) are written beside each other.

    \b
    Examples:
      twinwatch findings export --format html -o report.html --pictures blurred
      twinwatch findings export -o findings.csv --retailer "H&M" --since 2026-10-01 --force
      twinwatch findings export -o confirmed.pdf --status confirmed
      twinwatch findings export --format jsonl > findings.jsonl
    """
    filters = {
        "status": status,
        "labelling": labelling,
        "consent": consent,
        "retailer": retailer,
        "platform": platform,
        "twin": twin,
        "rule": rule,
        "since": since,
        "until": until,
    }
    if every and any(filters.values()):
        raise usage("--all takes every media item: it goes with no filter", where="--all")
    asked = sought(filters, status=ALL)
    files = _files(form, output, force=force, json=json)
    settings = configured(config)
    with opened_if_there(settings) as store:
        if store is None:
            say("No store yet: nothing was crawled (`twinwatch nightly`).")
        for name, file in files:
            findings = _sought(store, settings, asked if any(filters.values()) else None, every=every)
            done = leave(store, findings, name, file, to=Recipient(names=names), pictured=pictures)
            _tell_left(done, json=json)


def _sought(store: Store | None, config: "Config", asked: Sought | None, *, every: bool) -> Iterator[Finding]:
    """`asked` None: all of them, newest first."""
    if store is None:
        return iter(())
    return store.inbox.every(asked) if asked else _chosen(store, config, every=every)


def _tell_left(done: Left, *, json: bool) -> None:
    if done.warning:
        say(f"twinwatch: warning: {done.warning}")
    if json and done.path:
        emit({"file": path_text(done.path), "format": done.form, "findings": done.count})
    say(f"{done.count} findings" + (f" written to {path_text(done.path)}" if done.path else ""))


def _files(form: str, output: Path | None, *, force: bool, json: bool) -> list[tuple[str, Path | None]]:
    """(format, file) of each that is wanted. Raises ConfigError."""
    names = (
        [one.strip() for one in form.split(",")]
        if form
        else [output.suffix.removeprefix(".") if output else ""]
    )
    exporters = exporting.exporters()
    for name in names:
        if name not in exporters:
            known = ", ".join(sorted(exporters))
            raise usage(f"--format {name or '(none)'}: expected one of {known}", where="--format")
    if len(names) > 1 and not output:
        raise usage("several formats want a file: name one with --output", where="--output")
    if json and not output:
        raise usage("--json says what was written where: name a file with --output", where="--json")
    several_files = len(names) > 1
    files = [(name, output.with_suffix(f".{name}") if output and several_files else output) for name in names]
    for _, file in files:
        if file:
            folder_there(file)
        if file and file.exists() and not force:
            raise usage(f"{path_text(file)} is there already; --force overwrites it", where=path_text(file))
    return files


@app.command()
def letter(
    number: IdArgument,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="md or pdf. Default: Markdown, here."),
    ] = None,
    names: Annotated[bool, typer.Option("--names", help="With the model's name.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite FILE.")] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """The draft of a letter to the publisher: facts, evidence, the terms and their clause, what could not be
    seen, a right of reply. It says that it is a draft for a person to read, always. There is none about
    what was rejected, is disputed or settled, or of which nothing is certain.

    \b
    Examples:
      twinwatch findings letter 3
      twinwatch findings letter 3 -o letter.pdf
      twinwatch findings letter 3 -o letter.md --names
    """
    form = output.suffix.lower() if output else ".md"
    writers = {".md": "markdown", ".pdf": "pdf"}
    if form not in writers:
        raise usage(f"{path_text(output or '')}: it must end in .md or .pdf", where="--output")
    if json and not output:
        raise usage("--json says what was written where: name a file with --output", where="--json")
    if output and output.exists() and not force:
        raise usage(f"{path_text(output)} is there already; --force overwrites it", where=path_text(output))
    from desk.jobs.letters import write_letter  # noqa: PLC0415 - the detector: others do without

    with opened_if_there(configured(config)) as store:
        finding = store.finding(number) if store else None
        if store is None or finding is None:
            raise _none(number)
        made, data = write_letter(store, finding, datetime.now(UTC), writers[form], names=names)
        if output:
            exporting.replaced(output, iter([data]))
        else:
            write(data.decode().rstrip("\n"))
        left = output or hashlib.sha256(data).digest()
        if warning := departed(store, "findings letter", writers[form], left, findings=[finding]):
            say(f"twinwatch: warning: {warning}")
    for remark in made.remarks:
        say(f"twinwatch: note: {remark}")
    if json and output:
        emit({"file": path_text(output), "finding": number, "remarks": list(made.remarks)})
    elif output:
        say(f"A draft was written to {path_text(output)}: read it before you send it.")


def _chosen(store: Store, config: "Config", *, every: bool) -> Iterator[Finding]:
    if not every:
        return store.findings()
    from desk.jobs.every_item import every_item  # noqa: PLC0415 - the whole detector: a second that others do without
    from desk.jobs.nightly import settings_of  # noqa: PLC0415 - likewise

    return every_item(store, settings_of(config))


def _none(number: int) -> StoreError:
    return StoreError(
        f"there is no finding {number} (`twinwatch findings list`)", kind="no_finding", where=str(number)
    )
