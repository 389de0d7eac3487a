"""The flood brake: a registered picture that suddenly matches many unrelated pictures is not believed.

One photograph may appear in a thousand posts; then the posts' pictures are copies of each other, and count
once. A logo, a size chart or an empty backdrop that was registered by mistake matches pictures that have
nothing else in common, of more than one account. Its matches are kept, and judged again when a person lifts
the quarantine.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sighting:
    """A collected picture that a reference matches, of an account; `new`: the match is of this pass."""

    sha256: str
    account: str
    new: bool


@dataclass(frozen=True, slots=True)
class Brake:
    """When a reference is quarantined ([matching] in twinwatch.toml).

    `pictures`: so many unrelated pictures in one pass. Among 3 million ordinary pairs no false match was
    found (docs/benchmarks/matching.md), so a whole dozen in a night is no accident of the matcher: the
    reference shows something that many pictures show. `accounts`: of so many accounts, or of all that there
    are; one shop may well publish a dozen variations of one picture. `growth`: and more than so many times
    what it had matched before, so that a reference that is rightly everywhere is not stopped by a busy night.
    """

    pictures: int = 12
    accounts: int = 2
    growth: int = 3

    def stops(self, sightings: Iterable[Sighting], copies: Mapping[str, Iterable[str]], accounts: int) -> str:
        """Why the reference is to be quarantined; "" where it is not. `copies`: for each picture, those that
        are known to be copies of it; `accounts`: how many accounts have pictures at all."""
        seen = list(sightings)
        group = _groups({one.sha256 for one in seen}, copies)
        before = {group[one.sha256] for one in seen if not one.new}
        fresh = [one for one in seen if one.new and group[one.sha256] not in before]
        unrelated = len({group[one.sha256] for one in fresh})
        whose = len({one.account for one in fresh})
        few = unrelated < self.pictures or unrelated <= self.growth * len(before)
        if few or whose < min(self.accounts, accounts):
            return ""
        return (
            f"in one pass it matched {unrelated} pictures that are no copies of each other, "
            f"of {whose} accounts; before, {len(before)} in all"
        )


def _groups(pictures: Iterable[str], copies: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Each picture → the name of its group: whatever links of copies lead to."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for picture, linked in copies.items():
        for other in linked:
            parent[root(picture)] = root(other)
    return {picture: root(picture) for picture in pictures}
