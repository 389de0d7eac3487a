"""`findings list --all`: the findings, then every other media item, judged for showing and not stored."""

from collections.abc import Iterator
from datetime import UTC, datetime

from desk.jobs.stages.carried import Settings
from desk.jobs.stages.judge import Judge
from storage.records import Finding, FindingStatus
from storage.store import ItemToJudge, Store
from storage.verification import UNKNOWN, Standing


def every_item(store: Store, settings: Settings) -> Iterator[Finding]:
    """Findings as they stand; items that have none come with id 0."""
    found = set()
    for finding in store.findings(noted=True):
        found.add((finding.account.name, finding.post_id, finding.position))
        yield finding
    judge = Judge(store, settings)
    standings = store.accounts.standings(datetime.now(UTC))
    for item in store.all_items():
        if (item.version.account.name, item.version.post.post_id, item.position) not in found:
            account = item.version.account
            yield _as_finding(judge, item, standings.get((account.platform, account.handle), UNKNOWN))


def _as_finding(judge: Judge, item: ItemToJudge, standing: Standing) -> Finding:
    post = item.version.post
    media = next(one for one in post.media if one.position == item.position)
    return Finding(
        id=0,
        account=item.version.account,
        post_id=post.post_id,
        post_url=post.url,
        position=item.position,
        sha256=media.sha256,
        answer=judge.answer(item),
        posted_at=post.posted_at,
        first_seen=item.version.first_seen,
        judged_at=datetime.now(UTC),
        status=FindingStatus.NEW,
        gone_at=item.version.gone_at,
        failure=item.failure,
        standing=standing,
    )
