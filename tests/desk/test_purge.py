"""`twinwatch purge`: looked at first, done in batches, finished after a kill; nothing is missed then."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.config import load
from desk.dossier import dossier
from desk.exports.html import export
from desk.jobs.health_taken_out import taken_out_health
from desk.jobs.nightly import LOCK, Watcher, begin, purge_stage
from desk.jobs.purge import Purge, purge
from desk.pictured import Pictured
from storage.checks import KeptCheck
from storage.errors import StoreError
from storage.keeping import Hold, Kept
from storage.media import MediaFolder
from storage.notices import Notice, NoticeState
from storage.records import Review, ReviewDecision
from tests.desk.shop import NOW, Shop, cropped, digest, jpeg, photo
from tests.storage.samples import answer, match

pytestmark = pytest.mark.slow  # whole commands

VILDE, OTHER = photo(1), photo(2)
FOR_GOOD = dict.fromkeys(Kept, 0)
TERMS = FOR_GOOD | {Kept.UNMATCHED_PICTURES: 90, Kept.UNMATCHED_FINGERPRINTS: 730, Kept.MATCHED_PICTURES: 400}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Two pictures that match nothing, looked at and judged; and one behind a confirmed finding."""
    shop = Shop(tmp_path)
    for pixels in (VILDE, OTHER, photo(3)):
        shop.publish(jpeg(pixels))
    found = digest(jpeg(photo(3)))
    for pixels in (VILDE, OTHER, photo(3)):
        sha256 = digest(jpeg(pixels))
        shop.store.save_matches(sha256, "stamp", [match()] if sha256 == found else [])
    for item in shop.store.all_items():
        sha256 = item.version.post.media[0].sha256
        shop.store.save_answer(item, "s", answer(3 if sha256 == found else 0), NOW)
    shop.store.add_review(Review(1, ReviewDecision.CONFIRMED, "ann", NOW))
    yield shop
    shop.store.close()


def run(shop: Shop, *, days: float = 100, dry_run: bool = False, **more: Any) -> Purge:
    now = NOW + timedelta(days=days)
    return purge(shop.store, shop.folder / "media-cache", TERMS, dry_run=dry_run, now=now, **more)


def kept(shop: Shop) -> list[bool]:
    return [shop.store.media.has(digest(jpeg(pixels))) for pixels in (VILDE, OTHER, photo(3))]


def test_bytes_go_first_and_fingerprints_by_their_own_term(shop: Shop) -> None:
    files = sorted(digest(jpeg(pixels)) for pixels in (VILDE, OTHER))
    planned = run(shop, dry_run=True).classes[Kept.UNMATCHED_PICTURES]
    assert (planned.count, planned.size) == (2, sum(len(jpeg(one)) for one in (VILDE, OTHER)))
    assert planned.oldest == NOW + timedelta(minutes=1)
    assert kept(shop) == [True, True, True]
    done = run(shop)
    assert done.classes[Kept.UNMATCHED_PICTURES] == planned
    assert (kept(shop), done.exit_status) == ([False, False, True], 0)
    assert set(shop.store.fingerprints(files)) == set(files)
    assert shop.store.retention.removals(files)[0].why == "unmatched_pictures: 90 days"
    assert run(shop).classes[Kept.UNMATCHED_PICTURES].count == 0
    cache = shop.folder / "media-cache" / "archive"
    cache.mkdir(parents=True)
    assert run(shop, days=800).classes[Kept.UNMATCHED_FINGERPRINTS].count == 2
    assert shop.store.fingerprints(files) == {}
    assert not cache.exists()  # its columns still held them
    (told,) = taken_out_health(shop.store)
    assert "None of them is missed" in told.found


def test_evidence_goes_by_its_own_term_and_what_is_held_is_told(shop: Shop) -> None:
    shop.store.holds.add(Hold(0, "", 1, "case 12", "ann", NOW))
    held = run(shop, days=500).classes[Kept.MATCHED_PICTURES]
    assert (held.count, dict(held.kept)) == (0, {"a legal hold": 1})
    shop.store.holds.lift(1, "ann", NOW, "settled")
    done = run(shop, days=500)
    assert done.classes[Kept.MATCHED_PICTURES].count == 1
    assert kept(shop) == [False, False, False]
    (finding,) = shop.store.findings()
    assert finding.answer.verdict.level == 3
    whole = dossier(shop.store, finding)
    assert [one.why for one in whole.removed] == ["matched_pictures: 400 days"]
    page = b"".join(export([whole], shop.store.media, Pictured.WHOLE)).decode()
    assert "(matched_pictures: 400 days)" in page
    assert any("kept for 400 days: 1" in sentence for sentence in done.sentences())


