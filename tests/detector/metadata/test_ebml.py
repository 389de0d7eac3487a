"""WebM's and Matroska's tags."""

import pytest

from tests.detector.carriers import EBML, element, webm
from tests.detector.metadata.walking import troubles, walked


@pytest.mark.parametrize("live", [False, True])
def test_tags(live: bool) -> None:
    data = webm({"PROMPT": "{}", "Comment": "é"}, "Lavf61", live=live)
    assert walked(data).tags == {"prompt": ("{}",), "comment": ("é",), "writingapp": ("Lavf61",)}
    assert troubles(data) == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (webm({"a": "b"})[:-3], "the file is malformed"),
        (EBML + b"\x00\x00", "the file is malformed"),
        (EBML + b"\xec\x01", "the file is malformed"),
        (EBML + element("ec", bytes(9))[:-2], "the file ends early"),
    ],
)
def test_broken_files(data: bytes, why: str) -> None:
    assert why in troubles(data)


def test_a_value_without_a_name_is_nobodys() -> None:
    assert walked(EBML + element("18538067", element("4487", b"x"))).tags == {}
