"""Sentences of findings in Dutch: every one that the program can make has its shape, whatever stands in its
places comes through whole, and what no shape fits is English, and marked so."""

import ast
import json
import re
import time
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.web.phrases import Run, phrases
from desk.web.sentences import BETWEEN, LONGEST, MADE_IN, SENTENCE, said, sentences, shapes
from desk.web.words import LANGUAGES
from detector.wording import texts
from storage.people import Role
from storage.records import EventKind, Extent, Labelling, MatchKind, ReadingState, ReviewDecision, Surface
from tests.desk.web.made_sentences import ROOT, Made, made_in, recorded, said_of_tags, told_of_a_night

OTHERS = tuple(language for language in LANGUAGES if language != MADE_IN)
VALUES = frozenset({"number", "clock", "day", "moment"})
# Modules whose texts are met on pages, and of these those that speak elsewhere.
SPEAK = (
    *("detector/*.py", "detector/matching/**/*.py", "detector/origin/*.py", "detector/disclosure/*.py"),
    *("detector/pictures/*.py", "detector/processes/*.py"),
    *("detector/wording/*.py", "detector/onimage/*.py", "detector/metadata/*.py"),
    *("storage/verification.py", "storage/shelves/seen.py", "storage/shelves/judging.py"),
    *("desk/jobs/matching.py", "desk/jobs/stages/*.py", "desk/jobs/flood.py", "desk/jobs/accounts.py"),
    *("desk/explained.py", "desk/panels.py", "desk/jobs/plausible.py", "crawler/verifying/looking.py"),
    *("crawler/pipelines/judging.py", "crawler/sight.py"),
    *("crawler/pipelines/media.py", "crawler/pipelines/video.py", "crawler/intake/media.py"),
)
SILENT = {
    "detector/accusing.py": "what no sentence may say",
    "detector/pictures/complaints.py": "what decoders say, which is looked for",
    "detector/control.py": "of a reader's own test: the night tells it",
    "detector/hashing.py": "made of `transform` words, which the tests below make",
    "detector/matching/collected/retro.py": "made of `transform` words, which the tests below make",
    "detector/matching/search/shelves.py": "made of `transform` words, which the tests below make",
    "detector/matching/changes/replaced.py": "names of traits, which are weighed and never told",
    "detector/onimage/drawn.py": "refuses a drawing that a user registers, on the command line",
    "detector/onimage/icons.py": "what marks say: quotes",
    "detector/origin/generator_software.py": "names of programs",
    "detector/trust_file.py": "refuses a file, on the command line",
    "detector/wording/vocabulary.py": "refuses a lexicon, on the command line",
}
NO_SENTENCES = {
    *("end of file", "unexpected end", "worker watch", "Raw profile type ", "artificial intelligence"),
    *("answer to verifying", "answer to a control", "answer to looking"),
    "(?:gen ?ai|ai|ki|ia|midjourney|firefly|gemini|chatgpt|sora|veo)",
    *(r"[^ \n]+|[ \n]+", "it gave no drawing and no reason", "Fooocus v", "Stable Diffusion model"),
}


def keys(language: str) -> list[str]:
    """What is ours of every shape, all that may be missing included."""
    told = (shape for room, told in shapes(language).items() if room != BETWEEN for shape in told)
    return [re.sub(r"[\[\]]", "", re.sub(r"\{[^}]*\}", "\0", shape)) for shape in told]


def knows(language: str, made: Made) -> bool:
    return any(_stand_in(made.pieces, key) for key in keys(language)) or all_said(made.text, language)


def _stand_in(pieces: list[str], key: str) -> bool:
    at = 0
    for piece in pieces:
        at = key.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def all_said(text: str, language: str = "nl", *rooms: str) -> bool:
    """Some room knows all of it."""
    known, ours = sentences(language), our_english(language)
    every = rooms or tuple(room for room in shapes(language) if room != BETWEEN)
    return any(
        all(run.language != MADE_IN or run.text in ours for run in known.of(text, room)) for room in every
    )


def our_english(language: str) -> set[str]:
    """Names that translations have in English on purpose."""
    told = (words for lines in shapes(language).values() for words in lines.values())
    return {found for words in told for found in re.findall(r"\{en\|([^}]+)\}", words)}


