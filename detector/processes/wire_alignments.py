"""What a worker says about a verified picture, as one line of JSON, checked field by field (see `wire`)."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from detector.matching.candidate import Alignment, Matrix
from detector.processes.wire import checked, failure_or_none, line, number, second, text, whole
from storage.changes import Change, ChangeKind
from storage.records import Box, Failure, MatchKind

ROUNDING = 1e-6  # a share may be that much over 1
MOST_WORDS = 500  # characters of a reason
MOST_INLIERS = 100_000
MOST_PX = 10_000.0
MOST_SCALE = 1e9  # of a number in a matrix
MOST_CHANGES = 200  # of one picture beside one reference


def alignments_line(alignments: Iterable[Alignment], failure: Failure | None) -> bytes:
    """Raises ValueError for what is no number."""
    told = None if failure is None else asdict(failure)
    return line({"alignments": [asdict(one) for one in alignments], "failure": told})


def read_alignments(
    words: bytes, asked: Iterable[tuple[str, float | None]]
) -> tuple[tuple[Alignment, ...], Failure | None]:
    """Of the references (and frames) asked for, each once; without a failure, all of them. Raises ValueError
    for anything else."""
    alignments, failure = checked(words, "answer to verifying", _answer)
    found, wanted = [(one.reference, one.at) for one in alignments], set(asked)
    if len(set(found)) < len(found) or not wanted.issuperset(found):
        raise ValueError("it answers what was not asked")
    if failure is None and len(found) < len(wanted):
        raise ValueError("it does not answer all that was asked")
    return alignments, failure


def _answer(document: dict[str, Any]) -> tuple[tuple[Alignment, ...], Failure | None]:
    return tuple(_alignment(one) for one in document["alignments"]), failure_or_none(document["failure"])


def _alignment(one: dict[str, Any]) -> Alignment:
    kind, matrix, region = one["kind"], one["matrix"], one["region"]
    return Alignment(
        reference=text(one["reference"]),
        kind=None if kind is None else MatchKind(text(kind)),
        reason=_words(one["reason"]),
        at=second(one["at"]),
        matrix=None if matrix is None else _matrix(matrix),
        region=None if region is None else _box(region),
        transform=_words(one["transform"]),
        overlap=_share(one["overlap"]),
        inliers=whole(one["inliers"], 0, MOST_INLIERS),
        residual=number(one["residual"], 0, MOST_PX),
        agreement=_share(one["agreement"]),
        too_little=one["too_little"] is True,
        stretch=number(one["stretch"], 0, MOST_SCALE),
        changes=_changes(one["changes"]),
    )


def _changes(changes: list[dict[str, Any]]) -> tuple[Change, ...]:
    if not isinstance(changes, list) or len(changes) > MOST_CHANGES:
        raise ValueError("a list of what was done to it expected, and a short one")
    return tuple(
        Change(
            kind=ChangeKind(text(one["kind"])),
            region=None if one["region"] is None else _box(one["region"]),
            reference_region=_box(one["reference_region"]),
            share=_share(one["share"]),
            reason=_words(one["reason"]),
        )
        for one in changes
    )


def _matrix(numbers: list[object]) -> Matrix:
    a, b, c, d, e, f, g, h, i = (number(one, -MOST_SCALE, MOST_SCALE) for one in numbers)
    return a, b, c, d, e, f, g, h, i


def _box(one: dict[str, Any]) -> Box:
    x, y, w, h = (_share(one[name]) for name in ("x", "y", "w", "h"))
    if x + w > 1 + 1e-3 or y + h > 1 + 1e-3:
        raise ValueError("the region lies outside the picture")
    return Box(x, y, min(w, 1 - x), min(h, 1 - y))


def _share(value: object) -> float:
    return min(1.0, max(0.0, number(value, -ROUNDING, 1 + ROUNDING)))


def _words(value: object) -> str:
    words = text(value)
    if len(words) > MOST_WORDS or not words.isprintable():
        raise ValueError("a reason is short and in one line")
    return words
