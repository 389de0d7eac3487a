"""Receipts: what was erased, when, by whom. Each holds the digest of the one before, so that none can be left
out or changed unseen."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select, update

from storage.keeping import Receipt
from storage.shelves.counters import hold
from storage.tables.base import AnyRow
from storage.tables.taken_out import ErasureRow, ReceiptRow
from storage.text import clean_document

RECEIPTS = "receipts"
DIGEST = "digest"


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 over the document without its own digest: JSON in UTF-8, keys sorted, no blanks."""
    bare = {name: value for name, value in document.items() if name != DIGEST}
    return hashlib.sha256(orjson.dumps(bare, option=orjson.OPT_SORT_KEYS)).hexdigest()


def write(connection: Connection, erasure: int, document: Mapping[str, Any], at: datetime) -> Receipt:
    """The erasure is done with it."""
    hold(connection, RECEIPTS)
    last = every(connection)[-1:]
    number = last[0].number + 1 if last else 1
    previous = last[0].digest if last else ""
    whole = clean_document({"receipt": number, **document, "previous": previous})
    told = {**whole, DIGEST: digest_of(whole)}
    values = {"number": number, "at": at, "digest": told[DIGEST], "previous": previous, "document": told}
    connection.execute(insert(ReceiptRow).values(**values))
    done = update(ErasureRow).where(ErasureRow.id == erasure)
    connection.execute(done.values(step="done", told={"receipt": number}, reason=""))
    return one(connection, number)


def one(connection: Connection, number: int) -> Receipt:
    return _record(connection.execute(select(ReceiptRow).where(ReceiptRow.number == number)).one())


def every(connection: Connection) -> Sequence[Receipt]:
    """Oldest first."""
    return [_record(row) for row in connection.execute(select(ReceiptRow).order_by(ReceiptRow.number))]


def _record(row: AnyRow) -> Receipt:
    return Receipt(row.number, row.at, row.digest, row.previous, row.document)


def breaks(receipts: Sequence[Receipt]) -> Iterator[str]:
    """Where the chain does not hold."""
    before = ""
    for expected, receipt in enumerate(receipts, start=1):
        if receipt.number != expected:
            yield f"receipt {expected} is missing"
            return
        if digest_of(receipt.document) != receipt.digest or receipt.document.get(DIGEST) != receipt.digest:
            yield f"receipt {receipt.number} was changed in the store"
        if receipt.previous != before or receipt.document.get("previous") != before:
            yield f"receipt {receipt.number} does not follow the one before it"
        before = receipt.digest
