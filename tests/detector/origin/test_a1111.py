"""Generation parameters: in every place where the many programs write them, and not in what only looks so."""

import pytest

from detector.origin import a1111
from tests.detector.carriers import commented, gif, png, png_chunk, with_exif
from tests.detector.origin.reading import Said, answer, check

TEXT = (
    "photo of a duck\nNegative prompt: monochrome\n"
    "Steps: 15, Sampler: UniPC, CFG scale: 5, Seed: 235284042, Size: 512x400, Model: realistic"
)
WHOLE: Said = ("generation parameters", "whole", 2)
UNKNOWN: Said = ("generation parameters", "unknown", 2)
PART: Said = ("generation parameters", "part", 2)


@pytest.mark.parametrize(
    "data",
    [
        png({"parameters": TEXT}),
        png({"parameters": TEXT}, zipped=True),
        png({"parameters": TEXT}, wide=True),
        png_chunk(b"tEXt", b"parameters\x00" + TEXT.encode()),  # after the pixels
        commented(TEXT),
        commented(TEXT, "WEBP"),
        commented(TEXT, "AVIF"),
        commented(TEXT, "PNG"),
        with_exif({}, b"UNICODE\x00" + TEXT.encode("utf-16-le")),
        with_exif({}, b"ASCII\x00\x00\x00" + TEXT.encode()),
        with_exif({}, bytes(8) + TEXT.encode()),
        gif(b"\x21\xfe" + bytes([len(TEXT)]) + TEXT.encode() + b"\x00"),
    ],
)
def test_every_place(data: bytes) -> None:
    check(a1111, data, WHOLE)
    assert "Sampler: UniPC" in answer(a1111, data)[0].detail


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", WHOLE),
        (", Denoising strength: 0.4", UNKNOWN),  # img2img
        (", Denoising strength: 0.4, Hires upscale: 2, Hires upscaler: Latent", WHOLE),
        (", Denoising strength: 0.75, Mask blur: 4, Masked content: original", PART),
        (", Denoising strength: 0.75, Inpaint area: Only masked", PART),
    ],
)
def test_extent(more: str, said: Said) -> None:
    check(a1111, png({"parameters": TEXT + more}), said)


@pytest.mark.parametrize(
    "text",
    [
        "Steps: 20, Sampler: Euler a, CFG scale: 12, Seed: 23026, Size: 512x512, Model hash: 7460a6fa",
        "Steps: 4, Seed: 7, Size: 64x64",
        "hands\nSteps: 20, Sampler: Euler a, CFG scale: 12",
    ],
)
def test_old_and_foreign_writers(text: str) -> None:
    check(a1111, png({"parameters": text}), WHOLE)


@pytest.mark.parametrize(
    "data",
    [
        png({"parameters": "Steps: 3"}),
        png({"parameters": "How to sew a hem. Steps: 3, Size: medium"}),
        png({"parameters": '{"exposure": 3}'}),
        png({"Comment": TEXT}),  # nobody writes it there
        png({"Description": TEXT}),
        commented("Steps to reproduce: open it"),
        commented(""),
        png(),
    ],
)
def test_what_only_looks_so(data: bytes) -> None:
    check(a1111, data)


def test_a_picture_that_was_only_enlarged_is_no_claim() -> None:
    text = "Postprocess upscale by: 4, Postprocess upscaler: R-ESRGAN 4x+"
    check(a1111, png({"postprocessing": text}), ("ignored: only processed afterwards", "unknown", 0))
    check(a1111, png({"postprocessing": text, "parameters": TEXT}), WHOLE)
