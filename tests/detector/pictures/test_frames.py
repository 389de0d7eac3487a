"""Which frames of a film are looked at, and every way in which a film can be broken."""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from detector.pictures import film as filming
from detector.pictures import frames as choosing
from detector.pictures.decode import decode, small_picture
from detector.pictures.film import Film
from detector.pictures.frames import Choice, frame_at, frames, frames_at, thumbnail
from detector.processes import patience as waiting
from detector.processes.jobs import allowed_seconds
from detector.processes.patience import cpu_seconds
from detector.processes.workers import SECONDS, Workers
from storage.errors import PictureError
from storage.formats import format_of
from tests.detector.drawings import Pixels, scene
from tests.detector.films import CODECS, SIZE, film, moov_first, shots, slowed, turned
from tests.detector.pictures.test_animation import animated

THREE = (1.5, 2.0, 0.7)  # seconds of three scenes


def looked_at(data: bytes, kind: str = "") -> tuple[list[float], str]:
    """The times of the frames, and what ended them ("" for the end of the film)."""
    got: list[float] = []
    try:
        for frame in frames(data, kind or format_of(data)):
            got.append(frame.at)  # noqa: PERF401  # those before the failure count
    except PictureError as error:
        return got, error.kind
    return got, ""


def grey(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


# --- which frames -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CODECS)
def test_each_scene_once_in_every_container(kind: str) -> None:
    data = shots(*THREE, kind=kind)
    got = list(frames(data, format_of(data)))
    assert [one.at for one in got] == pytest.approx([0, 1.5, 3.5], abs=0.11)
    for number, one in enumerate(got):
        shown = grey(scene(*SIZE, seed=number))
        assert (one.picture.width, one.picture.height) == SIZE
        assert np.abs(one.picture.grey.astype(int) - shown).mean() < 12  # what the codec loses


def test_a_film_that_moves_gives_a_frame_a_second_and_its_last() -> None:
    wide = scene(SIZE[0] * 3, SIZE[1], seed=1)
    pan = [wide[:, 4 * step : 4 * step + SIZE[0]] for step in range(45)]
    got, ended = looked_at(film(pan))
    assert ended == ""
    assert got[0] == 0
    assert np.diff(got).max() <= 1.0 + 1e-6
    assert 5 <= len(got) <= 8


def test_a_scene_that_stands_is_its_first_look_and_its_last() -> None:
    data = shots(3.0, 0.8, 2.5)
    got = list(frames(data, "mp4"))
    assert [one.at for one in got] == pytest.approx([0, 2.9, 3.0, 3.8, 6.2], abs=0.21)
    for one, number in zip(got, (0, 0, 1, 2, 2), strict=True):
        assert np.abs(one.picture.grey.astype(int) - grey(scene(*SIZE, seed=number))).mean() < 12
    assert np.array_equal(small_picture(grey(frame_at(data, "mp4", got[1].at))).grey, got[1].picture.grey)


def test_a_film_that_stands_is_its_first_frame_and_its_last() -> None:
    assert looked_at(shots(4.0)) == ([0.0, pytest.approx(3.9, abs=0.11)], "")


def test_the_last_scene_ends_with_a_frame_of_its_own_where_it_stood_for_a_second() -> None:
    assert looked_at(shots(0.8, 1.4)) == (
        [0.0, pytest.approx(0.8, abs=0.11), pytest.approx(2.1, abs=0.21)],
        "",
    )
    assert looked_at(shots(0.8, 0.6)) == ([0.0, pytest.approx(0.8, abs=0.11)], "")


def test_a_picture_every_five_seconds() -> None:
    assert looked_at(slowed(shots(*[0.1] * 6), 50)) == ([0.0, 5.0, 10.0, 15.0, 20.0, 25.0], "")


def test_what_a_telephone_turned_is_seen_upright() -> None:
    data = turned(shots(*THREE))
    first = next(frames(data, "mp4")).picture
    assert (first.width, first.height) == SIZE[::-1]
    assert np.array_equal(frame_at(data, "mp4", 0), np.rot90(frame_at(shots(*THREE), "mp4", 0), -1))


@pytest.mark.parametrize("kind", CODECS)
def test_a_frame_can_be_had_again(kind: str) -> None:
    data = shots(*THREE, kind=kind)
    for one in frames(data, format_of(data)):
        again = frame_at(data, format_of(data), one.at)
        assert again.shape == (*SIZE[::-1], 3)
        assert np.array_equal(small_picture(grey(again)).grey, one.picture.grey)


@pytest.mark.parametrize("kind", ["mp4", "avi"])
@pytest.mark.parametrize("order", [(0.0, 1.6, 3.6, 4.0), (3.6, 0.4, 0.4, 1.2, 1.3)])
def test_several_frames_in_one_go_are_those_of_several(kind: str, order: tuple[float, ...]) -> None:
    data = shots(*THREE, kind=kind)
    together = list(frames_at(data, kind, order))
    assert len(together) == len(order)
    for at, pixels in zip(order, together, strict=True):
        assert np.array_equal(pixels, frame_at(data, kind, at))


def test_colours_come_in_their_order() -> None:
    red = np.zeros((*SIZE[::-1], 3), np.uint8) + np.array([220, 30, 40], np.uint8)
    shown = frame_at(film([red] * 5), "mp4", 0.2).mean(axis=(0, 1))
    assert np.abs(shown - [220, 30, 40]).max() < 8


def test_a_time_after_the_end_is_named() -> None:
    with pytest.raises(PictureError) as caught:
        frame_at(shots(*THREE), "mp4", 60)
    assert caught.value.kind == "no_frames"


def test_what_a_thrifty_decoder_leaves_out_is_decoded_after_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with HEVC, of which leaving out B frames leaves nothing but key frames."""
    monkeypatch.setattr(filming, "THRIFT", ("nonintra", "default"))
    data = shots(1.1, 1.3, 1.2, 0.7)
    assert looked_at(data)[0] == pytest.approx([0, 1.1, 2.4, 3.6], abs=0.21)


# --- the choice -------------------------------------------------------------------------------------------


def kept(greys: list[int], step: float = choosing.LOOK_SECONDS, keys: tuple[int, ...] = ()) -> list[int]:
    choice = Choice()
    chosen = []
    for number, value in enumerate(greys):
        look = np.full((16, 16, 3), value, np.float32)
        key = number in keys
        if choice.due(number * step, key=key) and choice.keeps(number * step, look, key=key):
            chosen.append(number)
    return chosen


@pytest.mark.parametrize(
    ("greys", "keys", "chosen"),
    [
        ([10] * 12, (), [0]),  # nothing happens
        ([10, 11, 10, 11] * 5, (), [0]),  # noise
        ([10] * 3 + [90] * 4, (), [0, 3]),  # a cut
        ([10] * 3 + [90] + [10] * 4, (), [0, 3, 4]),  # a flash, and back
        ([10, 13, 16, 19, 22, 25, 28, 31], (), [0, 5]),  # slow movement: one a second
        ([10, 40, 70, 100, 130, 100, 70, 40], (), [0, 1, 2, 7]),  # quick movement: soon not every look
        ([10, 40, 70, 100, 130, 100, 70], (4,), [0, 1, 2, 4]),  # a key frame says that it is a cut
        ([10, 70, 130, 190, 250, 190, 130], (), [0, 1, 2, 3, 4, 5, 6]),  # cut after cut
        ([10, 12, 14, 16, 18, 20], (1, 2, 3, 4), [0, 5]),  # a key frame alone says nothing
    ],
)
def test_the_choice(greys: list[int], keys: tuple[int, ...], chosen: list[int]) -> None:
    assert kept(greys, keys=keys) == chosen


def test_looks_are_rare() -> None:
    choice = Choice()
    assert choice.due(0, key=False)
    choice.keeps(0, thumbnail(scene(*SIZE)))
    assert [
        choice.due(at, key=key) for at, key in ((0.1, False), (0.1, True), (0.05, True), (0.2, False))
    ] == [
        False,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 900, 3), (1920, 1080, 3)])
def test_a_thumbnail_of_anything(shape: tuple[int, int, int]) -> None:
    assert thumbnail(np.full(shape, 7, np.uint8)).tolist() == np.full((16, 16, 3), 7.0).tolist()


# --- limits -----------------------------------------------------------------------------------------------


def test_too_many_frames_are_cut_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "MOST_FRAMES", 2)
    got, ended = looked_at(shots(*THREE))
    assert (len(got), ended) == (2, "video_cut")


@pytest.mark.parametrize("clock", ["MOST_SECONDS", "WALL"])
def test_too_long_a_decode_is_cut_and_that_is_said(clock: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, clock, -1.0)
    assert looked_at(shots(*THREE)) == ([], "video_cut")
    assert looked_at(animated("GIF")) == ([0.0], "video_cut")


@pytest.mark.parametrize("size", [0, 10**6, 5 * 10**6, 3 * 10**7, 10**8, 5 * 10**8])
def test_a_larger_film_may_take_longer_and_ends_before_its_worker_is_stopped(
    size: int, tmp_path: Path
) -> None:
    path = tmp_path / "film"
    with path.open("wb") as file:
        file.truncate(size)
    assert 0 < cpu_seconds(size) * waiting.WALL < 0.9 * allowed_seconds(SECONDS, path)
    assert cpu_seconds(size) <= cpu_seconds(size + 10**7) <= waiting.MOST_SECONDS


def test_a_frame_of_too_many_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filming, "PIXEL_LIMIT", SIZE[0] * SIZE[1] - 1)
    assert looked_at(shots(*THREE)) == ([], "too_many_pixels")


# --- broken, foreign and hostile --------------------------------------------------------------------------


def share(data: bytes, part: float) -> bytes:
    return data[: int(len(data) * part)]


def blanked(data: bytes) -> bytes:
    whole = len(data) * 6 // 10
    return data[:whole] + bytes(len(data) - whole)


BROKEN: dict[str, tuple[Callable[[], bytes], str, int]] = {  # what it is, how it ends, frames before that
    "cut, its description first": (lambda: share(moov_first(shots(*THREE)), 0.6), "truncated", 2),
    "cut, its description last": (lambda: share(shots(*THREE), 0.6), "truncated", 0),
    "a cut avi": (lambda: share(shots(*THREE, kind="avi"), 0.6), "truncated", 2),
    "a cut webm": (lambda: share(shots(*THREE, kind="webm"), 0.6), "truncated", 2),
    "blank from the middle on": (lambda: blanked(moov_first(shots(*THREE))), "broken_video", 2),
    "a head alone": (lambda: shots(*THREE)[:60], "truncated", 0),
    "a head and rubbish": (
        lambda: b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp41" + bytes(40),
        "broken_video",
        0,
    ),
    "encrypted": (lambda: shots(*THREE).replace(b"mp4v", b"encv"), "encrypted", 0),
    "sound alone": (lambda: shots(*THREE).replace(b"vide", b"soun"), "no_frames", 0),
    "without a frame": (lambda: film([]), "no_frames", 0),
    "whole": (lambda: moov_first(shots(*THREE)), "", 3),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_film_gives_what_it_has_and_says_why_it_ends(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    make, ended, count = BROKEN[name]
    data = make()
    capfd.readouterr()
    got, kind = looked_at(data, format_of(shots(*THREE, kind="webm")) if "webm" in name else "")
    assert (len(got), kind) == (count, ended)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", ["", "mp4", "mkv", "avi", "flv", "ogg", "mpeg"])
@pytest.mark.parametrize(
    "form", ["#EXTM3U\n#EXTINF:2,\n{}\n#EXT-X-ENDLIST\n", "ffconcat version 1.0\nfile {}\n"]
)
def test_a_playlist_opens_nothing(
    form: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by its first bytes, nor where somebody takes it for a video."""
    (tmp_path / "film.mp4").write_bytes(shots(*THREE))
    monkeypatch.chdir(tmp_path)
    for target in ("film.mp4", f"file:{tmp_path}/film.mp4"):
        data = form.format(target).encode()
        got, ended = looked_at(data, kind) if kind else looked_at(data)
        assert got == []
        assert ended in {"not_a_picture", "truncated", "broken_video", "no_frames"}


def test_the_environment_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;udp")
    with Film(shots(*THREE), "mp4"):
        assert os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] == "rtsp_transport;udp"
    monkeypatch.delenv("OPENCV_FFMPEG_CAPTURE_OPTIONS")
    with Film(shots(*THREE), "mp4"):
        assert "OPENCV_FFMPEG_CAPTURE_OPTIONS" not in os.environ