def test_killed_in_between_it_is_finished_by_the_next(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(MediaFolder, "remove", dying)
    with pytest.raises(KeyboardInterrupt):
        run(shop)
    monkeypatch.undo()
    assert kept(shop) == [True, True, True]
    assert len(shop.store.retention.removals()) == 2
    assert run(shop).classes[Kept.UNMATCHED_PICTURES].count == 2
    assert kept(shop) == [False, False, True]


def test_what_was_collected_anew_is_looked_at_and_what_was_erased_goes_again(shop: Shop) -> None:
    run(shop)
    shop.publish(jpeg(VILDE))  # published again, after 100 days
    again = NOW + timedelta(days=101)
    shop.save("again", again, jpeg(VILDE), text="again")
    assert run(shop, days=102).classes[Kept.UNMATCHED_PICTURES].count == 0
    assert shop.store.retention.removals([digest(jpeg(VILDE))]) == []
    assert shop.store.media.has(digest(jpeg(VILDE)))


def test_a_file_that_cannot_be_deleted_is_named_and_the_others_go(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove, stuck = MediaFolder.remove, digest(jpeg(VILDE))

    def refusing(self: MediaFolder, sha256: str) -> int:
        if sha256 == stuck:
            raise StoreError("no permission", kind="media", where=sha256)
        return remove(self, sha256)

    monkeypatch.setattr(MediaFolder, "remove", refusing)
    done = run(shop)
    assert (kept(shop), done.exit_status) == ([True, False, True], 3)
    assert [one.where for one in done.failures] == [stuck]


def test_the_command_takes_its_terms_from_the_configuration(
    shop: Shop, twinwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWINWATCH_RETENTION__UNMATCHED_PICTURES", "1")
    planned = twinwatch("purge", "--dry-run", "--json").lines[0]
    old = (datetime.now(UTC) - NOW) > timedelta(days=1)
    assert planned["purged"]["unmatched_pictures"]["count"] == (2 if old else 0)
    assert planned["purged"]["matched_pictures"]["days"] == 3650
    assert planned["dry_run"] is True
    with shop.store.lock(LOCK):
        monkeypatch.setattr("desk.jobs.nightly.LOCK_SECONDS", 0)
        assert twinwatch("purge").status == 75
    said = twinwatch("purge")
    assert (said.status, "kept for 1 day:" in said.out) == (0, True)
    monkeypatch.setenv("TWINWATCH_RETENTION__UNMATCHED_PICTURES", "-1")
    assert "a whole number of days from 0" in twinwatch("purge").err


@pytest.mark.parametrize(
    ("toml", "left"),
    [
        ("", ["young", "owed"]),
        ("notices = 0\n", ["young", "old", "owed"]),
        ("notices = 5000\n", ["young", "old", "owed"]),
        ("nightly = true\nunmatched_pictures = 0\n", ["young", "owed"]),
    ],
)
def test_a_night_forgets_what_became_of_old_alerts_and_nothing_else(
    shop: Shop, tmp_path: Path, toml: str, left: list[str]
) -> None:
    now = datetime.now(UTC)
    long_ago = now - timedelta(days=91)
    shop.store.notices.owe(
        [
            Notice(message, "newsroom", "nightly-1", "findings", long_ago, {"1": ("unlabelled",)}, {})
            for message in ("owed", "old", "young")
        ]
    )
    of = {one.message: one.id for one in shop.store.notices.latest()}
    shop.store.notices.ended(of["old"], NoticeState.GIVEN_UP, long_ago, "not reached")
    shop.store.notices.ended(of["young"], NoticeState.SENT, now - timedelta(days=89))
    (tmp_path / "twinwatch.toml").write_text(f"[retention]\n{toml}")
    config = load(tmp_path / "twinwatch.toml", {})
    summary, said = begin("nightly"), list[str]()
    purge_stage(config, shop.store, summary, Watcher(lambda _: None, lambda _: None, said.append))
    assert [one.message for one in shop.store.notices.latest()] == left
    assert kept(shop) == [True, True, True]
    assert (summary.purged is None, said == []) == ("nightly" not in toml, "nightly" not in toml)


def test_kept_checks_go_after_their_term(shop: Shop) -> None:
    for age in (366, 364):
        at = NOW - timedelta(days=age)
        shop.store.checks.keep(KeptCheck(at, "ann", "", {}, {"matches": []}), b"jpeg")
    (young, _) = shop.store.checks.latest()
    done = purge(shop.store, shop.folder / "cache", FOR_GOOD | {Kept.CHECKS: 365}, dry_run=False, now=NOW)
    assert (done.classes[Kept.CHECKS].count, done.classes[Kept.CHECKS].oldest) == (
        1,
        NOW - timedelta(days=366),
    )
    assert "checks that somebody kept, kept for 365 days: 1" in "\n".join(done.sentences())
    assert [one.id for one in shop.store.checks.latest()] == [young.id]


def test_without_a_store_there_is_nothing_to_purge(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    said = twinwatch("purge")
    assert (said.status, "nothing to purge" in said.err) == (0, True)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_twin_that_is_registered_later_is_found_by_fingerprints_alone(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    part = jpeg(cropped(VILDE))
    shop.publish(part)
    shop.detect()
    run(shop)
    assert not shop.store.media.has(digest(part))
    shop.register("Vilde", jpeg(VILDE))
    done = shop.detect()
    assert done.failures == ()
    assert shop.twins(part) == {"Vilde": "fingerprint_only"}
    (finding,) = shop.findings()
    assert finding.answer.verdict.level == 2
    assert run(shop).classes[Kept.UNMATCHED_PICTURES].count == 0
    shop.store.close()
