"""A Chromium for all tests, the demo's store, and a desk over it that no test changes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import chromium
from tests.browser.demo import copied, demo
from tests.browser.desk import Desk, running

expect.set_options(timeout=20_000)  # milliseconds: a busy machine is slow, and what is wrong stays wrong


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.started() as started:
        yield started


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    return demo(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture(scope="session")
def desk(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Over the demo's store, and to be looked at only."""
    with running(copied(demo_folder, tmp_path_factory.mktemp("looked-at") / "demo")) as answering:
        yield answering


@pytest.fixture
def own_desk(demo_folder: Path, tmp_path: Path) -> Iterator[Desk]:
    """Over a copy of the demo's store that belongs to one test."""
    with running(copied(demo_folder, tmp_path / "demo")) as answering:
        yield answering
