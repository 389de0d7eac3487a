"""The way over links from a picture to a copy of it."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.ways import MOST_LOST, carries, shared, ways_to
from storage.changes import Change, ChangeKind
from storage.records import Box, Match, MatchKind, PairDecision

FACE = Box(0.4, 0.1, 0.2, 0.2)
WHOLE = Match("a", MatchKind.COPY, "aligned", 0.02, 0.1, overlap=1.0, agreement=0.98)


def link(to: str, overlap: float = 1.0, region: Box | None = None, **changes: object) -> Match:
    return replace(WHOLE, reference=to, overlap=overlap, region=region, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, True),
        ({"overlap": 0.61}, True),
        ({"overlap": 0.6}, False),
        ({"region": Box(0, 0, 0.5, 1)}, False),
        ({"region": Box(0, 0, 0.8, 0.8)}, True),
        ({"kind": MatchKind.LIKELY_COPY}, False),
        ({"kind": MatchKind.LIKELY_COPY, "decided": PairDecision.CONFIRMED}, False),
        ({"kind": MatchKind.SAME_SCENE_OR_GARMENT}, False),
        ({"kind": MatchKind.FINGERPRINT_ONLY}, False),
        ({"decided": PairDecision.REJECTED}, False),
        ({"decided": PairDecision.CONFIRMED}, True),
        ({"span": (1.0, 1.0)}, False),
        ({"changes": (Change(ChangeKind.ALTERED, FACE, FACE, 0.04, "a face"),)}, False),
    ],
)
def test_which_links_carry(changes: dict[str, object], *, told: bool) -> None:
    assert carries(replace(WHOLE, **changes)) is told  # type: ignore[arg-type]


def test_a_link_is_gone_either_way_and_said_from_there_to_here() -> None:
    links = [("b", link("a", 0.9)), ("c", link("b", 0.95, transform="mirrored"))]
    (way,) = ways_to(["a"], "c", links).values()
    assert [(step.picture, step.reference) for step in way.steps] == [("b", "a"), ("c", "b")]
    assert way.lost == pytest.approx(0.15)
    (back,) = ways_to(["c"], "a", links).values()
    assert back.steps == way.steps[::-1]
    assert ways_to(["a", "c"], "a", links)["a"].steps == ()


def test_the_way_that_leaves_least_out_is_taken() -> None:
    links = [("c", link("a", 0.7)), ("b", link("a", 0.95)), ("c", link("b", 0.95))]
    way = ways_to(["a"], "c", links)["a"]
    assert [step.reference for step in way.steps] == ["a", "b"]


def test_what_is_left_out_adds_up() -> None:
    """Each shows 70 % of the next: the first and the last may show the two ends of one picture."""
    links = [("b", link("a", 0.7)), ("c", link("b", 0.7))]
    assert set(ways_to(["a", "b"], "c", links)) == {"b"}


def test_nothing_goes_through_what_is_blocked() -> None:
    links = [("b", link("a")), ("c", link("b")), ("d", link("b")), ("d", link("a", 0.8))]
    assert set(ways_to(["a"], "c", links, blocked=["b"])) == set()
    assert len(ways_to(["a"], "d", links, blocked=["b"])["a"].steps) == 1


def test_a_collage_is_no_bridge() -> None:
    half = Box(0, 0, 0.5, 1)
    links = [("collage", link("a", region=half)), ("collage", link("b", region=replace(half, x=0.5)))]
    assert ways_to(["b", "collage"], "a", links) == {}


def test_two_ways_that_leave_equally_much_out() -> None:
    links = [("b", link("a")), ("c", link("a")), ("d", link("b")), ("d", link("c"))]
    assert len(ways_to(["a"], "d", links)["a"].steps) == 2


NAMES = st.sampled_from("abcdef")
LINKS = st.lists(st.tuples(NAMES, NAMES, st.floats(0.4, 1.0)), max_size=14)


@given(LINKS, NAMES)
def test_as_slow_relaxation_says(drawn: list[tuple[str, str, float]], here: str) -> None:
    links = [(one, link(other, overlap)) for one, other, overlap in drawn]
    slow: dict[str, float] = {here: 0.0}
    for _ in range(8):
        for one, match in links:
            for near, far in ((one, match.reference), (match.reference, one)):
                lost = slow.get(near, 9.0) + 1 - shared(match)
                if carries(match) and lost < min(MOST_LOST, slow.get(far, 9.0)):
                    slow[far] = lost
    found: Mapping[str, float] = {name: way.lost for name, way in ways_to("abcdef", here, links).items()}
    assert found == pytest.approx(slow)
