"""The registry of twins: add, import, list, show, correct, contest, withdraw, restore, export and packs.

\b
Examples:
  twinwatch twins add "Twin A" a1.jpg a2.jpg --basis "contract of 2025-03-27"
  twinwatch twins import twins.xlsx --images renders/    a list of twins and their pictures
  twinwatch twins import pack.json                       fingerprints, without pictures
  twinwatch twins list
  twinwatch twins show "Twin A"
  twinwatch twins withdraw "Twin A"                      consent ends; uses are still seen
  twinwatch twins withdraw "Twin A" --reference a2.jpg   this picture matches no more
  twinwatch twins contest "Twin A" --by ann --reason "the picture is a photograph of ours"
  twinwatch twins correct "Twin A" --agency "Agency A" --reason "misspelt"
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk import correcting, packing, taking_out
from desk.bars import counting_bar
from desk.contract import box_json, reference_json, twin_json
from desk.contract_taken_out import correction_json, taken_out_json
from desk.jobs.register import Enrolled, Enrolment, readable, register
from desk.jobs.roster import Asked, good, import_roster
from desk.jobs.trust import trust_in
from desk.options import (
    WALKED,
    ConfigOption,
    DryRunOption,
    JsonOption,
    configured,
    empty_store,
    nothing_stored,
    opened,
    opened_if_there,
    rehearsed_or_opened,
    usage,
)
from desk.output import clean, emit, say, several, write
from desk.rolled import rolled_json, tell_rolled, tell_warnings
from storage.errors import RegistryError
from storage.handed import Handed
from storage.records import Box, ReferenceKind, Twin

if TYPE_CHECKING:
    from desk.config import Config

app = typer.Typer(rich_markup_mode=None)
app.command("fingerprint-pack")(packing.fingerprint_pack)
app.command("export")(packing.export)
app.command()(correcting.correct)
app.command()(taking_out.contest)
app.command()(taking_out.withdraw)
app.command()(taking_out.restore)

CANNOT_BE_FOUND = "A render of it that nobody registered or collected cannot be found."

NameArgument = Annotated[str, typer.Argument(metavar="NAME")]
ImagesArgument = Annotated[list[Path], typer.Argument(metavar="IMAGE...", help=WALKED, readable=False)]
BasisOption = Annotated[
    str,
    typer.Option(metavar="TEXT", help="On what it is called AI: a contract, an announcement, a URL. Needed."),
]
KindOption = Annotated[
    ReferenceKind, typer.Option(help="human_original: the real person, registered as not AI.")
]
AttestedOption = Annotated[str, typer.Option(metavar="WHO", help="Who attests it. Default: [crawl] contact.")]
BoxOption = Annotated[
    str | None,
    typer.Option("--mark-box", metavar="X,Y,W,H", help="Where its label stands, in shares of the picture."),
]
NoMarkOption = Annotated[
    bool,
    typer.Option(
        "--no-mark", help="It bears no label: none is looked for, and one said before is forgotten."
    ),
]


@app.callback()
def options(config: ConfigOption = None) -> None:
    """The registry of twins."""


@app.command()
def add(
    name: NameArgument,
    images: ImagesArgument,
    basis: BasisOption = "",
    kind: KindOption = ReferenceKind.DIGITAL_TWIN,
    attested_by: AttestedOption = "",
    model: Annotated[str, typer.Option(help="The person it reproduces.")] = "",
    agency: Annotated[str, typer.Option(help="Who represents that person.")] = "",
    mark_box: BoxOption = None,
    no_mark: NoMarkOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Register a twin's pictures. Adding the same again changes nothing but the place of their mark, where
    --mark-box gives another, or --no-mark takes it away. Where none is given, a known mark (`twinwatch marks
    list`) is looked for, and its place is taken: a copy on which it is gone is then told as mark_removed.

    \b
    Examples:
      twinwatch twins add "Twin A" a1.jpg a2.jpg --basis "https://brand.example/announcement"
      twinwatch twins add "Model A" portrait.jpg --kind human_original --basis "agency portfolio"
      twinwatch twins add "Twin A" marked.png --basis "contract 7" --mark-box 0.8,0.9,0.15,0.06
    """
    if not name.strip():
        raise usage("a twin needs a name", where="NAME")
    if no_mark and mark_box is not None:
        raise usage("--no-mark and --mark-box: one or the other", where="--no-mark")
    if not basis.strip():
        raise usage(
            "--basis is missing: say on what these pictures are called AI (a contract, the brand's own "
            "announcement, a URL); a registration without a basis could accuse somebody falsely",
            where="--basis",
        )
    settings = configured(config)
    enrolment = Enrolment(
        twin=Twin(name.strip(), kind, model=model, agency=agency, added_at=datetime.now(UTC)),
        images=tuple(images),
        basis=basis.strip(),
        attested_by=(attested_by or settings.crawl.contact).strip(),
        mark_box=_box(mark_box),
        look_for_mark=not no_mark,
    )
    if nothing_stored(settings):
        readable(enrolment)
    with opened(settings, create=True) as store:
        done = register(store, enrolment, trust_in(settings.trust))
    _tell(enrolment, done, json=json)


