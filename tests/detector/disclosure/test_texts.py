"""The text surfaces: what belongs to which, where it stands, and which picture it speaks of."""

from dataclasses import replace

import pytest

from detector.disclosure import alt_text, caption, content_warning, hashtags
from storage.records import TEXT_NOT_GIVEN, Failure, ReadingState
from tests.detector.cases import picture, post

P, A, X, N = (
    ReadingState.PRESENT,
    ReadingState.ABSENT,
    ReadingState.AMBIGUOUS,
    ReadingState.NOT_OFFERED,
)


@pytest.mark.parametrize(
    ("text", "in_caption", "in_hashtags"),
    [
        ("Made with AI", P, A),
        ("New coat #madewithai", A, P),
        ("New coat made with #AI", P, X),
        ("New coat #coat #style", A, A),
        ("Made by hand #noAI", A, A),
    ],
)
def test_caption_and_hashtags_are_two_surfaces(
    text: str, in_caption: ReadingState, in_hashtags: ReadingState
) -> None:
    published = post(text)
    assert caption.read(published, picture(0)).state is in_caption
    assert hashtags.read(published, picture(0)).state is in_hashtags


def test_one_hashtag_among_many() -> None:
    text = "Look " + " ".join(f"#tag{n}" for n in range(12)) + " #AIgenerated #ootd"
    reading = hashtags.read(post(text), picture(0))
    assert reading.prominence == {"position": 13, "of": 14}
    assert "AIgenerated" in reading.quote


def test_an_endless_pile_of_hashtags_is_not_called_unlabelled() -> None:
    reading = hashtags.read(post(" ".join(f"#t{n}" for n in range(500))), picture(0))
    assert reading.state is ReadingState.UNREADABLE
    assert "200 of 500" in reading.reason


def test_hashtags_that_the_platform_keeps_outside_the_text() -> None:
    assert hashtags.read(post("Look", hashtags=("ootd", "KIgeneriert")), picture(0)).state is P


@pytest.mark.parametrize(("before", "told"), [("", 1), ("x" * 200 + " ", 0)])
def test_the_fold_of_a_platform_that_has_one(before: str, told: int) -> None:
    reading = caption.read(post(before + "Made with AI.", platform="instagram"), picture(0))
    assert reading.prominence["before_fold"] == told
    assert reading.prominence["offset"] == len(before)
    assert "before_fold" not in caption.read(post(before + "Made with AI."), picture(0)).prominence


@pytest.mark.parametrize(("lines", "told"), [(2, 1), (3, 0)])
def test_only_three_lines_stand_before_the_fold(lines: int, told: int) -> None:
    reading = caption.read(post("New in\n" * lines + "Made with AI.", platform="instagram"), picture(0))
    assert reading.prominence["before_fold"] == told


def test_each_slide_is_answered_by_the_sentence_that_names_it() -> None:
    four = tuple(picture(n) for n in range(4))
    published = post("Slide 1: shot by Anna. Slide 2 was made with AI. Slide 4 is AI-generated.", media=four)
    assert [caption.read(published, item).state for item in four] == [X, P, X, P]


@pytest.mark.parametrize(
    "text",
    [
        "All pictures on this account are made with AI.",
        "Alle Bilder auf diesem Kanal werden mit KI erstellt.",
        "本账号所有图片均由AI生成。",
    ],
)
def test_a_blanket_notice_that_covers_all_covers_this_one(text: str) -> None:
    assert caption.read(post(text), picture(0)).state is P


@pytest.mark.parametrize(
    "text",
    [
        "Some of the pictures on this account are made with AI.",
        "All pictures on this account may be made with AI.",
        "The pictures on our channels are made with AI.",
    ],
)
def test_a_blanket_notice_that_does_not_is_unclear(text: str) -> None:
    assert caption.read(post(text), picture(0)).state is X


