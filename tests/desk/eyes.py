"""Stand-ins for the worker processes that look at pictures: they say what a test has them say, and cost
nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Self

from detector.onimage.looking import unreadable
from detector.processes.jobs import LookJob
from detector.processes.lookers import Looked
from storage.records import Declarer, Reading, ReadingState, Surface

TEXT, MARK = Surface.IMAGE_TEXT, Surface.IMAGE_MARK
STAMPS = {TEXT: "text/1", MARK: "mark/1"}


def label(quote: str = "made with AI", surface: Surface = TEXT) -> Reading:
    return Reading(surface, ReadingState.PRESENT, quote, declared_by=Declarer.ACCOUNT, reader="eyes/1")


class Eyes:
    """`found`: what stands on a file, by SHA-256; else nothing does. `asked`: what was looked at, in order.
    `before`: called before each look, for a test that lets something happen meanwhile."""

    def __init__(self, found: Mapping[str, Iterable[Reading]] | None = None) -> None:
        self.found = {sha256: {one.surface: one for one in said} for sha256, said in (found or {}).items()}
        self.asked: list[LookJob] = []
        self.before: Callable[[LookJob], None] = lambda _: None
        self.stamps: dict[Surface, str] = dict(STAMPS)
        self.missed: dict[str, str] = {}

    def __call__(self, *_: object, **__: object) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def look(self, jobs: Iterable[LookJob], expected: int | None = None) -> Iterator[Looked]:
        for job in jobs:
            self.before(job)
            self.asked.append(job)
            said = self.found.get(job.path.name, {})
            yield Looked(
                job,
                tuple(said.get(one, Reading(one, ReadingState.ABSENT)) for one in job.surfaces),
            )

    def control(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        yield from ((name, self.missed.get(name, "")) for name in names)

    @property
    def names(self) -> list[str]:
        """SHA-256 of what was looked at."""
        return [job.path.name for job in self.asked]


class Shut(Eyes):
    """For tests that are about something else."""

    def look(self, jobs: Iterable[LookJob], expected: int | None = None) -> Iterator[Looked]:
        for job in jobs:
            yield Looked(job, tuple(unreadable(one, "eyes shut in this test") for one in job.surfaces))
