"""How the desk says no: a page in words to whoever looks at pages, a line to others."""

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from desk.web.api import app as api
from desk.web.api.problems import told as problem
from desk.web.cannot_be import wrongs
from desk.web.guard import words_of
from desk.web.render import page
from storage.errors import StoreError

_LINES = {401: "Log in first.", 403: "Not allowed.", 404: "Not found."}


async def refused(request: Request, error: Exception) -> Response:
    """Whatever says so, a route or the lack of one."""
    status = _status(error)
    if request.url.path.startswith(f"{api.BELOW}/"):  # an address with a line's end in it finds no mount
        return problem(status)
    if status == 401 and request.method == "GET":
        return RedirectResponse("/login", 303)
    headers = error.headers if isinstance(error, HTTPException) else None  # which methods there are (405)
    wrong = [one.said(words_of(request)) for one in wrongs(error)]
    if "text/html" in request.headers.get("accept", ""):
        why = error.detail if isinstance(error, HTTPException) else ""
        answer: Response = page(request, "refused.html", status=status, code=status, why=why, wrong=wrong)
    else:
        answer = PlainTextResponse("\n".join(wrong) or _LINES.get(status, "No."), status)
    answer.headers.update(headers or {})
    return answer


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, RequestValidationError):
        return 422
    return 503 if _busy(error) else 500


def _busy(error: Exception) -> bool:
    """A night that writes for long keeps others from writing, and is over at some time."""
    return isinstance(error, StoreError) and error.kind == "database_busy"
