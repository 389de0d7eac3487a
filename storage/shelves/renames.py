"""One account under several names: it keeps its row, its posts and its number, whatever it is called.

Known again by what the platform calls it itself: `stable_id` in nights, `owner_id` in imports.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, select, update

from storage.errors import StoreError
from storage.records import Account
from storage.shelves import accounts, joining
from storage.shelves.batches import chunks
from storage.tables.base import AnyRow
from storage.tables.published import PostRow
from storage.tables.watched import AccountRow
from storage.text import key


def known_as(
    connection: Connection, account: Account, stable_id: str, endpoint: str | None
) -> Account | None:
    """The account that has this id and another handle. `endpoint`: its id is one of its server's alone."""
    row = _namesake(connection, account, stable_id, endpoint)
    return None if row is None else accounts.record(row)


def rename(connection: Connection, account: Account, stable_id: str, endpoint: str | None) -> Account | None:
    """Let the row that has this id go on under the account's handle; what it was called, None where there is
    none. Raises StoreError(kind="account_twice") where posts are stored under both."""
    return _go_on(connection, account, _namesake(connection, account, stable_id, endpoint))


def rename_owner(connection: Connection, account: Account, owner_id: str) -> Account | None:
    """Likewise, by the number of imports."""
    query = select(AccountRow).where(
        AccountRow.platform == account.platform,
        AccountRow.owner_id == owner_id,
        AccountRow.handle != account.handle,
    )
    row = connection.execute(query.order_by(AccountRow.id).limit(1).with_for_update()).first()
    return _go_on(connection, account, row if owner_id else None)


def _go_on(connection: Connection, account: Account, row: AnyRow | None) -> Account | None:
    if row is None:
        return None
    there = accounts.find(connection, account)
    if there is not None:
        _join(connection, there, row, account)
    connection.execute(update(AccountRow).where(AccountRow.id == row.id).values(handle=account.handle))
    return accounts.record(row)


def _namesake(
    connection: Connection, account: Account, stable_id: str, endpoint: str | None
) -> AnyRow | None:
    if not stable_id:
        return None
    query = select(AccountRow).where(
        AccountRow.platform == account.platform,
        AccountRow.stable_id == stable_id,
        AccountRow.handle != account.handle,
    )
    if endpoint is not None:
        query = query.where(AccountRow.endpoint == endpoint)
    return connection.execute(query.order_by(AccountRow.id).limit(1).with_for_update()).first()


def _join(connection: Connection, there: int, row: AnyRow, account: Account) -> None:
    """What an import stored under the new name before a night saw it goes to the row that stays."""
    if twice := joining.twice(connection, there, row.id):
        former = Account(row.platform, row.handle).name
        raise StoreError(
            f"{account.name} is {former} under another name, and {twice} posts are stored under both: "
            f"nothing more is stored until one of the two goes",
            kind="account_twice",
            where=account.name,
        )
    owner = connection.execute(select(AccountRow.owner_id).where(AccountRow.id == there)).scalar_one()
    if owner and not row.owner_id:
        connection.execute(update(AccountRow).where(AccountRow.id == row.id).values(owner_id=owner))
    joining.move(connection, there, row.id)


# --- imports ------------------------------------------------------------------------------------------------


def owners(connection: Connection, platform: str, owner_ids: Sequence[str]) -> Mapping[str, Account]:
    """By owner id: the accounts that are known by one of these. The first stored, where two have the same."""
    found: dict[str, Account] = {}
    for part in chunks(sorted(set(owner_ids) - {""})):
        query = select(AccountRow).where(AccountRow.platform == platform, AccountRow.owner_id.in_(part))
        for row in connection.execute(query.order_by(AccountRow.id.desc())):
            found[row.owner_id] = accounts.record(row)
    return found


def owner_of(connection: Connection, account: Account) -> str:
    query = select(AccountRow.owner_id).where(accounts.is_account(account))
    return connection.execute(query).scalar() or ""


def learn_owner(connection: Connection, account: Account, owner_id: str) -> bool:
    """Only where none is known: another one is another account. False where the account is not stored."""
    account_id = accounts.find(connection, account)
    if account_id is None:
        return False
    connection.execute(
        update(AccountRow)
        .where(AccountRow.id == account_id, AccountRow.owner_id == "")
        .values(owner_id=owner_id)
    )
    return True


def holders(connection: Connection, platform: str, post_ids: Sequence[str]) -> Mapping[str, Account]:
    """By post id: under which account it is stored. The first stored, where it is under two."""
    asked = {key(post_id): post_id for post_id in post_ids}
    found: dict[str, Account] = {}
    for part in chunks(sorted(_stored(connection, sorted(asked)))):
        query = (
            select(PostRow.key, *accounts.COLUMNS)
            .join(AccountRow, AccountRow.id == PostRow.account_id)
            .where(PostRow.key.in_(part), AccountRow.platform == platform)
            .order_by(PostRow.id.desc())
        )
        for row in connection.execute(query):
            found[asked[row.key]] = accounts.record(row)
    return found


def _stored(connection: Connection, keys: Sequence[str]) -> Collection[str]:
    """Those under which any account has a post: on a first import none, which a bare query says in a tenth of
    the time."""
    if connection.dialect.name != "sqlite":
        return keys
    found: set[str] = set()
    for part in chunks(keys):
        places = ", ".join("?" * len(part))
        text = f"SELECT key FROM posts WHERE key IN ({places})"  # noqa: S608 - no text of anybody's
        found.update(connection.exec_driver_sql(text, tuple(part)).scalars())
    return found
