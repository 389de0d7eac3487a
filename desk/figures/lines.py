"""Figures: shares of AI pictures that carry a label, line by line, each with what it rests on. No rate where
too little is left."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as factory
from datetime import UTC, date, datetime
from itertools import chain
from operator import attrgetter

from desk.figures.counting import COUNTED, Counting, Known, Outcome, Showing, Step, period_of
from desk.figures.interval import Rate, rate
from detector.rule import Rule
from storage.figures import Sighting
from storage.records import Declarer, Surface

# Parker et al., National Center for Health Statistics Data Presentation Standards for Proportions, Vital and
# Health Statistics 2(175), 2017: a share of fewer than 30 is not published, nor one whose interval is wider
# than .30. Here a wide one is, since its interval stands beside it: it is called wide.
FEWEST_PICTURES = 30
WIDE = 0.30
# With two accounts Student's t is 12.7 and the interval says nothing; from three on it was measured to hold
# (docs/benchmarks/figures.md).
FEWEST_ACCOUNTS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What figures are asked for; "" and () ask for everything. `since` and `until`: the day on which a
    picture was first shown, in UTC, both included. `surfaces`: those that count; (): the default rule's."""

    retailer: str = ""
    platform: str = ""
    since: date | None = None
    until: date | None = None
    step: Step = Step.MONTH
    surfaces: tuple[Surface, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the share would be if none of the pictures that were not read whole had a label beside those that
    were seen, and if all of them had one (Horowitz & Manski, J. American Statistical Association 95, 2000).
    `low` and `high`: the outer ends of both intervals."""

    least: float
    most: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """Pictures first shown by these accounts in this period; "" is all of them. Of `pictures`, `read` were
    read whole; `labelled`, `weakly` and `without` add up to those. `unread` are the rest: `unread_labelled`
    of them showed a label all the same, `unclear` one that may be none."""

    retailer: str
    platform: str
    period: str
    pictures: int
    accounts: int
    read: int
    read_accounts: int
    labelled: int
    weakly: int
    without: int
    late: int  # of the labelled: the label came after the post
    unread: int
    unread_labelled: int
    unclear: int
    declared: Mapping[Declarer, int]  # of the labelled
    known: Mapping[Known, int]  # of the pictures; and those that were left out
    rate: Rate | None = None
    rates: Mapping[Declarer, Rate] = factory(default_factory=dict)  # of the read: labelled by whom
    bounds: Bounds | None = None

    @property
    def why_none(self) -> str:
        """Why there is no rate: "nothing_read", "few_pictures", "few_accounts"; "" where there is one."""
        if self.rate is not None:
            return ""
        if not self.read:
            return "nothing_read" if self.pictures else "few_pictures"
        return "few_pictures" if self.read < FEWEST_PICTURES else "few_accounts"

    @property
    def wide(self) -> bool:
        return self.rate is not None and self.rate.high - self.rate.low > WIDE


@dataclass(frozen=True, slots=True)
class Figures:
    """`over_time`: of all accounts that were asked for, the periods in order. `cells`: a retailer on a
    platform each; `cells_over_time` likewise. `rule`: which surfaces count."""

    asked: Asked
    rule: Rule
    whole: Line
    over_time: tuple[Line, ...]
    cells: tuple[Line, ...]
    cells_over_time: tuple[Line, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.whole, *self.over_time, *self.cells, *self.cells_over_time)


def figures(sightings: Iterable[Sighting], asked: Asked, rule: Rule) -> Figures:
    """`rule`: `counting.measured_rule(asked.surfaces)`. Pure."""
    every = sorted(sightings, key=attrgetter("posted_at", "finding_id"))
    counting = Counting(every, rule)
    cells = _cells(every, asked)
    whole, over_time = _lines(counting.showings(_in_time(cells.values())), asked, "", "")
    made: list[Line] = []
    made_over_time: list[Line] = []
    for retailer, platform in sorted(cells, key=_by_name):
        line, periods = _lines(counting.showings(cells[retailer, platform]), asked, retailer, platform)
        if retailer and line.known:
            made.append(line)
            made_over_time += periods
    return Figures(asked, rule, whole, over_time, tuple(made), tuple(made_over_time))


def _cells(every: Iterable[Sighting], asked: Asked) -> Mapping[tuple[str, str], list[Sighting]]:
    """By retailer and platform, those that are asked for. Accounts of no named retailer are in the whole
    alone."""
    found: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for one in every:
        retailer, platform = one.account.retailer, one.account.platform
        if asked.retailer in ("", retailer) and asked.platform in ("", platform):
            found[retailer, platform].append(one)
    return found


def _in_time(parts: Iterable[Iterable[Sighting]]) -> list[Sighting]:
    return sorted(chain.from_iterable(parts), key=attrgetter("posted_at", "finding_id"))


def _by_name(cell: tuple[str, str]) -> tuple[str, str, str]:
    return cell[0].casefold(), *cell


def _lines(
    showings: Iterable[Showing], asked: Asked, retailer: str, platform: str
) -> tuple[Line, tuple[Line, ...]]:
    """The line of the whole time, and one of each period."""
    by_period: dict[str, list[Showing]] = defaultdict(list)
    for one in showings:
        if _within(one.sighting.posted_at, asked):
            by_period[period_of(one.sighting.posted_at, asked.step)].append(one)
    whole = line(retailer, platform, "", [one for part in by_period.values() for one in part])
    return whole, tuple(line(retailer, platform, period, by_period[period]) for period in sorted(by_period))


def _within(at: datetime, asked: Asked) -> bool:
    if asked.since is None and asked.until is None:
        return True
    day = at.astimezone(UTC).date()
    return (asked.since or day) <= day <= (asked.until or day)


def line(retailer: str, platform: str, period: str, showings: Sequence[Showing]) -> Line:
    """Counts, and a rate where enough is left."""
    counted = [one for one in showings if one.known in COUNTED]
    read = [one for one in counted if one.look.read]
    unread = [one for one in counted if not one.look.read]
    labelled = [one for one in read if _labelled(one)]
    outcomes = Counter(one.look.outcome for one in read)
    declared = Counter(one.look.by for one in labelled if one.look.by is not None)
    enough = _enough(read)
    return Line(
        retailer=retailer,
        platform=platform,
        period=period,
        pictures=len(counted),
        accounts=len(_owners(counted)),
        read=len(read),
        read_accounts=len(_owners(read)),
        labelled=len(labelled),
        weakly=outcomes[Outcome.WEAKLY],
        without=outcomes[Outcome.WITHOUT],
        late=sum(one.sighting.late for one in labelled),
        unread=len(unread),
        unread_labelled=sum(map(_labelled, unread)),
        unclear=sum(one.look.unclear for one in unread),
        declared=dict(declared),
        known=dict(Counter(one.known for one in showings)),
        rate=rate(_clusters(read, _labelled)) if enough else None,
        rates={who: _declared_rate(read, who) for who in declared} if enough else {},
        bounds=_bounds(counted) if _enough(counted) else None,
    )


def _labelled(one: Showing) -> bool:
    return one.look.outcome is Outcome.LABELLED


def _owners(showings: Iterable[Showing]) -> set[str]:
    return {one.owner for one in showings}


def _enough(showings: Sequence[Showing]) -> bool:
    return len(showings) >= FEWEST_PICTURES and len(_owners(showings)) >= FEWEST_ACCOUNTS


def _clusters(showings: Iterable[Showing], having: Callable[[Showing], bool]) -> list[tuple[int, int]]:
    sizes, with_it = Counter[str](), Counter[str]()
    for one in showings:
        sizes[one.owner] += 1
        with_it[one.owner] += having(one)
    return [(size, with_it[name]) for name, size in sizes.items()]


def _declared_rate(read: Sequence[Showing], who: Declarer) -> Rate:
    return rate(_clusters(read, lambda one: _labelled(one) and one.look.by is who))


def _bounds(counted: Sequence[Showing]) -> Bounds:
    least = rate(_clusters(counted, _labelled))
    most = rate(_clusters(counted, lambda one: _labelled(one) or not one.look.read))
    return Bounds(least.share, most.share, least.low, most.high)
