"""Looks and people's words about whether accounts are the retailer's, append-only, and what holds of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from storage.errors import StoreError
from storage.records import Account
from storage.shelves import accounts
from storage.shelves.batches import chunks
from storage.tables.base import AnyRow
from storage.tables.watched import AccountRow, VerificationRow
from storage.text import clean_document
from storage.verification import (
    Direction,
    Glance,
    Look,
    Outcome,
    Standing,
    Verification,
    standing_of,
    words_standing,
)


def add(connection: Connection, account: Account, given: Verification) -> None:
    account_id = accounts.ensure(connection, account)
    connection.execute(select(AccountRow.id).where(AccountRow.id == account_id).with_for_update())
    if given.outcome is Outcome.UNDO and not words_standing(of_account(connection, account)):
        raise StoreError(
            "nobody's word stands that could be taken back", kind="nothing_to_undo", where=account.name
        )
    connection.execute(
        insert(VerificationRow).values(
            account_id=account_id,
            outcome=given.outcome,
            at=given.at,
            ids=clean_document(list(given.ids)),
            by=given.by,
            note=given.note,
            reason=given.reason,
            website=given.website,
            glances=clean_document([_document(one) for one in given.glances]),
        )
    )


def of_account(connection: Connection, account: Account) -> Sequence[Verification]:
    """All that were ever given, oldest first."""
    account_id = accounts.find(connection, account)
    return () if account_id is None else _given(connection, [account_id]).get(account_id, [])


def standings(connection: Connection, now: datetime) -> Mapping[tuple[str, str], Standing]:
    """By platform and handle, of every account the store knows."""
    rows = connection.execute(
        select(AccountRow.id, AccountRow.platform, AccountRow.handle, AccountRow.stable_id)
    ).all()
    given = _given(connection, [row.id for row in rows])
    return {
        (row.platform, row.handle): standing_of(given.get(row.id, []), row.stable_id, now) for row in rows
    }


def of_accounts(connection: Connection, ids: Sequence[int], now: datetime) -> Mapping[int, Standing]:
    """By the account's row."""
    wanted = sorted(set(ids))
    given = _given(connection, wanted)
    found: dict[int, Standing] = {}
    for part in chunks(wanted):
        for account_id, stable_id in connection.execute(_STABLE_IDS, {"accounts": part}):
            found[account_id] = standing_of(given.get(account_id, []), stable_id, now)
    return found


_STABLE_IDS = select(AccountRow.id, AccountRow.stable_id).where(
    AccountRow.id.in_(bindparam("accounts", expanding=True))
)
_GIVEN = (
    select(VerificationRow)
    .where(VerificationRow.account_id.in_(bindparam("accounts", expanding=True)))
    .order_by(VerificationRow.id)
)


def _given(connection: Connection, ids: Sequence[int]) -> Mapping[int, list[Verification]]:
    given: defaultdict[int, list[Verification]] = defaultdict(list)
    for part in chunks(ids):
        for row in connection.execute(_GIVEN, {"accounts": part}):
            given[row.account_id].append(_record(row))
    return given


def _record(row: AnyRow) -> Verification:
    return Verification(
        outcome=row.outcome,
        at=row.at,
        ids=tuple(row.ids),
        by=row.by,
        note=row.note,
        reason=row.reason,
        website=row.website,
        glances=tuple(_glance(one) for one in row.glances),
    )


def _document(one: Glance) -> dict[str, str]:
    return {
        "direction": one.direction.value,
        "look": one.look.value,
        "where": one.where,
        "quote": one.quote,
        "reason": one.reason,
        "sha256": one.sha256,
    }


def _glance(document: Mapping[str, Any]) -> Glance:
    return Glance(
        direction=Direction(document["direction"]),
        look=Look(document["look"]),
        where=document["where"],
        quote=document["quote"],
        reason=document["reason"],
        sha256=document["sha256"],
    )
