"""A finding in plain lines: `twinwatch findings show`."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TextIO

from desk.dossier import Dossier
from desk.other_copies import other_copies
from desk.output import clean, failure_words, several
from desk.quoted import quoted
from detector.match_words import match_words
from storage.keeping import Contest
from storage.records import Finding, Match, Reading
from storage.store import Showing

POSTS_SHOWN = 20
TEXT_SHOWN = 500  # characters of a caption


def print_dossier(whole: Dossier, stream: TextIO) -> None:
    for line in _lines(whole):
        stream.write(clean(line) + "\n")


def _lines(whole: Dossier) -> Iterator[str]:
    yield from _head(whole.finding)
    yield "why"
    yield from (f"  {reason}" for reason in whole.finding.answer.verdict.reasons)
    yield "what says AI"
    for one in whole.finding.answer.evidence:
        yield f"  level {one.level}: {one.signal} ({one.reader}, {one.extent.value}) {one.detail}".rstrip()
    for copy in other_copies(whole.finding.answer):
        yield copy.title
        yield from (f"  {line}" for line in copy.lines())
        yield f"  SHA-256 {copy.via.there.sha256}"
    if whole.finding.answer.matches:
        yield "matches"
        yield from (f"  {_match(match)}" for match in whole.finding.answer.matches)
    yield from _elsewhere(whole.elsewhere)
    yield "where people could have been told"
    yield from (f"  {reading_line(reading)}" for reading in whole.finding.answer.readings)
    yield from _rules_and_events(whole.finding)
    yield from _history(whole)


def _head(finding: Finding) -> Iterator[str]:
    verdict = finding.answer.verdict
    verdicts = f"{verdict.labelling.value}, consent {verdict.consent.value}"
    yield f"#{finding.id} {verdicts}, status {finding.status.value}"
    yield f"  {finding.account.retailer} {finding.account.name} {finding.account.country or ''}".rstrip()
    yield from (f"  {caveat}" for caveat in finding.caveats)
    yield f"  {finding.post_url or finding.post_id} (picture {finding.position + 1})"
    yield f"  posted {_utc(finding.posted_at)}, first seen {_utc(finding.first_seen)}"
    yield f"  SHA-256 {finding.sha256 or 'none: there are no bytes'}"
    if verdict.twin:
        yield f"  twin {verdict.twin}"
    if finding.gone_at:
        yield f"  gone since {_utc(finding.gone_at)}"
    if finding.failure:
        yield f"  {failure_words(finding.failure)}"


def _match(match: Match) -> str:
    other = match.twin or "an earlier picture"
    return f"{match.kind.value} of {other} {match.reference[:16]}… ({match_words(match)})"


def _elsewhere(shown: Sequence[Showing]) -> Iterator[str]:
    if shown:
        yield "the same picture elsewhere"
    for one in shown[:POSTS_SHOWN]:
        yield f"  {_utc(one.first_seen)} {one.account.name} {one.post_url or one.post_id}"
    if len(shown) > POSTS_SHOWN:
        yield f"  … and {several(len(shown) - POSTS_SHOWN, 'post')} more"


def reading_line(reading: Reading) -> str:
    """`caption: present "Made with AI"`, with the reason where there is one."""
    quote = f' "{reading.quote}"' if reading.quote else ""
    reason = f": {reading.reason}" if reading.reason else ""
    return f"{reading.surface.value}: {reading.state.value}{reason}{quote}".replace("\n", " ")


def _rules_and_events(finding: Finding) -> Iterator[str]:
    if finding.answer.events:
        yield "events"
        for event in finding.answer.events:
            yield f"  {_utc(event.at)} {event.kind.value} {event.detail}".rstrip()
    if finding.answer.verdict.rules:
        yield "rules"
        for rule in finding.answer.verdict.rules:
            sure = f" (confidence in the rule: {rule.confidence})" if rule.confidence else ""
            yield f"  {rule.id}: {rule.verdict.value}{sure}. {rule.sentence}"
            if quoted(rule):
                yield f"    {quoted(rule)}"


def _history(whole: Dossier) -> Iterator[str]:
    yield "versions of the post"
    for version in whole.versions:
        text = version.post.text.replace("\n", " ")
        cut = text if len(text) <= TEXT_SHOWN else f"{text[:TEXT_SHOWN]}…"
        yield f"  {version.number}. {_utc(version.post.seen_at or version.first_seen)} {cut}"
    yield "captures"
    for number, capture in whole.captures:
        yield f"  version {number}: {_utc(capture.at)} {capture.status} {capture.sha256} {capture.url_asked}"
    yield "judged"
    for at, answer in whole.answers:
        yield f"  {_utc(at)} {answer.verdict.labelling.value}, {answer.verdict.consent.value}"
    if whole.witnessed:
        yield "seen by people"
        for one in whole.witnessed:
            state = one.state.value if one.state else "taken back"
            shot = f" screenshot {one.screenshot}" if one.screenshot else ""
            quote = f" “{one.quote}”" if one.quote else ""
            yield f"  {_utc(one.at)} {one.surface.value} {state} by {one.by}{quote} {one.note}{shot}".rstrip()
    yield from _taken_out(whole)
    if whole.reviews:
        yield "reviews"
        for review in whole.reviews:
            yield f"  {_utc(review.at)} {review.decision.value} by {review.by} {review.note}".rstrip()


def _taken_out(whole: Dossier) -> Iterator[str]:
    if whole.removed:
        yield "bytes that are no longer kept"
        for gone in whole.removed:
            yield f"  {_utc(gone.at)} {gone.sha256[:16]}… {gone.why}"
    if whole.contests:
        yield "contested"
        yield from (f"  {_utc(one.at)} {contest_words(one)}" for one in whole.contests)


def contest_words(one: Contest) -> str:
    what = f"the registered picture {one.reference[:16]}…" if one.reference else f"all of {one.twin}"
    said = "is no longer contested" if one.undone else "is contested"
    return f"{what} {said}, by {one.by}: {one.reason}".rstrip(": ")


def _utc(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "not known"
