"""How accounts are doing, as the JSON that tools rely on (`contract.py`: the rest). Fields may be added here,
never renamed."""

from collections.abc import Mapping

from desk.contract import Json, failure_json
from desk.jobs.accounts import AccountHealth


def account_json(one: AccountHealth, groups: Mapping[str, str]) -> Json:
    """A line of `accounts --json`. `groups`: account → its group."""
    stored = one.collected
    return {
        "account": one.account.name,
        "platform": one.account.platform,
        "handle": one.account.handle,
        "retailer": one.account.retailer,
        "country": one.account.country,
        "group": groups.get(one.account.name),
        "tags": list(one.account.tags),
        "watched": one.watched,
        "state": one.state,
        "last_success": stored.last_success if stored else None,
        "next_look": one.next_look,
        "newest_post": stored.newest if stored else None,
        "posts": stored.posts if stored else 0,
        "gone": stored.gone if stored else 0,
        "posts_a_week": one.posts_a_week,
        "failed_runs": one.failed,
        "runs": one.nights,
        "label_read": stored.label_read if stored else 0,
        "label_unread": stored.label_unread if stored else 0,
        "error": failure_json(one.latest),
        "verified": one.standing.verified,
        "standing": one.standing.sentence,
        "old": one.standing.old,
    }
