"""One picture in many posts: its findings are named on each one's page, and decided in one go where somebody
asks for it, each by itself; an undo takes back what was decided together."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from storage.inbox import MOST_OTHERS
from storage.people import Role
from storage.records import ConsentVerdict, FindingStatus, PairDecision, Review, ReviewDecision
from storage.store import Store
from tests.desk.used_store import FOUND, OCTOBER, OUTLET, shown
from tests.desk.web.conftest import Browser
from tests.desk.web.test_check_page import OURS
from tests.desk.web.test_pages import numbers
from tests.storage.samples import picture, post

OUT = ConsentVerdict.OUT_OF_SCOPE
NEW, REJECTED = FindingStatus.NEW, FindingStatus.REJECTED
Someone = Callable[[Role | None], Browser]
Program = Callable[..., TestClient]
pytestmark = pytest.mark.slow  # a store and an application each


def again(store: Store, name: str, of: int) -> int:
    """Another post with the picture of this finding."""
    first = store.finding(of)
    assert first
    shows = replace(picture(name), sha256=first.sha256)
    made = post(name, platform=OUTLET.platform, handle=OUTLET.handle, posted_at=OCTOBER, media=(shows,))
    store.save_post(OUTLET, replace(made, seen_at=FOUND))
    item = next(one for one in store.all_items() if one.version.post.post_id == name)
    number, _ = store.save_answer(item, "j", first.answer, FOUND)
    return number


@pytest.fixture
def three(store: Store) -> Store:
    """Findings 1, 2 and 3 of one picture; 4 of another one, and of another agency's twin."""
    shown(store, "first", ("Twin A", OUT))
    again(store, "second", 1)
    again(store, "third", 1)
    shown(store, "fourth", ("Stranger", OUT))
    return store


def statuses(store: Store) -> dict[int, str]:
    return {one.id: one.status.value for one in sorted(store.findings(), key=lambda one: one.id)}


def together_in(page: str) -> list[str]:
    return re.findall(r'name="together" value="([^"]+)"', page)


def decide(client: Browser, number: int, decision: str, **form: str) -> Any:
    data = {"csrf": client.csrf, "decision": decision, **form}
    return client.post(f"/findings/{number}/review", data=data, headers=OURS)


def test_the_others_of_the_same_picture_are_named_and_linked(three: Store, browser: Someone) -> None:
    three.add_review(Review(2, ReviewDecision.CONFIRMED, "bea", FOUND))
    page = browser(Role.READER).get("/findings/1").text
    (section,) = re.findall(r'<section id="others">.*?</section>', page, re.DOTALL)
    assert sorted(re.findall(r'href="/findings/(\d+)"', section)) == ["2", "3"]
    for text in ("other findings: 2", "Outlet", "tiktok outlet", "12 Oct 2026", "Labelled", "Confirmed"):
        assert text in section, text
    assert 'name="together"' not in page  # she decides nothing
    assert 'id="others"' not in browser(Role.READER).get("/findings/4").text


