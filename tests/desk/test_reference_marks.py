"""A mark that is found on a picture while it is registered, and what comes of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.jobs.register import Enrolled, Enrolment, register
from detector.onimage.icons import GENERATED
from detector.processes.lookers import Lookers
from storage.boxes import Box, Placed
from storage.records import EventKind, Reading, ReadingState, ReferenceKind, Surface, Twin
from tests.desk.eyes import Eyes
from tests.desk.shop import NOW, Shop, jpeg, photo
from tests.detector.onimage.stamped import mark, stamped

pytestmark = pytest.mark.slow  # the mark reader itself

REALLY = Lookers.look  # before it is shut
GIVEN = Box(0.1, 0.1, 0.2, 0.05)
FOUND = Box(0.7, 0.9, 0.2, 0.05)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.store.close()


def enrol(
    shop: Shop,
    path: Path,
    *,
    kind: ReferenceKind = ReferenceKind.DIGITAL_TWIN,
    box: Box | None = None,
    look: bool = True,
) -> Enrolled:
    twin = Twin("Vilde", kind, added_at=NOW)
    return register(shop.store, Enrolment(twin, (path,), "contract 8", "me", box, look))


def boxes(shop: Shop) -> list[Box | None]:
    return [one.mark_box for one in shop.store.references("Vilde")]


@pytest.fixture
def picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """On which the reader finds a mark."""
    path = tmp_path / "twin.jpg"
    path.write_bytes(jpeg(photo(3)))
    said = Reading(Surface.IMAGE_MARK, ReadingState.PRESENT, box=FOUND, prominence={"mark": "EU icon: AI"})
    monkeypatch.setattr(Lookers, "look", Eyes({path.name: [said]}).look)
    return path


def test_where_the_reader_finds_a_mark_it_stands(shop: Shop, picture: Path) -> None:
    done = enrol(shop, picture)
    (seen,) = done.seen.values()
    assert (seen.mark, seen.box, boxes(shop)) == ("EU icon: AI", FOUND, [FOUND])
    assert enrol(shop, picture).seen == {}  # known already: nothing is looked for again
    assert enrol(shop, picture, look=False).marked
    assert boxes(shop) == [None]


def test_a_person_goes_first(shop: Shop, picture: Path) -> None:
    assert enrol(shop, picture, box=GIVEN).seen == {}
    assert boxes(shop) == [GIVEN]


def test_on_a_real_person_none_is_looked_for(shop: Shop, picture: Path) -> None:
    assert enrol(shop, picture, kind=ReferenceKind.HUMAN_ORIGINAL).seen == {}
    assert boxes(shop) == [None]


@pytest.mark.slow
def test_a_copy_without_the_mark_that_was_found(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the readers themselves, from the icon on a registered picture to the event."""
    path = tmp_path / "twin.jpg"
    path.write_bytes(jpeg(stamped(photo(3), mark(GENERATED), 26, (12, -12))))
    with monkeypatch.context() as opened:
        opened.setattr(Lookers, "look", REALLY)
        (seen,) = enrol(shop, path).seen.values()
    assert seen.mark == GENERATED
    shop.publish(jpeg(photo(3), 80))
    shop.detect()
    (finding,) = shop.findings()
    assert [event.kind for event in finding.answer.events] == [EventKind.MARK_REMOVED]


def test_who_said_where_it_stands_is_kept(shop: Shop, picture: Path) -> None:
    enrol(shop, picture)
    assert [one.mark_placed for one in shop.store.references("Vilde")] == [Placed.FOUND]
    enrol(shop, picture, box=GIVEN)
    assert [one.mark_placed for one in shop.store.references("Vilde")] == [Placed.GIVEN]
    enrol(shop, picture, look=False)
    assert [one.mark_placed for one in shop.store.references("Vilde")] == [Placed.UNKNOWN]
