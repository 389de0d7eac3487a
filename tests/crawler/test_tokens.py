"""Tokens: where they are read from, where they may go, and that they show nowhere."""

import json
import os
import pickle
from base64 import b64encode, urlsafe_b64encode
from datetime import date
from pathlib import Path

import pytest

from crawler.spiders.instagram import TOKEN
from crawler.spiders.youtube import KEY
from crawler.tokens import STRUCK_OUT, Token, may_go_to, read_token
from desk.jobs.diagnosis import State
from desk.jobs.health_tokens import misnamed, one_token
from storage.errors import CrawlError
from storage.records import Account
from tests.crawler import meta, youtube
from tests.crawler.night import Night
from tests.crawler.site import Reply, Site, as_json

SECRET = "s/ecret+0123456789="


def test_the_environment_goes_before_files(tmp_path: Path) -> None:
    file, other = tmp_path / "key", tmp_path / "other"
    file.write_text(f"{SECRET}\n")
    other.write_text("another-0123456789")
    name = KEY.variable
    for environ, files in (
        ({name: SECRET}, {"youtube": str(other)}),
        ({f"{name}_FILE": str(file)}, {"youtube": str(other)}),
        ({}, {"youtube": str(file)}),
        ({name: "  "}, {"youtube": str(file)}),
    ):
        token = read_token(KEY, environ, files)
        assert token or name in environ
        assert token is None or token.header(KEY) == {"X-Goog-Api-Key": SECRET}
    assert read_token(KEY, {}, {}) is None
    found = read_token(TOKEN, {TOKEN.variable: SECRET}, {})
    assert found
    assert found.header(TOKEN) == {"Authorization": f"Bearer {SECRET}"}


@pytest.mark.parametrize(
    "bad", ["short", "two words of it", "line\nbreak-0123", "schl\u00fcssel-0123", "x" * 5000]
)
def test_what_is_no_token_is_refused_and_not_repeated(bad: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(bad)
    for environ in ({KEY.variable: bad}, {f"{KEY.variable}_FILE": str(file)}):
        with pytest.raises(CrawlError) as caught:
            read_token(KEY, environ, {})
        assert caught.value.kind == "token_unreadable"
        assert bad not in str(caught.value)
    with pytest.raises(CrawlError, match="cannot be read"):
        read_token(KEY, {f"{KEY.variable}_FILE": str(tmp_path / "nowhere")}, {})


def test_a_variable_that_nothing_reads_is_told_without_its_value() -> None:
    fine = {KEY.variable: SECRET, f"{TOKEN.variable}_FILE": "x", f"{TOKEN.variable}_EXPIRES": "2027-01-20"}
    assert list(misnamed({**fine, "PATH": "/bin"})) == []
    told = list(misnamed({**fine, "TWINWATCH_TOKENS__INSTGRAM": SECRET}))
    assert [(one.state, one.found) for one in told] == [
        (State.WARN, "TWINWATCH_TOKENS__INSTGRAM: nothing reads it")
    ]
    assert SECRET not in repr(told)
    assert TOKEN.variable in told[0].mend


def codes(form: str) -> str:
    return "".join(form.format(ord(letter)) for letter in SECRET)


@pytest.mark.parametrize(
    "echo",
    [
        codes("\\u{:04x}"),
        codes("\\u{:04X}"),
        codes("\\\\u{:04x}"),
        codes("&#{};"),
        codes("&#x{:02X};"),
        codes("%{:02X}"),
        codes("%25{:02x}"),
        SECRET.replace("+", "\\u002b").replace("=", "\\u003d"),
        SECRET.replace("+", "&plus;").replace("/", "&#47;"),
        SECRET.replace("/", "\\\\\\/").replace("=", "%3D"),
        SECRET.upper(),
    ],
)
def test_an_echo_is_struck_out_however_it_is_escaped(echo: str) -> None:
    token = Token(SECRET)
    assert token.hide(f"before {echo} after") == f"before {STRUCK_OUT} after"
    assert token.hide_bytes(b"\xff" + echo.encode()) == b"\xff" + STRUCK_OUT.encode()


@pytest.mark.parametrize("tried", [SECRET, f"somewhere/{SECRET}", f"/nowhere/{SECRET}"])
def test_a_token_in_the_place_of_its_file_is_not_repeated(tried: str) -> None:
    for environ, files in (({f"{KEY.variable}_FILE": tried}, {}), ({}, {KEY.name: tried})):
        with pytest.raises(CrawlError) as caught:
            read_token(KEY, environ, files)
        failure = caught.value.failure()
        assert SECRET not in failure.message + failure.where
        assert f"{KEY.variable}_FILE" in failure.message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match=r"the token file .*key\.txt cannot be read: No such file"):
        read_token(KEY, {f"{KEY.variable}_FILE": str(tmp_path / "key.txt")}, {})


def test_it_shows_in_no_form() -> None:
    token = Token(SECRET)
    assert SECRET not in f"{token} {token!r}"
    for text in (SECRET, "s%2Fecret%2B0123456789%3D", "s\\/ecret+0123456789="):
        assert token.hide(f"a {text} b") == f"a {STRUCK_OUT} b"
        assert token.hide_bytes(text.encode()) == STRUCK_OUT.encode()
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        json.dumps(token)


