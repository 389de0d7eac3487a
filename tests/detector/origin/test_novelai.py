"""NovelAI's texts."""

import json

import pytest

from detector.origin import novelai
from tests.detector.carriers import commented, png, with_exif
from tests.detector.origin.reading import Said, check


def texts(**more: str) -> dict[str, str]:
    return {
        "Title": "NovelAI generated image",
        "Software": "NovelAI",
        "Source": "NovelAI Diffusion V4",
        **more,
    }


def request(kind: str | None) -> str:
    return json.dumps({"steps": 28, "sampler": "k_euler", **({"request_type": kind} if kind else {})})


@pytest.mark.parametrize(
    ("data", "extent"),
    [
        (png(texts(Comment=request("PromptGenerateRequest"))), "whole"),
        (png(texts(Comment=request("Img2ImgRequest"))), "unknown"),
        (png(texts(Comment=request("NativeInfillingRequest"))), "part"),
        (png(texts(Comment=request(None))), "unknown"),
        (png(texts()), "unknown"),
        (png({"Title": "AI generated image"}), "unknown"),
        (with_exif({0x0131: "NovelAI"}), "unknown"),
        (commented(json.dumps(texts(Comment=request("PromptGenerateRequest"))), "WEBP"), "whole"),
    ],
)
def test_each(data: bytes, extent: str) -> None:
    said: Said = ("NovelAI text", extent, 2)
    check(novelai, data, said)


@pytest.mark.parametrize(
    "data",
    [
        png({"Comment": request("PromptGenerateRequest")}),  # unsigned
        png({"Software": "NovelAIsh"}),
        png({"Title": "An AI generated image of a coat"}),
        commented('{"Software": "Other", "Comment": "{}"}'),
        png(),
    ],
)
def test_what_only_looks_so(data: bytes) -> None:
    check(novelai, data)
