"""The JSON that tools rely on, field by field. Fields may be added, never renamed or taken away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest

from desk.contract import failure_json, finding_json, match_json
from desk.contract_check import checked_json
from desk.jobs.check import Checked
from desk.jobs.summary import Summary
from desk.output import json_line
from detector.answer import answer
from storage.boxes import Box
from storage.changes import Change, ChangeKind
from storage.records import Examination, Failure, Finding, MatchKind, PairDecision
from tests.detector.cases import case, match

FINDING = frozenset(
    {
        *("id", "labelling", "consent", "events", "platform", "retailer", "account", "post_id", "post_url"),
        *("position", "sha256", "twin", "twins", "matches", "origin", "disclosure", "rules", "reasons"),
        *("posted_at", "first_seen", "status", "versions"),
    }
)
MATCH = [
    *("twin", "reference", "kind", "algorithm", "distance", "threshold", "region", "transform", "overlap"),
    "inliers",
]
MEASURED = ("agreement", "residual", "span", "reason", "decided")
SUMMARY = [
    *("run", "started", "ended", "accounts", "posts", "media", "examined", "findings", "alerts", "errors"),
]


def test_a_finding_has_the_agreed_fields(finding_with: Callable[..., Finding]) -> None:
    line = orjson.loads(json_line(finding_json(finding_with())))
    assert set(line) >= FINDING
    assert (line["id"], line["twin"], line["consent"]) == (7, "Twin A", "no_terms")
    assert (line["account"], line["platform"], line["retailer"]) == ("hm.example", "bluesky", "H&M")
    assert line["labelling"] == "unlabelled_where_seen"
    assert line["first_seen"] == "2026-11-20T03:04:05Z"
    assert line["twins"] == [
        {"twin": "Twin A", "consent": "no_terms", "reasons": ["No licence is registered."]}
    ]
    assert line["rules"][0] | {"id": "eu-50-4", "verdict": "unlabelled_where_seen"} == line["rules"][0]
    assert {"reader", "signal", "level", "extent", "detail"} <= set(line["origin"]["evidence"][0])
    assert line["origin"]["level"] == 3
    assert set(line["disclosure"]) == {
        "platform_tag",
        "caption",
        "hashtags",
        "alt_text",
        "content_warning",
        "image_text",
        "image_mark",
    }
    assert {"state", "quote", "declared_by", "prominence"} <= set(line["disclosure"]["caption"])
    assert line["disclosure"]["image_text"]["reason"] == "no reader yet"


def test_a_match_has_the_agreed_fields(finding_with: Callable[..., Finding]) -> None:
    line = match_json(finding_with().answer.matches[0])
    assert list(line)[: len(MATCH)] == MATCH
    assert line["region"] == [0.1, 0.2, 0.3, 0.4]


def test_a_match_says_what_was_measured_and_who_decided(finding_with: Callable[..., Finding]) -> None:
    match = finding_with().answer.matches[0]
    line = match_json(match)
    assert [line[field] for field in MEASURED] == [None, None, None, "", None]
    full = replace(
        match, agreement=0.9, residual=0.2, span=(3.0, 7.5), reason="r", decided=PairDecision.REJECTED
    )
    assert [match_json(full)[field] for field in MEASURED] == [0.9, 0.2, [3.0, 7.5], "r", "rejected"]
    assert [line["spans"], match_json(full)["spans"]] == [[], [[3.0, 7.5]]]
    twice = replace(full, spans=((3.0, 4.0), (7.0, 7.5)))
    assert match_json(twice)["spans"] == [[3.0, 4.0], [7.0, 7.5]]


def test_a_match_says_what_was_done_to_the_reference(finding_with: Callable[..., Finding]) -> None:
    match = finding_with().answer.matches[0]
    assert match_json(match)["changes"] == []
    cut = Change(ChangeKind.MARK_CROPPED_AWAY, None, Box(0.75, 0.5, 0.25, 0.25), 1.0, "all of it")
    assert match_json(replace(match, changes=(cut,)))["changes"] == [
        {
            "kind": "mark_cropped_away",
            "region": None,
            "reference_region": [0.75, 0.5, 0.25, 0.25],
            "share": 1.0,
            "reason": "all of it",
        }
    ]


def test_an_item_without_a_finding_has_neither_id_nor_status(finding_with: Callable[..., Finding]) -> None:
    line = finding_json(finding_with(number=0))
    assert (line["id"], line["status"]) == (None, None)


def test_a_summary_has_the_agreed_fields() -> None:
    summary = Summary(run="nightly-1", started=datetime(2026, 11, 20, tzinfo=UTC))
    summary.errors.append(Failure("not_found", "gone", "rss:https://x/"))
    line = summary.json()
    assert list(line)[: len(SUMMARY)] == SUMMARY
    for field, keys in (("accounts", "ok failed"), ("posts", "new changed gone"), ("media", "new failed")):
        counts = line[field]
        assert isinstance(counts, dict)
        assert all(counts[key] == 0 for key in keys.split())
    assert line["findings"] == {"new": 0, "changed": 0, "by_verdict": {}}
    assert line["errors"] == [{"kind": "not_found", "message": "gone", "where": "rss:https://x/"}]


def test_no_failure_is_null() -> None:
    assert failure_json(None) is None


def test_lone_surrogates_do_not_break_a_line() -> None:
    assert orjson.loads(json_line({"a": ["x\ud800"], "\udfff": 1})) == {"a": ["x\ufffd"], "\ufffd": 1}


@pytest.mark.parametrize(("agreement", "too_little"), [(None, True), (0.02, False)])
def test_a_check_says_too_little_as_a_match_does(agreement: float | None, too_little: bool) -> None:
    seen = Examination("cd" * 32, "jpeg", 400, 300, (), (), too_little=True, stages={})
    alike = match(MatchKind.SAME_SCENE_OR_GARMENT, agreement=agreement)
    checked = Checked("found.jpg", seen, answer(case(matches=(alike,))), None)
    assert checked_json(checked)["too_little"] is too_little
    assert checked_json(Checked("found.jpg", None, None, None))["too_little"] is False
