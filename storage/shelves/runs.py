"""Runs, and what went wrong in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, and_, or_, select, update

from storage.records import Failure
from storage.shelves.writing import upsert
from storage.tables.watched import ProblemRow, RunRow
from storage.text import digest


@dataclass(frozen=True, slots=True)
class RunRecord:
    run: str
    started: datetime
    ended: datetime | None
    summary: Mapping[str, object]


def start(connection: Connection, run: str, at: datetime) -> None:
    connection.execute(
        upsert(connection, RunRow, ("run",)).values(run=run, started=at, ended=None, summary={})
    )


def end(connection: Connection, run: str, at: datetime, summary: Mapping[str, object]) -> None:
    start(connection, run, at)  # a run that nobody started began and ended at once
    connection.execute(update(RunRow).where(RunRow.run == run).values(ended=at, summary=dict(summary)))


def latest(
    connection: Connection, limit: int, before: tuple[datetime, str] | None = None
) -> Sequence[RunRecord]:
    """Newest first; behind the one that began then and is called so."""
    query = select(RunRow.run, RunRow.started, RunRow.ended, RunRow.summary)
    if before is not None:
        at, run = before
        query = query.where(or_(RunRow.started < at, and_(RunRow.started == at, RunRow.run < run)))
    rows = connection.execute(query.order_by(RunRow.started.desc(), RunRow.run.desc()).limit(limit))
    return [RunRecord(*row) for row in rows]


def record_problem(connection: Connection, run: str, failure: Failure, raw_sha256: str) -> None:
    connection.execute(
        upsert(connection, ProblemRow, ("run", "content")).values(
            run=run,
            content=digest((failure.kind, failure.message, failure.where, raw_sha256)),
            recorded_at=datetime.now(UTC),
            kind=failure.kind,
            message=failure.message,
            where=failure.where,
            raw_sha256=raw_sha256,
        )
    )


def problems(connection: Connection, run: str) -> Sequence[tuple[Failure, str]]:
    rows = connection.execute(select(ProblemRow).where(ProblemRow.run == run).order_by(ProblemRow.id))
    return [(Failure(row.kind, row.message, row.where), row.raw_sha256) for row in rows]
