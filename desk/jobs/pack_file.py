"""A pack of fingerprints: one JSON file that an agency makes of its pictures and hands over in their place.

Written by this program at the agency, read by this program at the newsroom, and in between in anybody's
hands: what is read is hostile. Every mistake is named by its place, and none of them quotes a fingerprint.

{"format": "twinwatch-fingerprints", "version": 1, "made_by", "made_at", "attested_by", "basis",
 "algorithms": {"pdq": "2", …}, "twins": [{"name", "kind", "model", "agency"}],
 "pictures": [{"twin", "sha256", "width", "height", "quality", "mark_box": null, "name"?,
               "fingerprints": {"pdq": base64, …}}]}
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from desk.jobs.private_file import write_private
from detector.hashes import pdq, phash
from detector.hashing import TRANSFORMS
from detector.matching.parts import tiles
from storage.errors import RegistryError
from storage.records import ReferenceKind

FORMAT = "twinwatch-fingerprints"
VERSION = 1
MOST_BYTES = 256 * 1024**2  # about 55,000 pictures
MOST_PICTURES = 50_000
MOST_TWINS = 5_000
MOST_TOLD = 20  # mistakes that are named; all are counted
LONGEST = 200  # characters of a name
LONGEST_WORDS = 2_000  # of a basis
LARGEST = 1_000_000  # px of a side
HASH = pdq.BITS // 8
# What a pack may hold, by the stage that makes it: algorithm → (bytes of a row, most rows).
ROWS: Mapping[str, Mapping[str, tuple[int, int]]] = {
    pdq.ALGORITHM: {"pdq": (HASH, 1), "pdq/forms": (HASH * len(TRANSFORMS), 1)},
    phash.ALGORITHM: {"phash": (HASH, 1), "phash/forms": (HASH * len(TRANSFORMS), 1)},
    tiles.ALGORITHM: {"tiles": (tiles.TILE.itemsize, len(tiles.boxes()))},
}
STAGE_OF = {algorithm: stage for stage, rows in ROWS.items() for algorithm in rows}
SET = HASH * 8 // 2  # bits of a PDQ that are set: those above the median
SLACK = 2  # where a few coefficients are equal to it
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PackTwin:
    name: str
    kind: ReferenceKind = ReferenceKind.DIGITAL_TWIN
    model: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True)
class PackPicture:
    """`prints` by algorithm; `quality` as PDQ measures it, None where it could not."""

    twin: str
    sha256: str
    width: int
    height: int
    quality: int | None
    prints: Mapping[str, bytes]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    made_by: str
    made_at: str  # RFC 3339 UTC
    algorithms: Mapping[str, str]  # stage → version
    twins: tuple[PackTwin, ...]
    pictures: tuple[PackPicture, ...]
    basis: str = ""
    attested_by: str = ""
    digest: str = ""  # SHA-256 of the file


def is_pack(path: Path) -> bool:
    """By its content: a JSON object. Nothing else is looked at."""
    try:
        with path.open("rb") as file:
            return file.read(256).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    except OSError:
        return False


# --- written ------------------------------------------------------------------------------------------------


def packed(pack: Pack) -> bytes:
    """The file: one picture a line, so that two packs can be compared as text is."""
    head: dict[str, object] = {
        "format": FORMAT,
        "version": VERSION,
        "made_by": pack.made_by,
        "made_at": pack.made_at,
        "attested_by": pack.attested_by,
        "basis": pack.basis,
        "algorithms": dict(pack.algorithms),
        "twins": [
            {"name": one.name, "kind": one.kind.value, "model": one.model, "agency": one.agency}
            for one in pack.twins
        ],
    }
    lines = b",\n".join(orjson.dumps(_document(one)) for one in pack.pictures)
    return orjson.dumps(head)[:-1] + b',"pictures":[\n' + lines + b"\n]}\n"


def write_pack(data: bytes, path: Path) -> str:
    """Its digest. Whole or not at all, and for its owner alone: fingerprints are personal data."""
    write_private(path, data)
    return hashlib.sha256(data).hexdigest()


def _document(one: PackPicture) -> dict[str, object]:
    document: dict[str, object] = {
        "twin": one.twin,
        "sha256": one.sha256,
        "width": one.width,
        "height": one.height,
        "quality": one.quality,
        "mark_box": None,
        "fingerprints": {name: base64.b64encode(bits).decode() for name, bits in one.prints.items()},
    }
    return {**document, "name": one.name} if one.name else document


# --- read ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Mistakes:
    told: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, where: str, what: str) -> None:
        self.count += 1
        if len(self.told) < MOST_TOLD:
            self.told.append(f"{where}: {what}")


def read_pack(path: Path, today: Mapping[str, str]) -> Pack:
    """With the fingerprints that this program can compare: those made by the versions of `today` (by stage).
    Raises RegistryError, kinds "unreadable_pack" (no file, too large, no JSON, another format),
    "pack_version" (of a newer program) and "bad_pack" (with every mistake by its place)."""
    data = _bytes(path)
    document = _json(data, path)
    if document.get("format") != FORMAT:
        raise _refused(path, f"it is no pack: its format is not {FORMAT!r}")
    version = document.get("version")
    if type(version) is not int or version != VERSION:
        said = f"{version}" if type(version) is int else "none"
        raise _refused(path, f"format number {said}, and this program reads {VERSION}", "pack_version")
    mistakes = _Mistakes()
    pack = _pack(document, today, mistakes, hashlib.sha256(data).hexdigest())
    if mistakes.count:
        lines = "".join(f"\n  {one}" for one in mistakes.told)
        more = mistakes.count - len(mistakes.told)
        rest = f"\n  and {more} more" if more else ""
        count = f"{mistakes.count} mistake{'s' if mistakes.count > 1 else ''}"
        raise _refused(path, f"nothing was registered: {count}{lines}{rest}", "bad_pack")
    return pack


def _refused(path: Path, why: str, kind: str = "unreadable_pack") -> RegistryError:
    return RegistryError(f"{path}: {why}", kind=kind, where=str(path))


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise _refused(path, "there is no such file")
        if path.stat().st_size > MOST_BYTES:
            raise _refused(path, f"larger than {MOST_BYTES} bytes: make several packs of it")
        return path.read_bytes()
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}") from error


def _json(data: bytes, path: Path) -> Mapping[str, Any]:
    """orjson stops at 1,024 levels, and takes no NaN."""
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise _refused(path, f"it is no JSON ({error.msg}, line {error.lineno})") from error
    if not isinstance(document, dict):
        raise _refused(path, "it is no pack: a JSON object is expected")
    return document


def _pack(document: Mapping[str, Any], today: Mapping[str, str], mistakes: _Mistakes, digest: str) -> Pack:
    algorithms = _algorithms(document.get("algorithms"), mistakes)
    twins = tuple(_twins(document.get("twins"), mistakes))
    pictures: tuple[PackPicture, ...] = ()
    given = document.get("pictures")
    if not isinstance(given, list) or not given:
        mistakes.add("pictures", "a list of pictures is expected, and there is none")
    elif len(given) > MOST_PICTURES:
        mistakes.add("pictures", f"{len(given)}, and a pack holds {MOST_PICTURES} at most: make several")
    else:
        named = {one.name for one in twins}
        taken = frozenset(
            stage for stage in ROWS if stage in algorithms and algorithms[stage] == today.get(stage)
        )
        pictures = tuple(_pictures(given, named, algorithms.keys(), taken, mistakes))
    return Pack(
        made_by=_words(document, "made_by", "", mistakes),
        made_at=_words(document, "made_at", "", mistakes),
        algorithms=algorithms,
        twins=twins,
        pictures=pictures,
        basis=_words(document, "basis", "", mistakes, LONGEST_WORDS),
        attested_by=_words(document, "attested_by", "", mistakes),
        digest=digest,
    )


def _words(
    document: Mapping[str, Any], name: str, where: str, mistakes: _Mistakes, longest: int = LONGEST
) -> str:
    """A text in one line; "" where there is none."""
    text = document.get(name)
    if text is None:
        return ""
    if not isinstance(text, str) or len(text) > longest or not text.isprintable():
        mistakes.add(f"{where}{name}", f"one line of at most {longest} characters is expected")
        return ""
    return text.strip()


def _algorithms(given: object, mistakes: _Mistakes) -> Mapping[str, str]:
    good = isinstance(given, dict) and 0 < len(given) <= MOST_TOLD
    if not good or not isinstance(given, dict) or not all(map(_short, (*given, *given.values()))):
        mistakes.add("algorithms", "the version of each stage is expected, as text")
        return {}
    return dict(given)


def _short(text: object) -> bool:
    return isinstance(text, str) and bool(re.fullmatch(r"[a-z0-9./_-]{1,40}", text))


def _twins(given: object, mistakes: _Mistakes) -> Iterator[PackTwin]:
    if not isinstance(given, list) or not 0 < len(given) <= MOST_TWINS:
        mistakes.add("twins", f"a list of 1 to {MOST_TWINS} twins is expected")
        return
    names: set[str] = set()
    for place, one in enumerate(given):
        where = f"twins[{place}]"
        if not isinstance(one, dict):
            mistakes.add(where, "an object is expected")
            continue
        name = _words(one, "name", f"{where}.", mistakes)
        if not name or name in names:
            mistakes.add(f"{where}.name", "stands there twice" if name else "a twin needs a name")
            continue
        names.add(name)
        kind = one.get("kind")
        if kind not in list(ReferenceKind):
            mistakes.add(f"{where}.kind", f"expected one of {', '.join(ReferenceKind)}")
            continue
        rest = (_words(one, word, f"{where}.", mistakes) for word in ("model", "agency"))
        yield PackTwin(name, ReferenceKind(kind), *rest)


def _pictures(
    given: Sequence[object],
    twins: Collection[str],
    stages: Collection[str],
    taken: Collection[str],
    mistakes: _Mistakes,
) -> Iterator[PackPicture]:
    known: set[tuple[str, str]] = set()
    prints: dict[str, Mapping[str, bytes]] = {}
    for place, one in enumerate(given):
        where = f"pictures[{place}]"
        before = mistakes.count
        picture = _picture(one, where, stages, taken, mistakes) if isinstance(one, dict) else None
        if not isinstance(one, dict):
            mistakes.add(where, "an object is expected")
        elif picture is not None and twins and picture.twin not in twins:
            mistakes.add(f"{where}.twin", "it is none of the pack's twins")
        if picture is None or mistakes.count > before:
            continue
        if (picture.twin, picture.sha256) in known:
            mistakes.add(f"{where}.sha256", "this picture stands there twice")
            continue
        if prints.setdefault(picture.sha256, picture.prints) != picture.prints:
            mistakes.add(
                f"{where}.fingerprints", "the same picture has other fingerprints elsewhere in the pack"
            )
            continue
        known.add((picture.twin, picture.sha256))
        yield picture


def _picture(
    one: Mapping[str, Any],
    where: str,
    stages: Collection[str],
    taken: Collection[str],
    mistakes: _Mistakes,
) -> PackPicture | None:
    twin, sha256 = one.get("twin"), one.get("sha256")
    if not isinstance(twin, str):
        mistakes.add(f"{where}.twin", "a name is expected")
        return None
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        mistakes.add(f"{where}.sha256", "64 lower-case hex digits are expected")
        return None
    width, height = _whole(one, "width", 1, LARGEST), _whole(one, "height", 1, LARGEST)
    if width is None or height is None:
        mistakes.add(f"{where}.width", f"sides of 1 to {LARGEST} px are expected")
        return None
    quality = _whole(one, "quality", 0, 100)
    if quality is None and one.get("quality") is not None:
        mistakes.add(f"{where}.quality", "a whole number from 0 to 100 is expected, or null")
        return None
    if one.get("mark_box") is not None:
        mistakes.add(f"{where}.mark_box", "a pack says nothing of marks: null is expected")
    prints = _prints(one.get("fingerprints"), where, stages, taken, mistakes)
    if "pdq" in prints and (wrong := odd_pdq(prints, quality)):
        mistakes.add(f"{where}.fingerprints.pdq", wrong)
    name = _words(one, "name", f"{where}.", mistakes)
    return PackPicture(twin, sha256, width, height, quality, prints, name)


def _whole(one: Mapping[str, Any], name: str, least: int, most: int) -> int | None:
    number = one.get(name)
    return number if type(number) is int and least <= number <= most else None


def odd_pdq(prints: Mapping[str, bytes], quality: int | None) -> str:
    """Why these are no PDQ of one picture; "" where they can be. Of a picture with quality enough half of the
    bits are set, whatever it shows."""
    bits = prints["pdq"]
    if quality is None or quality > (pdq.QUALITY_FLOOR or 0):
        many = int.from_bytes(bits).bit_count()
        if abs(many - SET) > SLACK:
            return f"{many} of {8 * HASH} bits are set, and of a PDQ {SET} are: it is something else"
    if not prints.get("pdq/forms", bits).startswith(bits):
        return "its forms are of another picture"
    return ""


def _prints(
    given: object, where: str, stages: Collection[str], taken: Collection[str], mistakes: _Mistakes
) -> Mapping[str, bytes]:
    """Those of the stages in `taken`; others are left to whoever can compare them."""
    if not isinstance(given, dict) or not 0 < len(given) <= MOST_TOLD:
        mistakes.add(f"{where}.fingerprints", "an object of fingerprints is expected")
        return {}
    found: dict[str, bytes] = {}
    for name, text in given.items():
        place = f"{where}.fingerprints.{name}" if _short(name) else f"{where}.fingerprints"
        stage = STAGE_OF.get(name)
        if (stage or name) not in stages:
            mistakes.add(place, "the pack does not say which version made it")
        if stage is None or stage not in taken:
            continue
        bits = _decoded(text)
        row, most = ROWS[stage][name]
        if bits is None:
            mistakes.add(place, "base64 is expected")
        elif not bits or len(bits) % row or len(bits) // row > most:
            several = f"1 to {most} times {row}" if most > 1 else f"{row}"
            mistakes.add(place, f"{len(bits)} bytes, and {several} are expected")
        else:
            found[name] = bits
    return found


def _decoded(text: object) -> bytes | None:
    if not isinstance(text, str):
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
