"""CSV: RFC 4180, and no cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.dossier import Dossier
from desk.exports.csv import export, neutral
from desk.rows import COLUMNS
from storage.records import Event, EventKind, Extent, Finding, OriginEvidence

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\ufeff=1",
    "\uff1d1",
    "\x00=1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_neutralised(text: str) -> None:
    assert neutral(text).startswith("'")


@pytest.mark.parametrize("text", ["H&M", "a=b", "1-2", "", "Ärmel", "'quoted'"])
def test_plain_text_is_left_alone(text: str) -> None:
    assert neutral(text) == text


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not neutral(text).strip().startswith(("=", "+", "-", "@"))


def test_numbers_stay_numbers() -> None:
    assert (neutral(-1), neutral(0.5)) == ("-1", "0.5")


def test_rows_read_back(dossier_with: Callable[..., Dossier], finding_with: Callable[..., Finding]) -> None:
    caption = '=HYPERLINK("http://evil")\nsecond, "line"'
    whole = dossier_with(caption=caption, alt="@alt", finding=finding_with(retailer="=cmd"))
    data = b"".join(export([whole], None))
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert tuple(row) == COLUMNS
    assert (row["caption"], row["alt_text"], row["retailer"]) == (f"'{caption}", "'@alt", "'=cmd")
    assert row["surface_image_text"] == "unreadable: no reader yet"
    assert (row["id"], row["posted_at"]) == ("7", "2026-11-20T03:04:05Z")


@pytest.mark.parametrize(
    ("level", "extent", "told"),
    [(3, Extent.PART, "(level 3, part)"), (2, Extent.UNKNOWN, "(level 2)"), (0, Extent.PART, "(level 0)")],
)
def test_a_row_says_how_much_is_ai_and_how_late_the_label_came(
    dossier_with: Callable[..., Dossier],
    finding_with: Callable[..., Finding],
    level: int,
    extent: Extent,
    told: str,
) -> None:
    finding = finding_with()
    at = datetime(2026, 11, 2, tzinfo=UTC)
    late = Event(EventKind.LABEL_ADDED_LATE, at, "“AI” was added, 41.5 hours later")
    evidence = (OriginEvidence("c2pa", "signed", "", extent, level),)
    answer = replace(finding.answer, evidence=evidence, events=(late,))
    data = b"".join(export([dossier_with(finding=replace(finding, answer=answer))], None))
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert row["origin"] == f"c2pa: signed {told}"
    assert row["events"] == "label_added_late 2026-11-02: “AI” was added, 41.5 hours later"


def test_no_findings_leave_the_header() -> None:
    assert b"".join(export([], None)).count(b"\r\n") == 1
