"""The verdict in plain sentences: what says AI, where people were told, what could not be looked at."""

from collections.abc import Iterator, Sequence

from detector.case import Case
from detector.extent import WEAKEST, leaves_a_rest, of_a_part
from detector.grounds import decided_by, in_words
from detector.reader import IGNORED, UNREADABLE
from detector.standing import STRENGTH, cleared_matches, human_matches, standing_matches
from detector.telling import SURFACE_NAMES, Told, too_faint, whole_is_known
from storage.records import (
    PARTLY_SEEN,
    Declarer,
    Extent,
    Labelling,
    Match,
    OriginEvidence,
    PairDecision,
    Quarantine,
    Reading,
    ReadingState,
    Surface,
)

TOO_LITTLE = "There is too little in the picture to recognise it by: that nothing matched says nothing."
MOST_IN_VAIN = 4  # sentences on what a file says in vain: a hostile one can hold any number


def reasons(
    case: Case,
    grounds: tuple[OriginEvidence, ...],
    readings: tuple[Reading, ...],
    told: Sequence[Told],
    labelling: Labelling,
) -> Iterator[str]:
    """In the order in which a reader wants them. `told` answers for `readings`, one by one."""
    yield from _origin_reasons(case, grounds)
    if labelling is not Labelling.NO_AI_EVIDENCE:
        yield from _label_reasons(readings, told, grounds)
    yield _SUMMARY[labelling]


def _origin_reasons(case: Case, grounds: tuple[OriginEvidence, ...]) -> Iterator[str]:
    if case.failure and case.failure.kind in PARTLY_SEEN:
        yield f"Not all of it could be looked at: {case.failure.message.rstrip('.')}."
    elif case.failure:
        yield f"The picture could not be looked at: {case.failure.message.rstrip('.')}."
    if case.too_little and not case.matches:
        yield TOO_LITTLE
    raising = [evidence for evidence in grounds if evidence.level >= WEAKEST]
    for evidence in sorted(raising, key=lambda evidence: -evidence.level):
        what = "A part of the picture is AI" if evidence.extent is Extent.PART else "AI"
        yield f"{what}, level {evidence.level}, {evidence.reader.replace('_', ' ')}: {evidence.detail}."
    if of_a_part(grounds):
        yield "All that was found speaks of a part of the picture; nothing says that the model is AI."
    elif leaves_a_rest(grounds, standing_matches(case)):
        yield "All that was found speaks of a part of the picture; nothing says that the rest of it is AI."
    yield from _in_vain(grounds)
    yield from _match_reasons(case)


def _in_vain(grounds: Sequence[OriginEvidence]) -> Iterator[str]:
    """Claims in the file that do not count, and what of it could not be read: that nothing says AI is another
    thing where a credential was tampered with, or lies on somebody's server."""
    told = list(dict.fromkeys(filter(None, map(_vain, grounds))))
    yield from told[:MOST_IN_VAIN]
    if (more := len(told) - MOST_IN_VAIN) > 0:
        yield f"{more} more that do not count or could not be looked at stand in the file."


def _vain(evidence: OriginEvidence) -> str:
    """The kind of a level 0 is in its signal (detector/reader.py)."""
    kind, _, why = evidence.signal.partition(": ")
    detail = f" ({evidence.detail})" if evidence.detail else ""
    reader = evidence.reader.replace("_", " ")
    if kind == UNREADABLE:
        return f"Could not be looked at in the file, {reader}: {why}{detail}."
    if kind == IGNORED:
        return f"What stands in the file does not count, {reader}: {why}{detail}."
    return ""


def _match_reasons(case: Case) -> Iterator[str]:
    """Why matches raise nothing: explained better, rejected, not believed, or no copies at all."""
    for match, human in cleared_matches(case):
        yield (
            f"The match with {match.twin} ({in_words(match)}) does not count: "
            f"a registered picture of a real model matches better ({in_words(human)})."
        )
    for name in dict.fromkeys(match.twin for match in case.matches):
        twin = case.registry.twins.get(name)
        if twin is not None and twin.erased_at is not None:
            yield f"{name} was erased on {twin.erased_at:%Y-%m-%d}: its pictures and its name are not kept."
    for human in human_matches(case):
        yield f"It matches a picture of {human.twin or 'a real model'} that is registered as not AI."
    for match in case.matches:
        if match.twin:
            yield from _not_believed(match, case)
    for why in case.no_match:
        yield sentence(why)


