"""What was asked for of an import: apart from `bring`, which takes half a second to load."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Wish:
    """`dry_run`: say what would come, keep and ask nothing."""

    path: Path
    fetch: bool = True
    only_watched: bool = False
    dry_run: bool = False

    @property
    def asks_servers(self) -> bool:
        return self.fetch and not self.dry_run
