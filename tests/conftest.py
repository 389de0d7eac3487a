"""What several rooms' tests share: an empty store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from storage.store import Store
from tests.empty_store import laid

# No test is timed: the first case imports what the others have, and a busy machine is slow.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new store: SQLite and a media folder under `tmp_path`."""
    opened = Store.open(laid(tmp_path / "twinwatch.db"), tmp_path / "media", create=True)
    yield opened
    opened.close()
