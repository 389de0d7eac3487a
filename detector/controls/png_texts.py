"""What generators write into a PNG: a text each, in a file without pixels."""

from detector.origin import (
    a1111,
    comfyui,
    easy_diffusion,
    fooocus,
    invokeai,
    metadata,
    midjourney,
    novelai,
    swarmui,
    tc260,
)

NAME = "texts in a PNG"

SAYING = {
    a1111: ("parameters", "a coat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x640"),
    comfyui: ("prompt", '{"1": {"class_type": "KSampler", "inputs": {}}}'),
    easy_diffusion: ("use_stable_diffusion_model", "sd-v1-4"),
    fooocus: ("parameters", '{"base_model": "a model", "prompt": "a coat"}'),
    invokeai: ("invokeai_metadata", '{"generation_mode": "txt2img", "positive_prompt": "a coat"}'),
    midjourney: ("Description", "a coat --v 6 Job ID: 00000000-0000-4000-8000-000000000000"),
    novelai: ("Software", "NovelAI"),
    swarmui: ("parameters", '{"sui_image_params": {"prompt": "a coat", "model": "a model"}}'),
    tc260: ("AIGC", '{"Label": "1", "ContentProducer": "nobody"}'),
}
SILENT = ("Comment", "A linen coat, photographed in our own studio")
READS = (*(f"origin:{reader.NAME}" for reader in SAYING), f"origin:{metadata.NAME}")


def missed() -> str:
    for reader, (keyword, text) in SAYING.items():
        if not any(one.level == 2 for one in reader.read(_png(keyword, text), "png")):
            return f"{reader.NAME} does not read its own text"
        if reader.read(_png(*SILENT), "png"):
            return f"{reader.NAME} reads a comment as its own"
    if not metadata.read(_png(*SILENT)[:-6], "png") or metadata.read(_png(*SILENT), "png"):
        return "a file that ends early is not told from a whole one"
    return ""


def _png(keyword: str, text: str) -> bytes:
    chunks = ((b"tEXt", keyword.encode() + b"\x00" + text.encode()), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4, "big") + name + body + bytes(4) for name, body in chunks
    )
