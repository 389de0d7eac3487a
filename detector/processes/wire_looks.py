"""Looking at pictures for labels, as lines of JSON between `lookers` and its worker processes. What comes
back is checked field by field (see `wire`)."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from detector.processes.jobs import ControlJob, LookJob
from detector.processes.wire import checked, line, number, text, whole
from storage.records import Box, Declarer, Reading, ReadingState, Surface

ROUNDING = 1e-6  # a share may be that much over 1
MOST_QUOTE = 1000  # characters
MOST_WORDS = 500  # characters of a reason, a field, a value
MOST_VALUES = 40  # of prominence
MOST_NUMBER = 1e9

_ON_PICTURES = (ReadingState.PRESENT, ReadingState.ABSENT, ReadingState.AMBIGUOUS, ReadingState.UNREADABLE)

# --- jobs ---------------------------------------------------------------------------------------------------


def look_line(job: LookJob, seconds: float) -> bytes:
    """File names are bytes, and need not be text."""
    surfaces, moments = [surface.value for surface in job.surfaces], list(job.moments)
    path = os.fsencode(job.path).hex()
    return line(
        {"seconds": seconds, "look": path, "surfaces": surfaces, "moments": moments, "unseen": job.unseen}
    )


def control_line(job: ControlJob, seconds: float) -> bytes:
    return line({"seconds": seconds, "control": job.name})


def read_job(words: bytes) -> tuple[LookJob | ControlJob, float]:
    """What the parent wants, and how many seconds it may take."""
    job = json.loads(words)
    seconds = float(job["seconds"])
    if "control" in job:
        return ControlJob(job["control"]), seconds
    path = Path(os.fsdecode(bytes.fromhex(job["look"])))
    surfaces = tuple(Surface(name) for name in job["surfaces"])
    return LookJob(path, surfaces, tuple(job["moments"]), job["unseen"]), seconds


# --- answers ------------------------------------------------------------------------------------------------


def control_answer(missed: str) -> bytes:
    """ "" when it was found."""
    return line({"missed": missed})


def read_control(words: bytes) -> str:
    """Raises ValueError for anything else."""
    return checked(words, "answer to a control", lambda document: _words(document["missed"]))


def readings_line(readings: Iterable[Reading]) -> bytes:
    """Raises ValueError for what is no number."""
    return line({"readings": [asdict(one) for one in readings]})


def read_readings(words: bytes, asked: Sequence[Surface]) -> tuple[Reading, ...]:
    """One of each surface asked for, in that order. Raises ValueError for anything else."""
    found = checked(words, "answer to looking", _answer)
    if [one.surface for one in found] != list(asked):
        raise ValueError("it does not answer what was asked")
    return found


def _answer(document: Mapping[str, Any]) -> tuple[Reading, ...]:
    return tuple(_reading(one) for one in document["readings"])


def _reading(one: Mapping[str, Any]) -> Reading:
    state = ReadingState(text(one["state"]))
    if state not in _ON_PICTURES:
        raise ValueError(f"{state} is no answer of a look")
    if len(one["prominence"]) > MOST_VALUES:
        raise ValueError("there is too much of it")
    return Reading(
        surface=Surface(text(one["surface"])),
        state=state,
        quote=_words(one["quote"], MOST_QUOTE),
        field=_words(one["field"]),
        box=None if one["box"] is None else _box(one["box"]),
        declared_by=Declarer(text(one["declared_by"])),
        prominence={_words(name): _value(value) for name, value in one["prominence"].items()},
        reason=_words(one["reason"]),
        reader=_words(one["reader"]),
    )


def _box(one: Mapping[str, Any]) -> Box:
    x, y, w, h = (_share(one[name]) for name in ("x", "y", "w", "h"))
    return Box(x, y, min(w, 1 - x), min(h, 1 - y))


def _share(value: object) -> float:
    return min(1.0, max(0.0, number(value, -ROUNDING, 1 + ROUNDING)))


def _value(value: object) -> str | int | float:
    if isinstance(value, str):
        return _words(value)
    if isinstance(value, float):
        return number(value, -MOST_NUMBER, MOST_NUMBER)
    return whole(value, -MOST_NUMBER, MOST_NUMBER)


def _words(value: object, most: int = MOST_WORDS) -> str:
    words = text(value)
    if len(words) > most or not words.isprintable():
        raise ValueError("words are few and in one line")
    return words
