"""An agency's month: which uses are in it, how they are counted, what comes first, and what is said of the
rest."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desk.agency import html, xlsx
from desk.agency import json as as_json
from desk.agency.sheet import Choice, counts, remarks
from desk.jobs.agency import AgencyReport, Month, report
from storage.errors import RegistryError
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
from tests.desk.used_store import CLAUSE, FOUND, HM, OCTOBER, OUTLET, duty, opened, shown
from tests.storage.samples import sha

pytestmark = pytest.mark.slow  # stores and workbooks

NOW = datetime(2026, 11, 5, tzinfo=UTC)
MONTH = Month(date(2026, 10, 1))
IN, OUT = ConsentVerdict.IN_SCOPE, ConsentVerdict.OUT_OF_SCOPE
HOSTILE = "=cmd|'/c calc'!A1<script>alert(1)</script>\x1b[31m\u202e"


@pytest.fixture
def store(tmp_path: Path, used_pattern: Path) -> Iterator[Store]:
    made = opened(tmp_path, used_pattern)
    yield made
    made.close()


def made(store: Store, month: Month = MONTH, agency: str = "Agency One") -> AgencyReport:
    return report(store, agency, month, {"H&M", "Zara"}, NOW)


# --- which uses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("posted", "found", "inside", "late"),
    [
        (datetime(2026, 10, 1, tzinfo=UTC), FOUND, True, False),
        (datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), FOUND, True, False),
        (datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC), FOUND, False, False),
        (datetime(2026, 11, 1, tzinfo=UTC), FOUND, False, False),
        (datetime(2026, 9, 3, tzinfo=UTC), datetime(2026, 10, 20, tzinfo=UTC), True, True),  # found later
        (datetime(2026, 9, 3, tzinfo=UTC), datetime(2026, 9, 4, tzinfo=UTC), False, False),
    ],
)
def test_a_use_stands_in_the_month_of_its_post_or_of_its_finding(
    store: Store, posted: datetime, found: datetime, *, inside: bool, late: bool
) -> None:
    shown(store, "p", ("Twin A", IN), posted_at=posted, found_at=found)
    assert [one.late for one in made(store).uses] == ([late] if inside else [])


def test_without_a_date_the_day_on_which_it_was_first_seen_counts_and_that_is_said(store: Store) -> None:
    shown(store, "p", ("Twin A", IN), posted_at=None, found_at=datetime(2026, 10, 20, tzinfo=UTC))
    found = made(store)
    assert (len(found.uses), found.coverage.undated) == (1, 1)
    assert any("the post bears no date" in one for one in remarks(found))


def test_other_agencies_twins_and_what_says_no_ai_are_not_in_it(store: Store) -> None:
    shown(store, "theirs", ("Stranger", OUT))
    shown(store, "both", ("Stranger", OUT), ("Twin A", IN))
    number = shown(store, "none", ("Twin A", IN))
    item = next(one for one in store.all_items() if one.version.post.post_id == "none")
    found = store.finding(number)
    assert found

    nothing = replace(found.answer.verdict, level=0, labelling=Labelling.NO_AI_EVIDENCE)
    store.save_answer(item, "k", replace(found.answer, verdict=nothing), FOUND + timedelta(1))
    assert [(one.finding.post_id, one.twin.name) for one in made(store).uses] == [("both", "Twin A")]


def test_what_a_person_rejected_is_in_no_count_and_said(store: Store) -> None:
    number = shown(store, "p", ("Twin A", OUT))
    store.add_review(Review(number, ReviewDecision.REJECTED, "ann", FOUND))
    found = made(store)
    assert (found.uses, found.lines, found.coverage.rejected) == ((), (), 1)
    assert any("that a person rejected" in one for one in remarks(found))


@pytest.mark.parametrize("agency", ["", "  ", "Agency Nine", "Anna Andersson"])
def test_an_agency_without_twins_is_told_with_those_that_there_are(store: Store, agency: str) -> None:
    with pytest.raises(RegistryError, match="agencies: Agency One, Another") as raised:
        made(store, agency=agency)
    assert raised.value.kind == "no_agency"


def test_agencies_are_compared_as_names_are(store: Store) -> None:
    assert made(store, agency=" agency  ONE ").agency == "Agency One"


# --- counts -------------------------------------------------------------------------------------------------


def test_lines_are_by_model_and_publisher(store: Store) -> None:
    shown(store, "1", ("Twin A", IN), labelling=Labelling.UNLABELLED, rules=[duty(Labelling.UNLABELLED)])
    shown(store, "2", ("Twin A2", OUT), posted_at=OCTOBER + timedelta(days=3))
    shown(store, "3", ("Twin A", ConsentVerdict.CANNOT_SAY), kind=MatchKind.LIKELY_COPY)
    shown(store, "4", ("Twin A", OUT), account=OUTLET, posted_at=OCTOBER + timedelta(days=1))
    shown(store, "5", ("Twin B", ConsentVerdict.NO_TERMS), labelling=Labelling.CANNOT_SAY)
    first, second, third = made(store).lines
    assert (first.twins, first.retailer, first.licensee) == (("Twin A", "Twin A2"), "H&M", True)
    assert (first.uses, first.in_scope, first.outside, first.to_look) == (3, 1, 1, 1)
    assert (first.labelled, first.unlabelled, first.duty_missed) == (1, 1, 1)
    assert (first.first, first.last) == (OCTOBER, OCTOBER + timedelta(days=3))
    assert (second.retailer, second.licensee, second.outside, second.reposts) == ("Outlet", False, 1, 1)
    assert (third.twins, third.no_terms, third.label_unsaid) == (("Twin B",), 1, 1)
    said = "3 uses: 1 in scope, 1 outside, 1 for a person to look at; 1 labelled, 1 without a label"
    assert counts(first) == said


def test_what_is_labelled_weakly_alone_is_told_apart(store: Store) -> None:
    """As `findings list` does: the same word must not stand for two things."""
    shown(store, "1", ("Twin A", IN), labelling=Labelling.WEAKLY_LABELLED)
    shown(store, "2", ("Twin A", IN))
    whole = made(store)
    (line,) = whole.lines
    assert (line.labelled, line.weakly) == (2, 1)
    assert counts(line) == "2 uses: 2 in scope; 2 labelled (1 of them weakly)"
    told: Any = as_json.report_json(whole, Choice())
    assert told["lines"][0]["weakly_labelled"] == 1


def test_the_same_use_that_was_settled_before_is_not_to_be_looked_at_first(store: Store) -> None:
    """Watching services are hated for accusing those who paid. Whether people were told is another thing."""
    shown(store, "1", ("Twin A", OUT))
    shown(store, "2", ("Twin A", OUT))
    shown(store, "3", ("Twin A", OUT), labelling=Labelling.UNLABELLED)
    assert [one.urgency[0] for one in made(store).uses] == [2, 2, 2]
    store.add_review(Review(1, ReviewDecision.SETTLED, "ann", FOUND + timedelta(hours=1)))
    whole = made(store)
    assert [one.settled for one in whole.uses] == [True, True, True]
    assert [(one.finding.id, one.urgency) for one in whole.first] == [(3, (6, "licensed, and unlabelled"))]
    (line,) = whole.lines
    assert (line.outside, line.settled) == (3, 3)
    assert counts(line) == "3 uses: 3 outside, 3 of these settled as licensed; 2 labelled, 1 without a label"


def test_a_pair_that_a_person_confirmed_is_certain(store: Store) -> None:
    shown(store, "p", ("Twin A", OUT), kind=MatchKind.LIKELY_COPY)
    (use,) = made(store).uses
    assert not use.sure
    store.save_matches(sha("p"), "m", [use.match])
    store.pairs.add(PairReview(sha("p"), use.match.reference, PairDecision.CONFIRMED, "ann", FOUND))
    item = next(iter(store.all_items()))

    found = store.finding(1)
    assert found
    store.save_answer(item, "k", replace(found.answer, matches=item.matches), FOUND + timedelta(1))
    assert made(store).uses[0].sure


FIRST = [
    ("withdrawn", ConsentVerdict.WITHDRAWN, Labelling.LABELLED, HM, (), "used after consent was withdrawn"),
    ("expired", ConsentVerdict.EXPIRED, Labelling.LABELLED, HM, (), "outside its licences (expired)"),
    ("duty", IN, Labelling.LABELLED, HM, (Labelling.UNLABELLED,), "the label that its licence asks for"),
    ("none", ConsentVerdict.NO_TERMS, Labelling.LABELLED, HM, (), "no licence is registered"),
    ("repost", OUT, Labelling.LABELLED, OUTLET, (), "a third account's repost, outside its licences"),
    ("untold", IN, Labelling.UNLABELLED_WHERE_SEEN, HM, (), "licensed, and unlabelled where seen"),
    ("unsure", ConsentVerdict.CANNOT_SAY, Labelling.LABELLED, HM, (), "whether it is licensed depends on"),
    ("fine", IN, Labelling.LABELLED, HM, (Labelling.LABELLED,), ""),
]  # fmt: skip


def test_what_to_look_at_first_is_a_table(store: Store) -> None:
    for name, consent, labelling, account, duties, _ in reversed(FIRST):
        at = OCTOBER + timedelta(days=1) if account is OUTLET else OCTOBER
        rules = [duty(one) for one in duties]
        shown(
            store, name, ("Twin A", consent), account=account, labelling=labelling, rules=rules, posted_at=at
        )
    told = [(one.finding.post_id, one.urgency[1]) for one in made(store).first]
    assert [name for name, _ in told] == [name for name, *_, why in FIRST if why]
    assert all(words.startswith(why) for (_, words), (*_, why) in zip(told, FIRST, strict=False))


def test_what_is_settled_asks_for_no_look(store: Store) -> None:
    number = shown(store, "p", ("Twin A", OUT))
    store.add_review(Review(number, ReviewDecision.SETTLED, "ann", FOUND + timedelta(hours=1)))
    found = made(store)
    assert (len(found.uses), found.first) == (1, [])


def test_of_equals_what_is_certain_comes_first_then_what_still_stands(store: Store) -> None:
    shown(store, "likely", ("Twin A", OUT), kind=MatchKind.LIKELY_COPY)
    shown(store, "late", ("Twin A", OUT), posted_at=OCTOBER + timedelta(days=1))
    shown(store, "early", ("Twin A", OUT))
    assert [one.finding.post_id for one in made(store).first] == ["early", "late", "likely"]


# --- what it rests on ---------------------------------------------------------------------------------------


def test_nights_that_did_not_come_to_their_end_are_named(store: Store) -> None:
    for day, status in ((2, 0), (3, 3), (4, 1)):
        at = datetime(2026, 10, day, 3, tzinfo=UTC)
        store.start_run(f"nightly-{day}", at)
        store.end_run(f"nightly-{day}", at + timedelta(hours=1), {"exit_status": status})
    store.start_run("nightly-killed", datetime(2026, 10, 5, 3, tzinfo=UTC))
    seen = made(store).coverage
    assert (seen.nights, seen.partly, len(seen.without)) == (2, 1, 29)
    assert {date(2026, 10, 4), date(2026, 10, 5)} < set(seen.without)
    ahead = report(store, "Agency One", Month(date(2026, 11, 1)), {"H&M"}, NOW)
    assert [day.day for day in ahead.coverage.without] == [1, 2, 3, 4, 5]  # and not those to come


def test_what_cannot_be_seen_is_said(store: Store) -> None:
    found = report(store, "Agency One", MONTH, {"Zara"}, NOW)
    assert (found.coverage.unwatched, found.coverage.pictureless) == (("H&M",), ("Twin B",))
    said = " ".join(remarks(found))
    assert "Of these licensees no account is watched: H&M." in said
    assert "nothing is registered that could be recognised: Twin B." in said
    assert "Renders of a twin that nobody registered or collected cannot be found" in said


@pytest.mark.parametrize(("month", "held", "ending"), [(10, 1, 1), (9, 1, 0), (11, 1, 1), (12, 0, 0)])
def test_licences_of_the_month_and_those_that_end_soon(
    store: Store, month: int, held: int, ending: int
) -> None:
    found = made(store, Month(date(2026, month, 1)))
    assert (len(found.licences), len(found.ending)) == (held, ending)


# --- its forms ----------------------------------------------------------------------------------------------


@pytest.fixture
def hostile(store: Store) -> AgencyReport:
    account = Account("instagram", HOSTILE, retailer=HOSTILE, country="SE")
    shown(store, "p", ("Twin A", OUT), account=account, text=HOSTILE)
    shown(store, "q", ("Twin A", IN), labelling=Labelling.UNLABELLED, rules=[duty(Labelling.UNLABELLED)])
    return made(store)


def test_models_stay_behind_their_twins_names_unless_asked_for(store: Store, hostile: AgencyReport) -> None:
    for write in (html.write, xlsx.write, as_json.write):
        plain, named = (_text(write(hostile, store.media, Choice(names, False))) for names in (False, True))
        assert "Twin A" in plain
        assert "Andersson" not in plain
        assert "Anna Andersson" in named


def _text(data: bytes) -> str:
    if not data.startswith(b"PK"):
        return data.decode()
    book = openpyxl.load_workbook(BytesIO(data))
    return "\n".join(
        str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None
    )


def test_the_page_is_text_and_carries_everything(store: Store, hostile: AgencyReport) -> None:
    page = html.write(hostile, store.media, Choice()).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r'(src|href)="(?!data:|https://bsky\.example)', page)
    assert "\x1b" not in page
    assert "Outside its licences (out of scope)" in page
    assert "The label that its licence asks for was not found" in page
    assert "What this rests on, and what it cannot see" in page


def test_the_workbook_holds_text_and_no_formula(store: Store, hostile: AgencyReport) -> None:
    book = openpyxl.load_workbook(BytesIO(xlsx.write(hostile, store.media, Choice())))
    assert book.sheetnames == ["Read this", "Look at first", "By model and publisher", "All uses", "Licences"]
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert any(str(cell.value).startswith("=cmd") for cell in cells)
    assert not any(cell.hyperlink for cell in cells)
    assert any(cell.value == CLAUSE for cell in cells)
    assert len(list(book["All uses"].rows)) == 3


def test_json_says_it_all(store: Store, hostile: AgencyReport) -> None:
    said = json.loads(as_json.write(hostile, store.media, Choice()))
    assert (said["agency"], said["month"]) == ("Agency One", "2026-10")
    assert [one["why"] for one in said["first"]] == [
        "outside its licences (out of scope)",
        "the label that its licence asks for was not found",
    ]
    assert said["uses"][0]["finding"]["account"] in (HM.handle, HOSTILE.replace("\x1b", "\ufffd"), HOSTILE)
    assert {"licences", "coverage", "remarks", "lines", "ending"} < said.keys()


# --- the command --------------------------------------------------------------------------------------------


@pytest.fixture
def command(twinwatch: Callable[..., Any], tmp_path: Path, used_pattern: Path) -> Callable[..., Any]:
    store = opened(tmp_path, used_pattern)
    shown(store, "p", ("Twin A", OUT))
    store.close()
    return twinwatch


@pytest.mark.slow  # pictures are made by a process of their own
def test_it_is_written_once(command: Callable[..., Any], tmp_path: Path) -> None:
    asked = ("agency-report", "--agency", "Agency One", "--month", "2026-10")
    for form in ("html", "xlsx", "json"):
        file = tmp_path / f"october.{form}"
        said = command(*asked, "-o", str(file), "--json")
        assert (said.status, said.lines[0]["uses"], said.lines[0]["first"]) == (0, 1, 1)
        assert file.stat().st_size > 500
        assert command(*asked, "-o", str(file)).status == 2
        assert command(*asked, "-o", str(file), "--force").status == 0


def test_without_a_file_it_is_a_few_lines(command: Callable[..., Any]) -> None:
    said = command("agency-report", "--agency", "Agency One", "--month", "2026-10")
    assert said.status == 0
    assert "Twin A by H&M: 1 use: 1 outside; 1 labelled" in said.out
    assert "look at these first\n  #1 Twin A: outside its licences (out of scope)" in said.out
    plain = command("agency-report", "--agency", "Agency One", "--month", "2026-10", "--json")
    assert plain.lines[0]["uses"][0]["twin"] == "Twin A"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--agency is missing"),
        (("--agency", "Agency One", "--month", "10/2026"), "expected a month as 2026-10"),
        (("--agency", "Agency One", "--month", "2026-13"), "expected a month as 2026-10"),
        (("--agency", "Agency One", "--month", "2999-01"), "it has not begun"),
        (("--agency", "Agency One", "-o", "report.doc"), "must end in .html, .json, .xlsx"),
    ],
)
def test_wrong_usage_says_what_to_do(
    command: Callable[..., Any], arguments: tuple[str, ...], words: str
) -> None:
    said = command("agency-report", *arguments)
    assert (said.status, words in said.err) == (2, True)
