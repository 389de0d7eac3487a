"""The verbs of `twinwatch twins` that hand over fingerprints in place of pictures, and lists:
fingerprint-pack, import, export. They hang on the verb's own app (desk/commands/twins.py)."""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.bars import bar
from desk.contract import Json, failure_json, reference_json
from desk.exporting import replaced
from desk.options import (
    ConfigOption,
    DryRunOption,
    JsonOption,
    changed,
    configured,
    empty_store,
    nothing_stored,
    opened,
    usage,
)
from desk.output import emit, path_text, say, several, write
from storage.errors import RegistryError, StoreError
from storage.records import ReferenceImage, ReferenceKind

if TYPE_CHECKING:
    from desk.config import Config
    from desk.jobs.packs import Brought, Made
    from storage.store import Store

TwinOption = Annotated[str, typer.Option("--twin", metavar="NAME", help="The twin that all of them show.")]
BasisOption = Annotated[
    str, typer.Option(metavar="TEXT", help="On what they are called AI: a contract, an announcement, a URL.")
]
AttestedOption = Annotated[
    str, typer.Option(metavar="WHO", help="Who attests it. Default: as in the pack, else [crawl] contact.")
]
KindOption = Annotated[
    ReferenceKind, typer.Option(help="human_original: the real person, registered as not AI.")
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write it; it is replaced.")
]


