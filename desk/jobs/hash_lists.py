"""PDQ hashes as plain hex, one a line, in Meta's order: how others hand them over. A reference of which one
hash is all that is known.

    # comments, and empty lines
    f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22
    f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22,97      with its quality
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from desk.jobs.pack_file import MOST_PICTURES, MOST_TOLD, odd_pdq
from desk.jobs.packs import Brought, Terms, enrol
from detector.hashes import pdq
from storage.errors import RegistryError
from storage.handed import Handed
from storage.records import Fingerprint, ReferenceImage, ReferenceKind, Twin
from storage.store import PackedPicture, Store

MOST_BYTES = 8 * 1024**2
STANDARD = ""  # the version of a hash that every program takes alike
_LINE = re.compile(r"([0-9a-fA-F]{64})(?:\s*[,;\s]\s*(\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Listed:
    line: int
    bits: bytes
    quality: int | None  # None: not said, and believed


def is_hash_list(path: Path) -> bool:
    """By its first line that says anything."""
    try:
        with path.open("rb") as file:
            head = file.read(64 * 1024).decode("utf-8-sig", "replace")
    except OSError:
        return False
    first = next((line for line in head.splitlines() if _said(line)), "")
    return bool(_LINE.fullmatch(_said(first)))


def read_hashes(path: Path) -> list[Listed]:
    """Each hash once. Raises RegistryError, kinds "unreadable_list" and "bad_hashes" (every mistake by its
    line; no line is quoted, since it may be somebody's fingerprint)."""
    found: dict[bytes, Listed] = {}
    mistakes: list[str] = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if not (said := _said(line)):
            continue
        fits = _LINE.fullmatch(said)
        quality = int(fits[2]) if fits and fits[2] else None
        if fits is None or (quality or 0) > 100:
            mistakes.append(
                f"line {number}: 64 hex digits are expected, and nothing else but a quality up to 100"
            )
            continue
        bits = bytes.fromhex(fits[1])
        if wrong := odd_pdq({pdq.ALGORITHM: bits}, quality):
            mistakes.append(f"line {number}: {wrong}")
        found.setdefault(bits, Listed(number, bits, quality))
    if len(found) > MOST_PICTURES:
        mistakes.append(f"{len(found)} hashes, and a list holds {MOST_PICTURES} at most")
    if not found and not mistakes:
        mistakes.append("there is no hash in it")
    if mistakes:
        more = f"\n  and {len(mistakes) - MOST_TOLD} more" if len(mistakes) > MOST_TOLD else ""
        lines = "".join(f"\n  {one}" for one in mistakes[:MOST_TOLD])
        raise RegistryError(
            f"{path}: nothing was registered:{lines}{more}", kind="bad_hashes", where=str(path)
        )
    return list(found.values())


def import_hashes(
    store: Store, path: Path, terms: Terms, kind: ReferenceKind = ReferenceKind.DIGITAL_TWIN
) -> Brought:
    """All of them, or nothing. Those of pictures that carry too little are left out: with nothing but such a
    hash nothing could ever be found. Raises RegistryError, `read_hashes`' kinds, "no_basis", "no_twin" and
    "other_kind"."""
    if not terms.twin:
        raise RegistryError("a list of hashes names no twin: --twin NAME", kind="no_twin", where="--twin")
    if not terms.basis:
        raise RegistryError(
            "--basis is missing: on what are they called AI?", kind="no_basis", where="--basis"
        )
    listed = read_hashes(path)
    now = datetime.now(UTC)
    good = [one for one in listed if one.quality is None or one.quality > (pdq.QUALITY_FLOOR or 0)]
    poor = [one for one in listed if one not in good]
    pictures = [
        PackedPicture(
            reference=ReferenceImage(
                twin=terms.twin,
                sha256=name_of(one.bits),
                kind=kind,
                basis=terms.basis,
                attested_by=terms.attested_by or terms.contact,
                source=path.name,
                added_at=now,
                handed=Handed.FINGERPRINTS,
            ),
            width=0,
            height=0,
            too_little=False,
            prints=((pdq.ALGORITHM, STANDARD, Fingerprint(pdq.ALGORITHM, one.bits, one.quality)),),
        )
        for one in good
    ]
    done = enrol(store, [Twin(terms.twin, kind, added_at=now)] if pictures else [], pictures)
    left_out = tuple(
        f"line {one.line}: a quality of {one.quality} is that of a picture that carries too little"
        for one in poor
    )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(done, digest=digest, left_out=left_out)


def name_of(bits: bytes) -> str:
    """What such a reference is called where others go by the SHA-256 of their picture: a digest of the hash,
    from which it cannot be read off."""
    return hashlib.sha256(b"twinwatch pdq reference " + bits).hexdigest()


def hash_list(prints: Iterator[tuple[str, Fingerprint]]) -> bytes:
    """(twin, PDQ) as such a list, with the twins as comments."""
    lines: list[str] = [
        "# PDQ hashes, 64 hex digits in Meta's order. Personal data: they can be inverted in part."
    ]
    last = None
    for twin, one in prints:
        if twin != last:
            lines.append("# " + "".join(letter if letter.isprintable() else " " for letter in twin))
            last = twin
        lines.append(one.hex)
    return ("\n".join(lines) + "\n").encode()


def _said(line: str) -> str:
    return line.partition("#")[0].strip()


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RegistryError(
                f"{path}: larger than {MOST_BYTES} bytes", kind="unreadable_list", where=str(path)
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        why = f"{path}: cannot be read: {error.strerror}"
        raise RegistryError(why, kind="unreadable_list", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise RegistryError(
            f"{path}: it is no text in UTF-8", kind="unreadable_list", where=str(path)
        ) from error