def test_a_sentence_on_one_slide_says_nothing_sure_about_the_others() -> None:
    three = tuple(picture(n) for n in range(3))
    published = post("Slide 3 was made with AI.", media=three)
    assert [caption.read(published, item).state for item in three] == [X, X, P]
    assert caption.read(published, three[2]).prominence["slides"] == "3"
    assert "slide 3" in caption.read(published, three[0]).reason


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("The last image is AI-generated", [X, X, P]),
        ("First slide: AI-generated", [P, X, X]),
        ("Slides 1-2 were generated with AI", [P, P, X]),
        ("第3张图片由AI生成", [X, X, P]),
        ("2枚目の画像はAIで生成されました", [X, P, X]),
        ("두 번째 말고 3번째 사진은 AI로 제작", [X, X, P]),
        ("All 3 images were made with AI", [P, P, P]),
    ],
)
def test_slides_are_named_in_many_ways(text: str, states: list[ReadingState]) -> None:
    three = tuple(picture(n) for n in range(3))
    assert [caption.read(post(text, media=three), item).state for item in three] == states


@pytest.mark.parametrize(
    "text",
    [
        "Slide 3 was NOT made with AI, the others were",
        "Slide 3 was not made with AI. The others were.",
        "Bild 3 wurde nicht mit KI erstellt, die anderen schon.",
        "Slide 3 n'a pas été créée avec l'IA, les autres oui.",
        "La foto 3 no fue creada con IA, las demás sí.",
        "La foto 3 non è stata creata con l'IA, le altre sì.",
        "Foto 3 is niet met AI gemaakt, de andere wel.",
        "Bild 3 är inte skapad med AI, de andra är det.",
    ],
)
def test_what_is_denied_of_one_slide_and_said_of_the_others(text: str) -> None:
    four = tuple(picture(n) for n in range(4))
    found = [caption.read(post(text, media=four), item) for item in four]
    assert [one.state for one in found] == [P, P, A, P]
    assert found[0].prominence["slides"] == "all but 3"
    assert found[2].reason == "says that no AI was used"


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("Slide 3 was not made with AI, the others were shot on film.", [X, X, A]),
        ("Slide 3 was not made with AI, the others were not.", [X, X, A]),
        ("Slide 3 is a real photo, the others are AI.", [P, P, X]),
        ("Slide 3 was made with AI, slide 2 is a photo.", [X, X, P]),
    ],
)
def test_one_slide_and_the_others(text: str, states: list[ReadingState]) -> None:
    three = tuple(picture(n) for n in range(3))
    assert [caption.read(post(text, media=three), item).state for item in three] == states


def test_the_background_is_a_part() -> None:
    reading = caption.read(post("Background generated with AI, model and clothes are real."), picture(0))
    assert reading.prominence["extent"] == "part"


@pytest.mark.parametrize(
    ("alt", "state"), [(None, N), ("", A), ("AI-generated image of a woman", P), ("a woman in a coat", A)]
)
def test_alt_text(alt: str | None, state: ReadingState) -> None:
    assert alt_text.read(post(), picture(0, alt=alt)).state is state


@pytest.mark.parametrize(
    ("warning", "state"), [(None, N), ("", A), ("AI-generated imagery", P), ("loud colours", A)]
)
def test_content_warning(warning: str | None, state: ReadingState) -> None:
    assert content_warning.read(post(content_warning=warning), picture(0)).state is state


@pytest.mark.parametrize(("text", "state"), [("", ReadingState.UNREADABLE), ("Made with AI", P)])
def test_a_text_that_was_not_captured_is_no_text_without_a_label(text: str, state: ReadingState) -> None:
    """A list of posts may show no captions (crawler/webobjects)."""
    why = Failure(TEXT_NOT_GIVEN, "the capture has no caption", "1")
    published = replace(post(text), problems=(why,))
    assert caption.read(published, picture(0)).state is state
    assert hashtags.read(published, picture(0)).state is (state if not text else A)
