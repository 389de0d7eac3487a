"""How much is stored of each account, and of how many of its posts the platform's label could be read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, func, select

from storage.crawled import Collected
from storage.records import Account, ReadingState
from storage.tables.published import PostRow, VersionRow
from storage.tables.watched import AccountRow

_READ = (ReadingState.PRESENT.value, ReadingState.ABSENT.value)


WEEK = timedelta(days=7)


def collected(connection: Connection, now: datetime, weeks: int) -> Sequence[Collected]:
    """Every account the store knows, by platform and handle."""
    dated = _by_week(connection, now, weeks)
    posts = (
        select(
            PostRow.account_id,
            func.count().label("posts"),
            func.count(PostRow.gone_at).label("gone"),
            func.max(PostRow.posted_at).label("newest"),
        )
        .group_by(PostRow.account_id)
        .subquery()
    )
    state = VersionRow.platform_tag["state"].as_string()
    labels = (
        select(
            PostRow.account_id,
            func.sum(case((state.in_(_READ), 1), else_=0)).label("read"),
            func.sum(case((state.in_(_READ), 0), else_=1)).label("unread"),
        )
        .join(VersionRow, VersionRow.post_id == PostRow.id)
        .where(VersionRow.current.is_(True))
        .group_by(PostRow.account_id)
        .subquery()
    )
    rows = connection.execute(
        select(AccountRow, posts, labels)
        .outerjoin(posts, posts.c.account_id == AccountRow.id)
        .outerjoin(labels, labels.c.account_id == AccountRow.id)
        .order_by(AccountRow.platform, AccountRow.handle)
    )
    return [
        Collected(
            Account(row.platform, row.handle, row.retailer, row.country, row.service, tuple(row.tags)),
            last_success=row.last_success,
            newest=row.newest,
            posts=row.posts or 0,
            gone=row.gone or 0,
            weeks=tuple(dated[row.id]),
            label_read=row.read or 0,
            label_unread=row.unread or 0,
            doubt=row.doubt,
        )
        for row in rows
    ]


def _by_week(connection: Connection, now: datetime, weeks: int) -> Mapping[int, list[int]]:
    """By account. Posts that claim to come from the future are left out."""
    counted: defaultdict[int, list[int]] = defaultdict(lambda: [0] * weeks)
    young = select(PostRow.account_id, PostRow.posted_at).where(
        PostRow.posted_at > now - weeks * WEEK, PostRow.posted_at <= now
    )
    for account, posted in connection.execute(young):
        if posted is not None:  # for the checker: the condition leaves them out
            counted[account][(now - posted) // WEEK] += 1
    return counted
