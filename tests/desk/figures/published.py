"""A store with posts whose pictures are known to be AI, as figures count them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from storage.figures import readings_of
from storage.records import Account, Extent, OriginEvidence
from storage.store import Store
from tests.storage.samples import NOW, answer, picture, post

DETAIL = "a copy of a registered picture of Twin A, model Anna Andersson"


def publish(
    store: Store, account: Account, pictures: Iterable[tuple[str, str]], *, ground: str = "match"
) -> None:
    """A post of one picture a week: each a name, and what stood on its surfaces (feeds.told)."""
    given = dict(pictures)
    posts = [
        post(
            name,
            platform=account.platform,
            handle=account.handle,
            posted_at=NOW + timedelta(weeks=week),
            media=(picture(name),),
        )
        for week, name in enumerate(given)
    ]
    store.save_posts(account, [(one, ()) for one in posts])
    evidence = OriginEvidence(ground, "copy", DETAIL, Extent.WHOLE, 3)
    for item in list(store.all_items()):
        if item.version.account.name == account.name:
            said = readings_of(given[item.version.post.post_id])
            store.save_answer(item, "j", replace(answer(), evidence=(evidence,), readings=said), NOW)
