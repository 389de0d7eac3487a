"""Which accounts a night crawls: those with a spider; import-only ones are skipped and said, never failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.platforms import spiders
from storage.errors import ConfigError
from storage.records import Account


@dataclass(frozen=True, slots=True)
class Choice:
    crawled: tuple[Account, ...]
    import_only: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Only:
    """A part of the watchlist: accounts of any of these groups, with any of these tags, of any of these
    countries; () is all of them."""

    groups: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups or self.tags or self.countries)

    def takes(self, account: Account, group: str) -> bool:
        return (
            (not self.groups or group.casefold() in map(str.casefold, self.groups))
            and (not self.tags or bool({tag.casefold() for tag in account.tags} & _folded(self.tags)))
            and (not self.countries or (account.country or "").casefold() in _folded(self.countries))
        )


def _folded(words: Sequence[str]) -> set[str]:
    return {word.strip().casefold() for word in words}


def part(accounts: Sequence[Account], groups: Mapping[str, str], only: Only) -> tuple[Account, ...]:
    """Those that `only` takes; `groups` by account. Raises ConfigError for a group, tag or country that no
    account has: a typing mistake must not look like a quiet night."""
    asked = (
        ("--group", only.groups, set(groups.values())),
        ("--tag", only.tags, {tag for account in accounts for tag in account.tags}),
        ("--country", only.countries, {account.country for account in accounts if account.country}),
    )
    for option, words, there in asked:
        for word in words:
            if word.strip().casefold() not in _folded(tuple(there)):
                known = ", ".join(sorted(there)) or "none"
                message = f"{option} {word}: no account on the watchlist has it; it has {known}"
                raise ConfigError(message, kind="unknown_part", where=option)
    return tuple(account for account in accounts if only.takes(account, groups.get(account.name, "")))


def choose(accounts: Sequence[Account], names: Sequence[str]) -> Choice:
    """All of them, or those named `platform:handle`. Raises ConfigError for a name that is not on the
    watchlist."""
    by_name = {_plain(account.name): account for account in accounts}
    unknown = [name for name in names if _plain(name) not in by_name]
    if unknown:
        known = ", ".join(account.name for account in accounts) or "no account at all"
        message = f"--account {unknown[0]}: not on the watchlist; it has {known}"
        raise ConfigError(message, kind="unknown_account", where=unknown[0])
    chosen = list(dict.fromkeys(by_name[_plain(name)] for name in names)) if names else list(accounts)
    platforms = spiders()
    return Choice(
        crawled=tuple(account for account in chosen if account.platform in platforms),
        import_only=tuple(account for account in chosen if account.platform not in platforms),
    )


def _plain(name: str) -> str:
    platform, _, handle = name.partition(":")
    return f"{platform.strip().casefold()}:{handle.strip().lstrip('@').casefold()}"
