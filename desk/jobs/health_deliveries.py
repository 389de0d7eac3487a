"""Can the watched folder be read, and is it said on what its pictures are called AI?"""

from pathlib import Path

from desk.config import Config
from desk.jobs.deliveries import found_in
from desk.jobs.diagnosis import Health, State
from storage.errors import RegistryError


def deliveries_health(watch: Path, config: Config) -> Health:
    """`watch`: the folder that [registry] names."""
    name = "deliveries"
    try:
        found = found_in(watch, config.registry.settle_seconds)
    except RegistryError as error:
        return Health(name, State.FAIL, str(error), "make it readable, or mend [registry] watch")
    lists = sum(one.roster is not None for one in found.deliveries)
    folders = len(found.deliveries) - lists
    told = f"{watch}: {lists} lists, {folders} folders without one, {len(found.waiting)} being delivered"
    if found.untaken:
        first = found.untaken[0]
        return Health(
            name,
            State.WARN,
            f"{told}; {len(found.untaken)} cannot be taken, {first.path}: {first.why}",
            "twinwatch nightly --dry-run names them all",
        )
    if folders and not config.registry.basis.strip():
        return Health(
            name, State.WARN, f"{told}; [registry] basis is empty", "say there on what they are called AI"
        )
    return Health(name, State.OK, told)
