"""twinwatch.toml as a model, and the one function that reads it. Every default of the house is here.

A later section is one more model below and one more field of `Tables`; errors and the environment follow
by themselves.
"""

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, field_validator

from desk.alerts.channel import Channel
from desk.config_alerts import AlertsTable, AlertTable, channels, laid_over, problems
from desk.config_errors import explain, shown, table
from desk.config_sources import from_environment, read_toml, typed
from desk.config_values import Table, host, http_url
from desk.countries import CODES
from desk.jobs.plausible import stated
from storage.errors import ConfigError
from storage.keeping import Kept
from storage.records import Account

DEFAULT_FILE = Path("twinwatch.toml")
DAYS = "a whole number of days from 0 (for good) to 36500"
TOKENS = "TWINWATCH_TOKENS__"  # read by the process that crawls (crawler.tokens), and by nobody else


class StorageTable(Table):
    database: str = Field(
        default="sqlite:///twinwatch.db",
        description='a database URL such as "sqlite:///twinwatch.db" or "postgresql+psycopg://user@host/name"',
    )
    media: str = Field(
        default="./media",
        description='a folder such as "./media"',
    )

    @field_validator("database")
    @classmethod
    def _database(cls, url: str) -> str:
        if not re.match(r"(sqlite(\+pysqlite)?:///(?!:memory:).|postgresql(\+psycopg)?://.)", url):
            raise ValueError
        return url

    @field_validator("media")
    @classmethod
    def _folder(cls, media: str) -> str:
        if not media or "\0" in media or "://" in media:
            raise ValueError
        return media


class CrawlTable(Table):
    contact: str = Field(
        default="",
        pattern=r"^[\x20-\x7e]{0,200}$",
        description='an e-mail address or URL, such as "desk@example.org"',
    )
    overlap_days: int = Field(default=14, ge=0, le=3650, description="a whole number of days from 0 to 3650")
    allow_hosts: tuple[str, ...] = Field(
        default=(), strict=False, description='a list of "host" or "host:port", such as ["127.0.0.1:2583"]'
    )
    plc_directory: str = Field(default="https://plc.directory", description="an http or https URL")
    requests_a_night: int = Field(
        default=50_000, ge=0, le=100_000_000, description="a whole number from 0 (no budget)"
    )

    @field_validator("allow_hosts")
    @classmethod
    def _hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(host(one) for one in hosts)

    @field_validator("plc_directory")
    @classmethod
    def _url(cls, url: str) -> str:
        return http_url(url)


class MatchingTable(Table):
    cache: str = Field(
        default="",
        description='a folder such as "./media-cache", or "" for one beside the media folder',
    )
    flood_pictures: int = Field(default=12, ge=2, le=1_000_000, description="a whole number from 2")
    flood_accounts: int = Field(default=2, ge=1, le=1_000_000, description="a whole number from 1")

    @field_validator("cache")
    @classmethod
    def _folder(cls, folder: str) -> str:
        return _plain_folder(folder)


class LabelsTable(Table):
    seconds: int = Field(default=1800, ge=0, le=86_400, description="a whole number from 0 to 86400")
    lexicon: str = Field(
        default="",
        description='a folder of TOML files such as "./lexicon", or "" for the program\'s words alone',
    )

    @field_validator("lexicon")
    @classmethod
    def _folder(cls, folder: str) -> str:
        return _plain_folder(folder)


class RulesTable(Table):
    folder: str = Field(
        default="",
        description='a folder of TOML files such as "./rules", or "" for the program\'s rules alone',
    )
    off: tuple[str, ...] = Field(
        default=(), strict=False, description='a list of rule ids, such as ["hm-promise-2025"]'
    )

    @field_validator("folder")
    @classmethod
    def _folder(cls, folder: str) -> str:
        return _plain_folder(folder)


class RegistryTable(Table):
    watch: str = Field(
        default="", description='a folder such as "./delivered", or "" where nobody delivers anything'
    )
    basis: str = Field(default="", max_length=2000, description='words such as "contracts of 2026"')
    settle_seconds: int = Field(default=300, ge=0, le=86_400, description="a whole number from 0 to 86400")
    look_for_marks: bool = Field(default=False, description="true or false")

    @field_validator("watch")
    @classmethod
    def _folder(cls, folder: str) -> str:
        return _plain_folder(folder)


