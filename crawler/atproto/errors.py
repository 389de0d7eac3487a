"""What an XRPC server says when it does not answer: {"error": NAME, "message": …} with HTTP 4xx."""

from crawler.pages import Answer
from crawler.wild_json import read_json, text_at
from storage.errors import CrawlError

NAMES = {
    "RepoNotFound": "repo_not_found",
    "RepoTakendown": "repo_takendown",
    "RepoSuspended": "repo_suspended",
    "RepoDeactivated": "repo_deactivated",
    "RecordNotFound": "record_not_found",
    "RateLimitExceeded": "rate_limited",
    "HandleNotFound": "handle_not_found",
}


def error_name(answer: Answer) -> str:
    """The server's own name of the error, "" where it gives none."""
    try:
        return text_at(read_json(answer.body, answer.url), "error")
    except CrawlError:
        return ""


def raise_for(answer: Answer, where: str) -> None:
    """Raises CrawlError for anything but 200: kind by the server's name of it, else "http_status"."""
    if answer.status == 200:
        return
    name = error_name(answer)
    message = _message(answer)
    kind = NAMES.get(name, "http_status")
    if name == "InvalidRequest" and message.startswith("Could not find repo"):
        kind = "repo_not_found"  # what a PDS says for an account that it never had
    if name == "InvalidRequest" and "resolve handle" in message:
        kind = "handle_not_found"
    raise CrawlError(f"HTTP {answer.status} {name} {message}".strip()[:300], kind=kind, where=where)


def _message(answer: Answer) -> str:
    try:
        return text_at(read_json(answer.body, answer.url), "message")
    except CrawlError:
        return ""
