"""Matches of a bank that grows: only the difference is matched, and it comes to what matching all again would
give."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from storage.database import make_engine, parse
from storage.errors import StoreError
from storage.records import Fingerprint, Match, MatchKind
from storage.store import Store
from storage.tables.examined import FileRow
from tests.storage.samples import HM, NOW, answer, examination, match, picture, post, sha

pytestmark = pytest.mark.slow  # many stores

OTHER = match("Berta", "other")
LIKELY = replace(match(reference="third"), kind=MatchKind.LIKELY_COPY)
LINK = replace(match("", "earlier"), reference_kind=None)


@pytest.fixture
def three(store: Store) -> Store:
    """Pictures a, b and c, collected; a and b examined."""
    store.save_post(HM, post(media=tuple(picture(name, place) for place, name in enumerate("abc"))))
    for name in "ab":
        store.save_examination(examination(name))
    return store


def judged(store: Store) -> int:
    items = list(store.items_to_judge("j"))
    for item in items:
        store.save_answer(item, "j", answer(), NOW)
    return len(items)


def test_matches_come_in_one_order_however_they_came(three: Store) -> None:
    verified = replace(match("Carla", "v"), agreement=0.97)
    whole = (verified, match(), OTHER, LIKELY, LINK)
    three.save_matches(sha("a"), "m", tuple(reversed(whole)))
    three.save_matches(sha("b"), "m", [LIKELY])
    for one in (OTHER, verified, match()):
        three.matches.add(sha("b"), [one])
    three.copies.link(sha("b"), [LINK])
    assert three.matches.of(sha("a")) == three.matches.of(sha("b")) == whole
    assert three.matches.of(sha("nowhere")) == ()


def test_the_same_matches_in_another_order_are_no_news(three: Store) -> None:
    three.save_matches(sha("a"), "m", [LIKELY, match(), OTHER])
    assert judged(three) == 3
    three.save_matches(sha("a"), "m2", [match(), OTHER, LIKELY])
    assert not three.matches.add(sha("a"), [OTHER])
    assert not three.matches.add(sha("a"), [])
    assert judged(three) == 0


def test_added_matches_replace_their_like_alone(three: Store) -> None:
    three.save_matches(sha("a"), "m", [match(), OTHER, LINK])
    assert judged(three) == 3
    nearer = replace(match(), distance=1)
    assert three.matches.add(sha("a"), [nearer, LIKELY])
    assert three.matches.of(sha("a")) == (nearer, OTHER, LIKELY, LINK)
    assert judged(three) == 1
    assert list(dict(three.files_to_match("m"))) == [sha("b")]  # what was stamped stays stamped


def test_dropped_references_take_their_matches_along(three: Store) -> None:
    same_picture = match("Berta", "ref")
    three.save_matches(sha("a"), "m", [match(), OTHER, replace(LINK, reference=sha("ref"))])
    three.save_matches(sha("b"), "m", [same_picture, LIKELY])
    assert judged(three) == 3
    assert three.matches.pictures(sha("ref")) == sorted([sha("a"), sha("b")])
    assert three.matches.pictures(sha("ref"), "Berta") == [sha("b")]
    assert three.matches.pictures(sha("third"), kinds=[MatchKind.LIKELY_COPY]) == [sha("b")]
    assert three.matches.pictures(sha("third"), kinds=[MatchKind.COPY]) == []
    assert three.matches.drop([sha("ref")], "Anna") == 1
    assert three.matches.of(sha("a")) == (OTHER, replace(LINK, reference=sha("ref")))
    assert judged(three) == 1
    assert three.matches.drop([sha("ref"), sha("other"), sha("nowhere")]) == 2
    assert three.matches.of(sha("a")) == (replace(LINK, reference=sha("ref")),)
    assert three.matches.of(sha("b")) == (LIKELY,)
    assert judged(three) == 2
    assert three.matches.drop([sha("ref"), sha("other")]) == 0
    assert three.matches.drop([]) == 0


def test_links_stay_where_matching_says_nothing_of_them(three: Store) -> None:
    three.save_matches(sha("a"), "m1", [match(), LINK])
    three.save_matches(sha("a"), "m2", [OTHER])
    assert three.matches.of(sha("a")) == (OTHER, LINK)
    newer = replace(LINK, reference=sha("first"))
    three.save_matches(sha("a"), "m3", [newer])
    assert three.matches.of(sha("a")) == three.copies.of(sha("a")) == (newer,)
    three.copies.link(sha("a"), [])
    assert three.matches.of(sha("a")) == ()


def test_files_are_counted_by_their_stamp(three: Store) -> None:
    assert three.matches.stamps() == {"": 2}  # c was not examined
    three.save_matches(sha("a"), "m1", [])
    assert three.matches.stamps() == {"m1": 1, "": 1}
    three.save_matches(sha("b"), "m1", [])
    assert three.matches.stamps() == {"m1": 2}
    prints = examination().fingerprints
    assert dict(three.matches.stamped("m1")) == {sha("a"): prints, sha("b"): prints}
    assert list(three.matches.stamped("m2")) == []


@pytest.mark.parametrize("stamps", ["ab-", "aab", "abb", "aba", "aaa", "---"])
def test_restamped_files_carry_the_new_stamp_and_nothing_else_does(three: Store, stamps: str) -> None:
    """Pictures a, b and c under the stamp a or b, or under none; a becomes b."""
    three.save_examination(examination("c"))
    files = dict(zip("abc", stamps, strict=True))
    for name, stamp in files.items():
        if stamp != "-":
            three.save_matches(sha(name), stamp, [])
    three.bank.remember("b", {"reference y": "1"})
    assert three.matches.restamp("a", "a") == 0
    assert three.matches.restamp("a", "b") == stamps.count("a")
    assert three.matches.restamp("a", "b") == 0
    stale = {sha(name) for name, stamp in files.items() if stamp == "-"}
    assert set(dict(three.files_to_match("b"))) == stale
    assert set(dict(three.matches.stamped("b"))) == {sha(name) for name in "abc"} - stale
    assert (three.bank.members("a"), three.bank.members("b")) == (None, {"reference y": "1"})
    assert three.matches.stamps().get("b", 0) == 3 - len(stale)
    assert len(list(three.files_to_match("a"))) == 3  # as it once was: not what the key now stands for
    three.save_matches(sha("a"), "a", [])
    assert sha("a") not in dict(three.files_to_match("a"))
    assert sha("a") in dict(three.files_to_match("b"))


def test_files_of_a_stamp_that_nobody_knows_are_counted_too(three: Store, database: str) -> None:
    engine = make_engine(parse(database))
    with engine.begin() as connection:
        connection.execute(update(FileRow).where(FileRow.sha256 == sha("a")).values(matched="of old"))
    engine.dispose()
    assert three.matches.stamps() == {"": 1, "unknown:of old": 1}
    assert list(dict(three.matches.stamped("unknown:of old"))) == [sha("a")]
    assert three.bank.members("unknown:of old") is None
    assert {sha256 for sha256, _ in three.files_to_match("m")} == {sha("a"), sha("b")}
    assert three.matches.restamp("unknown:of old", "m") == 1
    assert three.matches.stamps() == {"": 1, "m": 1}


def test_what_was_never_matched_gets_no_stamp(three: Store) -> None:
    for old, new in (("", "m"), ("m", "")):
        with pytest.raises(ValueError, match="never matched"):
            three.matches.restamp(old, new)


def test_stamped_files_are_walked_in_batches(store: Store, small_batches: int) -> None:
    many = 2 * small_batches + 3
    store.save_post(HM, post(media=tuple(picture(sha256=sha(n), position=n) for n in range(many))))
    for number in range(many):
        store.save_examination(examination(number))  # type: ignore[arg-type]
    assert len(list(store.matches.stamped(""))) == many
    assert list(store.matches.stamped("m")) == []


def test_spread_counts_pictures_not_posts_or_copies(three: Store) -> None:
    three.save_examination(examination("c"))
    three.save_post(HM, post("again"))  # a once more
    for name in "abc":
        three.save_matches(sha(name), "m", [match(), match("Berta"), replace(LIKELY, reference=sha("ref"))])
    assert three.matches.spread() == {sha("ref"): 3}
    three.copies.link(sha("b"), [replace(LINK, reference=sha("a"))])
    assert three.matches.spread() == {sha("ref"): 2}
    three.save_matches(sha("c"), "m", [replace(LIKELY, reference=sha("ref"))])
    assert three.matches.spread() == {sha("ref"): 1}
    assert three.matches.spread([MatchKind.LIKELY_COPY]) == {sha("ref"): 2}
    assert three.matches.spread([MatchKind.COPY, MatchKind.LIKELY_COPY]) == {sha("ref"): 2}


def test_what_does_not_belong_is_refused(three: Store) -> None:
    with pytest.raises(StoreError) as caught:
        three.matches.add(sha("nowhere"), [match()])
    assert caught.value.kind == "no_file"
    with pytest.raises(ValueError, match=r"copies\.link"):
        three.matches.add(sha("a"), [LINK])
    with pytest.raises(ValueError, match="names no twin"):
        three.copies.link(sha("a"), [match()])


def test_a_whole_change_of_the_bank(three: Store) -> None:
    """As a night does it: a reference went, one came, and nothing else is matched again."""
    for name in "ab":
        three.save_matches(sha(name), "old", [match(), OTHER])
    three.bank.remember("old", {"ref": "1", "other": "1"})
    three.matches.drop([sha("ref")])
    three.matches.add(sha("b"), [match("Berta", "new")])
    three.matches.restamp("old", "new")
    assert list(three.files_to_match("new")) == []
    assert three.matches.of(sha("a")) == (OTHER,)
    assert set(three.matches.of(sha("b"))) == {OTHER, match("Berta", "new")}


def test_new_fingerprints_are_matched_whatever_the_bank(three: Store) -> None:
    three.save_matches(sha("a"), "m", [])
    changed: tuple[Fingerprint, ...] = (Fingerprint("pdq", b"\x03" * 32, 90),)
    three.save_examination(examination("a", fingerprints=changed))
    assert three.matches.stamps() == {"": 2}
    assert dict(three.matches.stamped(""))[sha("a")] == changed


def test_a_match_names_its_kind_of_reference(three: Store) -> None:
    bare: Match = replace(match(), reference_kind=None)
    three.save_matches(sha("a"), "m", [bare])
    assert three.matches.of(sha("a")) == (bare,)