def speaking() -> list[Path]:
    return sorted({path for pattern in SPEAK for path in ROOT.glob(pattern)})


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_that_the_sources_can_make_has_a_shape(language: str) -> None:
    made = [
        one
        for path in speaking()
        if str(path.relative_to(ROOT)) not in SILENT
        for one in made_in(path)
        if one.pieces and one.text not in NO_SENTENCES
    ]
    made += [one for path in sorted((ROOT / "crawler").rglob("*.py")) for one in said_of_tags(path)]
    assert len(made) > 500
    missing = [f"{one.where}: {one.text!r}" for one in made if not knows(language, one)]
    assert missing == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_fails_in_a_night_and_with_alerts_is_said(language: str) -> None:
    rooms = (
        "*",
        "atproto/*",
        "fediverse/*",
        "meta/*",
        "youtube/*",
        "spiders/*",
        "middlewares/*",
        "pipelines/*",
    )
    paths = [path for room in rooms for path in sorted((ROOT / "crawler").glob(f"{room}.py"))]
    paths += [*sorted((ROOT / "desk" / "alerts").glob("*.py")), ROOT / "desk" / "jobs" / "alerting.py"]
    made = [one for path in paths for one in told_of_a_night(path) if one.pieces]
    setting = "[crawl] requests_a_night"  # no shape has such brackets
    made = [replace(one, text=one.text.replace(setting, "\0")) for one in made]
    assert len(made) > 90
    assert [f"{one.where}: {one.text!r}" for one in made if not knows(language, one)] == []


NIGHT = {
    "HTTP 503": "HTTP 503",
    "refused 4 times": "4 keer geweigerd",
    "pds.example has no address: [Errno -2] Name or service not known": "pds.example heeft geen adres: "
    "<en>[Errno -2] Name or service not known</en>",
    "10.0.0.5:80 is 10.0.0.5 (private); only allow_hosts can permit it": "10.0.0.5:80 is 10.0.0.5 (privé), "
    "geen openbaar adres; alleen allow_hosts kan dat toestaan",
    "no JSON, and words of some library": "<en>no JSON, and words of some library</en>",
}


@pytest.mark.parametrize("told", NIGHT)
def test_errors_of_a_night_are_dutch_and_others_words_are_marked(told: str) -> None:
    runs = sentences("nl").of(told, "night")
    assert (
        "".join(f"<en>{one.text}</en>" if one.language == "en" else one.text for one in runs) == NIGHT[told]
    )


@pytest.mark.parametrize("language", OTHERS)
def test_all_that_is_recorded_is_said(language: str) -> None:
    made = [one for path in sorted((ROOT / "desk").rglob("*.py")) for one in recorded(path)]
    assert len(made) > 15
    assert [f"{one.where}: {one.text!r}" for one in made if not knows(language, one)] == []
    for role in Role:
        assert all_said(f"user added: {role.value}", language, "record")


def test_what_is_called_silent_is_there() -> None:
    """A module that is gone, or a text that is no more, excuses nothing."""
    assert [path for path in SILENT if not (ROOT / path).is_file()] == []
    texts_made = {one.text for path in speaking() for one in made_in(path)}
    assert NO_SENTENCES - texts_made == set()


def test_a_new_sentence_would_be_missed() -> None:
    assert not knows("nl", Made("here", "The picture \0 was painted on a wall."))
    assert knows("nl", Made("here", "No licence of \0 is registered."))


@pytest.mark.parametrize("language", OTHERS)
def test_every_shape_can_be_and_names_rooms_that_there_are(language: str) -> None:
    told = shapes(language)
    for room, lines in told.items():
        for shape, translation in lines.items() if room != BETWEEN else ():
            for one in phrases(shape, translation):
                for slot in one.slots:
                    assert slot.room in {"", *VALUES, *told}, shape
                    assert not slot.between or slot.between in told[BETWEEN], shape


@pytest.mark.parametrize("language", OTHERS)
def test_every_rule_is_said(language: str) -> None:
    for path in (ROOT / "detector" / "rules").glob("*.toml"):
        rule = tomllib.loads(path.read_text())
        assert all_said(rule["sentence"], language, "rule"), path
        assert all_said(rule["title"], language, "rule_title"), path
        assert all_said(rule["source"], language, "rule_source"), path
        assert "quote" not in rule or all_said(rule["quote_from"], language, "rule_place"), path


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_of_ours_is_said(language: str) -> None:
    words = {
        "kind": [one.value.replace("_", " ") for one in MatchKind],
        "extent": [one.value for one in Extent],
        "state": [one.value.replace("_", " ") for one in ReadingState],
        "surface": [one.value.replace("_", " ") for one in Surface],
        "duty": [*(one.value.replace("_", " ") for one in Surface), "required"],
        "moment": [one.value.replace("_", " ") for one in EventKind],
        "decision": [one.value for one in ReviewDecision],
        "verdict": [one.value.replace("_", " ") for one in Labelling],
    }
    for room, values in words.items():
        assert [one for one in values if not all_said(one, language, room)] == [], room


