"""match, check and negatives on pictures that somebody changed."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from desk.commands.match import _line, _rows
from desk.jobs.matching import Matched
from desk.jobs.register import Enrolment, register
from detector.matching.candidate import Conclusion
from storage.records import Failure, Match, MatchKind, Negative, ReferenceKind, Twin
from tests.desk.matched_store import opened_here

pytestmark = pytest.mark.slow  # commands that start workers

TWIN = Twin("Twin A", ReferenceKind.DIGITAL_TWIN)
LINE = ["path", "matches", "too_little", "error", "why_no_match"]


def drawn(seed: int) -> Image.Image:
    """Shapes of every size, as many as make a picture easy to tell from any other."""
    rng = np.random.default_rng(seed)
    picture = Image.new("RGB", (480, 600), tuple(int(part) for part in rng.integers(60, 200, 3)))
    pen = ImageDraw.Draw(picture)
    for _ in range(160):
        x, y, w, h = (int(part) for part in rng.integers((0, 0, 6, 6), (480, 600, 70, 70)))
        colour = tuple(int(part) for part in rng.integers(0, 256, 3))
        (pen.ellipse if rng.random() < 0.5 else pen.rectangle)((x, y, x + w, y + h), fill=colour)
    return picture


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    twin, other = drawn(1), drawn(2)
    twin.save(folder / "twin.png")
    other.save(folder / "logo.png")
    found = folder / "found"
    found.mkdir()
    ImageOps.mirror(twin.crop((60, 80, 420, 560))).save(found / "a-cropped.jpg", quality=85)
    collage = Image.new("RGB", (960, 600))
    collage.paste(other, (0, 0))
    collage.paste(twin, (480, 0))
    collage.save(found / "b-collage.jpg", quality=85)
    drawn(3).save(found / "c-other.jpg")
    Image.new("RGB", (300, 300), (40, 40, 40)).save(found / "d-flat.png")
    (found / "e-broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    return folder


@pytest.fixture(scope="module")
def enrolled(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose store has one twin with one picture."""
    folder = tmp_path_factory.mktemp("enrolled")
    with opened_here(folder, create=True) as store:
        register(store, Enrolment(TWIN, (pictures / "twin.png",), "contract 7", "me"))
    return folder


@pytest.fixture
def registered(twinwatch: Callable[..., Any], enrolled: Path, tmp_path: Path) -> Callable[..., Any]:
    shutil.copytree(enrolled, tmp_path, dirs_exist_ok=True)
    return twinwatch


def test_every_file_is_matched_or_says_why_not(registered: Callable[..., Any], pictures: Path) -> None:
    said = registered("match", str(pictures / "found"), "--json")
    assert said.status == 3
    assert all(list(line) == LINE for line in said.lines)
    cropped, collage, other, flat, broken = said.lines
    (copy,) = cropped["matches"]
    assert (copy["twin"], copy["kind"], copy["reason"], copy["decided"]) == ("Twin A", "copy", "", None)
    assert "mirrored" in copy["transform"]
    assert "cropped" in copy["transform"]
    assert copy["overlap"] == pytest.approx(0.6, abs=0.05)
    assert copy["agreement"] > 0.9
    assert copy["inliers"] > 20
    assert [match["kind"] for match in collage["matches"]] == ["copy"]
    assert collage["matches"][0]["region"][0] == pytest.approx(0.5, abs=0.02)
    assert (other["matches"], flat["matches"], broken["matches"]) == ([], [], [])
    assert other["why_no_match"]
    assert flat["too_little"]
    assert flat["why_no_match"]
    assert broken["error"]["kind"]


def test_a_registered_picture_cannot_be_a_negative(registered: Callable[..., Any], pictures: Path) -> None:
    said = registered("negatives", "add", "house logo", str(pictures / "twin.png"))
    assert (said.status, "is registered for Twin A" in said.err) == (1, True)
    missing = registered("negatives", "add", "house logo", "none.png")
    assert (missing.status, "nothing was added" in missing.err) == (1, True)


