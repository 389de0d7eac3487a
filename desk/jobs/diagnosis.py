"""What one check of `doctor` answers."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Health:
    """One check's answer. `mend` is empty when all is well."""

    check: str
    state: State
    found: str
    mend: str = ""
