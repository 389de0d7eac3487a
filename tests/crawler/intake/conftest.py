"""A store to import into."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.crawler.importing import House


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    Store.open(f"sqlite:///{folder / 'empty.db'}", folder / "media", create=True).close()
    return folder / "empty.db"


@pytest.fixture
def house(tmp_path: Path, empty: Path) -> Iterator[House]:
    folder = tmp_path / "house"
    folder.mkdir()
    one = House(folder, empty)
    yield one
    one.store.close()
