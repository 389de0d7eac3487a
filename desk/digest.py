"""The night in one page for people: alerts first, then what was labelled, what nobody can say, and what
went wrong.

A table on a terminal, plain lines elsewhere (a mail from cron, a log).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.jobs.delivered import Delivered
from desk.jobs.stored_matches import Retro
from desk.jobs.summary import Summary
from desk.output import clean, several
from storage.changes import ChangeKind
from storage.records import Finding, FindingStatus, Labelling, ReadingState

CHANGES = tuple(kind.value for kind in ChangeKind)
LABELLED = (Labelling.LABELLED, Labelling.WEAKLY_LABELLED)
COLUMNS = ("id", "verdict", "consent", "retailer", "account", "twin", "post", "why")
ERRORS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    style: str
    rows: tuple[tuple[str, ...], ...]


def print_digest(summary: Summary, findings: Sequence[Finding], stream: TextIO) -> None:
    """`findings` are those that are new or changed, those alerted among them."""
    console = Console(file=stream, highlight=False, soft_wrap=not stream.isatty())
    console.print(Text(headline(summary), style="bold"))
    if back := looked_back(summary.retro):
        console.print(Text(back))
    if came := delivered(summary.registry):
        console.print(Text(clean(came)))
    for section in sections(summary, findings):
        (_table if stream.isatty() else _lines)(console, section)
    _errors(console, summary)


def headline(summary: Summary) -> str:
    parts = [
        f"{summary.accounts_ok} accounts ok, {summary.accounts_failed} failed"
        + (f", {len(summary.skipped)} import-only skipped" if summary.skipped else ""),
        f"posts {summary.posts_new} new, {summary.posts_changed} changed, {summary.posts_gone} gone",
        f"media {summary.media_new} new, {summary.media_failed} failed",
        f"{summary.examined} examined",
        f"findings {summary.findings_new} new, {summary.findings_changed} changed",
    ]
    return f"{summary.started:%Y-%m-%d %H:%M} UTC · " + " · ".join(parts)


def delivered(done: Delivered | None) -> str:
    """What the watched folder brought; "" where nothing in it is new."""
    if done is None or not (done.new or done.waiting or done.untaken):
        return ""
    twins = f" ({several(len(done.twins), 'new twin')})" if done.twins else ""
    waiting = f"; {len(done.waiting)} still being delivered, for the next night" if done.waiting else ""
    untaken = f"; {len(done.untaken)} cannot be taken" if done.untaken else ""
    return f"Delivered: {several(done.new, 'picture')} registered{twins}{waiting}{untaken}."


def looked_back(retro: Retro) -> str:
    """What looking through everything collected before came to; "" where nothing came or went."""
    if not retro.came and not retro.went:
        return ""
    changed = [f"{retro.came} registered"] if retro.came else []
    changed += [f"{retro.went} withdrawn"] if retro.went else []
    dropped = f", {retro.dropped} pictures lost a match" if retro.dropped else ""
    return (
        f"Looked back, for {' and '.join(changed)} since: {retro.pictures} pictures by their fingerprints, "
        f"{retro.opened} of them opened, {retro.found} new matches{dropped}."
    )


def sections(summary: Summary, findings: Sequence[Finding]) -> list[Section]:
    """Headings in a fixed order; "alerts" is there also when there are none, since silence must be said."""
    alerted = [finding for finding in findings if finding.id in summary.alerts]
    rest = [finding for finding in findings if finding.id not in (*summary.alerts, *summary.noted)]
    labelled = [finding for finding in rest if finding.answer.verdict.labelling in LABELLED]
    unsure = [finding for finding in rest if finding.answer.verdict.labelling is Labelling.CANNOT_SAY]
    known = {finding.id for finding in (*labelled, *unsure)}
    others = [finding for finding in rest if finding.id not in known]
    made = [
        Section("alerts", "bold red", _rows(alerted)),
        Section("labelled", "green", _rows(labelled)),
        Section("could not say", "yellow", _rows(unsure)),
        Section("other findings, new or changed, that are no news", "yellow", _rows(others)),
        Section("what was done to a registered picture", "bold cyan", tuple(_changes(findings))),
        Section("in quarantine: not believed until a person lifts it", "bold yellow", _quarantined(summary)),
        Section("could not be looked at", "yellow", (*_unseen(findings), *_unread(summary))),
    ]
    return [section for section in made if section.rows or section.title == "alerts"]


def _rows(findings: Sequence[Finding]) -> tuple[tuple[str, ...], ...]:
    return tuple(row(finding) for finding in findings)


def row(finding: Finding) -> tuple[str, ...]:
    verdict = finding.answer.verdict
    account = f"{finding.account.platform}:{finding.account.handle}"
    account += "" if finding.standing.verified else " (account not verified)"
    account += " (repost)" if finding.reposts else ""
    account += " (settled before)" if finding.settled else ""
    reason = verdict.reasons[0] if verdict.reasons else ""
    cells = (
        f"#{finding.id}",
        verdict.labelling.value + (" (disputed)" if finding.status is FindingStatus.DISPUTED else ""),
        verdict.consent.value,
        finding.account.retailer,
        account,
        verdict.twin,
        _shown(finding),
        reason,
    )
    return tuple(clean(cell) for cell in cells)


def _shown(finding: Finding) -> str:
    post = finding.post_url or finding.post_id
    return f"{post} (picture {finding.position + 1})" + (" (gone)" if finding.gone_at else "")


def _changes(findings: Sequence[Finding]) -> Iterator[tuple[str, ...]]:
    """Of real people's pictures as well, which are no findings of AI."""
    for finding in findings:
        account = f"{finding.account.platform}:{finding.account.handle}"
        for event in finding.answer.events:
            if event.kind.value in CHANGES:
                what = event.kind.value.replace("_", " ")
                where = f"{account}, {_shown(finding)}"
                yield (clean(f"#{finding.id} {what} in {where}: {event.detail}"),)


