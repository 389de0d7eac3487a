"""The draft of a letter to a publisher about one finding: facts, evidence, the terms, and a right of reply.

It is never more than a draft: whatever writes it down says so on the first and the last line, and nothing
switches that off. Where nothing is certain, or nothing is to be asked, there is no letter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from desk.dossier import Dossier
from desk.output import cut
from detector.alarm import SURE, UNTOLD
from detector.match_words import match_words
from detector.standing import tier
from detector.telling import SURFACE_NAMES
from storage.consent import Consent, ConsentVerdict, alike
from storage.errors import StoreError
from storage.records import (
    EventKind,
    Finding,
    FindingStatus,
    Labelling,
    Match,
    MatchKind,
    PairDecision,
    ReadingState,
    Twin,
    TwinVerdict,
)
from storage.store import Store

DRAFT = "Draft, to be read by a person before sending."
REPLY_DAYS = (
    10  # working days: what press codes call a fair time to answer; to be altered by whoever sends it
)
CAPTION_SHOWN = 600  # characters
CAPTURES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fact:
    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A licence that the letter rests on, and what it says."""

    terms: str
    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class Letter:
    """All plain text. `remarks` are for whoever sends it, and are no part of the letter."""

    finding_id: int
    made: datetime
    subject: str
    recipient: str
    facts: tuple[Fact, ...]
    caption: str
    concerns: tuple[str, ...]
    evidence: tuple[str, ...]
    terms: tuple[str, ...]
    clauses: tuple[Clause, ...]
    surfaces: tuple[Fact, ...]
    unseen: tuple[str, ...]
    reply_by: date
    captures: tuple[str, ...]
    remarks: tuple[str, ...]


def letter(store: Store, whole: Dossier, now: datetime, *, names: bool = False) -> Letter:
    """Raises StoreError(kind="no_letter"): rejected, disputed or settled, nothing certain, nothing to ask."""
    finding = whole.finding
    _check(finding)
    twins = {one.name: one for one in store.twins()}
    sure = [one for one in finding.answer.verdict.twins if _is_sure(finding, one)]
    licences = [one for one in store.terms.all() if one.twin in {each.twin for each in sure}]
    concerns = tuple(_concerns(finding, sure))
    if not concerns:
        raise _none(
            finding, "nothing is to be asked about it: it is licensed and labelled as far as is known"
        )
    called = {one.twin: _called(twins.get(one.twin), one.twin, names=names) for one in sure}
    about = " and ".join(called.values()) or "an AI-generated picture"
    posted = f"{finding.posted_at:%Y-%m-%d}" if finding.posted_at else "a date that is not known"
    return Letter(
        finding_id=finding.id,
        made=now,
        subject=f"{about} in your post of {posted} on {finding.account.platform}",
        recipient=finding.account.retailer or finding.account.handle,
        facts=tuple(_facts(finding)),
        caption=cut(whole.versions[-1].post.text, CAPTION_SHOWN) if whole.versions else "",
        concerns=tuple(f"{one[:1].upper()}{one[1:]}." for one in concerns),
        evidence=tuple(_evidence(finding, sure, called)),
        terms=tuple(dict.fromkeys(reason for one in sure for reason in one.reasons)),
        clauses=tuple(_clauses(licences, finding)),
        surfaces=tuple(_surfaces(finding)),
        unseen=tuple(_unseen(finding)),
        reply_by=_working_days(now.date(), REPLY_DAYS),
        captures=tuple(_captures(whole)),
        remarks=tuple(_remarks(finding)),
    )


def _check(finding: Finding) -> None:
    status = finding.status
    refused = (
        (status is FindingStatus.REJECTED, "a person rejected it"),
        (
            status is FindingStatus.DISPUTED,
            "its reference is contested: nothing may rest on it until that is decided",
        ),
        (status is FindingStatus.SETTLED or bool(finding.settled), "its use was settled"),
        (
            finding.answer.verdict.level < SURE and not finding.answer.verdict.twins,
            "that it is AI is not certain",
        ),
        (
            bool(finding.answer.verdict.twins)
            and not any(_is_sure(finding, one) for one in finding.answer.verdict.twins),
            "no match in it is certain: a person has to confirm it first "
            f"(`twinwatch findings review {finding.id} --decision confirmed`)",
        ),
    )
    for holds, why in refused:
        if holds:
            raise _none(finding, why)


def _none(finding: Finding, why: str) -> StoreError:
    return StoreError(f"no letter about finding {finding.id}: {why}", kind="no_letter", where=str(finding.id))


def _matches(finding: Finding, twin: str) -> list[Match]:
    """Certain ones."""
    return [
        one
        for one in finding.answer.matches
        if one.twin == twin and tier(one) is MatchKind.COPY and one.decided is not PairDecision.REJECTED
    ]


def _is_sure(finding: Finding, one: TwinVerdict) -> bool:
    return bool(_matches(finding, one.twin))


def _called(twin: Twin | None, name: str, *, names: bool) -> str:
    return (
        f"the digital twin of {twin.model}"
        if names and twin and twin.model.strip()
        else f"the digital twin “{name}”"
    )


# --- what it says -------------------------------------------------------------------------------------------


