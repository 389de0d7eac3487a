"""Every reader is tried on what is known; one that finds nothing there is named."""

from importlib.resources import files
from types import ModuleType, SimpleNamespace

import pytest

import detector.controls.c2pa
import detector.controls.captions
import detector.controls.digital_source_type
import detector.controls.exif_marks
import detector.controls.image_mark
import detector.controls.image_text
import detector.controls.platform_tag
import detector.controls.png_texts
import detector.controls.xmp_properties
import detector.origin.metadata
from detector import control, reader
from detector.control import by_reader, controls, missed
from detector.controls.captions import SAYING
from detector.onimage.readers import readers as on_pictures
from detector.reading import readers as surfaces
from storage.records import Reading, ReadingState, Surface


def test_all_that_is_known_is_found() -> None:
    assert {name: missed(name) for name in controls()} == dict.fromkeys(controls(), "")


def test_every_reader_has_a_control() -> None:
    """A new reader needs one: without, it could go blind and nobody would know."""
    vouched = {name for one in controls().values() for name in one.READS}
    in_words = surfaces().keys() - {Surface.IMAGE_TEXT, Surface.IMAGE_MARK}
    wanted = {*in_words, *on_pictures(), *(f"origin:{name}" for name in reader.readers())}
    assert wanted <= vouched


def test_every_language_has_a_caption() -> None:
    lexicon = (entry.name for entry in (files("detector") / "lexicon").iterdir())
    assert {*SAYING, "other"} == {name.removesuffix(".toml") for name in lexicon if name.endswith(".toml")}


@pytest.mark.parametrize("state", [ReadingState.ABSENT, ReadingState.PRESENT])
def test_a_reader_of_words_that_always_says_the_same_is_found_out(
    monkeypatch: pytest.MonkeyPatch, state: ReadingState
) -> None:
    always = [Reading(surface, state) for surface in Surface]
    monkeypatch.setattr(detector.controls.captions, "read_item", lambda *_: always)
    assert missed("captions").endswith(state.value)


def test_one_language_gone_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SAYING, "sv", "Linne på nära håll.")
    assert "(sv)" in missed("captions")


def test_words_of_other_languages_gone_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector.controls.captions, "OTHER", "Uusi takki.")
    assert "not read is absent" in missed("captions")


@pytest.mark.parametrize("name", ["c2pa", "digital_source_type"])
def test_a_reader_of_bytes_that_finds_nothing_is_found_out(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    module = getattr(detector.controls, name)
    monkeypatch.setattr(module, "reader", SimpleNamespace(read=lambda *_: ()))
    assert missed(module.NAME)


@pytest.mark.parametrize("state", [ReadingState.ABSENT, ReadingState.PRESENT])
def test_a_reader_of_pictures_that_always_says_the_same_is_found_out(
    monkeypatch: pytest.MonkeyPatch, state: ReadingState
) -> None:
    always = Reading(Surface.IMAGE_TEXT, state)
    monkeypatch.setattr(detector.controls.image_text, "read_text", lambda _: always)
    assert state.value in missed("a text on a picture")
    monkeypatch.setattr(detector.controls.image_mark, "read_marks", lambda *_: always)
    assert state.value in missed("a mark on a picture")


@pytest.mark.parametrize(
    "module",
    [detector.controls.png_texts, detector.controls.exif_marks, detector.controls.xmp_properties],
)
def test_each_reader_of_what_generators_write_that_finds_nothing_is_found_out(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType
) -> None:
    for one in [*module.SAYING, detector.origin.metadata]:
        with monkeypatch.context() as patched:
            patched.setattr(one, "read", lambda *_: ())
            name = "a file that ends early" if one is detector.origin.metadata else one.NAME
            if f"origin:{one.NAME}" in module.READS:
                assert missed(module.NAME).startswith(name)


def test_a_reader_that_breaks_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Reading:
        raise OSError("a library\nis gone")

    monkeypatch.setattr(detector.controls.platform_tag, "read", broken)
    assert missed("a platform's tag") == "OSError: a library is gone"


def test_each_reader_and_what_it_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {
        "one": SimpleNamespace(READS=("caption", "alt_text")),
        "two": SimpleNamespace(READS=("caption",)),
    }
    monkeypatch.setattr(control, "controls", lambda: known)
    assert by_reader({"one": "", "two": "a word"}) == {"alt_text": "", "caption": "a word"}
    assert by_reader({"one": "a tag"}) == {"alt_text": "a tag", "caption": "a tag"}
