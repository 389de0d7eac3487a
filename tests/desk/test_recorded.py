"""What is done on the command line stands in the desk's record, too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desk.shop import Shop, jpeg, photo

pytestmark = pytest.mark.slow  # a pass over a store

Call = Callable[..., Any]


def test_decisions_readings_exports_and_erasures(tmp_path: Path, twinwatch: Call) -> None:
    shop = Shop(tmp_path)
    shop.register("Vilde", jpeg(photo(1)))
    shop.publish(jpeg(photo(1), 60))
    shop.detect()
    for command in (
        ("findings", "review", "1", "--decision", "confirmed", "--by", "ann"),
        ("findings", "review", "1", "--decision", "undo", "--by", "ann", "--dry-run"),
        ("findings", "read", "1", "--surface", "caption", "--state", "absent", "--by", "ann"),
        ("findings", "export", "-o", "a.csv"),
        ("twins", "withdraw", "Vilde", "--erase", "--yes", "--by", "ann", "--reason", "asked for"),
    ):
        said = twinwatch(*command)
        assert said.status == 0, said.err
    lines = [(one.who, one.what, one.about) for one in reversed(shop.store.audit.latest())]
    assert lines == [
        ("command line", "decided: confirmed", "finding 1"),
        ("command line", "read for themselves", "finding 1"),
        ("command line", "exported: csv", "findings export"),
        ("command line", "erased", "receipt 1"),
    ]
    assert shop.store.audit.broken() is None
    assert "Vilde" not in repr(shop.store.audit.latest())
    shop.store.close()
