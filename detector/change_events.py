"""What was done to registered pictures, as events of the posts that show copies of them.

A change is told of a copy that the program believes: of a twin's picture, and of a real person's picture as
well, which is no evidence of AI and worth telling all the same. Of what may be a copy it is told with that
"may". Where another registered picture is found in the same place without any change, that is the picture
that was published, and nothing was done to it.
"""

from collections.abc import Iterable, Iterator

from detector.case import Case
from detector.standing import human_matches, kind_of, same_place, standing_matches, tier
from storage.changes import Change, ChangeKind
from storage.records import Answer, Event, EventKind, Match, MatchKind, ReferenceKind

VERSION = "1"
AI_LEVEL = 2  # of a finding (design, section 2)
KINDS = tuple(EventKind(kind.value) for kind in ChangeKind)
_TOLD = (MatchKind.COPY, MatchKind.LIKELY_COPY)


def is_noted(answer: Answer) -> bool:
    """Nothing says AI, and a registered picture was changed: one of a real person."""
    return answer.verdict.level < AI_LEVEL and any(event.kind in KINDS for event in answer.events)


def change_events(case: Case) -> tuple[Event, ...]:
    """One a twin and kind of change, from the match that shows it best. None where nobody knows when the
    picture was seen (`check`): its matches tell their changes themselves."""
    at = case.history[0][0] if case.history else case.post.seen_at
    if at is None:
        return ()
    told: dict[tuple[str, ChangeKind], Event] = {}
    for match in changed_matches(case):
        for kind in dict.fromkeys(change.kind for change in match.changes):
            some = [change for change in match.changes if change.kind is kind]
            told.setdefault((match.twin, kind), Event(EventKind(kind.value), at, _detail(match, some, case)))
    return tuple(told.values())


def changed_matches(case: Case) -> Iterator[Match]:
    """Those whose changes are told, the surest first."""
    believed = (*standing_matches(case), *human_matches(case))
    unchanged = [match for match in believed if tier(match) is MatchKind.COPY and not match.changes]
    sure = [match for match in unchanged if match.agreement is not None or match.algorithm == "sha256"]
    for match in sorted(believed, key=lambda one: _TOLD.index(tier(one)) if tier(one) in _TOLD else 9):
        if tier(match) in _TOLD and match.changes and not any(same_place(one, match) for one in sure):
            yield match


def _detail(match: Match, changes: Iterable[Change], case: Case) -> str:
    whose = (
        f"a photograph of the real model ({match.twin})"
        if kind_of(match, case.registry) is ReferenceKind.HUMAN_ORIGINAL
        else f"a registered picture of {match.twin}"
    )
    said = "; ".join(change.reason for change in changes)
    which = f"of {whose}, SHA-256 {match.reference[:12]}"
    if tier(match) is MatchKind.COPY:
        return f"It is a copy {which}: {said}"
    return f"If it is the copy that it seems to be, {which} (a person has to look): {said}"
