"""Labelled here, not there: from two posts to a finding that shows the way, through the real store and
jobs."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from desk.contract import finding_json
from desk.dossier import dossier
from desk.exports.html import export
from desk.pictured import Pictured
from desk.printed import print_dossier
from storage.changes import ChangeKind
from storage.records import Finding, Labelling, PairDecision, PairReview, ReferenceKind
from tests.desk.shop import NOW, Shop, beside, cropped, decoded, digest, faked, jpeg, photo
from tests.detector.drawings import Pixels
from tests.signing import COMPOSITE, signed_jpeg

pytestmark = pytest.mark.slow  # many passes over a store

LABEL = "Made with AI."
COAT, GOWN = photo(51), photo(52)
FIRST, AGAIN = jpeg(COAT, 92), jpeg(COAT, 60)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = Shop(tmp_path)
    yield opened
    opened.store.close()


def smaller(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[::2, ::2])


def verdicts(shop: Shop) -> dict[str, tuple[int, Labelling]]:
    return {
        finding.post_id: (finding.answer.verdict.level, finding.answer.verdict.labelling)
        for finding in shop.findings()
    }


def copied(shop: Shop, post: str) -> Finding:
    return next(finding for finding in shop.findings() if finding.post_id == post)


UNSEEN = (4, Labelling.UNLABELLED_WHERE_SEEN)  # text and marks on the picture were not looked at


def test_a_label_there_is_evidence_here(shop: Shop) -> None:
    shop.publish(FIRST, account="ours", text=LABEL, retailer="H&M")
    shop.publish(AGAIN, account="theirs", retailer="h&m")
    shop.publish(jpeg(GOWN), account="ours", retailer="H&M")
    shop.detect()
    assert verdicts(shop) == {"ours/1": (4, Labelling.LABELLED), "theirs/2": UNSEEN}
    line = finding_json(copied(shop, "theirs/2"))
    (evidence,) = line["origin"]["evidence"]  # type: ignore[index]
    via = evidence["via"]
    assert (evidence["reader"], evidence["level"]) == ("caption", 4)
    assert (via["account"], via["post_url"]) == ("ours", "https://shop.example/ours/1")
    assert (via["sha256"], via["same_publisher"]) == (digest(FIRST), True)
    assert {via["captures"][where]["sha256"] for where in ("there", "here")} == {digest(FIRST), digest(AGAIN)}
    (step,) = via["steps"]
    assert {step["picture"], step["reference"]} == {digest(FIRST), digest(AGAIN)}
    assert step["agreement"] > 0.9


def test_the_label_may_come_later_and_go_again(shop: Shop) -> None:
    shop.publish(FIRST, account="ours", retailer="H&M")
    shop.publish(AGAIN, account="theirs", retailer="H&M")
    shop.detect()
    assert verdicts(shop) == {}
    shop.save("ours/1", NOW + timedelta(days=1), FIRST, account="ours", retailer="H&M", text=LABEL)
    shop.detect()
    assert verdicts(shop)["theirs/2"] == UNSEEN
    shop.store.pairs.add(PairReview(digest(AGAIN), digest(FIRST), PairDecision.REJECTED, "ann", NOW))
    shop.detect()
    assert verdicts(shop)["theirs/2"] == (0, Labelling.NO_AI_EVIDENCE)


def test_somebody_elses_label_accuses_nobody(shop: Shop) -> None:
    shop.publish(FIRST, account="fan", text=LABEL)
    shop.publish(AGAIN, account="ours", retailer="H&M")
    shop.detect()
    assert verdicts(shop)["ours/2"] == (2, Labelling.CANNOT_SAY)


def test_a_credential_there_is_evidence_here_whoever_shows_it(shop: Shop) -> None:
    shop.publish(signed_jpeg(FIRST, COMPOSITE), account="agency")
    shop.publish(jpeg(smaller(COAT)), account="ours")
    shop.detect()
    finding = copied(shop, "ours/2")
    assert (finding.answer.verdict.level, finding.answer.verdict.labelling) == (2, Labelling.CANNOT_SAY)
    (evidence,) = finding.answer.evidence
    assert (evidence.reader, evidence.extent.value) == ("c2pa", "part")
    assert "nothing says that the model is AI" in " ".join(finding.answer.verdict.reasons)


def test_what_a_caption_says_of_another_slide_does_not_travel(shop: Shop) -> None:
    shop.publish(FIRST, jpeg(GOWN), account="ours", text="Slide 2 was made with AI.")
    shop.publish(AGAIN, account="ours")
    shop.publish(jpeg(GOWN, 60), account="ours")
    shop.detect()
    assert "ours/2" not in verdicts(shop)
    assert verdicts(shop)["ours/3"] == UNSEEN


def test_a_collage_brings_nothing_and_takes_nothing(shop: Shop) -> None:
    shop.publish(FIRST, account="ours", text=LABEL)
    shop.publish(jpeg(beside(COAT, GOWN)), account="ours")
    shop.publish(jpeg(GOWN), account="ours")
    shop.detect()
    assert set(verdicts(shop)) == {"ours/1"}


def test_a_picture_that_is_registered_as_not_ai_is_left_alone(shop: Shop) -> None:
    shop.register("Vilma", jpeg(COAT, 95), kind=ReferenceKind.HUMAN_ORIGINAL)
    shop.publish(FIRST, account="ours", text=LABEL)
    shop.publish(AGAIN, account="ours")
    shop.detect()
    assert set(verdicts(shop)) == {"ours/1"}


def test_a_copy_that_was_cut_a_little_is_found(shop: Shop) -> None:
    shop.publish(FIRST, account="ours", text=LABEL)
    shop.publish(jpeg(cropped(decoded(FIRST), 0.9), 70), account="ours")
    shop.detect()
    assert verdicts(shop)["ours/2"] == UNSEEN


def test_a_second_pass_changes_nothing(shop: Shop) -> None:
    shop.publish(FIRST, account="ours", text=LABEL)
    shop.publish(AGAIN, account="ours")
    shop.detect()
    again = shop.detect()
    assert (again.new, again.changed) == ((), ())
    shop.publish(jpeg(COAT, 75), account="ours", text=LABEL)
    third = shop.detect()
    assert (len(third.new), third.changed) == (1, ())


def test_the_finding_shows_the_way_and_both_captures(shop: Shop, tmp_path: Path) -> None:
    shop.publish(FIRST, account="ours", text=LABEL, retailer="H&M")
    shop.publish(AGAIN, account="theirs", retailer="H&M")
    shop.detect()
    whole = dossier(shop.store, copied(shop, "theirs/2"))
    with (tmp_path / "said").open("w") as said:
        print_dossier(whole, said)
    words = (tmp_path / "said").read_text()
    page = b"".join(export([whole], shop.store.media, Pictured.WHOLE)).decode()
    assert "a copy, published by H&M" in words
    assert "a copy, published by H&amp;M" in page
    for text in (words, page):
        assert "https://shop.example/ours/1" in text
        assert "the same picture: " in text
        assert digest(FIRST)[:12] in text
        assert digest(AGAIN)[:12] in text
    assert page.count("data:image/jpeg;base64,") == 2
    assert 'href="https://shop.example/ours/1"' in page


def test_a_hostile_label_stays_text(shop: Shop) -> None:
    shop.publish(FIRST, account="ours", text="Made with AI <script>alert(1)</script> & \x1b[31m")
    shop.publish(AGAIN, account="ours")
    shop.detect()
    whole = dossier(shop.store, copied(shop, "ours/2"))
    page = b"".join(export([whole], shop.store.media, Pictured.WHOLE)).decode()
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


@pytest.mark.parametrize("first", ["real", "changed"])
def test_nothing_is_said_of_a_copy_with_another_face(shop: Shop, first: str) -> None:
    """Whoever replaced a part of a real picture, and says so, says nothing of the real one; whichever of the
    two was seen first."""
    changed = jpeg(faked(COAT, GOWN, (38, 42)), 90)
    if first == "real":
        shop.publish(FIRST, account="theirs", retailer="H&M")
    shop.publish(changed, account="ours", text=LABEL, retailer="H&M")
    if first == "changed":
        shop.publish(FIRST, account="theirs", retailer="H&M")
    shop.detect()
    assert list(verdicts(shop).values()) == [(4, Labelling.LABELLED)]
    assert next(iter(verdicts(shop))).startswith("ours/")
    for link in shop.store.copies.of(digest(FIRST)):
        assert [change.kind for change in link.changes] == [ChangeKind.ALTERED]


def test_nothing_is_said_of_a_copy_of_which_much_was_replaced(shop: Shop) -> None:
    """It is not linked at all: somebody else may stand there."""
    changed = faked(COAT, GOWN, (56, 64))
    shop.publish(FIRST, account="theirs", retailer="H&M")
    shop.publish(jpeg(changed, 90), account="ours", text=LABEL, retailer="H&M")
    shop.detect()
    assert verdicts(shop) == {"ours/2": (4, Labelling.LABELLED)}
    assert shop.store.copies.of(digest(jpeg(changed, 90))) == ()
