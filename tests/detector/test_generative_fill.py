"""A real photograph in which something was filled in by AI: a part of it is said to be AI, never the
model."""

import pytest

from detector.examine import examine
from detector.trust import NO_TRUST, Trust
from detector.trust_file import read_list
from detector.verdict import grounds_of, judge
from storage.kin import Kin, Telling
from storage.passage import Place
from storage.records import (
    ConsentVerdict,
    Extent,
    Labelling,
    Match,
    MatchKind,
    ReadingState,
    Surface,
    Verdict,
)
from tests.detector.cases import ACCOUNT, PICTURE, POSTED, case, readings
from tests.detector.files import jpeg, xmp
from tests.signing import COMPOSITE, STUDIO, fills, identity

PHOTO = jpeg(seed=3, size=(120, 160))
FILLS = {**fills(PHOTO), "in XMP alone": jpeg(seed=3, size=(120, 160), xmp=xmp(COMPOSITE))}
KNOWN = b"".join(identity(name).authority for name in (STUDIO, "Test Camera"))
TRUST = Trust((read_list("all", KNOWN).trust,))
SENTENCE = "All that was found speaks of a part of the picture; nothing says that the model is AI."


def said_of_a_part(verdict: Verdict) -> bool:
    told = [reason for reason in verdict.reasons if reason.startswith(("AI, level", "A part of the picture"))]
    return bool(told) and all(reason.startswith("A part") for reason in told) and SENTENCE in verdict.reasons


@pytest.mark.parametrize("trust", [NO_TRUST, TRUST], ids=["no list", "trusted"])
@pytest.mark.parametrize("name", FILLS)
def test_it_is_a_finding_about_a_part(name: str, trust: Trust) -> None:
    found = case(
        evidence=examine(FILLS[name], ("origin:c2pa", "origin:digital_source_type"), trust=trust).evidence
    )
    verdict = judge(found)
    assert verdict.level == (3 if trust.lists and name != "in XMP alone" else 2)
    assert {one.extent for one in grounds_of(found) if one.level} == {Extent.PART}
    assert said_of_a_part(verdict)
    assert (verdict.twin, verdict.consent) == ("", ConsentVerdict.NOT_A_TWIN)


def test_on_a_copy_it_is_about_a_part_as_well() -> None:
    evidence = examine(FILLS["a composite, created"], ("origin:c2pa",), trust=TRUST).evidence
    place = Place("rss", "agency", "", "7", "https://agency.example/7", 0, "d" * 64, "", POSTED)
    link = Match("d" * 64, MatchKind.COPY, "aligned", 0.02, 0.1, overlap=0.98, agreement=0.98)
    kin = Kin(((PICTURE, link),), {"d" * 64: evidence}, (Telling(place, ACCOUNT),))
    verdict = judge(case(kin=kin))
    assert (verdict.level, verdict.labelling) == (3, Labelling.UNLABELLED)
    assert said_of_a_part(verdict)


def test_a_label_that_speaks_of_a_part_is_enough_for_it() -> None:
    evidence = examine(FILLS["a composite, created"], ("origin:c2pa",), trust=TRUST).evidence
    told = readings({Surface.CAPTION: ReadingState.PRESENT})
    assert judge(case(evidence=evidence, readings=told)).labelling is Labelling.LABELLED