class TrustTable(Table):
    folder: str = Field(default="./trust", description='a folder such as "./trust"')

    @field_validator("folder")
    @classmethod
    def _folder(cls, folder: str) -> str:
        if not folder:
            raise ValueError
        return _plain_folder(folder)


class RetentionTable(Table):
    """Days; 0: for good. Why these: docs/decisions/erasure.md."""

    unmatched_pictures: int = Field(default=90, ge=0, le=36_500, description=DAYS)
    unmatched_fingerprints: int = Field(default=730, ge=0, le=36_500, description=DAYS)
    matched_pictures: int = Field(default=3650, ge=0, le=36_500, description=DAYS)
    raw_responses: int = Field(default=365, ge=0, le=36_500, description=DAYS)
    runs: int = Field(default=730, ge=0, le=36_500, description=DAYS)
    exports: int = Field(default=3650, ge=0, le=36_500, description=DAYS)
    notices: int = Field(default=90, ge=0, le=36_500, description=DAYS)
    checks: int = Field(default=365, ge=0, le=36_500, description=DAYS)
    nightly: bool = Field(default=False, description="true or false")

    def terms(self) -> Mapping[Kept, int]:
        return {kept: int(getattr(self, kept.value)) for kept in Kept}


class TokensTable(Table):
    """Files that tokens are in: a key for each spider that says `wants`, made by `tables_with_tokens`. A
    token itself has no key here: it would end in a repository."""

    @field_validator("*")
    @classmethod
    def _file(cls, path: str) -> str:
        return _plain_folder(path)


