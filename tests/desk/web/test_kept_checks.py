"""Kept checks: only when asked, by those who decide, for the answer that was given; in the record, and gone
when they are let go. And a text alone is checked."""

import json
import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from desk.config import load
from desk.contract import Json
from desk.contract_check import checked_json
from desk.jobs.check import TEXT_ALONE, Given, check_text
from desk.web import checking
from desk.web.checking import MINUTES, SHOWN
from storage.checks import KeptCheck
from storage.errors import StoreError
from storage.keeping import Hold
from storage.people import Role
from storage.store import Store
from tests.desk.web.conftest import Browser
from tests.desk.web.test_check_page import OURS, ask, drawn

Someone = Callable[[Role | None], Browser]
Program = Callable[..., TestClient]
SAID = "Our model is AI-generated. Tea & cake. #aimodel"
PLANTED = "<script>alert(1)</script>"


def matched(name: str = "Twin A", reference: str = "ab" * 32) -> dict[str, object]:
    """What the line says of a match."""
    return {
        "twin": name,
        "reference": reference,
        "kind": "copy",
        "region": [0, 0, 1, 1],
        "transform": "",
        "reason": "",
    }


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Json:
    """A check of a picture whose answer is this: its own process is tried by test_check_page.py."""
    checked = checked_json(check_text(Given(SAID), checking_config(tmp_path)))
    line: Json = {**checked, "sha256": "cd" * 32, "format": "png", "width": 320, "height": 240}
    line |= {"labelling": "labelled", "consent": "no_terms", "twin": "Twin A", "matches": [matched()]}
    line |= {"origin": {"level": 3, "evidence": []}, "reasons": ["People were told."]}
    monkeypatch.setattr(checking, "check_apart", lambda *_: dict(line))
    return line


def checking_config(folder: Path) -> Any:
    (folder / "twinwatch.toml").touch()
    return load(folder / "twinwatch.toml", {})


def secret_in(page: str) -> str:
    (found,) = re.findall(r'name="secret" value="([^"]+)"', page)
    return str(found)


def keep(client: Browser, secret: str, note: str = "for Ann") -> Any:
    return client.post(
        "/check/keep", data={"csrf": client.csrf, "secret": secret, "note": note}, headers=OURS
    )


def test_a_caption_alone_is_checked_and_no_verdict_is_given(browser: Someone, store: Store) -> None:
    page = ask(browser(Role.READER), caption=SAID)
    assert page.status_code == 200
    assert TEXT_ALONE in page.text
    assert "<mark>Our model is AI-generated</mark>. Tea &amp; cake." in page.text
    assert re.search(r"Caption</b>: [^<]* <q[^>]*>Our model is AI-generated</q>", page.text)
    assert "Text alone: no verdict on a picture" in page.text
    assert 'class="badge v-' not in page.text
    assert "Evidence" not in page.text
    assert "Keep this check" not in page.text  # readers keep nothing
    assert "Nothing of this was kept" in page.text
    dutch = browser(Role.READER)
    dutch.headers["accept-language"] = "nl"
    assert "Alleen de tekst is gelezen" in ask(dutch, alt="Made with AI").text


def test_a_program_checks_a_text_alone(program: Program) -> None:
    client = program(Role.READER)
    answer = client.post("check", data={"caption": SAID})
    told = answer.json()
    assert (answer.status_code, told["labelling"], told["reasons"]) == (200, None, [TEXT_ALONE])
    assert told["disclosure"]["caption"]["quote"] == "Our model is AI-generated"
    for nothing in ({}, {"caption": " "}, {"retailer": "H&M"}):
        assert client.post("check", data=nothing).status_code == 422


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_what_somebody_asks_to_keep_is_kept_as_it_was_answered(
    browser: Someone, store: Store, answered: Json, role: Role, tmp_path: Path
) -> None:
    client = browser(role)
    page = ask(client, drawn(), f"{PLANTED}.png", caption=SAID + PLANTED, retailer="H&M", country="SE")
    assert store.checks.count() == 0
    done = keep(client, secret_in(page.text), f"seen twice {PLANTED}")
    assert (done.status_code, done.headers["location"]) == (303, "/checks/1")
    shown = client.get("/checks/1")
    assert shown.status_code == 200
    for text in ("seen twice &lt;script", "H&amp;M", "SE", "People were told.", "cd" * 32, "SHA-256"):
        assert text in shown.text, text
    assert PLANTED not in shown.text
    assert "The stored bytes" not in shown.text
    kept = store.checks.one(1)
    assert kept
    assert (kept.twins, kept.by, kept.note) == (("Twin A",), f"{role.value} 0", f"seen twice {PLANTED}")
    assert (kept.asked["caption"], kept.told["labelling"]) == (SAID + PLANTED, "labelled")
    small = client.get("/checks/1/picture.jpg")
    assert (small.status_code, small.headers["content-type"]) == (200, "image/jpeg")
    assert small.content[:2] == b"\xff\xd8"
    assert small.content != drawn()
    assert small.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert client.get("/checks/1/registered/0.jpg").status_code == 404  # no bytes: said on the page
    assert "/checks/1/registered" not in shown.text
    assert not (tmp_path / "media" / "cd").exists()
    listed = client.get("/checks").text
    assert ('href="/checks/1"' in listed, "Labelled" in listed, PLANTED in listed) == (True, True, False)
    assert "Kept checks (1)" in client.get("/check").text


