"""Files are kept in the order in which they were asked for, whichever worker is done first."""

from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from desk.jobs.stages.examine import in_order
from detector.examine import not_looked_at
from storage.records import Examination, Failure

SLOW, SECOND, THIRD = (Path(name) for name in ("slow", "second", "third"))


def answered(path: Path) -> tuple[Path, Examination]:
    return path, not_looked_at(Failure("time_limit", "slow"), (), path.name)


def kept(asked: list[Path], answers: list[Path]) -> list[Path]:
    """Names of the files as they are taken off."""
    waiting = dict.fromkeys(asked)

    def taken() -> Iterator[Path]:
        for path, examination in in_order(map(answered, answers), waiting):
            assert examination.sha256 == path.name
            del waiting[path]
            yield path

    return list(taken())


def test_a_slow_first_file_is_waited_for() -> None:
    assert kept([SLOW, SECOND, THIRD], [THIRD, SECOND, SLOW]) == [SLOW, SECOND, THIRD]
    assert kept([SLOW, SECOND, THIRD], [SECOND]) == []  # killed before the first was done: none is lost


@given(st.permutations([Path(str(number)) for number in range(6)]))
def test_any_order_of_answers(answers: list[Path]) -> None:
    asked = [Path(str(number)) for number in range(6)]
    assert kept(asked, answers) == asked
