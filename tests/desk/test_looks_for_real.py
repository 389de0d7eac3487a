"""Pictures and films with labels on them, from the command line, through real worker processes and the real
readers."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.detector.drawings import Pixels, scene
from tests.detector.files import encoded
from tests.detector.films import film

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
TWINWATCH = Path(sys.executable).with_name("twinwatch")
SIZE = (540, 675)


def with_words(words: str, seed: int = 1) -> Pixels:
    picture = scene(*SIZE, seed=seed).copy()
    cv2.putText(picture, words, (20, SIZE[1] - 20), cv2.FONT_HERSHEY_DUPLEX, 1.2, (250, 250, 250), 2)
    return picture


def checked(folder: Path, *names: str) -> dict[str, dict[str, Any]]:
    done = subprocess.run(
        [str(TWINWATCH), "check", *names, "--json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout, done.stderr
    return {line["path"]: line for line in map(json.loads, done.stdout.splitlines())}


def test_what_stands_on_pictures_is_read(tmp_path: Path) -> None:
    (tmp_path / "labelled.jpg").write_bytes(encoded(with_words("Made with AI"), "JPEG", quality=85))
    (tmp_path / "plain.jpg").write_bytes(encoded(with_words("New collection"), "JPEG", quality=85))
    (tmp_path / "none.jpg").write_bytes(b"no picture at all")
    found = checked(tmp_path, "labelled.jpg", "plain.jpg", "none.jpg")
    said = {path: line["disclosure"]["image_text"] for path, line in found.items()}
    label = said["labelled.jpg"]
    assert (label["state"], label["declared_by"]) == ("present", "account")
    assert label["quote"].casefold().replace(" ", "") == "madewithai"
    x, y, w, h = label["box"]
    assert x < 0.1
    assert y > 0.85
    assert 0 < w < 1
    assert 0 < h < 0.15
    assert label["prominence"]["below_floor"] == 0
    assert (found["labelled.jpg"]["labelling"], found["labelled.jpg"]["origin"]["level"]) == ("labelled", 4)
    assert said["plain.jpg"]["state"] == "absent"
    assert said["none.jpg"]["state"] == "unreadable"
    assert "not a picture" in said["none.jpg"]["reason"]


def test_a_label_in_one_scene_of_a_film_names_its_second(tmp_path: Path) -> None:
    plain, labelled = scene(*SIZE, seed=3), with_words("Made with AI", seed=2)
    data = film([np.ascontiguousarray(one) for one in [plain] * 15 + [labelled] * 15])
    (tmp_path / "film.mp4").write_bytes(data)
    (found,) = checked(tmp_path, "film.mp4").values()
    label = found["disclosure"]["image_text"]
    assert label["state"] == "present"
    assert 1.4 <= label["prominence"]["second"] <= 3.0
