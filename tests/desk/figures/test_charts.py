"""Charts: what is drawn, what is told beside it, and that no name becomes more than a name."""

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from desk.figures.charts import Chart, cell_name, lines_of, percent, sentence, svg
from desk.figures.counting import measured_rule
from desk.figures.drawing import DARK, LIGHT, Appearance
from desk.figures.lines import Asked, Figures, figures
from desk.figures.plain_svg import DRAWING, SVG, plain
from desk.web.words import LANGUAGES, Words
from storage.figures import Sighting
from storage.records import Account, Surface
from tests.desk.figures.feeds import HM, sighting, told

EVIL = '"><script>alert(1)</script>]]>&amp;{{7*7}}\ud800\x00\u202edatum.x${1}'
EN = Words("en")


def feed(retailers: Sequence[str], platforms: Sequence[str] = ("instagram", "bluesky")) -> list[Sighting]:
    """Four accounts each, of nine pictures over three months, a third of them labelled."""
    owners = [
        Account(platform, f"{retailer}{number}", retailer=retailer)
        for retailer in retailers
        for platform in platforms
        for number in range(4)
    ]
    return [
        sighting(100 * place + number, account=owner, said=told(Surface.CAPTION) if number % 3 == 0 else "",
                 days=10 * number)
        for place, owner in enumerate(owners)
        for number in range(9)
    ]  # fmt: skip


def made(sightings: Sequence[Sighting]) -> Figures:
    return figures(sightings, Asked(), measured_rule())


def texts(drawn: bytes) -> list[str]:
    """What is drawn as text, without title and description."""
    root = ET.fromstring(drawn)
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]


def described(drawn: bytes) -> tuple[str, str]:
    root = ET.fromstring(drawn)
    return root.findtext(f"{SVG}title", ""), root.findtext(f"{SVG}desc", "")


@pytest.mark.slow  # Vega
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chart", list(Chart))
def test_a_chart_says_in_words_what_it_draws(chart: Chart, language: str) -> None:
    t = Words(language)
    found = made(feed(["H&M", "Zara"]))
    drawn = svg(found, chart, Appearance(), t)
    title, description = described(drawn)
    assert title == t(f"figures.chart_{chart.name.lower()}")
    assert description.split("\n") == [sentence(line, t) for line in lines_of(found, chart)]
    shown = texts(drawn)
    assert t("figures.share") in shown
    if chart is not Chart.OVER_TIME:
        assert {"H&M · instagram", "Zara · bluesky"} <= set(shown)
    if chart is not Chart.RETAILERS:
        assert {"2026-11", "2027-01"} <= set(shown)


@pytest.mark.slow
@pytest.mark.parametrize("chart", list(Chart))
def test_a_name_stays_a_name(chart: Chart) -> None:
    drawn = svg(made(feed([EVIL, "Zara"])), chart, Appearance(), EN)
    root = ET.fromstring(drawn)
    names = {one.tag.removeprefix(SVG) for one in root.iter()}
    assert names <= DRAWING | {"title", "desc"}
    attributes = {name.lower() for one in root.iter() for name in one.attrib}
    assert not {name for name in attributes if name.startswith("on") or "href" in name or name == "style"}
    assert b"<script" not in drawn
    named = "<script>alert(1)</script>" in "".join(root.itertext())
    assert named == (chart is not Chart.OVER_TIME)
    assert "49" not in "".join(texts(drawn))


@pytest.mark.slow
def test_it_is_drawn_for_light_and_dark_for_wide_and_narrow() -> None:
    found = made(feed(["H&M", "Zara"]))
    drawn = {
        (dark, narrow): svg(found, Chart.RETAILERS, Appearance(dark, narrow), EN)
        for dark in (False, True)
        for narrow in (False, True)
    }
    for (dark, narrow), one in drawn.items():
        root = ET.fromstring(one)
        assert (DARK if dark else LIGHT)["paper"] in one.decode()
        assert int(root.attrib["width"]) <= (360 if narrow else 1000)


def test_nothing_is_kept_that_runs_or_loads() -> None:
    drawn = plain(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="a()">'
        '<style>*{}</style><script>a()</script><a href="x"><text>in</text></a><image href="http://x/y"/>'
        '<foreignObject/><use xlink:href="#a"/><g style="x" fill="url(http://x)"><path clip-path="url(#c)"/>'
        '<text onclick="a()" aria-label="x">out</text></g></svg>',
        "<b>",
        "one & two",
    ).decode()
    for gone in (
        "script",
        "style",
        "image",
        "foreign",
        "use",
        "href",
        "onload",
        "onclick",
        "http://x",
        "in<",
    ):
        assert gone not in drawn
    assert 'clip-path="url(#c)"' in drawn
    assert ">out</" in drawn
    assert "&lt;b&gt;" in drawn


def test_entities_and_what_is_no_xml_are_refused() -> None:
    for drawn in ('<!DOCTYPE s [<!ENTITY a "b">]><svg>&a;</svg>', "<svg>"):
        with pytest.raises((ValueError, SyntaxError)):
            plain(drawn, "", "")


def test_which_lines_are_drawn() -> None:
    many = made(feed([f"Retailer {number}" for number in range(20)]))
    assert len(many.cells) == 40
    assert len(lines_of(many, Chart.RETAILERS)) == 30
    assert lines_of(many, Chart.RETAILERS_OVER_TIME) == ()
    one = made(feed(["H&M"], ["instagram"]))
    assert lines_of(one, Chart.RETAILERS_OVER_TIME) == ()
    assert [line.period for line in lines_of(one, Chart.OVER_TIME)] == ["2026-11", "2026-12", "2027-01"]
    few = lines_of(made(feed(["H&M"])), Chart.RETAILERS_OVER_TIME)
    assert [(line.platform, line.period[-2:]) for line in few][:4] == [
        ("bluesky", "11"), ("bluesky", "12"), ("bluesky", "01"), ("instagram", "11"),
    ]  # fmt: skip


def test_a_line_as_a_sentence() -> None:
    whole = made(feed(["H&M"], ["instagram"])).whole
    assert sentence(whole, EN) == "All of them: 33% (13% to 62%; 12 of 36 read)"
    cell = replace(whole, retailer="H&M", platform="instagram", period="2026-11")
    assert sentence(cell, Words("nl")) == "H&M · instagram, 2026-11: 33% (13% tot 62%; 12 van 36 gelezen)"
    few = "All of them: no rate: fewer than 30 pictures were read (0 of 1 read)"
    assert sentence(made([sighting(1)]).whole, EN) == few


def test_too_few_accounts_are_named_as_that() -> None:
    crowd = [sighting(number, account=replace(HM, handle=f"hm{number % 2}")) for number in range(40)]
    assert sentence(made(crowd).whole, EN) == "All of them: no rate: fewer than 3 accounts (0 of 40 read)"


@pytest.mark.parametrize(
    ("share", "told_as"),
    [(0, "0%"), (0.001, "<1%"), (0.006, "1%"), (0.5, "50%"), (0.994, "99%"), (0.999, ">99%"), (1, "100%")],
)
def test_per_cent_is_never_nought_or_all_of_what_is_neither(share: float, told_as: str) -> None:
    assert percent(share) == told_as


def test_names_are_cut_and_clean() -> None:
    line = replace(made(feed(["H&M"])).cells[0], retailer="x" * 500 + EVIL)
    assert len(cell_name(line, Words("en"))) < 90
    assert cell_name(replace(line, retailer=EVIL), Words("en")).isprintable()
