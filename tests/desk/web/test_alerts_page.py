"""The page of alerts: channels without their secrets, what was sent, a test message by a button."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI

from desk.jobs import alerting
from storage.notices import Notice
from storage.people import Role
from storage.records import ConsentVerdict
from storage.store import Store
from tests.desk.mailbox import Mailbox
from tests.desk.used_store import shown
from tests.desk.web.conftest import HOST, Browser, with_alerts

OURS = {"origin": f"http://{HOST}"}
Someone = Callable[[Role | None], Browser]
pytestmark = pytest.mark.slow  # a store and an application each


@pytest.fixture
def desk(store: Store, tmp_path: Path, post: Mailbox) -> FastAPI:
    return with_alerts(store, tmp_path, post)


def test_it_says_who_is_told_what_and_no_secret(browser: Someone) -> None:
    page = browser(Role.ADMINISTRATOR).get("/alerts").text
    assert "newsroom" in page
    assert "Twin A" in page
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in page
    assert "T1JJ3T3L2" not in page
    assert browser(Role.REVIEWER).get("/alerts").status_code == 403


def test_a_button_sends_a_test_message(store: Store, browser: Someone, post: Mailbox) -> None:
    client = browser(Role.ADMINISTRATOR)
    answer = client.post("/alerts/newsroom/test", data={"csrf": client.csrf}, headers=OURS)
    assert (answer.status_code, "test message" in post.texts[0]) == (200, True)
    post.refusing = True
    assert (
        "was not taken" in client.post("/alerts/newsroom/test", data={"csrf": client.csrf}, headers=OURS).text
    )
    assert [one.what for one in store.audit.latest()] == ["test message failed", "test message sent"]
    assert client.post("/alerts/nobody/test", data={"csrf": client.csrf}, headers=OURS).status_code == 404
    assert client.post("/alerts/newsroom/test", headers=OURS).status_code == 403


def test_it_says_what_became_of_each_notice(
    store: Store, browser: Someone, desk: FastAPI, post: Mailbox
) -> None:
    number = shown(store, "first", ("Twin B", ConsentVerdict.WITHDRAWN))
    post.refusing = True
    alerting.owe(desk.state.config, store, "nightly-1", [number], datetime(2026, 1, 1, tzinfo=UTC))
    alerting.send_owed(desk.state.config, store, patience=0)
    page = browser(Role.ADMINISTRATOR).get("/alerts").text
    assert f'href="/findings/{number}"' in page
    assert "tried again" in page


def dutch(client: Browser, address: str) -> str:
    to_dutch = {"csrf": client.csrf, "to": "nl", "back": "/"}
    assert client.post("/language", data=to_dutch, headers=OURS).status_code == 303
    return client.get(address).text


def test_what_went_wrong_is_dutch_on_dutch_pages(store: Store, browser: Someone, desk: FastAPI) -> None:
    """As far as it is ours; what others said is as they said it, and marked."""
    told = [
        {"where": "bluesky:hm.example", "message": "HTTP 502", "kind": "http_status"},
        {"where": "rss:a", "message": "read in spite of: <x> is odd", "kind": "broken_feed"},
        {"where": "rss:b", "message": "took longer than the time allowed", "kind": "timeout"},
    ]
    now = datetime(2026, 11, 20, tzinfo=UTC)
    store.start_run("nightly-1", now)
    store.end_run("nightly-1", now, {"errors": told, "exit_status": 3})
    page = dutch(browser(Role.READER), "/runs")
    assert "<li>rss:b: duurde langer dan is toegestaan</li>" in page
    assert 'gelezen ondanks: <span lang="en">&lt;x&gt; is odd</span>' in page
    number = shown(store, "first", ("Twin B", ConsentVerdict.WITHDRAWN))
    owed = Notice("msg_1", "gone", "nightly-1", "findings", now, {str(number): ("x",)}, {"findings": []})
    store.notices.owe([owed])
    alerting.send_owed(desk.state.config, store, patience=0)
    assert "er is geen [[alert]] meer met de naam gone" in dutch(browser(Role.ADMINISTRATOR), "/alerts")
