"""A reader that misses what is known is not believed: what it would have read is unreadable that night, is
read the next, and hides nothing that was known before."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk.jobs.detect import Detection
from desk.jobs.stages.carried import Settings
from desk.jobs.summary import Summary
from detector.controls import c2pa, captions
from storage.errors import TwinwatchError
from storage.records import Extent, Labelling, OriginEvidence, Surface
from tests.desk.eyes import MARK, TEXT, Eyes
from tests.desk.shop import NOW, Shop, jpeg, looked_at, photo
from tests.signing import signed_jpeg

pytestmark = pytest.mark.slow  # many passes over a store

SAYS_AI = "Image created with AI."
FIRST, SECOND = jpeg(photo(1)), jpeg(photo(2))
MISSED = "missed its control"
IN_WORDS = ("caption", "hashtags", "alt_text", "content_warning")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, eyes=Eyes())
    yield shop
    shop.store.close()


def night(shop: Shop, **missed: str) -> Detection:
    """One on which these controls miss something."""
    names = {"words": captions.NAME, "manifest": c2pa.NAME}
    shop.eyes.missed = {names[name]: words for name, words in missed.items()} or {"none": ""}
    return shop.detect(Settings())


def states(shop: Shop, post: str = "") -> dict[Surface, tuple[str, str]]:
    (item,) = (one for one in shop.store.all_items() if post in ("", one.version.post.post_id))
    return {one.surface: (one.state.value, one.reason) for one in item.readings}


def test_all_is_well(shop: Shop) -> None:
    done = night(shop)
    assert set(done.controls.values()) == {""}
    assert {"caption", "platform_tag", "origin:c2pa", "origin:digital_source_type"} <= done.controls.keys()
    assert done.failures == ()
    told = Summary("r", NOW, controls=done.controls).json()["controls"]
    assert isinstance(told, dict)
    assert set(told.values()) == {"ok"}


def test_the_summary_says_so(shop: Shop) -> None:
    done = night(shop, words="the caption that says it (sv) is absent")
    assert {name: done.controls[name] for name in IN_WORDS} == dict.fromkeys(
        IN_WORDS, "the caption that says it (sv) is absent"
    )
    assert done.controls["platform_tag"] == ""
    assert {(one.kind, one.where) for one in done.failures} == {("missed_control", name) for name in IN_WORDS}
    told = Summary("r", NOW, controls=done.controls).json()["controls"]
    assert isinstance(told, dict)
    assert told["caption"] == "missed: the caption that says it (sv) is absent"


def test_where_no_process_starts_nobody_is_believed_and_the_night_goes_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_: object) -> Iterator[tuple[str, str]]:
        raise TwinwatchError("a worker did not start (status 1)", kind="workers_cannot_start")

    monkeypatch.setattr(shop.eyes, "control", none)
    shop.publish(FIRST, text=SAYS_AI)
    done = night(shop)
    assert set(done.controls.values()) == {"a worker did not start (status 1)"}
    assert states(shop)[Surface.CAPTION] == ("unreadable", MISSED)


def test_words_are_unreadable_that_night_and_read_the_next(shop: Shop) -> None:
    shop.publish(FIRST, text=SAYS_AI)
    assert night(shop, words="all").new == ()
    assert states(shop)[Surface.CAPTION] == ("unreadable", MISSED)
    assert states(shop)[Surface.PLATFORM_TAG][0] == "not_offered"
    assert len(night(shop).new) == 1
    assert states(shop)[Surface.CAPTION][0] == "present"


def test_what_was_read_before_is_not_hidden(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.publish(FIRST, text=SAYS_AI)
    night(shop)
    monkeypatch.setattr("desk.jobs.stages.read.reading_stamp", lambda _: "newer")
    assert night(shop, words="all").changed == ()
    assert states(shop)[Surface.CAPTION][0] == "present"


def test_a_blind_eye_is_not_used_and_the_other_is(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    text = type("Known", (), {"NAME": "text", "READS": (TEXT.value,)})
    monkeypatch.setattr("detector.control.controls", lambda: {"text": text})
    monkeypatch.setattr("desk.jobs.stages.control.controls", lambda: {"text": text})
    shop.publish(FIRST, text=SAYS_AI)
    shop.eyes.missed = {"text": "nothing is read"}
    done = shop.detect(Settings())
    assert [job.surfaces for job in shop.eyes.asked] == [(MARK,)]
    assert (states(shop)[TEXT], states(shop)[MARK]) == (("unreadable", MISSED), ("absent", ""))
    assert (done.look_left, len(done.failures)) == (0, 1)
    shop.eyes.missed = {"none": ""}
    shop.detect(Settings())
    assert [job.surfaces for job in shop.eyes.asked] == [(MARK,), (TEXT,)]
    assert states(shop)[TEXT] == ("absent", "")


def test_a_blind_reader_of_bytes_finds_nothing_absent(shop: Shop) -> None:
    """The stage stays open; what the others found is there; the next night reads it."""
    generated = signed_jpeg(FIRST)
    shop.examines = False
    shop.publish(generated)
    night(shop, manifest="nothing is read in it")
    (item,) = shop.store.all_items()
    assert [(one.reader, one.signal, one.level) for one in item.evidence] == [
        ("c2pa", f"unreadable: {MISSED}", 0)
    ]
    done = night(shop)
    (finding,) = shop.findings()
    assert (finding.answer.verdict.level, done.new) == (2, (finding.id,))


def test_a_blind_reader_of_bytes_does_not_hide_what_it_saw_before(shop: Shop) -> None:
    shop.publish(FIRST)
    known = OriginEvidence("c2pa", "seen before", "", Extent.WHOLE, 3)
    old = replace(looked_at(FIRST), evidence=(known,), stages={"origin:c2pa": "an older one"})
    shop.store.save_examination(old)
    night(shop, manifest="nothing is read in it")
    (item,) = shop.store.all_items()
    assert item.evidence == (known,)
    night(shop)
    assert next(shop.store.all_items()).evidence == ()


def test_a_blind_reader_makes_no_unlabelled(shop: Shop) -> None:
    shop.register("Vilde", SECOND)
    copy = jpeg(photo(2), 60)
    shop.publish(copy, text="New in")
    night(shop, words="all")
    (finding,) = shop.findings()
    assert finding.answer.verdict.labelling is Labelling.UNLABELLED_WHERE_SEEN
    night(shop)
    assert shop.findings()[0].answer.verdict.labelling is Labelling.UNLABELLED
