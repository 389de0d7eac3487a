"""How a picture came about, told in more clauses than one; with siblings that say nothing of a picture."""

import pytest

from detector.wording import texts
from storage.records import ReadingState


@pytest.mark.parametrize(
    "text",
    [
        # how, in a clause of its own
        "Drei Tage, ein Lodenmantel: So ist unser Wintermotiv entstanden, komplett mit generativer KI.",
        "Zo is onze campagne ontstaan, helemaal met AI.",
        # that is how
        "Due settimane, trecento tentativi con l'AI, dodici immagini: così è nata la campagna.",
        "Ein Jahr Arbeit mit KI, und so entstand unser Lookbook.",
        # what came of it
        "画像生成AIと3か月格闘してできたのが、この春のカタログ写真です。",
        # who made it, and with what
        "Illustratie bij dit artikel: redactie, met behulp van AI.",
        "Visuals: Studio Nord, with AI",
        # what it was used for stands in the picture
        "Foto: Mikkel Bro. Vi har brugt AI til at skifte himlen ud, resten er Skagen.",
        "배경이랑 하늘은 챗GPT가 바꿔줬어요.",
        # nothing else was there
        "No camera, no studio: just AI and a good coat.",
        # two denials
        "We won't pretend this wasn't made with AI.",
        "We gaan niet doen alsof dit niet met AI is gemaakt.",
        "No denying it: this picture was made with AI.",
        # a platform's label text
        "AI-oplysninger · De nye støvler er kommet hjem",
        # of a person
        "Voor deze serie werkten we met dertig AI-kopieën van bestaande modellen.",
        # of an article, and no topic
        "Pour illustrer ce dossier, la rédaction a eu recours à une IA générative.",
        "代替テキスト：雪の駅に立つ赤いコートの女性（AI生成イメージ）",
    ],
)
def test_says_so(text: str) -> None:
    found = texts.read(text)
    assert found.state is ReadingState.PRESENT, found


@pytest.mark.parametrize(
    "text",
    [
        "Zo is onze campagne ontstaan, helemaal zonder AI.",
        "We won't pretend AI made this picture.",
        "Our weaving mill in Prato has a digital twin: it simulates the looms before we switch them on.",
        "La nostra tessitura di Prato ha un gemello digitale.",
        "Blog: AI, and that is how the future of fashion is made",
        "We used AI to reduce the water our factory needs.",
        "Coats: Studio Nord, with love",
    ],
)
def test_says_nothing_of_it(text: str) -> None:
    found = texts.read(text)
    assert found.state is not ReadingState.PRESENT, found


@pytest.mark.parametrize(
    "text",
    [
        "O concurso é para fotógrafos: imagens feitas por IA serão desclassificadas.",
        "Images made with AI will be disqualified.",
        "Mensch oder Maschine? Auflösung heute um 18 Uhr in der Story.",
        "Una campaña 100 % digital. ¿Qué os parece?",
        "Uno shooting dal futuro. Vi raccontiamo tutto venerdì",
        "Sylwetki przygotowane w Clo3D przez studentki.",
    ],
)
def test_leaves_a_doubt(text: str) -> None:
    assert texts.read(text).state is ReadingState.AMBIGUOUS
