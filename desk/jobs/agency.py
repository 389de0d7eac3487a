"""Where an agency's twins were shown in a month, whether that was agreed, and what to look at first."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from detector.alarm import CONSENTS, UNTOLD
from detector.extent import WEAKEST
from detector.standing import STRENGTH, tier
from storage.consent import OUTSIDE, ConsentVerdict, alike
from storage.errors import RegistryError
from storage.records import (
    Consent,
    Finding,
    FindingStatus,
    Labelling,
    Match,
    MatchKind,
    PairDecision,
    ReferenceKind,
    RuleVerdict,
    Twin,
    TwinVerdict,
)
from storage.store import Store
from storage.uses import FINE

ENDING_SOON = 60  # days after the month in which a licence that ends is named: time for a new contract
DECIDED = (FindingStatus.REJECTED, FindingStatus.SETTLED)  # nothing is left to look at


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month in UTC: days from `first` up to and without `after`."""

    first: date

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.after - self.first).days)]

    def holds(self, moment: datetime) -> bool:
        return self.first <= moment.astimezone(UTC).date() < self.after

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Use:
    """One of the agency's twins in one published picture."""

    finding: Finding
    twin: Twin
    verdict: TwinVerdict
    match: Match  # the surest with this twin
    found_at: datetime  # of the first answer
    late: bool  # posted before the month, found in it

    @property
    def posted(self) -> datetime:
        """As the platform says or, where it does not, when it was first seen."""
        return self.finding.posted_at or self.finding.first_seen

    @property
    def sure(self) -> bool:
        """The program or a person says that it is the registered picture; else a person has to look."""
        return tier(self.match) is MatchKind.COPY

    @property
    def duties(self) -> tuple[RuleVerdict, ...]:
        """What the licences of this twin ask for, and what became of it."""
        own = f"licence of {self.twin.name} to "
        rules = self.finding.answer.verdict.rules
        return tuple(one for one in rules if one.id.startswith("licence-") and one.title.startswith(own))

    @property
    def repost(self) -> bool:
        return any(one.twin == self.twin.name for one in self.finding.reposts)

    @property
    def settled(self) -> bool:
        """A person said that it is licensed after all, here or of the same use before."""
        before = any(one.twin == self.twin.name for one in self.finding.settled)
        return before or self.finding.status is FindingStatus.SETTLED

    @property
    def urgency(self) -> tuple[int, str]:
        """The table of what to look at first: 1 at once, 0 never; and why."""
        verdict, labelling = self.verdict.consent, self.finding.answer.verdict.labelling
        if self.settled:  # whether people were told is never settled by that
            verdict = ConsentVerdict.IN_SCOPE
        table = (
            (self.finding.status in DECIDED, 0, ""),
            (verdict is ConsentVerdict.WITHDRAWN, 1, "used after consent was withdrawn"),
            (verdict in OUTSIDE and not self.repost, 2, f"outside its licences ({_words(verdict)})"),
            (
                any(one.verdict in UNTOLD for one in self.duties),
                3,
                "the label that its licence asks for was not found",
            ),
            (verdict is ConsentVerdict.NO_TERMS, 4, "no licence is registered"),
            (verdict in OUTSIDE, 5, "a third account's repost, outside its licences"),
            (labelling in UNTOLD, 6, f"licensed, and {_words(labelling)}"),
            (verdict is ConsentVerdict.CANNOT_SAY, 7, "whether it is licensed depends on what is not known"),
        )
        return next(((rank, why) for holds, rank, why in table if holds), (0, ""))


