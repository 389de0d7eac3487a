"""Pairs of a published picture and a registered one: what waits for a person, and what people decided.

A decision belongs to the two pictures, not to a post: it holds wherever the picture is published, and for as
long as nobody takes it back.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from desk.options import usage
from desk.output import path_text
from storage.errors import StoreError
from storage.records import Match, MatchKind, PairDecision, PairReview
from storage.store import Showing, Store

SHORTEST_PREFIX = 8  # hex digits: among a million pictures two begin alike with odds of 1 in 4,300 each
SHOWN = 12  # hex digits of a digest in lists
ENOUGH = 10  # candidates for a prefix that are named


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures, where the first was published, what the detector makes of them, and the decision that
    stands."""

    picture: str
    reference: str
    match: Match | None  # None: decided about, and they do not match today
    shown: tuple[Showing, ...]
    review: PairReview | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision changed. `match` as it was before; `warnings` stop nothing."""

    review: PairReview
    match: Match | None
    warnings: tuple[str, ...] = ()


def short(sha256: str) -> str:
    return sha256[:SHOWN]


def waiting(store: Store, limit: int) -> Iterator[Pair]:
    """Likely copies, and what only fingerprints say, that nobody has decided about: strongest first."""
    for one in store.pairs.waiting(limit):
        yield Pair(one.picture, one.match.reference, one.match, one.shown)


def decided(store: Store) -> Iterator[Pair]:
    """Every pair with a decision that stands, the newest first."""
    for review in sorted(store.pairs.standing(), key=lambda one: one.at, reverse=True):
        match = _match(store, review.picture, review.reference)
        shown = tuple(store.copies.shown(review.picture))
        yield Pair(review.picture, review.reference, match, shown, review)


def decide(
    store: Store, picture: str, reference: str, decision: PairDecision, by: str, note: str = ""
) -> Decided:
    """Write a decision down. `picture` and `reference` as the user gave them: digests, prefixes or files.

    Raises ConfigError (a prefix that is too short or not unique), StoreError: "no_file", "no_pair",
    "nothing_to_undo".
    """
    first, second = find(store, picture), find(store, reference)
    match = _match(store, first, second)
    registered = any(one.sha256 == second for one in store.references())
    before = store.pairs.decided().get((first, second))
    if match is None and not registered:
        raise StoreError(
            f"{short(second)} is neither a registered picture nor one that {short(first)} matches: "
            f"`twinwatch pairs list` shows what can be decided",
            kind="no_pair",
            where=second,
        )
    review = PairReview(first, second, decision, by, datetime.now(UTC), note)
    if decision is not before:  # the same said twice is said once
        store.pairs.add(review)
    return Decided(review, match, tuple(_warnings(match, decision, before)))


def _warnings(match: Match | None, decision: PairDecision, before: PairDecision | None) -> Iterator[str]:
    if decision is before:
        yield f"this pair was {decision.value} already; nothing was added"
    elif match is None and decision is not PairDecision.UNDO:
        yield "the detector finds no match between these two; the decision is kept, and counts when it does"
    elif match and match.kind is MatchKind.SAME_SCENE_OR_GARMENT and decision is PairDecision.CONFIRMED:
        yield "the detector sees the same scene or garment, and no copy: a confirmation does not change that"


def find(store: Store, given: str) -> str:
    """The SHA-256 of a kept picture, given as a file, a digest or the beginning of one."""
    path = Path(given)
    if path.is_file():
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return _only(store, sha256, f"{path_text(path)} is not among the kept pictures")
    prefix = given.strip().lower()
    if not re.fullmatch(r"[0-9a-f]+", prefix):
        raise usage(f"{given}: neither a file nor a SHA-256", where=given)
    if not SHORTEST_PREFIX <= len(prefix) <= 64:
        raise usage(f"{given}: give at least {SHORTEST_PREFIX} digits of the SHA-256, or all 64", where=given)
    return _only(store, prefix, f"no kept picture's SHA-256 begins with {prefix}")


def _only(store: Store, prefix: str, none: str) -> str:
    found = store.files_beginning(prefix, ENOUGH)
    if not found:
        raise StoreError(f"{none} (`twinwatch pairs list` shows the pairs)", kind="no_file", where=prefix)
    if len(found) > 1:
        names = ", ".join(found[:3])
        raise usage(f"{prefix}: several pictures begin so ({names} …): give more digits", where=prefix)
    return found[0]


def _match(store: Store, picture: str, reference: str) -> Match | None:
    found = (*store.matches.of(picture), *store.copies.of(picture))
    return next((one for one in found if one.reference == reference), None)
