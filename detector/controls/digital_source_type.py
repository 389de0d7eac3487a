"""An XMP packet that names IPTC's source type of generated pictures, in a JPEG's own segment."""

from detector.origin import digital_source_type as reader

NAME = "a digital source type"
READS = (f"origin:{reader.NAME}",)

_SPACE = b"http://ns.adobe.com/xap/1.0/\x00"
_TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def missed() -> str:
    if not any(one.level == 2 for one in reader.read(_jpeg("trainedAlgorithmicMedia"), "jpeg")):
        return "trainedAlgorithmicMedia is not read"
    if any(one.level for one in reader.read(_jpeg("digitalCapture"), "jpeg")):
        return "digitalCapture is taken for generated"
    return ""


def _jpeg(term: str) -> bytes:
    """As far as its metadata goes; no picture follows."""
    packet = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 Iptc4xmpExt:DigitalSourceType="{_TERMS}{term}"/></rdf:RDF></x:xmpmeta>"""
    segment = _SPACE + packet.encode()
    return b"\xff\xd8\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + b"\xff\xd9"