def test_keeping_reading_and_letting_go_are_in_the_record(browser: Someone, store: Store) -> None:
    client, other = browser(Role.REVIEWER), browser(Role.ADMINISTRATOR)
    assert keep(client, secret_in(ask(client, caption=SAID).text)).status_code == 303
    assert other.get("/checks/1").status_code == 200
    assert other.get("/checks/1").status_code == 200
    unsure = other.post("/checks/1/let-go", data={"csrf": other.csrf}, headers=OURS)
    assert (unsure.status_code, store.checks.count()) == (422, 1)
    gone = other.post("/checks/1/let-go", data={"csrf": other.csrf, "sure": "yes"}, headers=OURS)
    assert (gone.status_code, store.checks.count()) == (303, 0)
    said = [(one.who, one.what, one.about) for one in store.audit.latest()]
    assert said == [
        ("administrator 1", "check let go", "check 1"),
        ("administrator 1", "kept check read", "check 1"),
        ("reviewer 0", "check kept", "check 1"),
    ]
    assert SAID not in json.dumps([dict(one.detail) for one in store.audit.latest()])
    assert other.get("/checks/1").status_code == 404


def test_an_answer_is_kept_once_by_whom_it_was_given_and_for_some_minutes(
    browser: Someone, store: Store, desk: FastAPI
) -> None:
    client, other = browser(Role.REVIEWER), browser(Role.REVIEWER)
    secret = secret_in(ask(client, caption=SAID).text)
    for who, what in ((other, secret), (client, "../" + secret), (client, "")):
        refused = keep(who, what)
        assert refused.status_code == 409
    client.headers["accept"] = "text/html"
    assert keep(client, secret).status_code == 303
    again = keep(client, secret)
    assert (again.status_code, "can no longer be kept" in again.text) == (409, True)
    late = secret_in(ask(client, caption=SAID).text)
    old = time.time() - MINUTES * 60 - 5
    for folder in (desk.state.config.cache / "desk" / SHOWN).iterdir():
        os.utime(folder, (old, old))
    assert keep(client, late).status_code == 409
    assert store.checks.count() == 1
    forged = client.post("/check/keep", data={"csrf": "x", "secret": secret}, headers=OURS)
    assert forged.status_code == 403


def test_what_could_not_be_written_can_be_tried_again(
    browser: Someone, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(Role.REVIEWER)
    secret = secret_in(ask(client, caption=SAID).text)

    def busy(*_: object) -> None:
        raise StoreError("a night writes", kind="database_busy")

    with monkeypatch.context() as patched:
        patched.setattr(store.checks, "keep", busy)
        assert keep(client, secret).status_code == 503
    assert keep(client, secret).status_code == 303


@pytest.mark.parametrize("role", [Role.READER, Role.AGENCY, Role.MODEL, None])
def test_nobody_else_keeps_or_reads_one(browser: Someone, store: Store, role: Role | None) -> None:
    given = KeptCheck(datetime(2026, 11, 20, tzinfo=UTC), "ann", "", {}, {"matches": []}, ("Twin A",))
    number = store.checks.keep(given, b"\xff\xd8")
    client = browser(role)
    for path in ("/checks", f"/checks/{number}", f"/checks/{number}/picture.jpg"):
        answer = client.get(path)
        assert answer.status_code in (303, 401, 403), path
    assert keep(client, "x").status_code in (401, 403)
    data = {"csrf": client.csrf, "sure": "yes"}
    assert client.post(f"/checks/{number}/let-go", data=data, headers=OURS).status_code in (401, 403)
    assert store.checks.count() == 1
    if role is Role.READER:
        assert "Kept checks" not in client.get("/check").text


def test_what_a_hold_covers_is_not_let_go(browser: Someone, store: Store) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    store.checks.keep(KeptCheck(at, "ann", "", {}, {"matches": []}, ("Twin A",)), b"")
    store.holds.add(Hold(0, "Twin A", 0, "a lawsuit", "ann", at))
    client = browser(Role.REVIEWER)
    client.headers["accept"] = "text/html"
    refused = client.post("/checks/1/let-go", data={"csrf": client.csrf, "sure": "yes"}, headers=OURS)
    assert (refused.status_code, "legal hold" in refused.text) == (409, True)
    assert store.checks.count() == 1


def test_models_names_are_veiled_for_whom_they_are_not(browser: Someone, store: Store) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    checked: Json = {
        "path": "",
        "matches": [],
        "disclosure": {},
        "error": None,
        "labelling": None,
        "sha256": None,
    }
    given = KeptCheck(at, "ann", "Anna Andersson wrote", {"caption": "by Anna Andersson"}, checked)
    store.checks.keep(given, b"")
    for path in ("/checks", "/checks/1"):
        assert "Andersson" not in browser(Role.REVIEWER).get(path).text, path
        assert "Andersson" in browser(Role.ADMINISTRATOR).get(path).text, path


def test_the_list_goes_on_behind_a_page(browser: Someone, store: Store) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    for number in range(52):
        store.checks.keep(KeptCheck(at, "ann", f"note {number}", {}, {"path": "a", "labelling": None}), b"")
    first = browser(Role.REVIEWER).get("/checks").text
    assert (first.count("note "), "/checks?before=3" in first) == (50, True)
    assert browser(Role.REVIEWER).get("/checks?before=3").text.count("note ") == 2
