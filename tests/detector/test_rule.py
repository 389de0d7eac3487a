"""A rule is data, and a bad one says where it is bad."""

from datetime import date

import pytest

from detector.rule import Duty, Trigger, parse_rule
from storage.errors import ConfigError
from storage.records import MediaKind, Surface

GOOD = """
id = "x"
title = "X"
jurisdiction = "EU"
from = 2026-08-02
trigger = "digital_twin"
countries = ["se"]
platforms = ["tiktok"]
media = ["video"]
account_tags = ["Influencer"]
informs = ["caption"]
weak = ["alt_text"]
sentence = "Says X."
source = "https://example.org"
read = 2026-11-23
confidence = "low"
"""
SURFACES = 'informs = ["caption"]\nweak = ["alt_text"]'


def test_a_good_rule() -> None:
    rule = parse_rule(GOOD, "x.toml")
    assert (rule.duty, rule.trigger) == (Duty.LABEL, Trigger.DIGITAL_TWIN)
    assert rule.countries == {"SE"}
    assert rule.platforms == {"tiktok"}
    assert rule.media == {MediaKind.VIDEO}
    assert rule.account_tags == {"influencer"}
    assert rule.informs == {Surface.CAPTION}
    assert (rule.valid_from, rule.valid_until) == (date(2026, 8, 2), None)


def test_a_duty_of_consent_has_no_surfaces() -> None:
    rule = parse_rule(GOOD.replace(SURFACES, 'duty = "consent"'), "x.toml")
    assert (rule.duty, rule.informs, rule.weak) == (Duty.CONSENT, frozenset(), frozenset())


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('id = "x"', "", "id"),
        ('id = "x"', "id = 3", "id"),
        ('id = "x"', 'id = "X y"', "id"),
        ('title = "X"', 'title = ""', "title"),
        ('title = "X"', 'tittle = "X"', "tittle"),
        ("from = 2026-08-02", 'from = "2026-08-02"', "from"),
        ("from = 2026-08-02", "from = 2026-08-02\nuntil = 2026-08-01", "until"),
        ('trigger = "digital_twin"', 'trigger = "twin"', "trigger"),
        ('confidence = "low"', 'confidence = "certain"', "confidence"),
        ('informs = ["caption"]', 'informs = ["bio"]', "informs"),
        ('informs = ["caption"]', "informs = [1]", "informs"),
        ('informs = ["caption"]', "informs = []", "informs"),
        ('weak = ["alt_text"]', 'weak = ["caption"]', "weak"),
        ('countries = ["se"]', 'countries = "se"', "countries"),
        ('countries = ["se"]', 'countries = ["Sweden"]', "countries"),
        ('platforms = ["tiktok"]', 'platforms = [" "]', "platforms"),
        ('media = ["video"]', 'media = ["film"]', "media"),
        (SURFACES, "", "informs"),
        (SURFACES, SURFACES + '\nduty = "consent"', "informs"),
        ('trigger = "digital_twin"\n', 'trigger = "any_ai"\nduty = "tell"\n', "duty"),
        (SURFACES, 'duty = "consent"\ntrigger = "any_ai"', "not TOML"),  # the key stands there already
        ('sentence = "Says X."', 'sentence = "They broke the law."', "sentence"),
        ('sentence = "Says X."', 'sentence = "A violation of X."', "sentence"),
        ('sentence = "Says X."', 'sentence = "Says X."\nquote = "shall disclose"', "quote_from"),
        ('sentence = "Says X."', 'sentence = "Says X."\nquote_from = "Article 5"', "quote"),
        (
            'sentence = "Says X."',
            'sentence = "Says X."\nquote = "shall"\nquote_from = "Article 5"\nquote_language = "English"',
            "quote_language",
        ),
        (
            'sentence = "Says X."',
            f'sentence = "Says X."\nquote = "{"x" * 601}"\nquote_from = "Article 5"\nquote_language = "en"',
            "601 characters",
        ),
        ('id = "x"', "id = = 3", "not TOML"),
    ],
)
def test_a_bad_rule_names_file_and_key(old: str, new: str, key: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError, match=key) as caught:
        parse_rule(GOOD.replace(old, new), "rules/x.toml")
    assert caught.value.where == "rules/x.toml"
    assert caught.value.kind == "rule"


@pytest.mark.parametrize(
    "sentence",
    [
        "The brand did not comply with X.",
        "It fails to comply with X.",
        "This is against the law.",
        "Non-compliant with X.",
        "It contravenes X.",
        "Das verstößt gegen das Gesetz.",
        "Ein Verstoß gegen Artikel 50.",
        "Das ist rechtswidrig.",
        "Het merk overtreedt de wet.",
        "Het merk overtrad de wet.",
        "Dat is onrechtmatig.",
        "La marque enfreint la loi.",
        "C'est illégal.",
        "La marca incumple la ley.",
        "Es ilegal.",
        "Una violazione della legge.",
        "Uma violação da lei.",
        "Marka naruszyła prawo.",
        "Märket bryter mot lagen.",
        "Mærket overtræder loven.",
        "该品牌违反了法律。",
        "法律に違反しています。",
        "법을 위반했다.",
    ],
)
def test_a_rule_accuses_in_no_language(sentence: str) -> None:
    with pytest.raises(ConfigError, match="a rule never says that a law was broken"):
        parse_rule(GOOD.replace("Says X.", sentence), "x.toml")


@pytest.mark.parametrize(
    "sentence",
    [
        "Asks whoever publishes to comply with X.",
        "Die Verordnung verlangt einen Hinweis; ob sie hier gilt, sagt sie nicht.",
        "De wet vraagt om een label; of zij hier geldt, is voor een jurist.",
        "La loi demande la mention « Images virtuelles ».",
        "La ley pide una etiqueta visible.",
        "La legge chiede un'etichetta visibile.",
        "A lei pede um rótulo visível.",
        "Prawo wymaga widocznego oznaczenia.",
        "Lagen kräver en synlig märkning.",
        "法律要求添加显著标识。",
    ],
)
def test_a_rule_may_say_what_it_asks_in_any_language(sentence: str) -> None:
    assert parse_rule(GOOD.replace("Says X.", sentence), "x.toml").sentence == sentence


def test_a_quote_is_the_source_s_own_words() -> None:
    """It may speak of offences: it is a law's wording, with its place, and not ours."""
    added = 'quote = "prosecute criminal offence"\nquote_from = "Article 5"\nquote_language = "en"\n'
    rule = parse_rule(f"{added}{GOOD}", "x.toml")
    assert (rule.quote, rule.quote_from, rule.quote_language) == (
        "prosecute criminal offence",
        "Article 5",
        "en",
    )


def test_consent_is_of_real_persons() -> None:
    text = GOOD.replace(SURFACES, 'duty = "consent"').replace('"digital_twin"', '"synthetic_model"')
    with pytest.raises(ConfigError, match="trigger"):
        parse_rule(text, "x.toml")
