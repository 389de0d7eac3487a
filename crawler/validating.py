"""Validators (RFC 9110, section 8.8): remembered when what they stand for is stored, and not before.

Asked with them, a server answers "not modified" and sends nothing. A night that was killed between a
transfer and its saving would otherwise leave a store whose evidence is a 304 alone.
"""

from collections.abc import Iterable

from crawler.storing import StoreThread
from storage.crawled import Capture, Validators
from storage.store import Store


def conditional_headers(validators: Validators | None) -> dict[str, str]:
    if validators is None:
        return {}
    both = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in both.items() if value}


def validators_in(capture: Capture) -> Validators | None:
    """What an answer with bytes can be asked about later; None where its server says nothing for that."""
    said = dict(capture.headers)
    found = Validators(said.get("etag", ""), said.get("last-modified", ""), capture.sha256, capture.at)
    whole = capture.status == 200 and bool(capture.sha256)
    return found if whole and (found.etag or found.last_modified) else None


async def remember(store: StoreThread, captures: Iterable[Capture]) -> None:
    """The bytes have to be in media already."""
    for capture in captures:
        validators = validators_in(capture)
        if validators:
            await store.call(_save, capture.url_asked, validators)


def _save(store: Store, url: str, validators: Validators) -> None:
    store.again.save_validators(url, validators)
