"""Where a request comes from, which host it is for, and what a browser may do with the answer."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from desk.web.guard import COOKIE
from desk.web.secrets import HASHER, MOST_BY_NAME, good_password, kept, link_for, log_in
from storage.people import Role
from storage.records import Account, ConsentVerdict
from storage.store import Store
from storage.tables.desk import SessionRow
from tests.desk.used_store import shown
from tests.desk.web.conftest import HOST, Browser

OUT = ConsentVerdict.OUT_OF_SCOPE
OURS = {"origin": f"http://{HOST}"}
PASSWORD = "a long sentence of my own"
Someone = Callable[[Role | None], Browser]
pytestmark = pytest.mark.slow  # a store and an application each
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}\u202e\x1b[31m"


# --- from elsewhere -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": f"http://{HOST}.evil.example"}, 403),
        ({}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 303),
        (OURS, 303),
        ({**OURS, "host": "evil.example"}, 421),
        ({**OURS, "content-length": "999999999"}, 413),
    ],
)
def test_only_a_page_of_ours_changes_something(
    store: Store, browser: Someone, headers: dict[str, str], status: int
) -> None:
    number = shown(store, "p", ("Twin A", OUT))
    client = browser(Role.REVIEWER)
    given = {"csrf": client.csrf, "decision": "confirmed"}
    answer = client.post(f"/findings/{number}/review", data=given, headers=headers)
    assert answer.status_code == status
    assert len(store.reviews(number)) == (status == 303)


@pytest.mark.parametrize("token", ["", "x", "0" * 64])
def test_a_form_without_its_token_changes_nothing(store: Store, browser: Someone, token: str) -> None:
    number = shown(store, "p", ("Twin A", OUT))
    client = browser(Role.REVIEWER)
    given = {"csrf": token, "decision": "confirmed"}
    assert client.post(f"/findings/{number}/review", data=given, headers=OURS).status_code == 403
    assert client.post("/decide", data={**given, "number": [number]}, headers=OURS).status_code == 403
    assert client.post("/logout", data=given, headers=OURS).status_code == 403
    assert not store.reviews(number)


@pytest.mark.parametrize("host", ["127.0.0.1", "evil.example", "", f"{HOST}:99"])
def test_under_another_name_it_does_not_answer(browser: Someone, host: str) -> None:
    assert browser(None).get("/login", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(store: Store, browser: Someone, back: str) -> None:
    number = shown(store, "p", ("Twin A", OUT))
    client = browser(Role.REVIEWER)
    given = {"csrf": client.csrf, "decision": "confirmed", "back": back, "to": "nl", "number": [number]}
    for address in (f"/findings/{number}/review", "/decide", "/language"):
        answer = client.post(address, data=given, headers=OURS)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/")
        assert not answer.headers["location"].startswith(("//", "/\\"))


# --- what a browser may do ----------------------------------------------------------------------------------


def test_a_page_may_load_what_is_ours_alone(store: Store, browser: Someone) -> None:
    shown(store, "p", ("Twin A", OUT))
    client = browser(Role.REVIEWER)
    one, two = client.get("/"), client.get("/")
    policy = one.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'nonce-")
    assert policy != two.headers["content-security-policy"]
    assert "unsafe" not in policy
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
    assert nonce
    for tag in re.findall(r"<(?:script|link rel=\"stylesheet\")[^>]*>", one.text):
        assert f'nonce="{nonce[1]}"' in tag
    assert not re.search(r"\son\w+=|style=\"|<style|javascript:", one.text)
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//(?!bsky\.example)", one.text)
    assert {one.headers[name] for name in ("x-content-type-options", "cache-control")} == {
        "nosniff",
        "no-store",
    }
    for address in re.findall(r"\"(/static/[^\"]+)\"", one.text):
        assert client.get(address).status_code == 200
        assert "immutable" in client.get(address).headers["cache-control"]
    assert client.get("/static/0000/desk.css").status_code == 404
    assert client.get("/static/0000/..%2f..%2fapp.py").status_code == 404


def test_what_is_vendored_is_what_was_published() -> None:
    """htmx 2.0.11, as docs/decisions/desk.md says."""
    data = files("desk.web").joinpath("static", "htmx.min.js").read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    assert digest == "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"


def test_the_first_page_is_light(store: Store, browser: Someone) -> None:
    for number in range(45):
        shown(store, f"p{number}", ("Twin A", OUT))
    client = browser(Role.REVIEWER)
    page = client.get("/")
    weight = len(page.content)
    for address in set(re.findall(r"\"(/static/[^\"]+)\"", page.text)):
        weight += len(client.get(address).content)
    assert page.text.count('class="item"') == 40
    assert weight < 150_000


def test_text_from_outside_is_text_on_every_page(store: Store, browser: Someone) -> None:
    account = Account("instagram", HOSTILE, retailer=HOSTILE, country="SE")
    number = shown(store, "p" + HOSTILE, ("Twin A", OUT), account=account, text=HOSTILE)
    client = browser(Role.ADMINISTRATOR)
    client.post(
        f"/findings/{number}/review",
        data={"csrf": client.csrf, "decision": "look_again", "note": HOSTILE},
        headers=OURS,
    )
    store.start_run("nightly-1", datetime.now(UTC))
    store.end_run(
        "nightly-1", datetime.now(UTC), {"errors": [{"kind": "x", "message": HOSTILE, "where": HOSTILE}]}
    )
    told = 0
    for address in (
        "/?status=all",
        f"/findings/{number}",
        "/twins",
        "/twins/Twin A",
        "/accounts",
        "/runs",
        "/audit",
    ):
        page = client.get(address)
        assert page.status_code == 200, address
        assert "<script>alert" not in page.text, address
        assert "<img src=x" not in page.text, address
        assert "\x1b" not in page.text, address
        told += "&lt;script&gt;alert" in page.text and "{{7*7}}" in page.text
    assert told >= 5
    for words in (HOSTILE, "../../etc/passwd", "%00", "a" * 5000):
        answer = client.get("/", params={"retailer": words, "status": "all"})
        assert answer.status_code in (200, 422)
        assert "<script>alert" not in answer.text


# --- logging in ---------------------------------------------------------------------------------------------


@pytest.fixture
def ann(store: Store) -> Store:
    secret = link_for(store, "ann", datetime.now(UTC), Role.REVIEWER)
    store.people.use_link(kept(secret), HASHER.hash(PASSWORD), datetime.now(UTC))
    return store


def test_who_knows_the_password_is_let_in_and_out(ann: Store, browser: Someone) -> None:
    client = browser(None)
    given = {"name": "ann", "password": PASSWORD}
    answer = client.post("/login", data=given, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    page = client.get("/")
    assert "Log out ann" in page.text
    token = re.search(r'name="csrf" value="(\w+)"', page.text)
    assert token
    secret = client.cookies[COOKIE]
    assert secret not in page.text
    assert client.post("/logout", data={"csrf": token[1]}, headers=OURS).status_code == 303
    client.cookies.set(COOKIE, secret, domain=HOST)
    assert client.get("/").status_code == 303  # the old cookie is worth nothing
    assert [one.what for one in ann.audit.latest()] == ["logged out", "logged in"]


@pytest.mark.parametrize(("name", "password"), [("ann", "wrong"), ("eve", PASSWORD), ("", ""), ("ann", "")])
def test_who_does_not_is_not(ann: Store, browser: Someone, name: str, password: str) -> None:
    answer = browser(None).post("/login", data={"name": name, "password": password}, headers=OURS)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert ann.audit.latest()[0].what == "login failed"


def test_after_many_attempts_even_the_right_one_waits(ann: Store) -> None:
    now = datetime.now(UTC)
    for _ in range(MOST_BY_NAME):
        ann.people.failed("ann", "a", now, timedelta(days=1))
    assert log_in(ann, "ann", PASSWORD, "b", now) is None
    assert log_in(ann, "ann", PASSWORD, "b", now + timedelta(minutes=16))


def test_a_session_that_nobody_uses_ends(ann: Store, browser: Someone, desk: FastAPI) -> None:
    from desk.web.guard import TOUCHED_EVERY  # noqa: PLC0415

    client = browser(Role.READER)
    engine = ann._database.engine
    for hours, status in ((11, 200), (13, 303)):
        at = datetime.now(UTC) - timedelta(hours=hours)
        with engine.begin() as connection:
            connection.execute(update(SessionRow).values(seen_at=at, began_at=at))
        assert client.get("/").status_code == status
    assert TOUCHED_EVERY < 3600


def test_a_link_sets_a_password_once(store: Store, browser: Someone) -> None:
    secret = link_for(store, "ann", datetime.now(UTC), Role.READER)
    client = browser(None)
    address = f"/link/{secret}"
    assert client.get(address).status_code == 200
    for password, again in (("short", "short"), (PASSWORD, "another long sentence"), ("a" * 20, "a" * 20)):
        answer = client.post(address, data={"password": password, "again": again}, headers=OURS)
        assert answer.status_code == 422
    right = {"password": PASSWORD, "again": PASSWORD}
    assert client.post(address, data=right, headers=OURS).status_code == 303
    assert client.post(address, data=right, headers=OURS).status_code == 410
    assert client.get(address).status_code == 410
    assert client.get("/link/nothing").status_code == 410
    assert log_in(store, "ann", PASSWORD, "", datetime.now(UTC))


@pytest.mark.parametrize(("asked", "holds"), [({}, True), ({"all_of_it": "yes"}, False)])
def test_with_a_new_password_tokens_and_feeds_end_if_asked(
    ann: Store, browser: Someone, asked: dict[str, str], holds: bool
) -> None:
    now, user = datetime.now(UTC), ann.people.one("ann")
    ann.people.add_token("ann", "script", "t" * 64, {"findings:read"}, now, now + timedelta(days=1))
    ann.feeds.make(user.id, "f" * 64, "", now)
    given = {"password": PASSWORD, "again": PASSWORD, **asked}
    secret = link_for(ann, "ann", now)
    assert browser(None).post(f"/link/{secret}", data=given, headers=OURS).status_code == 303
    assert (ann.people.token("t" * 64, now) is not None, ann.feeds.of("f" * 64) is not None) == (holds, holds)
    told = {one.what: one.detail for one in ann.audit.latest()}
    assert told.get("tokens and feeds revoked") == (None if holds else {"tokens": 1, "feeds": 1})


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "short"),
        ("x" * 201, "long"),
        ("aaaaaaaaaaaa", "weak"),
        ("ann the great one", ""),
        (PASSWORD, ""),
    ],
)
def test_passwords(password: str, why: str) -> None:
    assert good_password(password, "ann") == why
