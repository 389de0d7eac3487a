"""The night looks at pictures where that can matter, surest first, for as long as it may; what it reads and
what it cannot read are both told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.jobs.compare import compare
from desk.jobs.stages.carried import Settings
from storage.records import Labelling, Reading, ReadingState
from storage.store import Store
from tests.desk.eyes import MARK, TEXT, Eyes, label
from tests.desk.shop import Shop, cropped, digest, jpeg, photo

pytestmark = pytest.mark.slow  # many passes over a store

SAYS_AI = "Image created with AI."
FIRST, SECOND, THIRD = (jpeg(photo(seed)) for seed in (1, 2, 3))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, eyes=Eyes())
    yield shop
    shop.store.close()


def settings(seconds: float = 1000.0) -> Settings:
    return Settings(look_seconds=seconds)


def readings(store: Store) -> dict[str, tuple[str, str]]:
    """Of the finding of each post: how its picture's text was read, and why not."""
    return {
        finding.post_id: (one.state.value, one.reason)
        for finding in store.findings()
        for one in finding.answer.readings
        if one.surface is TEXT
    }


def test_only_where_something_says_ai(shop: Shop) -> None:
    shop.publish(FIRST, text=SAYS_AI)
    shop.publish(SECOND)
    done = shop.detect(settings())
    assert shop.eyes.names == [digest(FIRST)]
    assert (done.looked, done.look_left) == (1, 0)
    assert [job.surfaces for job in shop.eyes.asked] == [(TEXT, MARK)]
    (finding,) = shop.findings()
    states = {one.surface: one.state for one in finding.answer.readings}
    assert (states[TEXT], states[MARK]) == (ReadingState.ABSENT, ReadingState.ABSENT)


def test_a_copy_of_a_reference_without_any_label_is_unlabelled(shop: Shop) -> None:
    shop.register("Vilde", jpeg(photo(1)))
    shop.publish(jpeg(cropped(photo(1))))
    done = shop.detect(settings())
    (finding,) = shop.findings()
    assert (finding.answer.verdict.level, finding.answer.verdict.labelling) == (3, Labelling.UNLABELLED)
    assert (done.new, done.changed, done.alerts) == ((finding.id,), (), (finding.id,))
    assert len(shop.store.answers(finding.id)) == 1  # told once, and not unread first


def test_nothing_is_looked_at_twice(shop: Shop) -> None:
    shop.publish(FIRST, text=SAYS_AI)
    shop.detect(settings())
    assert shop.detect(settings()).looked == 0
    shop.publish(FIRST, account="two", text=SAYS_AI)  # the same bytes elsewhere
    done = shop.detect(settings())
    assert (done.looked, len(done.new)) == (0, 1)
    assert set(readings(shop.store).values()) == {("absent", "")}
    shop.eyes.stamps[MARK] = "mark/2"
    assert shop.detect(settings()).looked == 1
    assert shop.eyes.asked[-1].surfaces == (MARK,)


def test_small_text_near_an_edge_is_reason_enough(shop: Shop) -> None:
    shop.publish(FIRST)
    shop.hint(FIRST)
    shop.eyes.found = {digest(FIRST): {TEXT: label("KI-generiert")}}
    done = shop.detect(settings())
    (finding,) = shop.findings()
    assert (finding.answer.verdict.level, finding.answer.verdict.labelling) == (4, Labelling.LABELLED)
    assert done.new == (finding.id,)
    said = [one for one in finding.answer.evidence if one.reader == "image_text"]
    assert [(one.level, one.detail) for one in said] == [(4, "the account says so: “KI-generiert”")]


def test_surest_first_and_hints_last(shop: Shop) -> None:
    shop.publish(FIRST)
    shop.hint(FIRST)
    shop.register("Vilde", jpeg(photo(2)))
    copy = jpeg(photo(2), 60)
    shop.publish(copy)
    shop.publish(THIRD, text=SAYS_AI)
    later = jpeg(photo(4))
    shop.publish(later)
    shop.hint(later)
    shop.detect(settings())
    assert shop.eyes.names == [digest(THIRD), digest(copy), digest(later), digest(FIRST)]


def test_hints_that_are_left_alarm_nobody(shop: Shop) -> None:
    shop.publish(FIRST)
    shop.hint(FIRST)
    done = shop.detect(settings(0))
    assert (done.look_left, done.look_left_ai) == (1, 0)