def test_by_itself_a_decision_is_on_one_alone(three: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    assert decide(client, 1, "confirmed", seen="new").status_code == 303
    assert statuses(three) == {1: "confirmed", 2: "new", 3: "new", 4: "new"}


def test_one_and_the_others_are_decided_each_by_itself_and_undone_likewise(
    three: Store, browser: Someone
) -> None:
    client = browser(Role.REVIEWER)
    (others,) = together_in(client.get("/findings/1").text)
    assert sorted(others.split(",")) == ["2 new", "3 new"]
    done = decide(client, 1, "rejected", seen="new", together=others, note="a mannequin")
    assert (done.status_code, done.headers["location"]) == (303, "/findings/1")
    assert statuses(three) == {1: "rejected", 2: "rejected", 3: "rejected", 4: "new"}
    reviews = [three.reviews(number) for number in (1, 2, 3)]
    assert [(one.finding_id, one.note) for (one,) in reviews] == [(n, "a mannequin") for n in (1, 2, 3)]
    assert set(three.pairs.decided().values()) == {PairDecision.REJECTED}
    said = [one.about for one in three.audit.latest() if one.what == "decided: rejected"]
    assert sorted(said) == ["finding 1", "finding 2", "finding 3"]
    (others,) = together_in(client.get("/findings/2").text)
    assert sorted(others.split(",")) == ["1 rejected", "3 rejected"]
    assert decide(client, 2, "undo", seen="rejected", together=others).status_code == 303
    assert statuses(three) == {1: "new", 2: "new", 3: "new", 4: "new"}
    assert three.pairs.decided() == {}


def test_what_several_teach_of_a_pair_holds_until_the_last_of_them_is_undone(
    three: Store, browser: Someone
) -> None:
    client = browser(Role.REVIEWER)
    assert decide(client, 1, "rejected", seen="new", together="2 new").status_code == 303
    assert decide(client, 3, "rejected", seen="new").status_code == 303  # later, and by itself
    for number, left in ((1, 1), (3, 1), (2, 0)):
        assert decide(client, number, "undo", seen="rejected").status_code == 303
        assert list(three.pairs.decided().values()) == [PairDecision.REJECTED] * left, number


def test_what_was_decided_since_stays_and_is_named(three: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    (others,) = together_in(client.get("/findings/1").text)
    three.add_review(Review(2, ReviewDecision.LOOK_AGAIN, "bea", FOUND))
    done = decide(client, 1, "confirmed", seen="new", together=others)
    assert done.status_code == 409
    assert "Decided: 2. Refused: 1" in done.text
    assert re.findall(r'<li><a href="/findings/(\d+)">', done.text) == ["2"]
    assert statuses(three) == {1: "confirmed", 2: "look_again", 3: "confirmed", 4: "new"}


def test_undo_leaves_what_was_decided_at_another_time(three: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    assert decide(client, 3, "confirmed", seen="new").status_code == 303
    done = decide(client, 1, "confirmed", seen="new", together="2 new")
    assert done.status_code == 303
    undone = decide(client, 1, "undo", seen="confirmed", together="2 confirmed,3 confirmed")
    assert (undone.status_code, "Decided: 2. Refused: 1" in undone.text) == (409, True)
    assert "at another time" in undone.text
    assert statuses(three) == {1: "new", 2: "new", 3: "confirmed", 4: "new"}


def test_with_four_eyes_each_waits_for_another_person(three: Store, browser: Someone, desk: FastAPI) -> None:
    desk.state.config = desk.state.config.model_copy(update={"four_eyes": True})
    first, second = browser(Role.REVIEWER), browser(Role.REVIEWER)
    assert decide(first, 1, "confirmed", seen="new", together="2 new,3 new").status_code == 303
    assert statuses(three) == {1: "proposed", 2: "proposed", 3: "proposed", 4: "new"}
    again_by_her = decide(first, 1, "confirmed", seen="proposed", together="2 proposed,3 proposed")
    assert (again_by_her.status_code, "Decided: 0. Refused: 3" in again_by_her.text) == (409, True)
    assert decide(second, 1, "confirmed", seen="proposed", together="2 proposed").status_code == 303
    assert statuses(three) == {1: "confirmed", 2: "confirmed", 3: "proposed", 4: "new"}
    undone = decide(second, 1, "undo", seen="confirmed", together="2 confirmed,3 proposed")
    assert (undone.status_code, re.findall(r'<li><a href="/findings/(\d+)">', undone.text)) == (409, ["3"])
    assert statuses(three) == {1: "proposed", 2: "proposed", 3: "proposed", 4: "new"}


def test_a_line_takes_the_others_along_only_where_it_is_ticked(three: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    page = client.get("/").text
    (line,) = together_in(page)
    assert sorted(line.split(",")) == ["1 new", "2 new", "3 new"]
    first = numbers(page)[0]
    data = {"csrf": client.csrf, "decision": "look_again", "number": "4", "seen": "4 new", "together": line}
    assert client.post("/decide", data=data, headers=OURS).status_code == 303
    assert set(statuses(three).values()) == {"look_again"}
    (line,) = together_in(client.get("/?status=look_again").text)
    data = {"csrf": client.csrf, "decision": "undo", "together": line}
    assert client.post("/decide", data=data, headers=OURS).status_code == 303
    assert statuses(three) == {1: "new", 2: "new", 3: "new", 4: "look_again"}
    alone = {
        "csrf": client.csrf,
        "decision": "confirmed",
        "number": str(first),
        "seen": f"{first} new",
        "together": "",  # a group of nobody
    }
    assert client.post("/decide", data=alone, headers=OURS).status_code == 303
    assert sorted(statuses(three).values()) == ["confirmed", "look_again", "new", "new"]
    assert not together_in(browser(Role.READER).get("/").text)


def test_each_can_be_listed_by_itself(three: Store, browser: Someone, program: Program) -> None:
    client = browser(Role.REVIEWER)
    page = client.get("/?status=all&picture=2").text
    assert sorted(numbers(page)) == [1, 2, 3]
    assert 'name="together"' not in page
    assert 'type="hidden" name="picture" value="2"' in page
    assert 'href="/findings/2">#2</a>' in page
    for wrong in ("0", "x", "-1", "²", "9" * 30):
        assert client.get(f"/?picture={wrong}").status_code == 422, wrong
    assert numbers(client.get("/?status=all&picture=99").text) == []
    listed = program(Role.READER).get("findings", params={"picture": 2, "order": "oldest"}).json()
    assert [one["id"] for one in listed["findings"]] == [1, 2, 3]
    assert program(Role.READER).get("findings", params={"picture": 0}).status_code == 422


def test_an_agency_sees_its_own_alone(store: Store, browser: Someone) -> None:
    shown(store, "first", ("Twin A", OUT))
    again(store, "second", 1)
    foreign = shown(store, "third", ("Stranger", OUT))
    other = again(store, "fourth", foreign)
    client = browser(Role.AGENCY)
    page = client.get("/findings/1").text
    assert (re.findall(r'href="/findings/(\d+)">#', page), 'name="together"' in page) == (["2"], False)
    assert numbers(client.get(f"/?status=all&picture={other}").text) == []


def test_many_are_counted_and_listed_elsewhere(store: Store, browser: Someone) -> None:
    shown(store, "first", ("Twin A", OUT))
    for number in range(MOST_OTHERS + 2):
        again(store, f"again {number}", 1)
    client = browser(Role.REVIEWER)
    page = client.get("/findings/1").text
    assert "other findings: 22" in page
    assert "The strongest 20 are shown" in page
    assert 'href="/?status=all&amp;picture=1"' in page
    (others,) = together_in(page)
    assert len(others.split(",")) == 22  # all of them, not only those that are listed
    line = client.get("/").text
    assert (together_in(line), "picture=" in line) == ([], True)


@pytest.mark.parametrize("wrong", ["x", "2", "2 maybe", "2 new,,3 new", "-1 new", "² new"])
def test_what_cannot_be_a_group_decides_nothing(three: Store, browser: Someone, wrong: str) -> None:
    assert decide(browser(Role.REVIEWER), 1, "confirmed", seen="new", together=wrong).status_code == 422
    assert set(statuses(three).values()) == {"new"}


def test_one_that_is_not_there_decides_nothing(three: Store, browser: Someone) -> None:
    assert decide(browser(Role.REVIEWER), 1, "confirmed", seen="new", together="99 new").status_code == 404
    many = ",".join(f"{number} new" for number in range(2, 203))
    assert decide(browser(Role.REVIEWER), 1, "confirmed", seen="new", together=many).status_code == 422
    assert set(statuses(three).values()) == {"new"}
