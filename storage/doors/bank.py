"""`store.bank`: what the bank is made of besides the references: what leaves it, what must never match, what
is not believed, and what it held under which stamp."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from storage.boxes import Box
from storage.database import Database
from storage.keeping import Withdrawal
from storage.records import Fingerprint, Negative, Quarantine
from storage.shelves import consents, counters, doubts, stamps, withdrawing


class BankDoor:
    def __init__(self, database: Database) -> None:
        self._database = database

    # --- withdrawn, and put back ----------------------------------------------------------------------------

    def withdraw_references(
        self, twin: str, at: datetime, references: Sequence[str] | None = None
    ) -> Sequence[str]:
        """Take pictures (SHA-256; None: all of the twin's) out of the bank: those that were in it until now.
        Raises RegistryError, kinds "no_twin" and "no_reference"."""
        return self._database.write(withdrawing.withdraw, twin, at, references)

    def restore_references(self, twin: str, references: Sequence[str] | None = None) -> Sequence[str]:
        """Those that were withdrawn until now. Raises as `withdraw_references` does."""
        return self._database.write(withdrawing.restore, twin, references)

    def mark(self, twin: str, references: Sequence[str], where: Box | None) -> Sequence[str]:
        """The mark of these pictures stands here (None: they bear none); those for which that is new. Raises
        as `withdraw_references` does."""
        return self._database.write(withdrawing.mark, twin, references, where)

    def withdraw_twin(self, given: Withdrawal) -> Withdrawal | None:
        """The consent is withdrawn, and every licence of the twin ends. The pictures stay in the bank: what
        shows the twin from then on must be found. None if it was withdrawn before. Raises
        RegistryError(kind="no_twin")."""
        return self._database.write(consents.withdraw, given)

    def restore_twin(self, name: str, at: datetime, by: str) -> tuple[bool, Sequence[int]]:
        """(whether it was withdrawn, the licences that hold again). Raises RegistryError(kind="no_twin")."""
        return self._database.write(consents.restore, name, at, by)

    def withdrawals(self, name: str | None = None) -> Sequence[Withdrawal]:
        """All there were, oldest first; those taken back say when. None: of every twin."""
        return self._database.read(consents.of, name)

    # --- what must never match ------------------------------------------------------------------------------

    def add_negative(self, negative: Negative) -> bool:
        """Whether it is new, or in force again after a withdrawal. Raises RegistryError, kinds "no_name" and
        "other_picture" (the name stands for other bytes)."""
        return self._database.write(doubts.add_negative, negative)

    def withdraw_negative(self, name: str, at: datetime) -> bool:
        """False if it was withdrawn before. Raises RegistryError(kind="no_negative")."""
        return self._database.write(doubts.withdraw_negative, name, at)

    def negatives(self) -> Sequence[Negative]:
        """All, by name; those withdrawn say when."""
        return self._database.read(doubts.negatives)

    def negative_entries(self) -> Sequence[tuple[Negative, tuple[Fingerprint, ...]]]:
        """Those in force."""
        return self._database.read(doubts.negative_entries)

    # --- what is not believed -------------------------------------------------------------------------------

    def quarantine(self, doubt: Quarantine) -> bool:
        """Everything is judged again. False if the reference is in quarantine already. Raises
        StoreError(kind="no_file")."""
        return self._database.write(doubts.quarantine, doubt)

    def lift_quarantine(self, reference: str, by: str, at: datetime, note: str = "") -> None:
        """Raises StoreError, kinds "no_file" and "not_quarantined"."""
        self._database.write(doubts.lift, reference, by, at, note)

    def quarantines(self) -> Sequence[Quarantine]:
        """All that ever were, oldest first; those lifted say by whom."""
        return self._database.read(doubts.quarantines)

    def quarantined(self) -> frozenset[str]:
        """SHA-256 of the references that are in quarantine now."""
        return self._database.read(doubts.quarantined)

    # --- stamps ---------------------------------------------------------------------------------------------

    def remember(self, stamp: str, members: Mapping[str, str]) -> None:
        """What a stamp of matcher and bank stands for: member → digest of its entry. Banks whose stamp no
        file carries any more are forgotten."""
        self._database.write(stamps.remember, stamp, members)

    def members(self, stamp: str) -> Mapping[str, str] | None:
        """None: not remembered, so nothing can be said about the difference."""
        return self._database.read(stamps.members, stamp)

    # --- what matching keeps outside the store --------------------------------------------------------------

    def cache_turn(self) -> int:
        """The number that a cache of this store carries, made for it as it is; 0 before there was one."""
        return self._database.read(counters.current, counters.CACHE)

    def next_cache_turn(self, many: int) -> int:
        """So many further: at random, so that no other store comes to the same number."""
        return self._database.write(counters.take, counters.CACHE, many)[-1]
