"""A store in which twins are shown, without pictures and without a crawl: what an agency asks about."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from storage.consent import Consent
from storage.records import (
    Account,
    ConsentVerdict,
    Labelling,
    Match,
    MatchKind,
    ReferenceImage,
    ReferenceKind,
    RuleVerdict,
    Twin,
    TwinVerdict,
)
from storage.store import Store
from tests.storage.samples import answer, picture, post, sha

HM = Account("instagram", "hm", retailer="H&M", country="SE")
OUTLET = Account("tiktok", "outlet", retailer="Outlet", country="DE")
OCTOBER = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
FOUND = datetime(2026, 11, 2, 3, tzinfo=UTC)
CLAUSE = "§ 4: labelled, in every post"
LICENCE = Consent(
    "Twin A",
    "H&M",
    channels=("instagram",),
    territories=("SE", "NL"),
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 11, 30),
    label_duty=("required",),
    clause=CLAUSE,
    document="annex-a.pdf",
    document_sha256="ab" * 32,
    added_at=OCTOBER,
)


def opened(folder: Path, pattern: Path | None = None, url: str = "") -> Store:
    """`pattern`: a store made before, of which this is a copy; making one takes a second. `url`: of an empty
    database elsewhere."""
    if pattern:
        shutil.copy(pattern / "twinwatch.db", folder / "twinwatch.db")
    store = Store.open(url or f"sqlite:///{folder}/twinwatch.db", folder / "media", create=pattern is None)
    return store if pattern else _filled(store)


def _filled(store: Store) -> Store:
    for name, model in (
        ("Twin A", "Anna Andersson"),
        ("Twin A2", "Anna Andersson"),
        ("Twin B", "Berta Berg"),
    ):
        twin = Twin(name, ReferenceKind.DIGITAL_TWIN, model=model, agency="Agency One", added_at=OCTOBER)
        kept = ReferenceImage(name, sha(f"ref {name}"), twin.kind, "contract 7", "desk@example.org")
        store.add_twin(twin, [kept] if name != "Twin B" else [])
    store.add_twin(Twin("Stranger", ReferenceKind.DIGITAL_TWIN, agency="Another", added_at=OCTOBER), [])
    human = Twin("Anna herself", ReferenceKind.HUMAN_ORIGINAL, agency="Agency One", added_at=OCTOBER)
    store.add_twin(human, [])
    store.terms.add(LICENCE)
    return store


def shown(
    store: Store,
    name: str,
    *twins: tuple[str, ConsentVerdict],
    account: Account = HM,
    posted_at: datetime | None = OCTOBER,
    labelling: Labelling = Labelling.LABELLED,
    kind: MatchKind = MatchKind.COPY,
    rules: Sequence[RuleVerdict] = (),
    found_at: datetime = FOUND,
    text: str = "New in",
    level: int = 3,
) -> int:
    """A post with one picture in which these twins are shown; the number of its finding."""
    made = post(
        name,
        text=text,
        platform=account.platform,
        handle=account.handle,
        posted_at=posted_at,
        media=(picture(name),),
        seen_at=found_at,
    )
    store.save_post(account, made)
    matches = [
        Match(sha(f"ref {twin}"), kind, "pdq", 4, 31, twin=twin, reference_kind=ReferenceKind.DIGITAL_TWIN)
        for twin, _ in twins
    ]
    store.save_matches(sha(name), "m", matches)
    item = next(one for one in store.all_items() if one.version.post.post_id == name)
    told = answer(level=level, labelling=labelling, matches=tuple(matches))
    verdicts = tuple(
        TwinVerdict(twin, consent, (f"What the licences say of {twin}.",)) for twin, consent in twins
    )
    worst = max(verdicts, key=lambda one: list(ConsentVerdict).index(one.consent))
    verdict = replace(
        told.verdict, twins=verdicts, twin=worst.twin, consent=worst.consent, rules=tuple(rules)
    )
    number, _ = store.save_answer(item, "j", replace(told, verdict=verdict), found_at)
    return number


def duty(verdict: Labelling) -> RuleVerdict:
    """What became of the label that the licence asks for."""
    title = "licence of Twin A to H&M"
    return RuleVerdict("licence-1", verdict, "The licence asks for a label.", "", title, "high")
