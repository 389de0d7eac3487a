"""One account that is stored under two names becomes one, and an owner's number that is wrong is mended.

What was learned of the name that goes is taken over where the other lacks it; two that the platform itself
tells apart are never joined.
"""

from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from storage.errors import StoreError
from storage.records import Account
from storage.shelves import accounts, doubles, listing
from storage.tables.base import AnyRow
from storage.tables.desk import InboxRow
from storage.tables.published import PostRow
from storage.tables.watched import AccountRow, VerificationRow

NIGHTS = ("stable_id", "endpoint", "high_water", "last_success")  # what they learn hangs together
IMPORTS = ("owner_id",)


def twice(connection: Connection, one: int, other: int) -> int:
    """How many posts are stored under both."""
    ours = select(PostRow.key).where(PostRow.account_id == other)
    query = select(func.count()).where(PostRow.account_id == one, PostRow.key.in_(ours))
    return int(connection.execute(query).scalar_one())


def move(connection: Connection, gone: int, stays: int) -> int:
    """All that hangs on the row that goes; how many posts that is. They are stored under one of the two."""
    posts = connection.execute(update(PostRow).where(PostRow.account_id == gone).values(account_id=stays))
    for table in (VerificationRow, InboxRow):
        connection.execute(update(table).where(table.account_id == gone).values(account_id=stays))
    listing.begin_anew(connection)
    connection.execute(delete(AccountRow).where(AccountRow.id == gone))
    return int(posts.rowcount)


def join(connection: Connection, account: Account, into: Account) -> int:
    """What is stored of the account goes on under the other's name: how many posts; those that are stored
    under both and say the same are one from then on. Raises StoreError: "no_account", "same_account",
    "another_account" (the platform calls them by different ids), "account_twice"."""
    if account.name == into.name or account.platform != into.platform:
        message = f"{account.name} and {into.name}: two names of one platform's account are joined"
        raise StoreError(message, kind="same_account", where=account.name)
    gone, stays = _row(connection, account), _row(connection, into)
    learned: dict[str, Any] = {}
    for names in (NIGHTS, IMPORTS):
        ours, theirs = getattr(gone, names[0]), getattr(stays, names[0])
        if ours and theirs and ours != theirs:
            raise StoreError(
                f"{account.name} is {ours} to the platform, and {into.name} is {theirs}: two accounts"
                f"{', unless one number is wrong (accounts owner)' if names is IMPORTS else ''}",
                kind="another_account",
                where=account.name,
            )
        if ours and not theirs:
            learned |= {name: getattr(gone, name) for name in names}
    same = doubles.merge(connection, gone.id, stays.id)
    if both := twice(connection, gone.id, stays.id):
        message = (
            f"{both} posts are stored under both names and say different things, or there is a finding of "
            f"them under {account.name}: which version goes cannot be told"
        )
        raise StoreError(message, kind="account_twice", where=account.name)
    if learned:
        connection.execute(update(AccountRow).where(AccountRow.id == stays.id).values(**learned))
    return same + move(connection, gone.id, stays.id)


def set_owner(connection: Connection, account: Account, owner_id: str) -> str:
    """The number that imports know the account by; "" for none. What it was before. Raises StoreError:
    "no_account", "another_account" where another account has this number."""
    row = _row(connection, account)
    query = select(*accounts.COLUMNS).where(
        AccountRow.platform == account.platform,
        AccountRow.owner_id == owner_id,
        AccountRow.id != row.id,
    )
    other = connection.execute(query.limit(1)).first() if owner_id else None
    if other is not None:
        name = accounts.record(other).name
        raise StoreError(
            f"{owner_id} is {name}: join the two, or mend that one first",
            kind="another_account",
            where=account.name,
        )
    connection.execute(update(AccountRow).where(AccountRow.id == row.id).values(owner_id=owner_id))
    return str(row.owner_id)


def _row(connection: Connection, account: Account) -> AnyRow:
    query = select(
        AccountRow.id,
        AccountRow.stable_id,
        AccountRow.endpoint,
        AccountRow.high_water,
        AccountRow.last_success,
        AccountRow.owner_id,
    )
    row = connection.execute(query.where(accounts.is_account(account)).with_for_update()).first()
    if row is None:
        message = f"{account.name}: nothing is stored under this name"
        raise StoreError(message, kind="no_account", where=account.name)
    return row
