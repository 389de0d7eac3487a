"""What a server of the fediverse says when it does not answer. Each case has its own name,
for none of them but one is a deletion.

Source: docs.joinmastodon.org/entities/Error ({"error": …} with 401, 403, 404, 410, 422), /spec/activitypub
("secure mode" answers unsigned requests 401; a deleted object 410 with a Tombstone) (read 2026-11).
"""

from crawler.fediverse.names import Way, id_of, origin
from crawler.pages import Answer, Gone
from crawler.wild_json import read_json, text_at
from storage.errors import CrawlError

# The interface is closed to us and the instance itself says so: another public one may be open.
CLOSED = frozenset({"token_wanted", "signature_required", "forbidden"})
# There is no such interface here, or not for this account.
ABSENT = frozenset({"not_found", "html_page", "not_acceptable", "outbox_hidden", "empty_body"})


def raise_for(answer: Answer, where: str, way: Way = Way.API, server: str = "") -> None:
    """Raises CrawlError for anything but HTTP 200 with a body that is no HTML page; and, with a `server`
    (origin), for an answer that came from elsewhere after redirects."""
    if server and origin(answer.url) != server:
        raise CrawlError(f"{server} leads to {answer.url[:200]}", kind="led_elsewhere", where=where)
    said = error_text(answer)
    message = f"HTTP {answer.status} from {answer.url[:200]}: {said or 'no reason given'}"[:300]
    if answer.status == 200 and not answer.body.strip():
        raise CrawlError(f"an empty body from {answer.url[:200]}", kind="empty_body", where=where)
    if answer.status == 200 and is_html(answer):
        raise CrawlError(
            f"an HTML page from {answer.url[:200]}: a login wall, or no such interface",
            kind="html_page",
            where=where,
        )
    if answer.status != 200:
        raise CrawlError(message, kind=_kind(answer.status, said, way), where=where)


def _kind(status: int, said: str, way: Way) -> str:
    wanted = "signature_required" if way is Way.ACTIVITYPUB else "token_wanted"
    names = {
        401: wanted,
        403: "forbidden" if said else "blocked",  # without a reason of the instance it is a wall before it
        404: "not_found",
        406: "not_acceptable",
        410: "account_gone",
        422: wanted,
    }
    return names.get(status, "http_status")


def error_text(answer: Answer) -> str:
    """The `error` of the answer's JSON, "" where it has none."""
    try:
        return text_at(read_json(answer.body, answer.url), "error").strip()
    except CrawlError:
        return ""


def is_html(answer: Answer) -> bool:
    return answer.body.lstrip()[:1] == b"<"


def gone(answer: Answer, post_id: str) -> Gone | None:
    """Whether this says that one post is no longer there: 404 or 410 with the instance's own JSON error, or a
    Tombstone of this post. A web server's own 404 page says nothing about posts."""
    if answer.status in (404, 410) and (said := error_text(answer)):
        return Gone(f"HTTP {answer.status}: {said[:200]}")
    try:
        body = read_json(answer.body, answer.url)
    except CrawlError:
        return None
    buried = answer.status in (200, 410) and text_at(body, "type") == "Tombstone"
    return Gone("Tombstone") if buried and id_of(text_at(body, "id")) == post_id else None
