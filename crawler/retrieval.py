"""A Scrapy response as our records: the answer a platform reads and the Capture that is kept as evidence."""

import hashlib
from datetime import UTC, datetime

from scrapy.http import Response

from crawler.pages import PRIVATE, Answer
from storage.crawled import Capture


def headers_of(response: Response) -> tuple[tuple[str, str], ...]:
    """Lower-case names, every value, without what could identify or authorise us."""
    said = sorted((name.decode("latin-1").lower(), values) for name, values in response.headers.items())
    return tuple(
        (name, value.decode("latin-1")) for name, values in said if name not in PRIVATE for value in values
    )


def answer_of(response: Response) -> Answer:
    return Answer(response.url, response.status, dict(headers_of(response)), response.body, datetime.now(UTC))


def capture_of(asked: str, response: Response, answer: Answer, spider: str, sha256: str = "") -> Capture:
    """`sha256` of the body where it is known already."""
    return Capture(
        url_asked=asked,
        url_final=answer.url,
        at=answer.at,
        status=answer.status,
        headers=headers_of(response),
        sha256=sha256 or hashlib.sha256(answer.body).hexdigest(),
        size=len(answer.body),
        spider=spider,
    )
