"""Figures: shares of AI pictures that carry a label, line by line, each with what it rests on. No rate where
too little is left."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as factory
from datetime import date
from operator import attrgetter
from typing import TypeVar

from desk.figures.counting import COUNTED, Counting, Kind, Known, Outcome, Showing, Step, date_of, period_of
from desk.figures.interval import Rate, rate
from detector.rule import Rule
from storage.figures import Sighting
from storage.records import Account, Declarer, Surface

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
    """Pictures first shown by these accounts in this period; "" is all of them, or it is `unnamed`. Of
    `pictures`, `read` were read whole; `labelled`, `weakly` and `without` add up to those. `unread` are the
    rest: `unread_labelled` of them showed a label all the same, `unclear` one that may be none."""

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
    def unnamed(self) -> bool:
        """It is of accounts of which no retailer is named: a group of their own on each platform."""
        return bool(self.platform) and not self.retailer

    @property
    def wide(self) -> bool:
        return self.rate is not None and self.rate.high - self.rate.low > WIDE


@dataclass(frozen=True, slots=True)
class Figures:
    """`over_time`: of all accounts that were asked for, the periods in order. `cells`: a retailer on a
    platform each, those of no named retailer last; `cells_over_time` likewise. `rule`: which surfaces
    count."""

    asked: Asked
    rule: Rule
    whole: Line
    over_time: tuple[Line, ...]
    cells: tuple[Line, ...]
    cells_over_time: tuple[Line, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.whole, *self.over_time, *self.cells, *self.cells_over_time)


Tally = Mapping[tuple[Kind, str], int]  # pictures, by what holds of them and by account


def figures(sightings: Iterable[Sighting], asked: Asked, rule: Rule) -> Figures:
    """`rule`: `counting.measured_rule(asked.surfaces)`. Pure."""
    every = sorted(sightings, key=attrgetter("at", "finding_id"))
    counting = Counting(every, rule)
    wanted = [one for one in every if _is_of(one.account, asked)]
    cells: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for one in wanted:
        cells[one.account.retailer, one.account.platform].append(one)
    whole, over_time = _lines(counting.showings(wanted), asked, "", "")
    made: list[Line] = []
    made_over_time: list[Line] = []
    for retailer, platform in sorted(cells, key=_by_name):
        line, periods = _lines(counting.showings(cells[retailer, platform]), asked, retailer, platform)
        if line.known:
            made.append(line)
            made_over_time += periods
    return Figures(asked, rule, whole, over_time, tuple(made), tuple(made_over_time))


def _is_of(account: Account, asked: Asked) -> bool:
    return asked.retailer in ("", account.retailer) and asked.platform in ("", account.platform)


def _by_name(cell: tuple[str, str]) -> tuple[bool, str, str, str]:
    return not cell[0], cell[0].casefold(), *cell


def _lines(
    showings: Iterable[Showing], asked: Asked, retailer: str, platform: str
) -> tuple[Line, tuple[Line, ...]]:
    """The line of the whole time, and one of each period."""
    by_period: dict[str, dict[tuple[Kind, str], int]] = {}
    for one in showings:
        if _within(one.day, asked):
            period, key = period_of(one.day, asked.step), (one.kind, one.owner)
            tally = by_period.setdefault(period, {})
            tally[key] = tally.get(key, 0) + 1
    whole = Counter[tuple[Kind, str]]()
    for tally in by_period.values():
        whole.update(tally)
    return line(retailer, platform, "", whole), tuple(
        line(retailer, platform, period, by_period[period]) for period in sorted(by_period)
    )


def _within(day: int, asked: Asked) -> bool:
    after = asked.since is None or date_of(day) >= asked.since
    return after and (asked.until is None or date_of(day) <= asked.until)


def line(retailer: str, platform: str, period: str, tally: Tally) -> Line:
    """Counts, and a rate where enough is left."""
    counted = {key: count for key, count in tally.items() if key[0].known in COUNTED}
    read = {key: count for key, count in counted.items() if key[0].look.read}
    unread = {key: count for key, count in counted.items() if not key[0].look.read}
    declared = _sums((kind.look.by, count) for (kind, _), count in read.items() if kind.look.by)
    outcomes = _sums((kind.look.outcome, count) for (kind, _), count in read.items())
    enough = _enough(read)
    return Line(
        retailer=retailer,
        platform=platform,
        period=period,
        pictures=sum(counted.values()),
        accounts=len(_owners(counted)),
        read=sum(read.values()),
        read_accounts=len(_owners(read)),
        labelled=outcomes[Outcome.LABELLED],
        weakly=outcomes[Outcome.WEAKLY],
        without=outcomes[Outcome.WITHOUT],
        late=_count(read, lambda kind: kind.late and _labelled(kind)),
        unread=sum(unread.values()),
        unread_labelled=_count(unread, _labelled),
        unclear=_count(unread, lambda kind: kind.look.unclear),
        declared=dict(declared),
        known=dict(_sums((kind.known, count) for (kind, _), count in tally.items())),
        rate=rate(_by_account(read, _labelled)) if enough else None,
        rates={who: _declared_rate(read, who) for who in declared} if enough else {},
        bounds=_bounds(counted) if _enough(counted) else None,
    )


K = TypeVar("K")


def _sums(counts: Iterable[tuple[K, int]]) -> Counter[K]:
    found = Counter[K]()
    for what, count in counts:
        found[what] += count
    return found


def _count(tally: Tally, which: Callable[[Kind], bool]) -> int:
    return sum(count for (kind, _), count in tally.items() if which(kind))


def _labelled(kind: Kind) -> bool:
    return kind.look.outcome is Outcome.LABELLED


def _owners(tally: Tally) -> set[str]:
    return {owner for _, owner in tally}


def _enough(tally: Tally) -> bool:
    return sum(tally.values()) >= FEWEST_PICTURES and len(_owners(tally)) >= FEWEST_ACCOUNTS


def _by_account(tally: Tally, having: Callable[[Kind], bool]) -> list[tuple[int, int]]:
    """Of each account, how many pictures there are, and how many of them have it."""
    sizes = _sums((owner, count) for (_, owner), count in tally.items())
    with_it = _sums((owner, count) for (kind, owner), count in tally.items() if having(kind))
    return [(size, with_it[owner]) for owner, size in sizes.items()]


def _declared_rate(read: Tally, who: Declarer) -> Rate:
    return rate(_by_account(read, lambda kind: _labelled(kind) and kind.look.by is who))


def _bounds(counted: Tally) -> Bounds:
    least = rate(_by_account(counted, _labelled))
    most = rate(_by_account(counted, lambda kind: _labelled(kind) or not kind.look.read))
    return Bounds(least.share, most.share, least.low, most.high)
