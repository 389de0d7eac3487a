"""Rates, bounds, and where there are none."""

import csv
import io
from dataclasses import replace

import pytest

from desk.contract_figures import figures_csv
from desk.figures.charts import sentence
from desk.figures.counting import measured_rule
from desk.figures.interval import rate
from desk.figures.lines import FEWEST_PICTURES, Asked, Line, figures
from desk.web.words import Words
from storage.figures import Sighting
from storage.records import Declarer, ReadingState, Surface
from tests.desk.figures.feeds import HM, sighting, told

CAPTION, TAG = Surface.CAPTION, Surface.PLATFORM_TAG
NO_TAG = ReadingState.UNREADABLE


def feed(
    *accounts: tuple[int, int], by: Declarer = Declarer.ACCOUNT, tag: ReadingState = ReadingState.ABSENT
) -> list[Sighting]:
    """Of each account so many pictures, and so many of them labelled."""
    return [
        sighting(
            1000 * place + number,
            account=replace(HM, handle=f"hm{place}"),
            said=told(CAPTION, by=by, platform_tag=tag) if number < labelled else told(platform_tag=tag),
        )
        for place, (size, labelled) in enumerate(accounts)
        for number in range(size)
    ]


def whole(sightings: list[Sighting], *surfaces: Surface) -> Line:
    return figures(sightings, Asked(surfaces=surfaces), measured_rule(surfaces)).whole


def test_a_rate_is_that_of_its_accounts() -> None:
    accounts = (10, 1), (20, 4), (30, 15)
    found = whole(feed(*accounts))
    assert found.rate == rate(accounts)
    assert found.rates == {Declarer.ACCOUNT: rate(accounts)}
    assert found.why_none == ""
    assert found.wide


def test_by_whom_has_a_rate_of_its_own() -> None:
    platform = [replace(one, finding_id=one.finding_id + 500, picture=f"more {one.finding_id}")
                for one in feed((10, 5), (20, 5), (30, 0), by=Declarer.PLATFORM)]  # fmt: skip
    found = whole([*feed((10, 1), (20, 4), (30, 15)), *platform])
    assert found.declared == {Declarer.ACCOUNT: 20, Declarer.PLATFORM: 10}
    assert found.rates[Declarer.PLATFORM] == rate([(20, 5), (40, 5), (60, 0)])
    assert found.rate == rate([(20, 6), (40, 9), (60, 15)])


@pytest.mark.parametrize(
    ("accounts", "why"),
    [
        ([(9, 1), (10, 1), (10, 1)], "few_pictures"),
        ([(20, 1), (40, 1)], "few_accounts"),
        ([(500, 1)], "few_accounts"),
        ([], "few_pictures"),
        ([(10, 1), (10, 1), (10, 1)], ""),
    ],
)
def test_no_rate_where_too_few_are_left(accounts: list[tuple[int, int]], why: str) -> None:
    found = whole(feed(*accounts))
    assert found.why_none == why
    assert (found.rate is None) == bool(why)
    assert (found.bounds is None) == bool(why)
    assert found.rate is not None or not found.rates
    assert found.labelled == sum(labelled for _, labelled in accounts)  # counts are told all the same


def test_accounts_of_no_named_retailer_are_a_group_of_their_own() -> None:
    accounts = (10, 1), (20, 4), (30, 15)
    nobody_s = [
        replace(one, finding_id=one.finding_id + 500, picture=f"more {one.finding_id}",
                account=replace(one.account, retailer=""))
        for one in feed(*accounts)
    ]  # fmt: skip
    found = figures([*feed(*accounts), *nobody_s], Asked(), measured_rule())
    assert [(one.retailer, one.unnamed, one.pictures) for one in found.cells] == [
        (HM.retailer, False, 60),
        ("", True, 60),
    ]
    assert (found.whole.pictures, found.whole.unnamed) == (120, False)
    assert found.cells[1].rate == rate(accounts)
    assert {one.unnamed for one in found.cells_over_time} == {True, False}
    assert sentence(found.cells[1], Words("nl")).startswith(f"geen merk genoemd · {HM.platform}: ")
    lines = list(csv.DictReader(io.StringIO(figures_csv(found).decode("utf-8-sig"))))
    told = [(one["part"], one["unnamed"]) for one in lines if one["platform"] and not one["retailer"]]
    assert told == [("retailer_and_platform", "true"), ("retailer_and_platform_over_time", "true")]
    alone = figures(nobody_s, Asked(retailer=HM.retailer), measured_rule())
    assert (alone.whole.pictures, alone.cells) == (0, ())


def test_without_the_tag_there_are_bounds_and_no_rate() -> None:
    accounts = (10, 1), (20, 4), (30, 15)
    found = whole(feed(*accounts, tag=NO_TAG))
    assert (found.rate, found.why_none, found.read, found.unread_labelled) == (None, "nothing_read", 0, 20)
    assert found.bounds is not None
    assert found.bounds.least == pytest.approx(1 / 3)
    assert found.bounds.most == 1
    assert (found.bounds.low, found.bounds.high) == (rate(accounts).low, 1)
    assert whole(feed(*accounts, tag=NO_TAG), CAPTION).rate == rate(accounts)


def test_bounds_hold_the_rate_of_everything_whatever_was_not_read() -> None:
    accounts = (20, 5), (20, 10), (20, 15)
    some = [replace(one, told=told(CAPTION, platform_tag=NO_TAG) if "caption=present" in one.told
                    else told(platform_tag=NO_TAG)) if one.finding_id % 3 == 0 else one
            for one in feed(*accounts)]  # fmt: skip
    found = whole(some)
    assert found.bounds is not None
    assert found.rate is not None
    assert found.bounds.low <= found.bounds.least <= 0.5 <= found.bounds.most <= found.bounds.high
    assert found.read + found.unread == found.pictures == 60 > FEWEST_PICTURES
    assert found.labelled + found.unread_labelled == 30
