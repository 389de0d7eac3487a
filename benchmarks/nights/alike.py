"""Two stores as they can be compared: every table's rows, without what the clock and the order of work
decide.

Left out: when something was seen, judged or recorded, not whether; runs; the numbers that rows get in the
order in which they are stored (what refers to such a number is followed to the row it means); the counter by
which changed fingerprints are taken up again; the stamp under which something was judged (it names the
readers that missed their control, as one may on a busy machine; what it came to is compared); the dates in
headers, and how much of a limit is used by then; how many runs met the same problem. Everything else
is compared, and so is the media folder, file by file.
"""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, create_engine, select

from benchmarks.nights.check import files_of
from benchmarks.nights.house import House
from storage.tables.base import UtcTime
from storage.tables.every import METADATA

OF_THE_RUN = frozenset({"runs", "counters", "alembic_version"})
KEPT_TIMES = frozenset({"posted_at", "high_water"})  # what the platform says, not when we looked
LEFT_OUT = frozenset(
    {
        *(("files", "fingerprinted"), ("problems", "run"), ("problems", "content"), ("captures", "digest")),
        ("media_items", "judged"),
    }
)
CHANGING = frozenset({"date", "retry-after", "x-app-usage", "x-business-use-case-usage"})  # headers
State = dict[str, Counter[str]]


def state_of(house: House) -> State:
    """Table → its rows as text, how many times each; "media": the folder's files."""
    engine = create_engine(f"sqlite:///{house.database}")
    try:
        with engine.connect() as connection:
            reading = _Reading(connection)
            found = {
                name: reading.rows(table) for name, table in METADATA.tables.items() if name not in OF_THE_RUN
            }
            found["problems"] = Counter(set(found["problems"]))  # each run records what it meets
    finally:
        engine.dispose()
    return {**found, "media": Counter(str(path.relative_to(house.media)) for path in files_of(house.media))}


def differences(one: State, other: State) -> list[str]:
    """Sentences; none where both are alike."""
    return [
        f"{name}: {what} {text[:600]}"
        for name in one
        for what, left in (
            ("only undisturbed", one[name] - other[name]),
            ("only after the kill", other[name] - one[name]),
        )
        for text in sorted(left)[:3]
    ]


class _Reading:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.meant: dict[str, dict[object, object]] = {}  # table → its key → what the row is

    def rows(self, table: Table) -> Counter[str]:
        return Counter(
            json.dumps(self._plain(table, row), default=_text, sort_keys=True) for row in self._all(table)
        )

    def _all(self, table: Table) -> list[Row[Any]]:
        return list(self.connection.execute(select(table)))

    def _plain(self, table: Table, row: Row[Any]) -> dict[str, object]:
        plain: dict[str, object] = {}
        for column in table.columns:
            value: object = row._mapping[column]
            numbered = column.primary_key and column.name == "id"
            timed = isinstance(column.type, UtcTime) and column.name not in KEPT_TIMES
            if numbered or (table.name, column.name) in LEFT_OUT:
                continue
            if timed:
                plain[column.name] = value is not None
                continue
            key = next((one for one in column.foreign_keys if one.column.name in ("id", "digest")), None)
            plain[column.name] = self._meaning(key.column.table, value) if key else _still(column.name, value)
        return plain

    def _meaning(self, table: Table, key: object) -> object:
        if table.name not in self.meant:
            self.meant[table.name] = {}
            (column,) = table.primary_key.columns
            self.meant[table.name] = {
                row._mapping[column]: self._name(table, row) for row in self._all(table)
            }
        return self.meant[table.name].get(key)

    def _name(self, table: Table, row: Row[Any]) -> object:
        """What a row is called by others: its account, post, version or place, not all that it says."""
        said = self._plain(table, row)
        short: dict[str, Callable[[], object]] = {
            "accounts": lambda: [said["platform"], said["handle"]],
            "posts": lambda: [said["account_id"], said["key"]],
            "versions": lambda: [said["post_id"], said["number"]],
            "media_items": lambda: [said["version_id"], said["position"]],
            "findings": lambda: [said["post_id"], said["position"], said["sha256"]],
            "captures": lambda: [said["url_asked"], said["status"], said["sha256"]],
        }
        return short.get(table.name, lambda: said)()


def _still(name: str, value: object) -> object:
    if name == "headers" and isinstance(value, list):
        return [pair for pair in value if pair[0] not in CHANGING]
    return value


def _text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def temporaries(media: Path) -> int:
    return len(list((media / ".tmp").iterdir())) if (media / ".tmp").is_dir() else 0
