"""A link between two collected pictures, from one laid on the other and back."""

import pytest

from desk.jobs.copies import _link
from detector.matching.candidate import Alignment
from storage.changes import Change, ChangeKind
from storage.records import Box, MatchKind

EARLIER = "1" * 64
AS_IT_IS = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
HALF = (2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0)  # the earlier one is the upper left quarter of the later
WHOLE = Box(0.0, 0.0, 1.0, 1.0)
FACE = Change(ChangeKind.ALTERED, WHOLE, Box(0.4, 0.2, 0.2, 0.2), 0.04, "another face")


def laid(kind: MatchKind | None, matrix: tuple[float, ...] = AS_IT_IS, overlap: float = 1.0) -> Alignment:
    return Alignment(EARLIER, kind, "", matrix=matrix, region=WHOLE, overlap=overlap, agreement=0.99)  # type: ignore[arg-type]


COPY, SCENE = laid(MatchKind.COPY), laid(MatchKind.SAME_SCENE_OR_GARMENT)


@pytest.mark.parametrize(
    ("ahead", "back", "mutual"),
    [
        (COPY, COPY, True),
        (COPY, None, True),
        (SCENE, COPY, True),
        (None, laid(MatchKind.COPY, HALF, 0.25), False),  # a small part of it
        (SCENE, laid(MatchKind.COPY, overlap=0.56), False),  # two collages that share one half
    ],
)
def test_who_is_joined(ahead: Alignment | None, back: Alignment | None, mutual: bool) -> None:
    link = _link(EARLIER, ahead, back)
    assert link is not None
    assert link.mutual is mutual


@pytest.mark.parametrize(
    ("ahead", "back"), [(None, None), (SCENE, None), (SCENE, laid(MatchKind.LIKELY_COPY)), (None, laid(None))]
)
def test_less_than_a_copy_is_no_link(ahead: Alignment | None, back: Alignment | None) -> None:
    assert _link(EARLIER, ahead, back) is None


def test_what_either_way_says_was_replaced_is_on_the_link() -> None:
    told = Alignment(EARLIER, MatchKind.LIKELY_COPY, "", matrix=AS_IT_IS, region=WHOLE, changes=(FACE,))
    for link in (_link(EARLIER, COPY, told), _link(EARLIER, told, COPY)):
        assert link is not None
        assert [change.kind for change in link.changes] == [ChangeKind.ALTERED]
        assert not link.mutual
