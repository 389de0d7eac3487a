"""What stands on pictures: asked for where it matters, kept under its reader's stamp, and put in the place of
the readings that say nothing."""

import pytest

from storage.errors import StoreError
from storage.records import Failure, Reading, ReadingState, Surface
from storage.store import ItemToJudge, Store
from tests.storage.samples import HM, NOW, answer, examination, failed, later, picture, post, reading, sha

TEXT, MARK = Surface.IMAGE_TEXT, Surface.IMAGE_MARK
STAMPS = {TEXT: "t1", MARK: "m1"}
NOTHING = tuple(Reading(surface, ReadingState.UNREADABLE, reason="not looked at") for surface in (TEXT, MARK))
NEVER = "j-never"


def items(store: Store) -> list[ItemToJudge]:
    return sorted(store.all_items(), key=lambda item: (item.version.post.post_id, item.position))


def weigh(store: Store, *weights: int) -> None:
    """Of each item in turn."""
    store.looks.weigh(list(zip(items(store), weights, strict=True)))


def read(store: Store) -> None:
    for version in store.versions_to_read("r"):
        said = {item.position: (reading(), *NOTHING) for item in version.post.media}
        store.save_readings(version.version_id, "r", said)


def on_picture(surface: Surface, state: ReadingState = ReadingState.ABSENT, **more: str) -> Reading:
    return Reading(surface, state, reader="x/1", **more)  # type: ignore[arg-type]


def judged(store: Store) -> list[str]:
    """Post and position of what is judged now, all of it."""
    found = []
    for item in store.items_to_judge(NEVER):
        store.save_answer(item, NEVER, answer(), NOW)
        found.append(f"{item.version.post.post_id}/{item.position}")
    return sorted(found)


def state(item: ItemToJudge, surface: Surface) -> tuple[str, str]:
    (found,) = (one for one in item.readings if one.surface is surface)
    return found.state.value, found.reason


def test_only_what_matters_is_asked_for_and_each_surface_under_its_own_stamp(store: Store) -> None:
    store.save_post(HM, post(media=(picture("a"), picture("b", 1))))
    assert list(store.looks.waiting(STAMPS)) == []
    weigh(store, 3, 0)
    (file,) = store.looks.waiting(STAMPS)
    assert (file.sha256, file.format, file.weight) == (sha("a"), "jpeg", 3)
    assert (file.surfaces, file.waits, file.cut) == ((TEXT, MARK), False, False)
    store.looks.save(sha("a"), [on_picture(TEXT), on_picture(MARK)], STAMPS, NOW)
    assert list(store.looks.waiting(STAMPS)) == []
    (file,) = store.looks.waiting({**STAMPS, MARK: "m2"})
    assert file.surfaces == (MARK,)
    assert list(store.looks.waiting({TEXT: "t1"})) == []  # the marks' reader cannot look tonight


def test_a_file_weighs_what_its_weightiest_post_does(store: Store) -> None:
    store.save_post(HM, post("p1"))
    store.save_post(HM, post("p2"))
    weigh(store, 1, 4)
    assert [file.weight for file in store.looks.waiting(STAMPS)] == [4]
    weigh(store, 0, 0)
    assert list(store.looks.waiting(STAMPS)) == []


def test_a_retired_version_is_not_asked_for(store: Store) -> None:
    store.save_post(HM, post(media=(picture("a"),)))
    weigh(store, 3)
    store.save_post(HM, post(media=(picture("b"),), seen_at=later(1)))
    assert list(store.looks.waiting(STAMPS)) == []


def test_a_video_known_in_part_is_named_so(store: Store) -> None:
    store.save_post(HM, post())
    store.save_examination(examination(failure=Failure("video_cut", "only as far as 30 s")))
    weigh(store, 1)
    assert [file.cut for file in store.looks.waiting(STAMPS)] == [True]


def test_what_was_seen_takes_the_place_of_what_says_nothing(store: Store) -> None:
    store.save_post(HM, post())
    read(store)
    (before,) = items(store)
    assert before.readings == (reading(), *NOTHING)
    said = on_picture(TEXT, ReadingState.PRESENT, quote="made with AI")
    assert store.looks.save(sha("a"), [said], STAMPS, NOW)
    (item,) = items(store)
    assert item.readings == (reading(), said, NOTHING[1])
    assert item.history == ((NOW, item.readings),)
    assert store.looks.of(sha("a")) == {TEXT: said}


def test_bytes_that_never_came_are_called_so(store: Store) -> None:
    store.save_post(HM, post(media=(failed(),)))
    read(store)
    assert state(items(store)[0], TEXT) == ("unreadable", "there are no bytes of it")


