"""Exit statuses of a night, as a table."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from desk.digest import looked_back, sections
from desk.jobs.stored_matches import Retro
from desk.jobs.summary import Summary
from storage.records import Finding, Labelling, Quarantine

CASES = [
    ({}, 0),
    ({"accounts_ok": 2}, 0),
    ({"accounts_ok": 1, "accounts_failed": 1}, 3),
    ({"accounts_failed": 1}, 3),
    ({"accounts_ok": 1, "media_failed": 1}, 3),
    ({"accounts_ok": 1, "examined_failed": 1}, 3),
    ({"accounts_failed": 2, "rate_limited": 2}, 75),
    ({"accounts_failed": 2, "rate_limited": 1}, 3),
    ({"accounts_ok": 1, "accounts_failed": 1, "rate_limited": 1}, 3),
    ({"accounts_ok": 1, "broken": True}, 1),
    ({"accounts_ok": 1, "interrupted": True}, 1),
    ({"accounts_ok": 1, "findings_new": 5, "alerts": (1,)}, 0),
]


@pytest.mark.parametrize(("fields", "status"), CASES)
def test_exit_status(fields: dict[str, int], status: int) -> None:
    summary = Summary(run="r", started=datetime(2026, 11, 20, tzinfo=UTC))
    for name, value in fields.items():
        setattr(summary, name, value)
    assert summary.exit_status == status


@pytest.mark.parametrize(
    ("retro", "words"),
    [
        (Retro(), ""),
        (Retro(pictures=5), ""),
        (
            Retro(came=2, pictures=1200, opened=3, found=1),
            "Looked back, for 2 registered since: 1200 pictures by their fingerprints, 3 of them opened, "
            "1 new matches.",
        ),
        (
            Retro(came=1, went=1, pictures=9, dropped=4),
            "Looked back, for 1 registered and 1 withdrawn since: 9 pictures by their fingerprints, "
            "0 of them opened, 0 new matches, 4 pictures lost a match.",
        ),
    ],
)
def test_looking_back_is_said_where_something_came_or_went(retro: Retro, words: str) -> None:
    assert looked_back(retro) == words


def test_what_changed_and_is_known_is_not_under_what_could_not_be_said(
    finding_with: Callable[..., Finding],
) -> None:
    """Where a registered picture was withdrawn a finding falls to nothing; where another one was registered
    it stays what it was."""
    verdicts = (Labelling.CANNOT_SAY, Labelling.NO_AI_EVIDENCE, Labelling.UNLABELLED, Labelling.LABELLED)
    findings = [finding_with(number, labelling) for number, labelling in enumerate(verdicts, start=1)]
    summary = Summary(run="r", started=datetime(2026, 11, 20, tzinfo=UTC))
    told = {section.title: [row[0] for row in section.rows] for section in sections(summary, findings)}
    assert told["could not say"] == ["#1"]
    assert told["other findings, new or changed, that are no news"] == ["#2", "#3"]
    assert told["labelled"] == ["#4"]


def test_a_reference_that_was_stopped_is_told() -> None:
    started = datetime(2026, 11, 20, tzinfo=UTC)
    held = Quarantine("ab" * 32, "20 unrelated pictures", started)
    summary = Summary(run="r", started=started, quarantined=(held,))
    told = {section.title: section.rows for section in sections(summary, ())}
    ((row,),) = [rows[0] for title, rows in told.items() if "quarantine" in title]
    assert "20 unrelated pictures" in row
    assert summary.json()["quarantined"] == [{"reference": "ab" * 32, "reason": "20 unrelated pictures"}]
    assert not any("quarantine" in one.title for one in sections(Summary(run="r", started=started), ()))
