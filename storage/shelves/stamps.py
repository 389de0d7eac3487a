"""Under which bank were files matched? A bank that grows changes its stamp; what each stamp stood for is
kept, so that only the difference need be matched.

Files carry a short key, and a bank's row says which stamp the key stands for today. So a million files get a
new stamp by renaming their key, in one row. A key is made once and never again: a bank that comes back to an
earlier state (a picture withdrawn and restored) is not taken for what the key stood for then.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, exists, func, select, true, update

from storage.shelves.counters import BANKS, take
from storage.shelves.writing import upsert
from storage.tables.examined import BankRow, FileRow
from storage.text import stamp_key

_UNKNOWN = "unknown:"  # a stamp that no bank was remembered for, by its key
_NO_FILES = "-"  # a key that no file carries: not "", which stands for "not yet"


def key_of(connection: Connection, stamp: str) -> str:
    """The key to stamp files with, made where there is none."""
    found = _find(connection, stamp)
    if found is not None:
        return found
    (number,) = take(connection, BANKS)
    fresh = {"stamp": stamp_key(f"{number} {stamp}"), "name": stamp, "members": None}
    connection.execute(upsert(connection, BankRow, ("name",)), fresh)
    return connection.execute(select(BankRow.stamp).where(BankRow.name == stamp)).scalar_one()


def key_asked_for(connection: Connection, stamp: str) -> str:
    """The key that files carry, by a stamp as `stamped_files` names it."""
    if not stamp:
        return ""
    if stamp.startswith(_UNKNOWN):
        return stamp.removeprefix(_UNKNOWN)
    return _find(connection, stamp) or _NO_FILES


def _find(connection: Connection, stamp: str) -> str | None:
    return connection.execute(select(BankRow.stamp).where(BankRow.name == stamp)).scalar()


def stamped_files(connection: Connection) -> Mapping[str, int]:
    """From the index alone; only files that were never matched are looked at for whether they were
    examined."""
    collected = FileRow.collected == true()
    counted = select(FileRow.matched, func.count()).where(collected, FileRow.matched > "")
    found = dict(connection.execute(counted.group_by(FileRow.matched)).all())
    waiting = select(func.count()).where(collected, FileRow.matched == "", FileRow.staged != "")
    never = connection.execute(waiting).scalar_one()
    names = dict(connection.execute(select(BankRow.stamp, BankRow.name)).all())
    named = {names.get(key, _UNKNOWN + key): count for key, count in found.items()}
    return {**named, "": never} if never else named


def restamp(connection: Connection, old: str, new: str) -> int:
    """The key that more files carry stands for the new stamp from now on; the files of the other one follow
    it."""
    if not old or not new:
        raise ValueError("what was never matched cannot be stamped")
    before, after = key_asked_for(connection, old), key_of(connection, new)
    if before == after:
        return 0
    members = connection.execute(select(BankRow.members).where(BankRow.stamp == after)).scalar()
    moved, there = _count(connection, before), _count(connection, after)
    if not moved:
        return 0
    few, many = (before, after) if moved <= there else (after, before)
    connection.execute(
        update(FileRow).where(FileRow.collected == true(), FileRow.matched == few).values(matched=many)
    )
    connection.execute(delete(BankRow).where(BankRow.stamp.in_((before, after))))
    connection.execute(
        upsert(connection, BankRow, ("stamp",)), {"stamp": many, "name": new, "members": members}
    )
    return moved


def _count(connection: Connection, key: str) -> int:
    query = select(func.count()).where(FileRow.collected == true(), FileRow.matched == key)
    return connection.execute(query).scalar_one()


def remember(connection: Connection, stamp: str, members: Mapping[str, str]) -> None:
    """Banks that no file carries the key of any more are forgotten: nothing can be made of them."""
    key = key_of(connection, stamp)
    carried = exists().where(FileRow.collected == true(), FileRow.matched == BankRow.stamp)
    connection.execute(delete(BankRow).where(BankRow.stamp != key, ~carried))
    connection.execute(update(BankRow).where(BankRow.stamp == key).values(members=dict(members)))


def members(connection: Connection, stamp: str) -> Mapping[str, str] | None:
    return connection.execute(select(BankRow.members).where(BankRow.name == stamp)).scalar()
