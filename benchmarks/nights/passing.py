"""Nights of a trial follow each other by minutes; a program that knows by its clock whether a night is the
same one still is shown a day in between."""

from datetime import timedelta

from sqlalchemy import create_engine, inspect, select, update

from storage.tables.published import PostRow, VersionRow
from storage.tables.watched import AccountRow, ValidatorRow

DAY = timedelta(days=1)
WHEN = (PostRow.first_seen, VersionRow.seen_at, AccountRow.last_success, ValidatorRow.checked_at)


def a_day_passes(database: str) -> None:
    """When things were seen lies a day further back; nothing where there is no database yet. `database`: its
    URL."""
    engine = create_engine(database)
    try:
        if not inspect(engine).has_table(PostRow.__tablename__):
            return
        with engine.begin() as connection:
            for column in WHEN:
                table = column.class_.__table__
                for moment in connection.execute(select(column).distinct()).scalars().all():
                    if moment is not None:
                        earlier = {column.key: moment - DAY}
                        connection.execute(update(table).where(column == moment).values(earlier))
    finally:
        engine.dispose()
