"""A change of words or rules reruns its own stage only, and `compare` says beforehand what would change."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.jobs.compare import Change, compare
from desk.jobs.detect import detect
from desk.jobs.stages.carried import Progress, Settings
from detector.rulebook import rulebook
from detector.wording.lexicon import Lexicon
from storage.records import Labelling, ReadingState, Surface
from tests.desk.shop import NOW, Shop, jpeg, photo

pytestmark = pytest.mark.slow  # whole passes over a store

TWIN, OTHER, PLAIN = jpeg(photo(1)), jpeg(photo(2)), jpeg(photo(3))
OWN_WORDS = Lexicon(
    (("own/fi.toml", '[words]\nai = ["tekoälyn"]\nmade = ["luotu"]\nwith_after = ["avulla"]\n'),)
)
CAPTION = "Luotu tekoälyn avulla"
STRICT = """
id = "strict"
title = "Our own yardstick"
jurisdiction = "everywhere"
trigger = "digital_twin"
informs = ["platform_tag"]
sentence = "Our newsroom asks for the platform's own tag."
source = "our style guide"
read = 2026-11-23
confidence = "high"
"""
OWN_RULE = rulebook([("own/strict.toml", STRICT)])


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    made.register("Vilma", TWIN, OTHER)
    made.publish(TWIN, text="New in")
    made.publish(OTHER, text=CAPTION)
    made.publish(PLAIN, text="New in")
    made.detect()
    yield made
    made.store.close()


def stages(shop: Shop, settings: Settings) -> dict[str, int]:
    """Which stages did how much."""
    told: list[Progress] = []
    with shop.watching():
        detect(shop.store, "test", now=NOW, tell=told.append, settings=settings)
    return dict(Counter(progress.stage for progress in told))


def settings(shop: Shop, **changes: object) -> Settings:
    return Settings(cache=shop.folder / "media-cache", controls=False, **changes)  # type: ignore[arg-type]


def compared(shop: Shop, **changes: object) -> list[Change]:
    with shop.watching():
        return list(compare(shop.store, tell=lambda _: None, settings=settings(shop, **changes)))


def test_nothing_new_reruns_nothing(shop: Shop) -> None:
    assert stages(shop, settings(shop)) == {}
    assert compared(shop) == []


def test_new_words_reread_the_texts_and_examine_nothing(shop: Shop) -> None:
    """Of the three posts read again one says something else: it alone is judged again, for no other post
    shows its picture."""
    assert stages(shop, settings(shop, lexicon=OWN_WORDS)) == {"read": 3, "judge": 1}
    assert stages(shop, settings(shop, lexicon=OWN_WORDS)) == {}
    assert stages(shop, settings(shop)) == {"read": 3, "judge": 1}  # and back


def test_new_words_speak_for_the_copies_in_the_same_pass(shop: Shop) -> None:
    shop.publish(OTHER, text="New in, again")
    shop.detect(settings(shop))
    assert stages(shop, settings(shop, lexicon=OWN_WORDS)) == {"read": 4, "judge": 2}
    (copy,) = (one for one in shop.findings() if one.post_id == "one/4")
    assert copy.answer.verdict.level == 4


def test_a_new_rule_only_judges(shop: Shop) -> None:
    assert stages(shop, settings(shop, rulebook=OWN_RULE)) == {"judge": 3}
    for finding in shop.findings():
        assert finding.answer.versions["rules"] == OWN_RULE.stamp
        assert {rule.id: rule.verdict for rule in finding.answer.verdict.rules}[
            "strict"
        ] is Labelling.UNLABELLED
    assert stages(shop, settings(shop, rulebook=rulebook(off=["hm-promise-2025"]))) == {"judge": 3}


def test_what_new_words_would_change_is_listed_and_not_changed(shop: Shop) -> None:
    before = shop.findings()
    (change,) = compared(shop, lexicon=OWN_WORDS)
    assert change.old is not None
    assert change.old.labelling is not Labelling.LABELLED
    assert change.finding.answer.verdict.labelling is Labelling.LABELLED
    assert "→ labelled" in change.sentence()
    assert shop.findings() == before
    assert compared(shop) == []

    shop.detect(settings(shop, lexicon=OWN_WORDS))
    after = shop.findings()[1]
    assert after.answer.verdict == change.finding.answer.verdict
    (caption,) = [one for one in after.answer.readings if one.surface is Surface.CAPTION]
    assert (caption.state, caption.quote) == (ReadingState.PRESENT, CAPTION)


def test_what_a_new_rule_would_change_is_listed(shop: Shop) -> None:
    changes = compared(shop, rulebook=OWN_RULE)
    assert [change.finding.post_id for change in changes] == ["one/2", "one/1"]
    assert all("Rule strict: not asked → unlabelled." in change.sentence() for change in changes)
    old = changes[0].old_json()
    assert old is not None
    assert "default" in str(old["rules"])
    assert compared(shop, rulebook=rulebook(off=["eu-ai-act-50-4"])) != []


def test_versions_name_the_words(shop: Shop) -> None:
    before = shop.findings()[1].answer.versions["readings"]
    shop.detect(settings(shop, lexicon=OWN_WORDS))
    assert shop.findings()[1].answer.versions["readings"] != before


def test_what_was_told_is_not_told_again_for_a_rule(shop: Shop) -> None:
    assert len(shop.findings()) == 2
    with shop.watching():
        done = detect(
            shop.store, "test", now=NOW, tell=lambda _: None, settings=settings(shop, rulebook=OWN_RULE)
        )
    assert len(done.changed) == 2
    assert done.alerts == ()
