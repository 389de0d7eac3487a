"""What the desk lists beside findings, as the JSON that programs rely on: lines of the inbox, channels and
what they are owed, feeds, users. Fields may be added, never renamed."""

from desk.alerts.channel import Channel
from desk.contract import Json
from storage.checks import KeptCheck
from storage.inbox import Line
from storage.notices import Feed, Notice
from storage.people import User


def line_json(line: Line) -> Json:
    """A picture, by its strongest finding among those sought (`finding`), `count` of them."""
    account = line.account
    return {
        "finding": line.finding_id,
        "count": line.count,
        "platform": account.platform,
        "retailer": account.retailer,
        "account": account.handle,
        "country": account.country or None,
        "posted_at": line.posted_at,
        "sha256": line.sha256,
        "labelling": line.labelling.value,
        "consent": line.consent.value,
        "twins": [{"twin": twin, "consent": consent.value} for twin, consent in line.twins],
        "reason": line.reason,
        "status": line.status.value,
        "gone_at": line.gone_at,
        "account_verified": not line.unverified,
        "reposted": line.reposted,
        "settled": line.settled,
    }


def kept_row_json(kept: KeptCheck) -> Json:
    return {
        "id": kept.id,
        "at": kept.at,
        "by": kept.by,
        "note": kept.note,
        "called": kept.called,
        "labelling": kept.told["labelling"],
        "twins": list(kept.twins),
        "pictured": kept.pictured,
    }


def kept_check_json(kept: KeptCheck) -> Json:
    """`asked`: what was given beside the picture; `answer`: the line of `twinwatch check`, as it was."""
    return {**kept_row_json(kept), "asked": dict(kept.asked), "answer": dict(kept.told)}


def channel_json(channel: Channel) -> Json:
    """Without anything of its address that may be secret."""
    return {
        "name": channel.name,
        "kind": channel.kind,
        "address": channel.shown(),
        "send": channel.send,
        "nothing_new": channel.nothing_new,
        "filters": dict(channel.filters),
    }


def notice_json(notice: Notice) -> Json:
    """What became of a message; not what it said, which is kept no longer than it must be."""
    return {
        "message": notice.message,
        "channel": notice.channel,
        "run": notice.run,
        "kind": notice.kind,
        "findings": list(notice.findings),
        "made_at": notice.made_at,
        "state": notice.state.value,
        "attempts": notice.attempts,
        "next_at": notice.next_at if notice.ended_at is None else None,
        "ended_at": notice.ended_at,
        "error": notice.error or None,
    }


def feed_json(feed: Feed) -> Json:
    """`sought`: its filters in words, "" where all that is new is meant."""
    return {"id": feed.id, "sought": feed.sought, "made_at": feed.made_at}


def user_json(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "role": user.role.value,
        "whose": user.whose or None,
        "added_at": user.added_at,
        "disabled_at": user.disabled_at,
        "has_password": user.has_password,
    }
