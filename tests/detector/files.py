"""Picture files that the tests write: a drawing as JPEG, PNG and so on, with the metadata asked for."""

from io import BytesIO
from typing import Any

from PIL import Image

from tests.detector.drawings import Pixels, scene


def encoded(pixels: Pixels, kind: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    out = BytesIO()
    Image.fromarray(pixels).convert(mode).save(out, kind, **options)
    return out.getvalue()


def jpeg(seed: int = 0, size: tuple[int, int] = (320, 400), **options: Any) -> bytes:
    return encoded(scene(*size, seed=seed), "JPEG", **{"quality": 90, **options})


def xmp(value: str, form: str = "attribute") -> bytes:
    """An XMP packet with the property in one of the ways in which it is written."""
    property_name = "Iptc4xmpExt:DigitalSourceType"
    inside = {
        "attribute": f'<rdf:Description rdf:about="" {property_name}="{value}"/>',
        "element": f"<rdf:Description><{property_name}>{value}</{property_name}></rdf:Description>",
        "resource": f'<rdf:Description><{property_name} rdf:resource="{value}"/></rdf:Description>',
        "ingredient": (
            "<rdf:Description><m:Ingredients><rdf:Bag><rdf:li>"
            f'<rdf:Description {property_name}="{value}"/>'
            "</rdf:li></rdf:Bag></m:Ingredients></rdf:Description>"
        ),
        "another property": f'<rdf:Description m:DigitalSourceType="{value}"/>',
    }[form]
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:m="urn:example:m">'
        f"{inside}</rdf:RDF></x:xmpmeta>"
        f'{" " * 200}<?xpacket end="w"?>'
    ).encode()
