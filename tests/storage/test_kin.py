"""What copies say, loaded for judging, and who is judged again when it changes."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from storage.kin import Kin
from storage.records import (
    Account,
    Box,
    Declarer,
    Extent,
    Match,
    MatchKind,
    OriginEvidence,
    PairDecision,
    PairReview,
    Reading,
    ReadingState,
    ReferenceKind,
    Surface,
)
from storage.shelves import kin as shelf
from storage.store import Store
from tests.storage.samples import (
    HM,
    NOW,
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

ZARA = Account("rss", "zara", "Zara")
SAID = reading(ReadingState.PRESENT, quote='"present" and more', declared_by=Declarer.ACCOUNT)
SILENT = reading(ReadingState.ABSENT, reason='nothing is "present"')
SIGNED = OriginEvidence("c2pa", "trainedAlgorithmicMedia", "signed", Extent.WHOLE, 3)


def link(to: str, **changes: object) -> Match:
    plain = replace(match("", to), reference_kind=None, overlap=0.9, agreement=0.97)
    return replace(plain, **changes)  # type: ignore[arg-type]


def publish(store: Store, *names: str, account: Account = HM, said: Reading = SILENT) -> None:
    """A post for each picture, a day after the other, read and examined."""
    for day, name in enumerate(names):
        shown = post(f"p{name}", media=(picture(name),), seen_at=later(day), handle=account.handle)
        store.save_post(account, replace(shown, platform=account.platform))
        store.save_examination(examination(name, evidence=()))
    read(store, dict.fromkeys(names, said))


def read(store: Store, said: dict[str, Reading], stamp: str = "r") -> None:
    for version in list(store.versions_to_read(f"{stamp}-other")):
        (item,) = version.post.media
        for name, found in said.items():
            if item.sha256 == sha(name):
                store.save_readings(version.version_id, stamp, {item.position: (found,)})


def kin(store: Store) -> dict[str, Kin | None]:
    return {item.version.post.post_id.removeprefix("p"): item.kin for item in store.all_items()}


def judge_all(store: Store) -> set[str]:
    """The pictures that were to be judged."""
    judged = set()
    for item in list(store.items_to_judge("j")):
        judged.add(item.version.post.post_id.removeprefix("p"))
        store.save_answer(item, "j", answer(level=0), NOW)
    return judged


def test_a_group_that_says_nothing_is_not_loaded(store: Store) -> None:
    publish(store, "a", "b", "c")
    store.copies.link(sha("b"), [link("a")])
    assert kin(store) == {"a": None, "b": None, "c": None}


def test_what_a_group_says_is_shared_by_its_pictures(store: Store) -> None:
    publish(store, "a", "b", "c", "d")
    store.copies.link(sha("b"), [link("a", agreement=0.91)])
    read(store, {"a": SAID}, "r2")
    store.save_examination(examination("b", evidence=(SIGNED, replace(SIGNED, reader="xmp", level=0))))
    found = kin(store)
    assert found["a"] == found["b"] is not None
    assert (found["c"], found["d"]) == (None, None)
    group = found["a"]
    assert group is not None
    assert group.links == ((sha("b"), link("a", agreement=0.91)),)
    assert group.evidence == {sha("b"): (SIGNED,)}
    told = {one.place.sha256: one for one in group.tellings}
    assert [one.quote for one in told[sha("a")].readings] == [SAID.quote]
    assert told[sha("b")].readings == ()
    place = told[sha("a")].place
    assert (place.account, place.retailer, place.post_url) == ("hm.example", "H&M", "https://bsky.example/pa")
    assert (place.raw_sha256, place.seen_at, place.position) == (sha("raw"), NOW, 0)


def test_the_same_bytes_in_two_posts(store: Store) -> None:
    publish(store, "a", said=SAID)
    store.save_post(
        ZARA, post("again", media=(picture("a"),), platform="rss", handle="zara", seen_at=later(3))
    )
    found = kin(store)
    assert found["again"] is not None
    assert [one.account for one in found["again"].tellings] == [HM]


def test_an_earlier_versions_words_are_kept_and_told_apart(store: Store) -> None:
    publish(store, "a", "b")
    store.copies.link(sha("b"), [link("a")])
    read(store, {"a": SAID}, "r2")
    store.save_post(HM, post("pa", "No more", media=(picture("a"),), seen_at=later(9)))
    read(store, {"a": SAID}, "r3")
    for version in store.versions_to_read("r4"):
        if version.post.text == "No more":
            store.save_readings(version.version_id, "r4", {0: (SILENT,)})
    group = kin(store)["b"]
    assert group is not None
    assert [(one.current, len(one.readings)) for one in group.tellings] == [(False, 1)]


def test_a_label_on_the_picture_itself_is_told_wherever_it_stands(store: Store) -> None:
    publish(store, "a", "b")
    publish(store, "z", account=ZARA)
    store.copies.link(sha("b"), [link("a")])
    judge_all(store)
    mark = Reading(Surface.IMAGE_MARK, ReadingState.PRESENT, "AI", declared_by=Declarer.ACCOUNT)
    store.looks.save(sha("a"), [mark], {Surface.IMAGE_MARK: "s"}, NOW)
    assert judge_all(store) == {"a", "b"}
    group = kin(store)["b"]
    assert group is not None
    assert [(one.place.sha256, one.readings) for one in group.tellings] == [(sha("a"), (mark,))]


def test_pictures_that_are_registered_as_not_ai(store: Store) -> None:
    publish(store, "a", "b")
    store.copies.link(sha("b"), [link("a")])
    read(store, {"a": SAID}, "r2")
    person = replace(match("Vilma", "ref"), reference_kind=ReferenceKind.HUMAN_ORIGINAL)
    store.save_matches(sha("a"), "m", [person, match("Anna", "other")])
    group = kin(store)["b"]
    assert group is not None
    assert group.originals == {sha("a"): (person,)}


def test_the_earliest_of_each_publisher_are_loaded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_SAYINGS", 2)
    publish(store, *"abcde", said=SAID)
    publish(store, *"xyz", account=ZARA, said=SAID)
    for name in "bcdexyz":
        store.copies.link(sha(name), [link("a")])
    group = kin(store)["a"]
    assert group is not None
    told = [(one.account.retailer, one.place.post_id) for one in group.tellings]
    assert sorted(told) == [("H&M", "pa"), ("H&M", "pb"), ("Zara", "px"), ("Zara", "py")]


# --- who is judged again ------------------------------------------------------------------------------------


@pytest.fixture
def pair(store: Store) -> Store:
    """b is a copy of a, c is none; all are judged."""
    publish(store, "a", "b", "c")
    store.copies.link(sha("b"), [link("a")])
    assert judge_all(store) == {"a", "b", "c"}
    return store


def test_a_label_that_is_read_and_one_that_goes(pair: Store) -> None:
    read(pair, {"a": SAID}, "r2")
    assert judge_all(pair) == {"a", "b"}
    read(pair, {"a": replace(SAID, quote="otherwise")}, "r3")
    assert judge_all(pair) == {"a", "b"}
    read(pair, {"a": SILENT}, "r4")
    assert judge_all(pair) == {"a", "b"}
    assert kin(pair)["b"] is None


def test_words_that_do_not_travel_concern_nobody_else(pair: Store) -> None:
    read(pair, {"a": replace(SILENT, state=ReadingState.AMBIGUOUS)}, "r2")
    assert judge_all(pair) == {"a"}


def test_a_credential_that_is_found_and_one_that_goes(pair: Store) -> None:
    pair.save_examination(examination("b", evidence=(SIGNED,)))
    assert judge_all(pair) == {"a", "b"}
    pair.save_examination(examination("b", evidence=(replace(SIGNED, level=2),)))
    assert judge_all(pair) == {"a", "b"}
    pair.save_examination(examination("b", evidence=(replace(SIGNED, level=0),)))
    assert judge_all(pair) == {"a", "b"}
    pair.save_examination(examination("b", evidence=()))
    assert judge_all(pair) == {"b"}


def test_a_link_that_comes_and_one_that_goes(pair: Store) -> None:
    read(pair, {"a": SAID}, "r2")
    judge_all(pair)
    pair.copies.link(sha("c"), [link("b")])
    assert judge_all(pair) == {"c"}  # it brings nothing to the others
    assert kin(pair)["c"] is not None
    pair.copies.link(sha("c"), [])
    assert judge_all(pair) == {"a", "b", "c"}
    assert kin(pair)["c"] is None


def test_a_newcomer_that_says_something_is_told_to_all(pair: Store) -> None:
    read(pair, {"c": SAID}, "r2")
    assert judge_all(pair) == {"c"}
    pair.copies.link(sha("c"), [link("b")])
    assert judge_all(pair) == {"a", "b", "c"}


def test_a_link_measured_anew(pair: Store) -> None:
    read(pair, {"a": SAID}, "r2")
    judge_all(pair)
    pair.copies.link(sha("b"), [link("a", agreement=0.93)])
    assert judge_all(pair) == {"a", "b"}
    pair.copies.link(sha("b"), [link("a", agreement=0.93)])
    assert judge_all(pair) == set()


def test_links_between_pictures_that_say_nothing_concern_nobody(pair: Store) -> None:
    pair.copies.link(sha("c"), [link("b")])
    assert judge_all(pair) == {"c"}


def test_what_a_person_says_of_a_link(pair: Store) -> None:
    read(pair, {"a": SAID}, "r2")
    judge_all(pair)
    pair.pairs.add(PairReview(sha("b"), sha("a"), PairDecision.REJECTED, "ann", NOW))
    assert judge_all(pair) == {"a", "b"}
    assert kin(pair)["b"] is None
    pair.pairs.add(PairReview(sha("b"), sha("a"), PairDecision.UNDO, "ann", NOW))
    assert judge_all(pair) == {"a", "b"}
    assert kin(pair)["b"] is not None


def test_a_picture_that_turns_out_to_be_an_original(pair: Store) -> None:
    read(pair, {"a": SAID}, "r2")
    pair.add_twin(twin(), [reference()])
    judge_all(pair)
    person = replace(match("Anna", "ref"), reference_kind=ReferenceKind.HUMAN_ORIGINAL)
    pair.save_matches(sha("a"), "m", [person])
    assert judge_all(pair) == {"a", "b"}
    pair.pairs.add(PairReview(sha("a"), sha("ref"), PairDecision.REJECTED, "ann", NOW))
    assert judge_all(pair) == {"a", "b"}
    pair.matches.drop([sha("ref")], "Anna")
    assert judge_all(pair) == {"a", "b"}


def test_bytes_that_come_to_a_labelled_post_later(store: Store) -> None:
    publish(store, "b")
    store.save_post(HM, post("pa", media=(failed("a"),)))
    for version in list(store.versions_to_read("r2")):
        said = SAID if version.post.post_id == "pa" else SILENT
        store.save_readings(version.version_id, "r2", {0: (said,)})
    judge_all(store)
    store.save_post(HM, post("pa", media=(picture("a", sha256=sha("b")),)))
    assert judge_all(store) == {"a", "b"}
    assert kin(store)["b"] is not None


@pytest.mark.slow
def test_a_large_group_and_its_small_batches(store: Store, small_batches: int) -> None:
    names = [f"n{number:02}" for number in range(small_batches * 5)]
    publish(store, *names)
    for name in names[1:]:
        store.copies.link(sha(name), [link(names[0])])
    judge_all(store)
    read(store, {names[3]: SAID}, "r2")
    assert judge_all(store) == set(names)
    assert all(one is not None and len(one.tellings) == 1 for one in kin(store).values())


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "b", "a")])
def test_a_collage_joins_nobody(store: Store, order: Sequence[str]) -> None:
    publish(store, *order)
    read(store, {"a": SAID}, "r2")
    half = link("a", region=Box(0, 0, 0.5, 1))
    store.copies.link(sha("b"), [half, replace(half, reference=sha("c"), region=Box(0.5, 0, 0.5, 1))])
    assert {name for name, found in kin(store).items() if found} == {"a"}
    store.copies.link(sha("b"), [replace(half, kind=MatchKind.LIKELY_COPY, region=None)])
    assert {name for name, found in kin(store).items() if found} == {"a"}
