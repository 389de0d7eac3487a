"""`twinwatch trust`: lists are put in their place whole or not at all, and then they count."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from desk.jobs.stages.carried import Settings
from desk.jobs.trust import trust_in
from detector.trust import Purpose
from storage.errors import TrustListError
from tests.desk.shop import Shop, looked_at
from tests.detector.files import jpeg
from tests.signing import DAY, STUDIO, identity, signed_jpeg

pytestmark = pytest.mark.slow  # whole commands and passes

OURS, OTHER = identity(STUDIO).authority, identity("Other").authority
ENDED = identity("Ended", -DAY).authority
Twinwatch = Callable[..., Any]


def written(folder: Path, **files: bytes) -> list[str]:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / f"{name}.pem").write_bytes(data)
    return [str(folder / f"{name}.pem") for name in files]


def names(folder: Path) -> set[tuple[str, str]]:
    return {(path.parent.name, path.name) for path in (folder / "trust").rglob("*") if path.is_file()}


def test_without_a_list_that_is_said(twinwatch: Twinwatch, tmp_path: Path) -> None:
    said = twinwatch("trust", "show")
    assert (said.status, said.out) == (0, "")
    assert "level 2" in said.err
    assert twinwatch("trust", "show", "--json").lines == []
    assert trust_in(tmp_path / "trust").stamp == ""


def test_lists_are_installed_as_they_are_and_shown(twinwatch: Twinwatch, tmp_path: Path) -> None:
    data = b"# the list of today\n" + OURS + ENDED
    (file,) = written(tmp_path / "given", ours=data)
    (line,) = twinwatch("trust", "update", file, "--json").lines
    assert (line["name"], line["purpose"], line["done"]) == ("ours", "content", "new")
    assert (line["certificates"], line["expired"], line["sha256"]) == (2, 1, sha256(data).hexdigest())
    installed = datetime.fromisoformat(line["installed_at"])
    assert abs((datetime.now(UTC) - installed).total_seconds()) < 60
    assert line["oldest_expiry"] < line["newest_expiry"]
    assert (tmp_path / "trust/content/ours.pem").read_bytes() == data
    (shown,) = twinwatch("trust", "show", "--json").lines
    assert shown == {name: value for name, value in line.items() if name != "done"}
    assert "ours" in twinwatch("trust", "show").out


def test_a_folder_of_lists_and_what_installing_again_does(twinwatch: Twinwatch, tmp_path: Path) -> None:
    written(tmp_path / "given", ours=OURS, other=OTHER)
    (tmp_path / "given/store.cfg").write_text("1.3.6.1.5.5.7.3.36")
    done = {line["name"]: line["done"] for line in twinwatch("trust", "update", "given", "--json").lines}
    assert done == {"ours": "new", "other": "new"}
    written(tmp_path / "given", other=OTHER + OURS)
    done = {line["name"]: line["done"] for line in twinwatch("trust", "update", "given", "--json").lines}
    assert done == {"ours": "unchanged", "other": "replaced"}
    assert len(trust_in(tmp_path / "trust").lists) == 2


def test_a_list_has_one_purpose(twinwatch: Twinwatch, tmp_path: Path) -> None:
    (file,) = written(tmp_path / "given", ours=OURS)
    assert twinwatch("trust", "update", file, "--as", "timestamp").status == 0
    assert names(tmp_path) == {("timestamp", "ours.pem")}
    assert twinwatch("trust", "update", file, "--as", "content").status == 0
    assert names(tmp_path) == {("content", "ours.pem")}


def test_a_list_of_timestamp_authorities_is_not_taken_for_one_of_signers(
    twinwatch: Twinwatch, tmp_path: Path
) -> None:
    (file,) = written(tmp_path / "given", **{"C2PA-TSA-TRUST-LIST": OURS})
    said = twinwatch("trust", "update", file)
    assert said.status == 2
    assert "--as timestamp" in said.err
    assert names(tmp_path) == set()
    assert twinwatch("trust", "update", file, "--as", "timestamp").status == 0
    assert [one.purpose for one in trust_in(tmp_path / "trust").lists] == [Purpose.TIMESTAMP]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no PEM certificate"),
        (b"garbage", "no PEM certificate"),
        (OURS + b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "cannot be read"),
        (ENDED, "expired on"),
        (None, "cannot be read"),
    ],
)
def test_a_bad_list_changes_nothing(
    twinwatch: Twinwatch, tmp_path: Path, data: bytes | None, says: str
) -> None:
    good = written(tmp_path / "given", ours=OURS)
    twinwatch("trust", "update", *good)
    before = trust_in(tmp_path / "trust")
    better = written(tmp_path / "given", ours=OURS + OTHER, bad=data or b"")
    if data is None:
        (tmp_path / "given/bad.pem").unlink()
    said = twinwatch("trust", "update", *better)
    assert said.status == 2
    assert says in said.err
    assert "bad" in said.err
    assert trust_in(tmp_path / "trust") == before


def test_a_folder_without_lists_and_two_of_one_name(twinwatch: Twinwatch, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no file ending in" in twinwatch("trust", "update", "empty").err
    first, second = written(tmp_path / "a", ours=OURS), written(tmp_path / "b", ours=OTHER)
    said = twinwatch("trust", "update", *first, *second)
    assert (said.status, "two files" in said.err) == (2, True)
    assert names(tmp_path) == set()


def test_a_list_is_taken_away(twinwatch: Twinwatch, tmp_path: Path) -> None:
    twinwatch("trust", "update", *written(tmp_path / "given", ours=OURS))
    assert twinwatch("trust", "remove", "other").status == 2
    assert twinwatch("trust", "remove", "ours").status == 0
    assert names(tmp_path) == set()


def test_check_and_doctor_know_the_lists(twinwatch: Twinwatch, tmp_path: Path) -> None:
    (tmp_path / "signed.jpg").write_bytes(signed_jpeg(jpeg(size=(64, 64))))
    (before,) = twinwatch("check", "signed.jpg", "--json").lines
    twinwatch("trust", "update", *written(tmp_path / "given", ours=OURS))
    (after,) = twinwatch("check", "signed.jpg", "--json").lines
    assert (before["origin"]["level"], after["origin"]["level"]) == (2, 3)
    (told,) = after["origin"]["evidence"]
    assert f"trusted by ours (SHA-256 {sha256(OURS).hexdigest()[:12]})" in told["detail"]
    health = {line["check"]: line for line in twinwatch("doctor", "--json").lines}["trust"]
    assert (health["state"], "ours" in health["found"]) == ("ok", True)
    old = datetime.now(UTC).timestamp() - 200 * 86400
    os.utime(tmp_path / "trust/content/ours.pem", (old, old))
    health = {line["check"]: line for line in twinwatch("doctor", "--json").lines}["trust"]
    assert (health["state"], "180 days" in health["found"]) == ("warn", True)


def test_a_list_that_was_spoilt_by_hand_is_an_error_everywhere(twinwatch: Twinwatch, tmp_path: Path) -> None:
    """Left out, it would lower findings without a word."""
    twinwatch("trust", "update", *written(tmp_path / "given", ours=OURS))
    (tmp_path / "trust/content/ours.pem").write_bytes(OURS[:100])
    with pytest.raises(TrustListError, match="twinwatch trust remove ours"):
        trust_in(tmp_path / "trust")
    (tmp_path / "picture.jpg").write_bytes(jpeg(size=(64, 64)))
    for command in (("trust", "show"), ("check", "picture.jpg"), ("detect",)):
        said = twinwatch(*command)
        assert said.status == 2
        assert "ours.pem" in said.err
    health = {line["check"]: line for line in twinwatch("doctor", "--json").lines}["trust"]
    assert health["state"] == "fail"
    assert twinwatch("trust", "remove", "ours").status == 0


def test_a_new_list_runs_its_own_stage_again_and_no_other(
    twinwatch: Twinwatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(tmp_path)
    signed, plain = signed_jpeg(jpeg(seed=1)), jpeg(seed=2)
    shop.publish(signed, plain)
    shop.detect()
    assert [finding.answer.verdict.level for finding in shop.findings()] == [2]
    twinwatch("trust", "update", *written(tmp_path / "given", ours=OURS))
    settings = Settings(cache=tmp_path / "media-cache", trust=trust_in(tmp_path / "trust"))
    before = list(shop.store.stored_fingerprints())
    done = shop.detect(settings)
    assert (done.examined, len(done.changed)) == (2, 1)
    assert list(shop.store.stored_fingerprints()) == before
    (finding,) = shop.findings()
    assert finding.answer.verdict.level == 3
    assert finding.answer.versions["origin:c2pa"].endswith(f"+trust:{settings.trust.stamp}")
    assert shop.detect(settings).examined == 0
    assert shop.detect(replace(settings, trust=trust_in(tmp_path / "none"))).examined == 2
    assert [finding.answer.verdict.level for finding in shop.findings()] == [2]
    assert looked_at(signed).evidence[0].level == 2
    shop.store.close()
