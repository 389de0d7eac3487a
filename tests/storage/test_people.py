"""Users of the desk, links that work once, sessions, failed logins; and the record of what they did."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from storage.database import make_engine, parse
from storage.errors import DeskError
from storage.people import Role
from storage.store import Store
from storage.tables.desk import AuditRow
from tests.storage.samples import NOW, later, sha


def test_a_user_is_one_of_a_name(store: Store) -> None:
    user = store.people.add("ann", Role.REVIEWER, "", NOW)
    assert store.people.one("ann") == user
    assert (user.role, user.has_password, user.disabled_at) == (Role.REVIEWER, False, None)
    with pytest.raises(DeskError, match="already"):
        store.people.add("ann", Role.READER, "", NOW)
    with pytest.raises(DeskError, match="no user 'eve'"):
        store.people.one("eve")


def test_without_a_password_nobody_logs_in(store: Store) -> None:
    user = store.people.add("ann", Role.READER, "", NOW)
    assert store.people.password("ann") is None
    store.people.set_password(user.id, "hash")
    found = store.people.password("ann")
    assert found
    assert (found[0].name, found[1], found[0].has_password) == ("ann", "hash", True)
    store.people.disable("ann", NOW)
    assert store.people.password("ann") is None
    store.people.disable("ann", None)
    assert store.people.password("ann")


def test_a_link_works_once_and_for_a_while(store: Store) -> None:
    user = store.people.add("ann", Role.READER, "", NOW)
    store.people.make_link(user.id, sha("old"), later(1))
    store.people.make_link(user.id, sha("new"), later(1))
    assert not store.people.link_holds(sha("old"), NOW)  # another one took its place
    assert store.people.use_link(sha("new"), "hash", later(1)) is None  # too late
    used = store.people.use_link(sha("new"), "hash", later(0.5))
    assert used
    assert used.name == "ann"
    assert store.people.use_link(sha("new"), "other", later(0.5)) is None
    found = store.people.password("ann")
    assert found
    assert found[1] == "hash"


def test_a_session_ends_when_it_is_ended_and_with_its_user(store: Store) -> None:
    user = store.people.add("ann", Role.READER, "", NOW)
    for name in ("one", "two"):
        store.people.begin(user.id, sha(name), NOW)
    one = store.people.session(sha("one"))
    assert one
    assert (one.user.name, one.began_at, one.seen_at) == ("ann", NOW, NOW)
    store.people.touch(one.id, later(1))
    again = store.people.session(sha("one"))
    assert again
    assert again.seen_at == later(1)
    store.people.end(one.id, later(1))
    assert store.people.session(sha("one")) is None
    assert store.people.session(sha("two"))
    store.people.disable("ann", later(2))
    assert store.people.session(sha("two")) is None
    assert store.people.session(sha("three")) is None


def test_a_new_password_ends_all_sessions(store: Store) -> None:
    user = store.people.add("ann", Role.READER, "", NOW)
    store.people.begin(user.id, sha("one"), NOW)
    store.people.make_link(user.id, sha("link"), later(1))
    store.people.use_link(sha("link"), "hash", NOW)
    assert store.people.session(sha("one")) is None


def test_failed_logins_are_counted_by_name_and_by_origin(store: Store) -> None:
    for name, origin, days in (("ann", "a", 0), ("ann", "b", 0.1), ("eve", "a", 0.1), ("ann", "a", 9)):
        store.people.failed(name, origin, later(days), timedelta(days=20))
    assert store.people.failures("ann", "a", later(-1)) == (3, 3)
    assert store.people.failures("ann", "a", later(5)) == (1, 1)
    store.people.succeeded("ann")
    assert store.people.failures("ann", "a", later(-1)) == (0, 1)
    store.people.failed("eve", "c", later(40), timedelta(days=20))
    assert store.people.failures("eve", "a", later(-1)) == (1, 0)  # the old ones are forgotten


# --- the record ---------------------------------------------------------------------------------------------


@pytest.fixture
def told(store: Store) -> Store:
    for number in range(4):
        store.audit.append(
            later(number), "ann", "decided", f"finding {number}", {"é": [number, None], "a": "x"}
        )
    return store


def test_lines_are_chained(told: Store) -> None:
    newest, *_, oldest = told.audit.latest()
    assert (newest.about, oldest.before) == ("finding 3", "0" * 64)
    assert [one.about for one in told.audit.latest(before=newest.id, limit=2)] == ["finding 2", "finding 1"]
    assert newest.detail == {"é": [3, None], "a": "x"}
    assert told.audit.broken() is None


@pytest.mark.parametrize("column", ["who", "about", "at", "detail"])
def test_a_line_that_was_altered_is_noticed(told: Store, database: str, column: str) -> None:
    values = {"who": "eve", "about": "finding 9", "at": later(99), "detail": {"a": "y"}}
    line = told.audit.latest()[2].id
    engine = make_engine(parse(database))
    with engine.begin() as connection:
        connection.execute(update(AuditRow).where(AuditRow.id == line).values({column: values[column]}))
    engine.dispose()
    assert told.audit.broken() == line


def test_a_line_that_was_taken_out_is_noticed(told: Store, database: str) -> None:
    last, before, *_ = told.audit.latest()
    engine = make_engine(parse(database))
    with engine.begin() as connection:
        connection.execute(delete(AuditRow).where(AuditRow.id == before.id))
    engine.dispose()
    assert told.audit.broken() == last.id


@pytest.mark.parametrize("many", [1, 4])
def test_lines_that_were_cut_off_are_noticed(told: Store, database: str, many: int) -> None:
    newest = told.audit.latest()
    engine = make_engine(parse(database))
    with engine.begin() as connection:
        connection.execute(delete(AuditRow).where(AuditRow.id > newest[0].id - many))
    engine.dispose()
    assert told.audit.broken() == (newest[many].id + 1 if many < len(newest) else 1)
