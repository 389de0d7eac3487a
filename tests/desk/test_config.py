"""twinwatch.toml: defaults, paths, the environment; errors that say file, table, key, expectation."""

from pathlib import Path

import pytest

from crawler.platforms import wanted_tokens
from desk.commands.init import sample
from desk.config import load
from storage.errors import ConfigError

ACCOUNT = '[[account]]\nretailer = "H&M"\nplatform = "bluesky"\nhandle = "@hm.example"\n'


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "twinwatch.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def refused(folder: Path, text: str | bytes, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load(written(folder, text), environ or {})
    assert caught.value.exit_status == 2
    return str(caught.value)


def test_defaults_hold_without_the_default_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = load(None, {})
    assert config.file is None
    assert config.database == f"sqlite:///{tmp_path}/twinwatch.db"
    assert config.media == tmp_path / "media"
    assert (config.crawl.overlap_days, config.crawl.plc_directory) == (14, "https://plc.directory")
    assert (config.crawl.contact, config.crawl.allow_hosts, config.alerts.heartbeat, config.accounts) == (
        "",
        (),
        "",
        (),
    )


def test_the_cache_lies_beside_media(tmp_path: Path) -> None:
    for media, cache in (("./media", "media-cache"), ("a/pictures/", "a/pictures-cache"), ("a/..", None)):
        config = load(written(tmp_path, f'[storage]\nmedia = "{media}"\n'), {})
        assert config.cache == (tmp_path / cache if cache else tmp_path.with_name(f"{tmp_path.name}-cache"))
    named = load(written(tmp_path, '[matching]\ncache = "fast/disk"\nflood_pictures = 30\n'), {})
    assert named.cache == tmp_path / "fast" / "disk"
    assert (named.matching.flood_pictures, named.matching.flood_accounts) == (30, 2)


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such configuration file.*twinwatch init"):
        load(tmp_path / "other.toml", {})


def test_paths_count_from_the_files_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep").mkdir()
    written(
        tmp_path / "deep", '[storage]\ndatabase = "sqlite:///data/t.db?timeout=3"\nmedia = "../pictures"\n'
    )
    monkeypatch.chdir(tmp_path)
    config = load(Path("deep/twinwatch.toml"), {})
    assert config.database == f"sqlite:///{tmp_path}/deep/data/t.db?timeout=3"
    assert config.media == tmp_path / "deep" / ".." / "pictures"


@pytest.mark.parametrize(
    "url", ["sqlite:////srv/t.db", "postgresql://u@h/name", "postgresql+psycopg://u:p@h:1/n"]
)
def test_absolute_databases_stay(tmp_path: Path, url: str) -> None:
    assert load(written(tmp_path, f'[storage]\ndatabase = "{url}"\n'), {}).database == url


def test_an_account_becomes_a_clean_record(tmp_path: Path) -> None:
    more = 'country = "se"\nservice = "http://127.0.0.1:2583/"\ntags = ["denim"]\n'
    (account,) = load(written(tmp_path, ACCOUNT + more), {}).accounts
    assert account.name == "bluesky:hm.example"
    assert (account.retailer, account.country, account.service) == ("H&M", "SE", "http://127.0.0.1:2583")
    assert account.tags == ("denim",)


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    assert len(load(written(tmp_path, b"\xef\xbb\xbf" + ACCOUNT.encode()), {}).accounts) == 1


WRONG = [
    ("[crawl]\noverlap_dayz = 3", "[crawl] overlap_dayz: no such key (did you mean overlap_days?)"),
    ('[crawl]\noverlap_days = "3"', '[crawl] overlap_days: found "3", expected a whole number of days'),
    ("[crawl]\noverlap_days = -1", "[crawl] overlap_days: found -1, expected a whole number of days from 0"),
    ("[crawl]\noverlap_days = true", "[crawl] overlap_days: found true"),
    ('[crawl]\nallow_hosts = "x"', '[crawl] allow_hosts: found "x", expected a list of "host" or'),
    ('[crawl]\nallow_hosts = ["http://x"]', '[crawl] allow_hosts: found ["http://x"], expected a list'),
    ('[crawl]\nallow_hosts = ["x:99999"]', "[crawl] allow_hosts: found"),
    ("[crawl]\nallow_hosts = [3]", "[crawl] allow_hosts: found 3"),
    ('[crawl]\nplc_directory = "plc"', '[crawl] plc_directory: found "plc", expected an http or https URL'),
    ('[crawl]\ncontact = "a\\nB: c"', "[crawl] contact: found"),
    ('[alerts]\nheartbeat = "ftp://x/"', "[alerts] heartbeat: found"),
    ('[storage]\ndatabase = "twinwatch.db"', '[storage] database: found "twinwatch.db", expected a database'),
    ('[storage]\ndatabase = "sqlite://"', "[storage] database: found"),
    ('[storage]\ndatabase = "sqlite:///:memory:"', "[storage] database: found"),
    ('[storage]\nmedia = "s3://bucket/x"', "[storage] media: found"),
    ("[storages]\nx = 1", "[storages]: no such table (did you mean storage?)"),
    ('contact = "x"', "contact: no such key outside a table"),
    ("storage = 3", "storage: found 3, expected a table, [storage]"),
    ('[account]\nhandle = "x"', "account: found"),
    (
        '[[account]]\nplatform = "bluesky"\nhandle = "hm.example"',
        "[[account]] 1 (hm.example) retailer: missing; expected the retailer's name",
    ),
    (
        ACCOUNT + '[[account]]\nretailer = "Z"\nplatform = "blusky"\nhandle = "z.example"',
        '[[account]] 2 (z.example) platform: found "blusky", expected one of bluesky',
    ),
    (ACCOUNT + 'county = "SE"', "[[account]] 1 (@hm.example) county: no such key (did you mean country?)"),
    (ACCOUNT + 'country = "UK"', '[[account]] 1 (@hm.example) country: found "UK", expected a country code'),
    (ACCOUNT + 'service = "pds.example"', "[[account]] 1 (@hm.example) service: found"),
    (ACCOUNT + ACCOUNT.replace("@hm", "HM"), "[[account]] 2 (HM.example): the same account as [[account]] 1"),
    (ACCOUNT.replace("@hm.example", "a b"), '[[account]] 1 (a b) handle: found "a b"'),
    (ACCOUNT.replace("@hm.example", " @ "), "handle: found"),
    ("[crawl\nx = 1", "line 1, column 7"),
    ("[crawl]\noverlap_days = = 2", "line 2, column 16"),
    (b"[crawl]\ncontact = '\xff'", "line 2: not UTF-8 text"),
]


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_errors_name_file_table_key_found_and_expected(
    tmp_path: Path, text: str | bytes, expected: str
) -> None:
    message = refused(tmp_path, text)
    assert expected in message
    assert str(tmp_path / "twinwatch.toml") in message


