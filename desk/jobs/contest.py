"""Contesting a registration: what rests on it is disputed at once, judged again, and everything that left the
house on the strength of it is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from desk.jobs.judged_again import judge_again
from desk.jobs.pairs import find
from desk.jobs.stages.carried import Settings
from storage.errors import RegistryError
from storage.keeping import WHOLE, Contest, Export
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Contested:
    """`findings` rest on what was contested; `left`: exports with one of them in, oldest first."""

    contests: tuple[Contest, ...]
    findings: tuple[int, ...]
    left: tuple[Export, ...]


def contest(
    store: Store, settings: Settings, given: str, by: str, reason: str, *, undo: bool = False
) -> Contested:
    """`given`: a twin's name, or a picture (file, SHA-256 or its beginning), of every twin that it is
    registered for.

    Raises RegistryError: "no_twin", "no_reference", "contested", "not_contested"; StoreError and ConfigError
    for a digest that says nothing.
    """
    now = datetime.now(UTC)
    made = tuple(Contest(twin, one, by, now, reason, undo) for twin, one in _meant(store, given))
    for one in made:
        store.contests.add(one)
    findings = sorted(
        {
            number
            for one in made
            for number in store.contests.resting(
                one.twin, None if one.reference == WHOLE else [one.reference]
            )
        }
    )
    judge_again(store, settings, findings, now)
    return Contested(made, tuple(findings), tuple(_left(store, made, set(findings))))


def _meant(store: Store, given: str) -> list[tuple[str, str]]:
    """(twin, reference)"""
    if any(twin.name == given for twin in store.twins()):
        return [(given, WHOLE)]
    if not _like_a_picture(given):
        raise RegistryError(
            f"no twin is called {given} (`twinwatch twins list`)", kind="no_twin", where=given
        )
    sha256 = find(store, given)
    twins = [one.twin for one in store.references() if one.sha256 == sha256]
    if not twins:
        raise RegistryError(f"{given} is registered for no twin", kind="no_reference", where=given)
    return [(twin, sha256) for twin in twins]


def _like_a_picture(given: str) -> bool:
    return Path(given).is_file() or (len(given) >= 8 and set(given.lower()) <= set("0123456789abcdef"))


def _left(store: Store, made: Sequence[Contest], findings: set[int]) -> list[Export]:
    whole = {one.twin for one in made if one.reference == WHOLE}
    return [one for one in store.exports.all() if findings & set(one.findings) or whole & set(one.twins)]