def test_all_that_captions_are_found_to_say() -> None:
    """Of every caption that the reading of texts is tried on."""
    told = set()
    for path in (ROOT / "tests" / "detector" / "wording").glob("captions*.jsonl"):
        for line in path.read_text().splitlines():
            text = json.loads(line)["text"]
            told.add(texts.read(text).reason)
            told.add(texts.read(text, slide=texts.Slide(1, 3)).reason)
    assert len(told) > 20
    assert [one for one in told if not all_said(one, "nl", "reading")] == []


# --- what stands in the places ------------------------------------------------------------------------------

OUTSIDE = st.text(
    st.sampled_from("{}[]<>&'\"“”‘’();:.%$\\/|#@!?*_-+=~`^ \n\u202eÅéßøŁабвגדهوア漢字🙂٣"),
    min_size=1,
    max_size=30,
)
SURE = {"number": "3.14", "clock": "0:03–0:07, 0:40", "day": "2026-10-12", "moment": "2026-10-12 09:30"}


def _filled(room: str, draw: st.DrawFn, depth: int = 0) -> tuple[str, list[str]]:
    """A sentence of this room with anything in its places; and what was put there."""
    told = shapes("nl")[room]
    shape = draw(st.sampled_from(sorted(told)))
    whole = draw(st.sampled_from([*phrases(shape, told[shape])]))
    text, put = whole.texts[0], list[str]()
    for slot, after in zip(whole.slots, whole.texts[1:], strict=True):
        if slot.room in SURE:
            value = SURE[slot.room]
        elif shapes("nl").get(slot.room) and (slot.mode != "?" or draw(st.booleans())) and depth < 3:
            value, within = _filled(slot.room, draw, depth + 1)
            put += within
        else:
            value = draw(OUTSIDE)
            put.append(value)
        text += value + after
    return text, put


@st.composite
def filled(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    room = draw(
        st.sampled_from(sorted(name for name, told in shapes("nl").items() if told and name != BETWEEN))
    )
    return (room, *_filled(room, draw))


@given(filled())
@settings(max_examples=600, deadline=None)
def test_what_comes_from_outside_comes_through_whole(case: tuple[str, str, list[str]]) -> None:
    """Whatever it is: braces, quotes, letters of other scripts. Where it reads like the end of a shape, the
    pieces may stand elsewhere, and none is lost: but for the signs between them."""
    room, text, put = case
    told = "".join(run.text for run in sentences("nl").of(text, room))
    for value in put:
        for piece in re.split(r"""[\s"“”‘’();:.,/…·–-]+""", value):
            assert piece in told


@given(filled())
@settings(max_examples=200, deadline=None)
def test_nothing_is_markup_and_nothing_is_dropped(case: tuple[str, str, list[str]]) -> None:
    room, text, _ = case
    page = str(said("nl", text, room))
    assert re.sub(r'<span lang="[a-z]{2}">|</span>', "", page).count("<") == 0
    assert str(said("en", text, room)).count("<") == 0


@given(st.text(max_size=400))
@settings(deadline=None)
def test_what_no_shape_fits_is_english_and_whole(text: str) -> None:
    runs = sentences("nl").of(f"Nobody has {text} ever", SENTENCE)
    assert runs == (Run(f"Nobody has {text} ever", MADE_IN),)
    assert 'lang="en"' in said("nl", f"Nobody has {text} ever", SENTENCE)
    assert "lang" not in said("nl", f"Nobody has {text} ever", "copy_line", plain=True).replace(text, "")


@pytest.mark.parametrize(
    "piece",
    [
        "; ",
        ", ",
        ": “",
        " is licensed to a for b in c from ",
        "all of it stands in a larger picture, but ",
        "; found in the bytes of a copy, ",
        "AI, level 3, match: ",
        " (it stands on picture 1 of 2)",
        "a registered picture of ",
        " and ",
        "mirrored, ",
        "99 % of what they share differs, and ",
    ],
)
@pytest.mark.parametrize("end", ["", ".", "; posted 2026-10-12 on a in b.", "”."])
def test_hostile_words_do_not_make_it_slow(piece: str, end: str) -> None:
    """What somebody writes to be looked through for long is given up soon: a page has forty lines."""
    text = (piece * LONGEST)[: LONGEST - len(end)] + end
    began = time.perf_counter()
    for room in (SENTENCE, "evidence", "beside", "reading"):
        for start in (
            "",
            "The label stands in the ",
            "AI, level 3, match: a copy of a registered picture of ",
        ):
            sentences("nl").of(f"{start}{text}"[:LONGEST], room)
    assert time.perf_counter() - began < 2


def test_no_pattern_looks_through_a_sentence() -> None:
    """`re` may be asked for our own catalogue alone: of shapes, never of sentences."""
    tree = ast.parse((ROOT / "desk" / "web" / "sentences.py").read_text())
    assert not any(isinstance(node, ast.Import) and node.names[0].name == "re" for node in ast.walk(tree))
