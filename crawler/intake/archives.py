"""Archives from strangers: looked over before anything is unpacked, and never unpacked as a whole.

Names, count, sizes and ratios are checked on the directory; what a member really unpacks to is counted
again while it is read, because a directory may lie.
"""

import lzma
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from storage.errors import CrawlError, IntakeError

MOST_MEMBERS = 100_000
LARGEST_MEMBER = 8 * 1024**3  # bytes unpacked: crawlers begin a new WARC at about 1 GB
LARGEST_WHOLE = 64 * 1024**3
HIGHEST_RATIO = 200  # text deflates to a tenth, seldom to a fiftieth; a bomb to a thousandth
RATIO_FROM = 10 * 1024**2  # bytes unpacked below which a ratio does no harm
CHUNK = 64 * 1024
LARGEST_XZ = 64 * 1024**2  # bytes of one post's JSON
XZ_MEMORY = 128 * 1024**2


def open_zip(path: Path) -> zipfile.ZipFile:
    """A zip whose directory was checked. Raises IntakeError, of one of its archive kinds."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise IntakeError(
            f"{path.name}: no zip archive: {error}", kind="bad_archive", where=str(path)
        ) from error
    try:
        _check(archive, path)
    except BaseException:
        archive.close()
        raise
    return archive


def _check(archive: zipfile.ZipFile, path: Path) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise _refused(path, "too_many_files", f"{len(members)} members, more than {MOST_MEMBERS}")
    seen: set[str] = set()
    for member in members:
        if why := _unsafe(member):
            raise _refused(path, "unsafe_name", f"{member.orig_filename[:200]!r}: {why}")
        if member.filename in seen:
            raise _refused(path, "unsafe_name", f"{member.filename[:200]!r}: stands there twice")
        seen.add(member.filename)
        if member.file_size > LARGEST_MEMBER:
            raise _refused(
                path, "too_large", f"{member.filename[:200]!r} unpacks to {member.file_size} bytes"
            )
        if member.file_size > max(RATIO_FROM, HIGHEST_RATIO * member.compress_size):
            raise _refused(path, "bomb", f"{member.filename[:200]!r} unpacks to {member.file_size} bytes")
    whole = sum(member.file_size for member in members)
    if whole > LARGEST_WHOLE:
        raise _refused(path, "too_large", f"it unpacks to {whole} bytes")


def _unsafe(member: zipfile.ZipInfo) -> str:
    """Why a member's name (or kind) is refused, "" where it is none."""
    name = member.orig_filename
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if "\0" in name or any(ord(letter) < 32 for letter in name):
        return "control characters in its name"
    if ".." in parts or name.startswith(("/", "\\")) or name[1:2] == ":":
        return "its name leads out of the archive"
    mode = member.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_IFMT(mode) == 0):
        return "a link or a device, no file"
    return "it is encrypted" if member.flag_bits & 1 else ""


def _refused(path: Path, kind: str, message: str) -> IntakeError:
    return IntakeError(f"{path.name} was not unpacked: {message}", kind=kind, where=str(path))


def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's bytes in pieces, no more than its directory entry says. Raises CrawlError kind
    "bad_archive"."""
    left = member.file_size
    try:
        with archive.open(member) as stream:
            while piece := stream.read(CHUNK):
                left -= len(piece)
                if left < 0:
                    raise CrawlError(
                        "unpacks to more than it says", kind="bad_archive", where=member.filename[:200]
                    )
                yield piece
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise CrawlError(
            f"cannot be unpacked: {str(error)[:200]}", kind="bad_archive", where=member.filename[:200]
        ) from error


def copy_out(archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: IO[bytes]) -> None:
    """Raises CrawlError kind "bad_archive"."""
    for piece in unpacked(archive, member):
        to.write(piece)


def read_xz(path: Path) -> bytes:
    """A whole .xz file, at most LARGEST_XZ bytes unpacked. Raises CrawlError kind "bad_archive" or
    "too_large"."""
    decoder = lzma.LZMADecompressor(memlimit=XZ_MEMORY)
    parts: list[bytes] = []
    size = 0
    try:
        with path.open("rb") as file:
            while not decoder.eof:
                packed = file.read(CHUNK) if decoder.needs_input else b""
                if not packed and decoder.needs_input:
                    raise CrawlError("the file is cut", kind="bad_archive", where=path.name[:200])
                parts.append(decoder.decompress(packed, CHUNK))
                size += len(parts[-1])
                if size > LARGEST_XZ:
                    raise CrawlError(f"more than {LARGEST_XZ} bytes", kind="too_large", where=path.name[:200])
    except lzma.LZMAError as error:
        raise CrawlError(f"no xz: {error}", kind="bad_archive", where=path.name[:200]) from error
    except OSError as error:
        raise CrawlError(f"cannot be read: {error}", kind="not_readable", where=path.name[:200]) from error
    return b"".join(parts)
