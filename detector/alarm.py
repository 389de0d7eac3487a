"""What of an answer is worth telling somebody about, and what of that is news."""

from detector.grounds import of_a_part
from storage.records import Answer, ConsentVerdict, EventKind, Labelling

LABELLINGS = frozenset({Labelling.UNLABELLED, Labelling.UNLABELLED_WHERE_SEEN})
CONSENTS = frozenset(
    {
        ConsentVerdict.WITHDRAWN,
        ConsentVerdict.EXPIRED,
        ConsentVerdict.NOT_YET_VALID,
        ConsentVerdict.OUT_OF_SCOPE,
    }
)
SURE = 3  # origin level from which AI is not in doubt (design, section 2)


def alarms(answer: Answer) -> frozenset[str]:
    """Each by its name; none for an answer that alarms nobody. A twin without any registered licence does
    not, by itself: terms may just not be registered. Nor does a part that is AI in a picture that may well
    be a photograph."""
    verdict = answer.verdict
    labelling = verdict.labelling in LABELLINGS and not of_a_part(answer.evidence)
    consents = {f"{one.twin}: {one.consent}" for one in verdict.twins if one.consent in CONSENTS}
    if verdict.consent in CONSENTS:
        consents.add(f"{verdict.twin}: {verdict.consent}")
    events = {event.kind.value for event in answer.events if event.kind in _events(answer)}
    return frozenset({verdict.labelling.value} if labelling else ()) | consents | events


def news(answer: Answer, before: Answer | None) -> bool:
    """Does it alarm in a way in which the answer before it did not? What changed beside that (a rule, a
    sentence, more of the same evidence) has been told once."""
    return bool(alarms(answer) - (alarms(before) if before else frozenset()))


def _events(answer: Answer) -> tuple[EventKind, ...]:
    """A mark that was removed of what is surely AI, like a label that was removed."""
    sure = answer.verdict.level >= SURE
    return (EventKind.LABEL_REMOVED, EventKind.MARK_REMOVED) if sure else (EventKind.LABEL_REMOVED,)
