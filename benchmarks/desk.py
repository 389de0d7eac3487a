"""The desk with 100,000 findings and 1,000,000 media items on SQLite: how long pages take, twenty requests at
once.

Rows are put into the tables as nights would leave them (posts of ten pictures, one with a finding, every
picture in three posts); nothing is looked at. A server process answers, threads here ask: the inbox with and
without filters, twins, single findings, in turn. `python -m benchmarks.desk [--findings N] [--requests N]`.
"""

import argparse
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from sqlalchemy import Connection, insert

from desk.web.guard import COOKIE
from desk.web.secrets import kept, new_secret
from storage import documents
from storage.people import Role
from storage.records import ConsentVerdict, Labelling, Match, MatchKind, MediaKind, ReferenceKind, TwinVerdict
from storage.store import Store
from storage.tables.base import Base
from storage.tables.examined import FileRow, MatchRow
from storage.tables.judged import AnswerRow, FindingRow
from storage.tables.published import MediaItemRow, PostRow, VersionRow
from storage.tables.registered import TwinRow
from storage.tables.watched import AccountRow
from tests.storage.samples import answer, sha

BATCH = 2_000
ACCOUNTS, TWINS = 200, 60
NOW = datetime(2026, 11, 1, tzinfo=UTC)
PORT = 8455
CONSENTS = tuple(ConsentVerdict)
LABELLINGS = tuple(one for one in Labelling if one is not Labelling.NO_AI_EVIDENCE)
PAGES = (
    "/",
    "/?status=all",
    "/?retailer=Retailer+7",
    "/?twin=Twin+11&status=all",
    "/?labelling=unlabelled&consent=expired",
    "/?since=2026-10-01&until=2026-10-10",
    "/?rule=eu-50-4&platform=instagram",
    "/twins",
)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--findings", type=int, default=100_000)
    asked.add_argument("--requests", type=int, default=1_000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="twinwatch-bench-") as folder:
        room = Path(folder)
        secret = _filled(room, given.findings)
        size = sum(path.stat().st_size for path in room.glob("twinwatch.db*")) / 1e6
        print(f"{given.findings} findings, {given.findings * 10} media items, {size:.0f} MB", flush=True)
        program = Path(sys.executable).parent / "twinwatch"
        config = str(room / "twinwatch.toml")
        server = subprocess.Popen([str(program), "desk", "--port", str(PORT), "--config", config])
        try:
            _wait()
            _measure(secret, given.requests, given.findings)
        finally:
            server.terminate()
            server.wait()
    return 0


def _filled(room: Path, findings: int) -> str:
    """The secret of somebody who is logged in."""
    (room / "twinwatch.toml").write_text("")
    store = Store.open(f"sqlite:///{room}/twinwatch.db", room / "media", create=True)
    started = time.monotonic()
    with store._database.engine.begin() as connection:
        _put(connection, AccountRow, [_account(number) for number in range(ACCOUNTS)])
        _put(
            connection,
            TwinRow,
            [{"name": f"Twin {n}", "kind": ReferenceKind.DIGITAL_TWIN} for n in range(TWINS)],
        )
        for start in range(0, findings, BATCH):
            _batch(connection, range(start, min(findings, start + BATCH)))
    listed = store.inbox.catch_up()
    print(f"filled in {time.monotonic() - started:.0f} s, {listed} listed")
    user = store.people.add("bench", Role.REVIEWER, "", NOW)
    store.people.set_password(user.id, "none")
    secret = new_secret()
    store.people.begin(user.id, kept(secret), datetime.now(UTC))
    store.close()
    return secret


def _account(number: int) -> dict[str, Any]:
    platform = ("instagram", "bluesky", "rss")[number % 3]
    retailer = f"Retailer {number % 40}"
    return {
        "platform": platform,
        "handle": f"handle{number}",
        "retailer": retailer,
        "country": "SE",
        "tags": [],
    }


