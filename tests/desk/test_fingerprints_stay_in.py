"""Fingerprints are personal data: no output, export, report, log or error of a night holds one, save those of
the commands whose purpose they are."""

import base64
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.jobs.packs import Terms, import_pack
from storage.records import Fingerprint
from tests.desk.packed import pack_of, written
from tests.desk.shop import Shop, cropped, digest, jpeg, looked_at, photo

pytestmark = pytest.mark.slow  # every command over a store, with workers that open pictures

VILDE, NOOR = photo(1), photo(2)
FOUND, WHOLE = jpeg(cropped(VILDE, 0.8)), jpeg(NOOR, 60)
PIECE = 8  # bytes: so much of a fingerprint in a row is part of one


def pieces(prints: tuple[Fingerprint, ...]) -> Iterator[bytes]:
    """Every stretch of them, as bytes, hex and base64, wherever a base64 of it may begin."""
    for one in prints:
        for start in range(0, len(one.bits) - PIECE + 1, PIECE):
            bits = one.bits[start : start + PIECE]
            if len(set(bits)) > PIECE // 2:  # empty words and paddings stand everywhere
                yield bits
                yield bits.hex().encode()
                yield bits.hex().upper().encode()
                for shift in range(3):
                    yield base64.b64encode(bytes(shift) + bits)[(0, 2, 3)[shift] : -4]


def known() -> set[bytes]:
    """Of the picture that was handed over as fingerprints, of a registered one, and of those collected."""
    every = [looked_at(data).fingerprints for data in (jpeg(VILDE), jpeg(NOOR), FOUND, WHOLE)]
    return {piece for prints in every for piece in pieces(prints) if len(piece) >= PIECE}


@pytest.fixture
def night(tmp_path: Path, twinwatch: Callable[..., Any]) -> Callable[..., Any]:
    shop = Shop(tmp_path)
    import_pack(shop.store, written(tmp_path, pack_of({"Vilde": [jpeg(VILDE)]})), Terms())
    shop.register("Noor", jpeg(NOOR))
    shop.publish(FOUND, WHOLE)
    shop.detect()
    assert shop.twins(FOUND) == {"Vilde": "fingerprint_only"}
    assert shop.twins(WHOLE) == {"Noor": "copy"}
    shop.store.close()
    (tmp_path / "found.jpg").write_bytes(FOUND)
    return twinwatch


SPEAKING = [
    ("findings", "list", "--all", "--json"),
    ("findings", "list"),
    ("findings", "show", "1", "--json"),
    ("findings", "show", "1"),
    ("findings", "export", "--format", "html", "-o", "out.html"),
    ("findings", "export", "--format", "csv", "-o", "out.csv"),
    ("findings", "export", "--format", "jsonl", "-o", "out.jsonl"),
    ("findings", "letter", "1"),
    ("findings", "letter", "2"),
    ("agency-report", "--agency", "Agency A", "--month", "2026-11", "--json"),
    ("agency-report", "--agency", "Agency A", "--month", "2026-11", "-o", "month.html"),
    ("twins", "list", "--json"),
    ("twins", "show", "Vilde"),
    ("twins", "show", "Vilde", "--json"),
    ("twins", "export", "-o", "registry.csv"),
    ("twins", "export", "--format", "jsonl", "-o", "registry.jsonl"),
    ("twins", "import", "pack.json", "--json"),
    ("twins", "import", "pack.json"),
    ("twins", "import", "pack.json", "--twin", "Noor", "--dry-run"),
    ("pairs", "list", "--json"),
    ("pairs", "list", "--undecided", "--explain", "drawn"),
    ("match", "found.jpg", "--json", "--explain", "drawn"),
    ("check", "found.jpg", "--json"),
    ("detect", "--json"),
    ("doctor",),
    ("quarantine", "list", "--json"),
]


def test_no_output_export_report_or_log_holds_one(night: Callable[..., Any], tmp_path: Path) -> None:
    secrets = known()
    made_before = {path for path in tmp_path.rglob("*") if path.is_file()}
    for command in SPEAKING:
        said = night(*command)
        assert said.status in (0, 1, 3), (command, said.err)  # doctor has something to say
        assert said.out or said.err or command[0] == "quarantine"
        assert found_in(said.out.encode() + said.err.encode(), secrets) == [], command
    made = [path for path in tmp_path.rglob("*") if path.is_file() and path not in made_before]
    made = [
        path for path in made if "media-cache" not in path.parts and not path.name.startswith("twinwatch.db")
    ]
    assert {"out.html", "out.csv", "out.jsonl", "month.html", "registry.csv"} <= {path.name for path in made}
    for path in made:
        assert found_in(path.read_bytes(), secrets) == [], path.name
    assert told_in_the_database(tmp_path / "twinwatch.db", secrets) == []


def test_those_whose_purpose_they_are_do(night: Callable[..., Any], tmp_path: Path) -> None:
    """So that the search above would find them."""
    secrets = known()
    for command in (("fingerprint", "found.jpg"), ("twins", "export", "Vilde", "--format", "pdq")):
        assert found_in(night(*command).out.encode(), secrets)
    assert found_in((tmp_path / "pack.json").read_bytes(), secrets)
    assert night("twins", "export", "Vilde", "--format", "pdq", "-o", "hashes.txt").status == 0
    assert (tmp_path / "hashes.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("what", ["pdq", "tiles", "sha256"])
def test_no_error_holds_one(night: Callable[..., Any], tmp_path: Path, what: str) -> None:
    text = (tmp_path / "pack.json").read_text()
    spoils = {
        "pdq": ('"pdq":"', '"pdq":"AAAA'),
        "tiles": ('"tiles":"', '"tiles":"AA'),
        "sha256": (digest(jpeg(VILDE)), digest(WHOLE)),  # whose picture is known here
    }
    (tmp_path / "spoilt.json").write_text(text.replace(*spoils[what]))
    said = night("twins", "import", "spoilt.json")
    assert said.status == 1
    assert "nothing was registered" in said.err
    assert found_in(said.err.encode(), known()) == []


def found_in(data: bytes, secrets: set[bytes]) -> list[bytes]:
    """By stretches of each length: a search for one after the other would take minutes."""
    found: set[bytes] = set()
    for length in {len(piece) for piece in secrets}:
        found |= secrets & {data[start : start + length] for start in range(len(data) - length + 1)}
    return sorted(found)


def told_in_the_database(path: Path, secrets: set[bytes]) -> list[str]:
    """Every text of every table: fingerprints are kept as bytes in their own one, and nowhere in words."""
    with sqlite3.connect(path) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        whole = {name: _whole(database.execute(f'SELECT * FROM "{name}"')) for name in names}
    assert found_in(whole.pop("fingerprints"), secrets)
    return [name for name, data in whole.items() if found_in(data, secrets)]


def _whole(rows: sqlite3.Cursor) -> bytes:
    cells = (cell for row in rows for cell in row if isinstance(cell, str | bytes))
    return b"\0".join(cell.encode() if isinstance(cell, str) else cell for cell in cells)
