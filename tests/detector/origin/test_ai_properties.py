"""The IPTC's four properties of 2025: present, empty, of an ingredient, contradicted."""

import pytest

from detector.origin import ai_properties
from tests.detector.carriers import said_in_xmp, with_xmp
from tests.detector.origin.reading import check
from tests.signing import TERMS


@pytest.mark.parametrize("name", ai_properties.PROPERTIES)
def test_each(name: str) -> None:
    check(ai_properties, said_in_xmp(f"Iptc4xmpExt:{name}", "Imagen 4"), (name, "unknown", 2))
    check(ai_properties, with_xmp(f'<rdf:Description Iptc4xmpExt:{name}="x"/>'), (name, "unknown", 2))


def test_a_text_in_several_languages() -> None:
    inside = '<rdf:Alt><rdf:li xml:lang="x-default">a red coat</rdf:li></rdf:Alt>'
    packet = f"<rdf:Description><Iptc4xmpExt:AIPromptInformation>{inside}</Iptc4xmpExt:AIPromptInformation>"
    check(ai_properties, with_xmp(packet + "</rdf:Description>"), ("AIPromptInformation", "unknown", 2))


@pytest.mark.parametrize(
    "data",
    [
        said_in_xmp("Iptc4xmpExt:AISystemUsed", " "),
        said_in_xmp("dc:description", "AISystemUsed: Imagen"),
        said_in_xmp("photoshop:AISystemUsed", "Imagen"),  # another vocabulary
    ],
)
def test_what_only_looks_so(data: bytes) -> None:
    check(ai_properties, data)


@pytest.mark.parametrize("value", ["none", "N/A", "-"])
def test_a_system_that_is_none(value: str) -> None:
    data = said_in_xmp("Iptc4xmpExt:AISystemUsed", value)
    check(ai_properties, data, ("ignored: AISystemUsed names nothing", "unknown", 0))


def test_an_ingredients_is_a_part() -> None:
    inside = '<rdf:Bag><rdf:li Iptc4xmpExt:AISystemUsed="Imagen"/></rdf:Bag>'
    packet = f"<rdf:Description><xmpMM:Ingredients>{inside}</xmpMM:Ingredients></rdf:Description>"
    check(ai_properties, with_xmp(packet), ("AISystemUsed", "part", 2))


def test_a_source_type_that_rules_ai_out_contradicts_it() -> None:
    more = f"<Iptc4xmpExt:DigitalSourceType>{TERMS}digitalCapture</Iptc4xmpExt:DigitalSourceType>"
    data = said_in_xmp("Iptc4xmpExt:AISystemUsed", "Imagen", more=more)
    check(ai_properties, data, ("ignored: contradicted", "unknown", 0))
