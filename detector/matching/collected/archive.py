"""The archive: the fingerprints of all collected pictures, packed into column files that a scan can map into
memory.

A cache, and nothing else: every row comes from the store and can come again. A folder holds one file a column
and `header.json`, which says how many rows are whole. Rows are only ever appended; what stands behind the
header's counts was torn by a kill and is cut off. One process writes (the caller's lock sees to it), any
number read. Each column's check sum is in the header, and looked at whenever the archive is opened.

A row is one view: a picture, or one frame of a video. A picture fingerprinted again appends new rows under a
higher id, and its older rows are dead.
"""

import hashlib
import json
import math
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from detector.examine import stage_versions
from detector.matching.local_features.local import FEATURE, Features
from storage.errors import ArchiveError
from storage.records import Fingerprint

FORMAT = 2
HEADER = "header.json"
CHUNK = 1 << 22  # bytes that are summed up at once
ROWS_A_COMMIT = 1 << 14  # about 50 MB are gathered before they are written
STAGES = ("fingerprint:pdq", "fingerprint:regions", "fingerprint:local")
NO_QUALITY = 255

Picture = tuple[int, str, tuple[Fingerprint, ...]]  # the store's id of the row, SHA-256, fingerprints
Counted = Literal["rows", "regions", "features"]
REGION = np.dtype([("box", "u1", (4,)), ("hash", "<u8", (4,))])  # x, y, w, h as shares of 255


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    counted: Counted
    dtype: str
    shape: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """Bytes a row."""
        return np.dtype(self.dtype).itemsize * math.prod(self.shape)


COLUMNS = (
    Column("id", "rows", "<i8"),
    Column("sha256", "rows", "u1", (32,)),
    Column("at", "rows", "<f4"),  # second of the frame, not a number for a still picture
    Column("quality", "rows", "u1"),  # PDQ's, 255 where there is no hash
    Column("whole", "rows", "<u8", (4,)),  # PDQ
    Column("region_end", "rows", "<i8"),  # its regions end here, and begin where those of the row before end
    Column("feature_end", "rows", "<i8"),
    Column("region_box", "regions", "u1", (4,)),
    Column("region_hash", "regions", "<u8", (4,)),
    Column("word", "features", "<u2"),  # apart: a first scan touches two bytes a feature
    Column("signature", "features", "<u8"),
    Column("pose", "features", "u1", (4,)),  # x, y, angle, size
)


