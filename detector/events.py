"""What happened to the label of a post between its versions: put there late, or taken away.

Only what was read counts: a surface goes from `present` to `absent` or back. `unreadable` and `ambiguous` say
nothing, so that a night on which we could not look makes no event. Nor does a person who sees otherwise than
the program: that corrects a reading, and is no change of the post.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from storage.records import Declarer, Event, EventKind, Reading, ReadingState, Surface

History = Sequence[tuple[datetime, Sequence[Reading]]]

VERSION = "2"

_Known = tuple[ReadingState, datetime, str]  # the last certain state, since when, its quote
_Key = tuple[Surface, bool]  # a surface, and whether it is a person who says so
_CERTAIN = (ReadingState.PRESENT, ReadingState.ABSENT)
_SECONDS_AN_HOUR = 3600


def label_events(history: History) -> tuple[Event, ...]:
    """`label_removed`: a surface said it and says it no longer, and no other surface says it now.
    `label_added_late`: a surface says it that did not before, and no other said it in the version before.
    Oldest first."""
    return tuple(_events(history))


def _events(history: History) -> Iterator[Event]:
    known: dict[_Key, _Known] = {}
    for seen, readings in history:
        certain = {_key(r): r for r in readings if r.state in _CERTAIN}
        labelled_now = [r for r in certain.values() if r.state is ReadingState.PRESENT]
        labelled_before = any(state is ReadingState.PRESENT for state, _, _ in known.values())
        changed = [r for key, r in certain.items() if key in known and known[key][0] is not r.state]
        if not labelled_now and not _lost_sight(known, certain):
            yield from (_removed(r, known[_key(r)], seen) for r in changed)
        elif labelled_now and not labelled_before:
            yield from (_added(r, known[_key(r)], seen) for r in changed if r.state is ReadingState.PRESENT)
        for key, reading in certain.items():
            since = known.get(key)
            if since is None or since[0] is not reading.state:
                known[key] = (reading.state, seen, reading.quote)


def _key(reading: Reading) -> _Key:
    return reading.surface, reading.declared_by is Declarer.PERSON


def _lost_sight(known: Mapping[_Key, _Known], certain: Mapping[_Key, Reading]) -> bool:
    """Another surface carried a label when it was last read, and cannot be read now: it may carry it
    still."""
    return any(state is ReadingState.PRESENT and key not in certain for key, (state, _, _) in known.items())


def _removed(reading: Reading, before: _Known, seen: datetime) -> Event:
    _, since, quote = before
    detail = (
        f"“{quote}” stood in the {_name(reading.surface)} as first seen {since:%Y-%m-%d %H:%M} UTC, "
        f"and stands there no longer as seen {seen:%Y-%m-%d %H:%M} UTC"
    )
    return Event(EventKind.LABEL_REMOVED, seen, detail)


def _added(reading: Reading, before: _Known, seen: datetime) -> Event:
    _, since, _ = before
    hours = (seen - since).total_seconds() / _SECONDS_AN_HOUR
    detail = (
        f"“{reading.quote}” was added to the {_name(reading.surface)}: "
        f"first seen without it {since:%Y-%m-%d %H:%M} UTC, "
        f"with it {seen:%Y-%m-%d %H:%M} UTC, {hours:.1f} hours later"
    )
    return Event(EventKind.LABEL_ADDED_LATE, seen, detail)


def _name(surface: Surface) -> str:
    return surface.value.replace("_", " ")
