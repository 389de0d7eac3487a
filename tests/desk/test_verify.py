"""`twinwatch accounts verify`: looks at loopback servers, people's words, and what findings then carry."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.config import load
from storage.crawled import AccountState
from storage.records import Account
from storage.store import Store
from tests.crawler.site import Pds, Reply, Site, as_json, serving
from tests.storage.samples import HM, NOW, answer, post

pytestmark = pytest.mark.slow  # whole commands

HTML = {"Content-Type": "text/html"}
NAME = "bluesky:hm.example"


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[Site, Site]]:
    """The account's server and the brand's website, and a watchlist that names them."""
    with serving() as server, serving() as shop:
        Pds(server)
        server.routes["/xrpc/com.atproto.repo.getRecord"] = as_json({"error": "RecordNotFound"}, 400)
        shop.routes["/"] = Reply(
            b'<a rel="me" href="https://bsky.app/profile/hm.example">us</a>', headers=HTML
        )
        (tmp_path / "twinwatch.toml").write_text(
            f'[crawl]\nallow_hosts = ["{server.host}", "{shop.host}"]\n'
            f'[[account]]\nretailer = "H&M"\nplatform = "bluesky"\nhandle = "hm.example"\ncountry = "SE"\n'
            f'service = "{server.url}"\nwebsite = "{shop.url}/"\ngroup = "nordic"\ntags = ["denim"]\n'
            f'[[account]]\nretailer = "Mango"\nplatform = "tiktok"\nhandle = "mango"\ncountry = "ES"\n'
        )
        yield server, shop


def test_it_looks_keeps_what_it_saw_and_says_so(
    twinwatch: Callable[..., Any], servers: tuple[Site, Site], tmp_path: Path
) -> None:
    said = twinwatch("accounts", "verify", NAME, "--json")
    (line,) = said.lines
    assert (said.status, line["outcome"], line["verified"]) == (0, "passed", True)
    assert line["glances"][0]["quote"] == '<a rel="me" href="https://bsky.app/profile/hm.example">'
    store = Store.open(f"sqlite:///{tmp_path}/twinwatch.db", tmp_path / "media", create=False)
    assert b"rel=" in store.media.read(line["glances"][0]["sha256"])
    store.close()
    states = {one["account"]: one for one in twinwatch("accounts", "--json").lines}
    assert (states[NAME]["verified"], states["tiktok:mango"]["verified"]) == (True, False)
    assert "bsky.app" not in twinwatch("accounts").err
    (other,) = twinwatch("accounts", "--unverified", "--json").lines
    assert other["account"] == "tiktok:mango"


def test_what_could_not_be_looked_at_is_3_and_wait_is_75(
    twinwatch: Callable[..., Any], servers: tuple[Site, Site]
) -> None:
    said = twinwatch("accounts", "verify", "--json")
    assert (said.status, [one["outcome"] for one in said.lines]) == (3, ["passed", "unreadable"])
    servers[1].routes["/"] = Reply(b"", 429, {"Retry-After": "9"})
    assert twinwatch("accounts", "verify", NAME).status == 75
    servers[1].routes["/"] = Reply(b"<a href='/x'>", headers=HTML)
    failed = twinwatch("accounts", "verify", NAME)
    assert failed.status == 0
    assert "account not verified" in failed.out


def test_a_dry_run_looks_and_keeps_nothing(
    twinwatch: Callable[..., Any], servers: tuple[Site, Site], tmp_path: Path
) -> None:
    (line,) = twinwatch("accounts", "verify", NAME, "--dry-run", "--json").lines
    assert (line["outcome"], line["verified"], line["dry_run"]) == ("passed", True, True)
    assert [path.name for path in tmp_path.iterdir()] == ["twinwatch.toml"]
    twinwatch("accounts", "verify", "tiktok:mango", "--by", "Ann")
    twinwatch("accounts", "verify", NAME, "--dry-run")
    assert {one["account"]: one["verified"] for one in twinwatch("accounts", "--json").lines} == {
        NAME: False,
        "tiktok:mango": True,
    }


def test_a_person_says_so_by_name_and_takes_it_back(
    twinwatch: Callable[..., Any], servers: tuple[Site, Site]
) -> None:
    said = twinwatch("accounts", "verify", NAME, "--by", "Ann", "--note", "mail kept", "--json")
    (line,) = said.lines
    assert (line["outcome"], line["by"], line["note"], line["verified"]) == (
        "confirmed",
        "Ann",
        "mail kept",
        True,
    )
    assert line["ids"], "it belongs to the id that the handle leads to today"
    assert "/" not in servers[1].asked
    (line,) = twinwatch("accounts", "verify", NAME, "--by", "Bo", "--decision", "rejected", "--json").lines
    assert (line["verified"], "Bo said" in line["standing"]) == (False, True)
    twinwatch("accounts", "verify", NAME, "--by", "Bo", "--decision", "undo")
    (line,) = twinwatch("accounts", "verify", NAME, "--by", "Ann", "--decision", "undo", "--json").lines
    assert line["verified"] is False
    again = twinwatch("accounts", "verify", NAME, "--by", "Ann", "--decision", "undo")
    assert (again.status, "nobody's word stands" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--by", "Ann"], "say which account it is"),
        ([NAME, "--note", "x"], "say who, with --by"),
        ([NAME, "--decision", "undo"], "say who, with --by"),
        (["bluesky:nobody"], "not on the watchlist"),
        (["--group", "nordik"], "--group nordik: no account on the watchlist has it; it has nordic"),
    ],
)
def test_wrong_usage(
    arguments: list[str], expected: str, twinwatch: Callable[..., Any], servers: tuple[Site, Site]
) -> None:
    said = twinwatch("accounts", "verify", *arguments)
    assert (said.status, expected in said.err) == (2, True)


def test_a_handle_that_was_taken_over_is_verified_no_more(
    twinwatch: Callable[..., Any], servers: tuple[Site, Site], tmp_path: Path
) -> None:
    twinwatch("accounts", "verify", NAME)
    store = Store.open(f"sqlite:///{tmp_path}/twinwatch.db", tmp_path / "media", create=False)
    account = Account("bluesky", "hm.example", "H&M", "SE")
    ids = store.accounts.verifications(account)[0].ids
    store.save_account_state(account, AccountState(ids[0], servers[0].url))
    store.close()
    Pds(servers[0], did="did:plc:" + "b" * 24)
    servers[0].routes["/xrpc/com.atproto.repo.getRecord"] = as_json({"error": "RecordNotFound"}, 400)
    (line,) = twinwatch("accounts", "verify", NAME, "--json").lines
    assert (line["outcome"], line["verified"]) == ("failed", False)
    assert "what is stored is of" in line["reason"]


def test_findings_carry_it_wherever_they_are_shown_and_verifying_clears_them(
    twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/twinwatch.db", tmp_path / "media", create=True)
    store.save_post(HM, post("p1"))
    for item in store.all_items():
        store.save_answer(item, "a stamp", answer(), NOW)
    store.save_account_state(HM, AccountState("did:x", "https://x.example"))
    store.close()
    (tmp_path / "twinwatch.toml").write_text(
        f'[[account]]\nretailer = "H&M"\nplatform = "{HM.platform}"\nhandle = "{HM.handle}"\n'
    )
    (first, *_) = twinwatch("findings", "list", "--json").lines
    assert first["account_verified"] is False
    assert first["caveats"] == ["account not verified: nobody has looked whether it is the retailer's"]
    number = str(first["id"])
    assert "(account not verified)" in twinwatch("findings", "list").out
    assert "account not verified: nobody" in twinwatch("findings", "show", number).out
    for form in ("csv", "jsonl", "html"):
        twinwatch("findings", "export", "--format", form, "-o", f"out.{form}")
        assert "ccount not verified: nobody" in (tmp_path / f"out.{form}").read_text("utf-8")
    assert twinwatch("accounts", "verify", HM.name, "--by", "Ann").status == 0
    (cleared, *_) = twinwatch("findings", "list", "--json").lines
    assert (cleared["account_verified"], cleared["caveats"]) == (True, [])
    same = {*first} - {"account_verified", "caveats"}
    assert {name: cleared[name] for name in same} == {name: first[name] for name in same}
    assert "account not verified" not in twinwatch("findings", "show", number).out
    twinwatch("accounts", "verify", HM.name, "--by", "Ann", "--decision", "undo")
    assert twinwatch("findings", "list", "--json").lines[0]["account_verified"] is False


# --- parts of the watchlist ---------------------------------------------------------------------------------


def test_groups_tags_and_countries(twinwatch: Callable[..., Any], servers: tuple[Site, Site]) -> None:
    for option in (("--group", "NORDIC"), ("--tag", "denim"), ("--country", "se")):
        (line,) = twinwatch("accounts", *option, "--json").lines
        assert (line["account"], line["group"], line["tags"]) == (NAME, "nordic", ["denim"])
        (intent,) = twinwatch("nightly", "--dry-run", *option, "--json").lines
        assert intent["account"] == NAME
    said = twinwatch("nightly", "--dry-run", "--group", "nordic", "--country", "ES")
    assert (said.status, "no account is all of" in said.err) == (2, True)
    assert twinwatch("crawl", "--tag", "jeans").status == 2


# --- watchlists ---------------------------------------------------------------------------------------------


def test_a_watchlist_is_written_with_a_new_configuration(
    twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    assert twinwatch("init", "--watchlist", "fashion").status == 0
    config = load(tmp_path / "twinwatch.toml", {})
    assert {account.retailer for account in config.accounts} == {"H&M", "Levi's", "Mango"}
    assert all(config.websites[account.name] and account.country for account in config.accounts)
    assert not any(line["verified"] for line in twinwatch("accounts", "--json").lines)
    wrong = twinwatch("init", "other", "--watchlist", "shoes")
    assert (wrong.status, "there are fashion, template" in wrong.err) == (2, True)
    assert not (tmp_path / "other").exists()


def test_a_watchlist_is_added_once_and_leaves_what_is_there(
    twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    file = tmp_path / "twinwatch.toml"
    mine = '# mine\n[[account]]\nretailer = "H&M"\nplatform = "instagram"\nhandle = "@HM"\n'
    file.write_text(mine)
    would = twinwatch("accounts", "watchlist", "fashion", "--add", "--dry-run", "--json").lines[0]
    assert (would["known"], file.read_text()) == (["instagram:hm"], mine)
    assert len(would["added"]) == 4
    twinwatch("accounts", "watchlist", "fashion", "--add")
    assert file.read_text().startswith(mine)
    assert "Source:" in file.read_text()
    assert len(load(file, {}).accounts) == 5
    again = twinwatch("accounts", "watchlist", "fashion", "--add", "--json").lines[0]
    assert (again["added"], len(again["known"])) == ([], 5)
    assert [path.name for path in tmp_path.iterdir()] == ["twinwatch.toml"]


def test_watchlists_are_listed_and_shown(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    names = [line["watchlist"] for line in twinwatch("accounts", "watchlist", "--json").lines]
    assert names == ["fashion", "template"]
    assert "Unverified. Source:" in twinwatch("accounts", "watchlist", "fashion").out
    assert twinwatch("accounts", "watchlist", "shoes").status == 2
    assert twinwatch("accounts", "watchlist", "fashion", "--add").status == 2, "there is no configuration"


def test_a_configuration_that_would_be_wrong_stays_as_it_is(
    twinwatch: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "twinwatch.toml"
    file.write_text("account = []\n")
    said = twinwatch("accounts", "watchlist", "fashion", "--add")
    assert (said.status, file.read_text()) == (2, "account = []\n")
    assert str(file) in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["twinwatch.toml"]
