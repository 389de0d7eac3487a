"""A page in the making: one item that nobody foresaw costs that item, and is told by name."""

from crawler.making import PageInMaking, Passed
from storage.errors import CrawlError
from storage.records import Account

ACCOUNT = Account("mastodon", "hm@example.org")


def read(raw: dict[str, object]) -> Passed:
    if raw.get("broken"):
        raise CrawlError("no time", kind="wrong_shape", where="7")
    return Passed(None, private=bool(raw["private"]))


def test_an_item_that_no_reader_foresaw_costs_that_item_alone() -> None:
    page = PageInMaking(ACCOUNT)
    items: list[dict[str, object]] = [{"private": True}, {}, {"broken": True}, {"private": False}]
    page.add(items, read)
    kinds = [problem.failure.kind for problem in page.problems]
    assert kinds == ["unexpected", "wrong_shape"]
    assert page.problems[0].failure.message == "KeyError: 'private'"
    assert page.problems[0].raw == b"{}"
    assert page.private == 1
