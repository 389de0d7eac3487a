"""Second pipeline: the original bytes of every picture and video, or the reason why there are none.

A subclass of Scrapy's FilesPipeline, which keeps bytes as they came (ImagesPipeline encodes them anew and
destroys the marks we look for). Files are named by the SHA-256 of their content, and a failure belongs to its
item.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.pipelines.files import FilesPipeline
from scrapy.pipelines.media import _MediaRequestFiltered
from twisted.python.failure import Failure as TwistedFailure

from crawler.failures import failure_of
from crawler.found import OWN_HOSTS, Found, host_of
from crawler.middlewares.limits import LAST_REFUSAL
from crawler.pipelines.judging import bytes_failure
from crawler.pipelines.video import VideoFetcher
from crawler.retrieval import answer_of, capture_of
from crawler.validating import conditional_headers
from storage.crawled import Capture, KeptFile, Validators
from storage.errors import CrawlError
from storage.formats import format_of
from storage.records import Failure, MediaItem, MediaKind

PICTURE_BYTES = 32 * 1024 * 1024
REFUSAL_BYTES = 1024 * 1024  # of an error page; they are mostly under 10 KiB
REMEMBERED = 500  # results kept for pictures that several posts of one night share


@dataclass(frozen=True, slots=True)
class Got:
    """What became of one transfer."""

    file: KeptFile | None
    failure: Failure | None = None
    capture: Capture | None = None
    transferred: bool = False  # this night, whether or not the bytes were in media for another reason


class _Unavailable(_MediaRequestFiltered):
    """Carries a failure through FilesPipeline, which logs a traceback for any other exception."""

    def __init__(self, failure: Failure, capture: Capture | None = None) -> None:
        super().__init__(failure.message)
        self.failure, self.capture = failure, capture


class MediaPipeline(FilesPipeline):
    def __init__(self, store_uri: Any, download_func: None = None, *, crawler: Any) -> None:
        super().__init__(store_uri, crawler=crawler)
        self.spider = crawler.spider
        self.kept = crawler.spider.store
        self.videos = VideoFetcher(crawler)

    async def process_item(self, item: Any, spider: Any = None) -> Any:
        """Raises CrawlError kind "rate_limited" where the account's own host says so: that says nothing about
        the item, it is asked for another day. Another host's refusal is that item's failure."""
        found: Found = await super().process_item(item)
        for media in found.post.media:
            if media.kind is MediaKind.VIDEO and not media.failure and not media.sha256:
                found = await self._with_video(found, media)
        if len(self.spiderinfo.downloaded) > REMEMBERED:
            self.spiderinfo.downloaded.clear()
        return found

    def get_media_requests(self, item: Any, info: Any) -> list[Request]:
        return [picture_request(media, item.own_hosts) for media in pictures(item)]

    async def media_to_download(  # type: ignore[override]
        self, request: Request, info: Any, *, item: Any = None
    ) -> Any:
        """Content that is in media already is not transferred again: known by its id, or asked for
        conditionally."""
        known = known_content(item, request.meta["native_id"], MediaKind.PICTURE, request.url)
        if known:
            return known
        validators = await self._validators(request)
        if validators:
            request.meta["validators"] = validators
            request.headers.update(conditional_headers(validators))
        return None

    async def media_downloaded(
        self, response: Response, request: Request, info: Any, *, item: Any = None
    ) -> Any:
        answer = answer_of(response)
        validators: Validators | None = request.meta.get("validators")
        if answer.status == 304 and validators:
            capture = capture_of(request.url, response, answer, self.spider.signature)
            return await self._not_modified(validators, capture)
        if answer.status != 200:
            failure = Failure("http_status", f"HTTP {answer.status}", request.url)
            raise _Unavailable(failure, self._refusal(request, response))
        if not answer.body:
            failure = Failure("empty_body", "no bytes came", request.url)
            raise _Unavailable(failure, self._refusal(request, response))
        sha256 = await self.kept.keep(answer.body)
        capture = capture_of(request.url, response, answer, self.spider.signature, sha256)
        file = KeptFile(sha256, format_of(answer.body) or "", len(answer.body))
        doubt = bytes_failure(file, MediaKind.PICTURE, request.meta["native_id"], request.url)
        return Got(file, doubt, capture, transferred=True)

    def _refusal(self, request: Request, response: Response) -> Capture:
        """What a server said instead of the picture: evidence too. A long body is not kept, which "" says."""
        answer = answer_of(response)
        capture = capture_of(request.url, response, answer, self.spider.signature)
        if not 0 < len(answer.body) <= REFUSAL_BYTES:
            return replace(capture, sha256="")
        self.kept.media.put(answer.body)  # short, and seldom one that was not there: not worth a thread
        return capture

    def media_failed(self, failure: TwistedFailure, request: Request, info: Any) -> Any:
        error = failure.value
        if isinstance(error, _Unavailable):
            raise error
        failed = failure_of(error or RuntimeError("no reason"), request.url)
        refused: list[Response] = request.meta[LAST_REFUSAL]
        capture = self._refusal(request, refused[-1]) if refused else None
        raise _Unavailable(failed, capture) from error

    def item_completed(self, results: Sequence[Any], item: Any, info: Any) -> Any:
        done = {
            media.position: as_got(*result) for media, result in zip(pictures(item), results, strict=True)
        }
        return with_media(item, done)

    async def _with_video(self, found: Found, media: MediaItem) -> Found:
        known = known_content(found, media.native_id, MediaKind.VIDEO, media.url)
        got = known or await self._fetch_video(media, found.own_hosts)
        return with_media(found, {media.position: got})

    async def _fetch_video(self, media: MediaItem, own_hosts: Collection[str]) -> Got:
        try:
            validators = await self._validators_of(media.url)
            file, capture = await self.videos.fetch(media, validators, own_hosts)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # an item's failure is recorded on the item
            return Got(None, failure_of(error, media.url))
        if file is None:
            return Got(None, Failure("http_status", f"HTTP {capture.status}", media.url), capture)
        failure = bytes_failure(file, MediaKind.VIDEO, media.native_id, media.url)
        return Got(file, failure, capture, transferred=capture.status == 200)

    # --- conditional requests -------------------------------------------------------------------------------

    async def _validators(self, request: Request) -> Validators | None:
        return None if request.meta["native_id"] else await self._validators_of(request.url)

    async def _validators_of(self, url: str) -> Validators | None:
        if not self.spider.conditional_media:
            return None
        validators: Validators | None = await self.kept.call(lambda store: store.again.validators_of(url))
        usable = validators and validators.sha256 and self.kept.media.has(validators.sha256)
        return validators if usable else None

    async def _not_modified(self, validators: Validators, capture: Capture) -> Got:
        path = self.kept.media.path(validators.sha256)
        data = await self.kept.bytes_work(read_head, path)
        file = KeptFile(validators.sha256, format_of(data) or "", path.stat().st_size)
        failure = bytes_failure(file, MediaKind.PICTURE, "", capture.url_asked)
        return Got(file, failure, replace(capture, sha256=file.sha256, size=file.size))


def known_content(found: Found, native_id: str, kind: MediaKind, url: str) -> Got | None:
    """Content that is in media already. Bytes that its id does not name are asked for again: they may be
    mended."""
    file = found.kept.get(native_id)
    failure = bytes_failure(file, kind, native_id, url) if file else None
    return Got(file, failure) if file and (failure is None or failure.kind != "cid_mismatch") else None


def pictures(found: Found) -> list[MediaItem]:
    """Those to be asked for: neither lost nor carried over from an earlier night."""
    media = [one for one in found.post.media if one.kind is MediaKind.PICTURE]
    return [one for one in media if not one.failure and not one.sha256]


def picture_request(media: MediaItem, own_hosts: Collection[str]) -> Request:
    meta = {
        "native_id": media.native_id,
        "download_maxsize": PICTURE_BYTES,
        OWN_HOSTS: own_hosts,
        LAST_REFUSAL: [],
    }
    # The bytes as they lie on the server: no compression on the way that somebody would have to undo.
    return Request(media.url, headers={"Accept-Encoding": "identity"}, meta=meta)


def as_got(success: bool, value: Any) -> Got:  # noqa: FBT001 (the shape of FilesPipeline's results)
    if success:
        got: Got = value
        return got
    error = value.value
    if isinstance(error, _Unavailable):
        return Got(None, error.failure, error.capture)
    return Got(None, failure_of(error, "media"))


def with_media(found: Found, done: dict[int, Got]) -> Found:
    """The post with what became of its media, by position."""
    refused = [got.failure for got in done.values() if got.failure and got.failure.kind == "rate_limited"]
    limited = [failure for failure in refused if host_of(failure.where) in found.own_hosts]
    if limited:
        raise CrawlError(limited[0].message, kind="rate_limited", where=limited[0].where)
    items = tuple(filled(item, done.get(item.position)) for item in found.post.media)
    came = {got.file.sha256 for got in done.values() if got.transferred and got.file and not got.failure}
    captures = tuple(dict.fromkeys(got.capture for got in done.values() if got.capture))
    return replace(
        found,
        post=replace(found.post, media=items),
        captures=(*found.captures, *captures),
        transferred=found.transferred | came,
    )


def filled(item: MediaItem, got: Got | None) -> MediaItem:
    if got is None:
        return item
    if got.file is None:
        return replace(item, failure=got.failure)
    return replace(
        item, sha256=got.file.sha256, format=got.file.format, size=got.file.size, failure=got.failure
    )


def read_head(path: Any) -> bytes:
    with path.open("rb") as file:
        head: bytes = file.read(4096)
    return head