def _batch(connection: Connection, numbers: range) -> None:
    """Row `n` of posts, versions and findings is one post."""
    posts: list[dict[str, Any]] = []
    versions, items, files, matches, found, answers = ([*posts] for _ in range(6))
    for number in numbers:
        row, at, picture = number + 1, NOW - timedelta(minutes=number * 7), sha(number // 3)
        first = number % 3 == 0
        owner = number % ACCOUNTS + 1
        url = f"https://social.example/p{number}"
        posts.append({"id": row, "account_id": owner, "key": f"p{number}", "url": url, "posted_at": at})
        versions.append(
            {"id": row, "post_id": row, "number": 1, "current": True, "read": "r", "text": "New in"}
        )
        for position in range(10):
            digest = sha(f"{number} {position}") if position else picture
            items.append({"version_id": row, "position": position, "sha256": digest, "judged": "j"})
            if position or first:
                files.append({"sha256": digest, "collected": True})
        twin = f"Twin {number % TWINS}"
        match = Match(
            sha(twin), MatchKind.COPY, "pdq", 4, 31, twin=twin, reference_kind=ReferenceKind.DIGITAL_TWIN
        )
        if first:
            matches.append(
                {"sha256": picture, "reference": match.reference, "kind": match.kind, "twin": twin}
            )
        consent = CONSENTS[number % len(CONSENTS)]
        told = answer(level=3, labelling=LABELLINGS[number % len(LABELLINGS)], matches=(match,))
        twins = (TwinVerdict(twin, consent, ("As licensed.",)),)
        verdict = replace(told.verdict, twins=twins, consent=consent, twin=twin)
        document = documents.answer_document(replace(told, verdict=verdict))
        found.append({"id": row, "post_id": row, "sha256": picture, "answers": 1})
        answers.append({"finding_id": row, "number": 1, "version_id": row, "level": 3, "answer": document,
                        "labelling": verdict.labelling, "consent": consent})  # fmt: skip
    tables = (PostRow, VersionRow, FileRow, MediaItemRow, MatchRow, FindingRow, AnswerRow)
    for table, rows in zip(tables, (posts, versions, files, items, matches, found, answers), strict=True):
        _put(connection, table, rows)


def _put(connection: Connection, table: type[Base], rows: list[dict[str, Any]]) -> None:
    """What a row does not say is empty."""
    empty = {
        column.name: None
        if column.nullable
        else _nothing(getattr(column.type, "impl", column.type).python_type)
        for column in table.__table__.columns
        if not column.primary_key or column.foreign_keys
    }
    if table is VersionRow:
        empty |= {"platform_tag": {"state": "absent"}, "hashtags": [], "problems": []}
    if table is FileRow:
        empty |= {"stages": {}, "failures": {}}
    if table is MediaItemRow:
        empty["kind"] = MediaKind.PICTURE
    connection.execute(insert(table), [{**empty, **row} for row in rows])


def _nothing(kind: type) -> Any:
    return NOW if kind is datetime else kind() if kind in (int, float, str, bool, dict, list, bytes) else None


def _wait() -> None:
    for _ in range(240):
        try:
            urlopen(f"http://127.0.0.1:{PORT}/login", timeout=5).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the desk did not start")


def _measure(secret: str, requests: int, findings: int) -> None:
    def ask(address: str) -> tuple[float, int]:
        """Milliseconds and bytes."""
        started = time.perf_counter()
        request = Request(f"http://127.0.0.1:{PORT}{address}", headers={"Cookie": f"{COOKIE}={secret}"})
        with urlopen(request, timeout=60) as told:
            size = len(told.read())
        return (time.perf_counter() - started) * 1000, size

    singles = [f"/findings/{number * 97 % findings + 1}" for number in range(40)]
    for address in (*PAGES, singles[0]):
        alone, size = min(ask(address) for _ in range(3))
        print(f"{address:42} alone {alone:6.0f} ms, {size / 1000:.0f} kB")
    turns = itertools.cycle(itertools.chain.from_iterable(zip(itertools.cycle(PAGES), singles, strict=False)))
    started = time.perf_counter()
    with ThreadPoolExecutor(20) as pool:
        times = sorted(took for took, _ in pool.map(ask, itertools.islice(turns, requests)))
    spent = time.perf_counter() - started
    at = statistics.quantiles(times, n=100)
    told = f"median {at[49]:.0f} ms, p95 {at[94]:.0f} ms (200), most {times[-1]:.0f} ms"
    print(f"{requests} requests, 20 at once: {requests / spent:.0f} a second, {told}")


if __name__ == "__main__":
    sys.exit(main())
