"""Is this account the retailer's? What was looked at, what people said, and what holds of it now. Pure; the
rest of the vocabulary is in `records`.

What holds is computed whenever it is asked, never stored: verifying an account clears its findings without
judging them again (docs/decisions/right-account.md).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HOLDS = timedelta(days=180)  # of our own choosing: shops are redone about once a season

NAME_BOUND = "acct:"  # a name in the place of an id, where nothing but a feed is open: whoever has it has it


class Look(StrEnum):
    """What looking in one direction gave."""

    FOUND = "found"
    ABSENT = "absent"  # looked, and it is not there
    ELSEWHERE = "elsewhere"  # it names websites, and none of them is the brand's
    UNREADABLE = "unreadable"  # could not look


class Direction(StrEnum):
    WEBSITE = "website"  # the brand's website links to the account
    PROFILE = "profile"  # the account's profile names the brand's website
    NAME = "name"  # the account's own name is under the brand's domain


@dataclass(frozen=True, slots=True)
class Glance:
    """One direction: where it was looked, what stood there, or why nothing could be seen."""

    direction: Direction
    look: Look
    where: str = ""  # the address that was asked
    quote: str = ""  # the link or field, as it stood there
    reason: str = ""
    sha256: str = ""  # of the answer, kept in media


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"  # looked, and it does not belong together
    UNREADABLE = "unreadable"  # could not look: says nothing, and takes nothing back
    CONFIRMED = "confirmed"  # by a person
    REJECTED = "rejected"  # by a person
    UNDO = "undo"  # the last word of a person that stands no longer holds


PERSONS = frozenset({Outcome.CONFIRMED, Outcome.REJECTED})


@dataclass(frozen=True, slots=True)
class Verification:
    """One look, or one person's word, append-only. `ids`: the account's stable ids as the platform named them
    then; () where it names none."""

    outcome: Outcome
    at: datetime
    ids: tuple[str, ...] = ()
    by: str = ""
    note: str = ""
    reason: str = ""
    website: str = ""
    glances: tuple[Glance, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of an account now. `sentence` says it, with the date and who said so."""

    verified: bool = False
    sentence: str = "nobody has looked whether it is the retailer's"
    old: bool = False
    last: Verification | None = None  # what it rests on

    @property
    def caveat(self) -> str:
        """What a finding of this account carries; "" where it is verified."""
        return "" if self.verified else f"account not verified: {self.sentence}"


UNKNOWN = Standing()


def standing_of(given: Sequence[Verification], stable_id: str, now: datetime) -> Standing:
    """`given` in the order of being given; `stable_id` as the crawl knows the account today, "" for none."""
    word = _last_word(given)
    looks = [one for one in given if one.outcome in (Outcome.PASSED, Outcome.FAILED)]
    if word and not _left_behind(word, stable_id, given):
        return _by_person(word, stable_id, now)
    if looks:
        return _by_look(looks[-1], stable_id, now)
    if word and word.ids and not are_others(word.ids, [stable_id]):
        return Standing(sentence=_not_of(word, stable_id), last=word)
    if word:
        return Standing(sentence=f"{word.by} spoke of another account under this name", last=word)
    last = next((one for one in reversed(given) if one.outcome is Outcome.UNREADABLE), None)
    if last:
        return Standing(sentence=f"{last.reason} (tried {_day(last)})", last=last)
    return UNKNOWN


def _last_word(given: Sequence[Verification]) -> Verification | None:
    """An undo takes back the last one that stands, and can go on to the one before."""
    stack: list[Verification] = []
    for one in given:
        if one.outcome in PERSONS:
            stack.append(one)
        elif one.outcome is Outcome.UNDO and stack:
            stack.pop()
    return stack[-1] if stack else None


def words_standing(given: Sequence[Verification]) -> bool:
    return _last_word(given) is not None


def _left_behind(word: Verification, stable_id: str, given: Sequence[Verification]) -> bool:
    """A later look met somebody else under this name, or what is stored is of another id."""
    later = [one for one in given[given.index(word) + 1 :] if one.ids]
    met_another = any(word.ids and are_others(word.ids, one.ids) for one in later)
    return met_another or not _of(word.ids, stable_id)


def are_others(ids: Collection[str], met: Collection[str]) -> bool:
    """No id is in both, though some are of one kind. An address (ActivityPub) and a number (a server's API)
    may be one account's."""
    kinds = {_is_address(one) for one in ids} & {_is_address(one) for one in met}
    return bool(kinds) and not set(ids) & set(met)


def _is_address(stable_id: str) -> bool:
    return "://" in stable_id


def _of(ids: Collection[str], stable_id: str) -> bool:
    return not stable_id or stable_id.startswith(NAME_BOUND) or stable_id in ids


def _by_person(word: Verification, stable_id: str, now: datetime) -> Standing:
    said = f"{word.by} said so {_day(word)}" + (f" ({word.note})" if word.note else "")
    if word.outcome is Outcome.REJECTED:
        return Standing(sentence=f"{word.by} said {_day(word)} that it is not the retailer's", last=word)
    return _aged(word, said, now)


def _by_look(look: Verification, stable_id: str, now: datetime) -> Standing:
    if look.outcome is Outcome.FAILED:
        return Standing(sentence=f"{look.reason} (looked {_day(look)})", last=look)
    if look.ids and not _of(look.ids, stable_id):  # without any, it is not known to be another's, and ages
        return Standing(sentence=_not_of(look, stable_id), last=look)
    return _aged(look, f"{look.reason} (looked {_day(look)})", now)


def _not_of(one: Verification, stable_id: str) -> str:
    if are_others(one.ids, [stable_id]):
        return f"what was verified {_day(one)} is another account"
    return (
        f"what was verified {_day(one)} is known by another kind of id than what is stored: verify it again"
    )


def _aged(one: Verification, said: str, now: datetime) -> Standing:
    """Bound to an id it is told as old; without one nobody would notice that the name changed hands."""
    old = now - one.at > HOLDS
    if old and not one.ids:
        why = f"older than {HOLDS.days} days, and the platform shows no id by which to know it again"
        return Standing(sentence=f"{said}: {why}", old=True, last=one)
    return Standing(True, f"{said}, older than {HOLDS.days} days" if old else said, old, one)


def _day(one: Verification) -> str:
    return f"on {one.at:%Y-%m-%d}"
