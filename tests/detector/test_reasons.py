"""What a file says in vain is told beside what it says: a claim that was tampered with, a credential on
somebody's server, metadata that could not be read."""

import pytest

from detector.examine import examine
from detector.reader import ignored, unreadable
from detector.reasons import MOST_IN_VAIN
from detector.verdict import judge
from storage.records import Labelling, OriginEvidence
from tests.detector.carriers import with_xmp
from tests.detector.cases import case, evidence, match
from tests.detector.files import jpeg
from tests.signing import signed_jpeg

PLAIN = jpeg(seed=5, size=(120, 160))
NOTHING = "We found nothing that says AI; that is no proof that it is none."
REMOTE = with_xmp(
    '<rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" '
    'dcterms:provenance="http://127.0.0.1:9/a.c2pa"/>'
)


def reasons_of(*found: OriginEvidence) -> tuple[str, ...]:
    return judge(case(evidence=found)).reasons


def flipped(data: bytes) -> bytes:
    """One byte of the picture data is another."""
    return data[:-40] + bytes([data[-40] ^ 1]) + data[-39:]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            flipped(signed_jpeg(PLAIN)),
            "What stands in the file does not count, c2pa: tampered (the file is not as it was signed: "
            "assertion.dataHash.mismatch).",
        ),
        (signed_jpeg(PLAIN)[:-8000], "Could not be looked at in the file, metadata: the file ends early"),
        (REMOTE, "Could not be looked at in the file, c2pa: remote manifest (Remote"),
        (
            with_xmp('photoshop:Credit="Made with Google AI"/> <!DOCTYPE x>'),
            "Could not be looked at in the file, metadata: the XMP is",
        ),
    ],
    ids=["tampered", "cut", "remote", "malformed"],
)
def test_what_could_not_count_or_be_read_is_said_before_nothing_was_found(data: bytes, told: str) -> None:
    verdict = judge(case(evidence=examine(data, ("origin:c2pa", "origin:metadata")).evidence))
    assert verdict.labelling is Labelling.NO_AI_EVIDENCE
    assert any(reason.startswith(told) for reason in verdict.reasons), verdict.reasons
    assert verdict.reasons[-1] == NOTHING


def test_it_stands_behind_what_says_ai() -> None:
    tampered = ignored("c2pa", "tampered", "the file is not as it was signed: x.mismatch")
    verdict = judge(case(evidence=(tampered,), matches=(match(),)))
    assert verdict.labelling is Labelling.UNLABELLED
    assert [reason[:20] for reason in verdict.reasons[:2]] == ["AI, level 3, match: ", "What stands in the f"]


def test_a_reader_without_a_detail() -> None:
    assert "Could not be looked at in the file, digital source type: the reader failed." in reasons_of(
        unreadable("digital_source_type", "the reader failed")
    )


def test_what_says_ai_is_not_said_twice() -> None:
    assert not [one for one in reasons_of(evidence(2)) if "in the file" in one]


def test_a_file_that_says_a_hundred_things_in_vain() -> None:
    many = [unreadable("metadata", f"the container tag {number} is too large") for number in range(100)]
    told = [one for one in reasons_of(*many, *many) if "in the file" in one]
    assert len(told) == MOST_IN_VAIN + 1
    assert told[-1] == "96 more that do not count or could not be looked at stand in the file."
