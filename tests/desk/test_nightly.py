"""The night from the command line, on a small feed: summary, digest, pings, lock, what was untold."""

import json
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

import desk.jobs.nightly
from desk.jobs.watchlist import choose
from detector.controls import c2pa
from detector.processes.lookers import Lookers
from storage.records import Account
from storage.store import Store
from tests.desk.eyes import Eyes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # whole nights, on a busy machine
TWINWATCH = Path(sys.executable).with_name("twinwatch")
ITEM = """<item><guid>{0}</guid><link>{1}/posts/{0}</link><title>{2}</title><pubDate>{3}</pubDate>
<enclosure url="{1}/{0}.png" type="image/png" length="1"/></item>"""


def drawn(seed: int) -> Image.Image:
    picture = Image.new("RGB", (320, 400), (230, 220, 200))
    pen = ImageDraw.Draw(picture)
    for step in range(30):
        x, y = (step * 97 * seed) % 320, (step * 61 * seed * seed) % 400
        color = (step * 8 % 256, seed * 40 % 256, 255 - step * 5)
        pen.ellipse((x, y, x + 20 + step * 3, y + 60), fill=color)
    return picture


class House:
    """A feed of three posts with pictures, a folder with a configuration, and what the server was asked."""

    def __init__(self, server: HTTPServer, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.url = server.url_for("").rstrip("/")
        self.account = f"rss:{self.url}/feed.xml"
        for number in (1, 2, 3):
            drawn(number).save(folder / f"{number}.png")
            data = (folder / f"{number}.png").read_bytes()
            server.expect_request(f"/{number}.png").respond_with_data(data, content_type="image/png")
        self.publish([(1, "New season"), (2, "Made with AI"), (3, "A plain dress")])
        server.expect_request("/robots.txt").respond_with_data("", status=404)
        for path in ("/hb", "/hb/start", "/hb/fail"):
            server.expect_request(path).respond_with_data("OK")
        self.configure()

    def publish(self, posts: list[tuple[int, str]], path: str = "/feed.xml") -> None:
        date = f"{datetime.now(UTC):%a, %d %b %Y 00:00:00 GMT}"
        items = "".join(ITEM.format(number, self.url, title, date) for number, title in posts)
        feed = f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
        self.server.expect_request(path).respond_with_data(feed, content_type="application/rss+xml")

    def configure(self, accounts: tuple[str, ...] = ("/feed.xml",), heartbeat: str = "/hb") -> None:
        entries = "".join(
            f'[[account]]\nretailer = "Shop"\nplatform = "rss"\nhandle = "{self.url}{path}"\n'
            for path in accounts
        )
        text = f"""
[crawl]
contact = "desk@example.org"
allow_hosts = ["{self.server.host}:{self.server.port}"]
[alerts]
heartbeat = "{self.url + heartbeat if heartbeat else ""}"
{entries}"""
        (self.folder / "twinwatch.toml").write_text(text)

    def pings(self) -> list[str]:
        return [request.path for request, _ in self.server.log if request.path.startswith("/hb")]

    def store(self) -> Store:
        return Store.open(f"sqlite:///{self.folder}/twinwatch.db", self.folder / "media", create=True)


@pytest.fixture
def house(httpserver: HTTPServer, tmp_path: Path, twinwatch: Callable[..., Any]) -> House:
    house = House(httpserver, tmp_path)
    assert twinwatch("twins", "add", "Twin A", "1.png", "--basis", "contract 7").status == 0
    return house


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.jobs.nightly, "LOCK_SECONDS", 0.0)


@dataclass(frozen=True, slots=True)
class Morning:
    """What the first night left and said. Tests take a copy of the folder."""

    folder: Path
    summary: dict[str, Any]
    digest: str
    pings: list[str]


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    folder = tmp_path_factory.mktemp("morning")
    with HTTPServer() as server:
        house = House(server, folder)
        config = ("--config", str(folder / "twinwatch.toml"))
        add = [
            str(TWINWATCH),
            "twins",
            "add",
            "Twin A",
            str(folder / "1.png"),
            "--basis",
            "contract 7",
            *config,
        ]
        subprocess.run(add, check=True, capture_output=True)
        night = subprocess.run(
            [str(TWINWATCH), "nightly", "--json", *config], capture_output=True, text=True, timeout=100
        )
        assert night.returncode == 0, night.stderr
        yield Morning(folder, json.loads(night.stdout), night.stderr, house.pings())


@pytest.fixture
def after_a_night(morning: Morning, tmp_path: Path, twinwatch: Callable[..., Any]) -> Morning:
    """In the current folder."""
    shutil.copytree(morning.folder, tmp_path, dirs_exist_ok=True)
    return morning


