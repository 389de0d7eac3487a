"""What `twinwatch twins` takes out: contest, withdraw, restore. Erasing is in `erasing.py`."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from desk.contract_taken_out import contest_json, export_json
from desk.jobs import references
from desk.options import (
    ByOption,
    ConfigOption,
    DryRunOption,
    JsonOption,
    changed,
    configured,
    person,
    usage,
)
from desk.output import emit, say, several, write
from desk.printed import contest_words
from storage.keeping import Contest, Export, Hold, Withdrawal
from storage.store import Store

NameArgument = Annotated[str, typer.Argument(metavar="NAME")]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; findings say it.")]
ReferenceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--reference", metavar="SHA|FILE", help="Only this picture: a file, or a SHA-256; may be repeated."
    ),
]
StopOption = Annotated[
    bool, typer.Option("--stop-matching", help="Take all its pictures out of the bank as well.")
]
StartOption = Annotated[
    bool, typer.Option("--start-matching", help="Put the pictures back into the bank as well.")
]
OnOption = Annotated[
    str,
    typer.Option(
        "--on", metavar="DATE", help="The first day of which uses count as withdrawn. Default: from now on."
    ),
]
EraseOption = Annotated[
    bool, typer.Option("--erase", help="Erase the twin: pictures, fingerprints, names. For good.")
]
CapturesOption = Annotated[
    bool, typer.Option("--captures", help="With --erase: the collected pictures that show it, too.")
]
ReceiptOption = Annotated[
    Path | None, typer.Option("--receipt", metavar="FILE", help="With --erase: write the receipt here.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="With --erase: do not ask.")]
MOST_NAMED = 30  # exports and findings that are named one by one

History = tuple[Sequence[Withdrawal], Sequence[Contest], Sequence[Hold]]


def contest(
    given: Annotated[str, typer.Argument(metavar="NAME|REFERENCE", help="A twin, or one of its pictures.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="What is wrong with it. Needed.")] = "",
    by: ByOption = "",
    undo: Annotated[bool, typer.Option("--undo", help="It is contested no longer.")] = False,
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Dispute what a picture (file, SHA-256 or its beginning), or a whole twin, is registered as.

    Its findings are `disputed` at once and judged again: a contested picture gives level 2 at most, and where
    all that matches is contested nothing is said of licences. Every export that left with one of them is
    named: whoever has it should hear of it. Nothing is deleted; --undo takes it back.

    \b
    Examples:
      twinwatch twins contest "Twin A" --by ann --reason "these are photographs of a campaign of ours"
      twinwatch twins contest 77aa01bc --reason "wrong file" --dry-run
      twinwatch twins contest "Twin A" --undo --reason "the contract was shown"
    """
    if not reason.strip():
        raise usage("--reason is missing: say what is wrong with it", where="--reason")
    # the whole detector: a second that others do without
    from desk.jobs.contest import contest as contest_it  # noqa: PLC0415
    from desk.jobs.nightly import settings_of  # noqa: PLC0415

    settings = configured(config)
    with changed(settings, dry_run=dry_run) as store:
        done = contest_it(store, settings_of(settings), given, person(by), reason.strip(), undo=undo)
    if json:
        emit(
            {
                "contests": [contest_json(one) for one in done.contests],
                "findings": list(done.findings),
                "exports": [export_json(one) for one in done.left],
                "dry_run": dry_run,
            }
        )
        return
    for one in done.contests:
        write(f"{one.twin}: {contest_words(one)}")
    _tell_findings(done.findings, undo=undo, dry_run=dry_run)
    tell_left(done.left)
    if dry_run:
        write("Nothing was changed (--dry-run).")


def _tell_findings(findings: Sequence[int], *, undo: bool, dry_run: bool) -> None:
    if not findings:
        write("No finding rests on it.")
        return
    are = "would be" if dry_run else "are"
    what = f"{are} judged again without the dispute" if undo else f"{are} disputed, and judged again"
    write(f"{several(len(findings), 'finding')} {what}: {_numbers(findings)}")
    say("What else it concerns follows with the next `twinwatch detect` or night.")


def _numbers(findings: Sequence[int]) -> str:
    more = f" and {len(findings) - MOST_NAMED} more" if len(findings) > MOST_NAMED else ""
    return ", ".join(f"#{number}" for number in findings[:MOST_NAMED]) + more


def tell_left(left: Sequence[Export]) -> None:
    """Who has what was changed since."""
    if not left:
        write("No export that this program remembers had one of them in.")
        return
    write(f"Already out of the house ({several(len(left), 'export')}); whoever has it should hear of it:")
    for one in left[-MOST_NAMED:]:
        write(f"  {export_words(one)}")
    if len(left) > MOST_NAMED:
        write(f"  … and {len(left) - MOST_NAMED} earlier ones (--json names all)")


def export_words(one: Export) -> str:
    where = one.path or "standard output"
    pictures = ", with pictures" if one.thumbnails else ""
    gone = f", erased on {one.erased_at:%Y-%m-%d}" if one.erased_at else ""
    what = f"{one.format}, {several(len(one.findings), 'finding')}{pictures}"
    return f"{one.at:%Y-%m-%d %H:%M} UTC  {where}  ({what}, by {one.by}, SHA-256 {one.sha256[:16]}…{gone})"


