"""`store.inbox`: the findings as the desk lists them."""

from collections.abc import Mapping

from storage.database import Database
from storage.inbox import Choices, Page, Place, Sought
from storage.records import FindingStatus
from storage.shelves import inbox, listing


class Inbox:
    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, sought: Sought, after: Place | None = None, limit: int = 50) -> Page:
        """So many pictures, strongest first, each by its strongest finding among those sought. A page can be
        shorter, or empty, and have a next one: where one picture stands in thousands of posts."""
        return self._database.read(inbox.page, sought, after, limit)

    def counts(self, sought: Sought) -> Mapping[FindingStatus, int]:
        """How many findings there are of each status, whatever status is sought."""
        return self._database.read(inbox.counts, sought)

    def choices(self, scope: frozenset[str] | None = None) -> Choices:
        """What can be asked for. `scope`: of these twins alone."""
        return self._database.read(inbox.choices, scope)

    def may_see(self, finding_id: int, scope: frozenset[str] | None) -> bool:
        """Whether somebody who sees these twins alone (None: everything) may see this finding."""
        return self._database.read(inbox.may_see, finding_id, scope)

    def catch_up(self) -> int:
        """List the findings that are not listed yet, as after an upgrade; how many there were."""
        total = 0
        while done := self._database.write(listing.catch_up):
            total += done
        return total
