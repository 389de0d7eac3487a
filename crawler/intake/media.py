"""The bytes of imported media: from the file beside the metadata, out of the archive, or, while its address
lives, from the server, by the one guarded way out (crawler/fetch.py).

Bytes are streamed to disk, named by their SHA-256, and judged by their first bytes as the crawl's are.
"""

import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawler.addresses import Guard
from crawler.agent import user_agent
from crawler.fetch import Fetched, retrieve
from crawler.intake.entries import Near
from crawler.intake.manners import ROBOTS_BYTES, Manners, robots_text
from crawler.intake.ready import not_fetched
from crawler.intake.retrievals import NOT_OURS
from crawler.pipelines.judging import bytes_failure
from storage.crawled import Capture, KeptFile
from storage.errors import CrawlError, TwinwatchError
from storage.formats import format_of
from storage.media import MediaFolder
from storage.records import Failure, MediaItem, MediaKind
from storage.replacing import replace

LIMITS = {MediaKind.PICTURE: 32 * 1024 * 1024, MediaKind.VIDEO: 512 * 1024 * 1024}  # bytes, as in the crawl
SECONDS = {MediaKind.PICTURE: 60.0, MediaKind.VIDEO: 600.0}
AT_ONCE = 4  # transfers side by side; one at a time to a host
CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """A medium without bytes: where they may be had. `url` is where to ask today."""

    item: MediaItem
    url: str
    near: Near | None = None


@dataclass(frozen=True, slots=True)
class Had:
    """What became of it. `how`: "from_files", "fetched", "failed", or "not_asked"."""

    item: MediaItem
    how: str
    capture: Capture | None = None


class MediaBringer:
    """`fetch` False: nothing is asked for."""

    def __init__(
        self, folder: MediaFolder, who: str, *, contact: str, allow_hosts: Sequence[str], fetch: bool
    ) -> None:
        self._folder, self._who, self._contact, self._fetch = folder, who, contact, fetch
        self._guard = Guard(allow_hosts)
        self._manners = Manners(user_agent(contact), self._robots)
        self._pool = ThreadPoolExecutor(AT_ONCE, "import-media")

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def bring(self, wanted: Sequence[Wanted]) -> Sequence[Had]:
        """In their order."""
        if not self._fetch or len(wanted) < 2:
            return [self._one(one) for one in wanted]
        return list(self._pool.map(self._one, wanted))

    def _one(self, one: Wanted) -> Had:
        try:
            if one.near is not None and (had := self._from_near(one, one.near)):
                return had
            if not one.url:
                return Had(one.item, "failed")
            if not self._fetch:
                return Had(replace(one.item, failure=not_fetched(one.item)), "not_asked")
            return self._from_server(one)
        except TwinwatchError as error:
            return Had(replace(one.item, failure=error.failure()), "failed")

    # --- at hand --------------------------------------------------------------------------------------------

    def _from_near(self, one: Wanted, near: Near) -> Had | None:
        """None where the file is not what it should be and a server may have the right one."""
        file = self._adopt(near.path, LIMITS[one.item.kind])
        failure = bytes_failure(file, one.item.kind, "", one.item.url or near.path.name)
        if failure and one.url and self._fetch:
            return None
        if near.capture:
            near.path.unlink(missing_ok=True)  # it was taken out for this post
            capture = replace(near.capture, sha256=file.sha256, size=file.size)
        else:
            at = datetime.fromtimestamp(near.path.stat().st_mtime, UTC)
            named, url = (("x-import-name", near.path.name[:500]),), one.item.url or near.path.name
            capture = Capture(url, url, at, NOT_OURS, named, file.sha256, file.size, self._who)
        return Had(filled(one.item, file, failure), "failed" if failure else "from_files", capture)

    def _adopt(self, path: Path, limit: int) -> KeptFile:
        """A copy in media. Links are not followed. Raises CrawlError kind "not_readable" or "too_large"."""
        target = self._folder.temporary()
        digest, size, head = hashlib.sha256(), 0, b""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as source, target.open("xb") as copy:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise CrawlError("no regular file", kind="not_readable", where=path.name[:500])
                while piece := source.read(CHUNK):
                    head = head or piece[:4096]
                    size += len(piece)
                    if size > limit:
                        raise CrawlError(f"more than {limit} bytes", kind="too_large", where=path.name[:500])
                    digest.update(piece)
                    copy.write(piece)
            self._folder.adopt(target, digest.hexdigest())
        except OSError as error:
            raise CrawlError(str(error), kind="not_readable", where=path.name[:500]) from error
        finally:
            target.unlink(missing_ok=True)
        return KeptFile(digest.hexdigest(), format_of(head) or "", size)

    # --- from the server ------------------------------------------------------------------------------------

    def _from_server(self, one: Wanted) -> Had:
        target = self._folder.temporary()
        answers: list[Fetched] = []
        kind = one.item.kind

        def work() -> tuple[int, Mapping[str, str]]:
            answers.append(self._retrieve(one.url, target, LIMITS[kind], SECONDS[kind]))
            return answers[-1].status, dict(answers[-1].headers)

        try:
            self._manners.ask(one.url, work)
            return self._kept(one, answers[-1], target)
        finally:
            target.unlink(missing_ok=True)

    def _kept(self, one: Wanted, answer: Fetched, target: Path) -> Had:
        size = answer.size if answer.status == 200 else 0
        capture = Capture(
            one.url,
            answer.url_final,
            answer.at,
            answer.status,
            answer.headers,
            answer.sha256,
            size,
            self._who,
        )
        if answer.status != 200 or not answer.size:
            kind = "http_status" if answer.status != 200 else "empty_body"
            why = Failure(
                kind, f"HTTP {answer.status}" if kind == "http_status" else "no bytes came", one.url
            )
            return Had(replace(one.item, failure=why), "failed", capture)
        with target.open("rb") as file:
            kept = KeptFile(answer.sha256, format_of(file.read(4096)) or "", answer.size)
        self._folder.adopt(target, answer.sha256)
        failure = bytes_failure(kept, one.item.kind, "", one.url)
        return Had(filled(one.item, kept, failure), "failed" if failure else "fetched", capture)

    def _retrieve(self, url: str, to: Path, limit: int, seconds: float) -> Fetched:
        return retrieve(
            url,
            to,
            allow_hosts=(),
            contact=self._contact,
            limit_bytes=limit,
            seconds=seconds,
            guard=self._guard,
        )

    def _robots(self, url: str) -> str:
        return robots_text(
            url,
            self._folder.temporary(),
            lambda url, path: self._retrieve(url, path, ROBOTS_BYTES, SECONDS[MediaKind.PICTURE]),
        )


def filled(item: MediaItem, file: KeptFile, failure: Failure | None) -> MediaItem:
    return replace(item, sha256=file.sha256, format=file.format, size=file.size, failure=failure)