def test_a_look_that_says_something_new_has_its_posts_judged_again(store: Store) -> None:
    store.save_post(HM, post("p1"))
    store.save_post(HM, post("p2", media=(picture("b"), picture("a", 1))))
    judged(store)
    assert judged(store) == []
    store.looks.save(sha("a"), [on_picture(TEXT)], STAMPS, NOW)
    assert judged(store) == ["p1/0", "p2/1"]
    store.looks.save(sha("a"), [on_picture(TEXT)], {TEXT: "t2"}, later(1))
    assert judged(store) == []  # the same answer of another version
    assert not store.looks.save(sha("a"), [on_picture(TEXT)], {TEXT: "t2"}, later(2))
    store.looks.save(sha("a"), [on_picture(TEXT, ReadingState.PRESENT)], STAMPS, later(3))
    assert judged(store) == ["p1/0", "p2/0", "p2/1"]  # its neighbours are told where the label stands


def test_a_verdict_on_an_older_look_does_not_stamp_a_newer_one(store: Store) -> None:
    store.save_post(HM, post())
    (item,) = store.items_to_judge("j")
    store.looks.save(sha("a"), [on_picture(TEXT)], STAMPS, NOW)
    store.save_answer(item, "j", answer(), NOW)
    assert len(list(store.items_to_judge("j"))) == 1


def test_what_is_put_off_is_asked_for_again_and_hides_nothing(store: Store) -> None:
    store.save_post(HM, post(media=(picture("a"), picture("b", 1))))
    read(store)
    weigh(store, 3, 3)
    store.looks.save(sha("a"), [on_picture(TEXT), on_picture(MARK)], STAMPS, NOW)
    newer = dict.fromkeys(STAMPS, "2")
    late = [Reading(surface, ReadingState.UNREADABLE, reason="budget") for surface in STAMPS]
    judged(store)
    store.looks.put_off([(sha("a"), late), (sha("b"), late)], later(1))
    first, second = items(store)
    assert state(first, TEXT)[0] == "absent"  # as it was read before
    assert state(second, TEXT) == ("unreadable", "budget")
    assert judged(store) == ["p1/1"]
    assert {file.sha256: file.waits for file in store.looks.waiting(newer)} == {
        sha("a"): False,
        sha("b"): True,
    }
    store.looks.put_off([(sha("b"), late)], later(2))
    assert judged(store) == []  # nothing new is said
    store.looks.save(sha("b"), [on_picture(TEXT), on_picture(MARK)], newer, later(3))
    assert [file.sha256 for file in store.looks.waiting(newer)] == [sha("a")]


def test_a_carousel_says_which_of_its_pictures_bear_the_label(store: Store) -> None:
    media = tuple(picture(name, place) for place, name in enumerate("abc"))
    store.save_post(HM, post(media=media))
    read(store)
    label = on_picture(TEXT, ReadingState.PRESENT, quote="AI")
    for name in "ac":
        store.looks.save(sha(name), [label, on_picture(MARK)], STAMPS, NOW)
    store.looks.save(sha("b"), [on_picture(TEXT), on_picture(MARK)], STAMPS, NOW)
    told = [
        {one.surface: dict(one.prominence) for one in item.readings if one.surface in STAMPS}
        for item in items(store)
    ]
    assert [one[TEXT] for one in told] == [{"slides": "1, 3", "of_slides": 3}] * 3
    assert [one[MARK] for one in told] == [{}] * 3


def test_one_picture_needs_no_number(store: Store) -> None:
    store.save_post(HM, post())
    read(store)
    store.looks.save(sha("a"), [on_picture(TEXT, ReadingState.PRESENT)], STAMPS, NOW)
    assert dict(items(store)[0].readings[1].prominence) == {}


def test_history_has_the_looks_of_each_versions_picture(store: Store) -> None:
    store.save_post(HM, post())
    store.save_post(HM, post(text="made with AI", seen_at=later(1)))
    read(store)
    store.looks.save(sha("a"), [on_picture(MARK, ReadingState.PRESENT)], STAMPS, NOW)
    (item,) = items(store)
    assert [said[2].state for _, said in item.history] == [ReadingState.PRESENT] * 2


def test_the_cheap_detectors_word_is_kept(store: Store) -> None:
    store.save_post(HM, post())
    judged(store)
    store.save_examination(examination(evidence=(), may_bear_text=False))
    assert (items(store)[0].may_bear_text, judged(store)) == (False, [])
    store.save_examination(examination(evidence=(), may_bear_text=True))
    assert (items(store)[0].may_bear_text, judged(store)) == (True, ["p1/0"])
    store.save_examination(examination(evidence=()))  # other stages alone
    assert items(store)[0].may_bear_text is True


def test_unknown_bytes_are_refused(store: Store) -> None:
    for write in (
        lambda: store.looks.save(sha("x"), [on_picture(TEXT)], STAMPS, NOW),
        lambda: store.looks.put_off([(sha("x"), NOTHING)], NOW),
    ):
        with pytest.raises(StoreError) as caught:
            write()
        assert caught.value.kind == "no_file"
