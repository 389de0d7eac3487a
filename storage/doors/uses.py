"""`store.uses`: where twins are shown, and what people settled about it."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from storage.database import Database
from storage.records import Finding
from storage.shelves import findings, uses
from storage.uses import Settlement


class Uses:
    def __init__(self, database: Database) -> None:
        self._database = database

    def settlements(self) -> Sequence[Settlement]:
        """Uses that people have settled as licensed, and have not taken back."""
        return self._database.read(uses.settlements)

    def of_twins(self, twins: Collection[str]) -> Iterator[tuple[Finding, datetime]]:
        """The findings whose pictures match a registered picture of one of these twins, newest first, each
        with the time of its first answer. A picture that only shares a scene with one is among them: what a
        finding says of the twin is in its verdict."""
        before: int | None = None
        while batch := self._database.read(findings.showing, sorted(twins), before):
            yield from batch
            before = batch[-1][0].id