ListArgument = Annotated[
    Path,
    typer.Argument(metavar="LIST", help="CSV in UTF-8 or XLSX; a pack; PDQ hashes as hex.", readable=False),
]
FolderOption = Annotated[
    Path | None,
    typer.Option("--images", metavar="DIR", help="Where its pictures lie. Default: the list's folder."),
]
ElseOption = Annotated[
    str, typer.Option(metavar="WHO", help="Who attests where a row does not say. Default: [crawl] contact.")
]
MarksOption = Annotated[
    bool,
    typer.Option("--look-for-marks", help="Look for known marks where mark_box is empty: slower."),
]


@app.command("import")
def import_list(
    path: ListArgument,
    images: FolderOption = None,
    attested_by: ElseOption = "",
    twin: packing.TwinOption = "",
    kind: packing.KindOption = ReferenceKind.DIGITAL_TWIN,
    basis: packing.BasisOption = "",
    look_for_marks: MarksOption = False,
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Register the twins and pictures of a list. All rows and all pictures are checked first; one mistake,
    and none is registered. Importing the same list again changes nothing; one that was broken off goes on.

    \b
    Columns, in any order; those marked * are needed; several rows a twin:
      twin *        its name
      image *       a file in DIR, as studio/a1.jpg
      basis *       on what it is called AI: a contract, an announcement, a URL
      kind          digital_twin (default), synthetic_model, human_original
      model, agency who it is of, and who represents them
      mark_box      where its label stands, as 0.8,0.9,0.15,0.06; none: it bears none
      attested_by   who attests it
      document      a file beside the list, a SHA-256 or a URL; only the digest is kept
      note          free text

    \b
    Or what others hand over in place of pictures, recognised by its content: a pack of fingerprints
    (`twins fingerprint-pack`), or PDQ hashes, 64 hex digits a line. --twin, --kind and --basis are for these.

    \b
    Examples:
      twinwatch twins import twins.csv --images renders/ --dry-run
      twinwatch twins import twins.xlsx --attested-by "Elin, Agency A"
      twinwatch twins import pack.json --basis "contract 7" --attested-by "Agency A"
      twinwatch twins import hashes.txt --twin "Twin A" --basis "contract 7"
    """
    settings = configured(config)
    if packing.recognised(path) or twin or basis:  # which a list says row by row
        packing.import_packed(
            path,
            twin=twin,
            kind=kind,
            basis=basis,
            attested_by=attested_by,
            dry_run=dry_run,
            config=settings,
            json=json,
        )
        return
    who = (attested_by or settings.crawl.contact).strip()
    trust = trust_in(settings.trust)
    asked = Asked(images or path.parent, datetime.now(UTC), who, look_for_marks, trust, dry_run)
    _import_roster(settings, path, asked, json=json)


def _import_roster(settings: "Config", path: Path, asked: Asked, *, json: bool) -> None:
    if not asked.dry_run and nothing_stored(settings):
        with empty_store() as rehearsed:
            good(rehearsed, path, asked)
    with (
        rehearsed_or_opened(settings, dry_run=asked.dry_run) as store,
        counting_bar("look at pictures") as tell,
    ):
        done = import_roster(store, path, asked, tell)
    if json:
        tell_warnings(done)
        emit(rolled_json(done, path, dry_run=asked.dry_run))
    else:
        tell_rolled(done, dry_run=asked.dry_run, looked_for_marks=asked.look_for_marks)


@app.command("list")
def list_twins(config: ConfigOption = None, json: JsonOption = False) -> None:
    """All registered twins.

    \b
    Examples:
      twinwatch twins list
      twinwatch twins list --json
    """
    with opened_if_there(configured(config)) as store:
        if store is None:
            say("No store yet: nothing is registered (`twinwatch twins add`).")
            return
        pairs = [(twin, store.references(twin.name)) for twin in store.twins()]
    if json:
        for twin, pictures in pairs:
            emit(twin_json(twin, pictures))
        return
    table = Table("twin", "kind", "model", "agency", "pictures", "attested by", "consent")
    for twin, pictures in pairs:
        attesters = ", ".join(sorted({one.attested_by or "nobody" for one in pictures}))
        gone = sum(one.withdrawn_at is not None for one in pictures)
        count = f"{len(pictures) - gone}" + (f" ({gone} withdrawn)" if gone else "")
        consent = f"withdrawn {twin.withdrawn_at:%Y-%m-%d}" if twin.withdrawn_at else ""
        consent = f"erased {twin.erased_at:%Y-%m-%d}" if twin.erased_at else consent
        cells = (twin.name, twin.kind.value, twin.model, twin.agency, count, attesters, consent)
        table.add_row(*(Text(clean(cell)) for cell in cells))
    Console(file=sys.stdout, soft_wrap=True).print(table)


@app.command()
def show(name: NameArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """One twin with its pictures, their basis and who attests them.

    \b
    Examples:
      twinwatch twins show "Twin A"
      twinwatch twins show "Twin A" --json
    """
    with opened_if_there(configured(config)) as store:
        twin = next((one for one in store.twins() if one.name == name), None) if store else None
        pictures = store.references(name) if store else ()
        taken = taking_out.history(store, name) if store else None
        corrections = correcting.of(store, name) if store else ()
    if twin is None or taken is None:
        raise RegistryError(
            f"no twin is registered as {name!r} (`twinwatch twins list`)", kind="no_twin", where=name
        )
    if json:
        corrected = {"corrections": [correction_json(one) for one in corrections]}
        emit({**twin_json(twin, pictures), **taken_out_json(twin, *taken), **corrected})
        return
    withdrawn = f", consent withdrawn on {twin.withdrawn_at:%Y-%m-%d}" if twin.withdrawn_at else ""
    whose = "".join(
        f", {what} {who}" for what, who in (("model", twin.model), ("agency", twin.agency)) if who
    )
    write(f"{twin.name}: {twin.kind.value}{whose}{withdrawn}")
    for one in pictures:
        gone = f"  withdrawn {one.withdrawn_at:%Y-%m-%d}: matches no more" if one.withdrawn_at else ""
        only = "  fingerprints only" if one.handed is Handed.FINGERPRINTS else ""
        write(f"  {one.sha256}  {one.source}{only}{gone}")
        write(f"    basis: {one.basis}; attested by {one.attested_by or 'nobody: level 2 at most'}")
        if one.document:
            digest = f", SHA-256 {one.document_sha256}" if one.document_sha256 else ""
            write(f"    document: {one.document}{digest}")
        if one.note:
            write(f"    note: {one.note}")
        if one.disputed:
            write("    contested: level 2 at most, and nothing is said of its licences")
    for line in (*taking_out.told(*taken), *correcting.told(corrections)):
        write(f"  {line}")
    write(CANNOT_BE_FOUND)


def _tell(enrolment: Enrolment, done: Enrolled, *, json: bool) -> None:
    for warning in done.warnings:
        say(f"twinwatch: warning: {warning}")
    if json:
        emit(
            {
                "twin": enrolment.twin.name,
                "kind": enrolment.twin.kind.value,
                "new": [reference_json(reference) for reference in done.new],
                "known": list(done.known),
                "marked": list(done.marked),
                "mark_found": {
                    sha256: {"mark": seen.mark, "mark_box": box_json(seen.box)}
                    for sha256, seen in done.seen.items()
                },
                "warnings": list(done.warnings),
            }
        )
        return
    name = enrolment.twin.name
    write(
        f"{name}: {several(len(done.new), 'picture')} registered"
        if done.new
        else f"{name}: already registered"
    )
    if done.new and done.known:
        write(f"{len(done.known)} were registered already")
    for sha256, seen in done.seen.items():
        place = ",".join(f"{side:.3f}" for side in (seen.box.x, seen.box.y, seen.box.w, seen.box.h))
        write(
            f"{sha256[:12]}: the reader found a mark on it, {clean(seen.mark)!r} at {place}; where it is gone"
        )
        write("  from a copy, that is told. Add it again with --mark-box for another place, or --no-mark.")
    if done.marked:
        write(f"The place of the mark is another one now, of {several(len(done.marked), 'picture')}.")


def _box(text: str | None) -> Box | None:
    if text is None:
        return None
    wrong = usage(f"--mark-box {text!r}: expected X,Y,W,H as shares from 0 to 1", where="--mark-box")
    try:
        x, y, w, h = (float(part) for part in text.split(","))
    except ValueError:
        raise wrong from None
    if not (0 <= x < 1 and 0 <= y < 1 and 0 < w <= 1 - x + 1e-9 and 0 < h <= 1 - y + 1e-9):
        raise wrong
    return Box(x, y, w, h)
