"""What several rooms' tests share: an empty store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.empty_store import laid


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new store: SQLite and a media folder under `tmp_path`."""
    opened = Store.open(laid(tmp_path / "twinwatch.db"), tmp_path / "media", create=True)
    yield opened
    opened.close()