def _quarantined(summary: Summary) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (clean(f"registered picture {one.reference[:12]}: {one.reason} (`twinwatch quarantine list`)"),)
        for one in summary.quarantined
    )


def _unseen(findings: Sequence[Finding]) -> tuple[tuple[str, ...], ...]:
    """Surface and reason → on how many of these findings: what no verdict here could take into account."""
    counts: dict[tuple[str, str], int] = {}
    for finding in findings:
        for reading in finding.answer.readings:
            if reading.state is ReadingState.UNREADABLE:
                key = (reading.surface.value.replace("_", " "), clean(reading.reason))
                counts[key] = counts.get(key, 0) + 1
    return tuple((f"{surface}: {reason} ({count} findings)",) for (surface, reason), count in counts.items())


def _unread(summary: Summary) -> tuple[tuple[str, ...], ...]:
    counts = (
        ("files of a kind that nothing reads yet", summary.no_reader_yet),
        ("videos, longer than is looked at: their ends", summary.videos_cut),
        ("damaged pictures: a part of each", summary.damaged),
    )
    return tuple((f"{what} ({count} files)",) for what, count in counts if count)


def _table(console: Console, section: Section) -> None:
    if not section.rows:
        console.print(Text(f"{section.title}: none", style="dim"))
        return
    wide = len(section.rows[0]) == len(COLUMNS)
    table = Table(title=section.title, title_style=section.style, title_justify="left", expand=wide)
    for column in COLUMNS if wide else ("what: why",):
        table.add_column(
            column, overflow="fold", ratio=3 if column == "why" else 2 if column == "post" else None
        )
    for row in section.rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def _lines(console: Console, section: Section) -> None:
    console.print(Text(f"\n{section.title}" + ("" if section.rows else ": none")))
    for row in section.rows:
        console.print(Text("  " + " | ".join(cell for cell in row if cell)))


def _errors(console: Console, summary: Summary) -> None:
    if not summary.errors:
        return
    console.print(Text("\nfailures", style="bold"))
    for failure in summary.errors[:ERRORS_SHOWN]:
        console.print(
            Text(clean(f"  {failure.where}: {failure.message} ({failure.kind})").replace("\n", " "))
        )
    if len(summary.errors) > ERRORS_SHOWN:
        console.print(Text(f"  … and {len(summary.errors) - ERRORS_SHOWN} more"))
