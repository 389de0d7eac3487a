"""The label that a licence asks for, beside the consent that it gives."""

from datetime import date

import pytest

from detector.verdict import judge
from storage.consent import Consent
from storage.records import ConsentVerdict, Labelling, ReadingState, Surface
from tests.detector.cases import case, match, post, readings, registry

CAPTION, MARK, ALT = Surface.CAPTION, Surface.IMAGE_MARK, Surface.ALT_TEXT
PRESENT, UNREADABLE = ReadingState.PRESENT, ReadingState.UNREADABLE


def duties(told: dict[Surface, ReadingState], *label: str, **terms: object) -> dict[str, Labelling]:
    """What the duties of licence 3 come to, by their ids."""
    given: dict[str, object] = {"twin": "Vilma", "licensee": "H&M", "id": 3, **terms}
    licence = Consent(**given, label_duty=label)  # type: ignore[arg-type]
    verdict = judge(
        case(matches=(match(),), registry=registry(licence), readings=readings(told), post=post())
    )
    return {one.id: one.verdict for one in verdict.rules if one.id.startswith("licence")}  # type: ignore[misc]


@pytest.mark.parametrize(
    ("told", "label", "expected"),
    [
        ({}, ("required",), {"licence-3": Labelling.UNLABELLED}),
        ({CAPTION: PRESENT}, ("required",), {"licence-3": Labelling.LABELLED}),
        ({ALT: PRESENT}, ("required",), {"licence-3": Labelling.WEAKLY_LABELLED}),
        ({CAPTION: PRESENT}, ("image_mark",), {"licence-3-image-mark": Labelling.UNLABELLED}),
        ({MARK: PRESENT}, ("image_mark",), {"licence-3-image-mark": Labelling.LABELLED}),
        ({MARK: UNREADABLE}, ("image_mark",), {"licence-3-image-mark": Labelling.UNLABELLED_WHERE_SEEN}),
        (
            {CAPTION: PRESENT},
            ("caption", "image_mark"),
            {"licence-3-caption": Labelling.LABELLED, "licence-3-image-mark": Labelling.UNLABELLED},
        ),
        ({ALT: PRESENT}, ("alt_text",), {"licence-3-alt-text": Labelling.LABELLED}),  # it asked for just that
        ({}, (), {}),
    ],
)
def test_each_surface_that_it_names_is_a_duty(
    told: dict[Surface, ReadingState], label: tuple[str, ...], expected: dict[str, Labelling]
) -> None:
    assert duties(told, *label) == expected


@pytest.mark.parametrize(
    "terms",
    [{"licensee": "Zara"}, {"channels": ("tiktok",)}, {"valid_until": date(2020, 1, 1)}],
    ids=["another's", "another channel", "over"],
)
def test_a_licence_that_it_is_not_within_asks_for_nothing(terms: dict[str, object]) -> None:
    assert duties({}, "required", **terms) == {}


def test_it_is_quoted() -> None:
    licence = Consent("Vilma", "H&M", id=3, label_duty=("image_mark",), clause="§ 4", document="vilma.pdf")
    verdict = judge(case(matches=(match(),), registry=registry(licence), readings=readings()))
    (rule,) = [one for one in verdict.rules if one.id == "licence-3-image-mark"]
    assert verdict.consent is ConsentVerdict.IN_SCOPE
    assert rule.sentence == ("The licence of Vilma to H&M asks for a label as mark on the picture: “§ 4”.")
    assert rule.source == "vilma.pdf"
