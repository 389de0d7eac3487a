"""Is a twin used within its licences? One answer a twin, with sentences. The terms are shown, never
interpreted.

A fact that is not known (the account's country, the post's date, the retailer) matters only if it decides:
the same question is put for every value that could change the answer, and if the answers differ it is
`cannot_say`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

from storage.consent import alike
from storage.records import Account, Consent, ConsentVerdict, ReferenceKind, Twin, TwinVerdict

VERSION = "4"
ELSEWHERE = "—"  # a retailer, channel or country that no licence names


@dataclass(frozen=True, slots=True)
class Use:
    """Who published it, where and when. None: not known."""

    retailer: str | None
    channel: str | None
    country: str | None
    at: datetime | None

    @classmethod
    def of(cls, account: Account, posted_at: datetime | None) -> "Use":
        return cls(account.retailer.strip() or None, account.platform or None, account.country, posted_at)


def consent_of(twin: Twin, consents: Sequence[Consent], use: Use) -> TwinVerdict:
    """The answer for one twin that is matched."""
    # What another licensee or channel was given can hold in no world that fits what is known.
    possible = [consent for consent in consents if _may_cover(consent, use)]
    any_terms = bool(consents)
    answers = {
        world: _decide(twin, possible, world, any_terms=any_terms) for world in _worlds(twin, possible, use)
    }
    if len(set(answers.values())) == 1:
        verdict = next(iter(answers.values()))
        return TwinVerdict(twin.name, verdict, tuple(_reasons(verdict, twin, consents, use)))
    missing = [words for name, words in _FACTS.items() if _decides(name, answers)]
    reason = f"Whether the use of {twin.name} is licensed depends on what is not known: {', '.join(missing)}."
    return TwinVerdict(twin.name, ConsentVerdict.CANNOT_SAY, (reason,))


def in_force(consents: Iterable[Consent], use: Use) -> list[Consent]:
    """Licences that this use is within. What is not known of it excludes none."""
    day = use.at.astimezone(UTC).date() if use.at else None
    return [one for one in consents if _covers(one, use) and (day is None or one.holds_on(day))]


def worst(verdicts: Iterable[TwinVerdict]) -> TwinVerdict | None:
    """The one that a finding shows: ConsentVerdict is ordered from best to worst. None: there is no twin."""
    order = list(ConsentVerdict)
    return max(verdicts, key=lambda verdict: order.index(verdict.consent), default=None)


_FACTS = {
    "retailer": "the retailer",
    "channel": "the platform",
    "country": "the account's country",
    "at": "the post's date",
}


def _worlds(twin: Twin, consents: Sequence[Consent], use: Use) -> list[Use]:
    """Every use that fits what is known: an unknown fact takes each value that a term speaks of, and one
    other."""
    retailers = [use.retailer] if use.retailer else [ELSEWHERE, *(consent.licensee for consent in consents)]
    named = {channel for consent in consents for channel in consent.channels}
    channels = [use.channel] if use.channel else [ELSEWHERE, *sorted(named)]
    territories = {country for consent in consents for country in consent.territories}
    countries = [use.country] if use.country else [ELSEWHERE, *sorted(territories)]
    dates = [use.at] if use.at else _dates(twin, consents)
    return [Use(*world) for world in product(dict.fromkeys(retailers), channels, countries, dates)]


def _dates(twin: Twin, consents: Sequence[Consent]) -> list[datetime]:
    """One moment in each stretch of time that the terms tell apart."""
    edges = {consent.valid_from for consent in consents if consent.valid_from}
    ends = (consent.last_day for consent in consents)
    edges |= {end + timedelta(days=1) for end in ends if end and end < date.max}
    moments = {datetime.combine(edge, time.min, UTC) for edge in edges}
    if twin.withdrawn_at:
        moments.add(twin.withdrawn_at)
    return [datetime.min.replace(tzinfo=UTC), *sorted(moments)]


def _decides(fact: str, answers: Mapping[Use, ConsentVerdict]) -> bool:
    """Do two uses that differ in this fact alone get different answers?"""
    others = [name for name in ("retailer", "channel", "country", "at") if name != fact]
    seen: dict[tuple[object, ...], ConsentVerdict] = {}
    return any(
        seen.setdefault(tuple(getattr(world, name) for name in others), answer) is not answer
        for world, answer in answers.items()
    )


def _decide(twin: Twin, consents: Sequence[Consent], use: Use, *, any_terms: bool) -> ConsentVerdict:
    """The table of the verdicts, for a use of which everything is known. `consents`: those that may cover
    it."""
    at = use.at or datetime.min.replace(tzinfo=UTC)
    fitting = [consent for consent in consents if _covers(consent, use)]
    day = at.astimezone(UTC).date() if at.year > 1 else date.min
    table = (
        (twin.withdrawn_at is not None and at >= twin.withdrawn_at, ConsentVerdict.WITHDRAWN),
        (not any_terms, ConsentVerdict.NO_TERMS),
        (not fitting, ConsentVerdict.OUT_OF_SCOPE),
        (any(one.holds_on(day) for one in fitting), ConsentVerdict.IN_SCOPE),
        (any(_over(c, day) for c in fitting), ConsentVerdict.EXPIRED),
        (True, ConsentVerdict.NOT_YET_VALID),
    )
    return next(verdict for holds, verdict in table if holds)


def _over(consent: Consent, day: date) -> bool:
    return consent.last_day is not None and consent.last_day < day


def _covers(consent: Consent, use: Use) -> bool:
    """Retailer, channel and territory, whatever the date. Names are compared trimmed and without regard to
    case."""
    return (
        alike(consent.licensee, use.retailer)
        and (not consent.channels or _among(use.channel, consent.channels))
        and (not consent.territories or _among(use.country, consent.territories))
    )


def _may_cover(consent: Consent, use: Use) -> bool:
    """Whatever is not known of the use, it may be."""
    return (
        (use.retailer is None or alike(consent.licensee, use.retailer))
        and (use.channel is None or not consent.channels or _among(use.channel, consent.channels))
        and (use.country is None or not consent.territories or _among(use.country, consent.territories))
    )


def _among(name: str | None, names: Iterable[str]) -> bool:
    return any(alike(name, one) for one in names)


def _reasons(verdict: ConsentVerdict, twin: Twin, consents: Sequence[Consent], use: Use) -> Iterator[str]:
    """What the licences say that this answer rests on, beside what was done."""
    posted = _posted(use)
    if twin.kind is ReferenceKind.SYNTHETIC_MODEL:
        yield f"{twin.name} is a synthetic model: it stands for no real person."
    if twin.erased_at is not None:
        yield f"{twin.name} was erased on {twin.erased_at:%Y-%m-%d}."
    if verdict is ConsentVerdict.WITHDRAWN and twin.withdrawn_at:
        why = f": {twin.withdrawn_because.rstrip('.')}" if twin.withdrawn_because else ""
        yield f"Consent for {twin.name} was withdrawn on {twin.withdrawn_at:%Y-%m-%d}{why}; {posted}."
    elif verdict is ConsentVerdict.NO_TERMS:
        yield f"No licence of {twin.name} is registered."
    elif verdict is ConsentVerdict.OUT_OF_SCOPE:
        own = [one for one in consents if use.retailer and alike(one.licensee, use.retailer)]
        where = f"{use.retailer or 'an unnamed retailer'}{_where(use)}"
        yield f"{twin.name} has {len(consents)} registered licence(s), none for {where}."
        yield from (f"{_term(one)}; {posted}." for one in own)
    else:
        for one in consents:
            if _covers(one, use):
                yield f"{_term(one)}; {posted}."


def _posted(use: Use) -> str:
    if use.at is None:
        return f"when it was posted{_where(use)} is not known"
    return f"posted {use.at:%Y-%m-%d}{_where(use)}"


def _where(use: Use) -> str:
    return f" on {use.channel or 'an unknown platform'} in {use.country or 'an unknown country'}"


def _term(consent: Consent) -> str:
    """ "Anna is licensed to H&M for instagram in NL, SE until 2026-06-30 (clause: “…”)"."""
    channels = f" for {', '.join(consent.channels)}" if consent.channels else ""
    territories = f" in {', '.join(consent.territories)}" if consent.territories else ""
    begins = f" from {consent.valid_from}" if consent.valid_from else ""
    clause = f" (clause: “{consent.clause.strip()}”)" if consent.clause.strip() else ""
    to = f"{consent.twin} is licensed to {consent.licensee}{channels}{territories}"
    return f"{to}{begins}{_ends(consent)}{clause}"


def _ends(consent: Consent) -> str:
    if consent.last_day is None:
        return " without an end"
    early = consent.ending is not None and consent.last_day != consent.valid_until
    why = (
        f", ended early: {consent.ending.reason}"
        if early and consent.ending and consent.ending.reason
        else ""
    )
    return f" until {consent.last_day}{why}"
