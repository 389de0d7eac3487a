"""One file, looked at once: every fingerprint from one decode, every origin reader on the raw bytes.

Pure and in this process; hostile files belong into `detector.workers`, which calls this. A stage that fails
is recorded at its version with the reason, so that the same file is not tried again every night, only when a
stage is newer.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from detector.decode import Picture, decode
from detector.hashing import hashes, too_little
from detector.reader import readers, unreadable
from storage.errors import PictureError
from storage.formats import format_of
from storage.records import Examination, Failure, Fingerprint, OriginEvidence

FINGERPRINT = "fingerprint"
ORIGIN = "origin"
TEXT_LIMIT = 2000  # characters of a stranger's words in one piece of evidence


def stage_versions() -> Mapping[str, str]:
    """Every stage that an examination can run, with today's version: "fingerprint:pdq", "origin:c2pa" …"""
    return {
        **{f"{FINGERPRINT}:{name}": module.VERSION for name, module in hashes().items()},
        **{f"{ORIGIN}:{name}": module.VERSION for name, module in readers().items()},
    }


@dataclass(slots=True)
class _Look:
    """What is gathered while one file is looked at."""

    data: bytes
    format: str
    picture: Picture | None = None
    fingerprints: list[Fingerprint] = field(default_factory=list)
    evidence: list[OriginEvidence] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def examine(data: bytes, stages: Collection[str] | None = None) -> Examination:
    """Run these stages (None: all) on a file's bytes. What went wrong is in `failure`, the decoder's word
    first.

    Raises ValueError for a stage that there is not: a mistake of the caller, not of the file.
    """
    versions = stage_versions()
    wanted = versions.keys() if stages is None else set(stages)
    if unknown := sorted(wanted - versions.keys()):
        raise ValueError(f"no such stage: {', '.join(unknown)}")
    look = _Look(data, format_of(data))
    _read_origin(look, wanted)
    _take_fingerprints(look, wanted)
    return Examination(
        sha256=hashlib.sha256(data).hexdigest(),
        format=look.format,
        width=look.picture.width if look.picture else 0,
        height=look.picture.height if look.picture else 0,
        fingerprints=tuple(look.fingerprints),
        evidence=tuple(look.evidence),
        too_little=too_little(look.fingerprints),
        stages={name: version for name, version in versions.items() if name in wanted},
        failure=look.failures[-1] if look.failures else None,
    )


def not_looked_at(failure: Failure, stages: Collection[str] | None, sha256: str = "") -> Examination:
    """The answer for a file that no stage could be run on: all of them count as run, and failed."""
    versions = stage_versions()
    ran = {name: version for name, version in versions.items() if stages is None or name in stages}
    return Examination(sha256, "", 0, 0, (), (), too_little=False, stages=ran, failure=failure)


def _read_origin(look: _Look, wanted: Collection[str]) -> None:
    for name, reader in readers().items():
        stage = f"{ORIGIN}:{name}"
        if stage not in wanted:
            continue
        try:
            look.evidence += map(_plain, reader.read(look.data, look.format))
        except Exception as error:  # hostile bytes find ways into any parser; recorded, and the others go on
            words = _printable(f"{type(error).__name__}: {error}")[:300]
            look.failures.append(Failure("reader_failed", words, stage))
            look.evidence.append(unreadable(name, "the reader failed", words))


def _take_fingerprints(look: _Look, wanted: Collection[str]) -> None:
    asked = {name: module for name, module in hashes().items() if f"{FINGERPRINT}:{name}" in wanted}
    if not asked:
        return
    try:
        look.picture = decode(look.data, look.format)
    except PictureError as error:
        look.failures.append(Failure(error.kind, _printable(str(error))))
        return
    for module in asked.values():
        look.fingerprints += module.fingerprints(look.picture.pixels)


def _plain(evidence: OriginEvidence) -> OriginEvidence:
    """What a stranger wrote, fit to be kept and shown: one line, no control characters, not endless."""
    signal, detail = _printable(evidence.signal), _printable(evidence.detail)
    return replace(evidence, signal=signal[:200], detail=detail[:TEXT_LIMIT])


def _printable(words: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in words)
