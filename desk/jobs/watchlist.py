"""Which accounts a night crawls: those with a spider; import-only ones are skipped and said, never failed."""

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.platforms import spiders
from storage.errors import ConfigError
from storage.records import Account


@dataclass(frozen=True, slots=True)
class Choice:
    crawled: tuple[Account, ...]
    import_only: tuple[Account, ...]


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
