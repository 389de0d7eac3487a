"""Texts that speak as a whole of something else: a fake shop, a contest, a law, a job, an offer, a mistake.
What they say of AI is no label of their own picture; what they say of "this picture" is."""

import pytest

from detector.wording import texts
from detector.wording.context import FRAMED
from storage.records import ReadingState


@pytest.mark.parametrize(
    "text",
    [
        "Achtung, Fake-Shop! Die Bilder dort sind mit KI gemacht.",
        "Scam alert. Pictures of our bags made with AI are going round on Facebook.",
        "Gare aux contrefaçons : des comptes publient des photos fabriquées par IA.",
        "Fotokonkurrence! Billeder lavet med AI tæller ikke.",
        "投稿须知：AI作图一律不参与评奖。",
        "Nos ofrecieron campañas enteras con modelos generados por IA. Dijimos que no y llamamos a Teo.",
        "Recebemos uma proposta para trocar as modelos por avatares de IA.",
        "정정합니다. 어제 게시물에 'AI 제작' 표시가 잘못 들어갔습니다.",
        "招聘｜AI视觉设计师，坐标杭州",
    ],
)
def test_is_no_label(text: str) -> None:
    assert texts.read(text).state is not ReadingState.PRESENT


@pytest.mark.parametrize(
    "text",
    [
        "Konkurs! Wygraj ten płaszcz. To zdjęcie zostało wygenerowane przez AI.",
        "Webinar on Tuesday. This picture was generated with AI.",
    ],
)
def test_of_this_picture_it_is_said_all_the_same(text: str) -> None:
    assert texts.read(text).state is ReadingState.PRESENT


def test_the_reason_is_told() -> None:
    found = texts.read("Scam alert. Pictures of our bags made with AI are going round.")
    assert (found.state, found.reason) == (ReadingState.AMBIGUOUS, FRAMED)


@pytest.mark.parametrize(
    "text",
    [
        "Our new size finder uses AI and two photos from your phone to get your fit right.",
        "La nostra assistente IA ti aiuta a scegliere la taglia partendo da una foto.",
        "Zoek op foto: upload een jas en onze AI laat zien wat erop lijkt.",
        "いつかはAIでルックブックを、と社長は言う。",
        "Nową stronę zbudowała nam AI w jeden wieczór. Zdjęcia robiliśmy sami.",
        "Ya están las gafas con IA, Lucía las lleva en negro.",
    ],
)
def test_services_and_plans_are_none_either(text: str) -> None:
    assert texts.read(text).state is not ReadingState.PRESENT
