"""Lists of twins through the command line: registered whole, or refused row by row."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from desk.jobs.register import odd_name
from desk.jobs.roster import box_of
from storage.records import Box
from storage.store import Store
from tests.desk.shop import jpeg, looked_at, photo

pytestmark = pytest.mark.slow  # stores and workers

HEAD = "twin,kind,model,agency,image,mark_box,basis,attested_by,document,note\n"
ROWS = (
    "Zoë,digital_twin,Zoe B.,Agency A,z/1.jpg,,contract 7,Elin,zoe.pdf,first\n"
    'Zoë,,,,z/2.jpg,"0.8,0.9,0.15,0.06",contract 7,Elin,,\n'
    "Noor,synthetic model,,,n.jpg,none,brand's announcement,,https://brand.example/ai,\n"
    "Ida,human_original,Ida,Agency A,i.jpg,,portfolio,,,\n"
)
PICTURES = {"z/1.jpg": 1, "z/2.jpg": 2, "n.jpg": 3, "i.jpg": 4}

Twinwatch = Callable[..., Any]


@pytest.fixture
def studio(tmp_path: Path, twinwatch: Twinwatch) -> Twinwatch:
    """`twinwatch` beside a folder of renders that were looked at already: no worker is started."""
    for name, seed in PICTURES.items():
        path = tmp_path / "renders" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(jpeg(photo(seed)))
    (tmp_path / "zoe.pdf").write_bytes(b"the contract")
    with_store(
        tmp_path, lambda store: store.roster.keep([looked_at(jpeg(photo(seed))) for seed in range(1, 5)])
    )
    return twinwatch


def with_store(folder: Path, work: Callable[[Store], Any]) -> Any:
    store = Store.open(f"sqlite:///{folder / 'twinwatch.db'}", folder / "media", create=True)
    try:
        return work(store)
    finally:
        store.close()


def put(folder: Path, rows: str = ROWS, head: str = HEAD) -> str:
    (folder / "twins.csv").write_text(head + rows, encoding="utf-8")
    return "twins.csv"


def imported(studio: Twinwatch, *more: str) -> Any:
    return studio("twins", "import", "twins.csv", "--images", "renders", *more)


def test_a_list_is_registered_and_again_changes_nothing(studio: Twinwatch, tmp_path: Path) -> None:
    put(tmp_path)
    tried = imported(studio, "--dry-run")
    assert (tried.status, "4 pictures would be registered" in tried.out) == (0, True)
    assert not studio("twins", "list", "--json").lines
    assert not (tmp_path / "media").exists() or not any((tmp_path / "media").glob("??/*/*"))
    said = imported(studio, "--json")
    assert said.status == 0, said.err
    (told,) = said.lines
    assert (told["rows"], told["twins"], told["looked_at"]) == (4, ["Zoë", "Noor", "Ida"], 0)
    ida, noor, zoe = studio("twins", "list", "--json").lines
    assert (ida["kind"], noor["kind"], zoe["kind"]) == ("human_original", "synthetic_model", "digital_twin")
    assert (zoe["model"], zoe["agency"]) == ("Zoe B.", "Agency A")
    first, second = zoe["references"]
    assert (first["source"], first["note"], first["document"]) == ("z/1.jpg", "first", "zoe.pdf")
    assert first["document_sha256"] == sha256(b"the contract").hexdigest()
    assert (second["mark_box"], second["mark_placed"]) == ([0.8, 0.9, 0.15, 0.06], "given")
    assert noor["references"][0]["document"] == "https://brand.example/ai"
    shown = studio("twins", "show", "Zoë").out
    assert f"document: zoe.pdf, SHA-256 {sha256(b'the contract').hexdigest()}" in shown
    assert "A render of it that nobody registered or collected cannot be found." in shown
    (again,) = imported(studio, "--json").lines
    assert (again["new"], len(again["known"]), again["twins"]) == ([], 4, [])
    assert "4 were registered already" in imported(studio).out


def test_who_attests(studio: Twinwatch, tmp_path: Path) -> None:
    put(tmp_path)
    said = imported(studio)
    assert "nobody attests 1 picture (rows 4), so a copy of one counts as level 2 at most" in said.err
    (tmp_path / "twinwatch.toml").write_text('[crawl]\ncontact = "desk@example.org"\n')
    (tmp_path / "twinwatch.db").unlink()
    for arguments, who in ((("--attested-by", "Ann"), "Ann"), ((), "desk@example.org")):
        told = imported(studio, *arguments, "--dry-run", "--json").lines[0]
        assert {one["twin"]: one["attested_by"] for one in told["new"]} == {
            "Zoë": "Elin",
            "Noor": who,
            "Ida": who,
        }
        assert told["warnings"] == []


def test_a_workbook_is_a_list_as_well(studio: Twinwatch, tmp_path: Path) -> None:
    book = Workbook()
    for row in (
        ("Twin", "Image", "Basis", "Mark box"),
        ("Zoë", "z\\1.jpg", "contract 7", "0,8; 0,9; 0,15; 0,06"),
    ):
        book.worksheets[0].append(row)
    book.save(tmp_path / "twins.csv")
    (told,) = imported(studio, "--json").lines
    assert told["new"][0]["mark_box"] == [0.8, 0.9, 0.15, 0.06]


WRONG = {
    "twin": ("Zoë,,,", ",,,", "row 3, twin: is empty"),
    "spelling": ("Zoë,,,", "zoë,,,", "row 3, twin: 'zoë' is 'Zoë' in row 2: write it alike"),
    "kind": ("Zoë,,,", "Zoë,robot,,", "row 3, kind: 'robot': it is digital_twin, synthetic_model, human"),
    "two kinds": (
        "Zoë,,,", "Zoë,human original,,", "row 3, kind: 'human_original', but row 2 says 'digital_twin'",
    ),
    "two models": ("Zoë,,,", "Zoë,,Zara B.,", "row 3, model: 'Zara B.', but row 2 says 'Zoe B.' of Zoë"),
    "two agencies": ("Zoë,,,", "Zoë,,,B", "row 3, agency: 'B', but row 2 says 'Agency A' of Zoë"),
    "no image": ("z/2.jpg", "", "row 3, image: is empty"),
    "other image": ("z/2.jpg", "z/3.jpg", "row 3, image: there is no 'z/3.jpg' in renders"),
    "outside": ("z/2.jpg", "../zoe.pdf", "row 3, image: '../zoe.pdf' leads out of renders"),
    "mark": ('"0.8,0.9,0.15,0.06"', '"0,8,0,9"', "row 3, mark_box: '0,8,0,9': it is x, y, w, h"),
    "basis": ("contract 7,Elin,,", ",Elin,,", "row 3, basis: is empty"),
    "formula": ("contract 7,Elin,,", "=1+1,Elin,,", "row 3, basis: begins with “=”"),
    "document": ("Elin,,", "Elin,/etc/passwd,", "row 3, document: '/etc/passwd' lies outside"),
    "two models' document": (
        "announcement,,https://brand.example/ai", "x,,zoe.pdf", "row 4, document: 'zoe.pdf' is the document",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named_with_row_and_column(studio: Twinwatch, tmp_path: Path, case: str) -> None:
    old, new, words = WRONG[case]
    place = ROWS.index("\n") + 1  # behind the first row
    put(tmp_path, ROWS[:place] + ROWS[place:].replace(old, new, 1))
    said = imported(studio)
    assert (said.status, "nothing was registered: 1 mistake\n" in said.err) == (1, True), said.err
    assert words in said.err
    assert not studio("twins", "list", "--json").lines


def test_all_mistakes_are_told_together(studio: Twinwatch, tmp_path: Path) -> None:
    (tmp_path / "renders" / "link.jpg").symlink_to(tmp_path / "renders" / "n.jpg")
    bad = "Mia,,,,link.jpg,,,=A1,,\nMia,,,,n.jpg,,c,,,,more\n"
    put(tmp_path, ROWS + bad)
    said = imported(studio)
    assert [line.split(":")[0] for line in said.err.splitlines()[1:]] == [
        "  row 6, attested_by",
        "  row 6, image",
        "  row 6, basis",
        "  row 7",
    ]
    assert imported(studio, "--dry-run").err == said.err


def test_what_the_registry_says_stands(studio: Twinwatch, tmp_path: Path) -> None:
    put(tmp_path)
    imported(studio)
    put(tmp_path, "Zoë,synthetic_model,Zara,,z/1.jpg,,contract 7,Elin,,\nZOË,,,,n.jpg,,c,,,\n")
    said = imported(studio)
    assert "row 2, kind: 'synthetic_model', but the registry says 'digital_twin' of Zoë" in said.err
    assert "row 2, model: 'Zara', but the registry says 'Zoe B.' of Zoë" in said.err
    assert "row 3, twin: 'ZOË' is 'Zoë' in row 2" in said.err
    put(
        tmp_path,
        "Zoë,,,,z/1.jpg,none,another contract,Elin,,\nNoor,,Noor B.,,n.jpg,,brand's announcement,,,\n",
    )
    said = imported(studio)
    assert said.status == 0
    assert "row 2: z/1.jpg: is registered already, on another basis or by another attester" in said.err
    _, noor, zoe = studio("twins", "list", "--json").lines
    assert zoe["references"][0]["basis"] == "contract 7"
    assert noor["model"] == "Noor B."  # what was left empty is filled


def test_a_withdrawn_picture_is_not_brought_back_by_a_list(studio: Twinwatch, tmp_path: Path) -> None:
    put(tmp_path)
    imported(studio)
    sha = studio("twins", "list", "--json").lines[1]["references"][0]["sha256"]
    studio("twins", "withdraw", "Noor", "--reference", sha)
    said = imported(studio)
    assert "row 4: n.jpg: was withdrawn on" in said.err
    assert studio("twins", "list", "--json").lines[1]["references"][0]["withdrawn_at"]


def test_the_same_picture_twice_and_anothers(studio: Twinwatch, tmp_path: Path) -> None:
    put(tmp_path, ROWS + "Zoë,,,,z/1.jpg,,contract 7,Elin,,\nMia,,,,z/1.jpg,,contract 9,Elin,,\n")
    (told,) = imported(studio, "--attested-by", "me", "--json").lines
    assert told["warnings"] == [
        "row 6: z/1.jpg: the same picture as row 2: z/1.jpg; registered once",
        "row 7: z/1.jpg: looks like a picture registered for Zoë",
    ]
    assert len(told["new"]) == 5


def test_without_a_database_a_dry_run_makes_none(twinwatch: Twinwatch, tmp_path: Path) -> None:
    put(tmp_path, "A,,,,a.jpg,,c,,,\n")
    said = twinwatch("twins", "import", "twins.csv", "--dry-run")
    assert "row 2, image: there is no 'a.jpg'" in said.err  # in the list's own folder
    assert sorted(path.name for path in tmp_path.iterdir()) == ["twins.csv"]
    assert "there is no such folder" in twinwatch("twins", "import", "twins.csv", "--images", "none").err


@pytest.mark.slow
def test_pictures_are_looked_at_and_a_mended_list_goes_on(twinwatch: Twinwatch, tmp_path: Path) -> None:
    for seed in (1, 2):
        (tmp_path / f"{seed}.jpg").write_bytes(jpeg(photo(seed)))
    (tmp_path / "flat.jpg").write_bytes(jpeg(photo(1) * 0 + 128))
    (tmp_path / "torn.jpg").write_bytes(jpeg(photo(3))[:400])
    (tmp_path / "text.jpg").write_text("no picture")
    rows = "".join(f"A,,,,{name}.jpg,,c,me,,\n" for name in ("1", "flat", "2"))
    bad = rows + "A,,,,torn.jpg,,c,me,,\nA,,,,text.jpg,,c,me,,\n"
    put(tmp_path, bad)
    said = twinwatch("twins", "import", "twins.csv")
    assert said.status == 1
    assert [line.split(":")[0] for line in said.err.splitlines()[1:]] == ["  row 5, image", "  row 6, image"]
    assert not with_store(tmp_path, lambda store: store.twins())
    put(tmp_path, rows)
    (told,) = twinwatch("twins", "import", "twins.csv", "--json").lines
    assert (len(told["new"]), told["looked_at"]) == (3, 0)
    assert told["warnings"] == ["row 3: flat.jpg: too little in it to be recognised again; exact copies only"]


@pytest.mark.parametrize(
    ("words", "box"),
    [
        ("0.8,0.9,0.15,0.06", Box(0.8, 0.9, 0.15, 0.06)),
        (" 0.8, 0.9, 0.15, 0.06 ", Box(0.8, 0.9, 0.15, 0.06)),
        ("0,8; 0,9; 0,15; 0,06", Box(0.8, 0.9, 0.15, 0.06)),
        ("0,8 0,9 0,15 0,06", Box(0.8, 0.9, 0.15, 0.06)),
        ("0,8, 0,9, 0,15, 0,06", Box(0.8, 0.9, 0.15, 0.06)),
        ("0;0;1;1", Box(0, 0, 1, 1)),
        ("0.8,0.9,0.15", None),
        ("0,8,0,9,0,15,0,06", None),
        ("0.9,0,0.5,0.1", None),
        ("80%,90%,15%,6%", None),
        ("nan,0,1,1", None),
        ("lower right", None),
    ],
)
def test_boxes_as_people_write_them(words: str, box: Box | None) -> None:
    assert box_of(words) == box


@pytest.mark.parametrize("name", ["x" * 201, "\u202eTwin", "a\x1bb"])
def test_names_that_cannot_be_shown(name: str) -> None:
    assert odd_name(name)
    assert not odd_name("Twin Å 7 (søster)")
