"""The four properties that IPTC Photo Metadata 2025.1 has for generated pictures: the prompt, who wrote it,
the system that made the picture of it, and its version (iptc.org/std/photometadata/specification). In the XMP
namespace Iptc4xmpExt; IPTC-IIM has none of them.

They do not say how much of the picture is generated: that is DigitalSourceType's to say.
"""

from collections.abc import Iterator

from detector.metadata.carried import Property
from detector.metadata.file import metadata
from detector.metadata.jsons import short
from detector.reader import ignored
from detector.source_types import contradiction
from storage.records import Extent, OriginEvidence

NAME = "ai_properties"
VERSION = "1"

NAMESPACE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
PROPERTIES = ("AISystemUsed", "AISystemVersionUsed", "AIPromptInformation", "AIPromptWriterName")
NO_SYSTEM = frozenset({"none", "no", "n/a", "na", "not applicable", "-", "unknown", "false", "0"})


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    found = metadata(data, format_name)
    said = [one for name in PROPERTIES for one in found.xmp(NAMESPACE + name) if one.value.strip()]
    return tuple(dict.fromkeys(_evidence(said, contradiction(found.properties))))


def _evidence(said: list[Property], against: str) -> Iterator[OriginEvidence]:
    for one in said:
        name = one.name.removeprefix(NAMESPACE)
        detail = f"Iptc4xmpExt:{name} is {short(one.value)}"
        if one.value.strip().lower() in NO_SYSTEM:
            yield ignored(NAME, f"{name} names nothing", detail)
        elif against:
            yield ignored(NAME, "contradicted", f"{detail}; {against}")
        elif one.inside:
            yield OriginEvidence(NAME, name, f"{detail}, of an ingredient ({one.inside})", Extent.PART, 2)
        else:
            yield OriginEvidence(NAME, name, detail, Extent.UNKNOWN, 2)
