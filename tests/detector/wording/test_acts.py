"""What AI is said to have done or to be, whatever the verb; with siblings that say nothing of a picture."""

import pytest

from detector.wording import texts
from storage.records import ReadingState


@pytest.mark.parametrize(
    "text",
    [
        # who did it
        "Das Kleid haben wir genäht. Den Mond hat die KI aufgehängt.",
        "Het was AI die mij op de ski's zette 😂",
        "O pôr do sol foi a IA que colocou.",
        # who wears it
        "une ia porte toute la collection ce mois-ci",
        "이번 주 착용컷은 AI가 입었어요.",
        # what it is
        "puro invento de la IA, pero el bordado es mío",
        "Les femmes de cette série sont des créatures d'intelligence artificielle.",
        "この写真はAIの出力です。",
        "Det här är ett AI-verk.",
        # credits and brackets
        "Retouche: kunstmatige intelligentie",
        "modella finta (intelligenza artificiale), pizzo vero",
        "Prompt mine, AI by Google, tears my mother's",
        # in two sentences
        "Produktbilderna är numera genererade. #ai",
        "The skirt is filmed, the transformation is AI.",
        "not in Dubai 😂 it's all AI",
        # a denial of something else
        "Unser Model ist mit KI erstellt und das verschweigen wir nicht.",
        "un niño inventado con IA para no enseñar al mío",
        "xD nobody saw me in this, the dress is mine, the woman is AI",
        # what AI did to what is shown, whatever the verb
        "AI heeft mijn paspop in een mens veranderd, kijk voor de echte kleur naar foto 3.",
        "Die Photoshop-KI hat den Strand nach links verlängert.",
        "De første to er taget i studiet, resten har en AI digtet videre på.",
        "AI har hjulpet med baggrunden.",
        "Venezia deserta? Solo nei sogni di un'intelligenza artificiale, che ha dipinto lo sfondo.",
        "Stillbilledet tog Line. AI fik det til at bevæge sig.",
        "We asked AI for a glacier and put Ines in front of it.",
        "Quem é a moça da foto? Ninguém! Foi a IA que bolou.",
        "Spot navideño: música de Los Primos, imágenes de Veo 3.",
        "撮影はしていません。この映像、丸ごとSoraです。",
        "Illustration: Trine Holst/ChatGPT",
        "Nowa dostawa torebek 👜 fot. AI",
        "mein KI-Ich hat keine Augenringe",
        # a copy of a person
        "dit is een AI-kopie van mij",
    ],
)
def test_says_so(text: str) -> None:
    assert texts.read(text).state is ReadingState.PRESENT


@pytest.mark.parametrize(
    "text",
    [
        "Foto di Gianni, tutta vera, l'IA la usiamo solo per i resi",
        "I asked AI to make this outfit a photo … so we hired Lou",
        "C'est une IA qui m'a dit de porter du vert",
        "It was AI that recommended this size to me",
        "AI wears many hats in our company",
        "Our images generated a lot of buzz this week! #AI",
        "They stole my photos and put them on an AI body without asking me",
        "Stop saying these pictures are AI, it took four hours",
        "拒绝AI换脸、AI换装、AI一切。",
        "AIモデルの営業メールが毎日来ますが、お断りしています。",
        "We don't want AI-generated models here.",
        "Try our AI skin analysis in store",
        "der digitale Zwilling unserer Fabrik",
        "AI has changed the way we work",
        "La IA nos ha cambiado la vida",
        "ChatGPT hat uns einen Businessplan erstellt",
        "Mi falda salió en un reportaje sobre moda e IA",
        "Jeg har sat AI til at regne på moms. Kjolen jeg har på er fra Kirkens Korshær.",
        "Iemand dacht dat dit AI was. Grootste compliment ooit voor onze fotograaf!",
        "Wir haben uns gegen KI-Models entschieden. Lena steht seit 2019 vor der Kamera.",
        "Jag har tackat nej till företag som vill göra en AI-kopia av mig.",
        "Das Foto von Seite 3 haben wir irrtümlich als KI-Bild ausgewiesen.",
        "Mi hanno proposto un clone AI per lavorare il doppio.",
    ],
)
def test_says_nothing_of_the_picture(text: str) -> None:
    assert texts.read(text).state is not ReadingState.PRESENT


@pytest.mark.parametrize(
    "text",
    [
        "Sie heißt Lia, ist virtuell und ab jetzt Teil der Familie.",
        "Couture meets code.",
        "na, fällt euch was auf? Auflösung morgen 😏",
        "lavet på computeren en kedelig aften 🌙",
        "这是照片吗？你猜",
        "qualcosa non torna 👀 #ai",
        "Die KI hatte Spaß an diesem Kalender",
    ],
)
def test_leaves_a_doubt(text: str) -> None:
    assert texts.read(text).state is ReadingState.AMBIGUOUS


@pytest.mark.parametrize(
    "text",
    [
        "Sitze den ganzen Tag am Computer, im neuen Cardigan",
        "Look closely at the stitching.",
        "Notre showroom virtuel ouvre jeudi",
        "クーポンコードで10%オフ",
        "New technology fabric, knitted in Porto",
        "Digital print on silk, 89 euros",
        "KI hätte dieses Foto in einer Minute gemacht. Wir haben eine Woche gebraucht.",
    ],
)
def test_ordinary_words_leave_none(text: str) -> None:
    assert texts.read(text).state is ReadingState.ABSENT


def test_swedish_ni_denies_nothing() -> None:
    assert texts.read("Den bild som ni ser här är AI-genererad").state is ReadingState.PRESENT
    assert texts.read("Ni photo retouchée ni IA").state is ReadingState.ABSENT
