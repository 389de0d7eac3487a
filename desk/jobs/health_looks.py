"""Does every reader find what is known, and which pictures wait to be looked at? A part of `doctor`; it
changes nothing."""

from desk.jobs.diagnosis import Health, State
from desk.jobs.looking import AI_LEVEL, waiting_looks
from desk.output import several
from detector.control import by_reader, controls
from detector.processes.lookers import Lookers
from detector.wording.lexicon import Lexicon
from storage.store import Store


def readers_health() -> Health:
    with Lookers(processes=1) as lookers:
        found = by_reader(dict(lookers.control(controls())))
    missed = [f"{reader}: {words}" for reader, words in found.items() if words]
    if missed:
        mend = "reinstall with the locked versions (make install); until then, what they read is `unreadable`"
        return Health("readers", State.FAIL, f"blind to what is known: {'; '.join(missed)}", mend)
    return Health("readers", State.OK, f"each finds what is known: {', '.join(found)}")


def looks_health(store: Store, lexicon: Lexicon) -> Health:
    waiting = waiting_looks(store, lexicon)
    if not waiting:
        return Health("looks", State.OK, "no picture waits to be looked at for labels")
    said = [file for file in waiting if file.weight >= AI_LEVEL]
    late = [file for file in said if file.waits]
    found = (
        f"not looked at for labels yet: {several(len(said), 'picture')} of which something says AI, "
        f"{len(waiting) - len(said)} with something like small text"
    )
    if late:
        return Health("looks", State.WARN, found, "more time: [labels] seconds; they come first next night")
    return Health("looks", State.OK, found)
