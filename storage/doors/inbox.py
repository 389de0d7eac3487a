"""`store.inbox`: the findings as the desk lists them."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from storage.database import Database
from storage.inbox import Choices, Line, Page, Place, Sought
from storage.records import Finding, FindingStatus, StoredVersion
from storage.remembered import Remembered, this_hour
from storage.shelves import findings, inbox, lines, listing

if TYPE_CHECKING:
    from storage.listed import Listed

AT_ONCE = 200  # findings that are loaded together


class Inbox:
    def __init__(self, database: Database, remembered: Remembered) -> None:
        self._database = database
        self._remembered = remembered
        self._reading = threading.Lock()
        self._state: object = None
        self._list: Listed | None = None

    def lines(self, sought: Sought, after: Place | None = None, limit: int = 50) -> Page:
        """So many pictures, strongest first, each by its strongest finding among those sought."""
        return self._remembered.of(
            ("lines", sought, after, limit, this_hour()), lambda: self._lines(sought, after, limit)
        )

    def _lines(self, sought: Sought, after: Place | None, limit: int) -> Page:
        listed = self.listed()
        shown, behind = listed.page(sought, after, limit)
        others = listed.others(sought, shown)
        return Page(tuple(self._database.read(lines.lines, dict(shown), listed, others)), behind)

    def siblings(self, sought: Sought, limit: int) -> Sequence[Line]:
        """Lines as `lines` has them, of one picture's findings, without what is a repost and what is
        settled."""
        return self._remembered.of(
            ("siblings", sought, limit, this_hour()), lambda: self._siblings(sought, limit)
        )

    def _siblings(self, sought: Sought, limit: int) -> Sequence[Line]:
        listed = self.listed()
        shown, _ = listed.page(sought, None, limit)
        return self._database.read(lines.lines, dict(shown), listed, {}, brief=True)

    def some(self, sought: Sought, limit: int) -> Sequence[tuple[int, FindingStatus]]:
        """The strongest so many findings, copies of one picture too, and how each stands."""
        return self.listed().some(sought, limit)

    def listed(self) -> "Listed":
        """The list in memory as it is now. The first time, all of it is read: some seconds at a million
        findings."""
        from storage.listed import Listed  # noqa: PLC0415 - columns: commands that show no pages need none
        from storage.shelves import listed  # noqa: PLC0415

        state = self._database.state()
        with self._reading:
            if self._list is None or state is None or state != self._state:
                known = self._list if self._list is not None and state is not None else Listed()
                # The state was asked first: what changes meanwhile is read again.
                self._list = known.after(self._database.read(listed.changes, known.number, known.anew))
                self._state = state
            return self._list

    def finding(self, number: int, around: "Listed") -> Finding | None:
        """As `store.finding`, with what the list in memory knows of the posts of others."""
        if not 0 < number < 2**63:  # no number that a database holds
            return None
        found = self._database.read(findings.load, only=number, around=around)
        return found[0] if found else None

    def versions(self, numbers: Sequence[int]) -> Mapping[int, tuple[StoredVersion, ...]]:
        """Of each of these findings: all versions of its post, oldest first."""
        return self._database.read(findings.versions_of_each, numbers)

    def every(self, sought: Sought) -> Iterator[Finding]:
        """All that are sought, strongest first, each picture as often as it was published."""
        behind: Place | None = None
        while batch := self._database.read(inbox.some, sought, behind, AT_ONCE):
            behind = batch[-1][0]
            yield from (finding for _, finding in batch)

    def among(self, sought: Sought, numbers: Sequence[int]) -> frozenset[int]:
        """Those of these findings that are sought."""
        return frozenset(self._database.read(inbox.among, sought, numbers))

    def newest(self, sought: Sought, limit: int) -> Sequence[Finding]:
        """Those whose answer changed last, the last one first."""
        return self._database.read(inbox.newest, sought, limit)

    def walk(
        self, sought: Sought, after: Place | None = None, limit: int = 50, *, by_number: bool = False
    ) -> tuple[Sequence[Finding], Place | None]:
        """Every finding sought, copies of one picture too, strongest or (`by_number`) oldest first; and where
        the next page begins, None behind the last one."""
        return self._database.read(inbox.walk, sought, after, limit, by_number=by_number)

    def counts(self, sought: Sought) -> Mapping[FindingStatus, int]:
        """How many findings there are of each status, whatever status is sought."""
        return self.listed().counts(sought)

    def choices(self, scope: frozenset[str] | None = None) -> Choices:
        """What can be asked for. `scope`: of these twins alone."""
        return self.listed().choices(scope)

    def may_see(self, finding_id: int, scope: frozenset[str] | None) -> bool:
        """Whether somebody who sees these twins alone (None: everything) may see this finding."""
        return scope is None or self._database.read(inbox.may_see, finding_id, scope)

    def catch_up(self) -> int:
        """List the findings that are not listed yet, as after an upgrade; how many there were."""
        total = 0
        while done := self._database.write(listing.catch_up):
            total += done
        return total

    def take_statistics(self) -> None:
        """Let the database learn how its rows are spread over statuses, accounts and twins: without that,
        SQLite takes any index for as good as another and reads all rows for one page."""
        self._database.write(listing.take_statistics)