@dataclass(frozen=True, slots=True)
class Header:
    versions: Mapping[str, str]  # of the stages that made the fingerprints
    rows: int = 0
    regions: int = 0
    features: int = 0
    high_water: int = 0  # the highest id that is in
    format: int = FORMAT
    sums: Mapping[str, int] = field(default_factory=dict)  # CRC-32 of each column's whole rows

    def dumped(self) -> str:
        body = json.dumps(asdict(self), sort_keys=True)
        return json.dumps({"header": asdict(self), "sha256": hashlib.sha256(body.encode()).hexdigest()})

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises ArchiveError, kind `archive_missing` or `archive_damaged`."""
        try:
            found = json.loads((folder / HEADER).read_text(encoding="utf-8"))
            body = json.dumps(found["header"], sort_keys=True)
            if hashlib.sha256(body.encode()).hexdigest() != found["sha256"]:
                raise ValueError("its check sum is another")
            return cls(**found["header"])
        except FileNotFoundError as error:
            raise ArchiveError("there is no archive", kind="archive_missing", where=str(folder)) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArchiveError(
                f"damaged header: {error}", kind="archive_damaged", where=str(folder)
            ) from error


def versions_today() -> Mapping[str, str]:
    """Of the stages whose fingerprints are kept here."""
    today = stage_versions()
    return {stage: today[stage] for stage in STAGES if stage in today}


@dataclass(slots=True)
class _Gathered:
    """Rows on their way to the files."""

    header: Header
    columns: dict[str, bytearray] = field(default_factory=lambda: {one.name: bytearray() for one in COLUMNS})

    def put(self, number: int, sha256: str, at: float | None, found: Mapping[str, Fingerprint]) -> None:
        whole, regions, features = _packed(found)
        known = found.get("pdq")
        quality = known.quality if whole and known else None
        ends = (self.header.regions + len(regions), self.header.features + len(features))
        values: Mapping[str, Any] = {
            "id": number,
            "at": math.nan if at is None else at,
            "quality": NO_QUALITY if quality is None else quality,
            "region_end": ends[0],
            "feature_end": ends[1],
        }
        for column in COLUMNS:
            if column.name in values:
                self.columns[column.name] += np.array(values[column.name], column.dtype).tobytes()
        self.columns["sha256"] += bytes.fromhex(sha256)
        self.columns["whole"] += whole or bytes(32)
        for name in ("box", "hash"):
            self.columns[f"region_{name}"] += regions[name].tobytes()
        self.columns["word"] += features["word"].tobytes()
        self.columns["signature"] += features["signature"].tobytes()
        self.columns["pose"] += _pose(features).tobytes()
        rows = self.header.rows + 1
        self.header = replace(self.header, rows=rows, regions=ends[0], features=ends[1], high_water=number)


class Archive:
    """Its columns are read-only memory maps, by their names in `COLUMNS`, of the rows that are whole."""

    def __init__(self, folder: Path, header: Header) -> None:
        self.folder = folder
        self.header = header

    @classmethod
    def started(cls, folder: Path, versions: Mapping[str, str] | None = None) -> Self:
        """An empty one, in place of whatever archive is there. `versions`: default today's."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / HEADER).unlink(missing_ok=True)
        for column in COLUMNS:
            _file(folder, column).write_bytes(b"")
        header = Header(versions_today() if versions is None else versions)
        _commit(folder, header)
        return cls(folder, header)

    @classmethod
    def opened(cls, folder: Path, versions: Mapping[str, str] | None = None) -> Self:
        """The one that is there, its torn tail cut off.

        Raises ArchiveError: `archive_missing`; `archive_damaged` for a header or a file that cannot be
        believed; `archive_stale` for another format or other versions of the stages.
        """
        header = Header.read(folder)
        wanted = versions_today() if versions is None else versions
        if header.format != FORMAT or header.versions != wanted:
            raise ArchiveError("made by another version", kind="archive_stale", where=str(folder))
        for column in COLUMNS:
            _cut(folder, column, getattr(header, column.counted) * column.width)
            if _sum(folder, column) != header.sums.get(column.name, 0):
                raise ArchiveError(
                    f"{column.name}: its check sum is another", kind="archive_damaged", where=str(folder)
                )
        archive = cls(folder, header)
        archive._check_ends()
        return archive

    @classmethod
    def opened_or_started(cls, folder: Path, versions: Mapping[str, str] | None = None) -> Self:
        """Where that one cannot be used, an empty one, to be filled from the store: `high_water` is 0."""
        try:
            return cls.opened(folder, versions)
        except ArchiveError:
            return cls.started(folder, versions)

    def __len__(self) -> int:
        return self.header.rows

    @property
    def high_water(self) -> int:
        """Append what has a higher id."""
        return self.header.high_water

    def append(self, pictures: Iterable[Picture]) -> int:
        """To the end, by rising ids above `high_water`; how many pictures. Raises ValueError for an id that
        is not higher than the one before: its rows would be lost without a word."""
        added = 0
        for header, columns in _batches(self.header, pictures):
            with ExitStack() as files:
                for column in COLUMNS:
                    file = files.enter_context(_file(self.folder, column).open("r+b"))
                    file.seek(getattr(self.header, column.counted) * column.width)
                    file.truncate()
                    file.write(columns[column.name])
                    file.flush()
                    os.fsync(file.fileno())
            sums = {name: zlib.crc32(rows, self.header.sums.get(name, 0)) for name, rows in columns.items()}
            header = replace(header, sums=sums)
            _commit(self.folder, header)
            added += len(set(np.frombuffer(columns["id"], np.int64).tolist()))
            self.header = header
            self.__dict__.pop("alive", None)
            self.__dict__.pop("columns", None)
        return added

    @cached_property
    def columns(self) -> Mapping[str, NDArray[Any]]:
        return {column.name: self._mapped(column) for column in COLUMNS}

    def _mapped(self, column: Column) -> NDArray[Any]:
        shape = (getattr(self.header, column.counted), *column.shape)
        if not shape[0]:
            return np.zeros(shape, column.dtype)
        return np.memmap(_file(self.folder, column), column.dtype, "r", shape=shape)

    @cached_property
    def alive(self) -> NDArray[np.bool_]:
        """bool (rows,): no newer row is of the same picture."""
        names = np.ascontiguousarray(self.columns["sha256"]).view(np.uint64)
        ids = self.columns["id"]
        order = np.lexsort((ids, *names.T))
        same = (names[order[1:]] == names[order[:-1]]).all(axis=1)
        last = np.append(~same, np.ones(min(1, len(order)), np.bool_))  # of its picture's rows
        newest = np.zeros(len(order), np.int64)
        groups = np.append(0, np.cumsum(last)[:-1]) if len(order) else np.zeros(0, np.int64)
        newest[order] = ids[order[last]][groups]
        return np.asarray(ids == newest)

    def sha256(self, row: int) -> str:
        return bytes(self.columns["sha256"][row]).hex()

    def at(self, row: int) -> float | None:
        at = float(self.columns["at"][row])
        return None if math.isnan(at) else at

    def starts(self, counted: Literal["region", "feature"], first: int, end: int) -> NDArray[np.int64]:
        """int64 (end - first + 1): where the regions or features of each row begin, and the last one ends."""
        ends = self.columns[f"{counted}_end"]
        before = ends[first - 1] if first else 0
        return np.concatenate([[before], ends[first:end]]).astype(np.int64)

    def features(self, row: int) -> Features:
        """FEATURE (n,): as the picture's own fingerprint has them."""
        first, end = self.starts("feature", row, row + 1)
        found = np.zeros(end - first, FEATURE)
        found["word"] = self.columns["word"][first:end]
        found["signature"] = self.columns["signature"][first:end]
        for place, name in enumerate(("x", "y", "angle", "size")):
            found[name] = self.columns["pose"][first:end, place]
        return found

    def _check_ends(self) -> None:
        for name, count in (("region_end", self.header.regions), ("feature_end", self.header.features)):
            ends = self.columns[name]
            if (ends[-1] if len(ends) else 0) != count:
                raise ArchiveError(
                    f"{name} and header differ", kind="archive_damaged", where=str(self.folder)
                )


