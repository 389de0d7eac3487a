"""Hostile files in worker processes: whatever happens to the worker, each file is answered exactly once."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from detector.examine import examine, stage_versions
from detector.hashes import pdq
from detector.onimage.drawn import drawn
from detector.processes.jobs import DrawJob, Reference, ShowJob, VerifyJob, allowed_seconds
from detector.processes.workers import MOST_REFERENCES, Workers
from detector.trust import Trust
from detector.trust_file import read_list
from storage.records import Examination, MatchKind
from tests.detector.drawings import scene
from tests.detector.files import encoded, jpeg
from tests.detector.onimage.brand import letters, png
from tests.signing import STUDIO, identity, signed_jpeg

pytestmark = pytest.mark.slow  # worker processes

AMPLE = 8 * 1024**3  # bytes: only time runs out


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(processes=2, seconds=30) as pool:
        yield pool


def answers(pool: Workers, *paths: Path) -> dict[Path, Examination]:
    found = list(pool.examine((path, None) for path in paths))
    assert Counter(path for path, _ in found) == Counter(paths)
    return dict(found)


def kinds(found: dict[Path, Examination]) -> list[str | None]:
    return [one.failure.kind if one.failure else None for one in found.values()]


def small(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{place}.jpg" for place in range(count)]
    for place, path in enumerate(paths):
        path.write_bytes(jpeg(seed=place % 4, size=(64, 64)))
    return paths


def test_a_worker_answers_as_examine_does(workers: Workers, tmp_path: Path) -> None:
    paths = small(tmp_path, 12)
    found = answers(workers, *paths)
    assert found == {path: examine(path.read_bytes()) for path in paths}


def test_only_the_stages_asked_for(workers: Workers, tmp_path: Path) -> None:
    (path,) = small(tmp_path, 1)
    ((_, found),) = workers.examine([(path, ("origin:c2pa",))])
    assert set(found.stages) == {"origin:c2pa"}


def test_workers_look_signers_up_in_the_lists_of_their_run(tmp_path: Path) -> None:
    path = tmp_path / "signed.jpg"
    path.write_bytes(signed_jpeg(jpeg(size=(64, 64))))
    trust = Trust((read_list("ours", identity(STUDIO).authority).trust,))
    with Workers(processes=1, trust=trust) as pool:
        found = answers(pool, path, tmp_path / "not there")
        lists = pool._lists
        assert lists is not None
        lists.write_bytes(b"no lists any more")  # too late: what a run began with holds for all of it
        again = answers(pool, path)
    assert found[path] == again[path] == examine(path.read_bytes(), trust=trust)
    assert [one.level for one in found[path].evidence] == [3]
    assert found[tmp_path / "not there"].stages == stage_versions(trust)
    assert not lists.exists()


def test_lists_that_cannot_be_read_are_no_answer_for_good(tmp_path: Path) -> None:
    """Under the versions of no lists, so that the file is looked at again."""
    (path,) = small(tmp_path, 1)
    trust = Trust((read_list("ours", identity(STUDIO).authority).trust,))
    with Workers(processes=1, trust=trust) as pool:
        assert pool._lists is not None
        pool._lists.write_bytes(b"[")
        found = answers(pool, path)
    assert kinds(found) == ["trust_unreadable"]
    assert found[path].stages == stage_versions()


def test_what_is_no_plain_file_is_named(workers: Workers, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    odd = tmp_path / os.fsdecode(b"odd \xff name.jpg")
    odd.write_bytes(jpeg(size=(64, 64)))
    found = answers(workers, tmp_path / "pipe", tmp_path, tmp_path / "not there", odd)
    named = {path: one.failure.kind if one.failure else None for path, one in found.items()}
    assert named == {
        tmp_path / "pipe": "not_readable",
        tmp_path: "not_readable",
        tmp_path / "not there": "not_found",
        odd: None,
    }


@pytest.mark.slow
def test_a_file_over_the_time_limit_is_stopped_and_the_rest_goes_on(slow: Path, tmp_path: Path) -> None:
    first, second = small(tmp_path, 2)
    with Workers(processes=1, memory_bytes=AMPLE, seconds=0.8) as pool:
        found = answers(pool, first, slow, second)
    assert kinds(found) == [None, "time_limit", None]
    assert found[slow].stages == stage_versions()  # not tried again every night
    assert [(one.reader, one.level) for one in found[slow].evidence] == [("digital_source_type", 2)]


@pytest.mark.slow
def test_a_file_that_was_only_to_be_hashed_is_stopped_once(slow: Path) -> None:
    with Workers(processes=1, memory_bytes=AMPLE, seconds=0.8) as pool:
        ((_, found),) = pool.examine([(slow, ("fingerprint:pdq",))])
    assert found.failure is not None
    assert (found.failure.kind, found.failure.where) == ("time_limit", str(slow))
    assert (found.stages, found.evidence) == ({"fingerprint:pdq": pdq.VERSION}, ())


def test_a_file_over_the_memory_limit_is_stopped_and_the_rest_goes_on(slow: Path, tmp_path: Path) -> None:
    first, second = small(tmp_path, 2)
    with Workers(processes=1, memory_bytes=200 * 1024 * 1024) as pool:
        found = answers(pool, first, slow, second)
    assert kinds(found) == [None, "memory_limit", None]


# --- verifying and showing ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def references(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reference, ...]:
    """Twenty: more than are verified in one piece."""
    folder = tmp_path_factory.mktemp("references")
    for seed in range(20):
        (folder / f"{seed}").write_bytes(jpeg(seed=seed, size=(160, 200)))
    return tuple(
        (path.name, path, None) for path in sorted(folder.iterdir(), key=lambda path: int(path.name))
    )


def mirrored(folder: Path, seed: int) -> Path:
    path = folder / f"mirrored {seed}.png"
    path.write_bytes(encoded(scene(160, 200, seed=seed)[:, ::-1], "PNG"))
    return path


def test_a_job_in_pieces_is_answered_once(
    workers: Workers, references: tuple[Reference, ...], tmp_path: Path
) -> None:
    assert len(references) > MOST_REFERENCES
    jobs = [VerifyJob(seed, mirrored(tmp_path, seed), references) for seed in (3, 18)]
    found = {answer.key: answer for answer in workers.verify(jobs)}
    assert set(found) == {3, 18}
    for seed, (job, alignments, failure) in found.items():
        assert failure is None
        assert job.key == seed
        assert {one.reference for one in alignments} == {name for name, _, _ in references}
        assert [one.reference for one in alignments if one.kind is MatchKind.COPY] == [str(seed)]


def test_each_verify_job_is_answered_whatever_becomes_of_it(
    workers: Workers, references: tuple[Reference, ...], tmp_path: Path
) -> None:
    good, broken = mirrored(tmp_path, 1), tmp_path / "broken"
    broken.write_bytes(b"\xff\xd8\xff\xe0")
    one = references[1:2]
    jobs = [
        VerifyJob("good", good, one),
        VerifyJob("broken", broken, one),
        VerifyJob("gone", tmp_path / "gone", one),
        VerifyJob("nothing asked", good, ()),
        VerifyJob("twice the same", good, one * 2),
        VerifyJob("bad reference", good, (("bad", broken, None), *one)),
    ]
    found = {
        answer.key: (
            answer.failure and answer.failure.kind,
            [alignment.kind for alignment in answer.alignments],
        )
        for answer in workers.verify(jobs)
    }
    assert found == {
        "good": (None, [MatchKind.COPY]),
        "broken": ("broken_picture", []),
        "gone": ("not_found", []),
        "nothing asked": (None, []),
        "twice the same": (None, [MatchKind.COPY]),
        "bad reference": (None, [None, MatchKind.COPY]),
    }


def test_a_picture_over_the_limits_is_not_verified_and_the_rest_is(
    slow: Path, references: tuple[Reference, ...], tmp_path: Path
) -> None:
    good = mirrored(tmp_path, 0)
    with Workers(processes=1, memory_bytes=200 * 1024 * 1024) as pool:
        jobs = [VerifyJob(path.name, path, references[:1]) for path in (good, slow)]
        found = {answer.key: answer for answer in pool.verify(jobs)}
    assert found[good.name].failure is None
    failure = found[slow.name].failure
    assert failure is not None
    assert (failure.kind, failure.where, found[slow.name].alignments) == ("memory_limit", str(slow), ())


def test_pictures_are_shown_small(workers: Workers, tmp_path: Path) -> None:
    large, text = tmp_path / "large.jpg", tmp_path / "text"
    large.write_bytes(jpeg(size=(1500, 700)))
    text.write_text("no picture")
    shown = {answer.job: answer for answer in workers.show([ShowJob(large, edge=300), ShowJob(text)])}
    _, pixels, width, height, failure = shown[ShowJob(large, edge=300)]
    assert pixels is not None
    assert (pixels.shape, width, height, failure) == ((140, 300, 3), 1500, 700, None)
    none = shown[ShowJob(text)]
    assert none.pixels is None
    assert none.failure is not None
    assert (none.failure.kind, none.failure.where) == ("not_a_picture", str(text))


def test_a_mark_is_lifted_from_its_file(workers: Workers, tmp_path: Path) -> None:
    mark, text, photo = (tmp_path / name for name in ("mark.png", "text", "photo.jpg"))
    mark.write_bytes(png(letters("AI")))
    text.write_text("no picture")
    photo.write_bytes(jpeg())
    lifted = {answer.job.path: answer for answer in workers.draw(map(DrawJob, (mark, text, photo)))}
    drawing = lifted[mark].drawing
    assert drawing is not None
    assert np.array_equal(drawing.alpha, drawn(letters("AI")).alpha)
    failures = [lifted[path].failure for path in (text, photo)]
    assert [one and one.kind for one in failures] == ["not_a_picture", "no_plain_ground"]
    assert [one and one.where for one in failures] == [str(text), str(photo)]


def test_a_large_file_may_take_longer(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert allowed_seconds(20.0, path) == 120.0
    with path.open("wb") as file:
        file.truncate(1_000_000_000)
    assert allowed_seconds(20.0, path) == 320.0
    assert allowed_seconds(20.0, tmp_path / "gone") == 20.0
