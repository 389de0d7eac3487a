"""The flood brake: a registered picture that suddenly matches many unrelated pictures is not believed.

One photograph may appear in a thousand posts; then the posts' pictures are copies of each other, and count
once. A logo, a size chart or an empty backdrop that was registered by mistake matches pictures that have
nothing else in common, of more than one account. Its matches are kept, and judged again when a person lifts
the quarantine.
"""

from dataclasses import dataclass


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

    def grew(self, before: int, now: int) -> bool:
        """Whether a reference that matched `before` unrelated pictures and matches `now` is to be looked
        into."""
        return now - before >= max(self.pictures, self.growth * before + 1)

    def stops(self, before: int, now: int, accounts: int, watched: int) -> str:
        """Why the reference is to be quarantined; "" where it is not. `accounts`: how many publish what it
        matches, of the `watched` that there are."""
        if not self.grew(before, now) or accounts < min(self.accounts, watched):
            return ""
        return (
            f"in one pass it matched {now - before} pictures that are no copies of each other, "
            f"where it had matched {before} before; {accounts} accounts publish them"
        )