def _batches(header: Header, pictures: Iterable[Picture]) -> Iterator[tuple[Header, dict[str, bytearray]]]:
    gathered = _Gathered(header)
    kept = header.rows
    for number, sha256, fingerprints in pictures:
        if number <= gathered.header.high_water:
            raise ValueError(f"id {number} after {gathered.header.high_water}")
        for at, found in _views(fingerprints):
            gathered.put(number, sha256, at, found)
        if gathered.header.rows - kept >= ROWS_A_COMMIT:
            yield gathered.header, gathered.columns
            gathered, kept = _Gathered(gathered.header), gathered.header.rows
    if gathered.header.rows > kept:
        yield gathered.header, gathered.columns


def _views(fingerprints: Iterable[Fingerprint]) -> Iterator[tuple[float | None, Mapping[str, Fingerprint]]]:
    """By frame; a picture without any fingerprint has an empty view, so that its older rows die."""
    frames = sorted(fingerprints, key=_second)
    if not frames:
        yield None, {}
    for _, group in groupby(frames, key=_second):
        found = list(group)
        yield found[0].at, {one.algorithm: one for one in found}


def _second(fingerprint: Fingerprint) -> float:
    return -1.0 if fingerprint.at is None else fingerprint.at


def _packed(found: Mapping[str, Fingerprint]) -> tuple[bytes, NDArray[np.void], Features]:
    """PDQ (b"" where there is none), regions and features. Bits of another length are passed over."""
    bits = {name: found[name].bits if name in found else b"" for name in ("pdq", "regions", "local")}
    whole = bits["pdq"] if len(bits["pdq"]) == 32 else b""
    regions = bits["regions"] if len(bits["regions"]) % REGION.itemsize == 0 else b""
    local = bits["local"] if len(bits["local"]) % FEATURE.itemsize == 0 else b""
    return whole, np.frombuffer(regions, REGION), np.frombuffer(local, FEATURE)


def _pose(features: Features) -> NDArray[np.uint8]:
    return np.stack([features[name] for name in ("x", "y", "angle", "size")], axis=1).astype(np.uint8)


def _file(folder: Path, column: Column) -> Path:
    return folder / f"{column.name}.column"


def _cut(folder: Path, column: Column, size: int) -> None:
    path = _file(folder, column)
    there = path.stat().st_size if path.is_file() else -1
    if there < size:
        raise ArchiveError(f"{path.name} is too short", kind="archive_damaged", where=str(folder))
    if there > size:
        os.truncate(path, size)


def _sum(folder: Path, column: Column) -> int:
    """Rows that a disk spoilt would match nothing, and nobody would know."""
    total = 0
    with _file(folder, column).open("rb") as file:
        while chunk := file.read(CHUNK):
            total = zlib.crc32(chunk, total)
    return total


def _commit(folder: Path, header: Header) -> None:
    """From here on the rows count."""
    fresh = folder / f"{HEADER}.new"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(header.dumped())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / HEADER)
