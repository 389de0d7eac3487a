"""WACZ 1.1.1: a zip of WARC files with their index and digests, as browser recorders write it.

The directory is checked before anything is unpacked (crawler/intake/archives.py); one WARC at a time is
taken out, compared with the digest that datapackage.json states, and read. One whose digest is another is
named and not read: what was changed after it was recorded is no evidence.
Source: specs.webrecorder.net/wacz/1.1.1 (read 2026-11).
"""

import struct
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from crawler.intake.archives import copy_out, open_zip, unpacked
from crawler.intake.cut_zip import pieces
from crawler.intake.entries import Entry, Misread, Place
from crawler.intake.lines import read_object
from crawler.intake.retrievals import signature
from crawler.intake.webarchive import Archive
from crawler.intake.whole import digest_of
from crawler.webobjects.every import READERS
from crawler.wild_json import list_at, text_at
from storage.errors import CrawlError, IntakeError
from storage.records import Failure

PLATFORMS = tuple(READERS)
VERSION = "1"
WHOLE = False
SIGNATURE = signature("wacz", VERSION)
WARCS = (".warc", ".warc.gz")
PARTS = ("datapackage", "archive/", "pages/", "indexes/")  # what a WACZ begins with
HEADER = struct.Struct(
    "<4s5H3L2H"
)  # of a file in a zip, up to its name: the last but one is the name's length
PACKAGE = "datapackage.json"
LARGEST_PACKAGE = 16 * 1024 * 1024  # bytes of datapackage.json


def recognise(path: Path) -> bool:
    """By what its directory lists: whether it may be unpacked is looked at when it is read. One that was cut
    has none: by its first file then, so that it is told what is wrong with it."""
    if not path.is_file():
        return False
    if not zipfile.is_zipfile(path):
        return _first_name(path).startswith(PARTS)
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name == PACKAGE or name.endswith(WARCS) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _first_name(path: Path) -> str:
    """Of the first file in a zip, by its own header; "" where it is none."""
    try:
        with path.open("rb") as file:
            head = file.read(HEADER.size)
            if len(head) < HEADER.size or not head.startswith(b"PK\3\4"):
                return ""
            return file.read(HEADER.unpack(head)[-2]).decode("utf-8", "replace")
    except OSError:
        return ""


def total(path: Path) -> int:
    """Bytes of the WARC files within."""
    if not zipfile.is_zipfile(path):
        return path.stat().st_size
    with open_zip(path) as archive:
        return sum(member.file_size for member in _warcs(archive))


def read(path: Path, now: datetime, room: Path) -> Iterator[Entry]:
    """Raises IntakeError: kind "not_readable", or why the archive is not unpacked. One that was cut is read
    as far as it goes."""
    if not zipfile.is_zipfile(path):
        yield from _what_is_left(path, now, room)
        return
    with open_zip(path) as archive:
        members = _warcs(archive)
        if not members:
            raise IntakeError(f"{path.name}: no WARC file in it", kind="bad_archive", where=str(path))
        digests: Mapping[str, str] = {}
        try:
            digests = _digests(archive)
        except CrawlError as error:
            why = Failure("unreadable_package", f"datapackage.json: {error}; no digest was compared")
            yield Misread(Place(1, PACKAGE), 0, why)
        for member in members:
            try:
                yield from _member(archive, member, digests, now, room)
            except CrawlError as error:
                yield Misread(Place(1, member.filename[:1000]), 0, error.failure())
            except OSError as error:
                raise IntakeError(str(error), kind="not_readable", where=str(path)) from error


def _what_is_left(path: Path, now: datetime, room: Path) -> Iterator[Entry]:
    """Raises IntakeError kind "bad_archive" where nothing is, "not_readable"."""
    target = room / "member.warc"
    whole, cut, warcs, why = 0, "", 0, ""
    digests: Mapping[str, str] = {}
    try:
        for piece in pieces(path, (*WARCS, PACKAGE), target):
            whole += piece.whole
            cut = "" if piece.whole else piece.name
            if piece.name == PACKAGE and piece.whole and target.stat().st_size <= LARGEST_PACKAGE:
                digests = _stated(target.read_bytes())
            elif piece.name.endswith(WARCS):
                warcs += 1
                stated = digests.get(piece.name, "") if piece.whole else ""
                yield from _compared(target, piece.name, stated, now, room)
    except CrawlError as error:
        why = f"; {error}"
    except OSError as error:
        raise IntakeError(str(error), kind="not_readable", where=str(path)) from error
    finally:
        target.unlink(missing_ok=True)
    if not warcs:
        message = f"{path.name}: no zip archive: it was cut before its first WARC file{why}"
        raise IntakeError(message, kind="bad_archive", where=str(path))
    lost = f", {cut} was cut" if cut else ""
    package = "" if digests else f", and with {PACKAGE} the digests: none was compared"
    message = f"the file was cut: {_files(whole)} of it came whole{lost}; what follows is lost{package}{why}"
    yield Misread(Place(1, path.name), 0, Failure("cut_archive", message, str(path)))


def _files(files: int) -> str:
    return "1 file" if files == 1 else f"{files} files"


def _warcs(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [
        member for member in archive.infolist() if member.filename.endswith(WARCS) and not member.is_dir()
    ]


def _member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    digests: Mapping[str, str],
    now: datetime,
    room: Path,
) -> Iterator[Entry]:
    target = room / "member.warc"
    try:
        with target.open("wb") as file:
            copy_out(archive, member, file)
        yield from _compared(target, member.filename[:1000], digests.get(member.filename, ""), now, room)
    finally:
        target.unlink(missing_ok=True)


def _compared(target: Path, name: str, stated: str, now: datetime, room: Path) -> Iterator[Entry]:
    """What is in a WARC file that was taken out, where its bytes are those that were recorded."""
    if stated and stated != digest_of(target):
        why = Failure("digest_mismatch", f"not the bytes that {PACKAGE} names: not read")
        yield Misread(Place(1, name), 0, why)
        return
    yield from Archive(target, name, SIGNATURE).entries(now, room)


def _digests(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """Path → SHA-256, as far as datapackage.json says. Raises CrawlError where there is one and it cannot be
    read."""
    try:
        member = archive.getinfo(PACKAGE)
        if member.file_size > LARGEST_PACKAGE:
            raise CrawlError(f"of more than {LARGEST_PACKAGE} bytes", kind="too_large")
        return _stated(b"".join(unpacked(archive, member)))
    except KeyError:
        return {}


def _stated(data: bytes) -> Mapping[str, str]:
    """Raises CrawlError."""
    package = read_object(data)
    stated = ((text_at(one, "path"), text_at(one, "hash")) for one in list_at(package, "resources"))
    return {path: digest.removeprefix("sha256:") for path, digest in stated if digest.startswith("sha256:")}
