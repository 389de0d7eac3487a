"""Python's search for circles, seldom: what an import passes on has none, and is freed without it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OBJECTS = 100_000  # until it is looked for circles among them


@contextmanager
def seldom_looked_for() -> Iterator[None]:
    """What is loaded by now, the libraries' many thousand objects, is not looked through meanwhile at all."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(OBJECTS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
