"""The desk with 100,000 findings and 1,000,000 media items on SQLite: how long pages take, twenty requests at
once.

Rows are put into the tables as nights would leave them (posts of ten pictures, one with a finding, every
picture in three posts, three licences a twin); nothing is looked at. The desk answers, twenty connections ask
what people would: half of it the list with one filter or another and its further pages, four in ten single
findings, each another one, the rest other pages; and one request in fifty is a decision, after which nothing
that was remembered holds. `python -m benchmarks.desk [--findings N] [--requests N] [--store DIR]`.
"""

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import psutil
from sqlalchemy import Connection, insert

from desk.web.guard import COOKIE
from desk.web.secrets import csrf_of, kept, new_secret
from storage import documents
from storage.people import Role
from storage.records import ConsentVerdict, Labelling, Match, MatchKind, MediaKind, ReferenceKind, TwinVerdict
from storage.store import Store
from storage.tables.base import Base
from storage.tables.examined import FileRow, MatchRow
from storage.tables.judged import AnswerRow, FindingRow
from storage.tables.published import MediaItemRow, PostRow, VersionRow
from storage.tables.registered import ConsentRow, TwinRow
from storage.tables.watched import AccountRow
from tests.storage.samples import answer, sha

BATCH = 2_000
ACCOUNTS, TWINS, REFERENCES = 200, 60, 20  # the last: a twin
NOW = datetime(2026, 11, 1, tzinfo=UTC)
PORT = 8455
CONSENTS = tuple(ConsentVerdict)
PLATFORMS = ("instagram", "bluesky", "rss")
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
AT_ONCE = 20
DECISIONS = 50  # requests to one


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--findings", type=int, default=100_000)
    asked.add_argument("--requests", type=int, default=1_000)
    asked.add_argument("--store", type=Path, help="a folder for the filled store, to be measured again")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="twinwatch-bench-") as folder:
        room = given.store or Path(folder)
        room.mkdir(parents=True, exist_ok=True)
        if not (room / "twinwatch.toml").exists():
            _filled(room, given.findings)
        secret = _logged_in(room)
        size = sum(path.stat().st_size for path in room.glob("twinwatch.db*")) / 1e6
        print(f"{given.findings} findings, {given.findings * 10} media items, {size:.0f} MB", flush=True)
        program = Path(sys.executable).parent / "twinwatch"
        config = str(room / "twinwatch.toml")
        server = subprocess.Popen([str(program), "desk", "--port", str(PORT), "--config", config])
        try:
            _wait()
            _measure(secret, given.requests, given.findings, psutil.Process(server.pid))
        finally:
            server.terminate()
            server.wait()
    return 0


def _filled(room: Path, findings: int) -> None:
    store = Store.open(f"sqlite:///{room}/twinwatch.db", room / "media", create=True)
    started = time.monotonic()
    with store._database.engine.begin() as connection:
        _put(connection, AccountRow, [_account(number) for number in range(ACCOUNTS)])
        _put(
            connection,
            TwinRow,
            [{"name": f"Twin {n}", "kind": ReferenceKind.DIGITAL_TWIN} for n in range(TWINS)],
        )
        _put(connection, ConsentRow, [_licence(number) for number in range(3 * TWINS)])
        for start in range(0, findings, BATCH):
            _batch(connection, range(start, min(findings, start + BATCH)))
    listed = store.inbox.catch_up()
    store.inbox.take_statistics()
    print(f"filled in {time.monotonic() - started:.0f} s, {listed} listed")
    user = store.people.add("bench", Role.REVIEWER, "", NOW)
    store.people.set_password(user.id, "none")
    store.close()
    (room / "twinwatch.toml").write_text("")  # the store is whole now


def _logged_in(room: Path) -> str:
    """The secret of a session."""
    store = Store.open(f"sqlite:///{room}/twinwatch.db", room / "media", create=False)
    user = next(one for one in store.people.every() if one.name == "bench")
    secret = new_secret()
    store.people.begin(user.id, kept(secret), datetime.now(UTC))
    store.close()
    return secret


def _account(number: int) -> dict[str, Any]:
    platform = PLATFORMS[number % 3]
    retailer = f"Retailer {number % 40}"
    return {
        "platform": platform,
        "handle": f"handle{number}",
        "retailer": retailer,
        "country": "SE",
        "tags": [],
    }


