"""Simulated feeds with a known rate, and plain sightings for the tables."""

from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from storage.figures import Sighting, told_of
from storage.records import Account, Declarer, FindingStatus, Reading, ReadingState, Surface

Counts = npt.NDArray[np.int64]
NOVEMBER = datetime(2026, 11, 2, tzinfo=UTC)
HM = Account("instagram", "hm", retailer="H&M")
NL = Account("instagram", "hmnl", retailer="H&M")
SKY = Account("bluesky", "hm.example", retailer="H&M")
ZARA = Account("instagram", "zara", retailer="Zara")


def feeds(
    random: np.random.Generator,
    number: int,
    *,
    rate: float,
    accounts: int,
    alike: float,
    pictures: float = 20,
    unequal: float = 1.0,
    all_or_nothing: bool = False,
) -> tuple[Counts, Counts]:
    """So many feeds of so many accounts: pictures of each account, and labelled ones among them, (feeds,
    accounts) each. `alike`: the intra-cluster correlation; `unequal`: the coefficient of variation of sizes.
    Accounts differ by a beta distribution; or some of them label all or nothing, and the others at the rate.
    A feed has thirty pictures at the least, as a rate must have."""
    sizes = _sizes(random, number, accounts, pictures, unequal)
    while (few := sizes.sum(1) < 30).any():
        sizes[few] = _sizes(random, int(few.sum()), accounts, pictures, unequal)
    if all_or_nothing:
        extreme = random.random(sizes.shape) < alike
        own = np.where(extreme, random.random(sizes.shape) < rate, rate)
    elif alike:
        shape = (1 - alike) / alike
        own = random.beta(rate * shape, (1 - rate) * shape, sizes.shape)
    else:
        own = np.full(sizes.shape, rate)
    return sizes, random.binomial(sizes, own)


def _sizes(
    random: np.random.Generator, number: int, accounts: int, pictures: float, unequal: float
) -> Counts:
    drawn = random.gamma(1 / unequal**2, pictures * unequal**2, (number, accounts))
    return np.maximum(1, np.round(drawn)).astype(np.int64)


EVERY_SURFACE = dict.fromkeys(Surface, ReadingState.ABSENT)


def told(*present: Surface, by: Declarer = Declarer.ACCOUNT, faint: str = "", **states: ReadingState) -> str:
    """All surfaces read without a label, but for these: `caption=ReadingState.UNREADABLE`."""
    prominence: dict[str, str | int | float] = {"before_fold": 0} if faint else {}
    other = {**EVERY_SURFACE, **{Surface(name): state for name, state in states.items()}}
    return told_of(
        Reading(surface, ReadingState.PRESENT, declared_by=by, prominence=prominence)
        if surface in present
        else Reading(surface, state)
        for surface, state in other.items()
    )


def sighting(
    number: int,
    picture: str = "",
    account: Account = HM,
    grounds: str = "match",
    said: str = "",
    *,
    days: float = 0,
    status: FindingStatus = FindingStatus.NEW,
    late: bool = False,
) -> Sighting:
    return Sighting(
        finding_id=number,
        account=account,
        picture=picture or f"picture {number}",
        at=int((NOVEMBER + timedelta(days=days)).timestamp()),
        status=status,
        grounds=grounds,
        told=said or told(),
        whole=True,
        late=late,
    )
