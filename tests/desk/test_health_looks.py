"""`doctor` tries every reader, and says what waits to be looked at."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.jobs.diagnosis import State
from desk.jobs.health_looks import looks_health, readers_health
from desk.jobs.stages.carried import Settings
from detector.controls import c2pa
from detector.wording.lexicon import BUILT_IN
from tests.desk.eyes import Eyes
from tests.desk.shop import Shop, jpeg, photo

EYES = "desk.jobs.health_looks.Lookers"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    shop = Shop(tmp_path, eyes=Eyes())
    monkeypatch.setattr("desk.jobs.looking.stamps", lambda _: shop.eyes.stamps)
    yield shop
    shop.store.close()


def test_every_reader_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EYES, Eyes())
    health = readers_health()
    assert health.state is State.OK
    assert "caption" in health.found
    assert "origin:c2pa" in health.found


def test_a_blind_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    eyes = Eyes()
    eyes.missed = {c2pa.NAME: "nothing is read in it"}
    monkeypatch.setattr(EYES, eyes)
    health = readers_health()
    assert (health.state, health.found) == (
        State.FAIL,
        "blind to what is known: origin:c2pa: nothing is read in it",
    )
    assert health.mend


def test_what_waits_is_counted(shop: Shop) -> None:
    assert looks_health(shop.store, BUILT_IN).found == "no picture waits to be looked at for labels"
    shop.publish(jpeg(photo(1)), text="Image created with AI.")
    shop.detect(Settings(look_seconds=0))
    health = looks_health(shop.store, BUILT_IN)
    assert (health.state, health.found) == (
        State.WARN,
        "not looked at for labels yet: 1 picture of which something says AI, "
        "0 with something like small text",
    )
    shop.detect(Settings())
    assert looks_health(shop.store, BUILT_IN).state is State.OK


def test_the_command_tells_both(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    Shop(tmp_path).store.close()
    found = {line["check"]: line["state"] for line in twinwatch("doctor", "--json").lines}
    assert (found["readers"], found["looks"]) == ("ok", "ok")
