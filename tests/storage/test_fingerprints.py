"""Fingerprints: kept in their order, and streamed in the order of being made, so that a copy kept elsewhere
can follow."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from storage.records import Fingerprint
from storage.store import Store
from tests.storage.samples import HM, examination, later, picture, post, reference, sha, twin

Prints = tuple[Fingerprint, ...]


def prints(value: int) -> Prints:
    return (Fingerprint("pdq", bytes([value]) * 32, 90), Fingerprint("pdq/forms", bytes([value]) * 256))


def collect(store: Store, *names: object) -> None:
    media = tuple(picture(sha256=sha(name), position=place) for place, name in enumerate(names))
    store.save_post(HM, post(str(names), media=media))


def examine(store: Store, name: object, value: int) -> None:
    store.save_examination(examination(fingerprints=prints(value), sha256=sha(name)))


def follow(store: Store, after: int = 0) -> tuple[int, list[tuple[str, Prints]]]:
    found = list(store.stored_fingerprints(after))
    numbers = [number for number, _, _ in found]
    assert numbers == sorted(set(numbers))
    return (numbers[-1] if numbers else after), [(sha256, these) for _, sha256, these in found]


def test_frames_come_back_in_their_order(store: Store) -> None:
    collect(store, "a")
    frames = tuple(Fingerprint("pdq", bytes([9 - n]) * 32, 90, at=n / 4) for n in range(9))
    whole = (Fingerprint("pdq", b"\xff" * 32, 80), *frames, Fingerprint("regions", b"\x00" * 36))
    store.save_examination(examination("a", fingerprints=whole))
    assert store.fingerprints([sha("a"), sha("nowhere")]) == {sha("a"): whole}
    assert dict(store.files_to_match("m")) == {sha("a"): whole}
    moved = tuple(replace(one, at=None if one.at is None else one.at + 1) for one in whole)
    store.save_examination(examination("a", fingerprints=moved))
    assert store.fingerprints([sha("a")]) == {sha("a"): moved}


def test_many_files_at_once(store: Store, small_batches: int) -> None:
    many = 2 * small_batches + 3
    collect(store, *range(many))
    for number in reversed(range(many)):
        examine(store, number, number)
    last, found = follow(store)
    assert found == [(sha(number), prints(number)) for number in reversed(range(many))]
    assert follow(store, last) == (last, [])
    assert store.fingerprints([sha(number) for number in range(many)]) == dict(found)


CHANGES: dict[str, tuple[Callable[[Store], object], list[tuple[str, Prints]]]] = {
    "nothing": (lambda store: None, []),
    "the same again": (lambda store: examine(store, "b", 2), []),
    "other fingerprints": (lambda store: examine(store, "a", 7), [(sha("a"), prints(7))]),
    "other fingerprints of the last": (lambda store: examine(store, "b", 7), [(sha("b"), prints(7))]),
    "none any more": (
        lambda store: store.save_examination(examination("b", fingerprints=())),
        [(sha("b"), ())],
    ),
    "a first time": (lambda store: examine(store, "c", 3), [(sha("c"), prints(3))]),
    "a registered picture": (lambda store: examine(store, "ref", 3), []),
    "a registered picture that is published": (
        lambda store: collect(store, "early"),
        [(sha("early"), prints(5))],
    ),
    "another post with known pictures": (lambda store: collect(store, "b", "a"), []),
}


@pytest.mark.parametrize(("change", "news"), CHANGES.values(), ids=CHANGES.keys())
def test_what_changed_comes_again(
    store: Store, change: Callable[[Store], object], news: list[tuple[str, Prints]]
) -> None:
    collect(store, "a", "b", "c")
    store.add_twin(twin(), [reference(), reference(file="early")])
    for value, name in enumerate(["early", "a", "b"]):
        examine(store, name, value or 5)
    last, found = follow(store)
    assert found == [(sha("a"), prints(1)), (sha("b"), prints(2))]
    change(store)
    assert follow(store, last)[1] == news


def test_a_rehearsal_gives_its_numbers_back(store: Store) -> None:
    collect(store, "a")
    examine(store, "a", 1)
    last, _ = follow(store)
    with store.rehearsal() as rehearsed:
        assert (rehearsed.rehearsed, store.rehearsed) == (True, False)
        examine(rehearsed, "a", 2)
        assert follow(rehearsed, last)[1] == [(sha("a"), prints(2))]
    assert follow(store, last)[1] == []
    examine(store, "a", 3)
    assert follow(store, last)[1] == [(sha("a"), prints(3))]


def test_who_follows_misses_nothing_of_several_writers(store: Store, database: str, tmp_path: Path) -> None:
    many = 40
    collect(store, *range(many))

    def write(first: int) -> None:
        writer = Store.open(database, tmp_path / "media", create=False)
        for turn in (1, 2):
            for number in range(first, many, 2):
                examine(writer, number, turn * 100 + number)
        writer.close()

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 1)]
    for writer in writers:
        writer.start()
    copy: dict[str, Prints] = {}
    last, running = 0, True
    while running:
        running = any(writer.is_alive() for writer in writers)
        last, found = follow(store, last)
        copy |= dict(found)
    assert copy == {sha(number): prints(200 + number) for number in range(many)}


def test_files_by_the_beginning_of_their_name(store: Store) -> None:
    collect(store, *range(40))
    store.add_twin(twin(), [reference()])
    names = sorted([*(sha(number) for number in range(40)), sha("ref")])
    assert store.files_beginning("", limit=100) == names
    for prefix in ("f", "0", sha("ref")[:8], sha(3), "zz", "%"):
        assert store.files_beginning(prefix) == [name for name in names if name.startswith(prefix)][:10]


def test_a_post_seen_again_numbers_nothing_anew(store: Store) -> None:
    collect(store, "a")
    examine(store, "a", 1)
    last, _ = follow(store)
    store.save_post(HM, post("('a',)", text="changed", media=(picture(sha256=sha("a")),), seen_at=later(1)))
    assert follow(store, last)[1] == []
