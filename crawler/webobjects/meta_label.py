"""Meta's own AI label as Instagram's and Threads' web objects carry it: `gen_ai_detection_method`.

Source: field and values as seen in public code that reads these objects (SELF_DISCLOSURE_FLOW,
C2PA_METADATA, IPTC_METADATA, both also with _EDITED, META_INVISIBLE_WATERMARK, NONE; read 2026-11); the
account's own switch is SELF_DISCLOSURE_FLOW, everything else Meta found in the file. The field is filled in
on a post's own page and often missing in lists: missing says nothing.
"""

from collections.abc import Sequence

from crawler.wild_json import at
from storage.records import Declarer, PlatformTag, ReadingState

FIELD = "gen_ai_detection_method.detection_method"
OWN_WORDS = frozenset({"SELF_DISCLOSURE_FLOW"})
NOTHING = frozenset({"NONE"})


def read_label(raw: object, children: Sequence[object], source: str) -> PlatformTag:
    """The post's, or the first that one of its slides carries."""
    whole = _read(raw, source, "")
    tags = [whole] + [
        _read(child, source, f"carousel_media[{place}].")
        for place, child in enumerate(children)
        if at(child, "gen_ai_detection_method") is not None
    ]
    if len(tags) == 1:
        return whole
    for state in (ReadingState.PRESENT, ReadingState.AMBIGUOUS):
        for tag in tags:
            if tag.state is state:
                return tag
    return whole


def _read(raw: object, source: str, before: str) -> PlatformTag:
    field = before + FIELD
    given = at(raw, "gen_ai_detection_method")
    value = at(given, "detection_method") if isinstance(given, dict) else given
    if value is None:
        reason = "not given: this capture's object has no gen_ai_detection_method"
        return PlatformTag(ReadingState.UNREADABLE, source=source, field=field, reason=reason)
    if not isinstance(value, str) or not value.strip():
        shown = str(value)[:80]
        reason = "a value that we do not know"
        return PlatformTag(ReadingState.AMBIGUOUS, source=source, field=field, raw=shown, reason=reason)
    if value in NOTHING:
        return PlatformTag(ReadingState.ABSENT, source=source, field=field, raw=value)
    who = Declarer.ACCOUNT if value in OWN_WORDS else Declarer.PLATFORM
    return PlatformTag(ReadingState.PRESENT, source=source, field=field, raw=value[:200], declared_by=who)
