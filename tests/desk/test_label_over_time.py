"""A label over the versions of a post, through the store: put there late, taken away, and never by our own
change of mind."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk.jobs.detect import detect
from desk.jobs.stages.carried import Settings
from detector.wording.lexicon import Lexicon
from storage.records import EventKind, Finding, Labelling
from tests.desk.shop import NOW, Shop, jpeg, photo

pytestmark = pytest.mark.slow  # whole passes over a store

TWIN, OTHER = jpeg(photo(1)), jpeg(photo(2))
LATE, REMOVED = EventKind.LABEL_ADDED_LATE, EventKind.LABEL_REMOVED
LABEL = "New in. Image made with AI."


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    made.register("Vilma", TWIN)
    yield made
    made.store.close()


def seen(shop: Shop, *texts: str, hours: float = 10.5, picture: bytes = TWIN) -> Finding:
    """What is found of the post, looked at again after so many hours each time."""
    for number, text in enumerate(texts):
        shop.save("one/1", NOW + timedelta(hours=hours * number), picture, text=text)
    shop.examine(picture)
    shop.detect()
    (finding,) = shop.findings()
    return finding


def kinds(finding: Finding) -> list[EventKind]:
    return [event.kind for event in finding.answer.events]


def test_a_label_that_comes_late_is_an_event_with_its_hours(shop: Shop) -> None:
    finding = seen(shop, "New in", LABEL)
    assert kinds(finding) == [LATE]
    (event,) = finding.answer.events
    assert "10.5 hours later" in event.detail
    assert event.at == NOW + timedelta(hours=10.5)
    assert finding.answer.verdict.labelling is Labelling.LABELLED


def test_a_label_that_goes_is_an_event_and_an_alert(shop: Shop) -> None:
    seen(shop, LABEL)
    shop.save("one/1", NOW + timedelta(hours=5), TWIN, text="New in")
    done = shop.detect()
    (finding,) = shop.findings()
    assert kinds(finding) == [REMOVED]
    assert done.alerts == (finding.id,)
    assert finding.answer.verdict.level == 4, "the publisher has said so"
    assert finding.answer.verdict.labelling is Labelling.UNLABELLED_WHERE_SEEN


def test_every_version_is_read_not_only_the_last(shop: Shop) -> None:
    assert kinds(seen(shop, "New in", LABEL, "New in", LABEL)) == [LATE, REMOVED, LATE]


def test_new_words_are_no_label_that_came_late(shop: Shop) -> None:
    """Every version is read again: our own change of mind has no date."""
    finding = seen(shop, "Luotu tekoälyn avulla", "Luotu tekoälyn avulla!")
    assert kinds(finding) == []
    words = Lexicon((("fi.toml", '[words]\nai = ["tekoälyn"]\nmade = ["luotu"]\nwith_after = ["avulla"]\n'),))
    settings = Settings(cache=shop.folder / "media-cache", lexicon=words)
    detect(shop.store, "test", now=NOW, tell=lambda _: None, settings=settings)
    (finding,) = shop.findings()
    assert finding.answer.verdict.labelling is Labelling.LABELLED
    assert kinds(finding) == []


def test_another_picture_has_its_own_history(shop: Shop) -> None:
    """The first picture was never labelled; the one that took its place came with its label."""
    shop.save("one/1", NOW, TWIN, text="New in")
    finding_of_other = OTHER
    shop.register("Vilma two", finding_of_other)
    shop.save("one/1", NOW + timedelta(hours=9), finding_of_other, text=LABEL)
    shop.examine(finding_of_other)
    shop.detect()
    assert [kinds(finding) for finding in shop.findings()] == [[]]
