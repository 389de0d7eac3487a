"""From a handle to a server: what is asked, and what is not believed. No network: the asks are answered
here."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.pages import Answer, Located
from crawler.plan import CrawlPlan
from crawler.spiders.bluesky import BlueskySpider
from storage.crawled import AccountState
from storage.errors import CrawlError
from storage.records import Account
from tests.crawler.site import DID

NOW = datetime(2026, 11, 23, tzinfo=UTC)
RESOLVE = "https://public.api.bsky.app/xrpc/com.atproto.identity.resolveHandle?handle=hm.example"
PLC = f"https://plc.example/{DID}"
WEB = "did:web:hm.example"


def document(
    did: str = DID, handle: str = "hm.example", server: str = "https://pds.example"
) -> dict[str, Any]:
    return {
        "id": did,
        "alsoKnownAs": [f"at://{handle}"],
        "service": [{"id": "#other"}, {"id": "#atproto_pds", "serviceEndpoint": server}],
    }


def locate(
    account: Account, state: AccountState, answers: Mapping[str, tuple[int, Any]]
) -> tuple[Located, list[str]]:
    spider = BlueskySpider()
    spider.plan = CrawlPlan("run", (account,), "sqlite://", None, plc_directory="https://plc.example/")  # type: ignore[arg-type]
    steps = spider.locate(account, state)
    asked: list[str] = []
    try:
        ask = next(steps)
        while True:
            asked.append(ask.url)
            status, body = answers[ask.url]
            ask = steps.send(Answer(ask.url, status, {}, json.dumps(body).encode(), NOW))
    except StopIteration as stop:
        return stop.value, asked


ACCOUNT = Account("bluesky", "hm.example")
UNKNOWN = AccountState()
UNRESOLVED = {"error": "InvalidRequest", "message": "Unable to resolve handle"}


@pytest.mark.parametrize(
    ("account", "state", "answers", "located"),
    [
        (ACCOUNT, UNKNOWN, {RESOLVE: {"did": DID}, PLC: document()}, Located(DID, "https://pds.example")),
        (
            Account("bluesky", "@HM.example"),
            UNKNOWN,
            {RESOLVE: {"did": DID}, PLC: document()},
            Located(DID, "https://pds.example"),
        ),
        (ACCOUNT, AccountState(DID, "https://known.example"), {}, Located(DID, "https://known.example")),
        (ACCOUNT, AccountState(DID), {PLC: document(handle="renamed.example")}, Located(DID, "https://pds.example")),
        (Account("bluesky", DID), UNKNOWN, {PLC: document()}, Located(DID, "https://pds.example")),
        (
            ACCOUNT,
            UNKNOWN,
            {RESOLVE: {"did": WEB}, "https://hm.example/.well-known/did.json": document(WEB)},
            Located(WEB, "https://pds.example"),
        ),
        (
            Account("bluesky", "did:web:localhost%3A3000"),
            UNKNOWN,
            {"http://localhost:3000/.well-known/did.json": document("did:web:localhost%3A3000")},
            Located("did:web:localhost%3A3000", "https://pds.example"),
        ),
        (
            Account("bluesky", "hm.example", service="https://own.example/"),
            UNKNOWN,
            {"https://own.example/xrpc/com.atproto.identity.resolveHandle?handle=hm.example": {"did": DID}},
            Located(DID, "https://own.example"),
        ),
        (
            Account("bluesky", "hm.example", service="https://own.example"),
            AccountState(DID, "https://other.example"),
            {},
            Located(DID, "https://own.example"),
        ),
    ],
)  # fmt: skip
def test_only_what_is_unknown_is_asked(
    account: Account, state: AccountState, answers: Mapping[str, Any], located: Located
) -> None:
    found, asked = locate(account, state, {url: (200, body) for url, body in answers.items()})
    assert found == located
    assert asked == list(answers)


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({RESOLVE: (400, UNRESOLVED)}, "handle_not_found"),
        ({RESOLVE: (500, {})}, "http_status"),
        ({RESOLVE: (200, {"did": "did:example:1"})}, "bad_did"),
        ({RESOLVE: (200, {"did": {"did": DID}})}, "bad_did"),
        ({RESOLVE: (200, {"did": "did:plc:../../x"})}, "bad_did"),
        ({RESOLVE: (200, [])}, "wrong_shape"),
        ({RESOLVE: (200, {"did": DID}), PLC: (404, {})}, "did_not_found"),
        ({RESOLVE: (200, {"did": DID}), PLC: (200, document(handle="somebody.else"))}, "handle_mismatch"),
        ({RESOLVE: (200, {"did": DID}), PLC: (200, {**document(), "alsoKnownAs": 7})}, "handle_mismatch"),
        ({RESOLVE: (200, {"did": DID}), PLC: (200, document("did:plc:" + "a" * 24))}, "bad_did_document"),
        ({RESOLVE: (200, {"did": DID}), PLC: (200, {**document(), "service": []})}, "bad_did_document"),
        ({RESOLVE: (200, {"did": DID}), PLC: (200, document(server="file:///etc"))}, "bad_did_document"),
        ({RESOLVE: (200, {"did": DID}), PLC: (200, document(server="https://[::1"))}, "bad_did_document"),
    ],
)  # fmt: skip
def test_what_is_not_believed_has_a_name(answers: Mapping[str, tuple[int, Any]], kind: str) -> None:
    with pytest.raises(CrawlError) as error:
        locate(ACCOUNT, UNKNOWN, answers)
    assert error.value.kind == kind
