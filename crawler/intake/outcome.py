"""What an import did: counted whole, and named as far as a report can be long."""

from collections import Counter
from dataclasses import dataclass, field

from crawler.intake.entries import Misread, Place
from crawler.intake.suspects import Suspect
from storage.records import Failure, Saved

MOST_NAMED = 1000  # of errors, and of what was not understood


@dataclass(slots=True)
class Outcome:
    """`read` counts every entry: posts (new, changed, known), skipped ones, what was not understood, and
    posts that could not be stored."""

    format: str
    run: str = ""  # under which it is recorded; "" for a dry run
    read: int = 0
    saved: Counter[Saved] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)  # why → entries that are no post to keep
    without_media: int = 0  # posts of which a picture or video has no bytes in the store
    media: Counter[str] = field(default_factory=Counter)  # "kept", "from_files", "fetched", "failed"
    problems: Counter[str] = field(default_factory=Counter)  # what was odd about posts that were stored
    not_understood: list[tuple[Place, Failure]] = field(default_factory=list)
    not_understood_count: int = 0
    errors: list[Failure] = field(default_factory=list)
    errors_count: int = 0
    suspects: tuple[Suspect, ...] = ()
    renamed: dict[str, str] = field(default_factory=dict)  # name in the file → under which it is stored
    strangers: dict[str, int] = field(default_factory=dict)
    other_strangers: int = 0
    raw_sha256: str = ""  # the file, where it is kept whole

    @property
    def source(self) -> str:
        """By what an undo knows the import: the file that was kept whole, else the run."""
        return self.raw_sha256 or self.run

    def misread(self, entry: Misread) -> None:
        self.not_understood_count += 1
        if len(self.not_understood) < MOST_NAMED:
            self.not_understood.append((entry.place, entry.why))

    def error(self, failure: Failure) -> None:
        self.errors_count += 1
        if len(self.errors) < MOST_NAMED:
            self.errors.append(failure)

    @property
    def exit_status(self) -> int:
        """1 nothing could be stored · 3 an entry was not understood, or a file could not be had · 0 done."""
        stored = sum(self.saved.values())
        lost = self.not_understood_count or self.errors_count
        if lost and not stored and not self.skipped:
            return 1
        return 3 if lost else 0
