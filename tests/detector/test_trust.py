"""Trust lists on their way: the stamp that names them, the document that workers read, the stage that they
touch."""

from dataclasses import replace
from pathlib import Path

import pytest

from detector.examine import examine, not_looked_at, reference_stage_versions, stage_versions
from detector.trust import NO_TRUST, Purpose, Trust, TrustList, dumped, loaded
from storage.records import Failure

ONE = TrustList("one", "a" * 64, Purpose.CONTENT, "PEM of authorities", "PEM of signers\n")
TWO = TrustList("two", "b" * 64, Purpose.TIMESTAMP, "é")
BOTH = Trust((ONE, TWO))


def test_only_the_stage_that_asks_whom_to_trust_names_the_lists() -> None:
    for versions in (stage_versions, reference_stage_versions):
        plain, listed = versions(), versions(BOTH)
        assert {stage for stage in plain if plain[stage] != listed[stage]} == {"origin:c2pa"}
        assert listed["origin:c2pa"] == f"{plain['origin:c2pa']}+trust:{BOTH.stamp}"


@pytest.mark.parametrize(
    "other",
    [
        Trust((ONE,)),
        Trust((replace(ONE, sha256="c" * 64), TWO)),
        Trust((replace(ONE, name="another"), TWO)),
        Trust((replace(ONE, purpose=Purpose.TIMESTAMP), TWO)),
        NO_TRUST,
    ],
)
def test_the_stamp_changes_with_every_list(other: Trust) -> None:
    assert other.stamp != BOTH.stamp
    assert Trust((TWO, ONE)).stamp == BOTH.stamp


def test_whatever_happened_to_a_file_its_stages_carry_the_lists() -> None:
    failure = Failure("time_limit", "stopped")
    for found in (examine(b"no picture", trust=BOTH), not_looked_at(failure, None, trust=BOTH)):
        assert found.stages == stage_versions(BOTH)


def test_there_and_back(tmp_path: Path) -> None:
    (tmp_path / "lists").write_bytes(dumped(BOTH))
    assert loaded(tmp_path / "lists") == BOTH
    assert BOTH.content == (ONE,)


@pytest.mark.parametrize("words", [b"", b"[1]", b"{}x", b'[{"name": "a"}]', b'[{"purpose": "else"}]', b"1"])
def test_anything_else_is_no_lists(tmp_path: Path, words: bytes) -> None:
    (tmp_path / "odd").write_bytes(words)
    with pytest.raises(ValueError):
        loaded(tmp_path / "odd")
