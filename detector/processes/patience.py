"""How long one film or animation may take before the rest of it is left out: it ends by itself and keeps what
it has, before the worker's own limit (`jobs.allowed_seconds`) would end it and lose all."""

import time

SECONDS = 8.0  # of CPU time, what is done with the frames included
SECONDS_A_MEGABYTE = 0.8  # and as many more, beyond what a picture may weigh
FREE_BYTES = 4_000_000
MOST_SECONDS = 140.0
WALL = 2.0  # times as long by the clock on the wall: on a busy machine the worker's limit comes early


class Patience:
    """For a file of so many bytes, from now on."""

    def __init__(self, size: int) -> None:
        seconds = cpu_seconds(size)
        self._cpu_end = time.process_time() + seconds
        self._wall_end = time.monotonic() + WALL * seconds

    @property
    def over(self) -> bool:
        return time.process_time() > self._cpu_end or time.monotonic() > self._wall_end


def cpu_seconds(size: int) -> float:
    """Less than half of the worker's limit, for any size."""
    return min(MOST_SECONDS, SECONDS + SECONDS_A_MEGABYTE * max(0, size - FREE_BYTES) / 1_000_000)
