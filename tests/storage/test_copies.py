"""Copies among collected pictures: links, and the groups that they join and part."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import StoreError
from storage.records import Match, MatchKind, PairDecision, PairReview
from storage.store import Showing, Store
from tests.storage.samples import HM, NOW, later, match, picture, post, reference, sha, twin

C, R, U = (PairDecision(value) for value in ("confirmed", "rejected", "undo"))


def link(to: object, kind: MatchKind = MatchKind.COPY) -> Match:
    return replace(match("", str(to)), reference_kind=None, kind=kind)


def publish(store: Store, *names: str) -> None:
    """A post for each, a day after the other."""
    for day, name in enumerate(names):
        store.save_post(HM, post(f"p{name}", media=(picture(name),), seen_at=later(day)))


def groups(store: Store, names: str) -> dict[str, str]:
    back = {sha(name): name for name in names}
    return {name: back[store.copies.group_of(sha(name))] for name in names}


def test_a_group_goes_by_its_earliest_picture(store: Store) -> None:
    publish(store, *"dcba")
    assert groups(store, "abcd") == {name: name for name in "abcd"}
    assert store.copies.link(sha("a"), [link("b")]) == sha("b")
    assert store.copies.link(sha("c"), [link("d")]) == sha("d")
    assert groups(store, "abcd") == {"a": "b", "b": "b", "c": "d", "d": "d"}
    assert store.copies.link(sha("a"), [link("b"), link("c")]) == sha("d")
    assert groups(store, "abcd") == dict.fromkeys("abcd", "d")
    assert store.copies.pictures(sha("b")) == [sha(name) for name in "dcba"]


def test_pictures_first_seen_together_go_by_their_digest(store: Store) -> None:
    store.save_post(HM, post(media=(picture("a"), picture("b", 1))))
    assert store.copies.link(sha("a"), [link("b")]) == min(sha("a"), sha("b"))


def test_where_one_picture_stands(store: Store) -> None:
    publish(store, "a", "b")
    store.save_post(HM, post("twice", media=(picture("b"), picture("b", 1)), seen_at=later(5)))
    store.save_post(HM, post("past", media=(picture("b"),), seen_at=later(6)))
    store.save_post(HM, post("past", media=(picture("c"),), seen_at=later(7)))  # there no longer
    store.copies.link(sha("b"), [link("a")])
    places = [(one.post_id, one.position, one.sha256) for one in store.copies.posts(sha("a"))]
    assert places == [
        ("pa", 0, sha("a")),
        ("pb", 0, sha("b")),
        ("twice", 0, sha("b")),
        ("twice", 1, sha("b")),
    ]
    assert store.copies.shown(sha("a")) == (Showing(HM, "pa", "https://bsky.example/pa", 0, sha("a"), NOW),)
    assert store.copies.shown(sha("nowhere")) == ()


@pytest.mark.parametrize(
    ("kind", "decisions", "joined"),
    [
        (MatchKind.COPY, [], True),
        (MatchKind.COPY, [R], False),
        (MatchKind.COPY, [R, U], True),
        (MatchKind.LIKELY_COPY, [], False),
        (MatchKind.LIKELY_COPY, [C], True),
        (MatchKind.LIKELY_COPY, [C, U], False),
        (MatchKind.SAME_SCENE_OR_GARMENT, [], False),
    ],
)
@pytest.mark.parametrize("linked", ["before", "after"])
def test_what_a_person_decided_about_a_link_holds(
    store: Store, kind: MatchKind, decisions: list[PairDecision], joined: bool, linked: str
) -> None:
    publish(store, "a", "b")
    if linked == "before":
        store.copies.link(sha("b"), [link("a", kind)])
    for decision in decisions:
        store.pairs.add(PairReview(sha("b"), sha("a"), decision, "editor", NOW))
    if linked == "after":
        store.copies.link(sha("b"), [link("a", kind)])
    assert groups(store, "ab") == {"a": "a", "b": "a" if joined else "b"}
    (seen,) = store.copies.of(sha("b"))
    assert replace(seen, decided=None) == link("a", kind)


def test_only_collected_pictures_join(store: Store) -> None:
    publish(store, "a", "b")
    store.add_twin(twin(), [reference(file="registered")])
    store.copies.link(sha("a"), [link("registered"), link("nowhere")])
    store.copies.link(sha("b"), [link("registered"), link("nowhere")])
    assert groups(store, "ab") == {"a": "a", "b": "b"}


def test_unknown_bytes_are_refused(store: Store) -> None:
    for attempt in (store.copies.group_of, store.copies.pictures, store.copies.posts):
        with pytest.raises(StoreError) as caught:
            attempt(sha("nowhere"))
        assert caught.value.kind == "no_file"
    with pytest.raises(StoreError) as caught:
        store.copies.link(sha("nowhere"), [])
    assert caught.value.kind == "no_file"


# --- against a model ----------------------------------------------------------------------------------------

MANY = 7
KINDS = st.sampled_from([MatchKind.COPY, MatchKind.COPY, MatchKind.LIKELY_COPY])
NUMBER = st.integers(0, MANY - 1)
LINKED = st.tuples(st.just("link"), NUMBER, st.dictionaries(NUMBER, KINDS, max_size=3))
DECIDED = st.tuples(st.sampled_from([C, R, U]), NUMBER, NUMBER)
_numbers = itertools.count()


@pytest.fixture(scope="module")
def shared(sqlite_template: Path) -> Iterator[Store]:
    """One store for all examples; each has pictures of its own."""
    folder = Path(tempfile.mkdtemp(prefix="twinwatch-model-"))
    shutil.copy(sqlite_template, folder / "x.db")
    opened = Store.open(f"sqlite:///{folder / 'x.db'}", folder / "media", create=False)
    yield opened
    opened.close()
    shutil.rmtree(folder)


def components(
    links: Mapping[tuple[str, str], MatchKind], decided: Mapping[tuple[str, str], PairDecision]
) -> object:
    """What joins what, by spreading the smallest number along the links until nothing changes."""
    names = {name: name for name in {name for pair in links for name in pair}}
    joins = [
        pair
        for pair, kind in links.items()
        if decided.get(pair) is not R and (kind is MatchKind.COPY or decided.get(pair) is C)
    ]
    for _ in names:
        for one, other in joins:
            names[one] = names[other] = min(names[one], names[other])
    return names


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.one_of(LINKED, DECIDED), max_size=10))
def test_groups_are_what_the_links_join(shared: Store, steps: list[tuple[object, ...]]) -> None:
    name = next(_numbers)
    names = [f"{name}/{number}" for number in range(MANY)]
    publish(shared, *names)
    links: dict[tuple[str, str], MatchKind] = {}
    stacks: dict[tuple[str, str], list[PairDecision]] = {}
    for what, number, rest in steps:
        one = names[number]  # type: ignore[call-overload]
        if isinstance(rest, dict):
            links = {pair: kind for pair, kind in links.items() if pair[0] != one}
            links |= {(one, names[other]): kind for other, kind in rest.items()}
            shared.copies.link(sha(one), [link(names[other], kind) for other, kind in rest.items()])
            continue
        pair = (one, names[rest])  # type: ignore[call-overload]
        stack = stacks.setdefault(pair, [])
        if what is U and not stack:
            continue
        stack.pop() if what is U else stack.append(what)  # type: ignore[arg-type]
        shared.pairs.add(PairReview(sha(pair[0]), sha(pair[1]), what, "editor", NOW))  # type: ignore[arg-type]
    decided = {pair: stack[-1] for pair, stack in stacks.items() if stack}
    expected = {one: one for one in names} | components(links, decided)  # type: ignore[operator]
    back = {sha(one): one for one in names}
    assert {one: back[shared.copies.group_of(sha(one))] for one in names} == expected
    for one in names:
        same = {other for other in names if expected[other] == expected[one]}
        assert {back[other] for other in shared.copies.pictures(sha(one))} == same
