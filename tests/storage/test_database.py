"""Transactions of the database: which reads see the same state."""

from contextlib import ExitStack
from pathlib import Path

from sqlalchemy.pool import QueuePool

from storage.database import Database, make_engine, parse
from storage.records import Review, ReviewDecision
from storage.store import Store
from tests.storage.samples import NOW
from tests.storage.test_inbox import found


def test_reads_of_one_state_see_nothing_that_others_write_meanwhile(
    store: Store, database: str, tmp_path: Path
) -> None:
    number = found(store, "a")
    other = Store.open(database, tmp_path / "other", create=False)
    with store.one_state():
        assert store.reviews(number) == []
        with store.one_state():  # within another one, it is that one
            other.add_review(Review(number, ReviewDecision.CONFIRMED, "ann", NOW))
            assert store.reviews(number) == []
    assert len(store.reviews(number)) == 1
    other.close()


def test_what_is_written_within_one_state_is_written(store: Store) -> None:
    number = found(store, "a")
    with store.one_state():
        assert store.reviews(number) == []
        store.add_review(Review(number, ReviewDecision.CONFIRMED, "ann", NOW))
    assert len(store.reviews(number)) == 1


def test_a_file_is_at_hand_while_a_connection_is_left(tmp_path: Path) -> None:
    """Whoever asks without waiting (desk/web/turns.py) must not wait for those who wait to write."""
    database = Database(make_engine(parse(f"sqlite:///{tmp_path}/a.db")))
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)

    def at_hand() -> bool:
        return database.is_at_hand

    with ExitStack() as held:
        for _ in range(pool.size()):
            assert at_hand()
            held.enter_context(database.engine.connect())
        assert not at_hand()
    assert at_hand()
    database.close()
