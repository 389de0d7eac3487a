"""What leaves the bank, what is not believed, and what doctor says of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk.jobs.diagnosis import Health, State
from desk.jobs.health_matching import matching_health
from detector.matching.collected.archive import HEADER, Archive, Header
from tests.desk.matched_store import ANNA, ANNA_TOO, hold, opened_here
from tests.storage.samples import sha


def test_a_held_reference_names_what_it_matched(filled: Callable[..., Any], tmp_path: Path) -> None:
    assert "Nothing is in quarantine" in filled("quarantine", "list").err
    hold(tmp_path)
    (line,) = filled("quarantine", "list", "--json").lines
    assert (line["reference"], line["twins"], line["pictures"]) == (sha(ANNA), ["Anna"], 3)
    assert "40 unrelated pictures" in line["reason"]
    assert {one["match"]["kind"] for one in line["matched"]} == {"likely_copy", "copy"}
    said = filled("quarantine", "list")
    assert "https://bsky.example/p-copy" in said.out
    assert f"twinwatch quarantine lift {sha(ANNA)[:12]}" in said.out
    assert not filled("pairs", "list", "--undecided", "--json").lines


def test_a_quarantine_is_lifted_once(filled: Callable[..., Any], tmp_path: Path) -> None:
    hold(tmp_path)
    prefix = sha(ANNA)[:8]
    assert "nothing was changed" in filled("quarantine", "lift", prefix, "--dry-run").out
    said = filled("quarantine", "lift", prefix, "--by", "ann", "--note", "n", "--json")
    assert (said.status, said.lines[0]["lifted_by"]) == (0, "ann")
    assert not filled("quarantine", "list", "--json").lines
    with opened_here(tmp_path) as store:
        assert [(one.lifted_by, one.note) for one in store.bank.quarantines()] == [("ann", "n")]
    again = filled("quarantine", "lift", prefix)
    assert (again.status, "is in no quarantine" in again.err) == (1, True)


def test_consent_is_withdrawn_and_matching_goes_on(filled: Callable[..., Any]) -> None:
    said = filled("twins", "withdraw", "Anna")
    assert said.status == 0
    assert "consent ends now" in said.out
    (listed,) = filled("twins", "list", "--json").lines
    assert listed["withdrawn_at"]
    assert [one["withdrawn_at"] for one in listed["references"]] == [None, None]
    assert "nothing to be withdrawn" in filled("twins", "withdraw", "Anna").out
    assert "consent withdrawn on" in filled("twins", "show", "Anna").out
    assert "consent holds again" in filled("twins", "restore", "Anna").out
    assert filled("twins", "list", "--json").lines[0]["withdrawn_at"] is None


def test_one_picture_is_withdrawn_and_restored(filled: Callable[..., Any]) -> None:
    prefix = sha(ANNA)[:10]
    said = filled("twins", "withdraw", "Anna", "--reference", prefix, "--json")
    (line,) = said.lines
    assert (line["consent"], line["references"], line["pictures"]) == (False, [sha(ANNA)], 3)
    assert "matches no more" in filled("twins", "show", "Anna").out
    assert "withdrawn)" in filled("twins", "list").out
    assert filled("twins", "restore", "Anna", "--reference", prefix, "--json").lines[0]["references"] == [
        sha(ANNA)
    ]


def test_matching_stops_and_starts_where_it_is_asked_for(filled: Callable[..., Any]) -> None:
    rehearsed = filled("twins", "withdraw", "Anna", "--stop-matching", "--dry-run")
    assert "3 published pictures no longer count" in rehearsed.out
    assert "Nothing was changed" in rehearsed.out
    said = filled("twins", "withdraw", "Anna", "--stop-matching", "--json")
    assert set(said.lines[0]["references"]) == {sha(ANNA), sha(ANNA_TOO)}
    assert filled("twins", "restore", "Anna", "--json").lines[0]["references"] == []
    back = filled("twins", "restore", "Anna", "--start-matching", "--json").lines[0]
    assert set(back["references"]) == {sha(ANNA), sha(ANNA_TOO)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("withdraw", "Berta"), "Berta"),
        (("restore", "Berta"), "Berta"),
        (("withdraw", "Anna", "--reference", sha("copy")), "is not registered for Anna"),
    ],
)
def test_what_is_not_registered_cannot_be_withdrawn(
    filled: Callable[..., Any], arguments: tuple[str, ...], words: str
) -> None:
    said = filled("twins", *arguments)
    assert (said.status, words in said.err) == (1, True)


def test_doctor_says_what_matching_waits_for(filled: Callable[..., Any], tmp_path: Path) -> None:
    before = health(tmp_path)
    assert before["pairs"].found == "waiting for a person: 2 pairs; 0 were decided"
    assert before["pairs"].mend.startswith("twinwatch pairs list --undecided")
    assert {before[check].state for check in ("quarantine", "negatives", "cache")} == {State.OK}
    hold(tmp_path)
    after = health(tmp_path)
    assert after["quarantine"].state is State.WARN
    assert "of Anna (3 pictures)" in after["quarantine"].found
    assert after["pairs"].state is State.OK


def test_doctor_tries_to_write_where_the_cache_lies(filled: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    told = health(tmp_path)["cache"]
    assert told.state is State.WARN
    assert "cannot be written" in told.found
    (tmp_path / "cache").unlink()
    assert health(tmp_path)["cache"].state is State.OK
    assert not (tmp_path / "cache").exists()


def test_doctor_reads_the_cache_and_leaves_it_alone(filled: Callable[..., Any], tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "archive"
    Archive.started(cache)
    assert "0 pictures and frames" in health(tmp_path)["cache"].found
    (cache / HEADER).write_text("{}")
    assert health(tmp_path)["cache"].state is State.WARN
    Archive.started(cache, {"fingerprint:pdq": "0"})
    assert "another version" in health(tmp_path)["cache"].found
    assert Header.read(cache).versions == {"fingerprint:pdq": "0"}


def health(folder: Path) -> dict[str, Health]:
    with opened_here(folder) as store:
        return {one.check: one for one in matching_health(store, folder / "cache")}
