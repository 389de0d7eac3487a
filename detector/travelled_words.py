"""How it is said that evidence came from a copy: who said it, where that copy stands, how it is known to be
one."""

from detector.match_words import agreement_words
from storage.kin import Telling
from storage.passage import Place, Step, Via
from storage.records import Declarer, Reading


def who_says(telling: Telling, reading: Reading, *, same: bool) -> str:
    name = telling.account.retailer or telling.account.handle
    quote = f"“{reading.quote or reading.field}”"
    earlier = "" if telling.current else ", in an earlier version of the post"
    if reading.declared_by is not Declarer.ACCOUNT:
        who = "the platform" if reading.declared_by is Declarer.PLATFORM else "somebody"
        return f"{who} says so of a copy{earlier}, which is not the publisher's own word: {quote}"
    if same:
        return f"the publisher says so of a copy{earlier}: {quote}"
    return f"{name} says so of a copy{earlier}, and is not known to be who published this one: {quote}"


def way_in_words(via: Via) -> str:
    """Where that copy stands, how it is known to be one, and what was kept of both."""
    there, here = via.there, via.here
    seen = f", first seen {there.seen_at:%Y-%m-%d %H:%M} UTC" if there.seen_at else ""
    post = there.post_url or there.post_id
    place = f"{there.platform}:{there.account} {post} (picture {there.position + 1}{seen})"
    kept = f"captures: there {_digests(there)}, here {_digests(here)}"
    return f"{place}; {steps_in_words(via.steps)}; {kept}"


def steps_in_words(steps: tuple[Step, ...]) -> str:
    if not steps:
        return "the very same bytes"
    each = " and ".join(_step_in_words(step) for step in steps)
    return f"the same picture: {each}" if len(steps) == 1 else f"the same picture by way of others: {each}"


def _step_in_words(step: Step) -> str:
    agreed = agreement_words(step.agreement)
    agreement = f"agreement {agreed}" if agreed else ""
    return ", ".join(filter(None, (step.transform, agreement))) or "linked"


def _digests(place: Place) -> str:
    raw = f", response {place.raw_sha256[:12]}" if place.raw_sha256 else ""
    return f"picture {place.sha256[:12]}{raw}"
