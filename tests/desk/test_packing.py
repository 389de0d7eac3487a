"""From an agency to a newsroom, on the command line: a pack is made without a store and registered in another
folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desk.shop import jpeg, photo

VILDE, NOOR = photo(1), photo(2)


@pytest.fixture
def delivered(tmp_path: Path) -> Path:
    """A folder for each twin, and one file that is no picture."""
    for name, data in {
        "Vilde/a.jpg": jpeg(VILDE),
        "Vilde/again.jpg": jpeg(VILDE),
        "Noor/b.jpg": jpeg(NOOR),
    }.items():
        path = tmp_path / "renders" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "renders" / "Noor" / "notes.jpg").write_text("no picture")
    (tmp_path / "elsewhere.jpg").write_bytes(jpeg(photo(3)))
    (tmp_path / "renders" / "Noor" / "link.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    return tmp_path / "renders"


@pytest.mark.slow
def test_an_agency_makes_a_pack_and_a_newsroom_registers_it(
    twinwatch: Callable[..., Any], delivered: Path, tmp_path: Path
) -> None:
    said = twinwatch(
        *("twins", "fingerprint-pack", "renders", "-o", "pack.json", "--basis", "contract 7"),
        *("--attested-by", "Agency A", "--agency", "Agency A"),
    )
    assert said.status == 3
    assert "renders/Noor/notes.jpg: not in the pack: not a picture" in said.err
    assert "renders/Noor/link.jpg: not in the pack: a symbolic link" in said.err
    assert "again.jpg: the same bytes are in the pack already" in said.err
    assert "2 pictures of 2 twins: Noor, Vilde" in said.out
    assert not (tmp_path / "twinwatch.db").exists()
    pack = (tmp_path / "pack.json").read_text()
    assert (tmp_path / "pack.json").stat().st_mode & 0o777 == 0o600
    assert "a.jpg" not in pack  # a file's name may be a person's
    dry = twinwatch("twins", "import", "pack.json", "--dry-run", "--json")
    assert (dry.status, dry.lines[0]["new"], dry.lines[0]["dry_run"]) == (0, 2, True)
    assert not (tmp_path / "twinwatch.db").exists()
    done = twinwatch("twins", "import", "pack.json")
    assert done.status == 0
    assert "Vilde: 1 picture registered by fingerprints alone" in done.out
    assert "told as fingerprint_only, at level 2, until a person confirms" in done.out
    assert twinwatch("twins", "import", "pack.json", "--dry-run", "--json").lines[0]["known"] == 2
    (tmp_path / "found.jpg").write_bytes(jpeg(VILDE, 60))
    (line,) = twinwatch("match", "found.jpg", "--json").lines
    (match,) = line["matches"]
    assert (match["twin"], match["kind"]) == ("Vilde", "fingerprint_only")
    listed = json.loads(twinwatch("twins", "show", "Vilde", "--json").out)
    assert listed["agency"] == "Agency A"
    assert [one["handed"] for one in listed["references"]] == ["fingerprints"]
    assert "fingerprints only" in twinwatch("twins", "show", "Vilde").out
    added = twinwatch("twins", "add", "Vilde", "renders/Vilde/a.jpg", "--basis", "contract 7", "--no-mark")
    assert "Vilde: 1 picture registered" in added.out
    assert "2 pictures (1 of them by fingerprints alone)" in twinwatch("doctor").out


@pytest.mark.slow
def test_a_dry_run_writes_nothing_and_names_go_along_when_asked(
    twinwatch: Callable[..., Any], delivered: Path, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    said = twinwatch("twins", "fingerprint-pack", "renders", "--dry-run", "--json")
    (line,) = said.lines
    assert (said.status, line["pictures"], line["dry_run"], line["path"]) == (3, 2, True, None)
    assert [one["kind"] for one in line["failed"]] == ["link", "not_a_picture"]
    assert sorted(tmp_path.rglob("*")) == before
    twinwatch(
        "twins", "fingerprint-pack", "renders", "-o", "named.json", "--names", "--twin", "V.", "--whole"
    )
    pack = json.loads((tmp_path / "named.json").read_text())
    assert {one["name"] for one in pack["pictures"]} == {"Noor/b.jpg", "Vilde/a.jpg"}
    assert {one["twin"] for one in pack["pictures"]} == {"V."}
    assert set(pack["algorithms"]) == {"pdq", "phash"}
    assert all("tiles" not in one["fingerprints"] for one in pack["pictures"])
    assert twinwatch("twins", "import", "named.json", "--basis", "b").status == 0


def test_loose_pictures_belong_to_no_twin(twinwatch: Callable[..., Any], delivered: Path) -> None:
    (delivered / "loose.jpg").write_bytes(b"x")
    said = twinwatch("twins", "fingerprint-pack", "renders", "-o", "pack.json")
    assert said.status == 2
    assert "1 file in renders belong to no twin: say --twin NAME" in said.err


def test_neither_a_pack_nor_a_list(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "what.bin").write_bytes(b"\0\1\2" * 100)
    said = twinwatch("twins", "import", "what.bin", "--twin", "A", "--basis", "b")
    assert said.status == 1
    assert "what.bin: neither a pack of fingerprints nor a list of PDQ hashes" in said.err
    assert twinwatch("twins", "import", "none.json", "--twin", "A", "--basis", "b").status == 1
    assert not (tmp_path / "twinwatch.db").exists()


def test_hashes_come_and_go(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "hashes.txt").write_text(f"# theirs\n{'aa' * 32}\n{'a5' * 32},12\n")
    said = twinwatch("twins", "import", "hashes.txt", "--twin", "Vilde", "--basis", "their list", "--json")
    assert said.status == 0
    (line,) = said.lines
    assert (line["new"], line["left_out"]) == (
        1, ["line 3: a quality of 12 is that of a picture that carries too little"],
    )  # fmt: skip
    out = twinwatch("twins", "export", "--format", "pdq")
    assert [one for one in out.out.splitlines() if not one.startswith("#")] == ["aa" * 32]
    assert "1 hash of 1 twin" in out.err
    assert twinwatch("twins", "export", "Nobody").status == 1
    table = twinwatch("twins", "export", "-o", "registry.csv")
    assert (table.status, table.out) == (0, "")
    assert "Vilde,digital_twin" in (tmp_path / "registry.csv").read_text("utf-8-sig")
