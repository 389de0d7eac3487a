"""`--explain DIR`: names that are safe and never another match's, and what could not be drawn."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.jobs.explanations import Explainer, explaining, file_name
from desk.jobs.matching import Matched
from detector.matching.candidate import Conclusion
from storage.errors import ConfigError, PictureError
from storage.records import Examination, Match, MatchKind

MATCH = Match("ab" * 32, MatchKind.COPY, "pdq", 2, 31, "Twin A")
EXAMINED = Examination("cd" * 32, "jpeg", 1, 1, (), (), too_little=False, stages={})


class Drawing:
    """Stands in for the worker that draws: pictures are another test's subject."""

    def png(
        self, picture: Path | None, reference: Path | None, match: Match, name: str = "", **_: object
    ) -> bytes:
        if match.twin == "Nobody":
            raise PictureError("its bytes are no longer kept")
        return f"{name} beside {match.twin}".encode()


def explainer(folder: Path) -> Explainer:
    drawing: Any = Drawing()
    return Explainer(folder, None, drawing)


@given(st.text(), st.text())
def test_every_name_is_a_plain_file_of_the_folder(stem: str, twin: str) -> None:
    name = file_name(stem, "cd" * 32, replace(MATCH, twin=twin))
    assert Path(name).name == name
    assert not name.startswith((".", "-", " "))
    assert name.endswith("-abababab.png")
    assert len(name.encode()) <= 255
    assert not set(name) & set('/\\:*?"<>|\0\n')


def test_the_same_match_has_the_same_name_and_no_other_has_it() -> None:
    names = {
        file_name("a", "cd" * 32, MATCH),
        file_name("a", "ef" * 32, MATCH),
        file_name("a", "cd" * 32, replace(MATCH, reference="00" * 32)),
        file_name("b", "cd" * 32, MATCH),
        file_name("a", "cd" * 32, MATCH),
    }
    assert len(names) == 4
    assert "a-cdcdcdcd_Twin_A-abababab.png" in names


def test_a_file_a_match_and_a_word_about_what_could_not_be_drawn(tmp_path: Path) -> None:
    made = explainer(tmp_path)
    matches = (MATCH, replace(MATCH, reference="00" * 32, twin="Nobody"))
    for _ in range(2):
        made.explain(Matched(Path("in/a.jpg"), EXAMINED, Conclusion(matches), None))
    (file,) = tmp_path.iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == ("a-cdcdcdcd_Twin_A-abababab.png", 0o644)
    assert "was not drawn: its bytes are no longer kept" in next(iter(made.sentences()))


def test_a_folder_that_cannot_be_made_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with (
        pytest.raises(ConfigError, match="the folder cannot be made"),
        explaining(tmp_path / "file" / "x", None),
    ):
        raise AssertionError
