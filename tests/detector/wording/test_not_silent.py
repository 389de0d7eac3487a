"""What the readers of texts must never call absent, be it in a language or in words that the lexicon lacks:
`unlabelled` would accuse somebody who had told people."""

import pytest

from detector.wording import texts
from detector.wording.lexicon import Lexicon
from storage.records import ReadingState

# By language, as its retailers would write it. None of these has a lexicon of its own.
OTHER_LANGUAGES = {
    "fi": ("Kuva on luotu tekoälyllä. Takki 89 €", "Tämä kuva on tekoälyn tuottama.", "AI:lla luotu kuva."),
    "no": ("Bildet er laget med kunstig intelligens.", "Bildet er generert av KI. Jakke 899 kr"),
    "cs": ("Obrázek byl vytvořen umělou inteligencí.", "Fotka je vygenerovaná pomocí AI."),
    "sk": ("Obrázok vytvorený pomocou AI.",),
    "hu": ("A kép mesterséges intelligenciával készült.", "MI által generált kép."),
    "ro": ("Imagine generată cu inteligență artificială.",),
    "tr": ("Görsel yapay zeka ile oluşturulmuştur.",),
    "hr": ("Slika generirana umjetnom inteligencijom",),
    "sl": ("Slika je ustvarjena z umetno inteligenco",),
    "lt": ("Vaizdas sukurtas dirbtinio intelekto",),
    "lv": ("Attēls veidots ar mākslīgo intelektu",),
    "et": ("Pilt on loodud tehisintellekti abil",),
    "ca": ("Imatge creada amb intel·ligència artificial",),
    "vi": ("Hình ảnh được tạo bởi AI",),
    "id": ("Gambar ini dibuat dengan AI",),
}
OTHER_SCRIPTS = {
    "Greek": "Η εικόνα δημιουργήθηκε με τεχνητή νοημοσύνη.",
    "Cyrillic": "Изображение создано нейросетью. Пальто 8 990 ₽",
    "Arabic": "تم إنشاء هذه الصورة بواسطة الذكاء الاصطناعي",
    "Hebrew": "התמונה נוצרה באמצעות בינה מלאכותית",
    "Thai": "ภาพนี้สร้างโดยปัญญาประดิษฐ์",
    "Devanagari": "यह चित्र एआई द्वारा बनाया गया है",
}
# Disclosures whose words or relations the lexicon did not have when they were written
NOT_KNOWN = (
    "kein Fotograf, kein Studio, sondern unser Praktikant mit ChatGPT",
    "Not us using AI for the drop … (we did)",
    "Generated image. Colours may vary.",
    "Nobody was photographed for this.",
    "We let AI loose on our campaign. Here's what it came up with.",
    "사람이 아니고 AI예요.",
    "Das hat sich eine KI zusammengeklöppelt.",
)
# Retailers warn of what others make in their name: no word of their own about this picture
OF_OTHERS = (
    "Beware of fake AI-generated ads using our name!",
    "Pas op voor nepadvertenties die met AI zijn gemaakt!",
    "Vorsicht vor gefälschten Anzeigen, die mit KI erstellt wurden!",
    "Attention aux fausses pubs générées par IA à notre nom !",
    "¡Cuidado con los anuncios falsos hechos con IA!",
    "Attenzione alle pubblicità false create con l'IA a nostro nome!",
    "Cuidado com anúncios falsos feitos com IA!",
    "Se upp för falska annonser gjorda med AI!",
    "Pas på falske annoncer lavet med AI!",
    "Uwaga na fałszywe reklamy stworzone przez AI!",
    "谨防AI生成的虚假广告!",
    "AIで作られた偽広告にご注意ください。",
    "AI로 만든 가짜 광고에 주의하세요!",
    "You'd think this was AI-generated, but we really built that set.",
)
PLAIN = (
    # Once not known either
    "Every face here is synthetic. No one stood in front of a lens.",
    "Second slide = AI, first slide = real life.",
    "Jimeng 即梦",
    "don't ask for her @, bc she's AI",
    "Look real, but it's all AI: our new faces",
    "The girl in the picture? AI.",
    "📸 AI",
    "Prompted, not photographed.",
    "Kein Shooting, kein Studio, nur ein Prompt und Midjourney.",
    "KI hat unser Lookbook gemacht",
    "Diese Frau existiert nicht, eine KI hat sie erfunden",
    "de sneeuw heeft AI erbij getoverd",
    "Våra modeller är påhittade av AI, hon här också: hon är AI",
    "La neige, c'est l'IA qui l'a ajoutée",
    "fotos hechas por IA pq no hay presupuesto",
    "La neve l'ha messa l'IA",
    "Nunca a fotografámos: ela é IA",
    "Tło pochodzi z AI",
    "看起来像照片，其实是AI",
    "写真に見えますがAIです",
    "이건 촬영이 아니라 AI로 생성한 이미지예요",
    "Ce contenu a été généré ou manipulé artificiellement.",
    "Dieser Inhalt wurde künstlich erzeugt oder manipuliert.",
    "No models, no studio, no travel — just AI.",
    "Geen model, geen studio: alleen AI.",
    "Bewerkt beeld (AI)",
    "Kein Model, kein Studio, nur KI.",
    "Pas de mannequin, pas de studio : rien que de l'IA.",
    "Cette campagne, c'est une IA qui l'a dessinée.",
    "Ni modelo ni estudio: solo IA.",
    "Né modella né studio: solo IA.",
    "Feito no Midjourney pela nossa equipa.",
    "Ingen modell, ingen studio: bara AI.",
    "没有模特,没有摄影棚,只有AI。",
    "モデルなし、スタジオなし、AIだけ。",
    "Hele lookbooket er skabt i Midjourney.",
    "Fait sur Midjourney par notre équipe.",
    "AI drew this entire lookbook.",
    "Deze foto is door AI getekend.",
    "El cielo se añadió con IA.",
    "Il cielo è stato aggiunto con l'IA.",
    "Himlen är tillagd med AI.",
    "Niebo dodano za pomocą AI.",
    "天空是AI加上去的。",
    "このキャンペーンはAIが描きました。",
    "카메라 없이 AI만으로 완성한 화보",
    "AI의 도움을 받아 만든 이미지입니다.",
    "La última foto del carrusel es de IA, ¿lo habías notado?",
    "Der Himmel ist nicht echt, den hat die KI ergänzt ☁️ Kleid von @studio",
)
# Whose words could be taken for a label, and are none
NO_LABEL = (
    "Who wrote this? AI. Who shot it? Lou.",
    "Shot on a phone with an AI camera",
    "AI faces? No thanks.",
    "她用AI安排行程，穿我们的大衣",
    "No studio, no photographer needed: prompt delivery in three days",
    "Your comments prompted a reshoot, no studio this time",
    "this photo looks so good you'd think it's AI",
    "Zdjęcie tak ładne, że można pomyśleć, że to AI",
    "On nous a demandé si la campagne était faite par IA.",
    "Our AI photo app is out, model Kim tried it",
)
# Where AI is named and no picture is meant, the text stays silent
OF_SOMETHING_ELSE = (
    "AI created chaos in our warehouse, Kim took the photo",
    "Kim is a model and AI student",
    "Questa foto non l'ha fatta nessuna IA",
    "AI가 찍은 게 아니라 김작가가 찍었어요",
    "AI can't sew.",
    "Unsere KI-Strategie: der Geschäftsbericht ist da.",
    "This is a photo of our AI team in Stockholm.",
    "En esta imagen no hay IA.",
    "AI had nothing to do with it.",
    "L'IA cambierà la moda? Ne parliamo giovedì.",
    "Ela ia à praia com o nosso vestido de linho.",
    "AI会取代模特吗？周四聊聊",
    "Photographed by Ann Ai in Paris.",
)


