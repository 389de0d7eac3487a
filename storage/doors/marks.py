"""`store.marks`: the marks that users registered, to be looked for on pictures."""

from collections.abc import Sequence
from datetime import datetime

from storage.database import Database
from storage.marks import RegisteredMark
from storage.records import Saved
from storage.shelves import marks


class Marks:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, mark: RegisteredMark) -> Saved:
        """`CHANGED`: the same file under the same name, with other words or drawn otherwise, or withdrawn
        until now. Raises RegistryError, kinds "no_name", "no_drawing" and "other_picture" (the name stands
        for another file)."""
        return self._database.write(marks.add, mark)

    def withdraw(self, name: str, at: datetime) -> bool:
        """It is looked for no more. False if it was withdrawn before. Raises
        RegistryError(kind="no_mark")."""
        return self._database.write(marks.withdraw, name, at)

    def restore(self, name: str) -> bool:
        """False if it was not withdrawn. Raises RegistryError(kind="no_mark")."""
        return self._database.write(marks.withdraw, name, None)

    def all(self) -> Sequence[RegisteredMark]:
        """By name; those withdrawn say when."""
        return self._database.read(marks.every)
