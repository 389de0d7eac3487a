"""What the copies of a picture say of it first-hand: the material from which evidence travels. Made by the
store, weighed by the detector (`travelled.py`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as factory

from storage.passage import Place
from storage.records import Account, Match, OriginEvidence, Reading


@dataclass(frozen=True, slots=True)
class Telling:
    """A place where a picture of the group stands, and what its own post says there: readings that are
    present, none for a picture whose bytes alone tell. `current`: the post still stands so."""

    place: Place
    account: Account
    readings: tuple[Reading, ...] = ()
    current: bool = True


@dataclass(frozen=True, slots=True)
class Kin:
    """A group of copies in which somebody says something. `links` are (the later picture, its match with an
    earlier one); `evidence` is what the bytes of each picture say, at level 2 and above, `tellings` where
    those and whatever else speaks stand, the earliest first; `originals` are matches with pictures that are
    registered as not AI."""

    links: tuple[tuple[str, Match], ...] = ()
    evidence: Mapping[str, tuple[OriginEvidence, ...]] = factory(default_factory=dict)
    tellings: tuple[Telling, ...] = ()
    originals: Mapping[str, tuple[Match, ...]] = factory(default_factory=dict)