def test_what_is_no_video_is_named() -> None:
    for data, kind, ended in ((b"", "mp4", "empty"), (b"x", "", "not_a_video"), (b"x", "zip", "not_a_video")):
        with pytest.raises(PictureError) as caught:
            Film(data, kind)
        assert caught.value.kind == ended


KINDS = {"", "truncated", "broken_video", "no_frames", "encrypted", "not_a_picture", "too_many_pixels"}


def test_mutilated_films_end_by_name_in_a_worker(tmp_path: Path) -> None:
    """Where it counts, and where a crash of the decoder would not end the tests."""
    chance = random.Random(5)
    jobs = []
    for number in range(60):
        data = bytearray(
            moov_first(shots(*THREE)) if number % 4 == 3 else shots(*THREE, kind=[*CODECS][number % 6])
        )
        for _ in range(chance.choice([1, 10, 100])):
            data[chance.randrange(len(data) if chance.random() < 0.5 else 700)] = chance.randrange(256)
        path = tmp_path / f"{number}"
        path.write_bytes(data[: chance.randrange(len(data))] if chance.random() < 0.3 else data)
        jobs.append((path, ("fingerprint:pdq",)))
    with Workers(processes=1) as pool:
        found = dict(pool.examine(jobs))
    assert len(found) == len(jobs)
    assert {one.failure.kind if one.failure else "" for one in found.values()} <= KINDS


