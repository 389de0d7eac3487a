"""Records that are kept whole, as JSON documents: there and back."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter

from storage.records import Answer, Box, Failure, PlatformTag, Reading

T = TypeVar("T")

_ANSWER = TypeAdapter(Answer)
_BOX = TypeAdapter(Box)
_FAILURE = TypeAdapter(Failure)
_READINGS = TypeAdapter(tuple[Reading, ...])
_TAG = TypeAdapter(PlatformTag)


def failure_document(failure: Failure | None) -> dict[str, Any] | None:
    if failure is None:
        return None
    return {"kind": failure.kind, "message": failure.message, "where": failure.where}


def failure(document: Mapping[str, Any] | None) -> Failure | None:
    return None if document is None else _FAILURE.validate_python(document)


def failures(documents: Iterable[Mapping[str, Any]]) -> tuple[Failure, ...]:
    return tuple(_FAILURE.validate_python(document) for document in documents)


def box_document(box: Box | None) -> dict[str, Any] | None:
    return None if box is None else {"x": box.x, "y": box.y, "w": box.w, "h": box.h}


def box(document: Mapping[str, Any] | None) -> Box | None:
    return None if document is None else _BOX.validate_python(document)


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
    return _TAG.validate_python(document)


def readings_document(readings: Iterable[Reading]) -> list[Any]:
    document: list[Any] = _READINGS.dump_python(tuple(readings), mode="json")
    return document


def readings(document: Iterable[Any] | None) -> tuple[Reading, ...]:
    return _READINGS.validate_python(document or ())


def answer_document(answer: Answer) -> dict[str, Any]:
    document: dict[str, Any] = _ANSWER.dump_python(answer, mode="json")
    return document


def answer(document: Mapping[str, Any]) -> Answer:
    return _ANSWER.validate_python(document)
