"""`twinwatch figures`: for people, for tools, as a file."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import orjson
import pytest

from storage.records import ReadingState, Surface
from storage.store import Store
from tests.desk.figures.feeds import HM, NL, SKY, told
from tests.desk.figures.published import publish

pytestmark = pytest.mark.slow  # a store each
Twinwatch = Callable[..., Any]
FIELDS = {
    *("part", "retailer", "unnamed", "platform", "period", "pictures", "accounts", "read", "read_accounts"),
    "labelled",
    *("weakly_labelled", "without_label", "late", "unread", "unread_labelled", "unclear", "rate", "no_rate"),
    *("wide", "declared_by", "bounds", "known_by", "surfaces", "step", "since", "until"),
}


@pytest.fixture
def filled(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/twinwatch.db", tmp_path / "media", create=True)
    for account, labelled in ((HM, 4), (NL, 3), (replace(HM, handle="hmse"), 2)):
        names = [f"{account.handle} {number}" for number in range(12)]
        publish(store, account, [(name, told(Surface.CAPTION) if place < labelled else told())
                                 for place, name in enumerate(names)])  # fmt: skip
    unread = told(platform_tag=ReadingState.UNREADABLE)
    publish(store, replace(SKY, retailer="=cmd()"), [("one", unread), ("two", unread)])
    store.close()


def test_for_people(filled: None, twinwatch: Twinwatch) -> None:
    said = twinwatch("figures", "--step", "quarter")
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[0] == "All of them: 25% (7% to 60%; 9 of 36 read)"
    assert lines[1].strip() == "Not read whole: 2, whatever was not read: 24% to 29%"
    assert "  38 known by a registered picture" in lines
    assert "  H&M · instagram: 25% (7% to 60%; 9 of 36 read)" in lines
    assert "  =cmd() · bluesky: no rate: none could be read whole (0 of 0 read)" in lines


def test_for_tools(filled: None, twinwatch: Twinwatch) -> None:
    said = twinwatch("figures", "--retailer", "H&M", "--json")
    lines = [orjson.loads(line) for line in said.out.splitlines()]
    assert all(set(line) == FIELDS for line in lines)
    assert [line["part"] for line in lines].count("all") == 1
    whole = lines[0]
    assert (whole["pictures"], whole["accounts"], whole["labelled"], whole["no_rate"]) == (36, 3, 9, "")
    assert whole["rate"]["share"] == 0.25
    assert whole["declared_by"]["account"]["labelled"] == 9
    assert whole["known_by"]["registered"] == 36
    periods = [line for line in lines if line["part"] == "over_time"]
    assert sum(line["pictures"] for line in periods) == 36
    assert {line["no_rate"] for line in periods} == {"few_pictures"}


def test_days_platform_and_surfaces(filled: None, twinwatch: Twinwatch) -> None:
    def asked(*options: str) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(twinwatch("figures", *options, "--json").out.splitlines()[0])
        return found

    assert asked("--platform", "bluesky")["unread"] == 2
    chosen = asked("--platform", "bluesky", "--surface", "caption", "--surface", "image_mark")
    assert (chosen["read"], chosen["surfaces"]) == (2, ["caption", "image_mark"])
    assert asked("--since", "2026-12-01", "--until", "2026-12-31")["pictures"] == 12
    assert asked("--retailer", "Nobody")["pictures"] == 0


def test_as_files(filled: None, twinwatch: Twinwatch, tmp_path: Path) -> None:
    table, chart = tmp_path / "f.csv", tmp_path / "f.svg"
    said = twinwatch("figures", "--csv", str(table), "--svg", str(chart), "--chart", "retailers")
    assert (said.status, said.out) == (0, "")
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig"), newline="")))
    assert rows[0]["rate_share"] == "0.25"
    assert {row["retailer"] for row in rows} == {"", "H&M", "'=cmd()"}
    assert all(None not in row and len(row) == len(rows[0]) for row in rows)
    unread = next(row for row in rows if row["retailer"] == "'=cmd()")
    assert (unread["rate_share"], unread["no_rate"], unread["unread"]) == ("", "nothing_read", "2")
    assert ET.fromstring(chart.read_bytes()).tag.endswith("svg")
    again = twinwatch("figures", "--csv", str(table))
    assert (again.status, "--force overwrites it" in again.err) == (2, True)
    assert twinwatch("figures", "--csv", str(table), "--force").status == 0
    store = Store.open(f"sqlite:///{tmp_path}/twinwatch.db", tmp_path / "media", create=False)
    assert [one.format for one in store.exports.all()] == ["csv", "svg", "csv"]
    store.close()


def test_nothing_to_draw_is_said(twinwatch: Twinwatch, filled: None, tmp_path: Path) -> None:
    chart = str(tmp_path / "f.svg")
    said = twinwatch("figures", "--svg", chart, "--retailer", "H&M", "--chart", "retailers-over-time")
    assert said.status == 2
    assert "wants 2 to 6 retailers on platforms" in said.err
    assert not Path(chart).exists()


def test_without_a_picture(twinwatch: Twinwatch, tmp_path: Path) -> None:
    assert twinwatch("figures").status == 1  # there is no database
    Store.open(f"sqlite:///{tmp_path}/twinwatch.db", tmp_path / "media", create=True).close()
    said = twinwatch("figures")
    assert (said.status, said.out) == (0, "No picture is counted yet.\n")
    assert twinwatch("figures", "--since", "yesterday").status == 2
