"""Posts of an account that was renamed go where they are: what is stored of it is stored once.

An account is known again by the number that the platform's pages give its owner, and a post by its own id,
which no two authors share on the platforms that come by import. An owner who has the name of another one is
told apart, and nothing of it is stored under that name. See docs/decisions/right-account.md.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.intake.ready import Ready
from storage.errors import CrawlError, StoreError
from storage.records import Account
from storage.store import Store

Key = tuple[str, str]  # platform, and an owner's number or a handle


@dataclass(frozen=True, slots=True)
class Homed:
    """A post with the account under which it is, or goes. `stored`: it is there already. `error`: why it can
    be stored nowhere."""

    account: Account
    post: Ready
    stored: bool = False
    error: CrawlError | None = None


@dataclass(slots=True)
class Namesakes:
    """`store` None: a dry run where nothing was ever stored. `dry_run`: nothing is renamed or learned."""

    store: Store | None
    watched: frozenset[Account]
    dry_run: bool
    renamed: dict[str, str] = field(default_factory=dict)  # platform:handle in the file → under which it is
    _homes: dict[Key, Account] = field(default_factory=dict)  # by owner
    _owners: dict[Key, str] = field(default_factory=dict)  # by handle
    _new: dict[Key, str] = field(default_factory=dict)  # to be learned when something of it is saved

    def home(self, account: Account, owner_id: str) -> Account:
        """Where this owner's posts are, or go. Raises CrawlError kind "another_owner"."""
        if not owner_id:
            return account
        key = (account.platform, owner_id)
        if key not in self._homes:
            self._homes[key] = self._known(account, owner_id)
        home = self._homes[key]
        self._told_apart(home, owner_id)
        if home.handle != account.handle:
            self.renamed.setdefault(account.name, home.name)
        return home

    def at_home(self, batch: Sequence[tuple[Account, Ready]]) -> list[Homed]:
        """With the accounts under which these very posts are stored already, whatever they are called now;
        the error where a stored post has another owner."""
        ids: defaultdict[str, list[str]] = defaultdict(list)
        for account, one in batch:
            ids[account.platform].append(one.post_id)
        holders = {
            (platform, post_id): holder
            for platform, asked in ids.items()
            for post_id, holder in (
                self.store.accounts.holders(platform, asked) if self.store else {}
            ).items()
        }
        return [
            self._placed(account, one, holders.get((account.platform, one.post_id))) for account, one in batch
        ]

    def learn(self) -> None:
        """After what was saved: whose numbers these are."""
        if self.store and not self.dry_run:
            for (platform, handle), owner_id in tuple(self._new.items()):
                if self.store.accounts.learn_owner(Account(platform, handle), owner_id):
                    del self._new[platform, handle]

    def _known(self, account: Account, owner_id: str) -> Account:
        found = self.store.accounts.owners(account.platform, [owner_id]) if self.store else {}
        known = found.get(owner_id)
        if known is None or known.handle == account.handle:
            return account
        watched = {(one.platform, one.handle): one for one in self.watched}
        if (known.platform, known.handle) in watched:
            return watched[known.platform, known.handle]
        taken = self.store is not None and self.store.accounts.owner_of(account) not in ("", owner_id)
        if account in self.watched and not taken and self.store and not self.dry_run:
            try:
                self.store.accounts.rename_owner(account, owner_id)
            except StoreError:  # stored under both names: the one that is known goes on
                return known
            self.renamed.setdefault(known.name, account.name)
            return account
        return known

    def _told_apart(self, account: Account, owner_id: str) -> None:
        key = (account.platform, account.handle)
        if key not in self._owners:
            stored = self.store.accounts.owner_of(account) if self.store else ""
            self._owners[key] = stored or owner_id
            if not stored:
                self._new[key] = owner_id
        if self._owners[key] != owner_id:
            raise CrawlError(
                f"{account.name} is of owner {self._owners[key]}, and this is of {owner_id}: the name "
                f"changed hands, or is another's",
                kind="another_owner",
                where=account.name,
            )

    def _placed(self, account: Account, one: Ready, holder: Account | None) -> Homed:
        if holder is None or holder.handle == account.handle:
            return Homed(account, one, stored=holder is not None)
        watched = {(known.platform, known.handle): known for known in self.watched}
        holder = watched.get((holder.platform, holder.handle), holder)
        try:
            if one.owner_id:
                self._told_apart(holder, one.owner_id)
        except CrawlError as error:
            return Homed(account, one, error=error)
        self.renamed.setdefault(account.name, holder.name)
        return Homed(holder, one, stored=True)
