"""Models' names go, whatever stands between their words; everything else stays as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.dossier import Dossier
from desk.pseudonyms import Veil, veil_of
from storage.records import ReferenceKind, Twin

TWINS = (
    Twin("Twin A", ReferenceKind.DIGITAL_TWIN, model="Jane Doe", agency="One"),
    Twin("Twin A2", ReferenceKind.DIGITAL_TWIN, model="Jane Doe", agency="One"),
    Twin("Twin L", ReferenceKind.DIGITAL_TWIN, model="Li Wei-Han"),
    Twin("Mathilda (H&M)", ReferenceKind.DIGITAL_TWIN, model="Mathilda"),
    Twin("Nobody", ReferenceKind.SYNTHETIC_MODEL, model=""),
    Twin("Short", ReferenceKind.DIGITAL_TWIN, model="X"),
    Twin("Twin C", ReferenceKind.DIGITAL_TWIN, model="李娜"),
    Twin("Twin K", ReferenceKind.DIGITAL_TWIN, model="김 민지"),
)
A, L = "[the model of Twin A]", "[the model of Twin L]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jane Doe wears it", f"{A} wears it"),
        ("JANE DOE", A),
        ("jane_doe_01.png", f"{A}_01.png"),
        ("photos/jane-doe.jpg", f"photos/{A}.jpg"),
        ("#JaneDoe", f"#{A}"),
        ("Doe, Jane", A),
        ("Jane\u00a0Doe's", f"{A}'s"),
        ("li wei han and Jane Doe", f"{L} and {A}"),
        ("Jane Doeson", "Jane Doeson"),
        ("Jane", "Jane"),
        ("Mathilda", "Mathilda"),  # registered under her own name
        ("X", "X"),
        ("李娜", "[the model of Twin C]"),
        ("李娜穿着新款。", "[the model of Twin C]穿着新款。"),
        ("김민지가 입은", "[the model of Twin K]가 입은"),
        ("김_민지.png", "[the model of Twin K].png"),
        ("李先生", "李先生"),
        ("", ""),
    ],
)
def test_a_name_goes(text: str, expected: str) -> None:
    assert Veil(TWINS)(text) == expected


@given(st.text(), st.text())
def test_no_text_keeps_a_name_that_stands_alone(before: str, after: str) -> None:
    assert "Jane Doe" not in Veil(TWINS)(f"{before} Jane Doe {after}")


@given(st.text())
def test_what_names_nobody_stays(text: str) -> None:
    assert Veil(TWINS)(text) == text or any(word in text.casefold() for word in ("doe", "han", "li"))


def test_who_may_know_names_reads_them_and_who_has_a_scope_reads_no_others() -> None:
    text = "Twin A is Jane Doe, Twin L is Li Wei-Han"
    assert veil_of(TWINS, names=True)(text) == text
    own = frozenset({"Twin A", "Twin A2"})
    assert (
        veil_of(TWINS, names=True, scope=own)(text) == "Twin A is Jane Doe, [another twin] is [another model]"
    )
    assert veil_of(TWINS, names=False, scope=own)(text) == f"Twin A is {A}, [another twin] is [another model]"


def test_a_record_is_veiled_however_deep_and_addresses_stay(dossier_with: object) -> None:
    assert callable(dossier_with)
    whole: Dossier = dossier_with(caption="Jane Doe", alt="Doe, Jane")
    veiled = Veil(TWINS).over(whole)
    post = veiled.versions[0].post
    assert (post.text, post.media[0].alt) == (A, A)
    assert (post.url, veiled.finding) == (whole.versions[0].post.url, whole.finding)
    assert Veil().over(whole) is whole