@dataclass(frozen=True, slots=True)
class Line:
    """The uses of one model's twins by one publisher. Counts are of uses; those in `to_look` are in no
    other."""

    twins: tuple[str, ...]
    model: str
    retailer: str
    licensee: bool  # it has, or had, a licence of one of these twins
    uses: int
    in_scope: int
    outside: int  # withdrawn, out of scope, expired, not yet valid
    no_terms: int
    cannot_say: int  # consent
    labelled: int  # weakly labelled ones too
    unlabelled: int  # where it was seen, too
    label_unsaid: int
    duty_missed: int  # the label that a licence asks for is missing
    reposts: int
    to_look: int  # not certain yet: a person looks first
    first: datetime
    last: datetime
    weakly: int = 0  # of those labelled: weakly
    settled: int = 0  # of those outside, or without a licence: settled by a person as licensed after all


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the report rests on, and what it cannot see."""

    nights: int  # that came to their end, with or without failures
    partly: int  # of these
    without: tuple[date, ...]  # days of the month, up to now, without one
    accounts: int
    unwatched: tuple[str, ...]  # licensees of whom no account is watched
    pictureless: tuple[str, ...]  # twins of which nothing is registered that could be recognised
    rejected: int  # findings of the month that a person rejected: in no count
    undated: int  # uses whose post bears no date: counted by when they were first seen


@dataclass(frozen=True, slots=True)
class AgencyReport:
    agency: str
    month: Month
    made: datetime
    twins: tuple[Twin, ...]
    uses: tuple[Use, ...]  # by date
    lines: tuple[Line, ...]
    licences: tuple[Consent, ...]  # in force on a day of the month
    ending: tuple[Consent, ...]  # of these, within `ENDING_SOON` days after it
    coverage: Coverage

    @property
    def first(self) -> list[Use]:
        """What to look at first; of equals what is certain, and what still stands there, and then by date."""
        ranked = [one for one in self.uses if one.urgency[0]]
        return sorted(
            ranked,
            key=lambda one: (
                one.urgency[0],
                not one.sure,
                one.finding.gone_at is not None,
                one.posted,
                one.finding.id,
            ),
        )


def report(
    store: Store, agency: str, month: Month, retailers: Collection[str], now: datetime
) -> AgencyReport:
    """`retailers`: of the watched accounts, one each. Raises RegistryError, kind "no_agency"."""
    twins = {one.name: one for one in _twins_of(store, agency)}
    found = [use for each in store.uses.of_twins(twins) for use in _uses(each, twins, month)]
    uses = [one for one in found if one.finding.status is not FindingStatus.REJECTED]
    licences = [one for one in store.terms.all() if one.twin in twins]
    held = [one for one in licences if _held_in(one, month)]
    soon = month.after + timedelta(days=ENDING_SOON)
    return AgencyReport(
        agency=next(iter(twins.values())).agency,
        month=month,
        made=now,
        twins=tuple(twins.values()),
        uses=tuple(sorted(uses, key=lambda one: (one.posted, one.finding.id, one.twin.name))),
        lines=tuple(_lines(uses, licences)),
        licences=tuple(held),
        ending=tuple(one for one in held if one.last_day and month.first <= one.last_day < soon),
        coverage=_coverage(store, twins, uses, len(found) - len(uses), held, month, retailers, now),
    )


def _twins_of(store: Store, agency: str) -> list[Twin]:
    every = store.twins()
    own = [one for one in every if alike(one.agency, agency) and one.kind is not ReferenceKind.HUMAN_ORIGINAL]
    if not agency.strip() or not own:
        known = sorted({one.agency for one in every if one.agency.strip()})
        names = f"agencies: {', '.join(known)}" if known else "no twin says its agency (`twins add --agency`)"
        raise RegistryError(
            f"no twin is registered for the agency {agency!r}; {names}", kind="no_agency", where=agency
        )
    return own


def _uses(found: tuple[Finding, datetime], twins: Mapping[str, Twin], month: Month) -> Iterator[Use]:
    finding, found_at = found
    if finding.answer.verdict.level < WEAKEST:
        return
    posted = finding.posted_at or finding.first_seen
    late = not month.holds(posted) and posted.date() < month.first and month.holds(found_at)
    if not (month.holds(posted) or late):
        return
    for verdict in finding.answer.verdict.twins:
        matches = [
            one
            for one in finding.answer.matches
            if one.twin == verdict.twin and one.decided is not PairDecision.REJECTED
        ]
        if verdict.twin in twins and matches:
            surest = max(matches, key=lambda one: (STRENGTH[tier(one)], one.agreement or 0))
            yield Use(finding, twins[verdict.twin], verdict, surest, found_at, late)


# --- lines --------------------------------------------------------------------------------------------------


def _lines(uses: Iterable[Use], licences: Sequence[Consent]) -> Iterator[Line]:
    """By model and publisher, by the model's name."""
    grouped: dict[tuple[str, str], list[Use]] = defaultdict(list)
    for use in uses:
        model = use.twin.model.strip() or use.twin.name
        grouped[model, use.finding.account.retailer.strip()].append(use)
    for (_, retailer), group in sorted(grouped.items(), key=lambda one: (one[0][0], one[0][1].casefold())):
        names = tuple(sorted({one.twin.name for one in group}))
        licensee = any(one.twin in names and alike(one.licensee, retailer) for one in licences)
        yield _line(names, retailer, group, licensee=licensee)


