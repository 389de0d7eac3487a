"""Loopback sites and a store, for crawls from end to end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
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
