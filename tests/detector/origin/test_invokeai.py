"""InvokeAI, from its first command line to now."""

import json

import pytest

from detector.origin import invokeai
from tests.detector.carriers import png
from tests.detector.origin.reading import Said, check


def metadata(mode: str | None) -> bytes:
    content = {"generation_mode": mode, "positive_prompt": "oil painting", "model": {"name": "sdxl"}}
    return png({"invokeai_metadata": json.dumps(content)})


def old(kind: str) -> bytes:
    content = {"model": "stable diffusion", "model_weights": "deliberate", "image": {"type": kind, "seed": 3}}
    return png({"sd-metadata": json.dumps(content), "Dream": '"a woman" -s 30 -S 1'})


def graph(*kinds: str) -> bytes:
    return png({"invokeai_graph": json.dumps({"nodes": {kind: {"type": kind} for kind in kinds}})})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (metadata("txt2img"), ("InvokeAI metadata", "whole", 2)),
        (metadata("sdxl_txt2img"), ("InvokeAI metadata", "whole", 2)),
        (metadata("flux_inpaint"), ("InvokeAI metadata", "part", 2)),
        (metadata("sd3_outpaint"), ("InvokeAI metadata", "part", 2)),
        (metadata("img2img"), ("InvokeAI metadata", "unknown", 2)),
        (metadata(None), ("InvokeAI metadata", "unknown", 2)),
        (old("txt2img"), ("InvokeAI metadata", "whole", 2)),
        (old("inpaint"), ("InvokeAI metadata", "part", 2)),
        (graph("denoise_latents", "l2i"), ("InvokeAI graph", "unknown", 2)),
        (graph("esrgan", "image"), ("ignored: the graph generates nothing", "unknown", 0)),
        (png({"Dream": '"a woman, 4k" -s 50 -S 187 -W 512 -A k_lms'}), ("InvokeAI command", "whole", 2)),
        (png({"Dream": '"a woman" -S187 -I in.png -f 0.7'}), ("InvokeAI command", "unknown", 2)),
        (png({"Dream": '"a woman" -S 187 -I in.png -M mask.png'}), ("InvokeAI command", "part", 2)),
    ],
)
def test_each(data: bytes, said: Said) -> None:
    check(invokeai, data, said)


@pytest.mark.parametrize(
    "data",
    [
        png({"Dream": "I had one"}),
        png({"invokeai_metadata": "{}"}),
        png({"invokeai_graph": '{"nodes": {}}'}),
        png({"Comment": '"a woman" -S 187'}),
    ],
)
def test_what_only_looks_so(data: bytes) -> None:
    check(invokeai, data)


def test_broken_metadata_is_unreadable() -> None:
    data = png({"invokeai_metadata": '{"generation_mode": "txt2img"'})
    check(invokeai, data, ("unreadable: the JSON in its PNG text invokeai_metadata", "unknown", 0))
