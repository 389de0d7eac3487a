"""The OCR library in its place: what it reads, and that it needs no network, no file and little memory."""

import os
import subprocess
import sys
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from detector.onimage import ocr
from detector.onimage.look import Pixels
from detector.onimage.ocr import MOST_PIXELS, Place, letters_in, lines, places, recognised
from storage.records import Box

CONFINED = """
import pathlib, resource, socket, sys
import psutil
import numpy as np, cv2
from detector.onimage import ocr

def refused(*_, **__):
    raise AssertionError("the network was asked")

cv2.setNumThreads(1)  # as detector/processes/worker.py does
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refused
for what, most in ((resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 64)):
    resource.setrlimit(what, (most, most))
picture = np.full((1440, 1080, 3), 120, np.uint8)
cv2.putText(picture, "AI GENERATED", (60, 1400), cv2.FONT_HERSHEY_DUPLEX, 1.4, (255, 255, 255), 2)
print(*(line.text.replace(" ", "") for line in ocr.lines(picture)))
print(psutil.Process().num_threads())
status = pathlib.Path("/proc/self/status").read_text()  # ru_maxrss counts what the parent had before exec
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""


def drawn(text: str, size: tuple[int, int] = (600, 400), at: tuple[int, int] = (20, 380)) -> Pixels:
    """White letters of about 20 px on grey."""
    picture = np.full((size[1], size[0], 3), 110, np.uint8)
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_DUPLEX, 1.0, (255, 255, 255), 2)
    return picture


def test_a_line_with_its_place() -> None:
    (line,) = lines(drawn("AI GENERATED"))
    assert line.text == "AI GENERATED"
    assert line.confidence > 0.9
    assert line.place.box.x == pytest.approx(20 / 600, abs=0.02)
    assert line.place.box.y + line.place.box.h == pytest.approx(381 / 400, abs=0.03)
    assert 20 < line.place.height < 40


class Turning:
    """In place of the library: it turns every crop, and reads one way or the other."""

    def __init__(self, turned: tuple[str, float], straight: tuple[str, float]) -> None:
        self.turned, self.straight = turned, straight

    def crop_text_regions(self, pixels: Pixels, corners: object) -> list[Pixels]:
        return [pixels]

    def cls_and_rotate(self, crops: list[Pixels]) -> tuple[list[Pixels], None]:
        return [np.ascontiguousarray(one[::-1, ::-1]) for one in crops], None

    def recognize_txt(self, crops: list[Pixels]) -> SimpleNamespace:
        text, sure = self.straight if crops[0][0, 0, 0] == 0 else self.turned
        return SimpleNamespace(txts=(text,), scores=(sure,))


@pytest.mark.parametrize(
    ("turned", "straight", "read"),
    [
        (("号IV", 0.78), ("AI", 0.88), "AI"),  # Hangul behind it
        (("Made with AI", 0.98), ("Iv yIm epeW", 0.4), "Made with AI"),  # it stands on its head
        (("Made with AI", 0.8), ("", 0.0), "Made with AI"),
    ],
)
def test_what_is_not_surely_on_its_head_is_read_as_it_stands(
    turned: tuple[str, float], straight: tuple[str, float], read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = np.arange(300).astype(np.uint8).reshape(10, 10, 3)
    place = Place(np.zeros((4, 2), np.float32), Box(0, 0, 1, 1), 10, 0.9)
    monkeypatch.setattr(ocr, "_engine", lambda: Turning(turned, straight))
    monkeypatch.setattr(ocr, "_bgr", lambda pixels: pixels)
    assert [line.text for line in recognised(picture, [place])] == [read]


def test_no_text_no_line() -> None:
    assert lines(np.full((300, 300, 3), 128, np.uint8)) == ()


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (40, 3000), (3000, 40), (33, 31)])
def test_odd_sizes_are_no_error(shape: tuple[int, int]) -> None:
    assert lines(np.zeros((*shape, 3), np.uint8)) == ()


@pytest.mark.slow
def test_a_large_picture_is_read_smaller_and_measured_as_it_is() -> None:
    picture = np.full((2160, 2160, 3), 110, np.uint8)
    cv2.putText(picture, "AI GENERATED", (100, 2100), cv2.FONT_HERSHEY_DUPLEX, 2.0, (255, 255, 255), 4)
    assert picture.shape[0] * picture.shape[1] > MOST_PIXELS
    (line,) = lines(picture)
    assert line.text.replace(" ", "") == "AIGENERATED"
    assert 40 < line.place.height < 80


def test_found_small_and_read_large() -> None:
    picture = drawn("AI GENERATED", (1200, 900), (30, 880))
    (place,) = places(picture, edge=500)
    assert place.sure > 0.5
    (line,) = recognised(picture, (place,))
    assert line.text.replace(" ", "") == "AIGENERATED"
    assert recognised(picture, (place,), lambda: False) == ()


def test_one_crop() -> None:
    assert letters_in(drawn("KI", (70, 40), (10, 32))) == "KI"
    assert letters_in(np.full((40, 60, 3), 200, np.uint8)) == ""


@pytest.mark.slow
def test_in_a_confined_process_it_reads_and_asks_nobody() -> None:
    """The limits of detector/processes/worker.py, and no network. The engine is made in that process."""
    told = subprocess.run(
        [sys.executable, "-c", CONFINED],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )
    said, threads, peak = told.stdout.splitlines()
    assert said == "AIGENERATED"
    assert int(threads) <= 2  # the second one is the runtime's, and idle
    assert int(peak) < 800
    assert told.stderr == ""
