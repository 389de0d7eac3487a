"""`twinwatch twins correct`: what was typed wrong is set right; what rests on it is judged again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk.handing import ANYBODY, ever_called
from storage.records import ReferenceKind
from tests.desk.matched_store import opened_here

pytestmark = pytest.mark.slow  # whole commands

Call = Callable[..., Any]
WHY = ("--reason", "typed wrong", "--by", "ann")
AS_HUMAN = ("twins", "correct", "Anna", "--kind", "human_original", *WHY)


def test_an_agency_and_a_model_are_corrected_and_remembered(judged: Call, tmp_path: Path) -> None:
    wanted = ("twins", "correct", "Anna", "--agency", "Agency A", "--model", "Ana Typo", *WHY)
    assert "Nothing was changed" in judged(*wanted, "--dry-run").out
    assert judged("twins", "show", "Anna", "--json").lines[0]["corrections"] == []
    said = judged(*wanted)
    assert said.status == 0, said.err
    assert "agency '' is 'Agency A' now, model '' is 'Ana Typo' now; typed wrong" in said.out
    assert judged("twins", "correct", "Anna", "--model", "Anna Tippfehler", *WHY).status == 0
    (line,) = judged("twins", "show", "Anna", "--json").lines
    assert (line["agency"], line["model"]) == ("Agency A", "Anna Tippfehler")
    assert [(one["before"], one["by"]) for one in line["corrections"]] == [
        ({"agency": "", "model": ""}, "ann"),
        ({"model": "Ana Typo"}, "ann"),
    ]
    shown = judged("twins", "show", "Anna").out
    assert "model Anna Tippfehler, agency Agency A" in shown
    assert "corrected by ann: model 'Ana Typo' is 'Anna Tippfehler' now; typed wrong" in shown
    with opened_here(tmp_path) as store:
        veil = ANYBODY.veil(ever_called(store))
        (line_of_record,) = [one for one in store.audit.latest() if one.what == "corrected"][:1]
    # What was written before the correction holds the name that was typed wrong: it is hidden as well.
    assert "Tippfehler" not in veil("Anna Tippfehler, or Ana Typo")
    assert "Typo" not in veil("Anna Tippfehler, or Ana Typo")
    assert "Anna" not in str(line_of_record)  # the record cannot be erased


def test_another_kind_is_judged_again_at_once(judged: Call, tmp_path: Path) -> None:
    assert judged("findings", "export", "-o", "old.csv").status == 0
    (before,) = judged("findings", "list", "--json").lines
    assert (before["origin"]["level"], before["consent"]) == (3, "no_terms")
    assert "1 finding would be judged again" in judged(*AS_HUMAN, "--dry-run").out
    assert judged("findings", "list", "--json").lines == [before]
    said = judged(*AS_HUMAN)
    assert said.status == 0, said.err
    assert "kind 'digital_twin' is 'human_original' now" in said.out
    assert "old.csv" in said.out
    (after,) = judged("findings", "list", "--json").lines
    assert (after["labelling"], after["consent"]) == ("no_ai_evidence", "not_a_twin")
    assert after["matches"][0]["reference_kind"] == "human_original"
    with opened_here(tmp_path) as store:
        assert {one.kind for one in store.references("Anna")} == {ReferenceKind.HUMAN_ORIGINAL}
    # Back again it is an accusation, and wants a basis.
    refused = judged("twins", "correct", "Anna", "--kind", "digital_twin", *WHY)
    assert (refused.status, "--basis is missing" in refused.err) == (1, True)
    back = judged("twins", "correct", "Anna", "--kind", "digital_twin", "--basis", "contract 8", *WHY)
    assert back.status == 0, back.err
    assert "nobody attests these pictures" in back.err
    (line,) = judged("twins", "show", "Anna", "--json").lines
    assert {one["basis"] for one in line["references"]} == {"contract 8"}
    (again,) = judged("findings", "show", "1", "--json").lines
    assert again["origin"]["level"] == 2  # nobody attests it any more


def test_nothing_of_a_correction_outlives_an_erasure(judged: Call, tmp_path: Path) -> None:
    assert judged("twins", "correct", "Anna", "--model", "Ana Typograf", *WHY).status == 0
    assert judged("twins", "correct", "Anna", "--model", "Anna Rakel", *WHY).status == 0
    note = ("--decision", "confirmed", "--note", "Ana Typograf told us")
    assert judged("findings", "review", "1", *note).status == 0
    gone = judged("twins", "withdraw", "Anna", "--erase", "--reason", "her wish", "--by", "ann", "--yes")
    assert gone.status == 0, gone.err
    files = b"".join(path.read_bytes() for path in tmp_path.glob("twinwatch.db*"))
    assert not [name for name in (b"Typograf", b"Rakel") if name in files]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("Anna", "--agency", "A"), 2, "--reason is missing"),
        (("Anna", *WHY), 2, "say what is to be corrected"),
        (("Anna", "--agency", "A", "--basis", "x", *WHY), 2, "--basis goes with --kind"),
        (("Berta", "--agency", "A", *WHY), 1, "no twin is called Berta"),
        (("Anna", "--kind", "digital_twin", *WHY), 1, "is registered so already"),
        (("Anna", "--model", "A\u202eB", *WHY), 1, "marks that turn the direction of text"),
    ],
)
def test_what_cannot_be_corrected_is_refused(
    judged: Call, arguments: tuple[str, ...], status: int, words: str
) -> None:
    said = judged("twins", "correct", *arguments)
    assert (said.status, words in said.err) == (status, True)
