"""SwarmUI's parameters."""

import json

import pytest

from detector.origin import swarmui
from tests.detector.carriers import commented, png, with_exif
from tests.detector.origin.reading import Said, check


def parameters(**more: object) -> str:
    return json.dumps({"sui_image_params": {"prompt": "x", "model": "sdxl", "seed": 1, **more}}, indent=2)


@pytest.mark.parametrize(
    ("data", "extent"),
    [
        (png({"parameters": parameters()}), "whole"),
        (commented(parameters()), "whole"),
        (commented(parameters(), "WEBP"), "whole"),
        (with_exif({0x0110: parameters()}), "whole"),
        (png({"parameters": parameters(initimagecreativity=0.6)}), "unknown"),
        (png({"parameters": parameters(initimage="x", maskimage="y")}), "part"),
    ],
)
def test_each(data: bytes, extent: str) -> None:
    said: Said = ("SwarmUI parameters", extent, 2)
    check(swarmui, data, said)


@pytest.mark.parametrize(
    "data",
    [
        png({"parameters": '{"sui_image_params": 3}'}),
        png({"Comment": parameters()}),
        commented("sui_image_params"),
    ],
)
def test_what_only_looks_so(data: bytes) -> None:
    check(swarmui, data)
