"""Google's credit line, whole, in each of its places, and against what DigitalSourceType says."""

import pytest

from detector.origin import google_ai
from tests.detector.carriers import png, said_in_xmp, with_iim, with_xmp
from tests.detector.origin.reading import Said, check
from tests.signing import TERMS

MADE: Said = ("Credit: Made with Google AI", "whole", 2)
EDITED: Said = ("Credit: Edited with Google AI", "part", 2)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (said_in_xmp("photoshop:Credit", "Made with Google AI"), MADE),
        (with_xmp('<rdf:Description photoshop:Credit="Made with Google AI"/>'), MADE),
        (with_iim({80: b"somebody", 110: b"Made with Google AI"}), MADE),
        (png({"Credit": "Made with Google AI"}), MADE),
        (said_in_xmp("photoshop:Credit", "Edited with Google AI"), EDITED),
        (with_iim({110: b"Edited with Google AI"}), EDITED),
        (said_in_xmp("photoshop:Credit", "made by Google AI."), ("Credit: made by Google AI.", "whole", 2)),
    ],
)
def test_every_place(data: bytes, said: Said) -> None:
    check(google_ai, data, said)


@pytest.mark.parametrize(
    "data",
    [
        said_in_xmp("photoshop:Credit", "Photo: Anna, not made with Google AI"),
        said_in_xmp("photoshop:Credit", "Google"),
        said_in_xmp("dc:description", "Made with Google AI"),
        with_iim({120: b"Made with Google AI"}),
        png({"Comment": "Made with Google AI"}),
        with_iim({110: b"Reuters"}),
    ],
)
def test_what_only_looks_so(data: bytes) -> None:
    check(google_ai, data)


@pytest.mark.parametrize("term", ["compositeCapture", "digitalCapture", "humanEdits"])
def test_a_source_type_that_rules_ai_out_contradicts_it(term: str) -> None:
    more = f"<Iptc4xmpExt:DigitalSourceType>{TERMS}{term}</Iptc4xmpExt:DigitalSourceType>"
    data = said_in_xmp("photoshop:Credit", "Edited with Google AI", more=more)
    check(google_ai, data, ("ignored: contradicted", "unknown", 0))


@pytest.mark.parametrize("term", ["compositeWithTrainedAlgorithmicMedia", "composite", "digitalArt"])
def test_one_that_does_not_rule_it_out_does_not(term: str) -> None:
    more = f"<Iptc4xmpExt:DigitalSourceType>{TERMS}{term}</Iptc4xmpExt:DigitalSourceType>"
    check(google_ai, said_in_xmp("photoshop:Credit", "Edited with Google AI", more=more), EDITED)
