"""Easy Diffusion's settings."""

import pytest

from detector.origin import easy_diffusion
from tests.detector.carriers import commented, png
from tests.detector.origin.reading import check


@pytest.mark.parametrize(
    "data",
    [
        png({"prompt": "a duck", "use_stable_diffusion_model": "sd-v1-4"}),
        png({"Prompt": "a duck", "Stable Diffusion model": "sd-v1-4"}),
        commented('{"prompt": "a duck", "use_stable_diffusion_model": "sd-v1-4"}'),
        commented('{"Prompt": "a duck", "Stable Diffusion model": "sd-v1-4"}', "WEBP"),
    ],
)
def test_each(data: bytes) -> None:
    check(easy_diffusion, data, ("Easy Diffusion settings", "unknown", 2))


@pytest.mark.parametrize(
    "data",
    [
        png({"prompt": "a duck", "seed": "3"}),
        png({"use_stable_diffusion_model": " "}),
        commented('{"prompt": "a duck"}'),
        png({"Comment": "use_stable_diffusion_model"}),
    ],
)
def test_what_only_looks_so(data: bytes) -> None:
    check(easy_diffusion, data)
