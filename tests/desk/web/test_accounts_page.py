"""The page of accounts: when each is looked at next, as `twinwatch accounts` says it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from storage.people import Role
from storage.records import Account
from storage.store import Store
from tests.desk.web.conftest import Browser

FEED = Account("rss", "https://shop.example/feed", "H&M")
BY_IMPORT = Account("tiktok", "hm", "H&M")
DAY = timedelta(days=1)
NOW = datetime.now(UTC)


def row(client: TestClient, account: Account, language: str = "en") -> str:
    text = client.get("/accounts", headers={"accept-language": language}).text
    begin = text.index(f">{account.name}<")
    return text[begin : text.index("</tr>", begin)]


@pytest.mark.parametrize(
    ("last", "language", "words"),
    [
        (None, "en", "next night"),
        (None, "nl", "volgende nacht"),
        (NOW, "en", f"{NOW + DAY:%Y, %H:%M}"),
        (NOW - 2 * DAY, "en", "overdue"),
        (NOW - 2 * DAY, "nl", "te laat"),
    ],
)
def test_the_page_says_when_an_account_is_looked_at_next(
    desk: FastAPI,
    browser: Callable[[Role | None], Browser],
    last: datetime | None,
    language: str,
    words: str,
) -> None:
    store: Store = desk.state.store
    desk.state.config = desk.state.config.model_copy(update={"accounts": (FEED, BY_IMPORT)})
    for number, start in enumerate((last - DAY, last) if last else ()):
        store.end_run(f"nightly-{number}", start, {})
    client = browser(Role.ADMINISTRATOR)
    assert words in row(client, FEED, language)
    assert words not in row(client, BY_IMPORT, language)
    heading = {"en": "Next look", "nl": "Kijkt weer"}[language]
    assert heading in client.get("/accounts", headers={"accept-language": language}).text
