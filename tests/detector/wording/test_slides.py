"""Which pictures of a carousel a sentence speaks of: the others are not labelled by it."""

import pytest

from detector.wording import texts
from storage.records import ReadingState

# Positions from 0, of four, and what was written
SAID = (
    ({1, 2}, "Foto 2 en 3 zijn door AI gegenereerd, foto 1 is gewoon in Rotterdam geschoten"),
    ({3}, "Bild 4 stammt von einer KI, alle anderen hat Jonas fotografiert."),
    ({2}, "La photo n°3 a été créée avec l'IA, les autres sont signées @louise"),
    ({2}, "Foto nº 3: generada por IA"),
    ({3}, "La última foto del carrusel es de IA"),
    ({1}, "La seconda foto è fatta con l'AI, la prima è di @marco"),
    ({2}, "A foto 3 foi gerada por IA"),
    ({1}, "Bild 2 är gjord med AI, resten är fotade på Gotland"),
    ({2}, "Billede 3 er AI-genereret, de andre er taget på Bornholm"),
    ({2}, "Trzecie zdjęcie zrobiła AI"),
    ({2}, "第三张是AI画的,其余都是摄影师小林拍的"),
    ({2}, "3枚目の写真だけAI画像です。ほかは湘南で撮影しました"),
    ({2}, "세 번째 사진은 AI로 만든 이미지예요"),
    ({1}, "두번째 컷은 AI 이미지입니다"),
    ({3}, "마지막 장은 AI로 만든 이미지예요"),
    ({3}, "Swipe → last slide is AI, the rest was shot in Lisbon"),
    ({1, 2}, "Slides 2-3 are AI-generated"),
    ({0}, "Das erste Bild ist KI-generiert, der Rest nicht."),
)


@pytest.mark.parametrize(("named", "text"), SAID, ids=[text[:24] for _, text in SAID])
def test_only_the_slides_that_are_named_are_labelled(named: set[int], text: str) -> None:
    states = [texts.read(text, slide=texts.Slide(position, 4)).state for position in range(4)]
    assert {place for place, state in enumerate(states) if state is ReadingState.PRESENT} == named
    assert ReadingState.ABSENT not in states
