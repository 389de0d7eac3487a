"""The command line itself: exit statuses, where words go, help, start-up."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import desk.commands.init
from desk.cli import run, verbs

TWINWATCH = Path(sys.executable).with_name("twinwatch")
GROUPS = {
    "twins": (
        "add",
        "import",
        "list",
        "show",
        "correct",
        "contest",
        "withdraw",
        "restore",
        "export",
        "fingerprint-pack",
    ),
    "findings": ("list", "show", "review", "read", "export", "letter"),
    "terms": ("import", "add", "list", "show", "end"),
    "pairs": ("list", "confirm", "reject", "undo"),
    "negatives": ("add", "list", "withdraw", "restore"),
    "marks": ("add", "list", "show", "remove", "restore"),
    "quarantine": ("list", "lift"),
    "hold": ("add", "list", "lift"),
    "receipts": ("list", "show", "verify"),
    "trust": ("update", "show", "remove"),
    "accounts": ("verify", "watchlist"),
    "db": ("upgrade",),
    "desk": ("user", "token"),
    "alerts": ("list", "test", "send"),
}
COMMANDS = [
    (verb, *below) for verb in sorted(verbs()) for below in [(), *((b,) for b in GROUPS.get(verb, ()))]
]


def test_the_verbs_of_the_contract_are_there_and_none_half_done() -> None:
    promised = {
        *("init", "nightly", "crawl", "detect", "check", "match", "fingerprint", "read-text", "twins"),
        *("findings", "doctor", "db", "demo", "pairs", "negatives", "marks", "quarantine", "trust", "rules"),
        *(
            "import",
            "new-spider",
            "accounts",
            "alerts",
            "agency-report",
            "figures",
            "desk",
            "terms",
            "hold",
            "receipts",
            "purge",
        ),
    }
    assert set(verbs()) == promised


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(
    command: tuple[str, ...], twinwatch: Callable[..., Any]
) -> None:
    said = twinwatch(*command, "--help")
    assert said.status == 0
    assert f"Example{'s'}:\n" in said.out
    assert f"twinwatch {' '.join(command)}" in said.out


def test_help_lists_every_verb_with_a_line(twinwatch: Callable[..., Any]) -> None:
    said = twinwatch("--help")
    assert said.status == 0
    for verb in verbs():
        assert f"\n  {verb} " in said.out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["kitchen"], "No such command 'kitchen'"),
        (["twins", "export", "--format", "pdf"], "--format pdf: expected one of csv, jsonl, pdq"),
        (["twins", "fingerprint-pack", "."], "say where to write the pack: -o pack.json"),
        (["twins", "fingerprint-pack", "none", "-o", "p.json"], "none: a folder of pictures is expected"),
        (["twins", "fingerprint-pack", ".", "--dry-run"], ".: there is nothing in it"),
        (["pairs", "list", "--limit", "0"], "greater than or equal to 1"),
        (["negatives", "add", " ", "a.png"], "a negative needs a name"),
        (["marks", "add", " ", "a.png"], "a mark needs a name"),
        (["marks", "add", "two\nlines", "a.png"], "NAME: one line of at most 80 letters"),
        (["marks", "add", "a", "a.png", "--says", " "], "--says is empty"),
        (["marks", "add", "a", "a.png", "--letters", "A" * 61], "--letters: one line of at most 60 letters"),
        (["nightly", "--nonsense"], "No such option: --nonsense"),
        (["twins", "add"], "Missing argument"),
        (["findings", "show", "x"], "valid integer"),
        (["nightly", "--config", "none.toml"], "no such configuration file"),
        (["--config", "none.toml", "nightly"], "no such configuration file"),
        (["twins", "--config", "none.toml", "list"], "no such configuration file"),
        (["nightly", "--since", "yesterday"], "--since 'yesterday': expected a date"),
        (["nightly", "--since", "2999-01-01"], "lies in the future"),
        (["nightly", "--account", "bluesky:nobody"], "--account bluesky:nobody: not on the watchlist"),
        (
            ["findings", "export", "--format", "doc"],
            "--format doc: expected one of csv, html, jsonl, pdf, xlsx",
        ),
        (["findings", "export"], "--format (none): expected one of"),
        (["read-text", "none.jsonl"], "no such file"),
        (["check", "x", "--country", "UK"], "--country 'UK': expected a country code"),
        (["check"], "give a picture or an address, or a text with --caption"),
        (["check", "--caption", " ", "--alt", ""], "give a picture or an address, or a text with --caption"),
        (["check", "x", "--posted-at", "now"], "--posted-at 'now': expected a time"),
        (["twins", "add", "A", "a.png", "--basis", "c", "--mark-box", "1,2"], "expected X,Y,W,H"),
        (["twins", "add", "A", "a.png", "--basis", "c", "--mark-box", "0.9,0,0.5,0.1"], "expected X,Y,W,H"),
    ],
)
def test_wrong_usage_is_exit_2_and_says_what_was_expected(
    arguments: list[str], expected: str, twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    said = twinwatch(*arguments)
    assert said.status == 2
    assert expected in said.err
    assert said.err.startswith("twinwatch: error: ")
    assert said.out == ""
    assert not list(tmp_path.iterdir())


def test_an_unexpected_error_is_short_unless_asked(
    twinwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise KeyError("inside")

    monkeypatch.setattr(desk.commands.init, "sample", broken)
    said = twinwatch("init")
    assert said.status == 1
    assert "unexpected KeyError" in said.err
    assert "Traceback" not in said.err
    monkeypatch.setenv("TWINWATCH_DEBUG", "1")
    assert "Traceback" in twinwatch("init").err


def test_the_console_entry_starts_fast_and_quietly() -> None:
    best = min(_timed([str(TWINWATCH), "--help"]) for _ in range(2))
    assert best < 2.0  # about 0.4 s alone on one core; the tests share two
    loaded = [sys.executable, "-X", "importtime", "-c", "from desk.cli import run; run(['--help'])"]
    modules = subprocess.run(loaded, capture_output=True, text=True, check=True).stderr
    for heavy in ("cv2", "scrapy", "sqlalchemy", "pydantic", "numpy", "PIL"):
        assert f"| {heavy}\n" not in modules
        assert f" {heavy}\n" not in modules


def _timed(command: list[str]) -> float:
    begun = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return time.monotonic() - begun


def test_version() -> None:
    done = subprocess.run([str(TWINWATCH), "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == "twinwatch"


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    texts = tmp_path / "t.jsonl"
    texts.write_text('{"id": 1, "text": "x"}\n' * 3000)
    command = [str(TWINWATCH), "read-text", str(texts), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == b""


def test_a_signal_unwinds(tmp_path: Path) -> None:
    command = [str(TWINWATCH), "read-text", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(b'{"id": 1, "text": "x"}\n')
        child.stdin.flush()
        child.stdout.readline()
        child.send_signal(signal.SIGTERM)
        assert child.wait(20) == 128 + signal.SIGTERM


def test_run_does_not_touch_the_arguments() -> None:
    arguments = ["--version"]
    assert run(arguments) == 0
    assert arguments == ["--version"]
    assert "TWINWATCH_DEBUG" not in os.environ


@pytest.mark.parametrize(
    ("name", "content", "arguments"),
    [
        ("twins.csv", "twin,image,basis\nA,none.jpg,c\n", ()),
        ("twins.csv", "twin,image,basis,colour\nA,none.jpg,c,red\n", ()),
        ("twins.csv", "twin,image,basis\nA,a.jpg,c\n", ()),
        ("pack.json", '{"format": "twinwatch-fingerprints", "version": 9}', ()),
        ("hashes.txt", f"{'0' * 64}\n", ("--twin", "A", "--basis", "c")),
    ],
    ids=["a row", "a column", "a picture that is none", "a pack", "a list of hashes"],
)
def test_an_import_that_is_refused_leaves_no_empty_database(
    name: str, content: str, arguments: tuple[str, ...], twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content)
    (tmp_path / "a.jpg").write_text("no picture")
    said = twinwatch("twins", "import", name, *arguments)
    assert said.status == 1
    assert "twinwatch: error: " in said.err
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({name, "a.jpg"})


def test_neither_does_an_addition_of_what_is_no_picture(
    twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_text("no picture")
    for image in ("none.jpg", "a.jpg"):
        assert twinwatch("twins", "add", "A", image, "--basis", "c").status == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]
