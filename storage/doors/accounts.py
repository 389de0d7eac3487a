"""`store.accounts`: whose an account is, and that it is the same one under another name."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from storage.crawled import Fields
from storage.database import Database
from storage.records import Account
from storage.shelves import joining, known, renames, verifications
from storage.verification import Standing, Verification


class Accounts:
    def __init__(self, database: Database) -> None:
        self._database = database

    # --- is it the retailer's? ------------------------------------------------------------------------------

    def verify(self, account: Account, given: Verification) -> None:
        """Append a look or a person's word. Raises StoreError(kind="nothing_to_undo")."""
        self._database.write(verifications.add, account, given)

    def verifications(self, account: Account) -> Sequence[Verification]:
        """All that were ever given, oldest first."""
        return self._database.read(verifications.of_account, account)

    def standings(self, now: datetime) -> Mapping[tuple[str, str], Standing]:
        """By platform and handle, of every account that is stored."""
        return self._database.read(verifications.standings, now)

    # --- is it one that is stored already? ------------------------------------------------------------------

    def known_as(self, account: Account, stable_id: str, endpoint: str | None = None) -> Account | None:
        """The stored account of this id and another handle. `endpoint`: where ids are a server's own."""
        return self._database.read(renames.known_as, account, stable_id, endpoint)

    def rename(self, account: Account, stable_id: str, endpoint: str | None = None) -> Account | None:
        """What is stored under this id goes on under the account's handle: what it was called before, or
        None. Raises StoreError(kind="account_twice") where posts are stored under both names."""
        return self._database.write(renames.rename, account, stable_id, endpoint)

    def join(self, account: Account, into: Account) -> int:
        """A person says that they are one: what is stored of the first goes on under the second's name; how
        many posts. Raises StoreError: "no_account", "same_account", "another_account" (the platform tells
        them apart), "account_twice"."""
        return self._database.write(joining.join, account, into)

    def set_owner(self, account: Account, owner_id: str) -> str:
        """Mend the number of imports; "" for none. What it was. Raises StoreError: "no_account",
        "another_account" (somebody else has it)."""
        return self._database.write(joining.set_owner, account, owner_id)

    def owners(self, platform: str, owner_ids: Sequence[str]) -> Mapping[str, Account]:
        """By the number that the platform's pages give an account's owner."""
        return self._database.read(renames.owners, platform, owner_ids)

    def rename_owner(self, account: Account, owner_id: str) -> Account | None:
        """`rename` by the owner's number."""
        return self._database.write(renames.rename_owner, account, owner_id)

    def newest_fields(self, account: Account, most: int, upto: int | None = None) -> Sequence[Fields]:
        """What its newest posts say, the newest first: by their own date, or when they were first seen.
        `upto`: without the versions that were stored since (`store.imports.newest_version`)."""
        return self._database.read(known.newest_fields, account, most, upto)

    def owner_of(self, account: Account) -> str:
        """ "" where no import has told."""
        return self._database.read(renames.owner_of, account)

    def learn_owner(self, account: Account, owner_id: str) -> bool:
        """False where nothing is stored of the account. What is known already stays."""
        return self._database.write(renames.learn_owner, account, owner_id)

    def holders(self, platform: str, post_ids: Sequence[str]) -> Mapping[str, Account]:
        """By post id: the account under which it is stored."""
        return self._database.read(renames.holders, platform, post_ids)