def withdraw(
    name: NameArgument,
    reference: ReferenceOption = None,
    stop_matching: StopOption = False,
    on: OnOption = "",
    erase: EraseOption = False,
    captures: CapturesOption = False,
    receipt: ReceiptOption = None,
    yes: YesOption = False,
    reason: ReasonOption = "",
    by: ByOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Consent ends, and with it every licence of the twin. Matching goes on: what is published from that day
    on is judged as withdrawn, what was published before by the terms then in force. With --reference, only
    these pictures leave the bank, and nothing matches them any more.

    With --erase the twin goes: its pictures, fingerprints and names, wherever this program keeps them, and
    the exports that it remembers. Findings stay, of “erased twin N”; so do collected posts, unless --captures
    is given. It cannot be taken back; a receipt says what went and what was not reached.

    \b
    Examples:
      twinwatch twins withdraw "Twin A" --erase --reason "GDPR Art. 17" --dry-run
      twinwatch twins withdraw "Twin A" --erase --captures --reason "her wish" --yes --receipt receipt.json
      twinwatch twins withdraw "Twin A" --reason "the model asked for it" --by ann
      twinwatch twins withdraw "Twin A" --on 2026-12-31 --reason "the contract ends"
      twinwatch twins withdraw "Twin A" --stop-matching         none of its pictures matches any more
      twinwatch twins withdraw "Twin A" --reference a2.jpg      registered by mistake
      twinwatch twins withdraw "Twin A" --reference 77aa01bc --dry-run
    """
    if reference and (on or stop_matching or erase):
        raise usage("--reference is about pictures alone: leave the other options out", where="--reference")
    if erase and (on or stop_matching):
        raise usage(
            "--erase does all of it, from now on: leave --on and --stop-matching out", where="--erase"
        )
    if not erase and (captures or receipt or yes):
        raise usage("--captures, --receipt and --yes go with --erase", where="--erase")
    if erase:
        from desk.erasing import run  # noqa: PLC0415 - the whole detector: others do without
        from desk.jobs.erasing import Asked  # noqa: PLC0415 - likewise

        wanted = Asked(name, person(by), reason.strip(), captures)
        status = run(configured(config), wanted, receipt=receipt, yes=yes, dry_run=dry_run, json=json)
        raise typer.Exit(status)
    asked = references.Asked(
        name, tuple(reference or ()), stop_matching, person(by), reason.strip(), _day(on)
    )
    with changed(configured(config), dry_run=dry_run) as store:
        done = references.withdraw(store, asked)
    _tell_change("withdrawn", asked, done, dry_run=dry_run, json=json)


def restore(
    name: NameArgument,
    reference: ReferenceOption = None,
    start_matching: StartOption = False,
    by: ByOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Take the last withdrawal back: the licences that it ended hold again as before, and no others. With
    --start-matching the pictures that it stopped match again, too; with --reference, only these pictures.

    \b
    Examples:
      twinwatch twins restore "Twin A"
      twinwatch twins restore "Twin A" --start-matching         its pictures match again, too
      twinwatch twins restore "Twin A" --reference a2.jpg
    """
    asked = references.Asked(name, tuple(reference or ()), start_matching, person(by))
    with changed(configured(config), dry_run=dry_run) as store:
        done = references.restore(store, asked)
    _tell_change("restored", asked, done, dry_run=dry_run, json=json)


def _tell_change(
    what: str, asked: references.Asked, done: references.Change, *, dry_run: bool, json: bool
) -> None:
    if json:
        emit(
            {
                "twin": asked.twin,
                "change": what,
                "consent": done.consent,
                "references": list(done.references),
                "pictures": done.pictures,
                "licences": list(done.licences),
                "since": done.since,
                "reason": asked.reason,
                "dry_run": dry_run,
            }
        )
        return
    for sentence in done.sentences(what):
        write(f"{asked.twin}: {sentence}")
    if dry_run:
        write("Nothing was changed (--dry-run).")


def _day(words: str) -> date | None:
    if not words:
        return None
    try:
        if len(words) == 10:
            return date.fromisoformat(words)
    except ValueError:
        pass
    raise usage(f"--on {words!r}: expected a day as 2026-06-30", where="--on")


# --- what was done ------------------------------------------------------------------------------------------


def history(store: Store, twin: str) -> History:
    """Of one twin, oldest first."""
    holds = [one for one in store.holds.all() if one.twin == twin]
    return store.bank.withdrawals(twin), store.contests.of(twin), holds


def told(
    withdrawals: Sequence[Withdrawal], contests: Sequence[Contest], holds: Sequence[Hold]
) -> Iterator[str]:
    """In plain lines."""
    for one in withdrawals:
        why = f": {one.reason}" if one.reason else ""
        by = f" (by {one.by})" if one.by else ""
        licences = f"; {several(len(one.licences), 'licence')} ended" if one.licences else ""
        back = f"; taken back on {one.restored_at:%Y-%m-%d} by {one.restored_by}" if one.restored_at else ""
        yield f"consent withdrawn from {one.since:%Y-%m-%d} on{why}{by}{licences}{back}"
    for said in contests:
        yield f"{said.at:%Y-%m-%d}: {contest_words(said)}"
    for hold in holds:
        lifted = f"; lifted on {hold.lifted_at:%Y-%m-%d} by {hold.lifted_by}" if hold.lifted_at else ""
        yield f"legal hold {hold.id} since {hold.at:%Y-%m-%d} by {hold.by}: {hold.reason}{lifted}"
