"""The Capture behind an imported post: what the tool wrote down of its retrieval, and where in the kept file
the raw object stands.

Nobody of ours made the retrieval, which `status` 0 says; an archive that knows the server's answer has the
real one.
"""

from datetime import UTC, datetime

from crawler.agent import program_version
from crawler.intake.entries import Place
from storage.crawled import Capture

NOT_OURS = 0  # the status of a retrieval that somebody's browser or tool made


def signature(name: str, version: str) -> str:
    """Format, its version and the program's, as every Capture carries it."""
    return f"{name}/{version} twinwatch/{program_version()}"


def brought(url: str, page: str, at: datetime, place: Place, who: str, raw: bytes | None = None) -> Capture:
    """`sha256` is filled in when the raw form is kept."""
    said = (
        ("x-import-line", str(place.line)),
        ("x-import-name", place.name),
        ("x-import-bytes", f"{place.offset}-{place.offset + place.length}" if place.length else ""),
    )
    headers = tuple((name, value) for name, value in said if value)
    size = place.length or len(raw or b"")
    return Capture(url[:4000], (page or url)[:4000], at, NOT_OURS, headers, "", size, who)


def moment(value: object, now: datetime) -> datetime | None:
    """Epoch milliseconds (or seconds) of a tool's own clock; None where it is none or cannot be."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        at = datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if datetime(2010, 1, 1, tzinfo=UTC) <= at <= now else None