def test_a_first_night(after_a_night: Morning, twinwatch: Callable[..., Any]) -> None:
    summary = after_a_night.summary
    assert summary["accounts"]["ok"] == 1
    assert summary["posts"] == {"new": 3, "changed": 0, "gone": 0}
    assert summary["media"] == {"new": 3, "failed": 0}  # the registered one too: its bytes came this night
    assert summary["examined"] == 2
    assert summary["findings"]["by_verdict"] == {"unlabelled": 1, "labelled": 1}
    assert after_a_night.pings == ["/hb/start", "/hb"]
    listed = twinwatch("findings", "list", "--json").lines
    alerted = [line["id"] for line in listed if line["labelling"] == "unlabelled"]
    assert summary["alerts"] == alerted
    digest = after_a_night.digest[after_a_night.digest.index("\nalerts") :]
    assert digest.index("Twin A") < digest.index("\nlabelled")
    assert len(twinwatch("findings", "list", "--all", "--json").lines) == 3
    shown = twinwatch("findings", "show", str(alerted[0])).out
    for words in ("unlabelled", "Twin A", "image_text: absent", "image_mark: absent", "captures"):
        assert words in shown


def test_one_failing_account_does_not_stop_the_others(house: House, twinwatch: Callable[..., Any]) -> None:
    house.configure(accounts=("/feed.xml", "/none.xml"))
    said = twinwatch("nightly", "--json")
    assert said.status == 3
    (summary,) = said.lines
    assert (summary["accounts"]["ok"], summary["accounts"]["failed"]) == (1, 1)
    assert f"rss:{house.url}/none.xml" in [error["where"] for error in summary["errors"]]
    assert summary["posts"]["new"] == 3
    assert house.pings() == ["/hb/start", "/hb/fail"]
    body = next(request for request, _ in house.server.log if request.path == "/hb/fail").get_data()
    assert json.loads(body)["errors"] == summary["errors"]


def test_a_picture_that_is_gone_makes_the_night_partly_done_but_no_alarm(
    house: House, twinwatch: Callable[..., Any]
) -> None:
    house.publish([(2, "New season"), (9, "A picture that the server does not have")], "/gone.xml")
    house.configure(accounts=("/gone.xml",))
    said = twinwatch("nightly", "--json")
    assert said.status == 3
    assert said.lines[-1]["media"] == {"new": 1, "failed": 1}
    assert house.pings() == ["/hb/start", "/hb"]


def test_a_locked_night_is_75_and_pings_nobody(
    house: House, twinwatch: Callable[..., Any], no_wait: None
) -> None:
    store = house.store()
    with store.lock("nightly"):
        said = twinwatch("nightly", "--json")
    store.close()
    assert (said.status, said.out, house.pings()) == (75, "", [])


def test_a_rehearsal_sends_and_writes_nothing(house: House, twinwatch: Callable[..., Any]) -> None:
    before = (house.folder / "twinwatch.db").read_bytes()
    said = twinwatch("nightly", "--dry-run", "--json")
    assert said.status == 0
    (line,) = said.lines
    assert (line["account"], line["would"], line["last_success"]) == (house.account, "crawl", None)
    assert "wait to be looked at for labels: 0; the night has 1800 s" in said.err
    assert house.server.log == []
    assert (house.folder / "twinwatch.db").read_bytes() == before
    assert "never crawled before" in twinwatch("nightly", "--dry-run").out
    assert twinwatch("nightly").status == 0
    (again,) = twinwatch("nightly", "--dry-run", "--json").lines
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    assert datetime.fromisoformat(again["since"]) == midnight - timedelta(
        days=14
    )  # the mark less the overlap


def test_what_was_found_outside_a_night_is_told_by_the_next(
    house: House, twinwatch: Callable[..., Any]
) -> None:
    assert twinwatch("crawl", "--json").lines[0]["posts"]["new"] == 3
    detected = twinwatch("detect", "--json").lines[0]
    assert detected["findings"]["new"] == 2
    assert detected["accounts"]["ok"] == 0
    store = house.store()
    store.start_run("nightly-killed", datetime.now(UTC))
    store.close()
    night = twinwatch("nightly", "--json").lines[0]
    assert len(night["alerts"]) == 1
    assert any("nightly-killed" in warning for warning in night["warnings"])
    assert night["posts"] == {"new": 0, "changed": 0, "gone": 0}
    house.configure(accounts=())
    again = twinwatch("nightly")
    assert again.status == 0
    assert "alerts: none" in again.out


