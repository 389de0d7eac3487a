"""Exit statuses of a night, as a table."""

from datetime import UTC, datetime

import pytest

from desk.jobs.summary import Summary

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