def _line(names: tuple[str, ...], retailer: str, group: Sequence[Use], *, licensee: bool) -> Line:
    sure = [one for one in group if one.sure]
    consents = [one.verdict.consent for one in sure]
    labels = [one.finding.answer.verdict.labelling for one in sure]
    told = sum(label in (Labelling.LABELLED, Labelling.WEAKLY_LABELLED) for label in labels)
    untold = sum(label in UNTOLD for label in labels)
    return Line(
        twins=names,
        model=group[0].twin.model,
        retailer=retailer,
        licensee=licensee,
        uses=len(group),
        in_scope=consents.count(ConsentVerdict.IN_SCOPE),
        outside=sum(one in CONSENTS for one in consents),
        no_terms=consents.count(ConsentVerdict.NO_TERMS),
        cannot_say=consents.count(ConsentVerdict.CANNOT_SAY),
        labelled=told,
        unlabelled=untold,
        label_unsaid=len(labels) - told - untold,
        duty_missed=sum(any(rule.verdict in UNTOLD for rule in one.duties) for one in sure),
        reposts=sum(one.repost for one in sure),
        to_look=len(group) - len(sure),
        first=min(one.posted for one in group),
        last=max(one.posted for one in group),
        weakly=labels.count(Labelling.WEAKLY_LABELLED),
        settled=sum(one.settled and one.verdict.consent not in FINE for one in sure),
    )


def _held_in(consent: Consent, month: Month) -> bool:
    begins_late = consent.valid_from is not None and consent.valid_from >= month.after
    return not begins_late and (consent.last_day is None or consent.last_day >= month.first)


def _coverage(
    store: Store,
    twins: dict[str, Twin],
    uses: Sequence[Use],
    rejected: int,
    licences: Sequence[Consent],
    month: Month,
    retailers: Collection[str],
    now: datetime,
) -> Coverage:
    nights = [
        run
        for run in store.runs(limit=2000)
        if run.run.startswith("nightly-") and month.holds(run.started) and run.ended is not None
    ]
    ended = [run for run in nights if run.summary.get("exit_status") in (0, 3)]
    seen = {run.started.astimezone(UTC).date() for run in ended}
    registered = {one.twin for one in store.references() if one.withdrawn_at is None}
    licensees = dict.fromkeys(one.licensee for one in licences)
    return Coverage(
        nights=len(ended),
        partly=sum(run.summary.get("exit_status") == 3 for run in ended),
        without=tuple(day for day in month.days if day not in seen and day <= now.date()),
        accounts=len(retailers),
        unwatched=tuple(one for one in licensees if not any(alike(one, each) for each in retailers)),
        pictureless=tuple(name for name in twins if name not in registered),
        rejected=rejected,
        undated=sum(one.finding.posted_at is None for one in uses),
    )


def _words(value: ConsentVerdict | Labelling) -> str:
    return value.value.replace("_", " ")
