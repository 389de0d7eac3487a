"""Fingerprints out of packs that an earlier version of this program made, and today's cannot compare: told by
the night that meets them first, and by doctor for as long as it is so. The pictures are not here, so nobody
but the agency can take them anew."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from desk.jobs.diagnosis import Health, State
from desk.jobs.matching import comparable
from desk.output import several
from storage.records import Failure
from storage.store import Outdated, Store

KIND = "pack_outdated"
MEND = "ask the agency for a new pack, made by this version, and import it"


def old_packs(store: Store) -> Iterator[Failure]:
    """One a twin; empty where all can be compared."""
    today = comparable()
    for twin, found in groupby(store.packs.outdated(today), lambda one: one.twin):
        yield Failure(KIND, _sentence(list(found), today), f"twin {twin}")


def told_once(store: Store) -> Iterator[Failure]:
    """Those that no run has told yet."""
    return (one for one in old_packs(store) if not store.packs.told(one))


def packs_health(store: Store) -> Iterator[Health]:
    found = list(old_packs(store))
    if found:
        names = "; ".join(f"{one.where}: {one.message}" for one in found)
        yield Health("packs", State.WARN, names, MEND)


def _sentence(found: list[Outdated], today: Mapping[str, str]) -> str:
    made = ", ".join(
        f"{one.stage} {one.version} (this program compares {today.get(one.stage) or 'it no more'})"
        for one in found
    )
    pictures = several(
        max(one.pictures for one in found), "registered fingerprint", "registered fingerprints"
    )
    return (
        f"{pictures} came out of a pack made with {made}: what can no longer be compared finds nothing, and "
        "earlier matches stay; ask the agency for a new pack"
    )
