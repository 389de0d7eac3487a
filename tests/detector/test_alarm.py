"""What is worth telling somebody about, and what of that is news."""

from dataclasses import replace

import pytest

from detector.alarm import alarms, news, settled
from detector.verdict import judge
from storage.records import Account, Answer, ConsentVerdict, Event, EventKind, Labelling, TwinVerdict
from storage.uses import Settlement
from tests.detector import cases
from tests.detector.cases import case


@pytest.mark.parametrize(
    ("labelling", "consent", "events", "alert"),
    [
        (Labelling.UNLABELLED, ConsentVerdict.IN_SCOPE, (), True),
        (Labelling.UNLABELLED_WHERE_SEEN, ConsentVerdict.IN_SCOPE, (), True),
        (Labelling.CANNOT_SAY, ConsentVerdict.NO_TERMS, (), False),
        (Labelling.LABELLED, ConsentVerdict.NO_TERMS, (), False),
        (Labelling.LABELLED, ConsentVerdict.CANNOT_SAY, (), False),
        (Labelling.LABELLED, ConsentVerdict.WITHDRAWN, (), True),
        (Labelling.LABELLED, ConsentVerdict.EXPIRED, (), True),
        (Labelling.LABELLED, ConsentVerdict.NOT_YET_VALID, (), True),
        (Labelling.LABELLED, ConsentVerdict.OUT_OF_SCOPE, (), True),
        (Labelling.WEAKLY_LABELLED, ConsentVerdict.IN_SCOPE, (EventKind.LABEL_REMOVED,), True),
        (Labelling.WEAKLY_LABELLED, ConsentVerdict.IN_SCOPE, (EventKind.LABEL_ADDED_LATE,), False),
    ],
)
def test_what_is_worth_an_alert(
    labelling: Labelling, consent: ConsentVerdict, events: tuple[EventKind, ...], alert: bool
) -> None:
    verdict = judge(case())
    told = replace(verdict, labelling=labelling, consent=consent)
    happened = tuple(Event(kind, cases.POSTED, "") for kind in events)
    assert bool(alarms(Answer(told, (), (), (), happened, {}))) is alert


def answer(
    labelling: Labelling, *twins: tuple[str, ConsentVerdict], events: tuple[EventKind, ...] = ()
) -> Answer:
    told = replace(
        judge(case()),
        labelling=labelling,
        consent=ConsentVerdict.IN_SCOPE,
        twins=tuple(TwinVerdict(name, consent, ()) for name, consent in twins),
    )
    return Answer(told, (), (), (), tuple(Event(kind, cases.POSTED, "") for kind in events), {})


QUIET = answer(Labelling.LABELLED)
SEEN, SURE = answer(Labelling.UNLABELLED_WHERE_SEEN), answer(Labelling.UNLABELLED)
EXPIRED = answer(Labelling.UNLABELLED, ("Vilma", ConsentVerdict.EXPIRED))


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (SEEN, None, True),
        (QUIET, None, False),
        (SEEN, SEEN, False),
        (SURE, SEEN, True),  # a stronger word
        (SEEN, QUIET, True),
        (QUIET, SEEN, False),
        (EXPIRED, SURE, True),
        (SURE, EXPIRED, False),
        (answer(Labelling.UNLABELLED, ("Maja", ConsentVerdict.EXPIRED)), EXPIRED, True),  # another twin
        (answer(Labelling.UNLABELLED, events=(EventKind.LABEL_REMOVED,)), SURE, True),
    ],
)
def test_what_is_news(now: Answer, before: Answer | None, *, told: bool) -> None:
    assert news(now, before) is told


HM = Account("instagram", "hm", retailer="H&M", country="SE")
SETTLED = Settlement(3, "Vilma", ConsentVerdict.EXPIRED, "h&m", "instagram", "SE", "ann", cases.POSTED)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (answer(Labelling.LABELLED, ("Vilma", ConsentVerdict.EXPIRED)), False),
        (answer(Labelling.UNLABELLED, ("Vilma", ConsentVerdict.EXPIRED)), True),  # a licence is no label
        (answer(Labelling.LABELLED, ("Vilma", ConsentVerdict.WITHDRAWN)), True),
        (
            answer(Labelling.LABELLED, ("Vilma", ConsentVerdict.EXPIRED), ("Maja", ConsentVerdict.EXPIRED)),
            True,
        ),
    ],
)
def test_what_was_settled_is_no_news(now: Answer, *, told: bool) -> None:
    quiet = settled(now, HM, cases.POSTED, [SETTLED])
    assert news(now, None, quiet) is told
    assert news(now, None) is True


def test_settled_for_another_country_it_is_news() -> None:
    now = answer(Labelling.LABELLED, ("Vilma", ConsentVerdict.EXPIRED))
    assert settled(now, replace(HM, country="NL"), cases.POSTED, [SETTLED]) == frozenset()
