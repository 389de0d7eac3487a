"""Whatever went wrong on the way, as a named record."""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from crawler.tls import in_plain_words
from storage.errors import TwinwatchError
from storage.records import Failure

KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (TimeoutError, "timeout"),
    (DownloadTimeoutError, "timeout"),
    (CannotResolveHostError, "name_not_resolved"),
    (DownloadConnectionRefusedError, "connection_refused"),
    (ResponseDataLossError, "cut_body"),
    (DownloadCancelledError, "too_large"),
    (DownloadFailedError, "download_failed"),
    (UnsupportedURLSchemeError, "bad_url"),
    (NotSupported, "bad_url"),
    (IgnoreRequest, "not_fetched"),
    (OSError, "connection_failed"),
)


def failure_of(error: BaseException, where: str) -> Failure:
    """`where` is used unless the error knows better. An error we have no name for is "unexpected", with its
    type."""
    if isinstance(error, TwinwatchError):
        return Failure(error.kind, str(error), error.where or where)
    if isinstance(error, IgnoreRequest) and "DOWNLOAD_MAXSIZE" in str(error):  # it unpacks to more
        return Failure("too_large", str(error)[:500], where)
    if isinstance(error, IgnoreRequest) and "robots" in str(error):
        return Failure("robots_forbidden", "robots.txt asks not to fetch this", where)
    if isinstance(error, IgnoreRequest) and "redirect" in str(error):
        return Failure("too_many_redirects", str(error), where)
    if isinstance(error, DownloadFailedError) and (said := in_plain_words(f"{error} {error.__cause__!r}")):
        return Failure("tls", said, where)
    for kind, name in KINDS:
        if isinstance(error, kind):
            return Failure(name, str(error)[:500] or name, where)
    return Failure("unexpected", f"{type(error).__name__}: {str(error)[:500]}", where)
