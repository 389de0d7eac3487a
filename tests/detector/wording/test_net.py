"""The wide net: what leaves a doubt is never called silent, and what is explained passes."""

import pytest

from detector.wording import texts
from detector.wording.context import DENIED
from storage.records import ReadingState

DOUBTFUL = (
    "Is she real?",
    "She lives on our graphics card 😏",
    "Echt oder nicht? Ratet mal.",
    "Elle n'existe que dans nos rêves ✨",
    "¿Real o no? Adivina 👇",
    "Vero o falso? Noi non ve lo diciamo 😏",
    "Uma nova inteligência veste a Primavera.",
    "Czy ona jest prawdziwa? Zgadujcie 😉",
    "Twarz zmieniono przy użyciu narzędzi SI.",
    "En sommar som kanske aldrig har funnits ✨",
    "Ikke helt et foto. Ikke helt ikke et foto 🌀",
    "Deze look is niet helemaal van deze wereld… 👀",
    "拿SD炼丹炼出来的，裙子有现货",
    "これ、ホンモノだと思いますか？👀",
    "버추얼 앰버서더 '루나'가 봄 신상을 입었습니다.",
    "Fotograf? Nja… 🤖",
    "Our computer made the picture for us",
    "Met dank aan ChatGPT ❤️ #outfit",
    "Our pictures, made with PhotoGlowAI",
    "Campaign visuals created with Zeldra.ai",
)
SILENT = (
    "No robots, no GPU, only Lou and her needle.",
    "Nie, Hania nie jest z komputera. Hania jest z Radomia.",
    "Film night: “A.I. – Artificial Intelligence”, directed by Steven Spielberg.",
    "Our robot chatbot knows your size 🤖",
    "Una rete neurale controlla ogni metro di tessuto e segnala i difetti prima del taglio.",
    "At my computer all day, in the Marlow cardigan",
    "Virtual showroom open on Thursday, seven o'clock",
    "Texten skrev ChatGPT, bilden tog mamma.",
    "New linen shirts are in. Photo: Lou",
    "Shop the collection at zeldra.ai",
)
# Without a comma: what is denied is something else
DENIES_ELSE = (
    "nicht erschrecken das Model ist KI",
    "don't be fooled this girl is AI generated",
    "don't worry the background is AI",
    "niet schrikken het model is gemaakt met AI",
    "keine Angst das Model ist mit KI erstellt",
    "leta inte efter henne hon är gjord med AI",
    "nie szukajcie jej ona jest zrobiona w AI",
    "nunca fuimos a la playa el fondo es de IA",
    "wir waren nie in Paris der Hintergrund ist KI-generiert",
    "we never left the studio the background is AI generated",
    "nessun fotografo immagine generata con IA",
    "geen fotograaf beeld gegenereerd met AI",
    "ingen fotograf billede genereret med AI",
)
DENIES_IT = (
    "Nenhuma destas fotos foi feita com IA.",
    "Estas imágenes no se han creado con IA.",
    "You won't find AI models here.",
    "Not a single AI image in this campaign",
    "Wij doen niet aan AI-modellen.",
    "No picture you see here was made with AI",
    "We did not let AI make this picture",
)


@pytest.mark.parametrize("text", DENIES_ELSE)
def test_a_denial_of_something_else_is_no_denial(text: str) -> None:
    assert texts.read(text).state is not ReadingState.ABSENT


@pytest.mark.parametrize("text", DENIES_IT)
def test_a_denial_of_the_claim_stays_one(text: str) -> None:
    assert texts.read(text).reason == DENIED


@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_doubt_is_no_silence(text: str) -> None:
    found = texts.read(text)
    assert found.state is ReadingState.AMBIGUOUS
    assert found.quote
    assert text[found.start : found.end] in text


@pytest.mark.parametrize("text", SILENT)
def test_what_is_explained_passes(text: str) -> None:
    assert texts.read(text).state is ReadingState.ABSENT


def test_without_the_net_a_hint_counts_for_nothing() -> None:
    assert texts.read("GPU").state is ReadingState.AMBIGUOUS
    assert texts.read("GPU", net=False).state is ReadingState.ABSENT


def test_hints_beyond_the_first_are_looked_at() -> None:
    assert texts.read("No robots. No GPU. No cyborgs. Is she real?").state is ReadingState.AMBIGUOUS


@pytest.mark.parametrize("word", ["neural ", "no GPU. ", "robots made dress ", "机器人", "#pixels ", "🤖 "])
def test_endless_hints_come_to_an_end(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "LONGEST_READ", 10_000)
    assert texts.read(word * 20_000).state is not ReadingState.PRESENT
