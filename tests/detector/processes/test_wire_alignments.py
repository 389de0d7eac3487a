"""What a worker says about a verified picture arrives as it was sent; anything else is refused."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.matching.candidate import Alignment
from detector.processes.wire_alignments import alignments_line, read_alignments
from storage.changes import Change, ChangeKind
from storage.records import Box, Failure, MatchKind

ONE = "ab" * 32
OTHER = "cd" * 32
FULL = Alignment(
    reference=ONE,
    kind=MatchKind.LIKELY_COPY,
    reason="only 85% of what they share is the same",
    at=1.5,
    matrix=(0.5, 0.1, 0.2, -0.1, 0.5, 0.2, 0.0, 1e-4, 1.0),
    region=Box(0.25, 0.5, 0.75, 0.5),
    transform="mirrored, cropped to 62 %",
    overlap=0.62,
    inliers=44,
    residual=0.31,
    agreement=0.85,
    changes=(
        Change(
            ChangeKind.ALTERED, Box(0.25, 0.5, 0.25, 0.25), Box(0, 0, 0.5, 0.5), 0.12, "12 % was replaced"
        ),
        Change(ChangeKind.MARK_CROPPED_AWAY, None, Box(0.75, 0.9, 0.2, 0.05), 1.0, "all of it lies beyond"),
    ),
)
NOTHING = Alignment(OTHER, None, "the picture has too little texture to be compared", 1.5, too_little=True)
WHOLE = {"x": 0.0, "y": 0.0, "w": 1.0, "h": 1.0}
CHANGE = {"kind": "altered", "region": WHOLE, "reference_region": WHOLE, "share": 0.1, "reason": "replaced"}
ASKED = [(ONE, 1.5), (OTHER, 1.5)]

shares = st.floats(0, 1)
alignments = st.builds(
    Alignment,
    reference=st.just(ONE),
    kind=st.sampled_from([None, *MatchKind]),
    reason=st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=40).filter(str.isprintable),
    at=st.just(1.5),
    matrix=st.none() | st.tuples(*[st.floats(-1e6, 1e6)] * 9),
    region=st.none() | st.builds(Box, x=st.just(0.0), y=st.just(0.0), w=shares, h=shares),
    transform=st.just("mirrored"),
    overlap=shares,
    inliers=st.integers(0, 800),
    residual=st.floats(0, 100),
    agreement=shares,
    too_little=st.booleans(),
)


def answer(**fields: Any) -> bytes:
    document = json.loads(alignments_line([FULL], None))
    document["alignments"][0].update(fields)
    return json.dumps(document).encode()


@pytest.mark.parametrize("failure", [None, Failure("truncated", "cut off", "here")])
def test_alignments_there_and_back(failure: Failure | None) -> None:
    line = alignments_line([FULL, NOTHING], failure)
    assert line.count(b"\n") == 1
    assert read_alignments(line, ASKED) == ((FULL, NOTHING), failure)


@given(alignments)
def test_any_alignment_there_and_back(alignment: Alignment) -> None:
    assert read_alignments(alignments_line([alignment], None), [(ONE, 1.5)]) == ((alignment,), None)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_not_even_sent(number: float) -> None:
    with pytest.raises(ValueError):
        alignments_line([Alignment(ONE, MatchKind.COPY, "", agreement=number)], None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reference", OTHER),
        ("reference", None),
        ("at", None),
        ("at", -1.5),
        ("at", "1.5"),
        ("kind", "perfect_copy"),
        ("kind", ""),
        ("kind", 1),
        ("reason", None),
        ("reason", "x" * 501),
        ("reason", "two\nlines"),
        ("transform", "\x1b[2J"),
        ("matrix", [1.0] * 8),
        ("matrix", [1.0] * 8 + ["1"]),
        ("matrix", [1.0] * 8 + [math.nan]),
        ("matrix", [1.0] * 8 + [1e300]),
        ("matrix", 1.0),
        ("region", {"x": 0.5, "y": 0.0, "w": 0.6, "h": 1.0}),
        ("region", {"x": -0.1, "y": 0.0, "w": 0.6, "h": 1.0}),
        ("region", {"x": 0.0, "y": 0.0, "w": 0.6}),
        ("region", [0, 0, 1, 1]),
        ("overlap", 1.01),
        ("overlap", -0.01),
        ("overlap", math.nan),
        ("overlap", True),
        ("agreement", 2),
        ("agreement", math.inf),
        ("agreement", None),
        ("inliers", -1),
        ("inliers", 4.5),
        ("inliers", 10**9),
        ("changes", None),
        ("changes", {}),
        ("changes", [{}] * 201),
        ("changes", [{**CHANGE, "kind": "label_removed"}]),
        ("changes", [{**CHANGE, "region": [0, 0, 1, 1]}]),
        ("changes", [{**CHANGE, "reference_region": None}]),
        ("changes", [{**CHANGE, "share": 1.5}]),
        ("changes", [{**CHANGE, "reason": "two\nlines"}]),
        ("residual", -0.1),
        ("residual", math.inf),
    ],
)
def test_what_a_subverted_worker_may_say_is_refused(field: str, value: Any) -> None:
    assert read_alignments(answer(), [(ONE, 1.5)]) == ((FULL,), None)
    with pytest.raises(ValueError):
        read_alignments(answer(**{field: value}), [(ONE, 1.5)])


def test_rounding_is_no_lie() -> None:
    ((found,), _) = read_alignments(answer(overlap=1.0000001, agreement=-1e-9), [(ONE, 1.5)])
    assert (found.overlap, found.agreement) == (1.0, 0.0)


def test_all_that_was_asked_and_nothing_else() -> None:
    both = alignments_line([FULL, NOTHING], None)
    for asked in ([(ONE, 1.5)], [(ONE, 1.5), (OTHER, None)], [*ASKED, ("ef" * 32, 1.5)]):
        with pytest.raises(ValueError):
            read_alignments(both, asked)
    with pytest.raises(ValueError):
        read_alignments(alignments_line([FULL, FULL], None), ASKED)
    part = alignments_line([FULL], Failure("truncated", "cut off"))
    assert read_alignments(part, ASKED)[0] == (FULL,)


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"\xff", b"null", b"7", b"[" * 100_000, b"1" * 9999])
def test_what_is_no_document_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        read_alignments(line, ASKED)