def test_a_worker_takes_the_fingerprints_of_every_frame(tmp_path: Path) -> None:
    path = tmp_path / "film"
    path.write_bytes(shots(*THREE))
    before = time.monotonic()
    with Workers(processes=1) as pool:
        ((_, found),) = pool.examine([(path, ("fingerprint:pdq",))])
    assert time.monotonic() - before < 20
    assert (found.format, found.width, found.height, found.failure, found.too_little) == (
        "mp4",
        *SIZE,
        None,
        False,
    )
    assert [(one.algorithm, one.at) for one in found.fingerprints] == [
        (algorithm, at) for at in looked_at(shots(*THREE))[0] for algorithm in ("pdq", "pdq/forms")
    ]


def test_a_still_picture_has_no_frames() -> None:
    for kind in ("PNG", "GIF", "WEBP", "AVIF"):
        data = animated(kind, 1)
        assert looked_at(data) == ([], "")
        assert np.array_equal(frame_at(data, format_of(data), 3.0), decode(data, format_of(data)).pixels)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_each_picture_of_a_quick_animation(kind: str) -> None:
    """Ten a second, none like the one before: whichever is registered is found."""
    pictures = [Image.fromarray(scene(*SIZE, seed=seed) // 2 + 128 * (seed % 2)) for seed in range(8)]
    found, failure = looked_at(animated(kind, images=pictures, milliseconds=100))
    assert (len(found), failure) == (8, "")


def test_an_image_of_one_colour_moves_too() -> None:
    flat = [Image.new("RGB", SIZE, (value, value, value)) for value in (10, 200)]
    assert len(frame_at(animated("GIF", images=flat), "gif", 0.7)) == SIZE[1]
