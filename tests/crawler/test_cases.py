"""Every folder under cases/: the response in, the expected page out."""

import dataclasses
import json
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from crawler.pages import Answer, Located, Page
from crawler.platforms import spiders
from storage.records import Account

CASES = Path(__file__).parent / "cases"
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def responses() -> list[Path]:
    return sorted(CASES.glob("*/*/response.*"))


def read(path: Path) -> Page:
    platform = path.parent.parent.name
    asked = json.loads((path.parent.parent / "account.json").read_text())
    if (own := path.parent / "account.json").exists():  # where it was found by another way
        asked |= json.loads(own.read_text())
    account = Account(platform, asked["handle"])
    located = Located(asked.get("stable_id", ""), asked.get("endpoint", ""))
    url, headers = asked.get("url", account.handle), asked.get("headers", {})
    answer = Answer(url, 200, headers, path.read_bytes(), NOW, asked.get("carried", ""))
    page: Page = spiders()[platform]().read_page(account, located, answer)
    return page


def plain(value: Any) -> Any:
    """Records as JSON, without the fields that hold their default."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            one.name: plain(getattr(value, one.name))
            for one in dataclasses.fields(value)
            if getattr(value, one.name) != one.default
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value.decode() if isinstance(value, bytes) else value


def shown(page: Page) -> dict[str, Any]:
    """The page as expected.json holds it. Of a problem's raw form only the beginning counts."""
    return {
        "posts": [{**plain(one.post), "order": plain(one.order)} for one in page.posts],
        "next": page.next.url if page.next else None,
        "problems": [{"kind": one.failure.kind, "raw": one.raw.decode()[:60]} for one in page.problems],
    }


@pytest.mark.parametrize(
    "path", responses(), ids=lambda path: f"{path.parent.parent.name}-{path.parent.name}"
)
def test_the_page_is_what_was_expected(path: Path) -> None:
    result = shown(read(path))
    assert result == json.loads((path.parent / "expected.json").read_text()), json.dumps(result, indent=1)


def test_every_platform_has_cases() -> None:
    """A platform without an example response is not finished."""
    assert {path.parent.parent.name for path in responses()} == set(spiders())


@pytest.mark.parametrize("platform", sorted(spiders()))
def test_a_case_shows_a_post(platform: str) -> None:
    """A response in which nothing is read shows nothing of a spider."""
    expected = (path.parent / "expected.json" for path in responses() if path.parent.parent.name == platform)
    assert any(json.loads(path.read_text())["posts"] for path in expected)
