"""One answer with everything that it rests on."""

from detector.answer import answer, judge_stamp
from detector.reading import read_item
from detector.rulebook import built_in
from storage.records import EventKind, Labelling, ReadingState, Surface
from tests.detector.cases import at, case, match, post, readings


def test_a_labelled_twin() -> None:
    published = post("Vilma's digital twin. Image created with AI.")
    read = read_item(published, published.media[0])
    found = answer(case(post=published, readings=read, matches=(match(),), stages={"fingerprint:pdq": "1"}))
    assert found.verdict.labelling is Labelling.LABELLED
    assert found.verdict.level == 4
    assert {evidence.reader for evidence in found.evidence} == {"match", "caption"}
    assert found.versions["fingerprint:pdq"] == "1"
    assert {"readings", "verdict", "rules", "consent", "events"} <= set(found.versions)


def test_an_unlabelled_twin() -> None:
    published = post("New denim.")
    read = read_item(published, published.media[0])
    found = answer(case(post=published, readings=read, matches=(match(),)))
    assert found.verdict.labelling is Labelling.UNLABELLED_WHERE_SEEN
    assert any("text on the picture: not looked at" in reason for reason in found.verdict.reasons)


def test_a_label_that_went_is_an_event() -> None:
    history = (
        (at("2026-09-01"), readings({Surface.CAPTION: ReadingState.PRESENT})),
        (at("2026-09-02"), readings()),
    )
    assert [event.kind for event in answer(case(history=history)).events] == [EventKind.LABEL_REMOVED]


def test_the_stamp_follows_the_registry() -> None:
    assert judge_stamp("a", built_in()) == judge_stamp("a", built_in()) != judge_stamp("b", built_in())
