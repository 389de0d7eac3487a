"""`store.terms`: the licences of twins. Nothing in them is ever edited."""

from collections.abc import Sequence

from sqlalchemy import Connection

from storage.consent import Consent, Ending
from storage.database import Database
from storage.shelves import terms


class Terms:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, consent: Consent) -> tuple[int, bool]:
        """Its number, and whether it is new: the same terms twice are one licence. With `supersedes` the
        earlier one ends the day before. Raises RegistryError, kinds "no_twin", "no_licence", "other_twin" and
        "no_time"."""
        return self._database.write(terms.add, consent)

    def add_all(self, consents: Sequence[Consent]) -> Sequence[tuple[int, bool]]:
        """All of them, or none. Raises as `add` does."""
        return self._database.write(_add_all, consents)

    def end(self, number: int, ending: Ending) -> Consent:
        """The licence as it stands then. Raises RegistryError(kind="no_licence")."""
        return self._database.write(terms.end, number, ending)

    def one(self, number: int) -> Consent:
        """Raises RegistryError(kind="no_licence")."""
        return self._database.read(terms.one, number)

    def endings(self, number: int) -> Sequence[Ending]:
        """All that was said about its end, oldest first."""
        return self._database.read(terms.endings, number)

    def all(self) -> Sequence[Consent]:
        """In the order in which they came; those ended say when."""
        return self._database.read(terms.every)


def _add_all(connection: Connection, consents: Sequence[Consent]) -> Sequence[tuple[int, bool]]:
    return [terms.add(connection, consent) for consent in consents]
