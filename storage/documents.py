"""Records that are kept whole, as JSON documents: there and back."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from storage.changes import Change
from storage.records import Answer, Box, Declarer, Failure, PlatformTag, Reading, ReadingState

if TYPE_CHECKING:
    from pydantic import TypeAdapter


WRITTEN = {"kind", "message", "where"}  # of a failure
TAGGED = {"state", "source", "field", "raw", "declared_by", "reason"}


@cache
def _shape(shape: Any) -> "TypeAdapter[Any]":
    """Loaded and built at its first use: most processes that write never read a document back."""
    from pydantic import TypeAdapter  # noqa: PLC0415 (slow to load)

    return TypeAdapter(shape)


def failure_document(failure: Failure | None) -> dict[str, Any] | None:
    if failure is None:
        return None
    return {"kind": failure.kind, "message": failure.message, "where": failure.where}


def failure(document: Mapping[str, Any] | None) -> Failure | None:
    if document is None:
        return None
    if document.keys() == WRITTEN and all(isinstance(one, str) for one in document.values()):
        return Failure(**document)  # as it was written: no need to ask the slow one
    made: Failure = _shape(Failure).validate_python(document)
    return made


def failures(documents: Iterable[Mapping[str, Any]]) -> tuple[Failure, ...]:
    return tuple(made for document in documents if (made := failure(document)))


def box_document(box: Box | None) -> dict[str, Any] | None:
    return None if box is None else {"x": box.x, "y": box.y, "w": box.w, "h": box.h}


def box(document: Mapping[str, Any] | None) -> Box | None:
    return None if document is None else _shape(Box).validate_python(document)


def changes_document(changes: Iterable[Change]) -> list[Any] | None:
    """None where nothing was done, as for most matches."""
    return [
        {
            "kind": change.kind.value,
            "region": box_document(change.region),
            "reference_region": box_document(change.reference_region),
            "share": change.share,
            "reason": change.reason,
        }
        for change in changes
    ] or None


def changes(document: Iterable[Any] | None) -> tuple[Change, ...]:
    return () if document is None else _shape(tuple[Change, ...]).validate_python(document)


def tag_document(tag: PlatformTag) -> dict[str, Any]:
    return {
        "state": tag.state.value,
        "source": tag.source,
        "field": tag.field,
        "raw": tag.raw,
        "declared_by": tag.declared_by.value,
        "reason": tag.reason,
    }


def tag(document: Mapping[str, Any]) -> PlatformTag:
    if document.keys() == TAGGED and all(isinstance(one, str) for one in document.values()):
        state, declared_by = ReadingState(document["state"]), Declarer(document["declared_by"])
        return PlatformTag(**{**document, "state": state, "declared_by": declared_by})  # as it was written
    made: PlatformTag = _shape(PlatformTag).validate_python(document)
    return made


def readings_document(readings: Iterable[Reading]) -> list[Any]:
    document: list[Any] = _shape(tuple[Reading, ...]).dump_python(tuple(readings), mode="json")
    return document


def readings(document: Iterable[Any] | None) -> tuple[Reading, ...]:
    made: tuple[Reading, ...] = _shape(tuple[Reading, ...]).validate_python(document or ())
    return made


def answer_document(answer: Answer) -> dict[str, Any]:
    document: dict[str, Any] = _shape(Answer).dump_python(answer, mode="json")
    return document


def answer(document: Mapping[str, Any]) -> Answer:
    made: Answer = _shape(Answer).validate_python(document)
    return made
