"""What a person has seen of a finding's picture, written down with a screenshot, and the verdict made again
at once."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from desk.jobs.stages.carried import Settings
from desk.jobs.stages.judge import Judge
from desk.thumbnails import Thumbnails
from storage.errors import ConfigError, StoreError
from storage.formats import HEAD_BYTES, format_of
from storage.records import Finding
from storage.store import Store
from storage.testimony import PersonReading

SCREENSHOT_LIMIT = 32 * 1024 * 1024  # bytes, as for pictures
SHOTS = frozenset({"png", "jpeg", "webp", "avif", "heic", "gif", "tiff", "bmp", "mp4", "mov", "webm"})


@dataclass(frozen=True, slots=True)
class Witnessed:
    """`judged`: the verdict was made again; not where the picture no longer stands in the post."""

    finding: Finding
    given: tuple[PersonReading, ...]  # all of the finding, oldest first
    judged: bool


def witness(store: Store, settings: Settings, seen: PersonReading, screenshot: Path | None) -> Witnessed:
    """Raises StoreError: "no_finding", "nothing_to_undo"; ConfigError for a screenshot that cannot be
    kept."""
    if store.finding(seen.finding_id) is None:
        raise _none(seen.finding_id)
    if screenshot is not None:
        seen = replace(seen, screenshot=_kept(store, screenshot))
    store.looks.add(seen)
    item = store.looks.item(seen.finding_id)
    if item is not None:
        judge = Judge(store, settings)
        store.save_answer(item, judge.stamp, judge.answer(item), datetime.now(UTC))
    finding = store.finding(seen.finding_id)
    if finding is None:
        raise _none(seen.finding_id)
    return Witnessed(finding, tuple(store.looks.given(seen.finding_id)), item is not None)


def _kept(store: Store, path: Path) -> str:
    """Its SHA-256. In a rehearsal the bytes stay where they are: media cannot be rolled back."""
    try:
        with path.open("rb") as file:
            data = file.read(SCREENSHOT_LIMIT + 1)
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read: {error.strerror}", kind="usage", where=str(path)
        ) from error
    if len(data) > SCREENSHOT_LIMIT or format_of(data[:HEAD_BYTES]) not in SHOTS:
        said = f"{path}: expected a screenshot (picture, recording) of at most {SCREENSHOT_LIMIT} bytes"
        raise ConfigError(said, kind="usage", where=str(path))
    with Thumbnails() as thumbnails:  # what nobody can look at proves nothing
        shown = thumbnails.of(path)
    if not shown.jpeg:
        raise ConfigError(f"{path}: no screenshot: {shown.why}", kind="usage", where=str(path))
    return sha256(data).hexdigest() if store.rehearsed else store.media.put(data)


def _none(number: int) -> StoreError:
    return StoreError(
        f"there is no finding {number} (`twinwatch findings list`)", kind="no_finding", where=str(number)
    )