def fingerprint_pack(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Pictures; or a folder for each twin.")],
    output: OutputOption = None,
    twin: TwinOption = "",
    kind: KindOption = ReferenceKind.DIGITAL_TWIN,
    basis: BasisOption = "",
    attested_by: AttestedOption = "",
    model: Annotated[str, typer.Option(help="The person it reproduces. Handed over with the pack.")] = "",
    agency: Annotated[str, typer.Option(help="Who represents that person.")] = "",
    whole: Annotated[
        bool, typer.Option("--whole", help="No hashes of parts: less can be read off; crops are not found.")
    ] = False,
    names: Annotated[
        bool, typer.Option("--names", help="Hand over the files' names too; they may name a person.")
    ] = False,
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Fingerprints of your pictures, to be handed over in their place: no picture and no thumbnail is in
    them. Without --twin, every folder in DIR is a twin's. It needs no store. What is lost without pictures,
    and what can be read out of a fingerprint: docs/guides/fingerprints.md.

    \b
    Examples:
      twinwatch twins fingerprint-pack renders/ -o pack.json --basis "contract 7" --attested-by "Agency A"
      twinwatch twins fingerprint-pack anna/ -o pack.json --twin "Twin A" --agency "Agency A"
      twinwatch twins fingerprint-pack portraits/ -o pack.json --whole
      twinwatch twins fingerprint-pack renders/ --dry-run

    Exit status: 3 where some pictures could not be read; the others are in the pack.
    """
    from desk.jobs.pack_file import write_pack  # noqa: PLC0415 - numpy, which --help does without
    from desk.jobs.packs import Wish, make_pack  # noqa: PLC0415
    from desk.jobs.pictures import walk  # noqa: PLC0415

    if output is None and not dry_run:
        raise usage("say where to write the pack: -o pack.json (or --dry-run)", where="--output")
    contact = configured(config).crawl.contact
    wish = Wish(
        folder=folder,
        twin=twin.strip(),
        kind=kind,
        model=model.strip(),
        agency=agency.strip(),
        basis=basis.strip(),
        attested_by=(attested_by or contact).strip(),
        tiles=not whole,
        names=names,
    )
    with bar("fingerprints", lambda: sum(1 for _ in walk([folder]))) as advance:
        made = make_pack(wish, advance)
    digest = write_pack(made.data, output) if output is not None and not dry_run else ""
    _tell_made(made, output, digest, json=json)
    raise typer.Exit(3 if made.failed else 0)


LIKENESS = (
    " Out of the hashes of parts a small grey\nlikeness of each picture can be made; --whole hands over less,"
    " and crops are not found then."
)


def _tell_made(made: "Made", output: Path | None, digest: str, *, json: bool) -> None:
    for warning in made.warnings:
        say(f"twinwatch: warning: {warning}")
    for failure in made.failed:
        say(f"twinwatch: {failure.where}: not in the pack: {failure.message} ({failure.kind})")
    pictures, twins = len(made.pack.pictures), [one.name for one in made.pack.twins]
    tiles = "tiles" in made.pack.algorithms
    if json:
        emit(
            {
                "path": path_text(output) if digest and output else None,
                "sha256": digest or None,
                "bytes": len(made.data),
                "twins": twins,
                "pictures": pictures,
                "algorithms": dict(made.pack.algorithms),
                "failed": [failure_json(one) for one in made.failed],
                "warnings": list(made.warnings),
                "dry_run": not digest,
            }
        )
        return
    size = f"{len(made.data) / 1024:,.0f} KiB"
    write(f"{several(pictures, 'picture')} of {several(len(twins), 'twin')}: {', '.join(twins[:10])}; {size}")
    if not digest:
        write("Nothing was written (--dry-run).")
        return
    write(f"{path_text(output or '')}  SHA-256 {digest}")
    write("Tell the receiver this digest by another way. A pack is personal data: whoever holds it can")
    write("recognise the pictures, and can see in part what they show." + (LIKENESS if tiles else ""))


def recognised(path: Path) -> bool:
    """Whether `import_packed` takes it: by its content."""
    from desk.jobs.hash_lists import is_hash_list  # noqa: PLC0415
    from desk.jobs.pack_file import is_pack  # noqa: PLC0415

    return is_pack(path) or is_hash_list(path)


def import_packed(
    path: Path,
    *,
    twin: str,
    kind: ReferenceKind,
    basis: str,
    attested_by: str,
    dry_run: bool,
    config: "Config",
    json: bool,
) -> None:
    """Raises RegistryError, kind "unknown_format" for what is neither a pack nor a list of hashes."""
    from desk.jobs.hash_lists import import_hashes  # noqa: PLC0415
    from desk.jobs.pack_file import is_pack  # noqa: PLC0415
    from desk.jobs.packs import Terms, import_pack  # noqa: PLC0415

    if not recognised(path):
        where = path_text(path)
        what = "neither a pack of fingerprints nor a list of PDQ hashes (64 hex digits a line)"
        raise RegistryError(f"{where}: {what}, or not there", kind="unknown_format", where=where)
    terms = Terms(twin.strip(), basis.strip(), attested_by.strip(), config.crawl.contact.strip())

    def brought(store: "Store") -> "Brought":
        return import_pack(store, path, terms) if is_pack(path) else import_hashes(store, path, terms, kind)

    if not dry_run and nothing_stored(config):
        with empty_store() as rehearsed:  # refused, it leaves no empty database behind
            brought(rehearsed)
    with _to_change(config, dry_run=dry_run) as store:
        done = brought(store)
    _tell_brought(path, done, dry_run=dry_run, json=json)


@contextmanager
def _to_change(config: "Config", *, dry_run: bool) -> Iterator["Store"]:
    """The store, made where there is none; a dry run without one goes by an empty one, gone afterwards."""
    if not dry_run:
        with opened(config, create=True) as store:
            yield store
        return
    try:
        with changed(config, dry_run=True) as store:
            yield store
            return
    except StoreError as error:
        if error.kind != "no_database":
            raise
    with empty_store() as store:
        yield store


def _tell_brought(path: Path, done: "Brought", *, dry_run: bool, json: bool) -> None:
    from desk.jobs.packs import LOST  # noqa: PLC0415

    for warning in done.warnings:
        say(f"twinwatch: warning: {warning}")
    for left in done.left_out:
        say(f"twinwatch: left out: {left}")
    if json:
        emit(
            {
                "path": path_text(path),
                "sha256": done.digest,
                "made_by": done.made_by or None,
                "made_at": done.made_at or None,
                "twins": [_twin_json(name, done) for name in _twins(done)],
                "new": len(done.new),
                "known": len(done.known),
                "left_out": list(done.left_out),
                "lost": LOST,
                "warnings": list(done.warnings),
                "dry_run": dry_run,
            }
        )
        return
    write(
        f"{path_text(path)}  SHA-256 {done.digest}"
        + (f"  {done.made_by}, {done.made_at}" if done.made_by else "")
    )
    for name in _twins(done):
        mine = [one for one in done.new if one.twin == name]
        known = sum(one.twin == name for one in done.known)
        told = (
            f"{several(len(mine), 'picture')} registered by fingerprints alone"
            if mine
            else "already registered"
        )
        write(f"{name}: {told}" + (f"; {known} were registered already" if mine and known else ""))
        for basis, who in dict.fromkeys((one.basis, one.attested_by) for one in mine):
            write(f"  on the basis of: {basis}; attested by {who or 'nobody: level 2 at most'}")
    if done.new:
        write(LOST)
    if dry_run:
        write("Nothing was changed (--dry-run).")


def _twins(done: "Brought") -> list[str]:
    return list(dict.fromkeys(one.twin for one in (*done.new, *done.known)))


def _twin_json(name: str, done: "Brought") -> Json:
    mine: list[ReferenceImage] = [one for one in done.new if one.twin == name]
    return {
        "twin": name,
        "kind": next(one.kind.value for one in (*done.new, *done.known) if one.twin == name),
        "new": [reference_json(one) for one in mine],
        "known": [one.sha256 for one in done.known if one.twin == name],
    }


def export(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Default: all twins.")
    ] = None,
    output: OutputOption = None,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="csv, jsonl or pdq.")] = "csv",
    config: ConfigOption = None,
) -> None:
    """The registry as a file: csv (the columns that `twins import` takes), jsonl (as `twins list --json`), or
    pdq: the PDQ hashes of the pictures, 64 hex digits a line in Meta's order, for whoever looks for them with
    other tools. That list is personal data: hashes can be inverted in part (docs/guides/fingerprints.md).

    \b
    Examples:
      twinwatch twins export -o registry.csv
      twinwatch twins export "Twin A" --format pdq -o hashes.txt
      twinwatch twins export --format jsonl
    """
    from desk.departed import departed  # noqa: PLC0415
    from desk.jobs.private_file import write_private  # noqa: PLC0415
    from desk.jobs.registry_export import Format  # noqa: PLC0415
    from desk.jobs.registry_export import export as exported  # noqa: PLC0415

    if form not in list(Format):
        raise usage(f"--format {form}: expected one of {', '.join(Format)}", where="--format")
    with opened(configured(config), create=False) as store:
        done = exported(store, names or [], Format(form))
        if output is None:
            sys.stdout.write(done.data.decode())
            sys.stdout.flush()
        elif form == Format.PDQ:
            write_private(output, done.data)
        else:
            replaced(output, iter([done.data]))
        shown = names or [twin.name for twin in store.twins()]
        written = output or hashlib.sha256(done.data).digest()
        warning = departed(store, "twins export", form, written, twins=shown)
    for left in (*(f"left out: {one}" for one in done.left_out), *filter(None, [warning])):
        say(f"twinwatch: {left}")
    many = (
        several(done.pictures, "hash", "hashes") if form == Format.PDQ else several(done.pictures, "picture")
    )
    where = f" written to {path_text(output)}" if output is not None else ""
    say(f"{many} of {several(done.twins, 'twin')}{where}")
