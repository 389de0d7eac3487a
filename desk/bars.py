"""A progress bar for a command that looks at many files: on a terminal, and nothing anywhere else; always
standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

FEW = 8  # files are done before anybody wonders


@contextmanager
def bar(what: str, count: Callable[[], int]) -> Iterator[Callable[[], None]]:
    """A function to call after each file. `count` is asked for only where a bar is shown."""
    total = count() if sys.stderr.isatty() else 0
    if total <= FEW:
        yield lambda: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=total)
        yield lambda: shown.advance(task)


def _bar(counts: ProgressColumn) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        counts,
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


@contextmanager
def counting_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A function to call with how many are done, of how many."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with _bar(MofNCompleteColumn()) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


@contextmanager
def byte_bar(what: str, size: Callable[[], int]) -> Iterator[Callable[[int], None]]:
    """A function to call with how much of `size` (bytes or files) is done; asked for where a bar is shown."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    with _bar(TaskProgressColumn()) as shown:
        task = shown.add_task(what, total=size() or None)
        yield lambda done: shown.update(task, completed=done)