def _licence(number: int) -> dict[str, Any]:
    return {
        "twin_id": number % TWINS + 1,
        "content": str(number),
        "licensee": f"Retailer {number * 7 % 40}",
        "channels": ["instagram"],
        "territories": ["SE", "NL"],
        "label_duty": ["caption"],
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
            sha(f"{twin} {number // 60 % REFERENCES}"),
            MatchKind.COPY,
            "pdq",
            4,
            31,
            twin=twin,
            reference_kind=ReferenceKind.DIGITAL_TWIN,
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


@dataclass(frozen=True, slots=True)
class Asked:
    address: str
    form: bytes | None = None  # of a decision


def asked_of(findings: int, requests: int, csrf: str) -> Iterator[Asked]:
    """What twenty people ask for in a morning; the same each time."""
    dice = random.Random(20261129)
    for number in range(requests):
        single = dice.randrange(findings) + 1
        if number % DECISIONS == DECISIONS - 1:
            form = {"csrf": csrf, "decision": "look_again", "note": "seen"}
            yield Asked(f"/findings/{single}/review", urlencode(form).encode())
            continue
        first = date(2026, 11, 1) - timedelta(days=dice.randrange(300))
        lists = (
            "/",
            f"/?retailer=Retailer+{dice.randrange(40)}",
            f"/?twin=Twin+{dice.randrange(TWINS)}&status=all",
            f"/?labelling={dice.choice(LABELLINGS).value}&consent={dice.choice(CONSENTS).value}",
            f"/?since={first}&until={first + timedelta(days=9)}",
            f"/?rule=eu-50-4&platform={dice.choice(PLATFORMS)}",
            f"/?after={dice.choice((300_000_000_000, 600_000_000_000))}-{single}",
        )
        others = ("/twins", f"/twins/Twin%20{dice.randrange(TWINS)}", "/runs")
        kind = dice.random()
        chosen = (
            dice.choice(lists) if kind < 0.5 else f"/findings/{single}" if kind < 0.9 else dice.choice(others)
        )
        yield Asked(chosen)


def _measure(secret: str, requests: int, findings: int, server: psutil.Process) -> None:
    for address in (*PAGES, "/findings/777"):
        alone, size = min(asyncio.run(_ask(Asked(address), secret)) for _ in range(3))
        print(f"{address:42} again, alone {alone:6.0f} ms, {size / 1000:.0f} kB")
    turns = list(asked_of(findings, requests, csrf_of(secret)))
    before, own, started = _cpu(server), time.process_time(), time.perf_counter()
    took = asyncio.run(_at_once(turns, secret))
    spent = time.perf_counter() - started
    each, ours = (1000 * one / requests for one in (_cpu(server) - before, time.process_time() - own))
    told = f"{requests / spent:.0f} a second, CPU each: {each:.1f} ms the desk's, {ours:.1f} ms the asker's"
    print(f"{requests} requests, {AT_ONCE} at once: {told}; load {os.getloadavg()[0]:.1f}")
    for name, which in KINDS.items():
        times = [one for asked, one in took if which(asked)]
        at = statistics.quantiles(times, n=100)
        told = f"median {at[49]:.0f} ms, p95 {at[94]:.0f} ms, most {max(times):.0f} ms"
        print(f"{name:20} {len(times):5}  {told}")


async def _at_once(turns: Sequence[Asked], secret: str) -> list[tuple[Asked, float]]:
    """One thread asks for all: twenty would take turns with each other, and with the desk on its cores."""
    left, took = deque(turns), list[tuple[Asked, float]]()

    async def somebody() -> None:
        while left:
            asked = left.popleft()
            milliseconds, _ = await _ask(asked, secret)
            took.append((asked, milliseconds))

    await asyncio.gather(*(somebody() for _ in range(AT_ONCE)))
    return took


async def _ask(asked: Asked, secret: str) -> tuple[float, int]:
    """Milliseconds until the last byte, and bytes of the body, over a connection of its own."""
    lines = [
        f"{'GET' if asked.form is None else 'POST'} {asked.address} HTTP/1.1",
        f"Host: 127.0.0.1:{PORT}",
        f"Origin: http://127.0.0.1:{PORT}",
        f"Cookie: {COOKIE}={secret}",
        "Connection: close",
    ]
    if asked.form is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(asked.form)}"]
    started = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    writer.write("\r\n".join([*lines, "", ""]).encode() + (asked.form or b""))
    answer = await reader.read()
    writer.close()
    took = (time.perf_counter() - started) * 1000
    head, _, body = answer.partition(b"\r\n\r\n")
    expected = HTTPStatus.OK if asked.form is None else HTTPStatus.SEE_OTHER  # the way back to the page
    if int(head.split(None, 2)[1]) != expected:
        raise SystemExit(f"{asked.address} was answered with {head.splitlines()[0].decode()}")
    return took, len(body)


def _cpu(server: psutil.Process) -> float:
    """Seconds, of all its processes."""
    times = [one.cpu_times() for one in (server, *server.children(recursive=True))]
    return sum(one.user + one.system for one in times)


KINDS: dict[str, Callable[[Asked], bool]] = {
    "all (p95 200 ms)": lambda asked: True,
    "lists": lambda asked: asked.address.startswith("/?") or asked.address == "/",
    "findings": lambda asked: asked.address.startswith("/findings") and asked.form is None,
    "decisions": lambda asked: asked.form is not None,
}


if __name__ == "__main__":
    sys.exit(main())
