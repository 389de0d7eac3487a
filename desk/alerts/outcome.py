"""What became of one attempt to send a notice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """`error` "": it was taken. `wait`: seconds after which the other side asks to be tried again; `final`:
    it says that it will never take it."""

    error: str = ""
    wait: float | None = None
    final: bool = False


TAKEN = Outcome()
