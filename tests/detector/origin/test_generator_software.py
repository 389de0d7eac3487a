"""Names in the field for the program, whole."""

import pytest

from detector.origin import generator_software
from tests.detector.carriers import (
    itunes_mp4,
    mp4,
    png,
    said_in_xmp,
    tagged_mp4,
    webm,
    with_exif,
    with_iim,
)
from tests.detector.origin.reading import check

NAMES = [
    "Adobe Firefly",
    "Adobe Firefly 2.0",
    "Adobe Firefly Image 4 Ultra",
    "Adobe Firefly (Beta)",
    "DALL-E 3",
    "DALL·E",
    "OpenAI",
    "ChatGPT",
    "Midjourney v6.1",
    "Stable Diffusion XL 1.0",
    "ComfyUI",
    "Leonardo.Ai",
    "Luma AI",
    "Google Imagen 4",
]


@pytest.mark.parametrize("name", NAMES)
def test_each_name(name: str) -> None:
    check(generator_software, said_in_xmp("xmp:CreatorTool", name), (f"software: {name}", "unknown", 2))


@pytest.mark.parametrize(
    "data",
    [
        with_exif({0x0131: "Midjourney"}),
        png({"Software": "Midjourney"}),
        png({"Source": "Midjourney"}),
        with_iim({65: b"Midjourney"}),
        itunes_mp4(b"\xa9too", "Midjourney"),
        mp4(b"\x00\x00\x00\x16\xa9swr\x00\x0a\x15\xc7Midjourney"),
        tagged_mp4({"com.apple.quicktime.software": "Midjourney"}),
        webm({"ENCODER": "Midjourney"}),
        webm({}, writer="Midjourney"),
    ],
)
def test_every_place(data: bytes) -> None:
    check(generator_software, data, ("software: Midjourney", "unknown", 2))


@pytest.mark.parametrize(
    "name",
    [
        "Adobe Photoshop 26.0",
        "Imagenomic Portraiture",
        "Gemini",
        "Flux",
        "inspired by Midjourney",
        "Midjourney fan club",
        "Firefly",
        "not DALL-E",
        "Lavf61.7.100",
        "Stable",
        "",
    ],
)
def test_other_names(name: str) -> None:
    check(generator_software, said_in_xmp("xmp:CreatorTool", name))


@pytest.mark.parametrize(
    "data",
    [png({"Comment": "Midjourney"}), with_exif({0x010E: "Midjourney"}), tagged_mp4({"title": "Midjourney"})],
)
def test_other_places(data: bytes) -> None:
    check(generator_software, data)
