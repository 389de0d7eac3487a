"""One file, looked at for labels on the picture: decoded once, each surface read, of a video a few frames.

Pure and in this process; hostile files belong into `detector.processes.lookers`, whose workers call this.
Whatever goes wrong is a Reading `unreadable` with the reason: never an error, and never `absent`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from detector.onimage.kit import PLAIN, Kit
from detector.onimage.look import Pixels
from detector.onimage.readers import readers
from detector.pictures.opened import printable, small_frames
from detector.processes.jobs import LookJob
from storage.errors import PictureError
from storage.records import Reading, ReadingState, Surface

EDGE = 2160  # px, the long edge at most: letters of 1.5 % of the height still have 20 px or more
SPARE = 0.8  # of the time that a job may take is the readers'; the rest is for decoding and for the answer

_SEEN = (ReadingState.PRESENT, ReadingState.AMBIGUOUS)
LATE = "budget"  # a reader that was given too little time
NO_READER = "no reader yet"
NO_MEMORY = "it does not fit into memory"


def look(job: LookJob, kit: Kit = PLAIN, seconds: float | None = None) -> tuple[Reading, ...]:
    """One reading for each surface asked for, in that order. `seconds`: what the job may take in all."""
    found: dict[Surface, list[Reading]] = {surface: [] for surface in job.surfaces}
    why = ""
    try:
        for at, pixels in _pictures(job):
            for surface in job.surfaces:
                found[surface].append(_read(surface, pixels, at, kit, _share(job, seconds)))
            if all(_is_plain(readings[-1]) for readings in found.values()):
                break
    except PictureError as error:
        why = printable(str(error))
    except MemoryError:
        why = NO_MEMORY
    return tuple(_of_all(surface, found[surface], job, why) for surface in job.surfaces)


def unreadable(surface: Surface, why: str, reader: str = "") -> Reading:
    """It exists, and could not be looked at."""
    return Reading(surface, ReadingState.UNREADABLE, reason=why, reader=reader)


def _pictures(job: LookJob) -> Iterator[tuple[float | None, Pixels]]:
    pictures = small_frames(job.path, EDGE, job.moments)
    for at, picture in zip(job.moments, pictures, strict=False):
        yield at, picture.pixels


def _share(job: LookJob, seconds: float | None) -> float | None:
    """Of the job's time, for one reader and one frame."""
    return None if seconds is None else SPARE * seconds / (len(job.moments) * len(job.surfaces))


def _read(surface: Surface, pixels: Pixels, at: float | None, kit: Kit, seconds: float | None) -> Reading:
    reader = readers().get(surface)
    if reader is None:
        return unreadable(surface, NO_READER)
    name = f"{surface}/{reader.version}"
    try:
        found = reader.read(pixels, kit, seconds)
    except MemoryError:
        return unreadable(surface, NO_MEMORY, name)
    except Exception as error:  # strange pixels find ways into any library; named, and the others go on
        return unreadable(surface, printable(f"the reader failed: {type(error).__name__}: {error}"), name)
    if found.state is ReadingState.UNREADABLE and found.reason == LATE:
        return unreadable(surface, f"it took longer than {seconds:g} s", name)
    timed = {} if at is None or found.state not in _SEEN else {"second": round(at, 1)}
    return replace(
        found,
        surface=surface,
        quote=printable(found.quote),
        reason=printable(found.reason),
        prominence={**{name: _plain(value) for name, value in found.prominence.items()}, **timed},
        reader=name,
    )


def _plain(value: object) -> str | int | float:
    """Numbers as Python's own, whatever library they came from."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, int | np.integer):
        return int(value)
    return round(float(value), 4) if isinstance(value, float | np.floating) else printable(str(value))


def _is_plain(reading: Reading) -> bool:
    """No later frame can say more."""
    return reading.state is ReadingState.PRESENT and not reading.prominence.get("below_floor")


def _of_all(surface: Surface, found: Sequence[Reading], job: LookJob, why: str) -> Reading:
    """The strongest of the frames. None says `absent` for a file of which something was not looked at."""
    best = min(found, key=_rank, default=None)
    if best is not None and best.state in _SEEN:
        return best
    if why or best is None:
        return unreadable(surface, why or "there was nothing to look at")
    if best.state is ReadingState.ABSENT and job.unseen:
        return unreadable(surface, f"not looked at: {job.unseen}", best.reader)
    if best.state is ReadingState.ABSENT and len(job.moments) > 1:
        return replace(best, prominence={**best.prominence, "frames": len(found)})
    return best


def _rank(reading: Reading) -> tuple[int, bool]:
    """A frame that could not be looked at may bear what the others lack."""
    order = (ReadingState.PRESENT, ReadingState.AMBIGUOUS, ReadingState.UNREADABLE)
    place = order.index(reading.state) if reading.state in order else len(order)
    return place, bool(reading.prominence.get("below_floor"))
