"""One file, looked at once: every fingerprint from one small decode, every origin reader on the raw bytes.

Pure and in this process; hostile files belong into `detector.processes.workers`, which calls this. A stage
that fails is recorded at its version with the reason, so that the same file is not tried again every night,
only when a stage is newer.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TypeVar

from detector.fingerprints import (
    FINGERPRINT,
    REFERENCE_EDGE,
    Taken,
    exact_hashes,
    hash_stages,
    parts,
    picture_stages,
    quick_hashes,
    reference_parts,
    reference_stages,
)
from detector.hashing import too_little
from detector.hints import TEXT, hint_stages, may_bear_text
from detector.matching.local_features import local
from detector.pictures.complaints import damage_heard
from detector.pictures.decode import VIDEOS, Picture, SmallPicture, decode, decode_small
from detector.pictures.frames import frames, moves
from detector.reader import answer_of, reader_versions, readers, unreadable
from detector.trust import NO_TRUST, Trust
from storage.errors import PictureError
from storage.formats import format_of
from storage.records import Examination, Failure, Fingerprint, OriginEvidence

ORIGIN = "origin"
Decoded = TypeVar("Decoded", Picture, SmallPicture)
TEXT_LIMIT = 2000  # characters of a stranger's words in one piece of evidence


def stage_versions(trust: Trust = NO_TRUST) -> Mapping[str, str]:
    """Every stage that a collected file goes through, with today's version: "fingerprint:pdq",
    "origin:c2pa" …; the version of a stage that asks whom to trust names the lists."""
    origin = {f"{ORIGIN}:{name}": version for name, version in reader_versions(trust).items()}
    return {**picture_stages(), **hint_stages(), **origin}


def reference_stage_versions(trust: Trust = NO_TRUST) -> Mapping[str, str]:
    """The same, and what only registered pictures go through."""
    return {**stage_versions(trust), **reference_stages()}


@dataclass(slots=True)
class _Look:
    """What is gathered while one file is looked at."""

    data: bytes
    format: str
    width: int = 0
    height: int = 0
    fingerprints: list[Fingerprint] = field(default_factory=list)
    evidence: list[OriginEvidence] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    may_bear_text: bool | None = None


def examine(
    data: bytes, stages: Collection[str] | None = None, *, exact: bool = False, trust: Trust = NO_TRUST
) -> Examination:
    """Run these stages (None: those of `stage_versions`) on a file's bytes. What went wrong is in `failure`,
    the decoder's word first. `exact`: hash the whole decode, as Meta does; else a small one, which is several
    times quicker and moves a few bits (docs/benchmarks/hashing.md).

    Raises ValueError for a stage that there is not: a mistake of the caller, not of the file.
    """
    versions = reference_stage_versions(trust)
    wanted = set(stage_versions() if stages is None else stages)
    if unknown := sorted(wanted - versions.keys()):
        raise ValueError(f"no such stage: {', '.join(unknown)}")
    damage_heard()  # what is left of the file before
    look = _Look(data, format_of(data))
    _read_origin(look, wanted, trust)
    _take_fingerprints(look, wanted, exact=exact)
    _take_hints(look, wanted)
    _note_damage(look)
    return Examination(
        sha256=hashlib.sha256(data).hexdigest(),
        format=look.format,
        width=look.width,
        height=look.height,
        fingerprints=tuple(look.fingerprints),
        evidence=tuple(look.evidence),
        too_little=_too_little(look.fingerprints, features=f"{FINGERPRINT}:{local.ALGORITHM}" in wanted),
        stages={name: version for name, version in versions.items() if name in wanted},
        failure=look.failures[-1] if look.failures else None,
        may_bear_text=look.may_bear_text,
    )


def not_looked_at(
    failure: Failure, stages: Collection[str] | None, sha256: str = "", *, trust: Trust = NO_TRUST
) -> Examination:
    """The answer for a file that no stage could be run on: all of them count as run, and failed."""
    wanted = stage_versions() if stages is None else stages
    ran = {name: version for name, version in reference_stage_versions(trust).items() if name in wanted}
    return Examination(sha256, "", 0, 0, (), (), too_little=False, stages=ran, failure=failure)


def _read_origin(look: _Look, wanted: Collection[str], trust: Trust) -> None:
    for name, reader in readers().items():
        stage = f"{ORIGIN}:{name}"
        if stage not in wanted:
            continue
        try:
            look.evidence += map(_plain, answer_of(reader, look.data, look.format, trust))
        except Exception as error:  # hostile bytes find ways into any parser; recorded, and the others go on
            words = _printable(f"{type(error).__name__}: {error}")[:300]
            look.failures.append(Failure("reader_failed", words, stage))
            look.evidence.append(unreadable(name, "the reader failed", words))


def _take_fingerprints(look: _Look, wanted: Collection[str], *, exact: bool) -> None:
    asked = {stage for stage in wanted if stage.startswith(f"{FINGERPRINT}:")}
    try:
        if look.format not in VIDEOS:
            _take_picture(look, asked, exact=exact)
        if moves(look.format) and wanted & picture_stages().keys():
            _take_frames(look, wanted)
    except PictureError as error:
        look.failures.append(Failure(error.kind, _printable(str(error))))


def _take_hints(look: _Look, wanted: Collection[str]) -> None:
    """Why a picture could not be decoded, the fingerprints say."""
    if TEXT in wanted:
        with suppress(PictureError):
            look.may_bear_text = may_bear_text(look.data, look.format)


def _note_damage(look: _Look) -> None:
    """A viewer shows such a picture too, and a part of it is grey or anything: what is seen of it counts, and
    what is not may have been there."""
    if (said := damage_heard()) and look.fingerprints:
        look.failures.append(Failure("damaged", f"a part of the file is damaged: {_printable(said)[:200]}"))


def _take_picture(look: _Look, asked: Collection[str], *, exact: bool) -> None:
    asked = set(asked)
    if exact and asked & hash_stages().keys():
        whole = _seen(look, decode(look.data, look.format))
        _keep(look, exact_hashes(whole, asked))
        asked -= hash_stages().keys()
    if asked & picture_stages().keys():
        small = _seen(look, decode_small(look.data, look.format))
        _keep(look, quick_hashes(small, asked))
        _keep(look, parts(small, asked))
    if asked & reference_stages().keys():
        larger = _seen(look, decode_small(look.data, look.format, long_edge=REFERENCE_EDGE))
        _keep(look, reference_parts(larger, asked))


def _take_frames(look: _Look, asked: Collection[str]) -> None:
    """Of an animation the first frame is the picture itself, which has no time."""
    for frame in frames(look.data, look.format):
        if frame.at or look.format in VIDEOS:
            small = _seen(look, frame.picture)
            _keep(look, quick_hashes(small, asked), frame.at)
            _keep(look, parts(small, asked), frame.at)


def _seen(look: _Look, picture: Decoded) -> Decoded:
    look.width, look.height = picture.width, picture.height
    return picture


def _keep(look: _Look, taken: Iterable[Taken], at: float | None = None) -> None:
    for one in taken:
        if isinstance(one, Failure):
            look.failures.append(replace(one, message=_printable(one.message)[:300]))
        else:
            look.fingerprints += one if at is None else (replace(each, at=at) for each in one)


def _too_little(fingerprints: Iterable[Fingerprint], *, features: bool) -> bool:
    """The picture is, or every frame of the video: too flat to be hashed or, where features were looked for,
    with too few of them (an icon, a strip)."""
    each = []
    for _, of_one in groupby(fingerprints, lambda one: one.at):
        kept = tuple(of_one)
        few = sum(local.count(one) for one in kept) < local.FEW
        each.append(too_little(kept) or (features and few))
    return bool(each) and all(each)


def _plain(evidence: OriginEvidence) -> OriginEvidence:
    """What a stranger wrote, fit to be kept and shown: one line, no control characters, not endless."""
    signal, detail = _printable(evidence.signal), _printable(evidence.detail)
    return replace(evidence, signal=signal[:200], detail=detail[:TEXT_LIMIT])


def _printable(words: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in words)