def test_a_blind_reader_is_told_and_pinged(
    house: House, twinwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    eyes = Eyes()
    eyes.missed = {c2pa.NAME: "nothing is read in it"}
    monkeypatch.setattr(Lookers, "control", lambda _, names: eyes.control(names))
    house.configure(accounts=())
    said = twinwatch("nightly", "--json")
    assert said.status == 3
    (summary,) = said.lines
    assert summary["controls"]["origin:c2pa"] == "missed: nothing is read in it"
    assert summary["controls"]["caption"] == "ok"
    assert [one["where"] for one in summary["errors"]] == ["origin:c2pa"]
    assert house.pings() == ["/hb/start", "/hb/fail"]


def test_an_unforeseen_error_is_recorded_and_pinged(
    house: House, twinwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr(desk.jobs.nightly, "detect", broken)
    house.configure(accounts=())
    said = twinwatch("nightly", "--json")
    assert said.status == 1
    (summary,) = said.lines
    assert summary["errors"][-1]["message"] == "RuntimeError: no luck"
    assert house.pings() == ["/hb/start", "/hb/fail"]
    store = house.store()
    (run,) = store.runs()
    store.close()
    assert run.ended is not None
    assert run.summary["exit_status"] == 1


def test_what_a_broken_night_found_is_told_by_the_next(
    house: House, twinwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert twinwatch("twins", "add", "Twin A", "1.png", "--basis", "contract 7").status == 0

    def full_disk(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(desk.jobs.nightly, "_untold", full_disk)
        first = twinwatch("nightly", "--json")
    assert first.status == 1
    (second,) = twinwatch("nightly", "--json").lines
    assert len(second["alerts"]) == 1
    (third,) = twinwatch("nightly", "--json").lines
    assert third["alerts"] == []


def test_a_heartbeat_that_is_not_there_fails_nothing(house: House, twinwatch: Callable[..., Any]) -> None:
    house.configure(accounts=(), heartbeat="/nobody")
    said = twinwatch("nightly", "--json")
    assert said.status == 0
    warnings = said.lines[0]["warnings"]
    assert len([one for one in warnings if "answered 500" in one or "answered 404" in one]) == 2
    assert any("no account to crawl" in one for one in warnings)


def test_a_signal_ends_the_night_and_closes_its_run(house: House) -> None:
    asked, let_go = threading.Event(), threading.Event()

    def slow(_: Request) -> Response:
        asked.set()
        let_go.wait(30)
        return Response("")

    house.server.expect_request("/slow.xml").respond_with_handler(slow)
    house.configure(accounts=("/slow.xml",), heartbeat="")  # the server answers one request at a time
    with subprocess.Popen([str(TWINWATCH), "nightly"], cwd=house.folder, stderr=subprocess.PIPE) as night:
        assert asked.wait(60)
        night.send_signal(signal.SIGTERM)
        assert night.wait(30) == 128 + signal.SIGTERM
        assert night.stderr
        said = night.stderr.read().decode()
    let_go.set()
    store = house.store()
    run = store.runs()[0]
    store.close()
    assert run.ended is not None
    assert run.summary["interrupted"] is True
    assert f"nightly was interrupted ({run.run})" in said
    assert "`twinwatch nightly` goes on from there" in said


def test_a_comparison_changes_nothing(after_a_night: Morning, twinwatch: Callable[..., Any]) -> None:
    before = twinwatch("findings", "list", "--json").out
    assert twinwatch("detect", "--compare", "--json").out == ""
    assert twinwatch("twins", "add", "Twin C", "3.png", "--basis", "contract 8").status == 0
    (change,) = twinwatch("detect", "--compare", "--json").lines
    assert (change["id"], change["old"], change["new"]["twin"]) == (None, None, "Twin C")
    assert "no finding → unlabelled_where_seen" in twinwatch("detect", "--compare").out
    assert twinwatch("findings", "list", "--json").out == before


def test_exports_and_reviews(after_a_night: Morning, twinwatch: Callable[..., Any]) -> None:
    assert twinwatch("findings", "export", "--format", "html", "-o", "r.html").status == 0
    assert b"data:image/" not in Path("r.html").read_bytes()
    assert twinwatch("findings", "export", "-o", "r.html").status == 2
    assert twinwatch("findings", "export", "--pictures", "whole", "-o", "r.html", "--force").status == 0
    assert b"data:image/jpeg;base64," in Path("r.html").read_bytes()
    lines = twinwatch("findings", "export", "--format", "jsonl").lines
    assert {"captures", "post_versions", "history", "reviews", "references"} <= set(lines[0])
    assert twinwatch("findings", "export", "--format", "csv").out.count("\n") == 3
    number = str(lines[0]["id"])
    assert twinwatch("findings", "review", number, "--decision", "confirmed", "--by", "ann").status == 0
    assert twinwatch("findings", "show", number, "--json").lines[0]["status"] == "confirmed"
    assert twinwatch("findings", "review", number, "--decision", "undo", "--json").lines[0]["status"] == "new"
    assert twinwatch("findings", "review", "999", "--decision", "undo").status == 1


def test_doctor_is_content_after_a_good_night(after_a_night: Morning, twinwatch: Callable[..., Any]) -> None:
    said = twinwatch("doctor", "--json")
    assert said.status == 0
    states = {line["check"]: line["state"] for line in said.lines}
    warned = [name for name, state in states.items() if state == "warn"]
    assert warned == ["countries", "verified", "trust"]
    assert set(states.values()) == {"ok", "warn"}, said.out


def test_import_only_accounts_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.jobs.watchlist.spiders", lambda: {"rss": object})
    feed, other = Account("rss", "https://x/"), Account("tiktok", "Zara")
    assert choose([feed, other], ()).crawled == (feed,)
    assert choose([feed, other], ("tiktok:@zara",)).import_only == (other,)