def test_all_errors_are_listed_at_once(tmp_path: Path) -> None:
    message = refused(tmp_path, '[crawl]\noverlap_days = "x"\nkontact = ""\n[alerts]\nheartbeat = "x"\n')
    assert message.startswith("3 things are wrong:")
    assert all(key in message for key in ("overlap_days", "kontact", "heartbeat"))


def test_control_characters_of_a_value_are_not_printed(tmp_path: Path) -> None:
    assert "\x1b" not in refused(tmp_path, '[alerts]\nheartbeat = "\\u001b[31mred"\n')


def test_the_environment_overrides_and_knows_types(tmp_path: Path) -> None:
    environ = {
        "TWINWATCH_CRAWL__OVERLAP_DAYS": "3",
        "TWINWATCH_CRAWL__ALLOW_HOSTS": "127.0.0.1:2583, localhost",
        "TWINWATCH_STORAGE__MEDIA": "elsewhere",
        "TWINWATCH_DEBUG": "1",
    }
    config = load(written(tmp_path, "[crawl]\noverlap_days = 9\n"), environ)
    assert config.crawl.overlap_days == 3
    assert config.crawl.allow_hosts == ("127.0.0.1:2583", "localhost")
    assert config.media == tmp_path / "elsewhere"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("postgresql://u:p@h/n\n")
    environ = {"TWINWATCH_STORAGE__DATABASE_FILE": str(secret)}
    assert load(written(tmp_path, ""), environ).database == "postgresql://u:p@h/n"


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("TWINWATCH_CRAWL__OVERLAP_DAYS", "x", 'found "x", expected a whole number'),
        ("TWINWATCH_CRAWL__OVERLAP_DAYZ", "3", "no such key (did you mean overlap_days?)"),
        (
            "TWINWATCH_CRAWLER__CONTACT",
            "x",
            "no such section; expected one of alerts, crawl, labels, matching, registry, retention, reviews",
        ),
        ("TWINWATCH_ALERTS__HEARTBEAT_FILE", "/no/such/file", "cannot be read"),
    ],
)
def test_errors_in_the_environment_name_the_variable(
    tmp_path: Path, variable: str, value: str, expected: str
) -> None:
    message = refused(tmp_path, "", {variable: value})
    assert f"{variable} (environment)" in message
    assert expected in message


def test_the_sample_holds_and_its_watchlist_too(tmp_path: Path) -> None:
    assert load(written(tmp_path, sample()), {}).accounts == ()
    lines = [
        line.removeprefix("# ") if line.startswith(("# [[", "# ")) and ("=" in line or "[[" in line) else line
        for line in sample().splitlines()
    ]
    start = sample().splitlines().index("# [[account]]")
    text = "\n".join(sample().splitlines()[:start] + lines[start:])
    accounts = load(written(tmp_path, text), {}).accounts
    assert [account.name for account in accounts] == [
        "bluesky:hm.example",
        "rss:https://news.example/feed.xml",
        "mastodon:hm@mastodon.example",
    ]
    assert [account.country for account in accounts] == ["SE", "SE", "SE"]


def test_a_token_is_in_no_configuration(tmp_path: Path) -> None:
    """Its file is named; a token itself has no key, and the environment's is not read here."""
    secret = "AIzaSyNotARealKey-0123456789"
    file = written(tmp_path, '[tokens]\nyoutube_file = "secrets/key"\n')
    config = load(file, {"TWINWATCH_TOKENS__YOUTUBE": secret, "TWINWATCH_TOKENS__INSTAGRAM_FILE": "/nowhere"})
    assert config.token_files == {"youtube": str(tmp_path / "secrets" / "key")}
    assert secret not in repr(config)
    assert "no such key" in refused(tmp_path, f'[tokens]\nyoutube = "{secret}"\n')


def test_every_spider_that_wants_a_token_has_a_key_for_its_file(tmp_path: Path) -> None:
    names = sorted(wanted_tokens())
    assert {"instagram", "youtube"} <= set(names)
    keys = "".join(f'{name}_file = "secrets/{name}"\n' for name in names)
    config = load(written(tmp_path, f"[tokens]\n{keys}"), {})
    assert config.token_files == {name: str(tmp_path / "secrets" / name) for name in names}
    assert "no such key" in refused(tmp_path, '[tokens]\nrss_file = "secrets/rss"\n')
