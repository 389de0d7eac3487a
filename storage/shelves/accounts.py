"""Accounts and what earlier nights learned about them and about single URLs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select, update

from storage.crawled import AccountState, Validators
from storage.records import Account
from storage.shelves.batches import chunks
from storage.shelves.writing import upsert
from storage.tables.base import AnyRow
from storage.tables.watched import AccountRow, ValidatorRow
from storage.text import key

_FIND = select(AccountRow.id).where(
    AccountRow.platform == bindparam("platform"), AccountRow.handle == bindparam("handle")
)
_NOTHING_LEARNED: dict[str, Any] = {
    "stable_id": "",
    "endpoint": "",
    "high_water": None,
    "last_success": None,
    "owner_id": "",
    "doubt": "",
}


def is_account(account: Account) -> ColumnElement[bool]:
    return and_(AccountRow.platform == account.platform, AccountRow.handle == account.handle)


def find(connection: Connection, account: Account) -> int | None:
    return connection.execute(_FIND, {"platform": account.platform, "handle": account.handle}).scalar()


def ensure(connection: Connection, account: Account) -> int:
    """The account's row, made where there is none. One that is there stays as it is."""
    found = find(connection, account)
    if found is not None:
        return found
    statement = upsert(connection, AccountRow, ("platform", "handle"))
    connection.execute(statement, {**_described(account), **_NOTHING_LEARNED})
    return connection.execute(select(AccountRow.id).where(is_account(account))).scalar_one()


def _described(account: Account) -> dict[str, Any]:
    return {
        "platform": account.platform,
        "handle": account.handle,
        "retailer": account.retailer,
        "country": account.country,
        "service": account.service,
        "tags": list(account.tags),
    }


def record(row: AnyRow) -> Account:
    """An account from a row that has its columns."""
    return Account(row.platform, row.handle, row.retailer, row.country, row.service, tuple(row.tags))


COLUMNS = (
    AccountRow.platform,
    AccountRow.handle,
    AccountRow.retailer,
    AccountRow.country,
    AccountRow.service,
    AccountRow.tags,
)


def state(connection: Connection, account: Account) -> AccountState:
    row = connection.execute(
        select(
            *(AccountRow.stable_id, AccountRow.endpoint, AccountRow.high_water, AccountRow.last_success),
            AccountRow.doubt,
        ).where(is_account(account))
    ).first()
    return AccountState() if row is None else AccountState(*row)


def save_state(connection: Connection, account: Account, learned: AccountState) -> None:
    row_id = ensure(connection, account)
    connection.execute(
        update(AccountRow)
        .where(AccountRow.id == row_id)
        .values(
            **_described(account),
            stable_id=learned.stable_id,
            endpoint=learned.endpoint,
            high_water=learned.high_water,
            last_success=learned.last_success,
            doubt=learned.doubt,
        )
    )


def validators(connection: Connection, urls: Sequence[str]) -> Mapping[str, Validators]:
    """Of those of these that a server said something about."""
    asked = {key(url): url for url in urls}
    found: dict[str, Validators] = {}
    for part in chunks(sorted(asked)):
        query = select(
            ValidatorRow.key,
            *(ValidatorRow.etag, ValidatorRow.last_modified, ValidatorRow.sha256, ValidatorRow.checked_at),
        ).where(ValidatorRow.key.in_(part))
        for row in connection.execute(query):
            found[asked[row.key]] = Validators(row.etag, row.last_modified, row.sha256, row.checked_at)
    return found


def save_validators(connection: Connection, url: str, said: Validators) -> None:
    values = {"url": url, "etag": said.etag, "last_modified": said.last_modified, "sha256": said.sha256}
    columns = ("url", "etag", "last_modified", "sha256", "checked_at")
    statement = upsert(connection, ValidatorRow, ("key",), columns)
    connection.execute(statement, {"key": key(url), **values, "checked_at": said.checked_at})


def save_checked(connection: Connection, urls: Sequence[str], at: datetime) -> None:
    for part in chunks(sorted({key(url) for url in urls})):
        connection.execute(update(ValidatorRow).where(ValidatorRow.key.in_(part)).values(checked_at=at))
