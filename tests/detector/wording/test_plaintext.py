"""Spellings are undone, and every letter knows where it came from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.wording.plaintext import plain


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Made with AI", "made with ai"),
        ("Mаde with АI", "made with ai"),  # Cyrillic а and А
        ("Made with ᎪI, ꭺI, ꓮꓲ", "made with ai, ai, ai"),  # Cherokee, its small letters, Lisu
        ("𝗠𝗮𝗱𝗲 𝘄𝗶𝘁𝗵 𝗔𝗜", "made with ai"),
        ("ｍａｄｅ　ｗｉｔｈ　ＡＩ", "made with ai"),
        ("made\u200b wi\u00adth\u2060 A\u200dI", "made with ai"),
        ("m̲a̲d̲e̲ with AI", "made with ai"),
        ("🅼🅰🅳🅴 with 🅰🅸", "made with ai"),
        ("gÃ©nÃ©rÃ©e par IA", "generee par ia"),
        ("<b>made</b> with&nbsp;A&#73;", "made with ai"),
        ("one<br/>two", "one\ntwo"),
        ("I <3 this & that", "i <3 this & that"),
        ("M A D E  W I T H  A I — now", "made with ai — now"),
        ("M.A.D.E W.I.T.H A.I", "made with ai"),
        ("created with A.I. today", "created with ai today"),
        ("olha aí", "olha aí"),
        ("généré łódź Straße", "genere lodz strasse"),
        ("デジタル ﾃﾞｼﾞﾀﾙ", "デジタル デジタル"),
        ("\u1112\u1161\u11ab", "한"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert plain(text).text == folded


def test_a_run_of_letters_without_gaps_is_marked() -> None:
    assert plain("M A D E W I T H A I").text == "\ue000madewithai"
    assert "\ue000" not in plain("\ue000made").text


@given(st.text(max_size=200) | st.text(alphabet="a I.<>&;é\u0301\u200bА #", max_size=200))
def test_the_way_back_stays_inside_the_original(text: str) -> None:
    found = plain(text)
    assert len(found.text) == len(found.cased) == len(found.starts) == len(found.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(found.starts, found.ends, strict=True))
    assert list(found.starts) == sorted(found.starts)


def test_the_quote_is_the_original() -> None:
    text = "Neu: <b>génér\u200bée par IА</b>!"
    found = plain(text)
    start = found.text.index("generee")
    first, last = found.source(start, start + len("generee par ia"))
    assert text[first:last] == "génér\u200bée par IА"
