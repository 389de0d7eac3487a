"""Positive controls: every reader is tried on something that is known to say it, before it is believed to
have found nothing. A reader that misses its control cannot look; what it would say is `unreadable` then.

A control is a module of `controls/`, found by its place, with NAME, READS (the readers that it vouches for:
"origin:c2pa", or a surface) and `missed()`. It runs where the readers run, in a worker process.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from detector.dropins import found_in

MISSED = "missed its control"  # the reason of what is `unreadable` then


class Control(Protocol):
    """A module of `controls/`."""

    NAME: str
    READS: tuple[str, ...]

    def missed(self) -> str:
        """ "" when all that is known was found, else what was not. May raise anything: that is a miss too."""


def controls() -> Mapping[str, Control]:
    """By name. Raises TwinwatchError when two modules claim the same one."""
    return found_in("detector.controls", "NAME")


def missed(name: str) -> str:
    """Run one: "" when all that is known was found."""
    try:
        words = controls()[name].missed()
    except Exception as error:  # whatever a library throws: this reader cannot look
        words = f"{type(error).__name__}: {error}"
    return "".join(letter if letter.isprintable() else " " for letter in words)[:300]


def by_reader(missed_by_control: Mapping[str, str]) -> Mapping[str, str]:
    """Each reader that a control of these vouches for, and what was missed ("" for nothing)."""
    found: dict[str, str] = {}
    for control, words in missed_by_control.items():
        for reader in controls()[control].READS:
            found[reader] = found.get(reader) or words
    return dict(sorted(found.items()))


def vouching_for(readers: tuple[str, ...]) -> Iterator[str]:
    """The controls of these readers, by name."""
    for name, control in controls().items():
        if set(control.READS) & set(readers):
            yield name
