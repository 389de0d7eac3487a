"""`twinwatch new-spider`: three kinds of files, a spider that loads, a test that fails until the case is
real."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from crawler.pages import Answer, Located
from crawler.platforms import spiders
from desk.cli import run
from desk.jobs.new_spider import MARKER
from storage.records import Account
from tests.crawler.real_case import what_is_missing
from tests.crawler.test_cases import CASES, NOW


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "crawler" / "spiders").mkdir(parents=True)
    (tmp_path / "tests" / "crawler" / "cases").mkdir(parents=True)
    return tmp_path


def loaded(path: Path) -> ModuleType:
    spec = spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_spider_loads_and_its_test_fails_until_the_case_is_real(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taking out the words that say it is not real makes it no more so."""
    assert run(["new-spider", "my_place", "--into", str(tree)]) == 0
    module = loaded(tree / "crawler" / "spiders" / "my_place.py")
    spider = module.MyPlaceSpider()
    case = tree / "tests" / "crawler" / "cases" / "my_place"
    body = (case / "first" / "response.json").read_bytes()
    page = spider.read_page(Account("my_place", "x"), Located(), Answer("", 200, {}, body, NOW))
    assert [one.failure.kind for one in page.problems] == ["not_written"]
    monkeypatch.setitem(sys.modules, "crawler.spiders.my_place", module)
    test = loaded(tree / "tests" / "crawler" / "test_my_place.py")
    with pytest.raises(AssertionError):
        test.test_the_case_is_real()
    for path in case.rglob("*.json"):
        path.write_text(path.read_text().replace(MARKER, "real"))
    (case / "account.json").write_text('{"handle": "x", "url": "https://my.place/posts"}')
    with pytest.raises(AssertionError):
        test.test_the_case_is_real()
    assert "first: read_page maps no post yet" in what_is_missing(case, spider, MARKER)
    (case / "first" / "response.json").write_text('{"posts": []}')
    (case / "first" / "expected.json").write_text('{"posts": [], "next": null, "problems": []}')
    nothing = ["no response from which a post with words or pictures is read"]
    assert what_is_missing(case, spider, MARKER) == nothing
    with pytest.raises(AssertionError):
        test.test_the_case_is_real()
    (case / "first" / "response.json").unlink()
    assert what_is_missing(case, spider, MARKER) == nothing


@pytest.mark.parametrize("platform", ["bluesky", "rss"])
def test_the_cases_that_are_there_are_real(platform: str) -> None:
    """So that the generated test can be passed at all; and not with another page beside the response."""
    spider = spiders()[platform]()
    assert what_is_missing(CASES / platform, spider, MARKER) == []
    assert what_is_missing(CASES / platform, spider, '"posts"') != []


def test_nothing_is_overwritten_and_bad_names_are_refused(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new-spider", "place", "--into", str(tree)]) == 0
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    for arguments in (["place"], ["../x"], ["Place"], ["1p"], ["import os"], ["class"]):
        assert run(["new-spider", *arguments, "--into", str(tree)]) == 2
    assert run(["new-spider", "other", "--into", str(tree / "nowhere")]) == 2
    assert before == {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    assert "left as it is" in capsys.readouterr().err