class AccountTable(Table):
    retailer: str = Field(pattern=r"\S", max_length=200, description='the retailer\'s name, such as "H&M"')
    platform: str = Field(pattern=r"^[a-z0-9_]+$", description='a platform such as "bluesky" or "rss"')
    handle: str = Field(
        max_length=2000, description='the account\'s name on the platform, such as "hm.example"'
    )
    country: str = Field(default="", description='a country code of two letters (ISO 3166-1), such as "SE"')
    service: str = Field(default="", description="an http or https URL: the account's own server")
    tags: tuple[str, ...] = Field(default=(), strict=False, description='a list of words, such as ["denim"]')

    expect: str = Field(default="", description='posts a week, such as "1..40 a week"')
    website: tuple[str, ...] = Field(
        default=(),
        strict=False,
        description='the brand\'s own website, such as "https://www.brand.example", or a list of them',
    )
    group: str = Field(default="", max_length=200, description='a word, such as "sweden"')

    @field_validator("website", mode="before")
    @classmethod
    def _one_website(cls, website: object) -> object:
        return (website,) if isinstance(website, str) else website

    @field_validator("website")
    @classmethod
    def _websites(cls, websites: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(http_url(url) for url in websites if url)

    @field_validator("expect")
    @classmethod
    def _expect(cls, expect: str) -> str:
        if expect:
            stated(expect)
        return expect

    @field_validator("handle")
    @classmethod
    def _handle(cls, handle: str) -> str:
        cleaned = handle.strip().lstrip("@")
        if not cleaned or re.search(r"[\s\x00-\x1f\x7f]", cleaned):
            raise ValueError
        return cleaned

    @field_validator("country")
    @classmethod
    def _country(cls, country: str) -> str:
        code = country.strip().upper()
        if code and code not in CODES:
            raise ValueError
        return code

    @field_validator("service")
    @classmethod
    def _service(cls, url: str) -> str:
        return http_url(url).rstrip("/") if url else ""

    def record(self) -> Account:
        return Account(
            platform=self.platform,
            handle=self.handle,
            retailer=self.retailer.strip(),
            country=self.country or None,
            service=self.service,
            tags=self.tags,
        )


class ReviewsTable(Table):
    four_eyes: bool = Field(default=False, description="true: a confirmation waits for a second person")


class Tables(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    storage: StorageTable = StorageTable()
    crawl: CrawlTable = CrawlTable()
    alerts: AlertsTable = AlertsTable()
    matching: MatchingTable = MatchingTable()
    labels: LabelsTable = LabelsTable()
    rules: RulesTable = RulesTable()
    registry: RegistryTable = RegistryTable()
    trust: TrustTable = TrustTable()
    retention: RetentionTable = RetentionTable()
    reviews: ReviewsTable = ReviewsTable()
    tokens: TokensTable = TokensTable()
    account: tuple[AccountTable, ...] = ()
    alert: tuple[AlertTable, ...] = ()


@cache
def tables_with_tokens() -> type[Tables]:
    """`Tables` whose [tokens] knows every token that a spider wants. Apart, since it loads all spiders."""
    from crawler.platforms import wanted_tokens  # noqa: PLC0415 - Scrapy: a second that most files do without

    keys: dict[str, Any] = {
        f"{name}_file": (str, Field(default="", description=f"the path of a file with {wanted.what} in it"))
        for name, wanted in wanted_tokens().items()
    }
    tokens = create_model("TokensTable", __base__=TokensTable, **keys)
    return create_model("Tables", __base__=Tables, tokens=(tokens, tokens()))


class Config(BaseModel):
    """What commands work with: paths are absolute, accounts are records."""

    model_config = ConfigDict(frozen=True)

    file: Path | None  # None: there is no file, the defaults hold
    database: str
    media: Path
    crawl: CrawlTable
    alerts: AlertsTable
    matching: MatchingTable
    retention: RetentionTable
    four_eyes: bool  # a confirmation waits for a second person
    cache: Path  # of matching: what can be made again from the store
    lexicon: Path | None  # the user's own words beside the program's
    rules: Path | None  # the user's own rules, likewise
    rules_off: tuple[str, ...]  # ids of shipped rules that are switched off
    look_seconds: int  # of a night, for looking at pictures for labels
    registry: RegistryTable
    watch: Path | None  # the folder in which renders are delivered
    trust: Path  # the folder of the installed trust lists
    token_files: Mapping[str, str]  # name of the token → file that it is in; never the token
    accounts: tuple[Account, ...]
    expected: Mapping[str, str] = {}  # account → the posts a week that its entry states
    websites: Mapping[str, tuple[str, ...]] = {}  # account → the brand's own websites
    groups: Mapping[str, str] = {}  # account → its group
    channels: tuple[Channel, ...] = ()  # who is told of a night


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the file named, or ./twinwatch.toml if it is there. Raises ConfigError listing everything that
    is wrong."""
    if path is None and not DEFAULT_FILE.is_file():
        return _build(None, Path.cwd(), {}, environ)
    file = path or DEFAULT_FILE
    if not file.is_file():
        mend = "make one with `twinwatch init`"
        raise ConfigError(
            f"{file}: there is no such configuration file; {mend}", kind="no_config", where=str(file)
        )
    return _build(file.absolute(), file.absolute().parent, read_toml(file), environ)


def _build(file: Path | None, folder: Path, raw: dict[str, object], environ: Mapping[str, str]) -> Config:
    variables = _override(raw, environ)
    wrong: list[str] = []
    shape = tables_with_tokens() if "tokens" in raw else Tables
    tables = Tables()
    try:
        tables = shape.model_validate(raw)
    except ValidationError as error:
        wrong.extend(explain(error, shape, raw, variables))
    wrong.extend([*_account_problems(raw), *problems(tables.alert)])
    if wrong:
        _refuse(file, wrong)
    media = folder / Path(tables.storage.media).expanduser()
    return Config(
        file=file,
        database=_database(tables.storage.database, folder),
        media=media,
        crawl=tables.crawl,
        alerts=tables.alerts,
        matching=tables.matching,
        retention=tables.retention,
        cache=_cache(tables.matching.cache, folder, media),
        lexicon=_named(tables.labels.lexicon, folder),
        rules=_named(tables.rules.folder, folder),
        rules_off=tables.rules.off,
        look_seconds=tables.labels.seconds,
        registry=tables.registry,
        four_eyes=tables.reviews.four_eyes,
        watch=_named(tables.registry.watch, folder),
        trust=folder / Path(tables.trust.folder).expanduser(),
        token_files=_token_files(tables.tokens, folder),
        accounts=tuple(entry.record() for entry in tables.account),
        expected={entry.record().name: entry.expect for entry in tables.account if entry.expect},
        websites={entry.record().name: entry.website for entry in tables.account if entry.website},
        groups={entry.record().name: entry.group.strip() for entry in tables.account if entry.group.strip()},
        channels=channels(tables.alert, folder),
    )


def _token_files(tokens: TokensTable, folder: Path) -> dict[str, str]:
    named = {name.removesuffix("_file"): path for name, path in tokens.model_dump().items()}
    return {name: str(folder / Path(path).expanduser()) for name, path in named.items() if path}


def _override(raw: dict[str, object], environ: Mapping[str, str]) -> dict[str, str]:
    """Lay the environment over the file; returns "section.key" → variable, for errors."""
    sections = frozenset(name for name in Tables.model_fields if name not in ("account", "alert"))
    environ = {name: value for name, value in environ.items() if not name.startswith(TOKENS)}
    variables: dict[str, str] = {}
    for variable, section, key, value in from_environment(environ, sections):
        if section == "alerts" and laid_over(raw, key, value, variable):
            continue
        annotation = Tables.model_fields[section].annotation
        fields = (
            annotation.model_fields if isinstance(annotation, type) and issubclass(annotation, Table) else {}
        )
        entries = raw.setdefault(section, {})
        if isinstance(entries, dict):
            entries[key] = typed(value, fields[key].annotation if key in fields else str)
            variables[f"{section}.{key}"] = variable
    return variables


def _account_problems(raw: Mapping[str, object]) -> list[str]:
    entries = raw.get("account")
    if not isinstance(entries, list):
        return []
    from crawler.platforms import known_platforms  # noqa: PLC0415 - only a watchlist needs the crawler's platforms

    known = known_platforms()
    problems: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for index, entry in enumerate(entries):
        platform, handle = (
            (entry.get("platform"), entry.get("handle")) if isinstance(entry, dict) else (None, None)
        )
        place = table(["account", index], raw)
        if isinstance(platform, str) and platform not in known:
            expected = ", ".join(sorted(known))
            problems.append(f"{place} platform: found {shown(platform)}, expected one of {expected}")
        if isinstance(platform, str) and isinstance(handle, str):
            first = seen.setdefault((platform, handle.strip().lstrip("@").casefold()), index)
            if first != index:
                problems.append(f"{place}: the same account as [[account]] {first + 1}; expected it once")
    return problems


def _refuse(file: Path | None, problems: list[str]) -> None:
    """A problem of the environment names its variable; all others name the file."""
    name = file.name if file else "(no file)"
    lines = [
        line if "(environment)" in line else f"{file or name}: {line}" for line in dict.fromkeys(problems)
    ]
    if len(lines) == 1:
        raise ConfigError(lines[0], where=str(file or ""))
    raise ConfigError("\n  ".join([f"{len(lines)} things are wrong:", *lines]), where=str(file or ""))


def _database(url: str, folder: Path) -> str:
    """A relative SQLite path counts from the file's folder: `sqlite:///twinwatch.db` → `sqlite:////folder/twinwatch.db`."""
    scheme, separator, rest = url.partition(":///")
    if not scheme.startswith("sqlite"):
        return url
    path, mark, query = rest.partition("?")
    return f"{scheme}{separator}{folder / Path(path).expanduser()}{mark}{query}"


def _cache(named: str, folder: Path, media: Path) -> Path:
    """Beside the media folder, `media` → `media-cache`, where nothing else is named."""
    if named:
        return folder / Path(named).expanduser()
    plain = Path(os.path.normpath(media))  # "media/.." has no name to put one beside
    return plain.parent / f"{plain.name or 'media'}-cache"


def _named(named: str, folder: Path) -> Path | None:
    return folder / Path(named).expanduser() if named else None


def _plain_folder(folder: str) -> str:
    if "\0" in folder or "://" in folder:
        raise ValueError
    return folder
