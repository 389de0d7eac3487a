"""What the API answers where it cannot do as it was asked: {"kind", "message", "where"}, as commands do."""

from collections.abc import Iterable, Mapping

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.responses import Response

from desk.output import json_line
from storage.errors import TwinwatchError

JSON = "application/json"
PLAIN = {
    400: ("bad_request", "the request could not be read"),
    401: ("no_token", "show a token: Authorization: Bearer …"),
    403: ("not_allowed", "this token, or whoever it was made for, may not do that"),
    404: ("not_found", "there is nothing here, or nothing that you may see"),
    405: ("method_not_allowed", "not by this method"),
    411: ("length_required", "how long it is must be said first"),
    413: ("too_large", "that is too much at once"),
    421: ("wrong_host", "this desk does not answer under that name"),
    422: ("invalid", "something in what was asked cannot be"),
}
STATUS = {
    "no_finding": 404,
    "nothing_to_undo": 409,
    "decided_since": 409,
    "second_person": 409,
    "day_past": 422,
    "nothing_to_settle": 409,
    "usage": 422,
    "no_alert": 404,
    "too_many_feeds": 409,
    "too_many_findings": 413,
    "database_busy": 503,
    "busy": 429,
}
RETRY_SECONDS = 5


class Problem(HTTPException):
    def __init__(
        self,
        status: int,
        kind: str = "",
        message: str = "",
        where: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        plain_kind, plain = PLAIN.get(status, ("error", "that did not work"))
        super().__init__(status, message or plain, dict(headers or {}))
        self.kind, self.where = kind or plain_kind, where


def told(status: int, kind: str = "", message: str = "", where: str = "") -> Response:
    plain_kind, plain = PLAIN.get(status, ("error", "that did not work"))
    body = {"kind": kind or plain_kind, "message": message or plain, "where": where}
    return Response(json_line(body), status, media_type=JSON)


async def of_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, AnyHTTPException):
        raise error
    kind, where = (error.kind, error.where) if isinstance(error, Problem) else ("", "")
    message = error.detail if isinstance(error, Problem) else ""
    answer = told(error.status_code, kind, str(message), where)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    if error.status_code == 401:
        answer.headers.setdefault("WWW-Authenticate", "Bearer")
    return answer


async def of_validation(request: Request, error: Exception) -> Response:
    """What is wrong, and not what was sent."""
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    places = [_place(one["loc"][1:]) for one in found]
    words = "; ".join(f"{place}: {one['msg']}" for place, one in zip(places, found, strict=True))
    if any(one["type"] == "json_invalid" for one in found):
        return told(400, "bad_json", words[:1000], places[0] if places else "")
    return told(422, "", words[:1000], places[0] if places else "")


def _place(parts: Iterable[object]) -> str:
    """Without pydantic's names of what a field could have been ("str-enum[…]")."""
    return ".".join(str(part) for part in parts if "[" not in str(part))[:200]


async def of_ours(request: Request, error: Exception) -> Response:
    if not isinstance(error, TwinwatchError) or error.kind not in STATUS:
        raise error
    status = STATUS[error.kind]
    answer = told(status, error.kind, str(error), error.where)
    if status in (429, 503):
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer
