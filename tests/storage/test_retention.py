"""What goes after its term, and a table of what keeps it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.keeping import Contest, Export, Hold, Kept
from storage.notices import Notice, NoticeState
from storage.records import Failure, MatchKind, PairDecision, PairReview, Review, ReviewDecision
from storage.store import Store
from tests.storage.samples import (
    HM,
    NOW,
    answer,
    capture,
    examination,
    later,
    match,
    picture,
    post,
    reference,
    sha,
    twin,
)

pytestmark = pytest.mark.slow  # many stores

LATE = NOW + timedelta(days=100)
LINK = replace(match("", "a"), reference_kind=None, agreement=0.99, overlap=1.0)


def publish(store: Store, name: str, *, day: int = 0, of: str = "") -> None:
    """A post with this picture; looked at, matched with nothing, and judged."""
    shown = picture(of or name)
    store.save_post(HM, post(f"p-{name}", media=(shown,), revision=name, seen_at=later(day)))
    store.save_examination(examination(of or name, evidence=()))
    store.save_matches(shown.sha256, "stamp", ())
    judge(store)


def judge(store: Store, *, level: int = 0, of: str = "") -> None:
    """All pictures say nothing but this one."""
    for item in store.all_items():
        mine = item.version.post.media[item.position].sha256 == sha(of)
        store.save_answer(item, "judged", answer(level if mine else 0), NOW)


@pytest.fixture
def shown(store: Store) -> Store:
    store.add_twin(twin(), [reference()])
    publish(store, "a")
    return store


def old(store: Store, kept: Kept = Kept.UNMATCHED_PICTURES) -> list[str]:
    """Those that would go."""
    return [one.key for one in store.retention.batch(kept, LATE) if not one.stays]


def test_what_nobody_needs_goes(shown: Store) -> None:
    assert old(shown) == old(shown, Kept.UNMATCHED_FINGERPRINTS) == [sha("a")]
    assert old(shown, Kept.MATCHED_PICTURES) == []
    assert shown.retention.batch(Kept.UNMATCHED_PICTURES, NOW - timedelta(days=1)) == []


def withdrawn(store: Store) -> None:
    store.add_twin(twin(), [reference(file="a")])
    store.bank.withdraw_references("Anna", NOW, [sha("a")])


def a_copy_is_found(store: Store) -> None:
    publish(store, "b", day=1)
    store.copies.link(sha("b"), [LINK])
    judge(store, level=3, of="b")


def matched(store: Store) -> None:
    store.save_matches(sha("a"), "stamp", [match()])
    judge(store)


NEEDED: dict[str, Callable[[Store], object]] = {
    "it is registered": lambda store: store.add_twin(twin(), [reference(file="a")]),
    "it was registered": withdrawn,
    "it matches": matched,
    "it has a finding": lambda store: judge(store, level=3, of="a"),
    "a copy of it has a finding": a_copy_is_found,
    "it is fingerprinted anew": lambda store: store.save_examination(examination("a", fingerprints=())),
    "it waits to be judged": lambda store: store.save_matches(sha("a"), "stamp", [match()]),
    "it was seen anew": lambda store: publish(store, "again", day=200, of="a"),
}


@pytest.mark.parametrize("why", NEEDED)
def test_what_somebody_needs_stays(shown: Store, why: str) -> None:
    NEEDED[why](shown)
    assert sha("a") not in old(shown)
    assert sha("a") not in old(shown, Kept.UNMATCHED_FINGERPRINTS)


def test_the_same_scene_is_no_match(shown: Store) -> None:
    shown.save_matches(sha("a"), "stamp", [replace(match(), kind=MatchKind.SAME_SCENE_OR_GARMENT)])
    judge(shown)
    assert old(shown) == [sha("a")]


def only(store: Store) -> int:
    """The number of the only finding."""
    (finding,) = store.findings()
    return finding.id


def decide(store: Store, decision: ReviewDecision) -> None:
    store.add_review(Review(only(store), decision, "ann", NOW))


def waiting(store: Store) -> None:
    store.save_matches(sha("a"), "stamp", [replace(match(), kind=MatchKind.LIKELY_COPY)])
    judge(store, level=3, of="a")


Step = Callable[[Store], object]


def decided(decision: ReviewDecision) -> Step:
    return lambda store: decide(store, decision)


def contested(store: Store) -> None:
    store.contests.add(Contest("Anna", sha("ref"), "bea", NOW, "no"))


def held_twin(store: Store) -> None:
    store.holds.add(Hold(0, "Anna", 0, "case 12", "ann", NOW))


def held_finding(store: Store) -> None:
    store.holds.add(Hold(0, "", only(store), "case 12", "ann", NOW))


def lifted(store: Store) -> None:
    (one,) = store.holds.all()
    store.holds.lift(one.id, "ann", NOW, "settled")


CONFIRMED = decided(ReviewDecision.CONFIRMED)
REVIEW, HELD = "a review that is open", "a legal hold"
STAYING: dict[str, tuple[tuple[Step, ...], str]] = {
    "nobody decided": ((), REVIEW),
    "to be looked at again": ((decided(ReviewDecision.LOOK_AGAIN),), REVIEW),
    "confirmed": ((CONFIRMED,), ""),
    "rejected": ((decided(ReviewDecision.REJECTED),), ""),
    "settled": ((decided(ReviewDecision.SETTLED),), ""),
    "a pair that waits": ((waiting, CONFIRMED), REVIEW),
    "contested": ((CONFIRMED, contested), REVIEW),
    "a held finding": ((CONFIRMED, held_finding), HELD),
    "a held twin": ((CONFIRMED, held_twin), HELD),
    "a hold that was lifted": ((CONFIRMED, held_twin, lifted), ""),
}


@pytest.mark.parametrize("what", STAYING)
def test_evidence_goes_only_once_a_person_has_decided_and_nobody_holds_it(shown: Store, what: str) -> None:
    shown.save_matches(sha("a"), "stamp", [match()])
    judge(shown, level=3, of="a")
    steps, why = STAYING[what]
    for step in steps:
        step(shown)
    (candidate,) = shown.retention.batch(Kept.MATCHED_PICTURES, LATE)
    assert (candidate.key, candidate.stays) == (sha("a"), why)


def test_bytes_that_went_are_written_down_and_asked_for_by_nobody(shown: Store) -> None:
    shown.retention.remove(Kept.UNMATCHED_PICTURES, {sha("a"): 7}, LATE, "unmatched_pictures: 90 days")
    (removal,) = shown.retention.removals([sha("a")])
    assert (removal.at, removal.size, removal.erased) == (LATE, 7, False)
    assert old(shown) == []
    newer = {"fingerprint:pdq": "2"}
    assert sha("a") not in [one.sha256 for one in shown.files_to_examine(newer)]
    assert shown.count_files_to_examine(newer, {}) == 0
    assert old(shown, Kept.UNMATCHED_FINGERPRINTS) == [sha("a")]
    shown.retention.came_again([sha("a")])
    assert old(shown) == [sha("a")]
    assert sha("a") in [one.sha256 for one in shown.files_to_examine(newer)]
    assert shown.count_files_to_examine(newer, {}) == 1


def test_who_follows_the_fingerprints_hears_that_they_are_gone(shown: Store) -> None:
    (number, _, prints), *_ = shown.stored_fingerprints()
    assert prints
    shown.retention.remove(Kept.UNMATCHED_FINGERPRINTS, {sha("a"): 0}, LATE, "term")
    assert [(sha256, prints) for _, sha256, prints in shown.stored_fingerprints(number)] == [(sha("a"), ())]
    assert old(shown, Kept.UNMATCHED_FINGERPRINTS) == []


def test_answers_of_servers_stay_where_a_finding_rests_on_them(shown: Store) -> None:
    body = capture("body", at=NOW)
    found = post("p-b", media=(picture("b"),), revision="b", raw_sha256=sha("raw"), seen_at=NOW)
    shown.save_post(HM, found, [capture("raw", at=NOW)])
    shown.save_capture(body)
    assert sorted(old(shown, Kept.RAW_RESPONSES)) == sorted([body.sha256, capture("raw").sha256])
    judge(shown, level=3, of="b")
    assert old(shown, Kept.RAW_RESPONSES) == [body.sha256]


def test_old_runs_go_with_their_problems_and_imports_stay(store: Store) -> None:
    for number in range(30):
        store.start_run(f"nightly-{number:02}", later(number))
        store.end_run(f"nightly-{number:02}", later(number), {"kind": "import" if number == 3 else "nightly"})
    store.record_problem("nightly-00", Failure("odd", "odd", "here"))
    batch = store.retention.batch(Kept.RUNS, LATE)
    assert [one.key for one in batch if one.stays] == ["nightly-03"]
    going = {one.key: 0 for one in batch if not one.stays}
    assert len(going) == 9  # the newest twenty stay
    store.retention.remove(Kept.RUNS, going, LATE, "term")
    assert len(store.runs(100)) == 21
    assert store.problems("nightly-00") == []


def test_the_memory_of_an_export_stays_for_a_held_finding(shown: Store) -> None:
    judge(shown, level=3, of="a")
    for findings in ((only(shown),), ()):
        shown.exports.record(Export(NOW, "ann", "findings export", "csv", "/x", sha("x"), 9, findings))
    held_finding(shown)
    first, second = (one.id for one in shown.exports.all())
    batch = shown.retention.batch(Kept.EXPORTS, LATE)
    assert [(one.key, one.stays) for one in batch] == [(str(first), HELD), (str(second), "")]
    shown.retention.remove(Kept.EXPORTS, {str(second): 0}, LATE, "term")
    assert [one.id for one in shown.exports.all()] == [first]


def test_batches_go_on_behind_the_last(shown: Store, small_batches: int) -> None:
    for number in range(9):
        publish(shown, f"more-{number}")
    seen, after = [], ""
    while batch := shown.retention.batch(Kept.UNMATCHED_PICTURES, LATE, after):
        assert len(batch) <= small_batches
        seen += [one.key for one in batch]
        after = seen[-1]
    assert seen == sorted(seen)
    assert len(seen) == 10


def test_a_rejected_pair_waits_for_nobody(shown: Store) -> None:
    waiting(shown)
    decide(shown, ReviewDecision.REJECTED)
    shown.pairs.add(PairReview(sha("a"), sha("ref"), PairDecision.REJECTED, "ann", NOW))
    judge(shown, level=3, of="a")
    (candidate,) = shown.retention.batch(Kept.MATCHED_PICTURES, LATE)
    assert candidate.stays == ""


def notice(message: str, **told: tuple[str, ...]) -> Notice:
    numbers = {name.removeprefix("f"): alarms for name, alarms in told.items()}
    return Notice(message, "newsroom", "nightly-1", "findings", NOW, numbers, {"findings": []})


def test_what_became_of_an_alert_goes_and_what_is_owed_stays(shown: Store) -> None:
    judge(shown, level=3, of="a")
    number = only(shown)
    held = notice("held", **{f"f{number}": ("unlabelled",)})
    shown.notices.owe([notice("owed"), notice("sent"), notice("given up"), notice("young"), held])
    of = {one.message: one.id for one in shown.notices.latest()}
    for message, state, at in (
        ("sent", NoticeState.SENT, NOW),
        ("given up", NoticeState.GIVEN_UP, NOW),
        ("young", NoticeState.SENT, LATE),
        ("held", NoticeState.SENT, NOW),
    ):
        shown.notices.ended(of[message], state, at)
    held_finding(shown)
    batch = shown.retention.batch(Kept.NOTICES, LATE)
    assert [(one.key, one.at, one.stays) for one in batch] == [
        (str(of["sent"]), NOW, ""),
        (str(of["given up"]), NOW, ""),
        (str(of["held"]), NOW, HELD),
    ]
    assert shown.retention.batch(Kept.NOTICES, LATE, str(of["held"])) == []
    going = {one.key: 0 for one in batch if not one.stays}
    shown.retention.remove(Kept.NOTICES, going, LATE, "term")
    assert [one.message for one in shown.notices.latest()] == ["held", "young", "owed"]
