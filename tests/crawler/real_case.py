"""Whether a platform's case shows its spider at work, or only stands there: what the test that
`twinwatch new-spider` writes asks."""

import json
from pathlib import Path
from typing import Any

from crawler.pages import Answer, Located
from crawler.spider import PlatformSpider
from storage.records import Account
from tests.crawler.test_cases import NOW, shown


def what_is_missing(case: Path, spider: PlatformSpider, template: str) -> list[str]:
    """Why the case is not real yet, in words; nothing where it is. `template`: what stands in every file of a
    case that was generated. Taking these words out is not enough: posts must be read."""
    missing = [
        f"{path.relative_to(case)} is the template's"
        for path in sorted(case.rglob("*"))
        if path.is_file() and template in path.read_text("utf-8")
    ]
    asked = _json(case / "account.json")
    if not asked.get("handle") or f"//{spider.platform}.example" in str(asked.get("url", "")):
        missing.append("account.json names no account: its handle, and the address that was asked")
    posts = 0
    for response in sorted(case.glob("*/response.*")):
        account = Account(spider.platform, str(asked.get("handle", "")))
        located = Located(asked.get("stable_id", ""), asked.get("endpoint", ""))
        url, headers = asked.get("url", account.handle), asked.get("headers", {})
        page = spider.read_page(account, located, Answer(url, 200, headers, response.read_bytes(), NOW))
        posts += sum(bool(one.post.text or one.post.media) for one in page.posts)
        unwritten = any(one.failure.kind == "not_written" for one in page.problems)
        expected = _json(response.parent / "expected.json").get("posts")
        name = response.parent.name
        missing += [f"{name}: read_page maps no post yet"] if unwritten else []
        missing += [f"{name}: expected.json has other posts"] if expected != shown(page)["posts"] else []
    return missing if posts else [*missing, "no response from which a post with words or pictures is read"]


def _json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}
