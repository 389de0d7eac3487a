"""What was done to a registered picture, as a copy of it shows: its mark taken away, or a part of it
replaced."""

from dataclasses import dataclass
from enum import StrEnum

from storage.boxes import Box


class ChangeKind(StrEnum):
    """Named as the events that they make."""

    MARK_REMOVED = "mark_removed"  # its place lies inside the copy, and something else is there
    MARK_CROPPED_AWAY = "mark_cropped_away"  # its place lies outside
    ALTERED = "altered"  # another part was replaced


@dataclass(frozen=True, slots=True)
class Change:
    """`region` in the found picture (None: outside it), `reference_region` in the registered one; `share` of
    what both pictures share that it takes up, for a mark that was cut off the share of the mark that is gone.
    `reason` in words: what is there instead."""

    kind: ChangeKind
    region: Box | None
    reference_region: Box
    share: float
    reason: str
