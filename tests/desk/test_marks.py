"""Registering marks on the command line: what is lifted from a file, kept, listed, drawn, and looked for."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desk.jobs import check, marks
from desk.jobs.looking import kit_of, waiting_looks
from detector.onimage import readers
from detector.onimage.kit import Kit, marks_stamp
from detector.onimage.look import Mark
from detector.processes import worker
from detector.processes.jobs import DrawJob, Drawn
from detector.processes.lookers import Lookers
from detector.processes.wire_drawings import read_drawing
from detector.processes.workers import Workers
from detector.wording.lexicon import BUILT_IN
from storage.errors import RegistryError
from storage.records import Saved, Surface
from storage.store import upgrade
from tests.desk.matched_store import opened_here
from tests.detector.files import jpeg
from tests.detector.onimage.brand import WHITE, letters, on, png

pytestmark = pytest.mark.slow  # whole commands

PLANE = np.arange(256, dtype=np.uint8).reshape(16, 16)
SHIPPED = Mark("eu-ai", "AI (EU icon)", PLANE, PLANE)


@pytest.fixture(autouse=True)
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the worker would do is done here, so that no process starts; it has a test of its own."""

    def draw(_: Workers, jobs: Iterable[DrawJob]) -> Iterator[Drawn]:
        yield from (Drawn(job, *read_drawing(worker.drawing_of(job))) for job in jobs)

    monkeypatch.setattr(Workers, "draw", draw)
    monkeypatch.setattr(marks, "built_in_marks", lambda: (SHIPPED,))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "label.png"
    path.write_bytes(png(letters("AI")))
    return path


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pattern") / "twinwatch.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def house(twinwatch: Callable[..., Any], file: Path, pattern: Path, tmp_path: Path) -> Callable[..., Any]:
    """The command, with a mark called "house" in the store."""
    shutil.copy(pattern, tmp_path / "twinwatch.db")
    words = ("--says", "made with AI", "--by", "ann")
    assert twinwatch("marks", "add", "house", file.name, *words).status == 0
    return twinwatch


def names(said: Any) -> list[str]:
    return [line["name"] for line in said.lines]


# --- adding -------------------------------------------------------------------------------------------------


def test_a_mark_is_added_once(twinwatch: Callable[..., Any], file: Path, tmp_path: Path) -> None:
    words = ("--says", "made with AI", "--letters", "AI", "--by", "ann")
    arguments = ("marks", "add", " house ", file.name, *words)
    said = twinwatch(*arguments, "--json")
    (line,) = said.lines
    assert (said.status, line["name"], line["done"], line["dry_run"]) == (0, "house", "added", False)
    assert (line["kind"], line["says"], line["letters"]) == ("registered", "made with AI", "AI")
    assert (line["source"], line["added_by"], line["warnings"]) == ("label.png", "ann", [])
    with opened_here(tmp_path) as store:
        assert store.media.read(line["sha256"]) == file.read_bytes()
    again = twinwatch(*arguments, "--json").lines[0]
    assert again == {**line, "done": "known"}
    assert "is there already" in twinwatch(*arguments).out


@pytest.mark.parametrize(
    ("says", "letters", "expected"), [(None, None, "house"), (None, "KI", "KI"), ("Made", "KI", "Made")]
)
def test_what_it_says(file: Path, says: str | None, letters: str | None, expected: str) -> None:
    done = marks.add(None, marks.Wanted("house", file, says, letters), dry_run=True)
    assert (done.done, done.mark.says, done.mark.letters) == (Saved.NEW, expected, letters or "")


def test_words_change_where_others_are_given(house: Callable[..., Any], file: Path) -> None:
    said = house("marks", "add", "house", file.name, "--letters", "AI", "--json").lines[0]
    assert (said["done"], said["says"], said["letters"]) == ("changed", "made with AI", "AI")
    said = house("marks", "add", "house", file.name, "--letters", "", "--by", "bob")
    assert "house: changed" in said.out
    (line,) = [one for one in house("marks", "list", "--json").lines if one["name"] == "house"]
    assert (line["letters"], line["added_by"]) == ("", "ann")


def test_a_rehearsal_says_what_would_be_and_makes_no_store(
    twinwatch: Callable[..., Any], file: Path, tmp_path: Path
) -> None:
    assert "house: would be added" in twinwatch("marks", "add", "house", file.name, "--dry-run").out
    assert list(tmp_path.iterdir()) == [file]
    twinwatch("marks", "add", "house", file.name)
    assert "is there already" in twinwatch("marks", "add", "house", file.name, "--dry-run").out
    said = twinwatch("marks", "add", "other", file.name, "--dry-run", "--json")
    (warning,) = said.lines[0]["warnings"]
    assert warning.startswith("the same file is registered as house")
    assert names(twinwatch("marks", "list", "--json")) == ["eu-ai", "house"]


