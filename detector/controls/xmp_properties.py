"""Properties in XMP that say AI, beside digital source types: a JPEG that is nothing but that."""

from detector.origin import ai_properties, google_ai

NAME = "properties in XMP"

SAYING = {
    ai_properties: 'Iptc4xmpExt:AISystemUsed="a system"',
    google_ai: 'photoshop:Credit="Made with Google AI"',
}
SILENT = 'photoshop:Credit="A photographer"'
READS = tuple(f"origin:{reader.NAME}" for reader in SAYING)

_SPACE = b"http://ns.adobe.com/xap/1.0/\x00"


def missed() -> str:
    for reader, said in SAYING.items():
        if not any(one.level == 2 for one in reader.read(_jpeg(said), "jpeg")):
            return f"{reader.NAME} does not read its own property"
        if reader.read(_jpeg(SILENT), "jpeg"):
            return f"{reader.NAME} reads a photographer's credit as its own"
    return ""


def _jpeg(said: str) -> bytes:
    packet = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" {said}/></rdf:RDF></x:xmpmeta>"""
    segment = _SPACE + packet.encode()
    return b"\xff\xd8\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + b"\xff\xda"
