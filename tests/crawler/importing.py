"""An import from end to end into a store of its own, and a look into it."""

import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from crawler.intake.ahead import Entries
from crawler.intake.entries import Entry, Misread, Skipped, Taken
from crawler.intake.outcome import Outcome
from crawler.intake.recognise import importer_for
from crawler.intake.run import Intake, Plan
from storage.crawled import Capture
from storage.records import PostVersion, StoredVersion
from storage.store import Store


class House:
    def __init__(self, folder: Path, empty: Path) -> None:
        """`empty`: a database without rows, to be copied: making one anew takes ten times as long."""
        shutil.copy(empty, folder / "house.db")
        self.store = Store.open(f"sqlite:///{folder / 'house.db'}", folder / "media", create=False)

    def bring(self, path: Path, *, format_: str = "", **plan: Any) -> Outcome:
        wish = Plan("run", **{"fetch": False, **plan})
        with closing(Entries(importer_for(path, format_), path, lay_out=not wish.fetch)) as entries:
            return Intake(entries, wish, self.store, lambda done: None).run()

    def versions(self) -> Sequence[StoredVersion]:
        found = list(self.store.versions_to_read("nobody has read it under this stamp"))
        return sorted(found, key=lambda one: (one.post.post_id, one.number))

    def posts(self) -> Sequence[PostVersion]:
        return [one.post for one in self.versions()]

    def captures(self, post: PostVersion) -> Sequence[Capture]:
        return self.store.captures(post)


def counts(outcome: Outcome) -> dict[str, int]:
    return {what.value: count for what, count in outcome.saved.items()}


def sorts(entries: Sequence[Entry]) -> list[str]:
    """In a word each: a post's id, why it was skipped, or the kind of misreading."""
    names = []
    for one in entries:
        if isinstance(one, Taken):
            names.append(one.post.post_id)
        elif isinstance(one, Skipped):
            names.append(f"skipped {one.why}")
        elif isinstance(one, Misread):
            names.append(f"misread {one.why.kind}")
    return names
