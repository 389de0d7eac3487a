"""One file looked at: the strongest of its frames, and a named reason for whatever could not be looked at."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from detector.onimage import looking
from detector.onimage.kit import Kit
from detector.onimage.look import Pixels
from detector.onimage.looking import EDGE, look
from detector.onimage.readers import Reader
from detector.processes.jobs import LookJob
from storage.records import Reading, ReadingState, Surface
from tests.detector.files import encoded, jpeg
from tests.detector.films import shots

TEXT, MARK = Surface.IMAGE_TEXT, Surface.IMAGE_MARK
ABSENT, PRESENT = ReadingState.ABSENT, ReadingState.PRESENT
UNREADABLE, AMBIGUOUS = ReadingState.UNREADABLE, ReadingState.AMBIGUOUS
Says = Callable[[Pixels], Reading]


def reads(monkeypatch: pytest.MonkeyPatch, **says: Says) -> list[tuple[tuple[int, ...], float | None]]:
    """Put these in the readers' place; what each was asked: shape, and seconds."""
    asked: list[tuple[tuple[int, ...], float | None]] = []

    def reader(say: Says) -> Reader:
        def read(pixels: Pixels, kit: Kit, seconds: float | None) -> Reading:
            asked.append((pixels.shape, seconds))
            return say(pixels)

        return Reader("7", read)

    found = {Surface(f"image_{name}"): reader(say) for name, say in says.items()}
    monkeypatch.setattr(looking, "readers", lambda: found)
    return asked


def says(state: ReadingState, **more: object) -> Says:
    return lambda _: Reading(TEXT, state, **more)  # type: ignore[arg-type]


def in_turn(*states: ReadingState, **more: object) -> Says:
    left = iter(states)
    return lambda _: Reading(TEXT, next(left), **more)  # type: ignore[arg-type]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.jpg"
    path.write_bytes(jpeg(size=(200, 250)))
    return path


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "film.mp4"
    path.write_bytes(shots(1, 1, 1))
    return path


def test_each_surface_asked_for_has_its_reading(monkeypatch: pytest.MonkeyPatch, picture: Path) -> None:
    reads(monkeypatch, text=says(PRESENT, quote="AI"), mark=says(ABSENT))
    mark, text = look(LookJob(picture, (MARK, TEXT)))
    assert (mark.surface, mark.state, mark.reader) == (MARK, ABSENT, "image_mark/7")
    assert (text.surface, text.state, text.quote, text.reader) == (TEXT, PRESENT, "AI", "image_text/7")
    assert dict(mark.prominence) == {}


