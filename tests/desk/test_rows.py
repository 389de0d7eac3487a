"""A row of a table: what it says does not depend on how much was read for it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.handing import Recipient, handed
from desk.rows import cells
from storage.consent import ConsentVerdict
from storage.records import Review, ReviewDecision
from tests.desk.used_store import OUTLET, opened, shown

NOW = datetime(2026, 11, 1, tzinfo=UTC)
pytestmark = pytest.mark.slow  # a store


@pytest.mark.parametrize(
    "to", [Recipient(), Recipient(names=True), Recipient(scope=frozenset({"Twin A"}))], ids=str
)
def test_what_a_row_needs_is_all_that_is_read_for_it(
    tmp_path: Path, used_pattern: Path, to: Recipient
) -> None:
    store = opened(tmp_path, used_pattern)
    out = ConsentVerdict.OUT_OF_SCOPE
    shown(store, "first", ("Twin A", out), ("Twin B", out), text="Anna Andersson")
    shown(store, "second", ("Twin A", out), account=OUTLET)
    store.add_review(Review(1, ReviewDecision.CONFIRMED, "ann", NOW, "seen"))
    found = list(store.findings())
    assert len(found) == 2
    short, whole = (list(handed(store, found, to, row=row)) for row in (True, False))
    assert [cells(one) for one in short] == [cells(one) for one in whole]
    assert any(one.captures or one.answers for one in whole)
    assert not any(one.captures or one.answers for one in short)
    store.close()
