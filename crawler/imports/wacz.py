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
            return any(name == "datapackage.json" or name.endswith(WARCS) for name in archive.namelist())
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
    with open_zip(path) as archive:
        return sum(member.file_size for member in _warcs(archive))


def read(path: Path, now: datetime, room: Path) -> Iterator[Entry]:
    """Raises IntakeError: kind "not_readable", or why the archive is not unpacked."""
    with open_zip(path) as archive:
        members = _warcs(archive)
        if not members:
            raise IntakeError(f"{path.name}: no WARC file in it", kind="bad_archive", where=str(path))
        digests: Mapping[str, str] = {}
        try:
            digests = _digests(archive)
        except CrawlError as error:
            why = Failure("unreadable_package", f"datapackage.json: {error}; no digest was compared")
            yield Misread(Place(1, "datapackage.json"), 0, why)
        for member in members:
            try:
                yield from _member(archive, member, digests, now, room)
            except CrawlError as error:
                yield Misread(Place(1, member.filename[:1000]), 0, error.failure())
            except OSError as error:
                raise IntakeError(str(error), kind="not_readable", where=str(path)) from error


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
        stated = digests.get(member.filename, "")
        if stated and stated != digest_of(target):
            why = Failure("digest_mismatch", "not the bytes that datapackage.json names: not read")
            yield Misread(Place(1, member.filename[:1000]), 0, why)
            return
        yield from Archive(target, member.filename[:1000], SIGNATURE).entries(now, room)
    finally:
        target.unlink(missing_ok=True)


def _digests(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """Path → SHA-256, as far as datapackage.json says. Raises CrawlError where there is one and it cannot be
    read."""
    try:
        member = archive.getinfo("datapackage.json")
        if member.file_size > LARGEST_PACKAGE:
            raise CrawlError(f"of more than {LARGEST_PACKAGE} bytes", kind="too_large")
        package = read_object(b"".join(unpacked(archive, member)))
    except KeyError:
        return {}
    stated = ((text_at(one, "path"), text_at(one, "hash")) for one in list_at(package, "resources"))
    return {path: digest.removeprefix("sha256:") for path, digest in stated if digest.startswith("sha256:")}
