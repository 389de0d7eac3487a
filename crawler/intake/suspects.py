"""A field that changed its meaning: all likes suddenly 3, all captions empty.

Platforms show less to those who are not logged in, and pages change: what then comes looks like data. Many
equal values in a row, or many empty ones, are told as suspect. Memory is bounded: a run of equal values for
each field of each platform.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

EQUAL_COUNTS = 20  # posts in a row with the very same number: a fan page's likes differ from post to post
EQUAL_TEXTS = 10  # different posts in a row with the very same caption
EMPTY = 20  # posts in a row whose caption is empty
EMPTIED = 3  # stored posts whose caption came empty


@dataclass(frozen=True, slots=True)
class Suspect:
    """`first` and `last` are lines (of the entries; of different files in a folder)."""

    platform: str
    field: str
    value: str
    posts: int
    first: int
    last: int

    @property
    def sentence(self) -> str:
        value = f"{self.value!r}" if self.value else "empty"
        return f"{self.platform}: {self.field} is {value} in {self.posts} different posts in a row"


@dataclass(slots=True)
class _Run:
    value: object = None
    posts: int = 0
    first: int = 0
    last: int = 0


@dataclass(slots=True)
class Suspicion:
    runs: dict[tuple[str, str], _Run] = field(default_factory=dict)
    worst: dict[tuple[str, str, str], Suspect] = field(default_factory=dict)
    last_id: dict[str, str] = field(default_factory=dict)

    def see(
        self, platform: str, post_id: str, text: str | None, counts: Mapping[str, object], line: int
    ) -> None:
        """`text` None: the capture has none. The same post twice in a row is one."""
        if self.last_id.get(platform) == post_id:
            return
        self.last_id[platform] = post_id
        if text is not None:
            self._run(platform, "text", text[:500], EQUAL_TEXTS if text else EMPTY, line)
        for name, value in counts.items():
            self._run(platform, name, value, EQUAL_COUNTS, line)

    def emptied(self, platform: str, line: int) -> None:
        """A stored post's caption came empty."""
        self._run(platform, "text of stored posts", "", EMPTIED, line)

    def _run(self, platform: str, name: str, value: object, enough: int, line: int) -> None:
        run = self.runs.get((platform, name)) or self.runs.setdefault((platform, name), _Run())
        if run.posts and run.value == value and type(run.value) is type(value):
            run.posts += 1
        else:
            run.value, run.posts, run.first = value, 1, line
        run.last = line
        if run.posts >= enough:
            shown = str(value)[:80]
            known = self.worst.get((platform, name, shown))
            if known is None or run.posts > known.posts:
                self.worst[platform, name, shown] = Suspect(
                    platform, name, shown, run.posts, run.first, run.last
                )

    def suspects(self) -> tuple[Suspect, ...]:
        """The longest runs first, at most a hundred."""
        return tuple(sorted(self.worst.values(), key=lambda one: -one.posts)[:100])
