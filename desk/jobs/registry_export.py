"""The registry as a file: `twins export`. As a table it has the columns that `twins import` takes; as PDQ it
is a list of fingerprints, and the only export that holds any."""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from desk.contract import twin_json
from desk.exports.csv import neutral
from desk.jobs.hash_lists import hash_list
from desk.jobs.pictures import look
from desk.output import json_line
from detector.hashes import pdq
from detector.hashing import too_little
from storage.errors import RegistryError
from storage.records import Fingerprint, ReferenceImage, ReferenceKind, Twin
from storage.store import Store

COLUMNS = (
    *("twin", "kind", "model", "agency", "image", "mark_box", "basis", "attested_by", "document", "note"),
)
HUMAN = ReferenceKind.HUMAN_ORIGINAL
NOT_AI = " (human_original: a real person's picture, not AI)"
EXACT = (f"fingerprint:{pdq.ALGORITHM}",)


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"
    PDQ = "pdq"


@dataclass(frozen=True, slots=True)
class Exported:
    """`left_out` says in words of which pictures there is no hash."""

    data: bytes
    twins: int
    pictures: int
    left_out: tuple[str, ...] = ()


def export(store: Store, names: Sequence[str], form: Format) -> Exported:
    """Of these twins, or of all; pictures that were withdrawn are left out. Raises RegistryError, kind
    "no_twin"."""
    known = {twin.name: twin for twin in store.twins()}
    if strangers := [name for name in names if name not in known]:
        raise RegistryError(
            f"no twin is registered as {strangers[0]!r} (`twinwatch twins list`)",
            kind="no_twin",
            where=strangers[0],
        )
    chosen = [known[name] for name in dict.fromkeys(names)] or list(known.values())
    held = [
        (twin, [one for one in store.references(twin.name) if one.withdrawn_at is None]) for twin in chosen
    ]
    if form is Format.PDQ:
        return _hashes(store, held, frozenset(names))
    data = _table(held) if form is Format.CSV else "".join(_lines(held)).encode()
    return Exported(data, len(held), sum(len(pictures) for _, pictures in held))


Held = Sequence[tuple[Twin, Sequence[ReferenceImage]]]


def _lines(held: Held) -> Iterator[str]:
    return (json_line(twin_json(twin, pictures)) for twin, pictures in held)


def _table(held: Held) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for twin, pictures in held:
        for one in pictures:
            box = one.mark_box
            place = ",".join(f"{side:g}" for side in (box.x, box.y, box.w, box.h)) if box else ""
            row = (twin.name, one.kind.value, twin.model, twin.agency, one.source, place, one.basis)
            # The file itself is not kept: its digest stands for it, and is taken by an import.
            last = (one.attested_by, one.document_sha256 or one.document, one.note or twin.note)
            writer.writerow([neutral(cell) for cell in (*row, *last)])
    return "\ufeff".encode() + out.getvalue().encode("utf-8", "replace")


def _hashes(store: Store, held: Held, named: Collection[str]) -> Exported:
    """From the whole decode where the picture is here, as `twinwatch fingerprint` takes it; else as it was
    handed over. A list says of no hash whether its picture is AI, and whoever gets it takes them all for
    that: pictures of a real person are in none that did not ask for them by `named`."""
    real = [twin for twin, _ in held if twin.kind is HUMAN and twin.name not in named]
    held = [(twin, pictures) for twin, pictures in held if twin not in real]
    wanted = sorted({one.sha256 for _, pictures in held for one in pictures})
    here = [sha256 for sha256 in wanted if store.media.has(sha256)]
    found = {sha256: prints for sha256, prints in store.fingerprints(wanted).items() if sha256 not in here}
    for sha256, looked in zip(
        here, look([store.media.path(one) for one in here], EXACT, exact=True), strict=True
    ):
        if looked.examination is not None:
            found[sha256] = looked.examination.fingerprints
    listed: list[tuple[str, Fingerprint]] = []
    left_out = [
        f"{twin.name}: pictures of a real person, registered as not AI; whoever gets the list would take them"
        " for AI (name it, and it is in it)"
        for twin in real
    ]
    for twin, pictures in held:
        said = f"{twin.name}{NOT_AI if twin.kind is HUMAN else ''}"
        for one in pictures:
            hashed = _pdq(found.get(one.sha256, ()))
            if hashed is None:
                left_out.append(
                    f"{twin.name}, picture {one.sha256[:12]}: there is no PDQ of it that tells anything"
                )
            else:
                listed.append((said, hashed))
    return Exported(hash_list(iter(listed)), len(held), len(listed), tuple(left_out))


def _pdq(prints: Sequence[Fingerprint]) -> Fingerprint | None:
    hashed = next((one for one in prints if one.algorithm == pdq.ALGORITHM and one.at is None), None)
    return None if hashed is None or too_little((hashed,)) else hashed
