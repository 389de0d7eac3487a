"""What a claim is worth where it stands: denials far before it, in every language."""

import pytest

from detector.wording import texts
from storage.records import ReadingState

DENIED: dict[str, tuple[str, ...]] = {
    "en": (
        "None of the pictures that you see in this campaign was made with AI",
        "No image on this page that we show you today has been generated with AI",
        "Not a single photo in our new autumn campaign was created with AI",
        "We have never, in any of our campaigns or lookbooks, used AI-generated models",
        "Nothing you see in our new spring campaign was made with AI",
    ),
    "nl": (
        "Geen enkele foto die je in deze campagne ziet is gemaakt met AI",
        "Geen van de beelden in onze nieuwe najaarscampagne is met AI gemaakt",
        "Niets van wat je in deze campagne ziet is gemaakt met AI",
        "Geen enkele foto uit onze nieuwe collectie is met AI gemaakt",
    ),
    "sv": (
        "Ingen av bilderna som du ser i den här kampanjen är skapad med AI",
        "Inte en enda bild i vår nya höstkampanj är gjord med AI",
        "Inga av de bilder som du ser i vår nya kampanj har skapats med AI",
    ),
    "de": (
        "Keines der Bilder, die du in dieser Kampagne siehst, wurde mit KI erstellt",
        "Kein einziges Foto aus unserer neuen Herbstkampagne wurde mit KI erstellt",
        "Nichts von dem, was ihr in dieser Kampagne seht, ist KI-generiert",
    ),
    "fr": (
        "Aucune des photos que vous voyez dans cette campagne n'a été créée avec l'IA",
        "Pas une seule image de notre nouvelle campagne d'automne n'a été générée par IA",
        "Rien de ce que vous voyez dans cette campagne n'a été généré par IA",
    ),
    "es": (
        "Ninguna de las fotos que ves en esta campaña fue creada con IA",
        "Ni una sola imagen de nuestra nueva campaña de otoño ha sido generada con IA",
        "Nada de lo que ves en esta campaña ha sido creado con IA",
    ),
    "it": (
        "Nessuna delle foto che vedi in questa campagna è stata creata con l'IA",
        "Neanche una sola immagine della nostra nuova campagna autunnale è stata generata con l'IA",
        "Niente di ciò che vedi in questa campagna è stato creato con l'IA",
    ),
    "pt": (
        "Nenhuma das fotos que você vê nesta campanha foi criada com IA",
        "Nem uma única imagem da nossa nova campanha de outono foi gerada por IA",
        "Nada do que vê nesta campanha foi criado com IA",
    ),
    "pl": (
        "Żadne ze zdjęć, które widzicie w tej kampanii, nie zostało stworzone przez AI",
        "Ani jedno zdjęcie z naszej nowej jesiennej kampanii nie powstało z użyciem AI",
        "Nic z tego, co widzicie w tej kampanii, nie zostało wygenerowane przez AI",
    ),
    "da": (
        "Ingen af billederne, som du ser i denne kampagne, er lavet med AI",
        "Ikke et eneste billede i vores nye efterårskampagne er skabt med AI",
        "Intet af det, du ser i denne kampagne, er lavet med AI",
    ),
    "zh": (
        "本次活动中您看到的所有图片没有一张是由AI生成的",
        "本季广告大片中没有任何一张照片使用AI生成",
        "我们新一季秋冬系列的图片均未使用AI生成",
    ),
    "ja": (
        "このキャンペーンでご覧いただいている写真は一枚もAIで生成されたものではありません",
        "新しい秋のキャンペーンの画像はどれもAIで作られていません",
        "今季のビジュアルには生成AIを一切使用しておりません",
    ),
    "ko": (
        "이번 캠페인에서 보시는 사진 중 AI로 제작된 것은 하나도 없습니다",
        "새로운 가을 캠페인의 어떤 이미지도 AI로 생성되지 않았습니다",
        "저희 신규 컬렉션 사진은 단 한 장도 AI로 만들지 않았습니다",
    ),
}
UNCLEAR = (
    "We have never, in any of our campaigns or lookbooks, used AI-generated models",
    "Pas une seule image de notre nouvelle campagne d'automne n'a été générée par IA",
    "Neanche una sola immagine della nostra nuova campagna autunnale è stata generata con l'IA",
    "Never boring, always bold, made with AI",
)
SAID = (
    "No studio, no camera: this campaign was made with AI",
    "No model travelled for this campaign, and every picture was made with AI",
    "Geen studio, geen camera: deze foto is gemaakt met AI",
    "Ingen studio, ingen kamera: den här bilden är skapad med AI",
    "Kein Studio, keine Kamera: dieses Bild wurde mit KI erstellt",
    "Aucun studio, aucun appareil : cette image a été générée par IA",
    "Nada es lo que parece: esta imagen fue creada con IA",
    "Niente set, niente macchina fotografica: questa immagine è stata creata con l'IA",
    "Nada é o que parece: esta imagem foi criada com IA",
    "Intet studie, intet kamera: dette billede er lavet med AI",
)


@pytest.mark.parametrize(("language", "text"), [(name, text) for name in DENIED for text in DENIED[name]])
def test_a_denial_reaches_the_verb_that_it_denies(language: str, text: str) -> None:
    wanted = ReadingState.AMBIGUOUS if text in UNCLEAR else ReadingState.ABSENT
    assert texts.read(text).state is wanted, language


@pytest.mark.parametrize("text", UNCLEAR)
def test_a_denial_that_may_belong_to_it_is_kept_apart(text: str) -> None:
    assert texts.read(text).state is ReadingState.AMBIGUOUS


@pytest.mark.parametrize("text", SAID)
def test_a_denial_of_something_else_denies_nothing(text: str) -> None:
    assert texts.read(text).state is ReadingState.PRESENT


def test_without_in_a_denial_turns_it_around() -> None:
    assert texts.read("Nothing was made without AI").state is not ReadingState.ABSENT
