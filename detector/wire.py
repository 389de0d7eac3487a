"""Jobs and examinations as one line of JSON each, between `workers` and its worker processes.

Not pickle: a worker that a hostile picture has taken over must not be able to run anything in the parent.
What comes back is checked field by field.
"""

import json
import math
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from storage.records import Examination, Extent, Failure, Fingerprint, OriginEvidence


def job_line(path: Path, stages: Sequence[str] | None, *, exact: bool = False) -> bytes:
    """The path goes as hex: file names are bytes, and need not be text."""
    listed = None if stages is None else list(stages)
    return _line({"path": os.fsencode(path).hex(), "stages": listed, "exact": exact})


def read_job(line: bytes) -> tuple[Path, tuple[str, ...] | None, bool]:
    """The file, the stages and whether the whole decode is to be hashed."""
    job = json.loads(line)
    stages = job["stages"]
    path = Path(os.fsdecode(bytes.fromhex(job["path"])))
    return path, None if stages is None else tuple(stages), job["exact"] is True


def examination_line(examination: Examination) -> bytes:
    document = asdict(examination)
    for one in document["fingerprints"]:
        one["bits"] = one["bits"].hex()
    return _line(document)


def read_examination(line: bytes) -> Examination:
    """Raises ValueError for anything that is not an examination."""
    try:
        document = json.loads(line)
        failure = document["failure"]
        return Examination(
            sha256=_text(document["sha256"]),
            format=_text(document["format"]),
            width=_whole(document["width"]),
            height=_whole(document["height"]),
            fingerprints=tuple(_fingerprint(one) for one in document["fingerprints"]),
            evidence=tuple(_evidence(one) for one in document["evidence"]),
            too_little=document["too_little"] is True,
            stages={_text(name): _text(version) for name, version in document["stages"].items()},
            failure=None if failure is None else _failure(failure),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not an examination: {error!r}") from error


def _fingerprint(one: dict[str, Any]) -> Fingerprint:
    quality, at = one["quality"], one["at"]
    return Fingerprint(
        algorithm=_text(one["algorithm"]),
        bits=bytes.fromhex(_text(one["bits"])),
        quality=None if quality is None else _whole(quality),
        at=None if at is None else _seconds(at),
    )


def _evidence(one: dict[str, Any]) -> OriginEvidence:
    reader, signal, detail = (_text(one[name]) for name in ("reader", "signal", "detail"))
    return OriginEvidence(reader, signal, detail, Extent(one["extent"]), _whole(one["level"]))


def _failure(one: dict[str, Any]) -> Failure:
    return Failure(_text(one["kind"]), _text(one["message"]), _text(one["where"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"a whole number expected, not {type(value).__name__}")
    return value


def _seconds(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < math.inf:
        raise TypeError(f"seconds expected, not {value!r:.40}")
    return float(value)


def _line(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"
