"""Jobs and answers as one line of JSON each, between `workers` and its worker processes.

Not pickle: a worker that a hostile picture has taken over must not be able to run anything in the parent.
What comes back is checked field by field, by the plain readers below (ValueError or TypeError) and those of
`wire_alignments`.
"""

import base64
import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import numpy as np

from detector.pictures.decode import Picture
from detector.processes.jobs import DrawJob, ExamineJob, Reference, ShowJob, VerifyJob
from storage.boxes import Box
from storage.records import Examination, Extent, Failure, Fingerprint, OriginEvidence

Job = ExamineJob | VerifyJob | ShowJob | DrawJob
Checked = TypeVar("Checked")

# --- jobs ---------------------------------------------------------------------------------------------------


def examine_line(job: ExamineJob, seconds: float) -> bytes:
    """`seconds`: wall time that the job may take."""
    listed = None if job.stages is None else list(job.stages)
    trust = None if job.trust is None else _hex(job.trust)
    return line(
        {"seconds": seconds, "examine": _hex(job.path), "stages": listed, "exact": job.exact, "trust": trust}
    )


def verify_line(
    picture: Path, references: Sequence[Reference], closely: Mapping[str, Sequence[Box]], seconds: float
) -> bytes:
    beside = [[sha256, _hex(path), at] for sha256, path, at in references]
    marks = {
        sha256: [[box.x, box.y, box.w, box.h] for box in closely[sha256]]
        for sha256 in dict.fromkeys(sha256 for sha256, _, _ in references)
        if sha256 in closely
    }
    return line({"seconds": seconds, "verify": _hex(picture), "references": beside, "closely": marks})


def show_line(job: ShowJob, seconds: float) -> bytes:
    return line({"seconds": seconds, "show": _hex(job.path), "at": job.at, "edge": job.edge})


def draw_line(job: DrawJob, seconds: float) -> bytes:
    return line({"seconds": seconds, "draw": _hex(job.path)})


def read_job(words: bytes) -> tuple[Job, float]:
    """What the parent wants (a VerifyJob without its key), and how many seconds it may take."""
    job = json.loads(words)
    seconds = float(job["seconds"])
    if "examine" in job:
        stages = None if job["stages"] is None else tuple(job["stages"])
        trust = None if job["trust"] is None else _path(job["trust"])
        return ExamineJob(_path(job["examine"]), stages, job["exact"] is True, trust), seconds
    if "verify" in job:
        beside = tuple((sha256, _path(path), at) for sha256, path, at in job["references"])
        closely = {sha256: tuple(Box(*box) for box in marks) for sha256, marks in job["closely"].items()}
        return VerifyJob(None, _path(job["verify"]), beside, closely), seconds
    if "draw" in job:
        return DrawJob(_path(job["draw"])), seconds
    return ShowJob(_path(job["show"]), job["at"], job["edge"]), seconds


def _hex(path: Path) -> str:
    """File names are bytes, and need not be text."""
    return os.fsencode(path).hex()


def _path(digits: str) -> Path:
    return Path(os.fsdecode(bytes.fromhex(digits)))


# --- examinations -------------------------------------------------------------------------------------------


def examination_line(examination: Examination) -> bytes:
    document = asdict(examination)
    for one in document["fingerprints"]:
        one["bits"] = one["bits"].hex()
    return line(document)


def read_examination(words: bytes) -> Examination:
    """Raises ValueError for anything that is not an examination."""
    return checked(words, "examination", _examination)


def _examination(document: dict[str, Any]) -> Examination:
    return Examination(
        sha256=text(document["sha256"]),
        format=text(document["format"]),
        width=whole(document["width"]),
        height=whole(document["height"]),
        fingerprints=tuple(_fingerprint(one) for one in document["fingerprints"]),
        evidence=tuple(_evidence(one) for one in document["evidence"]),
        too_little=document["too_little"] is True,
        stages={text(name): text(version) for name, version in document["stages"].items()},
        failure=failure_or_none(document["failure"]),
        may_bear_text=None if document["may_bear_text"] is None else document["may_bear_text"] is True,
    )


def _fingerprint(one: dict[str, Any]) -> Fingerprint:
    quality = one["quality"]
    return Fingerprint(
        algorithm=text(one["algorithm"]),
        bits=bytes.fromhex(text(one["bits"])),
        quality=None if quality is None else whole(quality),
        at=second(one["at"]),
    )


def _evidence(one: dict[str, Any]) -> OriginEvidence:
    reader, signal, detail = (text(one[name]) for name in ("reader", "signal", "detail"))
    return OriginEvidence(reader, signal, detail, Extent(one["extent"]), whole(one["level"]))


# --- pictures -----------------------------------------------------------------------------------------------


def picture_line(picture: Picture | None, failure: Failure | None = None) -> bytes:
    if picture is None:
        return line({"rgb": None, "failure": None if failure is None else asdict(failure)})
    high, wide = picture.pixels.shape[:2]
    packed = base64.b64encode(picture.pixels.tobytes()).decode()
    return line(
        {"rgb": packed, "shape": [high, wide], "whole": [picture.width, picture.height], "failure": None}
    )


def read_picture(words: bytes, edge: int) -> tuple[Picture | None, Failure | None]:
    """At most `edge` px either way. Raises ValueError for anything else."""

    def picture(document: dict[str, Any]) -> tuple[Picture | None, Failure | None]:
        failure = failure_or_none(document["failure"])
        if document["rgb"] is None:
            return None, failure or Failure("worker_died", "it gave no picture and no reason")
        high, wide = (whole(side, 1, edge) for side in document["shape"])
        width, height = (whole(side, 1) for side in document["whole"])
        numbers = np.frombuffer(base64.b64decode(text(document["rgb"]), validate=True), np.uint8)
        return Picture(numbers.reshape(high, wide, 3), width, height), failure

    return checked(words, "picture", picture)


# --- what anything consists of ------------------------------------------------------------------------------


def line(document: object) -> bytes:
    """Raises ValueError for NaN and infinity, which JSON does not know."""
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def checked(words: bytes, what: str, read: Callable[[dict[str, Any]], Checked]) -> Checked:
    """Raises ValueError whatever is wrong."""
    try:
        return read(json.loads(words, parse_constant=_no_number))
    except (KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(f"not an {what}: {error!r:.200}") from error


def failure_or_none(one: dict[str, Any] | None) -> Failure | None:
    return None if one is None else Failure(text(one["kind"]), text(one["message"]), text(one["where"]))


def text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value


def whole(value: object, low: float = -math.inf, high: float = math.inf) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise TypeError(f"a whole number from {low} to {high} expected, not {value!r:.40}")
    return value


def number(value: object, low: float, high: float) -> float:
    """Finite, and within these."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise TypeError(f"a number from {low} to {high} expected, not {value!r:.40}")
    return float(value)


def second(value: object) -> float | None:
    """Of a video."""
    return None if value is None else number(value, 0, 1e9)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")
