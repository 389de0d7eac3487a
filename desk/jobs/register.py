"""Registering a twin: all pictures are looked at first, then either everything is registered or nothing
is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from desk.jobs.matching import FileToMatch, Matcher, as_reference, kept_in, reference_stages
from desk.jobs.pictures import FILE_LIMIT, Looked, look
from desk.jobs.reference_marks import SeenMark, marks_seen
from detector.decode import VIDEOS
from detector.matching.bank import Bank
from detector.trust import NO_TRUST, Trust
from detector.workers import Workers
from storage.errors import RegistryError
from storage.handed import Handed
from storage.records import Box, MatchKind, Placed, ReferenceImage, ReferenceKind, Twin
from storage.store import Store

SURE = (MatchKind.COPY, MatchKind.LIKELY_COPY, MatchKind.FINGERPRINT_ONLY)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What was asked for."""

    twin: Twin
    images: tuple[Path, ...]
    basis: str
    attested_by: str = ""
    mark_box: Box | None = None
    look_for_mark: bool = True  # where no box is given: what the reader of marks finds is taken


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What was done. `known` are pictures that were registered already; warnings stop nothing."""

    new: tuple[ReferenceImage, ...]
    known: tuple[str, ...]
    warnings: tuple[str, ...]
    marked: tuple[str, ...] = ()  # of the known ones: their mark is said to stand elsewhere than before
    seen: Mapping[str, SeenMark] = field(
        default_factory=dict
    )  # of the new ones, by SHA-256: found by the reader


def register(store: Store, enrolment: Enrolment, trust: Trust = NO_TRUST) -> Enrolled:
    """Raises RegistryError when a picture cannot be read, or the name stands for another kind of twin."""
    looked = list(look(enrolment.images, reference_stages(), trust=trust))
    refused = [one for one in looked if one.failure is not None]
    if refused:
        reasons = "; ".join(f"{one.path}: {one.failure.message}" for one in refused if one.failure)
        raise RegistryError(
            f"nothing was registered, since not every picture can be read: {reasons}",
            kind="unreadable_picture",
            where=str(refused[0].path),
        )
    if not looked:
        raise RegistryError("nothing was registered: no picture was found there", kind="no_picture")
    if films := [one.path for one in looked if one.examination and one.examination.format in VIDEOS]:
        raise RegistryError(
            f"nothing was registered: {', '.join(map(str, films))}: a video; register pictures of it, "
            "one of each scene that shows the figure",
            kind="video",
            where=str(films[0]),
        )
    warnings = tuple(_warnings(store, enrolment, looked))
    registered = {
        reference.sha256
        for reference in store.references(enrolment.twin.name)
        if reference.handed is Handed.PICTURE
    }
    seen = _seen(store, enrolment, looked, registered)
    references = [_reference(store, enrolment, one, seen.get(one.path)) for one in looked]
    new = store.add_twin(enrolment.twin, references)
    for one in looked:
        if one.examination is not None:
            store.save_examination(one.examination)
    known = tuple(dict.fromkeys(one.sha256 for one in references if one.sha256 in registered))
    marked: Sequence[str] = ()
    if (enrolment.mark_box is not None or not enrolment.look_for_mark) and known:
        marked = store.bank.mark(enrolment.twin.name, known, enrolment.mark_box)
    told = {
        one.sha256: seen[looks.path]
        for one, looks in zip(references, looked, strict=True)
        if looks.path in seen
    }
    return Enrolled(tuple(new), known, warnings, tuple(marked), told)


def _seen(
    store: Store, enrolment: Enrolment, looked: Sequence[Looked], registered: set[str]
) -> Mapping[Path, SeenMark]:
    """Of pictures that are new and called AI."""
    if enrolment.mark_box is not None or not enrolment.look_for_mark:
        return {}
    if enrolment.twin.kind is ReferenceKind.HUMAN_ORIGINAL:
        return {}
    return marks_seen(
        store,
        [one.path for one in looked if one.examination and one.examination.sha256 not in registered],
    )


def _reference(store: Store, enrolment: Enrolment, looked: Looked, seen: SeenMark | None) -> ReferenceImage:
    if looked.path.stat().st_size > FILE_LIMIT:
        raise RegistryError(
            f"{looked.path}: larger than {FILE_LIMIT} bytes", kind="too_large", where=str(looked.path)
        )
    return ReferenceImage(
        twin=enrolment.twin.name,
        sha256=store.media.put(looked.path.read_bytes()),
        kind=enrolment.twin.kind,
        basis=enrolment.basis,
        attested_by=enrolment.attested_by,
        mark_box=seen.box if seen else enrolment.mark_box,
        mark_placed=_placed(enrolment, seen),
        source=looked.path.name,
        added_at=datetime.now(UTC),
    )


def _placed(enrolment: Enrolment, seen: SeenMark | None) -> Placed:
    if seen:
        return Placed.FOUND
    return Placed.GIVEN if enrolment.mark_box else Placed.UNKNOWN


def _warnings(store: Store, enrolment: Enrolment, looked: Sequence[Looked]) -> list[str]:
    made = []
    if not enrolment.attested_by and enrolment.twin.kind is not ReferenceKind.HUMAN_ORIGINAL:
        made.append(
            "nobody attests these pictures, so a copy of one counts as level 2 at most; "
            "set [crawl] contact or give --attested-by"
        )
    made.extend(
        f"{one.path}: too little in it to be recognised again; exact copies only"
        for one in looked
        if one.examination and one.examination.too_little
    )
    made.extend(
        f"{one.path}: it moves, and only its first picture can be laid on what is found; "
        "register the others by themselves"
        for one in looked
        if one.examination and any(each.at for each in one.examination.fingerprints)
    )
    return [*made, *_like_others(store, enrolment.twin.name, looked)]


def _like_others(store: Store, twin: str, looked: Sequence[Looked]) -> Iterator[str]:
    """A picture of another twin, or one that must never match, was hardly meant to be registered for this
    one."""
    others = [entry for entry in store.bank_entries() if entry[0].twin != twin]
    sought = [(as_reference(negative), prints) for negative, prints in store.bank.negative_entries()]
    negatives = {entry[0].twin for entry in sought}
    files = {
        one.examination.sha256: FileToMatch(one.examination.sha256, one.examination.fingerprints, one.path)
        for one in looked
        if one.examination
    }
    with Workers() as workers:
        matcher = Matcher(Bank([*others, *sought]), kept_in(store), workers)
        found = {file.sha256: conclusion.matches for file, conclusion in matcher.match(files.values())}
    for one in looked:
        matches = found.get(one.examination.sha256, ()) if one.examination else ()
        for other in sorted({match.twin for match in matches if match.kind in SURE}):
            if other in negatives:
                yield f"{one.path}: looks like a picture that must never match (negative {other[1:]})"
            else:
                yield f"{one.path}: looks like a picture registered for {other}"
