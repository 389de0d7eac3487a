"""What is looked for travels whole, and its stamp changes whenever an answer could."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector.onimage.kit import Kit, dumped, loaded, marks_stamp
from detector.onimage.look import Mark
from detector.onimage.readers import SURFACES, readers, stamps
from detector.wording.lexicon import Lexicon
from storage.records import Surface

GREY = np.arange(12, dtype=np.uint8).reshape(3, 4)
MARK = Mark("ours", "AI IMAGE", GREY, GREY[::-1], "AI", "ab" * 32)


def test_there_and_back(tmp_path: Path) -> None:
    path = tmp_path / "kit.json"
    path.write_bytes(dumped(Kit((MARK,), Lexicon((("mine.toml", "[words]"),)))))
    kit = loaded(path)
    (mark,) = kit.marks
    assert kit.lexicon.added == (("mine.toml", "[words]"),)
    assert (mark.name, mark.says, mark.letters, mark.sha256) == ("ours", "AI IMAGE", "AI", "ab" * 32)
    assert np.array_equal(mark.grey, MARK.grey)
    assert np.array_equal(mark.alpha, MARK.alpha)


@pytest.mark.parametrize("data", [b"", b"{}", b'{"marks": [{"name": 1}]}', b"[1]"])
def test_no_kit_is_an_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "kit.json"
    path.write_bytes(data)
    with pytest.raises(ValueError):
        loaded(path)


def test_the_stamp_follows_whatever_is_looked_for() -> None:
    other = replace(MARK, name="theirs")
    assert marks_stamp((MARK, other)) == marks_stamp((other, MARK))
    changed = [
        (),
        (MARK, other),
        (other,),
        (replace(MARK, says="KI"),),
        (replace(MARK, letters=""),),
        (replace(MARK, grey=GREY + 1),),
        (replace(MARK, alpha=GREY),),
        (replace(MARK, grey=GREY.reshape(4, 3), alpha=GREY[::-1].reshape(4, 3)),),
    ]
    assert len({marks_stamp(one) for one in [(MARK,), *changed]}) == len(changed) + 1


def test_another_mark_is_no_reason_to_read_text_again() -> None:
    plain, more = stamps(), stamps(Kit((MARK,)))
    assert set(plain) == set(SURFACES)
    assert plain[Surface.IMAGE_TEXT] == more[Surface.IMAGE_TEXT]
    if Surface.IMAGE_MARK in readers():
        assert plain[Surface.IMAGE_MARK] != more[Surface.IMAGE_MARK]


def test_other_words_are_no_reason_to_look_for_marks_again() -> None:
    plain, more = stamps(), stamps(Kit(lexicon=Lexicon((("mine.toml", "[words]"),))))
    assert plain[Surface.IMAGE_MARK] == more[Surface.IMAGE_MARK]
    if Surface.IMAGE_TEXT in readers():
        assert plain[Surface.IMAGE_TEXT] != more[Surface.IMAGE_TEXT]
