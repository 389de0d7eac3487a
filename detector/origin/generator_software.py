"""A generator that names itself where a file says which program made it: EXIF Software, PNG text Software or
Source, XMP xmp:CreatorTool, IPTC-IIM originating program, a film's ©too, encoder or writing application.

The whole field has to be that name, with a version at most: a sentence that mentions Midjourney is not
Midjourney. Names that are a word besides (Flux, Gemini, Sora) stand here with their maker only; programs that
mostly edit real pictures (Photoshop, Canva, Luminar) do not. Extent unknown: a name says nothing about it.
"""

import re
from collections.abc import Iterator

from detector.metadata.carried import SOFTWARE, Metadata, Said
from detector.metadata.file import metadata
from detector.metadata.iim import ORIGINATING_PROGRAM
from detector.metadata.jsons import short
from storage.records import Extent, OriginEvidence

NAME = "generator_software"
VERSION = "2"

CREATOR_TOOL = "{http://ns.adobe.com/xap/1.0/}CreatorTool"
# As the makers spell themselves.
NAMES = (
    # "Adobe Firefly Image 4 Ultra", "Adobe Firefly (Beta)": unsigned, so no more than level 2
    r"adobe firefly( image| video| vector| model| services| web| boards| \(?beta\)?| ultra| v?\d[\w.]*)*",
    r"(openai )?dall[-·•]?\s?e",
    r"(openai( sora)?|chatgpt|gpt-image)",
    r"midjourney",
    r"stable ?diffusion( webui| xl)?",
    r"(stability ai|dreamstudio|stablestudio)",
    r"(comfyui|automatic1111|sd\.next|invokeai|draw things|diffusionbee|easy diffusion|(stable)?swarmui)",
    r"(leonardo\.?\s?ai|nightcafe( studio| creator)?|playground ai|recraft( ai)?|krea ai|luma ai|runwayml)",
    r"google (imagen|gemini|veo)",
    r"(bing image creator|imagine with meta ai|meta ai)",
    r"(black forest labs|kling ai|pika labs|hailuo ai|jimeng ai|dreamina|doubao|seedream)",
)
LONGEST = 100  # characters of a name with its version
VERSIONED = re.compile(rf"({'|'.join(NAMES)})([\s/_\-]+v?\d[\w.\-]*)?", re.I)


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    said = (one for one in _programs(metadata(data, format_name)) if len(one.text) <= LONGEST)
    named = (one for one in said if VERSIONED.fullmatch(one.text.strip()))
    return tuple(dict.fromkeys(_claim(one) for one in named))


def _programs(found: Metadata) -> Iterator[Said]:
    yield from found.exif_text(SOFTWARE)
    yield from found.png("Software", "Source")
    yield from (Said("XMP xmp:CreatorTool", one.value) for one in found.xmp(CREATOR_TOOL) if not one.inside)
    yield from found.iim_text(ORIGINATING_PROGRAM, "Originating Program")
    yield from found.tag(
        "©too", "©swr", "software", "encoder", "com.apple.quicktime.software", "writingapp", "isft"
    )


def _claim(said: Said) -> OriginEvidence:
    name = short(said.text.strip(), 80)
    return OriginEvidence(NAME, f"software: {name}", f"{said.where} is {name}", Extent.UNKNOWN, 2)
