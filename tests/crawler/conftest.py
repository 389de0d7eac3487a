"""Loopback sites and a store, for crawls and imports from end to end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawler.importing import House
from tests.crawler.night import Night
from tests.crawler.site import Site, serving
from tests.empty_store import laid, pattern


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as one:
        yield one


@pytest.fixture
def night(tmp_path: Path, site: Site) -> Iterator[Night]:
    """A store, and crawls into it that may go to `site`."""
    database = laid(tmp_path / "night.db")
    one = Night(database, tmp_path / "media", (site.host,))
    yield one
    one.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A store to import into."""
    folder = tmp_path / "house"
    folder.mkdir()
    one = House(folder, pattern())
    yield one
    one.store.close()
