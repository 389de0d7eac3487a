"""Everything found out about one media item, joined: what a finding keeps. Pure, and the last step of the
detector."""

from hashlib import sha256
from itertools import chain

from detector import change_events, consent, events, travelled, verdict
from detector.case import Case
from detector.reading import reading_stamp
from detector.rulebook import Rulebook
from storage.records import Answer, Event


def answer(case: Case) -> Answer:
    """The verdict with all that it rests on, and the version of every stage behind it."""
    return Answer(
        verdict=verdict.judge(case),
        matches=case.matches,
        evidence=verdict.grounds_of(case),
        readings=case.readings,
        events=_events(case),
        versions={**case.stages, "readings": reading_stamp(case.lexicon), **judge_versions(case.rulebook)},
    )


def _events(case: Case) -> tuple[Event, ...]:
    """In the order of time."""
    found = (*events.label_events(case.history), *change_events.change_events(case))
    return tuple(sorted(found, key=lambda event: event.at))


def judge_versions(rulebook: Rulebook) -> dict[str, str]:
    """The versions of the judgement itself."""
    return {
        "verdict": verdict.VERSION,
        "consent": consent.VERSION,
        "events": f"{events.VERSION}.{change_events.VERSION}",
        "travelled": travelled.VERSION,
        "rules": rulebook.stamp,
    }


def judge_stamp(registry_stamp: str, rulebook: Rulebook) -> str:
    """Changes whenever a verdict could change without new bytes or texts: the registry, a rule, the table."""
    parts = chain(
        [registry_stamp], (f"{name}={version}" for name, version in sorted(judge_versions(rulebook).items()))
    )
    return sha256("\n".join(parts).encode()).hexdigest()[:16]