def test_it_is_decoded_once_and_not_larger_than_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(encoded(np.zeros((3000, 1500, 3), np.uint8), "PNG"))
    asked = reads(monkeypatch, text=says(ABSENT), mark=says(ABSENT))
    look(LookJob(path, (TEXT, MARK)), seconds=10)
    assert asked == [((EDGE, EDGE // 2, 3), 4.0)] * 2


def test_a_surface_without_a_reader_is_unreadable(monkeypatch: pytest.MonkeyPatch, picture: Path) -> None:
    reads(monkeypatch, text=says(ABSENT))
    text, mark = look(LookJob(picture, (TEXT, MARK)))
    assert (text.state, mark.state, mark.reason) == (ABSENT, UNREADABLE, "no reader yet")


def test_a_reader_that_fails_is_named_and_the_other_goes_on(
    monkeypatch: pytest.MonkeyPatch, picture: Path
) -> None:
    def broken(_: Pixels) -> Reading:
        raise RuntimeError("no\nluck")

    def greedy(_: Pixels) -> Reading:
        raise MemoryError

    reads(monkeypatch, text=broken, mark=says(PRESENT))
    text, mark = look(LookJob(picture, (TEXT, MARK)))
    assert (text.state, text.reason) == (UNREADABLE, "the reader failed: RuntimeError: no luck")
    assert mark.state is PRESENT
    reads(monkeypatch, text=greedy)
    (text,) = look(LookJob(picture, (TEXT,)))
    assert (text.state, text.reason) == (UNREADABLE, "it does not fit into memory")


@pytest.mark.parametrize(
    ("data", "why"), [(b"no picture", "not a picture"), (b"", "empty"), (jpeg()[:300], "decoder says")]
)
def test_what_cannot_be_decoded_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data: bytes, why: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    reads(monkeypatch, text=says(ABSENT), mark=says(ABSENT))
    for reading in look(LookJob(path, (TEXT, MARK))):
        assert reading.state is UNREADABLE
        assert why in reading.reason


def test_a_file_that_is_gone_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    reads(monkeypatch, text=says(ABSENT))
    (text,) = look(LookJob(tmp_path / "gone", (TEXT,)))
    assert (text.state, text.reason) == (UNREADABLE, "No such file or directory")


def of_video(monkeypatch: pytest.MonkeyPatch, video: Path, say: Says, **job: object) -> Reading:
    moments: Sequence[float] = (0.0, 1.2, 2.9)
    reads(monkeypatch, text=say)
    (text,) = look(LookJob(video, (TEXT,), tuple(moments), **job))  # type: ignore[arg-type]
    return text


def test_the_strongest_frame_counts_and_names_its_second(
    monkeypatch: pytest.MonkeyPatch, video: Path
) -> None:
    found = of_video(monkeypatch, video, in_turn(ABSENT, PRESENT, quote="KI"))
    assert (found.state, found.prominence["second"]) == (PRESENT, 1.2)
    found = of_video(monkeypatch, video, in_turn(AMBIGUOUS, UNREADABLE, ABSENT))
    assert (found.state, found.prominence["second"]) == (AMBIGUOUS, 0.0)


def test_a_faint_label_gives_way_to_a_plain_one(monkeypatch: pytest.MonkeyPatch, video: Path) -> None:
    left = iter([1, 0])
    found = of_video(
        monkeypatch, video, lambda _: Reading(TEXT, PRESENT, prominence={"below_floor": next(left)})
    )
    assert (found.prominence["below_floor"], found.prominence["second"]) == (0, 1.2)


def test_absent_only_where_every_frame_was_read(monkeypatch: pytest.MonkeyPatch, video: Path) -> None:
    found = of_video(monkeypatch, video, says(ABSENT))
    assert (found.state, dict(found.prominence)) == (ABSENT, {"frames": 3})
    found = of_video(monkeypatch, video, in_turn(ABSENT, UNREADABLE, ABSENT, reason="too dark"))
    assert (found.state, found.reason) == (UNREADABLE, "too dark")
    found = of_video(monkeypatch, video, says(ABSENT), unseen="2 of its 5 scenes")
    assert (found.state, found.reason) == (UNREADABLE, "not looked at: 2 of its 5 scenes")
    found = of_video(monkeypatch, video, says(PRESENT), unseen="2 of its 5 scenes")
    assert found.state is PRESENT


def test_a_film_that_ends_early_is_not_absent(monkeypatch: pytest.MonkeyPatch, video: Path) -> None:
    reads(monkeypatch, text=in_turn(ABSENT))
    (text,) = look(LookJob(video, (TEXT,), (0.0, 60.0)))
    assert text.state is UNREADABLE
    assert text.reason


def test_a_label_in_the_first_frames_is_not_lost_with_the_rest(
    monkeypatch: pytest.MonkeyPatch, video: Path
) -> None:
    reads(monkeypatch, text=in_turn(PRESENT), mark=in_turn(ABSENT))
    text, mark = look(LookJob(video, (TEXT, MARK), (0.0, 60.0)))
    assert (text.state, mark.state) == (PRESENT, UNREADABLE)


def test_a_reader_that_ran_out_of_time_says_so(monkeypatch: pytest.MonkeyPatch, picture: Path) -> None:
    reads(monkeypatch, text=says(UNREADABLE, reason="budget"))
    (text,) = look(LookJob(picture, (TEXT,)), seconds=10)
    assert (text.state, text.reason) == (UNREADABLE, "it took longer than 8 s")


def test_what_a_library_wrote_is_made_plain(monkeypatch: pytest.MonkeyPatch, picture: Path) -> None:
    prominence = {"height": np.float32(0.25), "count": np.int64(3), "position": "bottom\nleft", "odd": None}
    reads(monkeypatch, text=says(PRESENT, quote="made\0with AI", prominence=prominence))
    (text,) = look(LookJob(picture, (TEXT,)))
    assert text.quote == "made with AI"
    assert dict(text.prominence) == {"height": 0.25, "count": 3, "position": "bottom left", "odd": "None"}
