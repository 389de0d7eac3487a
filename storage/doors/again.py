"""`store.again`: what earlier nights fetched, and how a server is asked whether it is the same still."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from storage.crawled import Validators
from storage.database import Database
from storage.records import Account
from storage.shelves import accounts, known


class Again:
    def __init__(self, database: Database) -> None:
        self._database = database

    def validators(self, urls: Sequence[str]) -> Mapping[str, Validators]:
        """Of those of these that a server said something about, by URL."""
        return self._database.read(accounts.validators, urls)

    def validators_of(self, url: str) -> Validators | None:
        return self.validators((url,)).get(url)

    def save_validators(self, url: str, validators: Validators) -> None:
        self._database.write(accounts.save_validators, url, validators)

    def save_checked(self, urls: Sequence[str], at: datetime) -> None:
        """That these were asked for again, whatever came of it."""
        if urls:
            self._database.write(accounts.save_checked, urls, at)

    def young_findings(
        self, account: Account, post_ids: Sequence[str], findings_since: datetime
    ) -> frozenset[str]:
        """Those among these with a finding that is younger, or that are younger themselves and have one."""
        return self._database.read(known.young_findings, account, post_ids, findings_since)
