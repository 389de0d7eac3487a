"""The page of figures: for whom, in which language, and what can be taken away from it."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus
from xml.etree import ElementTree as ET

import pytest
from fastapi import FastAPI

from desk.figures.kept import Kept
from storage.people import Role
from storage.records import Review, ReviewDecision, Surface
from storage.store import Store
from tests.desk.figures.feeds import HM, NL, SKY, told
from tests.desk.figures.published import publish
from tests.desk.web.conftest import Browser
from tests.storage.samples import NOW

EVIL = '=1+1"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e'
Someone = Callable[[Role | None], Browser]
HOUSE = (Role.READER, Role.REVIEWER, Role.ADMINISTRATOR)
OTHERS = (Role.AGENCY, Role.MODEL)
FILES = ("/figures.csv", "/figures/over-time.svg", "/figures/retailers.svg")
pytestmark = pytest.mark.slow  # a store and an application each


@pytest.fixture
def filled(store: Store) -> Store:
    """Three accounts of H&M with twelve pictures each, 4, 3 and 2 of them labelled; one of somebody evil."""
    for account, labelled in ((HM, 4), (NL, 3), (replace(HM, handle="hmse"), 2)):
        names = [f"{account.handle} {number}" for number in range(12)]
        publish(store, account, [(name, told(Surface.CAPTION) if place < labelled else told())
                                 for place, name in enumerate(names)])  # fmt: skip
    publish(store, replace(SKY, handle="evil", retailer=EVIL), [("evil", told())], ground="c2pa")
    return store


@pytest.mark.parametrize("role", HOUSE)
def test_the_house_sees_shares_with_their_intervals(filled: Store, browser: Someone, role: Role) -> None:
    page = browser(role).get("/figures?retailer=H%26M")
    assert page.status_code == 200
    shown = " ".join(re.sub("<[^>]+>", " ", page.text).split())
    assert "25% 7% to 60%" in shown
    assert "9 of 36" in shown
    assert "36 known by a registered picture" in shown
    assert 'href="/figures" aria-current="page"' in page.text


@pytest.mark.parametrize("role", [*OTHERS, None])
def test_nobody_else_does(filled: Store, browser: Someone, role: Role | None) -> None:
    for address in ("/figures", *FILES):
        assert browser(role).get(address).status_code == (303 if role is None else 403)
    if role is not None:
        assert 'href="/figures"' not in browser(role).get("/").text


def test_in_dutch(filled: Store, browser: Someone) -> None:
    client = browser(Role.READER)
    page = client.get("/figures", headers={"accept-language": "nl"}).text
    assert "<h1>Cijfers</h1>" in page
    assert "herkend aan een herkomstbewijs in het bestand" in page
    drawn = client.get("/figures/over-time.svg", headers={"accept-language": "nl"})
    assert "Aandeel van de AI-beelden met een label, in de tijd" in drawn.text
    # Kept by browsers for a while: another language is another chart.
    assert drawn.headers["vary"] == "Cookie, Accept-Language"


def test_filters_live_in_the_address_and_go_along(filled: Store, browser: Someone) -> None:
    client = browser(Role.READER)
    query = "?retailer=H%26M&step=quarter&surface=caption&surface=image_mark"
    page = client.get(f"/figures{query}").text
    assert re.findall(r'value="(\w+)" checked', page) == ["caption", "image_mark"]
    assert ">2026-Q4<" in page
    assert f"/figures.csv{query.replace('&', '&amp;')}" in page
    assert f"/figures/over-time.svg{query.replace('&', '&amp;')}&amp;dark=1&amp;narrow=1" in page
    rows = list(csv.DictReader(io.StringIO(client.get(f"/figures.csv{query}").text.removeprefix("\ufeff"))))
    assert (rows[0]["pictures"], rows[0]["surfaces"], rows[0]["step"]) == (
        "36",
        "caption image_mark",
        "quarter",
    )
    none = client.get("/figures?platform=nowhere")
    assert (none.status_code, "No picture is counted yet." in none.text) == (200, True)


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-13-01", "step=week", "surface=smell"])
def test_a_filter_that_cannot_be_is_refused(browser: Someone, query: str) -> None:
    for address in ("/figures", "/figures.csv", "/figures/over-time.svg"):
        assert browser(Role.READER).get(f"{address}?{query}").status_code == 422


def test_charts_are_pictures_that_may_do_nothing(filled: Store, browser: Someone) -> None:
    client = browser(Role.READER)
    drawn = client.get("/figures/retailers.svg")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert drawn.headers["x-content-type-options"] == "nosniff"
    assert "content-disposition" not in drawn.headers
    assert client.get("/figures/retailers.svg?dark=1").content != drawn.content
    assert client.get("/figures/pie.svg").status_code == 404


def test_what_leaves_stands_in_the_record(filled: Store, browser: Someone) -> None:
    client = browser(Role.READER)
    before = len(filled.audit.latest())
    client.get("/figures/over-time.svg")
    assert len(filled.audit.latest()) == before
    saved = client.get("/figures/over-time.svg?save=1")
    assert saved.headers["content-disposition"] == 'attachment; filename="twinwatch-over-time.svg"'
    client.get("/figures.csv?step=quarter")
    newest, older = filled.audit.latest()[:2]
    assert (newest.what, newest.about, newest.detail) == (
        "exported: csv",
        "figures",
        {"asked": "?step=quarter"},
    )
    assert older.what == "exported: svg"


def test_names_from_outside_stay_names(filled: Store, browser: Someone) -> None:
    client = browser(Role.READER)
    for address in ("/figures", f"/figures?retailer={quote_plus(EVIL)}"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page
    drawn = client.get("/figures/retailers.svg").content
    assert not {one.tag for one in ET.fromstring(drawn).iter() if "script" in one.tag or "image" in one.tag}
    rows = list(csv.reader(io.StringIO(client.get("/figures.csv").text)))
    names = {row[1] for row in rows}
    assert any(name.startswith("'=1+1") for name in names)
    assert not any(name.startswith("=") or "\u202e" in name for name in names)


def test_no_model_and_no_twin_is_named(filled: Store, browser: Someone) -> None:
    for role in HOUSE:
        for address in ("/figures", *FILES):
            told_there = browser(role).get(address).text
            assert "Andersson" not in told_there
            assert "Twin A" not in told_there


def test_figures_are_made_once_and_anew_when_something_is_decided(
    desk: FastAPI, filled: Store, browser: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: Kept = desk.state.figures
    loaded: list[int] = []
    real = filled.figures.sightings

    def counted() -> Any:
        loaded.append(1)
        return real()

    monkeypatch.setattr(filled.figures, "sightings", counted)
    client = browser(Role.READER)
    for address in ("/figures", "/figures", "/figures?step=quarter", "/figures.csv"):
        client.get(address)
    assert len(loaded) == 1
    number = real()[0].finding_id
    filled.add_review(Review(number, ReviewDecision.REJECTED, "ann", NOW))
    assert "rejected by a person" in client.get("/figures").text
    assert len(loaded) == 2
    monkeypatch.setattr("desk.figures.kept.LONGEST", 0.0)
    client.get("/figures")
    assert len(loaded) == 3
    assert len(kept._made) == 1
