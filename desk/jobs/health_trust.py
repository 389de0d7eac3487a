"""Is there a trust list, and does it still say anything?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from desk.jobs.diagnosis import Health, State
from desk.jobs.trust import installed
from desk.output import several
from detector.trust import Purpose

OLD = timedelta(days=180)  # the C2PA announces its next list for 90 days later (the list of 2026-11-25)
CHECK = "trust"
MEND = "twinwatch trust update FILE; `twinwatch trust update --help` says where to get one"


def trust_health(folder: Path) -> Health:
    """Raises TrustListError for a list that cannot be read."""
    found = installed(folder)
    if not any(one.file.trust.purpose is Purpose.CONTENT for one in found):
        return Health(CHECK, State.WARN, "no trust list: an intact credential gives level 2 at most", MEND)
    dead = [one.file.trust.name for one in found if one.file.expired == one.file.certificates]
    if dead:
        return Health(CHECK, State.WARN, f"all certificates have expired: {', '.join(dead)}", MEND)
    names = ", ".join(
        f"{one.file.trust.name} ({several(one.file.certificates, 'certificate')} for "
        f"{one.file.trust.purpose.value}, installed {one.at:%Y-%m-%d})"
        for one in found
    )
    if all(datetime.now(UTC) - one.at > OLD for one in found):
        return Health(CHECK, State.WARN, f"no list was installed for {OLD.days} days: {names}", MEND)
    return Health(CHECK, State.OK, names)
