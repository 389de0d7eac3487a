"""The watchlists that come with the program: each parses, and each entry says where it comes from and that
nobody has verified it."""

import tomllib
from pathlib import Path

import pytest

import crawler
from crawler.platforms import known_platforms, profiles
from crawler.verifying.web import read_address
from desk.config import Tables
from desk.jobs.watchlists import shipped, text_of

FOLDER = Path(crawler.__path__[0]) / "watchlists"


@pytest.mark.parametrize("name", shipped())
def test_it_parses_and_names_what_can_be_watched(name: str) -> None:
    tables = Tables.model_validate(tomllib.loads(text_of(name)))
    for account in tables.account:
        module = profiles()[account.platform]
        assert account.platform in known_platforms()
        assert module.names(account.record())
        assert all((account.website, account.country, account.group))
        assert all(read_address(url) for url in account.website)


def test_every_entry_has_its_source_and_is_called_unverified() -> None:
    blocks = [block for block in text_of("fashion").split("\n\n") if "[[account]]" in block]
    assert len(blocks) == len(tomllib.loads(text_of("fashion"))["account"])
    assert all(block.startswith("# Unverified. Source: ") for block in blocks)


def test_the_template_is_a_configuration_once_its_marks_are_taken_away() -> None:
    lines = text_of("template").splitlines()
    table = lines[lines.index("# [[account]]") :]
    (account,) = Tables.model_validate(tomllib.loads("\n".join(line[2:] for line in table))).account
    assert set(type(account).model_fields) == account.model_fields_set


def test_they_lie_in_the_package() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == shipped() == ["fashion", "template"]
