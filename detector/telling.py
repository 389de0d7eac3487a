"""What each disclosure surface does for the viewer, under one rule: the columns of the decision table."""

from collections.abc import Iterable
from enum import StrEnum

from detector.rule import Rule
from storage.records import Extent, OriginEvidence, Reading, ReadingState, Surface


class Told(StrEnum):
    """What one surface does for the viewer, under one rule."""

    INFORMS = "informs"
    # Only alt text, only hashtags, below the fold, speaks of a part, or counts weakly for this rule
    WEAKLY = "weakly"
    UNCLEAR = "unclear"  # read, and it may be a label or not
    UNREAD = "unread"  # it exists, and could not be looked at
    # Read, and there is no label; or the platform offers none; or it does not count for this rule
    SILENT = "silent"


SURFACE_NAMES = {
    Surface.PLATFORM_TAG: "platform's own tag",
    Surface.CAPTION: "caption",
    Surface.HASHTAGS: "hashtags",
    Surface.ALT_TEXT: "alt text",
    Surface.CONTENT_WARNING: "content warning",
    Surface.IMAGE_TEXT: "text on the picture",
    Surface.IMAGE_MARK: "mark on the picture",
}


def every_surface(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """The readings, and an unreadable one for each surface that nobody reported: what was not read is not
    absent."""
    given = tuple(readings)
    missing = [surface for surface in Surface if surface not in {reading.surface for reading in given}]
    return given + tuple(Reading(s, ReadingState.UNREADABLE, reason="not read") for s in missing)


def told(readings: Iterable[Reading], rule: Rule, grounds: Iterable[OriginEvidence]) -> tuple[Told, ...]:
    """One answer a reading, in the same order."""
    whole = whole_is_known(grounds)
    return tuple(_tells(reading, rule, whole=whole) for reading in readings)


def whole_is_known(grounds: Iterable[OriginEvidence]) -> bool:
    """Whoever is shown is known to be AI (a registered twin is matched, in however small a part; a credential
    or the publisher says so of the whole): a label that speaks of something else tells too little."""
    return any(evidence.level >= 3 and evidence.of_the_figure for evidence in grounds)


def _tells(reading: Reading, rule: Rule, *, whole: bool) -> Told:
    if reading.surface not in rule.informs | rule.weak:
        return Told.SILENT
    if reading.state is ReadingState.PRESENT:
        full = reading.surface in rule.informs and not too_faint(reading, whole=whole)
        return Told.INFORMS if full else Told.WEAKLY
    return {
        ReadingState.AMBIGUOUS: Told.UNCLEAR,
        ReadingState.UNREADABLE: Told.UNREAD,
    }.get(reading.state, Told.SILENT)


def too_faint(reading: Reading, *, whole: bool) -> str:
    """Why a label that is there tells people too little; "" when it is plain."""
    if reading.prominence.get("before_fold", 1) == 0:
        return "it stands below the fold"
    if reading.prominence.get("below_floor", 0):
        return "it is too small or too faint to be read"
    if whole and reading.prominence.get("extent") == Extent.PART:
        return "it speaks of a part of the picture only"
    return ""