def _not_believed(match: Match, case: Case) -> Iterator[str]:
    quarantine = case.registry.quarantined.get(match.reference)
    if match.decided is PairDecision.REJECTED:
        yield rejected(match, decided_by(match, case))
    elif not STRENGTH[match.kind]:
        why = f": {match.reason.rstrip('.')}" if match.reason else ""
        yield (
            f"It shares something with a registered picture of {match.twin} (the same scene, garment or "
            f"backdrop), and is no copy of it{why}."
        )
    elif quarantine is not None:
        yield not_believed(match, quarantine)


def rejected(match: Match, who: str) -> str:
    return f"The match with {match.twin} does not count: {who} said that it is not the same picture."


IN_QUARANTINE = "not believed: the registered picture is in quarantine"


def not_believed(match: Match, quarantine: Quarantine) -> str:
    return (
        f"A registered picture of {match.twin} matches, and is not believed until a person lifts its "
        f"quarantine: {quarantine.reason.rstrip('.')}."
    )


def sentence(words: str) -> str:
    """As a reason is written: a capital, and a full stop."""
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def _label_reasons(
    readings: tuple[Reading, ...], told: Sequence[Told], grounds: tuple[OriginEvidence, ...]
) -> Iterator[str]:
    whole = whole_is_known(grounds)
    for index, reading in enumerate(readings):
        name = SURFACE_NAMES[reading.surface]
        if told[index] is Told.INFORMS:
            yield f"The label stands in the {name}{_quoted(reading)}{_slides(reading)}."
        elif told[index] is Told.WEAKLY:
            why = too_faint(reading, whole=whole) or "few people see it there"
            yield f"A label stands in the {name}{_quoted(reading)}{_slides(reading)}, but {why}."
        elif told[index] is Told.UNCLEAR:
            are = "are" if reading.surface is Surface.HASHTAGS else "is"
            yield f"The {name} {are} unclear{_quoted(reading)} ({reading.reason})."
        if reading.declared_by is Declarer.PERSON:
            yield f"That rests on a person's reading of the {name}: {reading.reason}."
    unread = [
        f"{SURFACE_NAMES[reading.surface]}: {reading.reason or 'not read'}"
        for reading in readings
        if reading.state is ReadingState.UNREADABLE
    ]
    if unread:
        yield f"Could not be looked at: {'; '.join(unread)}."
    read = [
        f"{SURFACE_NAMES[one.surface]}{_slides(one)}" for one in readings if one.state is ReadingState.ABSENT
    ]
    if read:
        yield f"Looked at, and no label found there: {', '.join(read)}."


def _quoted(reading: Reading) -> str:
    """A person need not quote; their field names a screenshot."""
    words = reading.quote or ("" if reading.declared_by is Declarer.PERSON else reading.field)
    return f": “{words}”" if words else ""


def _slides(reading: Reading) -> str:
    """Which pictures of a carousel bear it."""
    if "of_slides" not in reading.prominence:
        return ""
    return f" (it stands on picture {reading.prominence['slides']} of {reading.prominence['of_slides']})"


_SUMMARY = {
    Labelling.NO_AI_EVIDENCE: "We found nothing that says AI; that is no proof that it is none.",
    Labelling.LABELLED: "People were told.",
    Labelling.WEAKLY_LABELLED: "People were told, but weakly.",
    Labelling.UNLABELLED: "We found no label on the surfaces we checked, at this time.",
    Labelling.UNLABELLED_WHERE_SEEN: (
        "We found no label on the surfaces we checked, at this time; "
        "a label may stand where we could not look."
    ),
    Labelling.CANNOT_SAY: "What was found is not enough to say whether people were told.",
}
