"""A check that somebody asked to have kept: what was asked, what was answered, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CALLED = 120  # characters


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """Nothing rests on it: it is no post, no capture and no finding. `told` is the line of `twinwatch check`,
    `asked` what was given beside the picture; `twins` those that it matched then. `pictured`: a small copy of
    the picture lies with it, encoded anew; never the bytes that were sent."""

    at: datetime  # of the answer
    by: str
    note: str
    asked: Mapping[str, Any]
    told: Mapping[str, Any]
    twins: tuple[str, ...] = ()
    pictured: bool = False
    id: int = 0

    @property
    def called(self) -> str:
        """What stands for it in a list: the file's name, the address, or how its text begins."""
        name = self.told["path"] or self.asked.get("caption") or self.asked.get("alt") or ""
        return name if len(name) <= CALLED else f"{name[:CALLED]}…"
