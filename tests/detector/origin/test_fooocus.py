"""Fooocus and its kin."""

import json

import pytest

from detector.origin import fooocus
from tests.detector.carriers import commented, png, segment, with_exif
from tests.detector.origin.reading import Said, check

SETTINGS = json.dumps(
    {"base_model": "juggernautXL", "base_model_hash": "aeb7", "prompt": "a duck", "steps": 30}
)
CLAIM: Said = ("Fooocus parameters", "unknown", 2)


@pytest.mark.parametrize(
    "data",
    [
        png({"parameters": SETTINGS}),
        png({"Comment": SETTINGS.replace("base_model", "base_model_name", 1)}),  # Fooocus-MRE
        png({"parameters": '{"software": "RuinedFooocus", "prompt": "x"}'}),
        commented(SETTINGS),
        commented(SETTINGS, "WEBP"),
        with_exif({0x9286: SETTINGS}),  # in the first directory, as it really does
        segment(0xFE, SETTINGS.encode()),
        png({"fooocus_scheme": "a1111"}),
        with_exif({0x0131: "Fooocus v2.5.5"}),
        with_exif({0x927C: "fooocus"}),
    ],
)
def test_every_place(data: bytes) -> None:
    check(fooocus, data, CLAIM)


@pytest.mark.parametrize(
    "data",
    [
        png({"parameters": '{"prompt": "a duck"}'}),
        png({"parameters": '{"base_model": "mannequin 3"}'}),
        png({"fooocus_scheme": "blue"}),
        with_exif({0x0131: "Not Fooocus v2"}),
        with_exif({0x927C: "x" * 100}),
        png(),
    ],
)
def test_what_only_looks_so(data: bytes) -> None:
    check(fooocus, data)
