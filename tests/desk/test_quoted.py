"""A rule's own words stand between quotation marks wherever a finding's rules do, with place, source,
day."""

from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from io import BytesIO, StringIO

from pypdf import PdfReader

from desk.contract import rule_json
from desk.dossier import Dossier
from desk.exports.html import export
from desk.exports.pdf import export as pdf_of
from desk.pictured import Pictured
from desk.printed import print_dossier
from desk.quoted import quoted
from detector.rulebook import built_in
from detector.verdict import judge
from storage.records import Finding, Labelling, RuleVerdict
from tests.detector.cases import case, match

RULE = RuleVerdict(
    "eu-ai-act-50-4",
    Labelling.UNLABELLED,
    "Article 50(4) asks to disclose it.",
    "Regulation (EU) 2024/1689",
    "EU AI Act, Article 50(4)",
    "medium",
    "shall disclose that the content has been artificially generated",
    "Article 50(4)",
    "en",
    "2026-11-23",
)
SHOWN = (
    "“shall disclose that the content has been artificially generated” (Article 50(4)). "
    "Regulation (EU) 2024/1689, read on 2026-11-23"
)


def told(finding: Finding, rule: RuleVerdict = RULE) -> Finding:
    verdict = replace(finding.answer.verdict, rules=(rule,))
    return replace(finding, answer=replace(finding.answer, verdict=verdict))


def test_a_rule_without_a_quote_has_its_source_alone() -> None:
    assert quoted(RULE) == SHOWN
    assert quoted(replace(RULE, quote="", quote_from="")) == "Regulation (EU) 2024/1689, read on 2026-11-23"
    assert quoted(RuleVerdict("licence-1", Labelling.LABELLED)) == ""


def test_judging_hands_the_rule_s_words_on() -> None:
    rules = {rule.id: rule for rule in built_in().rules}
    found = {one.id: one for one in judge(case(matches=(match(),))).rules}
    for one in found.values():
        assert one.quote == rules[one.id].quote
        assert one.read == rules[one.id].read.isoformat()
    assert any(one.quote for one in found.values())


def test_on_the_command_line_in_json_and_in_the_report(
    dossier_with: Callable[..., Dossier], finding_with: Callable[..., Finding]
) -> None:
    whole = dossier_with(finding=told(finding_with()))
    printed = StringIO()
    print_dossier(whole, printed)
    assert SHOWN in printed.getvalue()
    made = rule_json(RULE)
    assert (made["quote"], made["quote_from"], made["quote_language"], made["read"]) == (
        RULE.quote,
        RULE.quote_from,
        "en",
        "2026-11-23",
    )
    page = b"".join(export((whole,), None, Pictured.NONE)).decode()
    assert f'<q lang="en">{RULE.quote}</q> (Article 50(4))' in page
    assert "read on 2026-11-23" in page


def test_words_of_another_language_say_so_on_paper_too(
    dossier_with: Callable[..., Dossier], finding_with: Callable[..., Finding]
) -> None:
    french = replace(RULE, quote="sont accompagnés de la mention", quote_language="fr")
    made = b"".join(pdf_of((dossier_with(finding=told(finding_with(), french)),), None))
    drawn = [page.get_contents() for page in PdfReader(BytesIO(made)).pages]
    assert any(b"Lang(fr)" in one.get_data() for one in drawn if one is not None)


def test_signs_of_the_east_have_fonts_of_their_own() -> None:
    """Without one the reader's system picks one by itself, and Chinese comes in Japanese shapes."""
    style = files("desk.web").joinpath("static", "desk.css").read_text()
    asked = {rule.quote_language for rule in built_in().rules} & {"zh", "ja", "ko"}
    assert asked
    for language in asked:
        assert f":lang({language}) {{ font-family:" in style
