"""What a person has seen with their own eyes, as a record (the rest of the vocabulary is in `records`)."""

from dataclasses import dataclass
from datetime import datetime

from storage.records import ReadingState, Surface


@dataclass(frozen=True, slots=True)
class PersonReading:
    """What a person has seen on one surface of a finding's picture, append-only. It holds for the version of
    the post that the finding was judged by when it was given. `state` None takes the last one back."""

    finding_id: int
    surface: Surface
    state: ReadingState | None
    by: str
    at: datetime
    quote: str = ""
    note: str = ""
    screenshot: str = ""  # SHA-256 in media, "" for none

    @property
    def unproven(self) -> bool:
        """Nobody else can see what was seen: a label without its words or a screenshot, or the lack of one
        without a screenshot."""
        if self.screenshot or self.state not in (ReadingState.PRESENT, ReadingState.ABSENT):
            return False
        return not self.quote or self.state is ReadingState.ABSENT
