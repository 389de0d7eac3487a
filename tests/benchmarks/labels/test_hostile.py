"""Files made to hurt: named, cheap, and never taken for a claim."""

import json
import subprocess
import sys

import pytest

from benchmarks.labels import hostile

QUICK = (
    "XMP: a billion laughs",
    "XMP: a hundred thousand elements deep",
    "EXIF: a directory within itself",
    "JSON: half a million brackets",
    "C2PA: in a TIFF whose values overlap",
)
HARMLESS = frozenset(  # large or odd, and yet read in time
    {
        "XMP: one value of eight megabytes",
        "JSON: a million objects",
        "JSON: kinds of node that make a search slow",
        "TIFF: sixty thousand tags",
        "text that makes patterns slow",
    }
)
SECONDS = 2.0 * 2  # the target, and as much again for a machine that is slower than ours
PEAK = 512_000_000


@pytest.mark.parametrize("name", QUICK)
def test_some_in_this_process(name: str) -> None:
    _check(hostile.cost(name), peak=False)


@pytest.mark.slow
@pytest.mark.parametrize("name", hostile.FILES)
def test_each_in_a_process_of_its_own(name: str) -> None:
    command = [sys.executable, "-m", "benchmarks.labels.hostile", name]
    _check(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout), peak=True)


def _check(cost: dict[str, object], *, peak: bool) -> None:
    assert cost["level"] == 0
    assert cost["failure"] == ""
    assert bool(cost["said"]) is (cost["name"] not in HARMLESS)
    assert isinstance(cost["seconds"], float)
    assert cost["seconds"] < SECONDS
    assert not peak or int(str(cost["peak"])) < PEAK
