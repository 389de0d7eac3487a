"""The check page: the same answer as `twinwatch check`, for the house alone, and nothing of it is kept."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image, ImageDraw
from pytest_httpserver import HTTPServer
from starlette.testclient import TestClient

from desk.jobs import check_apart
from desk.jobs.cached import SMALL_PICTURES
from desk.jobs.check_apart import turn
from desk.web.checking import MINUTES, SHOWN
from storage.people import Role
from storage.store import Store
from tests.desk.web.conftest import HOST, Browser

OURS = {"origin": f"http://{HOST}"}
Someone = Callable[[Role | None], Browser]
Program = Callable[..., TestClient]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]  # readers are loaded in a process of their own


def drawn() -> bytes:
    picture = Image.new("RGB", (320, 240), (200, 190, 180))
    ImageDraw.Draw(picture).ellipse((40, 40, 200, 200), fill=(90, 60, 200))
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def ask(client: Browser, data: bytes | None = None, name: str = "a.png", **given: str) -> Any:
    files = {"picture": (name, data)} if data is not None else None
    return client.post("/check", data={"csrf": client.csrf, **given}, files=files, headers=OURS)


def files(folder: Path) -> set[str]:
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}


def test_the_page_answers_as_the_command_does_and_keeps_nothing(
    store: Store, browser: Someone, desk: FastAPI, tmp_path: Path
) -> None:
    client = browser(Role.READER)
    counts, there = store.counts(), files(tmp_path / "media")
    page = ask(client, drawn(), "<b>x.png", caption="Made with AI", retailer="H&M", platform="instagram")
    assert page.status_code == 200
    assert "&lt;b&gt;x.png" in page.text
    assert "Made with AI" in page.text
    assert re.search(r"Alt text</b>: not given", page.text)
    assert (store.counts(), files(tmp_path / "media")) == (counts, there)
    (address,) = re.findall(r'src="(/checked/[^"]+/picture.jpg)"', page.text)
    shown = client.get(address)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert browser(Role.ADMINISTRATOR).get(address).status_code == 404  # somebody else's
    assert client.get(address.replace("picture", "../picture")).status_code == 404
    (folder,) = (desk.state.config.cache / "desk" / SHOWN).iterdir()
    old = time.time() - MINUTES * 60 - 5
    os.utime(folder, (old, old))
    assert client.get(address).status_code == 404
    assert not folder.exists()


def test_what_cannot_be_looked_at_is_said(browser: Someone) -> None:
    page = ask(browser(Role.READER), b"\xff\xd8\xff\xe0 no picture")
    assert page.status_code == 200
    assert "It could not be looked at" in page.text
    assert "Not looked at" in page.text
    assert "No AI evidence" not in page.text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose a picture"),
        ({"address": "ftp://x.example/a.png"}, "An address begins"),
        ({"address": "https://x.example/a.png", "data": b"x"}, "one of the two"),
        ({"data": b"x", "country": "XX"}, "no such country"),
        ({"data": b"x", "posted_at": "yesterday"}, "no date"),
    ],
)
def test_what_cannot_be_asked_says_why(browser: Someone, given: dict[str, Any], words: str) -> None:
    page = ask(browser(Role.REVIEWER), **given)
    assert (page.status_code, words in page.text) == (422, True)


def test_too_large_is_said_as_a_page(browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    headers = {**OURS, "accept": "text/html", "content-length": "999999999"}
    page = client.post("/check", data={"csrf": client.csrf}, headers=headers)
    assert (page.status_code, "at most 30 MB" in page.text) == (413, True)


def test_addresses_are_for_those_who_decide(browser: Someone, program: Program) -> None:
    reader = browser(Role.READER)
    assert "address" not in re.findall(r'name="(\w+)"', reader.get("/check").text)
    page = ask(reader, address="https://x.example/a.png")
    assert (page.status_code, "but not addresses" in page.text) == (422, True)
    answer = program(Role.READER).post("check", data={"address": "https://x.example/a.png"})
    assert (answer.status_code, answer.json()["where"]) == (403, "address")


def test_an_address_goes_through_the_guard(program: Program, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.png").respond_with_data(drawn(), content_type="image/png")
    answer = program(Role.REVIEWER).post("check", data={"address": httpserver.url_for("/a.png")})
    assert answer.status_code == 200
    assert answer.json()["error"]["kind"] == "address_refused"  # this machine is nobody's business
    assert answer.json()["labelling"] is None
    assert not httpserver.log


def test_a_program_is_answered_as_the_command_answers(program: Program, filled_line: dict[str, Any]) -> None:
    client = program(Role.READER)
    answer = client.post("check", files={"picture": ("a.png", drawn())}, data={"caption": "New in"})
    assert answer.status_code == 200
    told = answer.json()
    assert told.keys() == filled_line.keys()
    for name in told.keys() - {"path"}:
        assert told[name] == filled_line[name], name


@pytest.fixture
def filled_line(tmp_path: Path, desk: FastAPI) -> Any:
    """What the command says of the same picture, beside the same store."""
    path = tmp_path / "a.png"
    path.write_bytes(drawn())
    command = ["check", str(path), "--caption", "New in", "--json", "--config", str(desk.state.config.file)]
    run = [sys.executable, "-c", "from desk.cli import main; main()", *command]
    return json.loads(subprocess.run(run, capture_output=True, check=True, timeout=300).stdout)


def test_what_takes_too_long_is_ended_with_all_it_started(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.web.checking.check_apart", partial(check_apart.check_apart, seconds=0.5))
    before = time.monotonic()
    answer = program(Role.READER).post("check", files={"picture": ("a.png", drawn())})
    assert answer.json()["error"]["kind"] == "time_limit"
    assert time.monotonic() - before < 30


def test_no_more_than_some_at_once(browser: Someone, program: Program) -> None:
    client = program(Role.READER)
    with turn(), turn():
        page = ask(browser(Role.READER), drawn())
        assert (page.status_code, "Try again in a moment" in page.text) == (429, True)
        answer = client.post("check", files={"picture": ("a.png", drawn())})
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")


@pytest.mark.parametrize("role", [Role.AGENCY, Role.MODEL])
def test_agencies_and_models_are_not_told_what_else_is_registered(
    browser: Someone, program: Program, role: Role
) -> None:
    client = browser(role)
    assert client.get("/check").status_code == 403
    assert ask(client, drawn()).status_code == 403
    assert "/check" not in client.get("/").text
    with pytest.raises(Exception, match="may not do that"):
        program(role, ("check",))


def test_small_pictures_go_by_themselves_and_all_of_them_with_the_desk(desk: FastAPI) -> None:
    room = desk.state.config.cache / SMALL_PICTURES / SHOWN
    old, new = room / "old", room / "new"
    for place in (old, new):
        place.mkdir(parents=True)
    long_ago = time.time() - 11 * 60
    os.utime(old, (long_ago, long_ago))
    with TestClient(desk, base_url=f"http://{HOST}"):
        for _ in range(200):
            if not old.exists():
                break
            time.sleep(0.05)
        assert (old.exists(), new.exists()) == (False, True)
    assert not new.exists()