@pytest.mark.parametrize(
    ("url", "allowed", "may"),
    [
        ("https://youtube.googleapis.com/youtube/v3/videos", (), True),
        ("http://youtube.googleapis.com/youtube/v3/videos", (), False),
        ("https://youtube.googleapis.com.evil.example/", (), False),
        ("https://youtube.googleapis.com@evil.example/", (), False),
        ("https://evil.example/youtube.googleapis.com", (), False),
        ("https://youtube.googleapis.com:8443/", (), False),
        ("http://127.0.0.1:99/", ("127.0.0.1:99",), True),
        ("http://127.0.0.1:98/", ("127.0.0.1:99",), False),
    ],
)
def test_it_goes_to_its_platform_alone(url: str, allowed: tuple[str, ...], may: bool) -> None:
    assert may_go_to(url, KEY, allowed) is may


@pytest.mark.parametrize(
    ("environ", "state", "part"),
    [
        ({}, State.WARN, "no account is read"),
        ({"": SECRET}, State.WARN, "not stated, and it lasts 60 days"),
        ({"": "short"}, State.FAIL, "TWINWATCH_TOKENS__INSTAGRAM"),
        ({"": SECRET, "_EXPIRES": "2027-01-20"}, State.OK, "2027-01-20"),
        ({"": SECRET, "_EXPIRES": "2026-12-12"}, State.WARN, "14 days"),
        ({"": SECRET, "_EXPIRES": "2026-12-13"}, State.OK, "2026-12-13"),
        ({"": SECRET, "_EXPIRES": "2026-11-27"}, State.FAIL, "ran out"),
        ({"": SECRET, "_EXPIRES": "soon"}, State.WARN, "cannot be read"),
        ({"": SECRET, "_EXPIRES": "2027-02-30"}, State.WARN, "'2027-02-30'"),
        ({"": SECRET, "_EXPIRES": SECRET}, State.WARN, "cannot be read: no day"),
    ],
)
def test_doctor_says_what_is_there_and_for_how_long(environ: dict[str, str], state: State, part: str) -> None:
    given = {f"{TOKEN.variable}{name}": value for name, value in environ.items()}
    health = one_token(TOKEN, given, {}, date(2026, 11, 28))
    assert (health.state, part in health.found) == (state, True)
    assert SECRET[:8] not in health.found + health.mend


def test_a_key_that_stays_needs_no_last_day() -> None:
    assert one_token(KEY, {KEY.variable: SECRET}, {}, date(2026, 11, 28)).state is State.OK


@pytest.mark.slow
def test_a_whole_night_leaves_no_trace_of_a_token(
    night: Night,
    site: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Servers that echo it in bodies, headers and errors, or lead elsewhere: it is in no file of the store,
    in no event and no log, and reaches no other host."""
    monkeypatch.setenv(KEY.variable, youtube.SECRET)
    monkeypatch.setenv(TOKEN.variable, meta.SECRET)
    channel, graph = youtube.Channel(site), meta.Graph(site)
    channel.post(1, f"a title with {youtube.SECRET}")
    graph.post(1, f"https://graph.facebook.com/x?access_token={meta.SECRET}", alt_text=meta.SECRET)
    graph.usage = {"X-Echo": meta.SECRET, "X-App-Usage": "{}"}
    watched = [Account("youtube", "hm", service=site.url), Account("instagram", "hm", service=site.url)]
    assert len(night.crawl(*watched).ok) == 2
    assert len(night.versions()) == 2
    told = [repr(night.events)]
    graph.early = meta.error(190, f"The token {meta.SECRET} is malformed")
    channel.early = as_json(
        {"error": {"message": youtube.SECRET, "errors": [{"reason": youtube.SECRET}]}}, 400
    )
    assert len(night.crawl(*watched).failed) == 2
    told.append(repr(night.events))
    graph.early = channel.early = Reply(status=302, headers={"Location": f"{site.url}/elsewhere"})
    night.crawl(*watched)
    assert site.count("/elsewhere") == 0
    told += [repr(night.events), *capfd.readouterr()]
    elsewhere = Account("youtube", "mango", service="http://localhost:1")
    failed = night.crawl(elsewhere, allow_hosts=()).failed[elsewhere.name]
    assert failed.kind == "token_elsewhere"
    night.close()
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(STRUCK_OUT.encode() in one for one in kept), "it was echoed, and struck out"
    for secret in (youtube.SECRET, meta.SECRET):
        assert not [one for one in told if secret in one]
        assert not [one for one in kept if secret.encode() in one]
    assert os.environ[KEY.variable] == youtube.SECRET


ALL_OF_IT = "".join(f"%{ord(letter):02X}" for letter in SECRET)


@pytest.mark.parametrize(
    "echo",
    [
        SECRET.lower(),
        SECRET.upper(),
        ALL_OF_IT,
        ALL_OF_IT.lower(),
        b64encode(SECRET.encode()).decode().rstrip("="),
        b64encode(f"Bearer {SECRET}".encode()).decode(),
        b64encode(f"user:{SECRET}!".encode()).decode(),
        urlsafe_b64encode(f"xy{SECRET}".encode()).decode(),
    ],
)
def test_an_echo_in_another_dress_is_struck_out_too(echo: str) -> None:
    token = Token(SECRET)
    hidden = token.hide(f"<{echo}>")
    assert STRUCK_OUT in hidden
    assert echo[4:-4] not in hidden
    assert (
        token.hide_bytes(b"\xff" + echo.encode() + b"\xfe") == b"\xff" + token.hide(echo).encode() + b"\xfe"
    )


@pytest.mark.parametrize(
    "text", ["s/ecret+012345678", "a secret", "MDEyMzQ1Njc4OQ", "%73%2F%65", "Ünïcode \ufffd"]
)
def test_innocent_text_stays_as_it_is(text: str) -> None:
    assert Token(SECRET).hide(text) == text
    assert Token(SECRET).hide_bytes(text.encode()) == text.encode()
