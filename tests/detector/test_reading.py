"""Every surface of a post gets an answer, each from its own reader."""

from types import SimpleNamespace

import pytest

from detector import disclosure
from detector.reading import by_surface, read_post, read_text, readers, reading_stamp
from storage.records import Declarer, PlatformTag, ReadingState, Surface
from tests.detector.cases import picture, post


def test_every_surface_has_an_answer_for_every_picture() -> None:
    found = read_post(post("hello", media=(picture(0), picture(1, alt=""))))
    assert set(found) == {0, 1}
    assert all([reading.surface for reading in readings] == list(Surface) for readings in found.values())


def test_a_surface_without_a_reader_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detector.reading.readers", dict)
    assert {r.reason for r in read_post(post())[0]} == {"no reader yet"}


def test_two_readers_of_one_surface_fail() -> None:
    one, two = readers()[Surface.CAPTION], SimpleNamespace(SURFACE=Surface.CAPTION, VERSION="1", read=print)
    with pytest.raises(TypeError, match="two readers of caption"):
        by_surface([one, two])


def test_a_module_that_is_no_reader_fails() -> None:
    with pytest.raises(TypeError, match="does not declare"):
        by_surface([disclosure])


@pytest.mark.parametrize("surface", [Surface.IMAGE_TEXT, Surface.IMAGE_MARK])
def test_words_say_nothing_of_what_stands_on_the_picture(surface: Surface) -> None:
    reading = next(r for r in read_post(post())[0] if r.surface is surface)
    assert (reading.state, reading.reason) == (ReadingState.UNREADABLE, "not looked at")


def test_the_stamp_is_stable_and_names_a_version() -> None:
    assert reading_stamp() == reading_stamp() != ""


def test_read_text_counts_hashtags_as_the_command_promises() -> None:
    reading = read_text("Golden hour #aigenerated")
    assert (reading.state, reading.surface) == (ReadingState.PRESENT, Surface.CAPTION)
    assert reading.declared_by is Declarer.ACCOUNT
    assert read_text("Golden hour", Surface.ALT_TEXT).surface is Surface.ALT_TEXT


def test_what_the_platform_says_is_handed_on() -> None:
    tag = PlatformTag(
        ReadingState.PRESENT, "listRecords", "value.labels", "ai-generated", Declarer.ACCOUNT, ""
    )
    (reading,) = [r for r in read_post(post(platform_tag=tag))[0] if r.surface is Surface.PLATFORM_TAG]
    assert (reading.state, reading.quote, reading.declared_by) == (
        tag.state,
        "ai-generated",
        Declarer.ACCOUNT,
    )
    assert reading.field == "listRecords value.labels"
    hidden = PlatformTag(ReadingState.UNREADABLE, reason="not exposed")
    (reading,) = [r for r in read_post(post(platform_tag=hidden))[0] if r.surface is Surface.PLATFORM_TAG]
    assert (reading.state, reading.reason) == (ReadingState.UNREADABLE, "not exposed")
