"""Everything found out about one media item, joined: what a finding keeps. Pure, and the last step of the
detector."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import chain

from detector import consent, events, verdict
from detector.case import Case
from detector.reading import reading_stamp
from storage.records import Answer


def answer(case: Case) -> Answer:
    """The verdict with all that it rests on, and the version of every stage behind it."""
    return Answer(
        verdict=verdict.judge(case),
        matches=case.matches,
        evidence=verdict.grounds_of(case),
        readings=case.readings,
        events=events.label_events(case.history),
        versions={**case.stages, "readings": reading_stamp(), **judge_versions()},
    )


@cache
def judge_versions() -> dict[str, str]:
    """The versions of the judgement itself. The rules' is a digest of their files."""
    return {
        "verdict": verdict.VERSION,
        "consent": consent.VERSION,
        "events": events.VERSION,
        "rules": _digest_of_rules(),
    }


def judge_stamp(registry_stamp: str) -> str:
    """Changes whenever a verdict could change without new bytes or texts: the registry, a rule, the table."""
    parts = chain(
        [registry_stamp], (f"{name}={version}" for name, version in sorted(judge_versions().items()))
    )
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def _digest_of_rules() -> str:
    digest = sha256()
    for entry in sorted((files("detector") / "rules").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
