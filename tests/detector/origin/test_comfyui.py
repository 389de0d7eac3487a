"""Graphs of nodes: where they lie, what they say about the extent, and those that generate nothing."""

import json
import struct

import pytest

from detector.origin import comfyui
from tests.detector.carriers import (
    commented,
    itunes_mp4,
    png,
    png_chunk,
    tagged_mp4,
    webm,
    with_exif,
)
from tests.detector.origin.reading import Said, answer, check

WHOLE: Said = ("ComfyUI graph", "whole", 2)
UNKNOWN: Said = ("ComfyUI graph", "unknown", 2)
PART: Said = ("ComfyUI graph", "part", 2)
NOTHING: Said = ("ignored: the graph generates nothing", "unknown", 0)
TEXT_TO_IMAGE = ("CheckpointLoaderSimple", "CLIPTextEncode", "EmptyLatentImage", "KSampler", "SaveImage")


def prompt(*kinds: str) -> str:
    return json.dumps({str(n): {"class_type": kind, "inputs": {}} for n, kind in enumerate(kinds)})


def workflow(*kinds: str, mode: int = 0) -> str:
    return json.dumps({"nodes": [{"id": n, "type": kind, "mode": mode} for n, kind in enumerate(kinds)]})


PROMPT, WORKFLOW = prompt(*TEXT_TO_IMAGE), workflow(*TEXT_TO_IMAGE)
BOTH = json.dumps({"prompt": PROMPT, "workflow": json.loads(WORKFLOW)})


@pytest.mark.parametrize(
    "data",
    [
        png({"prompt": PROMPT, "workflow": WORKFLOW}),
        png({"prompt": PROMPT}),
        png({"workflow": WORKFLOW}, zipped=True),
        png({"workflow": json.dumps(json.loads(WORKFLOW), indent=2)}, wide=True),
        png_chunk(b"comf", b"prompt\x00" + PROMPT.encode()),  # an animated PNG
        with_exif({0x0110: f"prompt:{PROMPT}", 0x010F: f"workflow:{WORKFLOW}"}, kind="WEBP"),
        with_exif({0x010F: f"Prompt: {PROMPT}", 0x010E: f"Workflow: {WORKFLOW}"}, kind="WEBP"),
        with_exif({0x010E: f"workflow:{WORKFLOW}"}, kind="WEBP"),
        commented(BOTH),
        tagged_mp4({"prompt": PROMPT, "workflow": WORKFLOW}),
        tagged_mp4({"comment": BOTH}),
        itunes_mp4(b"\xa9cmt", BOTH),
        webm({"PROMPT": PROMPT, "WORKFLOW": WORKFLOW}),
        webm({"COMMENT": BOTH}, live=True),
    ],
)
def test_every_place(data: bytes) -> None:
    check(comfyui, data, WHOLE)
    assert "KSampler" in answer(comfyui, data)[0].detail


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (TEXT_TO_IMAGE, WHOLE),
        ((*TEXT_TO_IMAGE, "FaceDetailer"), WHOLE),  # of a face that it made itself
        (("LoadImage", "VAEEncode", "KSampler", "SaveImage"), UNKNOWN),
        (("LoadImage", "VAEEncodeForInpaint", "KSampler", "SaveImage"), PART),
        (("LoadImage", "SetLatentNoiseMask", "KSampler"), PART),
        (("LoadImageFromUrl", "InpaintModelConditioning", "KSampler"), PART),
        (("VHS_LoadVideo", "ReActorFaceSwap", "VHS_VideoCombine"), PART),
        (("LoadImage", "OpenAIDalle2", "SaveImage"), UNKNOWN),
        (("FluxProUltraImageNode", "SaveImage"), WHOLE),
        (("LoadImage", "ImageScale", "SaveImage"), NOTHING),
        (("LoadImage", "UpscaleModelLoader", "ImageUpscaleWithModel", "PreviewImage", "Note"), NOTHING),
    ],
)
def test_what_a_graph_says(kinds: tuple[str, ...], said: Said) -> None:
    check(comfyui, png({"prompt": prompt(*kinds)}), said)
    check(comfyui, png({"workflow": workflow(*kinds)}), said)


def test_what_ran_counts_not_what_was_drawn_beside_it() -> None:
    drawn = workflow("LoadImage", *TEXT_TO_IMAGE)
    check(comfyui, png({"workflow": drawn, "prompt": PROMPT}), WHOLE)
    check(comfyui, png({"workflow": workflow("KSampler", mode=4)}))  # bypassed


def test_a_graph_within_a_graph() -> None:
    inner = {"nodes": [{"type": "7f1c", "mode": 0}], "definitions": {"subgraphs": [json.loads(WORKFLOW)]}}
    check(comfyui, png({"workflow": json.dumps(inner)}), WHOLE)


def test_numbers_that_json_has_not() -> None:
    check(comfyui, png({"prompt": PROMPT[:-1] + ', "x": {"is_changed": [NaN]}}'}), WHOLE)


@pytest.mark.parametrize(
    "data",
    [
        png({"prompt": "a duck"}),  # as Easy Diffusion writes it
        png({"prompt": '{"a": 1}'}),
        png({"workflow": '{"nodes": "none"}'}),
        png({"workflow": '["nodes"]'}),
        png({"Comment": PROMPT}),
        with_exif({0x010F: "workflow: sewing"}),
        with_exif({0x0110: PROMPT}),
        tagged_mp4({"title": BOTH}),
        png(),
    ],
)
def test_what_only_looks_so(data: bytes) -> None:
    check(comfyui, data)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (PROMPT[:-9], "is malformed"),
        ('{"nodes": ' + "[" * 100_000, "is nested too deeply"),
        ('{"nodes": "' + "x" * 4_000_000 + '"}', "is too large"),
    ],
)
def test_a_graph_that_cannot_be_read(text: str, why: str) -> None:
    check(
        comfyui, png({"prompt": text}), (f"unreadable: the JSON in its PNG text prompt {why}", "unknown", 0)
    )


def test_one_that_cannot_be_read_does_not_hide_the_other() -> None:
    check(comfyui, png({"prompt": PROMPT[:-9], "workflow": WORKFLOW}), WHOLE)


def test_a_text_at_odds_with_its_chunk() -> None:
    cut = png({"prompt": PROMPT})
    place = cut.index(b"tEXt") - 4
    longer = cut[:place] + struct.pack(">I", len(cut)) + cut[place + 4 :]
    check(comfyui, longer)  # and `metadata` says that the file ends early
