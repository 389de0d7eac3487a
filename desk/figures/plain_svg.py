"""An SVG of which nothing is kept but what draws: no script, no style, no link, nothing that is loaded."""

from xml.etree import ElementTree as ET

from defusedxml import ElementTree as Safe

from desk.output import clean

SVG = "{http://www.w3.org/2000/svg}"
DRAWING = frozenset({"svg", "g", "path", "rect", "line", "text", "tspan", "defs", "clipPath"})
_ATTRIBUTES = frozenset({"href", "style", "src"})


def plain(drawn: str, title: str, description: str) -> bytes:
    """UTF-8, with a title and a description before all else. Raises ET.ParseError for what is no XML."""
    root = Safe.fromstring(drawn)
    _strip(root)
    for place, (name, text) in enumerate((("title", title), ("desc", description))):
        told = ET.Element(f"{SVG}{name}", {"id": f"chart-{name}"})
        told.text = clean(text)
        root.insert(place, told)
    root.attrib.update({"role": "img", "aria-labelledby": "chart-title", "aria-describedby": "chart-desc"})
    ET.register_namespace("", SVG[1:-1])
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _strip(element: "ET.Element") -> None:
    for name, value in list(element.attrib.items()):
        if _is_more(name.rpartition("}")[2].lower(), value):
            del element.attrib[name]
    for child in list(element):
        if isinstance(child.tag, str) and child.tag.removeprefix(SVG) in DRAWING:
            _strip(child)
        else:
            element.remove(child)


def _is_more(name: str, value: str) -> bool:
    """More than drawing: it runs, loads or describes. A clip is named within the drawing itself."""
    loads = "url(" in value and not value.startswith("url(#")
    return name.startswith(("on", "aria-")) or name in _ATTRIBUTES or loads
