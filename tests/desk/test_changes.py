"""What was done to a registered picture, from the bytes to the finding: marks, replaced parts, real people's
pictures, and what a changed mark box reruns."""

import io
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from desk.digest import print_digest
from desk.jobs.every_item import every_item
from desk.jobs.stages.carried import Settings
from desk.jobs.summary import Summary
from storage.boxes import Box
from storage.changes import ChangeKind
from storage.records import EventKind, Finding, Labelling, ReferenceKind
from tests.desk.shop import NOW, SIZE, Shop, digest, faked, jpeg, photo
from tests.detector.drawings import Pixels

pytestmark = pytest.mark.slow  # many passes over a store

MARK = Box(0.68, 0.92, 0.27, 0.045)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.store.close()


def marked(pixels: Pixels) -> Pixels:
    made = np.array(pixels)
    left, top = round(MARK.x * SIZE[0]), round(MARK.y * SIZE[1])
    right, low = left + round(MARK.w * SIZE[0]), top + round(MARK.h * SIZE[1])
    cv2.rectangle(made, (left, top), (right, low), (0, 0, 0), -1)
    cv2.putText(made, "AI MADE", (left + 6, low - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 2)
    return made


def events(finding: Finding) -> list[EventKind]:
    return [event.kind for event in finding.answer.events]


def test_a_mark_that_is_gone_is_told_of_the_finding(shop: Shop) -> None:
    shop.register("Vilde", jpeg(marked(photo(3))), mark=MARK)
    published = jpeg(photo(3), 80)
    shop.publish(published)
    done = shop.detect()
    (finding,) = shop.findings()
    assert events(finding) == [EventKind.MARK_REMOVED]
    assert done.alerts == (finding.id,)
    (match,) = shop.matches(published)
    assert [change.kind for change in match.changes] == [ChangeKind.MARK_REMOVED]


def test_a_mark_box_that_is_given_later_reruns_what_it_must(shop: Shop) -> None:
    twin = jpeg(marked(photo(3)))
    shop.register("Vilde", twin)
    shop.publish(jpeg(photo(3), 80), jpeg(photo(9), 80))
    shop.detect()
    assert shop.findings()[0].answer.events == ()
    shop.store.bank.mark("Vilde", [digest(twin)], MARK)
    done = shop.detect()
    assert done.retro.opened == 1
    assert events(shop.findings()[0]) == [EventKind.MARK_REMOVED]


def test_a_real_persons_changed_picture_is_noted_and_told(shop: Shop) -> None:
    shop.register("Vilde S.", jpeg(photo(3)), kind=ReferenceKind.HUMAN_ORIGINAL)
    shop.publish(jpeg(faked(photo(3), photo(4)), 85))
    done = shop.detect()
    assert (done.new, done.alerts) == ((), ())
    (number,) = done.noted
    assert shop.findings() == []
    noted = shop.store.finding(number)
    assert noted is not None
    assert noted.answer.verdict.labelling is Labelling.NO_AI_EVIDENCE
    assert events(noted) == [EventKind.ALTERED]
    assert [one.id for one in every_item(shop.store, Settings())] == [number]
    out = io.StringIO()
    print_digest(Summary("r", NOW, noted=done.noted), [noted], out)
    assert "what was done to a registered picture" in out.getvalue()
    assert f"#{number} altered in rss:one" in out.getvalue()
    assert shop.detect().noted == ()


def test_an_unchanged_copy_has_no_event(shop: Shop) -> None:
    shop.register("Vilde", jpeg(marked(photo(3))), mark=MARK)
    shop.publish(jpeg(marked(photo(3)), 60))
    shop.detect()
    assert events(shop.findings()[0]) == []