def test_a_rehearsal_adds_no_negative(registered: Callable[..., Any], pictures: Path, tmp_path: Path) -> None:
    kept = sorted(path for path in (tmp_path / "media").rglob("*"))
    said = registered("negatives", "add", "house logo", str(pictures / "logo.png"), "--dry-run")
    assert said.out == "house logo: would be added\n"
    assert not registered("negatives", "list", "--json").lines
    assert sorted(path for path in (tmp_path / "media").rglob("*")) == kept


def test_a_name_stands_for_a_group(registered: Callable[..., Any], pictures: Path, tmp_path: Path) -> None:
    other = pictures / "found" / "c-other.jpg"
    with opened_here(tmp_path) as store:
        store.bank.add_negative(Negative("charts", store.media.put(other.read_bytes()), "ann", "the first"))
    collage = str(pictures / "found" / "b-collage.jpg")
    (line,) = registered("negatives", "add", "charts", collage, str(other), "--by", "bob", "--json").lines
    assert [one["name"] for one in line["known"]] == ["charts"]
    assert [(one["name"], one["added_by"]) for one in line["new"]] == [("charts (2)", "bob")]
    assert "looks like a picture registered for Twin A" in line["warnings"][0]
    listed = registered("negatives", "list", "--json").lines
    assert [one["name"] for one in listed] == ["charts", "charts (2)"]
    assert "the first" in registered("negatives", "list").out


def test_a_negative_is_withdrawn_and_restored(registered: Callable[..., Any], tmp_path: Path) -> None:
    with opened_here(tmp_path) as store:
        for number, name in enumerate(("charts", "charts (2)", "charts of ours", "logo")):
            store.bank.add_negative(Negative(name, f"{number:064x}"))
    assert registered("negatives", "withdraw", "logo").out == "logo: withdrawn\n"
    assert "nothing to be withdrawn" in registered("negatives", "withdraw", "logo").out
    assert registered("negatives", "restore", "logo", "--dry-run").out == "logo: would be restored\n"
    assert registered("negatives", "restore", "logo").out == "logo: restored\n"
    one = registered("negatives", "withdraw", "charts (2)", "--json").lines[0]
    assert one["withdrawn"] == ["charts (2)"]
    rest = registered("negatives", "withdraw", "charts", "--json").lines[0]
    assert rest["withdrawn"] == ["charts"]
    missing = registered("negatives", "withdraw", "size chart")
    assert (missing.status, "no negative is called" in missing.err) == (1, True)


def test_people_read_how_it_was_changed_and_when_it_is_seen() -> None:
    match = Match(
        *("ab" * 32, MatchKind.LIKELY_COPY, "aligned", 0.2, 0.1, "Twin A", ReferenceKind.DIGITAL_TWIN),
        transform="mirrored",
        overlap=0.62,
        agreement=0.8,
        inliers=40,
        span=(3.0, 7.0),
        reason="part of it is covered",
    )
    matched = Matched(Path("a.mp4"), None, Conclusion((match,)), None)
    assert list(_rows(matched)) == [
        (
            *("a.mp4", "Twin A abababab", "likely copy"),
            "mirrored; at 0:03–0:07; part of it is covered",
            *("overlap 62 %", "agreement 0.80"),
        )
    ]
    line = _line(matched)
    assert line["why_no_match"] == []
    assert line["matches"][0]["span"] == [3.0, 7.0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("conclusion", "failure", "cells"),
    [
        (
            Conclusion((), ("too flat.", "nothing registered.")),
            None,
            ("no match", "too flat. nothing registered."),
        ),
        (Conclusion(()), Failure("not_found", "no such file"), ("failed", "no such file (not_found)")),
    ],
)
def test_no_match_has_its_row_and_its_reason(
    conclusion: Conclusion, failure: Failure | None, cells: tuple[str, str]
) -> None:
    (row,) = _rows(Matched(Path("a.jpg"), None, conclusion, failure))
    assert row == ("a.jpg", "", *cells, "", "")