@pytest.mark.parametrize("text", [text for told in OTHER_LANGUAGES.values() for text in told])
def test_another_language_that_names_ai_is_not_silent(text: str) -> None:
    assert texts.read(text).state is ReadingState.AMBIGUOUS


@pytest.mark.parametrize(("script", "text"), OTHER_SCRIPTS.items(), ids=OTHER_SCRIPTS.keys())
def test_another_script_was_not_read(script: str, text: str) -> None:
    found = texts.read(text)
    assert found.state is ReadingState.UNREADABLE
    assert found.reason == f"in a script that no lexicon reads: {script}"


def test_a_lexicon_in_that_script_makes_it_read() -> None:
    added = Lexicon((("el.toml", '[words]\nmade = ["δημιουργήθηκε"]\nai = ["τεχνητή νοημοσύνη"]\n'),))
    assert texts.read("Νέο παλτό στα καταστήματα", lexicon=added).state is ReadingState.ABSENT


@pytest.mark.parametrize(
    "text",
    [
        "Новинка: пальто Marlow. Made with AI.",
        "Мade wіth АI",
        "Коллекция весна. Alle Bilder sind KI-generiert.",
    ],
)
def test_what_can_be_read_of_it_counts(text: str) -> None:
    assert texts.read(text).state is ReadingState.PRESENT


@pytest.mark.parametrize(
    "text", ["A coat by Гоша for you", "Ω 3 and Ж 4", "𝗡𝗲𝘄 𝗰𝗼𝗮𝘁 today", "ＮＥＷ コート 입고 新品"]
)
def test_a_few_strange_letters_leave_it_read(text: str) -> None:
    assert texts.read(text).state is ReadingState.ABSENT


@pytest.mark.parametrize("text", OF_OTHERS)
def test_what_is_said_of_others_is_no_disclosure(text: str) -> None:
    """`present` would be the publisher's own word that the picture is AI."""
    assert texts.read(text).state is ReadingState.AMBIGUOUS


@pytest.mark.parametrize("text", NO_LABEL)
def test_it_is_not_said(text: str) -> None:
    assert texts.read(text).state is not ReadingState.PRESENT


@pytest.mark.parametrize("text", NOT_KNOWN)
def test_ai_named_and_not_explained_is_not_silent(text: str) -> None:
    assert texts.read(text).state is ReadingState.AMBIGUOUS


@pytest.mark.parametrize("text", PLAIN)
def test_it_is_said(text: str) -> None:
    assert texts.read(text).state is ReadingState.PRESENT


@pytest.mark.parametrize("text", OF_SOMETHING_ELSE)
def test_ai_named_of_something_else(text: str) -> None:
    assert texts.read(text).state is ReadingState.ABSENT
