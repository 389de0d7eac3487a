"""Which rule applies to which post, and what is missing to know it."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import detector
from detector.accusing import ACCUSING
from detector.case import Case
from detector.duties import touched
from detector.rule import Rule
from detector.rulebook import built_in
from detector.verdict import judge
from storage.records import (
    Account,
    Consent,
    ConsentVerdict,
    Labelling,
    MediaItem,
    MediaKind,
    ReferenceImage,
    ReferenceKind,
    Twin,
)
from tests.detector.cases import PICTURE, REFERENCE, at, case, evidence, match, post, registry

NOW = at("2026-11-01")
INVENTED = registry(
    twin=Twin("Vilma", ReferenceKind.SYNTHETIC_MODEL),
    reference=ReferenceImage("Vilma", REFERENCE, ReferenceKind.SYNTHETIC_MODEL, "own", "desk@example.org"),
)


def of(
    what: str = "twin",
    *,
    country: str | None = "SE",
    platform: str = "bluesky",
    retailer: str = "Mango",
    posted: datetime | None = NOW,
    video: bool = False,
    tags: tuple[str, ...] = (),
) -> Case:
    """A post with a twin, an invented model, or a picture that a credential calls AI."""
    item = MediaItem(0, MediaKind.VIDEO if video else MediaKind.PICTURE, "https://e.org/0", sha256=PICTURE)
    account = Account(platform, "shop", retailer=retailer, country=country, tags=tags)
    shown: dict[str, dict[str, Any]] = {
        "twin": {"matches": (match(),)},
        "invented": {
            "matches": (match(reference_kind=ReferenceKind.SYNTHETIC_MODEL),),
            "registry": INVENTED,
        },
        "credential": {"evidence": (evidence(3),)},
    }
    published = post(platform=platform, posted_at=posted, media=(item,))
    return case(account=account, post=published, **shown[what])


def rules_of(one: Case) -> dict[str, str]:
    return {rule.id: missing for rule, missing in touched(one, built_in().rules) if rule.id != "default"}


EU = {"eu-ai-act-50-4", "eu-code-of-practice-2026"}


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        (of("twin"), EU),
        (of("twin", country="DE", retailer="H&M"), EU | {"hm-promise-2025"}),
        (of("twin", retailer=" h&m ", country="NO"), {"hm-promise-2025"}),
        (of("invented"), set()),  # whether it resembles anybody is contested
        (of("credential"), set()),
        (of("twin", posted=at("2026-08-01")), {"eu-code-of-practice-2026"}),
        (of("twin", posted=at("2026-06-09")), set()),
        (of("twin", country="US"), {"ny-fashion-workers-act"}),
        (of("invented", country="US"), {"ny-gbl-396-b"}),
        (of("invented", country="US", posted=at("2026-06-08T23:59")), set()),
        (of("credential", country="US"), set()),
        (of("credential", country="CN"), {"cn-labelling-2025"}),
        (of("credential", country="CN", posted=at("2025-08-31")), set()),
        (of("invented", country="FR"), set()),
        (of("invented", country="FR", tags=("Influencer", "denim")), {"fr-influencers-2023"}),
        (of("credential", country="FR", tags=("influencer",)), set()),
        (of("credential", platform="tiktok"), {"tiktok-ai-generated"}),
        (of("credential", platform="instagram"), set()),  # asked for video alone
        (of("credential", platform="instagram", video=True), {"meta-ai-info"}),
        (of("credential", platform="threads", video=True), {"meta-ai-info"}),
        (of("credential", platform="youtube", video=True), {"youtube-altered-content"}),
        (of("credential", platform="youtube", video=True, posted=at("2024-03-17")), set()),
    ],
)
def test_which_rules_a_post_touches(given: Case, rules: set[str]) -> None:
    found = rules_of(given)
    assert set(found) == rules
    assert not any(found.values())


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (of("twin", posted=None), {"eu-ai-act-50-4": "the post's date"}),
        (of("twin", country=None), {"eu-ai-act-50-4": "the account's country"}),
        (
            of("twin", country=None, posted=None),
            {"eu-ai-act-50-4": "the account's country and the post's date"},
        ),
        (of("twin", retailer=""), {"hm-promise-2025": "the retailer"}),
        (of("credential", platform=""), {"tiktok-ai-generated": "the platform"}),
    ],
)
def test_what_is_not_known_excludes_nothing_and_is_named(given: Case, missing: dict[str, str]) -> None:
    found = rules_of(given)
    assert missing.items() <= found.items()
    verdicts = {rule.id: rule for rule in judge(given).rules}
    for name, words in missing.items():
        assert verdicts[name].verdict is Labelling.CANNOT_SAY
        assert verdicts[name].sentence.endswith(f"Whether it applies is not known: {words}.")


LICENCE = Consent("Vilma", licensee="Mango")


@pytest.mark.parametrize(
    ("consents", "verdict"),
    [
        ((), ConsentVerdict.NO_TERMS),
        ((LICENCE,), ConsentVerdict.IN_SCOPE),
        ((Consent("Vilma", licensee="Zara"),), ConsentVerdict.OUT_OF_SCOPE),
    ],
)
def test_a_duty_of_consent_is_judged_by_the_licences(
    consents: tuple[Consent, ...], verdict: ConsentVerdict
) -> None:
    given = of("twin", country="US")
    licensed = case(
        account=given.account, post=given.post, matches=given.matches, registry=registry(*consents)
    )
    rules = {rule.id: rule for rule in judge(licensed).rules}
    assert rules["ny-fashion-workers-act"].verdict is verdict
    assert rules["ny-fashion-workers-act"].confidence == "medium"
    assert "no public label" in rules["ny-fashion-workers-act"].sentence


def test_an_unknown_country_leaves_a_duty_of_consent_open() -> None:
    rules = {rule.id: rule for rule in judge(of("twin", country=None)).rules}
    assert rules["ny-fashion-workers-act"].verdict is Labelling.CANNOT_SAY


@pytest.mark.parametrize("rule", built_in().rules, ids=lambda rule: rule.id)
def test_no_rule_says_that_a_law_was_broken(rule: Rule) -> None:
    assert not ACCUSING.search(f"{rule.title} {rule.sentence}")
    assert rule.source
    assert len(rule.sentence) < 400


@pytest.mark.parametrize(
    ("posted", "applies"),
    [
        ("2026-07-31T23:59", False),
        ("2026-08-01T00:00", True),
        ("2026-08-15T12:00", True),
        ("2026-08-31T23:59", True),
        ("2026-09-01T00:00", False),
    ],
)
def test_the_first_and_the_last_day_are_days_of_the_rule(posted: str, *, applies: bool) -> None:
    rule = replace(built_in().default, valid_from=date(2026, 8, 1), valid_until=date(2026, 8, 31))
    assert [one for one, _ in touched(of(posted=at(posted)), [rule])] == ([rule] if applies else [])


HOUSE = Path(detector.__file__).parent.parent
ELSEWHERE = ("accusing.py", "rule.py", "film.py", "decode.py")  # the pattern, its refusal; broken files
TELLING = [
    *(HOUSE / "detector").glob("*.py"),
    *(HOUSE / "desk" / "exports").glob("*.py"),
    *(HOUSE / "desk" / name for name in ("printed.py", "digest.py", "dossier.py", "panels.py", "sheet.py")),
]


@pytest.mark.parametrize("file", TELLING, ids=lambda file: file.stem)
def test_no_sentence_of_a_finding_says_it_either(file: Path) -> None:
    """Every text in the code that words verdicts, events and exports."""
    if file.name not in ELSEWHERE:
        said = [text for text in texts_in(file) if ACCUSING.search(text)]
        assert said == []


def texts_in(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings stand alone
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value
