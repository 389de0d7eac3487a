"""A letter is a draft, quotes what it rests on, and is not written about what is not certain."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from desk.dossier import dossier
from desk.jobs.letter import DRAFT, Letter, letter
from desk.letters import markdown, pdf
from desk.letters.markdown import plain
from desk.thumbnails import Thumbnail
from storage.errors import StoreError
from storage.records import (
    Account,
    ConsentVerdict,
    Labelling,
    MatchKind,
    PairDecision,
    PairReview,
    Review,
    ReviewDecision,
)
from storage.store import Store
from tests.desk.tagged import barriers
from tests.desk.used_store import CLAUSE, FOUND, HM, OCTOBER, duty, opened, shown
from tests.storage.samples import sha

pytestmark = pytest.mark.slow  # stores and PDF

NOW = datetime(2026, 11, 5, 12, 30, 15, 123456, tzinfo=UTC)  # a Thursday
IN, OUT = ConsentVerdict.IN_SCOPE, ConsentVerdict.OUT_OF_SCOPE
HOSTILE = (
    "# [click](https://evil.example) ![](http://evil.example/x.png) <script>alert(1)</script> *b* `c` #eval"
)


@pytest.fixture
def store(tmp_path: Path, used_pattern: Path) -> Iterator[Store]:
    made = opened(tmp_path, used_pattern)
    yield made
    made.close()


def written(store: Store, number: int, *, names: bool = False) -> Letter:
    finding = store.finding(number)
    assert finding
    return letter(store, dossier(store, finding), NOW, names=names)


# --- whether there is one -----------------------------------------------------------------------------------


def test_a_use_outside_its_licences_is_asked_about(store: Store) -> None:
    made = written(store, shown(store, "p", ("Twin A", OUT)))
    assert made.subject == "the digital twin “Twin A” in your post of 2026-10-12 on instagram"
    assert made.concerns == ("We know of no licence of “Twin A” for this publisher, channel and territory.",)
    assert made.terms == ("What the licences say of Twin A.",)
    (clause,) = made.clauses
    assert (clause.quote, "annex-a.pdf, SHA-256 abab" in clause.document) == (CLAUSE, True)
    assert made.reply_by == date(2026, 11, 19)  # ten working days
    assert "No person has decided" in made.remarks[0]


@pytest.mark.parametrize(
    ("consent", "labelling", "duties", "words"),
    [
        (ConsentVerdict.WITHDRAWN, Labelling.LABELLED, (), "consent for “Twin A” had been withdrawn"),
        (ConsentVerdict.EXPIRED, Labelling.LABELLED, (), "had ended when this was posted"),
        (ConsentVerdict.NOT_YET_VALID, Labelling.LABELLED, (), "had not begun"),
        (ConsentVerdict.NO_TERMS, Labelling.LABELLED, (), "know of no licence of “Twin A” at all"),
        (IN, Labelling.UNLABELLED, (), "found nothing in the post that tells people"),
        (IN, Labelling.UNLABELLED_WHERE_SEEN, (), "where we could not look is said below"),
        (IN, Labelling.LABELLED, (Labelling.UNLABELLED,), "asks for a label; we did not find it"),
    ],
)
def test_each_concern_is_one_sentence(
    store: Store, consent: ConsentVerdict, labelling: Labelling, duties: tuple[Labelling, ...], words: str
) -> None:
    rules = [duty(one) for one in duties]
    number = shown(store, "p", ("Twin A", consent), labelling=labelling, rules=rules)
    (said,) = written(store, number).concerns
    assert words.lower() in said.lower()


def no_letter(store: Store, number: int) -> str:
    with pytest.raises(StoreError) as raised:
        written(store, number)
    assert raised.value.kind == "no_letter"
    return str(raised.value)


def test_about_what_is_licensed_and_labelled_there_is_none(store: Store) -> None:
    assert "nothing is to be asked" in no_letter(store, shown(store, "p", ("Twin A", IN)))


@pytest.mark.parametrize(
    ("decision", "words"),
    [(ReviewDecision.REJECTED, "a person rejected it"), (ReviewDecision.SETTLED, "its use was settled")],
)
def test_about_what_a_person_decided_there_is_none(
    store: Store, decision: ReviewDecision, words: str
) -> None:
    number = shown(store, "p", ("Twin A", OUT))
    store.add_review(Review(number, decision, "ann", FOUND + timedelta(hours=1)))
    assert words in no_letter(store, number)


@pytest.mark.parametrize("kind", [MatchKind.LIKELY_COPY, MatchKind.FINGERPRINT_ONLY])
def test_what_is_not_certain_waits_for_a_person(store: Store, kind: MatchKind) -> None:
    number = shown(store, "p", ("Twin A", OUT), kind=kind)
    assert f"findings review {number} --decision confirmed" in no_letter(store, number)
    store.pairs.add(PairReview(sha("p"), sha("ref Twin A"), PairDecision.CONFIRMED, "ann", FOUND))
    (item,) = store.all_items()
    found = store.finding(number)
    assert found
    store.save_answer(item, "k", replace(found.answer, matches=item.matches), FOUND + timedelta(1))
    assert "(confirmed by a person)" in written(store, number).evidence[0]


def test_without_a_twin_and_without_certainty_there_is_none(store: Store) -> None:
    number = shown(store, "p", ("Twin A", IN), labelling=Labelling.CANNOT_SAY, level=2)
    (item,) = store.all_items()
    found = store.finding(number)
    assert found
    verdict = replace(found.answer.verdict, twins=(), twin="", consent=ConsentVerdict.NOT_A_TWIN)
    store.save_answer(item, "k", replace(found.answer, verdict=verdict, matches=()), FOUND + timedelta(1))
    assert "that it is AI is not certain" in no_letter(store, number)


# --- what it says -------------------------------------------------------------------------------------------


def test_the_model_is_named_only_where_that_was_asked(store: Store) -> None:
    number = shown(store, "p", ("Twin A", OUT))
    for write in (markdown.write, pdf.write):
        assert "Andersson" not in text_of(write(written(store, number), None))
        assert "Anna Andersson" in text_of(write(written(store, number, names=True), None))


def text_of(data: bytes) -> str:
    if not data.startswith(b"%PDF"):
        return data.decode()
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


def test_it_says_that_it_is_a_draft_on_its_first_and_last_line(store: Store) -> None:
    made = written(store, shown(store, "p", ("Twin A", OUT)))
    lines = markdown.write(made, None).decode().rstrip().splitlines()
    assert (lines[0], lines[-1]) == (f"> **{DRAFT}**", f"> **{DRAFT}**")
    pages = PdfReader(BytesIO(pdf.write(made, None))).pages
    assert all(DRAFT in page.extract_text() for page in pages)
    assert text_of(pdf.write(made, None)).count(DRAFT) == len(pages) + 2


def test_both_forms_say_the_same(store: Store) -> None:
    rules = [duty(Labelling.UNLABELLED)]
    made = written(store, shown(store, "p", ("Twin A", OUT), labelling=Labelling.UNLABELLED, rules=rules))
    for data in (markdown.write(made, None), pdf.write(made, None)):
        said = text_of(data).replace("\\", "")
        for words in (
            *made.concerns, *made.terms, *made.unseen, CLAUSE, "19 November 2026", "Your reply",
            sha("p")[:20], "[Name, organisation, address, telephone]", "If we are mistaken",
        ):  # fmt: skip
            assert words in said, words


def test_a_pdf_is_tagged_and_says_its_language_and_title(store: Store) -> None:
    picture = Thumbnail(_jpeg(), 40, 50)
    made = written(store, shown(store, "p", ("Twin A", OUT)))
    reader = PdfReader(BytesIO(pdf.write(made, picture)))
    root = reader.trailer["/Root"]
    assert isinstance(root, DictionaryObject)
    assert (str(root["/Lang"]), "/StructTreeRoot" in root) == ("en", True)
    assert "Request for comment" in str(reader.metadata.title if reader.metadata else "")
    assert b"pdfuaid" in pdf.write(made, picture)
    assert len(reader.pages[0].images) == 1
    assert barriers(reader) == []


def _jpeg() -> bytes:
    from PIL import Image  # noqa: PLC0415

    out = BytesIO()
    Image.new("RGB", (40, 50), (200, 30, 60)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.slow  # a PDF each
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Skön kväll – Ελλάδα, Привет “ok” €5", "Skön kväll – Ελλάδα, Привет “ok” €5"),
        ("日本語のキャプション", "characters not printed"),
        ("dress 👗😀", "dress ["),
        ("\x00\x1b[31m \u202e hidden", "hidden"),
        (HOSTILE, HOSTILE.split()[1]),
        ("#import \"x\": *; $a$ @ref <l> \\ //c", "#import \"x\": *; $a$ @ref <l> \\ //c"),
    ],
)  # fmt: skip
def test_any_caption_can_be_set(store: Store, text: str, left: str) -> None:
    made = written(store, shown(store, "p", ("Twin A", OUT), text=text))
    said = text_of(pdf.write(made, None))
    assert left in said or text in said  # a machine may have the fonts for it


def test_what_came_from_outside_is_text_in_markdown(store: Store) -> None:
    account = Account("instagram", HOSTILE, retailer=HOSTILE)
    made = written(store, shown(store, "p", ("Twin A", OUT), account=account, text=HOSTILE))
    said = markdown.write(made, None).decode()
    assert "[click](" not in said
    assert "![](" not in said
    assert "<script" not in said.replace("\\<script", "")
    assert "://evil" not in said.replace("\\://evil", "")
    assert "> \\# \\[click\\]" in said


@given(st.text(max_size=60))
def test_plain_text_is_one_line_and_opens_nothing(text: str) -> None:
    made = plain(text)
    assert "\n" not in made
    bare = made.replace("\\\\", "")
    for mark in "*_`[]<>~|":
        assert mark not in bare.replace(f"\\{mark}", "")
    assert not made.startswith(("#", "+ ", "- ", "=", ">"))


# --- the command --------------------------------------------------------------------------------------------


@pytest.fixture
def command(twinwatch: Callable[..., Any], tmp_path: Path, used_pattern: Path) -> Callable[..., Any]:
    store = opened(tmp_path, used_pattern)
    shown(store, "p", ("Twin A", OUT), account=HM, posted_at=OCTOBER)
    store.close()
    return twinwatch


@pytest.mark.slow  # the pictures of a PDF are made by a process of their own
def test_the_command_writes_either_form_once(command: Callable[..., Any], tmp_path: Path) -> None:
    plain_text = command("findings", "letter", "1")
    assert (plain_text.status, plain_text.out.startswith(f"> **{DRAFT}**")) == (0, True)
    assert "No person has decided on this finding yet" in plain_text.err
    for form in ("md", "pdf"):
        file = tmp_path / f"letter.{form}"
        said = command("findings", "letter", "1", "-o", str(file), "--json")
        assert (said.status, said.lines[0]["finding"], file.stat().st_size > 1000) == (0, 1, True)
        assert command("findings", "letter", "1", "-o", str(file)).status == 2
        assert command("findings", "letter", "1", "-o", str(file), "--force").status == 0


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("9",), 1, "there is no finding 9"),
        (("1", "-o", "letter.doc"), 2, "must end in .md or .pdf"),
        (("1", "--json"), 2, "name a file with --output"),
    ],
)
def test_wrong_usage(
    command: Callable[..., Any], arguments: tuple[str, ...], status: int, words: str
) -> None:
    said = command("findings", "letter", *arguments)
    assert (said.status, words in said.err) == (status, True)
