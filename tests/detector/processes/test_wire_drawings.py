"""Drawings between a worker and who asked it: what was meant arrives, and nothing else passes."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.onimage.drawn import HEIGHT, Drawing
from detector.processes.wire_drawings import drawing_line, read_drawing
from storage.records import Failure

GREY = np.arange(12, dtype=np.uint8).reshape(3, 4)
LINE = drawing_line(Drawing(GREY, GREY[::-1], see_through=True))


def test_there_and_back() -> None:
    drawing, failure = read_drawing(LINE)
    assert LINE.count(b"\n") == 1
    assert failure is None
    assert drawing is not None
    assert drawing.see_through
    assert np.array_equal(drawing.grey, GREY)
    assert np.array_equal(drawing.alpha, GREY[::-1])


def test_why_there_is_none() -> None:
    failure = Failure("too_plain", "a line", "x.png")
    assert read_drawing(drawing_line(None, failure)) == (None, failure)
    drawing, said = read_drawing(drawing_line(None))
    assert drawing is None
    assert said is not None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("grey", "AAAA"),
        ("grey", 3),
        ("alpha", None),
        ("alpha", "?"),
        ("shape", [4, 4]),
        ("shape", [-3, -4]),
        ("shape", [12]),
        ("shape", [HEIGHT + 1, 1]),
        ("shape", [3, 1e9]),
    ],
)
def test_nothing_else_passes(field: str, value: object) -> None:
    with pytest.raises(ValueError):
        read_drawing(json.dumps({**json.loads(LINE), field: value}).encode())


@settings(max_examples=30)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_noise_is_a_value_error(words: bytes) -> None:
    with pytest.raises(ValueError):
        read_drawing(words)
