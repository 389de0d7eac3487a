"""One platform's requests: made under the night's limits, answered by plain data or an error by name."""

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Headers, Response

from crawler.failures import failure_of
from crawler.pages import Answer, Ask
from crawler.retrieval import answer_of, capture_of
from crawler.tokens import Token, may_go_to
from crawler.validating import conditional_headers
from storage.crawled import Capture, Validators
from storage.errors import CrawlError

if TYPE_CHECKING:
    from crawler.spider import PlatformSpider

UNASKED = {"dont_obey_robotstxt": True}  # Scrapy's name for it
AGAIN = 2  # times that a request is asked once more after a limit that a body told
UNFOLLOWED = {"dont_redirect": True}  # a token goes where it was meant to go and nowhere else


class Asking:
    def __init__(self, spider: "PlatformSpider") -> None:
        self.spider, self.store = spider, spider.store

    async def get(self, ask: Ask) -> tuple[Answer, Capture]:
        """Raises CrawlError by name for whatever keeps an answer away: "rate_limited" too, where the answer
        is that a limit is reached, and it does not end within the night's patience."""
        refused: CrawlError | None = None
        for _ in range(AGAIN + 1):
            try:
                answer, capture = await self._get(ask)
            except CrawlError as error:
                raise refused if refused and error.kind == "rate_limited" else error from None
            refused = self._limited(answer)
            if refused is None:
                return answer, capture
        raise refused or AssertionError("nothing was asked")

    async def _get(self, ask: Ask) -> tuple[Answer, Capture]:
        validators = await self._validators(ask.url) if ask.conditional else None
        if validators and not (validators.sha256 and self.store.media.has(validators.sha256)):
            validators = None
        accepted = {"Accept": ask.accept} if ask.accept else {}
        shown = shown_token(self.spider, ask) if ask.token else {}
        request = Request(
            ask.url,
            headers=conditional_headers(validators) | accepted | shown,
            meta={"download_maxsize": self.spider.page_bytes}
            | ({} if ask.robots else UNASKED)
            | (UNFOLLOWED if ask.token else {}),
        )
        try:
            response = await self.spider.crawler.engine.download_async(request)
        except Exception as error:
            failure = failure_of(error, ask.url)
            raise CrawlError(failure.message, kind=failure.kind, where=failure.where) from error
        if ask.token and self.spider.token:
            response = without(self.spider.token, response)
        return await self._answered(ask, response, validators)

    async def _validators(self, url: str) -> Validators | None:
        return await self.store.call(lambda store: store.again.validators_of(url))

    def _limited(self, answer: Answer) -> CrawlError | None:
        """Holds the host back where the body says what no header does: whoever asks again waits for it."""
        limit = self.spider.limit_said(answer)
        if limit is None:
            return None
        self.spider.pace.hold(urlsplit(answer.url).netloc, limit.seconds)
        return CrawlError(limit.message, kind="rate_limited", where=answer.url)

    async def _answered(
        self, ask: Ask, response: Response, validators: Validators | None
    ) -> tuple[Answer, Capture]:
        answer = replace(answer_of(response), carried=ask.carried)
        capture = capture_of(ask.url, response, answer, self.spider.signature)
        if answer.status == 304 and validators:
            body = await self.store.bytes_work(self.store.media.read, validators.sha256)
            return replace(answer, status=200, body=body), replace(
                capture, sha256=validators.sha256, size=len(body)
            )
        return answer, capture


def shown_token(spider: "PlatformSpider", ask: Ask) -> dict[str, str]:
    """The header with the token. Raises CrawlError kind "token_missing", "token_elsewhere" or
    "budget_used_up"."""
    wanted, token = spider.wants, spider.token
    if wanted is None or token is None:
        why = wanted.missing if wanted else "this platform knows no token"
        raise CrawlError(why, kind="token_missing", where=ask.url)
    if not may_go_to(ask.url, wanted, spider.plan.allow_hosts):
        host = urlsplit(ask.url).netloc
        hosts = ", ".join(sorted(wanted.hosts))
        message = f"{wanted.name}'s token goes to {hosts} over https alone, not to {host[:100]}"
        raise CrawlError(message, kind="token_elsewhere", where=ask.url)
    if wanted.a_night and spider.paid >= wanted.a_night:
        message = f"the {wanted.a_night} requests that {wanted.name}'s token pays for a night are used up"
        raise CrawlError(message, kind="budget_used_up", where=ask.url)
    spider.paid += 1
    return dict(token.header(wanted))


def without(token: Token, response: Response) -> Response:
    """The answer with the token struck out of body and headers; as it came where it is in neither."""
    body = token.hide_bytes(response.body)
    headers = Headers(
        {name: [token.hide_bytes(value) for value in values] for name, values in response.headers.items()}
    )
    if body == response.body and headers == response.headers:
        return response
    return response.replace(body=body, headers=headers)
