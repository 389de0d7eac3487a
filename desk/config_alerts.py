"""[alerts] and [[alert]]: who is told of a night, and how. Secrets come from files or the environment."""

from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from desk.alerts.channel import AT_ONCE, DIGEST, FILTERS, Channel
from desk.config_values import Table, host, http_url
from storage.consent import ConsentVerdict
from storage.errors import ConfigError
from storage.records import Labelling

NAME = r"^[a-z0-9][a-z0-9_]{0,39}$"
FROM_ENVIRONMENT = ("url", "webhook", "secrets")  # TWINWATCH_ALERTS__NEWSROOM_URL is the url of "newsroom"
FILE = 'a file such as "./newsroom.url"'


class AlertsTable(Table):
    heartbeat: str = Field(default="", description='an http or https URL, or ""')
    desk: str = Field(
        default="", description='the desk\'s address, such as "https://desk.example.org", or ""'
    )
    allow_hosts: tuple[str, ...] = Field(
        default=(), strict=False, description='a list of "host" or "host:port", such as ["127.0.0.1:8080"]'
    )

    @field_validator("heartbeat", "desk")
    @classmethod
    def _url(cls, url: str) -> str:
        return http_url(url) if url else ""

    @field_validator("allow_hosts")
    @classmethod
    def _hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(host(one) for one in hosts)


class AlertTable(Table):
    """One channel. `url` is an address of Apprise's, `webhook` one that gets signed JSON."""

    name: str = Field(pattern=NAME, description='a name such as "newsroom": small letters, digits and _')
    url: str = Field(
        default="", max_length=4000, description='an address such as "mailto://…" or "slack://…"'
    )
    url_file: str = Field(default="", description=FILE)
    webhook: str = Field(default="", description="an http or https URL")
    webhook_file: str = Field(default="", description=FILE)
    secrets: tuple[str, ...] = Field(default=(), strict=False, description='a list of "whsec_…" secrets')
    secrets_file: str = Field(default="", description="a file with a whsec_… secret a line")
    send: str = Field(
        default=DIGEST, pattern=f"^({DIGEST}|{AT_ONCE})$", description=f'"{DIGEST}" or "{AT_ONCE}"'
    )
    nothing_new: bool = Field(default=False, description="true or false")
    retailer: str = Field(default="", description="a retailer's name")
    platform: str = Field(default="", description='a platform such as "bluesky"')
    twin: str = Field(default="", description="a registered twin's name")
    rule: str = Field(default="", description="the id of a rule")
    labelling: str = Field(default="", description='a verdict such as "unlabelled"')
    consent: str = Field(default="", description='a verdict such as "out_of_scope"')

    @field_validator("webhook")
    @classmethod
    def _url(cls, url: str) -> str:
        return http_url(url) if url else ""

    @field_validator("labelling")
    @classmethod
    def _labelling(cls, value: str) -> str:
        return Labelling(value).value if value else ""

    @field_validator("consent")
    @classmethod
    def _consent(cls, value: str) -> str:
        return ConsentVerdict(value).value if value else ""

    def channel(self, folder: Path) -> Channel:
        named = {"url": self.url_file, "webhook": self.webhook_file, "secrets": self.secrets_file}
        return Channel(
            name=self.name,
            kind="webhook" if self.webhook or self.webhook_file else "message",
            address=self.webhook or self.url,
            secrets=self.secrets,
            files={what: str(folder / Path(path).expanduser()) for what, path in named.items() if path},
            send=self.send,
            nothing_new=self.nothing_new,
            filters={name: value for name in FILTERS if (value := str(getattr(self, name)))},
        )


def channels(tables: tuple[AlertTable, ...], folder: Path) -> tuple[Channel, ...]:
    return tuple(one.channel(folder) for one in tables)


def problems(tables: tuple[AlertTable, ...]) -> list[str]:
    """What no single key is to blame for."""
    found: list[str] = []
    seen: set[str] = set()
    for number, one in enumerate(tables, start=1):
        place = f"[[alert]] {number} ({one.name})"
        given = sum(map(bool, (one.url, one.url_file, one.webhook, one.webhook_file)))
        if given != 1:
            found.append(
                f"{place}: expected one of url, url_file, webhook, webhook_file, found {given} of them"
            )
        if one.name in seen:
            found.append(f"{place}: another alert has this name")
        seen.add(one.name)
    return found


def laid_over(raw: dict[str, object], key: str, value: str, variable: str) -> bool:
    """`newsroom_url` of the environment into the [[alert]] of that name; False: it is a key of [alerts].
    Raises ConfigError where there is no such alert."""
    name, _, what = key.rpartition("_")
    if what not in FROM_ENVIRONMENT or not name:
        return False
    entries: Any = raw.get("alert")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and entry.get("name") == name:
            _replace(entry, what, value)
            return True
    raise ConfigError(f"{variable} (environment): there is no [[alert]] named {name}", where=variable)


def _replace(entry: dict[str, object], what: str, value: str) -> None:
    """What the environment says goes before whatever stands in the file, of the same or of the other kind."""
    if what == "secrets":
        entry.pop("secrets_file", None)
        entry["secrets"] = value.split()
        return
    for key in ("url", "url_file", "webhook", "webhook_file"):
        entry.pop(key, None)
    entry[what] = value