def test_a_plain_ground_serves_and_a_svg_is_told_what_to_do(
    twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "plain.png").write_bytes(png(on(WHITE, letters("KI"))))
    (tmp_path / "drawn.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert "told from its plain ground" in twinwatch("marks", "add", "plain", "plain.png").out
    said = twinwatch("marks", "add", "drawn", "drawn.svg")
    assert (said.status, "save it as PNG" in said.err) == (1, True)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("text.txt", b"no picture", "not a picture"),
        ("empty.png", b"", "the file is empty"),
        ("half.png", png(letters("AI"))[:200], "the decoder says"),
        ("dot.png", png(np.zeros((1, 1, 4), np.uint8)), "nothing is drawn on it"),
        ("photo.jpg", jpeg(), "crop the mark"),
        ("none.png", None, "there is no such file"),
        (".", None, "is a folder"),
    ],
)
def test_what_cannot_serve_is_named(tmp_path: Path, name: str, data: bytes | None, words: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(RegistryError, match=words) as caught:
        marks.add(None, marks.Wanted("house", tmp_path / name), dry_run=True)
    assert caught.value.where == str(tmp_path / name)


def test_what_cannot_serve_is_an_error_and_not_kept(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(jpeg())
    said = twinwatch("marks", "add", "house", "photo.jpg")
    assert (said.status, said.out) == (1, "")
    assert "photo.jpg cannot be registered as a mark: it has no plain ground" in said.err
    assert names(twinwatch("marks", "list", "--all", "--json")) == ["eu-ai"]


def test_names_that_are_taken(house: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "other.png").write_bytes(png(letters("KI")))
    said = house("marks", "add", "house", "other.png")
    assert (said.status, "use another name" in said.err) == (1, True)
    for name in ("eu-ai", "EU-AI"):
        said = house("marks", "add", name, "other.png")
        assert (said.status, "built in" in said.err) == (1, True)
    assert names(house("marks", "list", "--json")) == ["eu-ai", "house"]


# --- looking at them ----------------------------------------------------------------------------------------


def test_the_list_has_those_built_in_and_registered(twinwatch: Callable[..., Any], file: Path) -> None:
    said = twinwatch("marks", "list")
    assert "built in" in said.out
    assert "No marks of your own yet" in said.err
    twinwatch("marks", "add", "house", file.name)
    shown = twinwatch("marks", "list").out
    assert "registered" in shown
    assert "label.png" in shown
    first, second = twinwatch("marks", "list", "--json").lines
    assert (first["kind"], first["sha256"], first["width"], first["height"]) == ("built_in", None, 16, 16)
    assert (second["kind"], second["withdrawn_at"]) == ("registered", None)


def test_people_can_look_at_one(house: Callable[..., Any], tmp_path: Path) -> None:
    said = house("marks", "show", "house", "--picture", "seen.png")
    assert "added by ann" in said.out
    assert "drawn to seen.png" in said.out
    drawn = np.asarray(Image.open(tmp_path / "seen.png"))
    line = house("marks", "show", "house", "--json").lines[0]
    assert drawn.shape == (line["height"] + 48, 3 * (line["width"] + 48))
    assert [int(drawn[0, 0]), int(drawn[0, -1])] == [255, 0]
    assert "built in" in house("marks", "show", "eu-ai").out
    said = house("marks", "show", "house", "--picture", "none/seen.png")
    assert (said.status, "--picture" in said.err) == (2, True)


# --- gone and back ------------------------------------------------------------------------------------------


def test_a_removed_mark_is_restored(house: Callable[..., Any], file: Path) -> None:
    assert "would be removed" in house("marks", "remove", "house", "--dry-run").out
    assert house("marks", "remove", "house", "--json").lines == [
        {"name": "house", "removed": True, "dry_run": False}
    ]
    assert "nothing to be removed" in house("marks", "remove", "house").out
    assert names(house("marks", "list", "--json")) == ["eu-ai"]
    assert names(house("marks", "list", "--all", "--json")) == ["eu-ai", "house"]
    assert ", removed 20" in house("marks", "show", "house").out
    assert "house: restored" in house("marks", "restore", "house").out
    assert house("marks", "restore", "house", "--json").lines[0]["restored"] is False
    house("marks", "remove", "house")
    assert house("marks", "add", "house", file.name, "--json").lines[0]["done"] == "changed"
    assert names(house("marks", "list", "--json")) == ["eu-ai", "house"]


@pytest.mark.parametrize("verb", ["show", "remove", "restore"])
def test_what_is_not_registered_is_an_error(house: Callable[..., Any], verb: str) -> None:
    said = house("marks", verb, "nobody")
    assert (said.status, "no mark is called 'nobody'" in said.err) == (1, True)
    if verb != "show":
        assert "is built in" in house("marks", verb, "eu-ai").err


# --- what they are for --------------------------------------------------------------------------------------


def test_a_registered_mark_is_looked_for_and_pictures_are_looked_at_again(
    house: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = readers.Reader("1", lambda *_: None)  # type: ignore[arg-type]
    monkeypatch.setattr(readers, "readers", lambda: {Surface.IMAGE_MARK: reader, Surface.IMAGE_TEXT: reader})
    with opened_here(tmp_path) as store:
        kit = kit_of(store, BUILT_IN)
        (mark,) = kit.marks
        assert (mark.name, mark.says) == ("house", "made with AI")
        assert marks_stamp(kit.marks) != marks_stamp(())
        before, now = readers.stamps(Kit()), readers.stamps(kit)
        assert before[Surface.IMAGE_MARK] != now[Surface.IMAGE_MARK]
        assert before[Surface.IMAGE_TEXT] == now[Surface.IMAGE_TEXT]
        asked: list[Any] = []
        monkeypatch.setattr(type(store.looks), "waiting", lambda _, today: asked.append(today))
        waiting_looks(store, BUILT_IN)
        assert asked == [now]
        marks.remove(store, "house")
        assert kit_of(store, BUILT_IN).marks == ()
    assert kit_of(None, BUILT_IN).marks == ()


def test_check_looks_for_them_too(
    house: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    kits: list[Kit] = []

    def lookers(kit: Kit) -> Lookers:
        kits.append(kit)
        return Lookers(kit)

    monkeypatch.setattr(check, "Lookers", lookers)
    assert house("check", "none.png", "--json").status == 1
    assert [[mark.name for mark in kit.marks] for kit in kits] == [["house"]]
