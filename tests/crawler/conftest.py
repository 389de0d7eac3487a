"""Loopback sites and a store, for crawls and imports from end to end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.crawler.importing import House
from tests.crawler.night import Night
from tests.crawler.site import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as one:
        yield one


@pytest.fixture
def night(tmp_path: Path, site: Site) -> Iterator[Night]:
    """A store, and crawls into it that may go to `site`."""
    database = f"sqlite:///{tmp_path / 'night.db'}"
    Store.open(database, tmp_path / "media", create=True).close()
    one = Night(database, tmp_path / "media", (site.host,))
    yield one
    one.close()


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without rows, to be copied."""
    folder = tmp_path_factory.mktemp("empty")
    Store.open(f"sqlite:///{folder / 'empty.db'}", folder / "media", create=True).close()
    return folder / "empty.db"


@pytest.fixture
def house(tmp_path: Path, empty: Path) -> Iterator[House]:
    """A store to import into."""
    folder = tmp_path / "house"
    folder.mkdir()
    one = House(folder, empty)
    yield one
    one.store.close()
