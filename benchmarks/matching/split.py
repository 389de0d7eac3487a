"""The photographs of a folder in two halves: one to choose thresholds on, one to report on.

Where a CSV tells who gave a photograph, all photographs of one contributor fall into the same half: the same
room or garment on both sides would make the report flatter the choice. Else the file name decides.
"""

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from storage.formats import format_of

PICTURE, CONTRIBUTOR = "image", "sender_id"  # columns of the CSV, as clothing-dataset names them
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


class Half(StrEnum):
    CHOOSE = "choose"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Photo:
    """`contributor` is "" where nobody tells."""

    path: Path
    contributor: str

    @property
    def name(self) -> str:
        return self.path.stem


def photographs(folder: Path, half: Half) -> list[Photo]:
    """This half's photographs, in an order that only their names decide (no two runs pick others).

    A CSV with the columns `image` and `sender_id` is looked for in the folder, and beside it under the
    folder's name. Files that are empty or no pictures are left out.
    """
    givers = dict(_contributors([*folder.glob("*.csv"), folder.with_suffix(".csv")]))
    found = [
        Photo(path, givers.get(path.stem, ""))
        for path in folder.iterdir()
        if path.suffix.lower() in SUFFIXES and format_of(path.read_bytes())
    ]
    mine = [photo for photo in found if half_of(photo.contributor or photo.name) is half]
    return sorted(mine, key=lambda photo: hashlib.sha256(photo.name.encode()).digest())


def half_of(key: str) -> Half:
    return Half.REPORT if hashlib.sha256(key.encode()).digest()[0] % 2 else Half.CHOOSE


def drawn(photos: Sequence[Photo], count: int) -> tuple[list[Photo], list[Photo]]:
    """The first so many, and the rest."""
    return list(photos[:count]), list(photos[count:])


def _contributors(tables: Iterable[Path]) -> Iterable[tuple[str, str]]:
    for table in tables:
        if not table.is_file():
            continue
        with table.open(newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                if row.get(PICTURE) and row.get(CONTRIBUTOR):
                    yield row[PICTURE], row[CONTRIBUTOR]