def test_a_label_that_is_found_has_the_copies_looked_at_the_same_night(shop: Shop) -> None:
    """Elsewhere the same publisher shows the picture without its label."""
    copy = jpeg(photo(1), 60)
    shop.publish(FIRST)
    shop.hint(FIRST)
    shop.publish(copy, account="two", retailer="one")
    shop.eyes.found = {digest(FIRST): {TEXT: label("KI-generiert")}}
    done = shop.detect(Settings(cache=shop.folder / "media-cache", look_seconds=1000))
    assert shop.eyes.names == [digest(FIRST), digest(copy)]
    labelled, unlabelled = shop.findings()
    assert (labelled.answer.verdict.labelling, unlabelled.answer.verdict.labelling) == (
        Labelling.LABELLED,
        Labelling.UNLABELLED,
    )
    assert unlabelled.answer.verdict.level == 4
    assert (len(done.new), done.changed) == (2, ())
    assert [len(shop.store.answers(one.id)) for one in (labelled, unlabelled)] == [1, 1]


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr("desk.jobs.stages.look.time.monotonic", lambda: self.now)

    def pass_(self, _: object) -> None:
        self.now += 10


def test_when_the_time_is_over_the_rest_says_so_and_comes_first_next_time(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in (1, 2, 3):
        shop.publish(jpeg(photo(seed)), text=SAYS_AI)
    clock = Clock(monkeypatch)
    shop.eyes.before = clock.pass_
    done = shop.detect(settings(15))
    assert (done.looked, done.look_left) == (2, 1)
    late = [name for name, one in readings(shop.store).items() if one == ("unreadable", "budget")]
    assert len(late) == 1
    (finding,) = (one for one in shop.findings() if one.post_id == late[0])
    assert "text on the picture: budget" in " ".join(finding.answer.verdict.reasons)
    shop.publish(jpeg(photo(4)), text=SAYS_AI)
    done = shop.detect(settings(5))
    assert shop.eyes.names[2:] == [finding.sha256]
    assert (done.looked, done.look_left) == (1, 1)
    assert readings(shop.store)[late[0]] == ("absent", "")
    assert shop.detect(settings(5)).look_left == 0


def test_no_time_at_all_opens_nothing(shop: Shop) -> None:
    shop.publish(FIRST, text=SAYS_AI)
    done = shop.detect(settings(0))
    assert (shop.eyes.names, done.looked, done.look_left, done.look_left_ai) == ([], 0, 1, 1)
    assert set(readings(shop.store).values()) == {("unreadable", "budget")}


def test_bytes_that_are_gone_are_called_so_until_they_are_back(shop: Shop) -> None:
    shop.publish(FIRST, text=SAYS_AI)
    shop.lose(FIRST)
    shop.detect(settings())
    assert set(readings(shop.store).values()) == {("unreadable", "the bytes are no longer kept")}
    shop.store.media.put(FIRST)
    shop.detect(settings())
    assert set(readings(shop.store).values()) == {("absent", "")}


def test_a_killed_night_goes_on_where_it_stood(shop: Shop) -> None:
    for data in (FIRST, SECOND, THIRD):
        shop.publish(data, text=SAYS_AI)

    def die(_: object) -> None:
        if len(shop.eyes.asked) == 2:
            raise KeyboardInterrupt

    shop.eyes.before = die
    with pytest.raises(KeyboardInterrupt):
        shop.detect(settings())
    assert shop.findings() == []
    shop.eyes.before = lambda _: None
    done = shop.detect(settings())
    assert (done.looked, len(done.new), done.changed) == (1, 3, ())
    assert len(set(shop.eyes.names)) == len(shop.eyes.names) == 3


def test_what_could_not_be_looked_at_is_no_failure_of_the_night(shop: Shop) -> None:
    shop.publish(FIRST, text=SAYS_AI)
    broken = Reading(TEXT, ReadingState.UNREADABLE, reason="stopped after 60 seconds")
    shop.eyes.found = {digest(FIRST): {TEXT: broken}}
    assert shop.detect(settings()).failures == ()
    assert set(readings(shop.store).values()) == {("unreadable", "stopped after 60 seconds")}
    assert shop.detect(settings()).looked == 0  # not tried again every night


def test_a_comparison_looks_and_keeps_nothing(shop: Shop) -> None:
    shop.publish(FIRST, text="A digital twin?")
    shop.publish(SECOND, text=SAYS_AI)
    shop.detect(settings())
    before = list(shop.store.findings())
    shop.eyes.found = {digest(SECOND): {TEXT: label()}}
    shop.eyes.stamps[TEXT] = "text/2"
    shop.publish(THIRD)
    shop.hint(THIRD)
    shop.eyes.found[digest(THIRD)] = {TEXT: label()}
    with shop.watching():
        changes = list(compare(shop.store, tell=lambda _: None, settings=settings()))
    assert [(one.old, one.finding.post_id) for one in changes] == [(None, "one/3")]
    assert list(shop.store.findings()) == before
    assert shop.detect(settings()).looked == 2
