"""The wide net: what leaves a doubt is never called silent, and what is explained passes."""

import pytest

from detector.wording import texts
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
)


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