def _concerns(finding: Finding, sure: list[TwinVerdict]) -> Iterator[str]:
    """Each in one sentence; none is a verdict on the law."""
    verdict = finding.answer.verdict
    said = {
        ConsentVerdict.WITHDRAWN: "consent for {} had been withdrawn when this was posted",
        ConsentVerdict.EXPIRED: "the licence of {} that we know of had ended when this was posted",
        ConsentVerdict.NOT_YET_VALID: "the licence of {} that we know of had not begun when this was posted",
        ConsentVerdict.OUT_OF_SCOPE: "we know of no licence of {} for this publisher, channel and territory",
        ConsentVerdict.NO_TERMS: "we know of no licence of {} at all",
    }
    for one in sure:
        if one.consent in said:
            yield said[one.consent].format(f"“{one.twin}”")
    for rule in verdict.rules:
        if rule.id.startswith("licence-") and rule.verdict in UNTOLD:
            yield f"{rule.sentence.rstrip('.')}; we did not find it"
    if verdict.labelling is Labelling.UNLABELLED:
        yield "we found nothing in the post that tells people that the picture is AI-generated"
    elif verdict.labelling is Labelling.UNLABELLED_WHERE_SEEN:
        yield (
            "where we could look, we found nothing in the post that tells people that the picture is "
            "AI-generated; where we could not look is said below"
        )
    for event in finding.answer.events:
        if event.kind in (EventKind.MARK_REMOVED, EventKind.LABEL_REMOVED):
            yield f"{event.kind.value.replace('_', ' ')}: {event.detail or 'seen'} ({event.at:%Y-%m-%d})"


def _facts(finding: Finding) -> Iterator[Fact]:
    account = finding.account
    country = f", {account.country}" if account.country else ""
    yield Fact("Account", f"{account.handle} on {account.platform}{country}")
    yield Fact("Post", finding.post_url or finding.post_id)
    yield Fact("Picture in the post", str(finding.position + 1))
    yield Fact("Posted", _utc(finding.posted_at))
    yield Fact("First seen by us", _utc(finding.first_seen))
    gone = f"gone since {_utc(finding.gone_at)}" if finding.gone_at else "there when we last looked"
    yield Fact("The post", gone)
    if finding.sha256:
        yield Fact("SHA-256 of the picture", finding.sha256)


def _evidence(finding: Finding, sure: list[TwinVerdict], called: dict[str, str]) -> Iterator[str]:
    for one in sure:
        for match in _matches(finding, one.twin)[:3]:
            told = " (confirmed by a person)" if match.decided is PairDecision.CONFIRMED else ""
            words = match_words(match)
            yield f"The picture is a copy of a registered picture of {called[one.twin]}{told}: {words}."
    for evidence in finding.answer.evidence:
        if evidence.level >= SURE and evidence.reader != "match":
            said = evidence.detail or evidence.signal.replace("_", " ")
            yield f"{evidence.reader.replace('_', ' ').capitalize()}: {said.rstrip('.')}."


def _clauses(licences: list[Consent], finding: Finding) -> Iterator[Clause]:
    """Of licences to this publisher."""
    for one in licences:
        if alike(one.licensee, finding.account.retailer):
            channels = ", ".join(one.channels) or "all channels"
            where = ", ".join(one.territories) or "all territories"
            begins, ends = one.valid_from or "no first day", one.last_day or "no last day"
            label = ", ".join(one.label_duty).replace("_", " ") or "none"
            digest = f", SHA-256 {one.document_sha256}" if one.document_sha256 else ""
            yield Clause(
                terms=f"As registered: {one.twin} to {one.licensee}: {channels}; {where}; "
                f"{begins} to {ends}; label: {label}",
                document=f"{one.document or 'document'}{digest}" if one.document or digest else "",
                quote=one.clause.strip(),
            )


def _surfaces(finding: Finding) -> Iterator[Fact]:
    for one in finding.answer.readings:
        if one.state is ReadingState.NOT_OFFERED:
            continue
        quote = f" “{cut(one.quote, 200)}”" if one.quote else ""
        told = {
            ReadingState.PRESENT: f"a label{quote}",
            ReadingState.ABSENT: "read; no label",
            ReadingState.AMBIGUOUS: f"read; it may be a label or not{quote}",
            ReadingState.UNREADABLE: f"could not be looked at ({one.reason or 'no reason given'})",
        }
        person = " (a person looked)" if one.reader.startswith("person") else ""
        yield Fact(SURFACE_NAMES[one.surface], told[one.state] + person)


def _unseen(finding: Finding) -> Iterator[str]:
    blind = [
        SURFACE_NAMES[one.surface] for one in finding.answer.readings if one.state is ReadingState.UNREADABLE
    ]
    if blind:
        yield f"We could not look at: {', '.join(blind)}. A label there would have escaped us."
    yield "A label that a platform shows only to some viewers would have escaped us as well."
    yield "A licence that was not registered with us is not known to us."
    if not finding.standing.verified:
        yield "We have not been able to verify that the account is yours. If it is not, please tell us."


def _captures(whole: Dossier) -> Iterator[str]:
    for _, one in whole.captures[:CAPTURES_SHOWN]:
        yield f"{_utc(one.at)}  {one.status}  {one.url_final or one.url_asked}  SHA-256 {one.sha256}"
    if len(whole.captures) > CAPTURES_SHOWN:
        yield f"and {len(whole.captures) - CAPTURES_SHOWN} more, which we keep"


def _remarks(finding: Finding) -> Iterator[str]:
    if finding.status is FindingStatus.NEW:
        yield "No person has decided on this finding yet: look at it first."
    if finding.status is FindingStatus.PROPOSED:
        yield "One person has confirmed this finding, and a second one has not yet."
    if finding.status is FindingStatus.LOOK_AGAIN:
        yield "Somebody asked that this finding be looked at again."
    yield from finding.caveats
    yield "Check the addressee, the date of reply, and every passage in [brackets]."


def _working_days(start: date, days: int) -> date:
    """So many later, Saturdays and Sundays left out; holidays differ too much to be known here."""
    while days:
        start += timedelta(days=1)
        days -= start.weekday() < 5
    return start


def _utc(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else "not known"
