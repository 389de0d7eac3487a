"""What detection asks for and writes: only what is stale is asked for, and a change clears what rests on
it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from storage.boxes import Box
from storage.changes import Change as Done
from storage.changes import ChangeKind
from storage.errors import StoreError
from storage.records import (
    Extent,
    Failure,
    Fingerprint,
    MediaItem,
    OriginEvidence,
    Reading,
    ReadingState,
    Saved,
)
from storage.store import FileToExamine, ItemToJudge, Store
from tests.storage.samples import (
    FAILED,
    HM,
    NOW,
    STAGES,
    answer,
    examination,
    failed,
    later,
    match,
    picture,
    post,
    reading,
    reference,
    sha,
    twin,
)

pytestmark = pytest.mark.slow  # many stores


def judge_all(store: Store, stamp: str = "j1") -> int:
    judged = 0
    for item in store.items_to_judge(stamp):
        store.save_answer(item, stamp, answer(), NOW)
        judged += 1
    return judged


def test_each_stage_runs_at_its_own_version(store: Store) -> None:
    store.save_post(HM, post())
    store.add_twin(twin(), [reference()])
    assert {file.sha256 for file in store.files_to_examine(STAGES)} == {sha("a"), sha("ref")}
    store.save_examination(examination("a"))
    store.save_examination(examination("ref"))
    assert store.count_files_to_examine(STAGES) == 0
    newer = {**STAGES, "origin:c2pa": "2", "origin:xmp": "1"}
    assert store.count_files_to_examine(newer) == 2
    found = {file.sha256: file for file in store.files_to_examine(newer)}
    assert found[sha("a")] == FileToExamine(sha("a"), ("origin:c2pa", "origin:xmp"))
    only_one = {"origin:c2pa": "1"}  # a part of what ran is nothing to do
    assert (store.count_files_to_examine(only_one), list(store.files_to_examine(only_one))) == (0, [])


def test_a_stage_replaces_its_own_results_alone(store: Store) -> None:
    store.save_post(HM, post())
    store.save_examination(examination())
    xmp = OriginEvidence("xmp", "trainedAlgorithmicMedia", "", Extent.WHOLE, 2)
    only_xmp: dict[str, Any] = {
        "width": 0,
        "height": 0,
        "fingerprints": (),
        "evidence": (xmp,),
        "stages": {"origin:xmp": "1"},
    }
    store.save_examination(examination(**only_xmp))
    (item,) = store.all_items()
    assert item.evidence == (*examination().evidence, xmp)
    assert list(store.files_to_match("m")) == [(sha("a"), examination().fingerprints)]
    store.save_examination(examination(**{**only_xmp, "evidence": ()}))
    (item,) = store.all_items()
    assert item.evidence == examination().evidence


def test_a_failure_belongs_to_the_stages_that_ran(store: Store) -> None:
    store.save_post(HM, post())
    broken = Failure("truncated", "the file ends early")
    store.save_examination(examination(failure=broken, fingerprints=(), too_little=True))
    other: dict[str, Any] = {"stages": {"origin:xmp": "1"}, "evidence": (), "fingerprints": ()}
    store.save_examination(examination(**other))
    (item,) = store.all_items()
    assert (item.failure, item.too_little) == (broken, True)
    store.save_examination(examination())
    (item,) = store.all_items()
    assert (item.failure, item.too_little) == (None, False)


def test_a_file_that_no_stage_could_look_at_is_asked_for_again(store: Store) -> None:
    store.save_post(HM, post())
    died = Failure("worker_died", "killed")
    store.save_examination(examination(failure=died, fingerprints=(), evidence=(), stages={}))
    assert store.count_files_to_examine(STAGES) == 1
    assert next(store.all_items()).failure == died
    store.save_examination(examination())
    assert next(store.all_items()).failure is None


def test_bytes_that_could_not_be_had_say_why(store: Store) -> None:
    store.save_post(HM, post(media=(failed(),)))
    assert list(store.files_to_examine(STAGES)) == []
    (item,) = store.items_to_judge("j")
    assert (item.failure, item.evidence, item.matches) == (FAILED, (), ())


def test_matching_waits_for_fingerprints_and_follows_them(store: Store) -> None:
    store.save_post(HM, post())
    store.add_twin(twin(), [reference()])
    assert list(store.files_to_match("m1")) == []
    store.save_examination(examination("a"))
    store.save_examination(examination("ref"))
    assert [sha256 for sha256, _ in store.files_to_match("m1")] == [sha("a")]  # a reference is not matched
    store.save_matches(sha("a"), "m1", [match()])
    assert list(store.files_to_match("m1")) == []
    assert [sha256 for sha256, _ in store.files_to_match("m2")] == [sha("a")]
    store.save_examination(examination("a", fingerprints=(Fingerprint("pdq", b"\x02" * 32, 90),)))
    assert [sha256 for sha256, _ in store.files_to_match("m1")] == [sha("a")]


def test_what_was_done_to_a_reference_is_kept_with_its_match(store: Store) -> None:
    store.save_post(HM, post())
    store.save_examination(examination())
    where = Box(0.25, 0.5, 0.5, 0.25)
    done = (
        Done(ChangeKind.ALTERED, where, Box(0, 0, 1, 0.5), 0.125, "12 % was replaced"),
        Done(ChangeKind.MARK_CROPPED_AWAY, None, where, 1.0, "all of it"),
    )
    changed = replace(match(), changes=done)
    store.save_matches(sha("a"), "m1", [changed])
    assert store.matches.of(sha("a")) == (changed,)
    store.save_matches(sha("a"), "m2", [match()])
    assert store.matches.of(sha("a")) == (match(),)


def test_a_registered_picture_that_is_then_published_is_matched(store: Store) -> None:
    store.add_twin(twin(), [reference(file="a")])
    store.save_examination(examination("a"))
    assert list(store.files_to_match("m")) == []
    store.save_post(HM, post())
    assert [sha256 for sha256, _ in store.files_to_match("m")] == [sha("a")]
    assert store.bank_entries() == [(reference(file="a"), examination("a").fingerprints)]


def test_readings_belong_to_a_version_and_make_the_history(store: Store) -> None:
    store.save_post(HM, post())
    store.save_post(HM, post(text="made with AI", seen_at=later(2)))
    old, new = sorted(store.versions_to_read("r1"), key=lambda one: one.number)
    store.save_readings(old.version_id, "r1", {0: [reading()]})
    store.save_readings(new.version_id, "r1", {0: [reading(ReadingState.PRESENT, quote="made with AI")]})
    assert list(store.versions_to_read("r1")) == []
    assert len(list(store.versions_to_read("r2"))) == 2
    (item,) = store.items_to_judge("j")
    assert item.readings == (reading(ReadingState.PRESENT, quote="made with AI"),)
    assert item.history == ((NOW, (reading(),)), (later(2), item.readings))
    assert item.version.post.text == "made with AI"


def test_history_follows_the_picture_not_its_place(store: Store) -> None:
    store.save_post(HM, post(media=(picture("a"), picture("b", 1))))
    store.save_post(HM, post(media=(picture("b", 0), picture("c", 1)), seen_at=later(1)))
    for version in store.versions_to_read("r"):
        said = {n: [reading(quote=f"{version.number}/{n}")] for n in (0, 1)}
        store.save_readings(version.version_id, "r", said)

    def quotes(item: ItemToJudge) -> list[str]:
        return [said[0].quote for _, said in item.history]

    assert [quotes(item) for item in store.all_items()] == [["1/1", "2/0"], ["2/1"]]


@pytest.mark.parametrize(
    ("now", "versions"),
    [
        (picture("a"), 2),  # the platform's own id is the same
        (picture("b"), 1),
        (picture("a", native_id=""), 2),  # there is none, and it stands at the same address
        (picture("b", native_id=""), 1),
        (picture("a", 1, native_id=""), 1),
    ],
    ids=["same id", "another", "same address", "another address", "another place"],
)
def test_a_picture_that_was_not_had_is_told_by_what_the_platform_calls_it(
    store: Store, now: MediaItem, versions: int
) -> None:
    """Else what was said of one that nobody saw would be said of the one that took its place."""
    before = failed("a", native_id=now.native_id and "cid-a")
    others = () if now.position == 0 else (picture("z"),)
    store.save_post(HM, post(media=(before,), text="Made with AI"))
    store.save_post(HM, post(media=(*others, now), seen_at=later(1)))
    item = next(one for one in store.all_items() if one.position == now.position)
    assert len(item.history) == versions


Change = Callable[[Store], object]
DIFFERENT = OriginEvidence("c2pa", "none", "", Extent.UNKNOWN, 0)


def _read_again(store: Store) -> None:
    for version in store.versions_to_read("r2"):
        said = [reading(ReadingState.PRESENT)] if version.number == 1 else [reading()]
        store.save_readings(version.version_id, "r2", {0: said})


CLEARING: dict[str, tuple[Change, int]] = {
    "nothing": (lambda store: store.save_post(HM, post(seen_at=later(3), text="B")), 0),
    "a new version": (lambda store: store.save_post(HM, post(seen_at=later(3), text="C")), 1),
    "other evidence": (lambda store: store.save_examination(examination(evidence=(DIFFERENT,))), 1),
    "the same evidence": (lambda store: store.save_examination(examination()), 0),
    "too little": (lambda store: store.save_examination(examination(too_little=True)), 1),
    "another match": (lambda store: store.save_matches(sha("a"), "m2", [match(reference="other")]), 1),
    "the same match": (lambda store: store.save_matches(sha("a"), "m2", [match()]), 0),
    "no match": (lambda store: store.save_matches(sha("a"), "m2", []), 1),
    "an old version's readings": (_read_again, 1),
}


@pytest.mark.parametrize(("change", "expected"), CLEARING.values(), ids=CLEARING.keys())
def test_a_verdict_is_made_again_when_what_it_rests_on_changed(
    store: Store, change: Change, expected: int
) -> None:
    store.save_post(HM, post(text="A"))
    store.save_post(HM, post(text="B", seen_at=later(1)))
    store.save_examination(examination())
    store.save_matches(sha("a"), "m1", [match()])
    for version in store.versions_to_read("r1"):
        store.save_readings(version.version_id, "r1", {0: [reading()]})
    assert judge_all(store) == 1
    assert judge_all(store) == 0
    change(store)
    assert judge_all(store) == expected
    assert judge_all(store, "j2") == 1


def test_a_verdict_on_an_older_state_does_not_stamp_the_newer(store: Store) -> None:
    store.save_post(HM, post())
    store.save_examination(examination())
    (item,) = store.items_to_judge("j")
    store.save_examination(examination(evidence=(DIFFERENT,)))
    store.save_answer(item, "j", answer(), NOW)
    assert [again.evidence for again in store.items_to_judge("j")] == [(DIFFERENT,)]


@pytest.mark.parametrize("order", ["never judged", "one earlier stamp", "many earlier stamps"])
def test_walks_end_though_nothing_is_saved(store: Store, small_batches: int, order: str) -> None:
    many = 2 * small_batches + 3
    for number in range(many):
        media = (picture(f"x{number}", sha256=sha(number)),)
        store.save_post(HM, post(f"p{number}", media=media))
    for place, item in enumerate(store.items_to_judge("first")):
        if order == "one earlier stamp" or (order == "many earlier stamps" and place % 3):
            store.save_answer(
                item, f"earlier {place % 5}" if "many" in order else "first", answer(level=0), NOW
            )
    assert len({item.version.post.post_id for item in store.items_to_judge("second")}) == many
    assert len({item.version.post.post_id for item in store.all_items()}) == many
    assert len(list(store.files_to_examine(STAGES))) == many
    assert len(list(store.versions_to_read("r"))) == many


def test_the_caller_may_write_while_it_walks(store: Store, small_batches: int) -> None:
    many = 2 * small_batches + 3
    for number in range(many):
        store.save_post(HM, post(f"p{number}", media=(picture(f"x{number}", sha256=sha(number)),)))
    examined = 0
    for file in store.files_to_examine(STAGES):
        store.save_examination(replace(examination(), sha256=file.sha256))
        examined += 1
    assert examined == many
    assert judge_all(store) == many
    assert judge_all(store) == 0


def test_what_is_not_there_is_refused(store: Store) -> None:
    refused: list[tuple[str, Callable[[], object]]] = [
        ("no_file", lambda: store.save_examination(examination("never collected"))),
        ("no_file", lambda: store.save_matches(sha("never collected"), "m", [])),
        ("no_version", lambda: store.save_readings(99_999, "r", {})),
    ]
    for kind, attempt in refused:
        with pytest.raises(StoreError) as caught:
            attempt()
        assert caught.value.kind == kind


def test_hostile_readings_and_answers_are_kept(store: Store) -> None:
    store.save_post(HM, post())
    (version,) = store.versions_to_read("r")
    hostile: list[Reading] = [reading(quote="a\x00\ud800b", prominence={"n\x00": "\ud800"})]
    store.save_readings(version.version_id, "r", {0: hostile})
    (item,) = store.items_to_judge("j")
    assert item.readings[0].quote == "a��b"
    finding, saved = store.save_answer(item, "j", answer(readings=tuple(hostile)), NOW)
    assert saved is Saved.NEW
    assert store.answers(finding)[0][1].readings[0].prominence == {"n�": "�"}
