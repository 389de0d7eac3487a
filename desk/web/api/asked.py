"""What may be asked of the API, checked: each type says what it lets through."""

from datetime import date
from typing import Annotated

from fastapi import Path
from pydantic import BeforeValidator, Field, StringConstraints

LARGEST = 2**53 - 1  # that JSON numbers hold


def _day(value: object) -> date:
    """As ISO 8601 writes it: pydantic takes a number of seconds, too."""
    if isinstance(value, str) and len(value) == 10 and value.isascii():
        return date.fromisoformat(value)
    raise ValueError("expected a day such as 2026-11-01")


Number = Annotated[int, Path(ge=1, le=LARGEST, description="The finding's number.")]
Which = Annotated[int, Path(ge=0, le=1_000, description="The place among the finding's `matches`.")]
Day = Annotated[date, BeforeValidator(_day)]
DayHere = Annotated[Day | None, Field(description="A day in UTC, included.")]
Plain = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Note = Annotated[str, StringConstraints(max_length=2_000)]
