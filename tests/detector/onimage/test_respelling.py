"""OCR's spelling undone, and what must stay as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.onimage.respelling import respelled
from detector.wording import texts
from storage.records import ReadingState


@pytest.mark.parametrize(
    ("recognised", "meant"),
    [
        ("Made with Al", "Made with AI"),
        ("MadewithAI", "Made with AI"),
        ("MadewithAl", "Made with AI"),
        ("lmage created with Al", "Image created with AI"),
        ("AlGENERATED", "AI GENERATED"),
        ("Al-genererad bild", "AI-genererad bild"),
        ("Kl-generiertesBild", "KI-generiertes Bild"),
        ("Généré par lA", "Généré par IA"),
        ("Crééavecl'IA", "Créé avec l'IA"),
        ("lMAGEM CRlADA COM lA", "IMAGEM CRIADA COM IA"),
        ("Al生成", "AI生成"),
        ("A1 generated", "AI generated"),
        ("GEGENEREERDMETAI", "GEGENEREERD MET AI"),
        ("Genereret medAI", "Genereret med AI"),
        ("SKAPADMED AI", "SKAPAD MED AI"),
        ("Généréparl'IA", "Généré par l'IA"),
        ("Generato conl'IA", "Generato con l'IA"),
        ("Immaginegeneratadall'IA", "Immagine generata dall'IA"),
        ("Gemaaktmet Al", "Gemaakt met AI"),
        ("Generadopor IA", "Generado por IA"),
        ("Lavet medAl", "Lavet med AI"),
        ("Image générée parlA", "Image générée par IA"),
        ("CREADO CONIA", "CREADO CON IA"),
    ],
)
def test_what_was_meant(recognised: str, meant: str) -> None:
    assert respelled(recognised) == meant
    assert texts.read(respelled(recognised)).state is ReadingState.PRESENT


@pytest.mark.parametrize(
    "text",
    [
        "RAINCOAT",
        "CAMPAIGN",
        "CONIA",
        "PARIA",
        "gold medal",
        "GOLD MEDAL",
        "OpenAI",
        "DUBAI",
        "SAMURAI",
        "HAIR",
        "VILLAIN",
        "AL MARE",
        "A/I 2026",
        "PAUL",
        "Alba",
        "",
        "2011",
    ],
)
def test_what_stays(text: str) -> None:
    assert respelled(text) == text


@pytest.mark.parametrize("text", ["RAINCOATMADEWITHLOVE", "MADEINDUBAI", "THAISILKMADEBYHAND", "MADEINMAINE"])
def test_words_that_hold_the_letters_make_no_label(text: str) -> None:
    assert texts.read(respelled(text)).state is not ReadingState.PRESENT


def test_a_lost_space_hides_no_denial() -> None:
    assert texts.read(respelled("NotmadewithAI")).state is ReadingState.ABSENT


@given(st.text(alphabet="AIl1|aiKk madewith'-é生", max_size=120))
def test_any_text_is_respelled_in_time(text: str) -> None:
    assert len(respelled(text)) <= 2 * len(text) + 1
