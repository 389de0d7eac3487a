"""The guide to the HTTP API: each command of it is run, and what it says of scopes is so."""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.testclient import TestClient

from desk.config import load
from desk.web.api.app import BELOW
from desk.web.api.problems import PLAIN, STATUS
from desk.web.app import application
from desk.web.scopes import EVERY
from storage.people import Role
from storage.records import ConsentVerdict
from storage.store import Store
from tests.desk.used_store import shown
from tests.desk.web.conftest import HOST

GUIDE = (Path(__file__).parents[3] / "docs" / "guides" / "http-api.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("curl")
]
OUT = ConsentVerdict.OUT_OF_SCOPE


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> FastAPI:
    toml = '[[alert]]\nname = "newsroom"\nwebhook = "http://127.0.0.1:9/"\nsecrets = ["whsec_MTExMQ=="]\n'
    (tmp_path / "twinwatch.toml").write_text(toml)
    return application(load(tmp_path / "twinwatch.toml", {}), store, frozenset({HOST}), secure=False)


def read(command: str) -> tuple[str, str, Any, dict[str, Any]]:
    """(method, path below /api/v1, query, what else the client is given) of a curl command."""
    words = iter(shlex.split(command)[1:])
    method, address, given = "", "", {}
    fields: dict[str, str] = {}
    for word in words:
        if word == "-H":
            assert next(words) == "Authorization: Bearer $TOKEN"
        elif word == "-X":
            method = next(words)
        elif word == "--json":
            given["json"] = json.loads(next(words))
        elif word == "-F":
            name, _, value = next(words).partition("=")
            fields[name] = value
        elif word == "-o":
            next(words)
        else:
            address = word
    parts = urlsplit(address.removeprefix("$DESK"))
    assert parts.path.startswith(f"{BELOW}/")
    if fields:
        given["data"] = {name: value for name, value in fields.items() if not value.startswith("@")}
        given["files"] = {name: picture() for name, value in fields.items() if value.startswith("@")}
    return (
        method or ("POST" if given else "GET"),
        parts.path.removeprefix(BELOW),
        parse_qsl(parts.query),
        given,
    )


def picture() -> tuple[str, bytes]:
    out = BytesIO()
    Image.new("RGB", (30, 20), (9, 99, 199)).save(out, "PNG")
    return "screenshot.png", out.getvalue()


@pytest.mark.slow
def test_every_command_of_the_guide_does_what_it_says(
    store: Store, program: Callable[..., TestClient]
) -> None:
    for name in ("first", "second", "third"):
        shown(store, name, ("Twin A", OUT))
    out = BytesIO()
    Image.new("RGB", (60, 40), (9, 99, 199)).save(out, "PNG")
    shown_picture = store.media.path(store.finding(1).sha256)  # type: ignore[union-attr]
    shown_picture.parent.mkdir(parents=True, exist_ok=True)
    shown_picture.write_bytes(out.getvalue())
    client = program(Role.ADMINISTRATOR)
    described = client.get("openapi.json").json()["paths"]
    assert len(COMMANDS) > 20
    for command in COMMANDS:
        method, path, query, given = read(command)
        operation = operation_of(described, method, path)
        known = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
        assert {name for name, _ in query} <= known, command
        answer = client.request(method, path.lstrip("/"), params=query, **given)
        assert str(answer.status_code) in operation["responses"], command
        expected = 201 if "201" in operation["responses"] else 200
        assert answer.status_code == expected, (command, answer.text)


def operation_of(described: Any, method: str, path: str) -> Any:
    for address, methods in described.items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", address), path) and method.lower() in methods:
            return methods[method.lower()]
    raise AssertionError(f"{method} {path} is not described")


def test_the_guide_names_every_scope_and_every_problem() -> None:
    table = GUIDE.partition("| Scope |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([a-z]+:[a-z]+|check)`", table)) == set(EVERY)
    problems = GUIDE.partition("| Status |")[2]
    named = set(re.findall(r"`([a-z_]+)`", problems)) - {"kind", "where"}
    known = {kind for kind, _ in PLAIN.values()} | STATUS.keys()
    assert named - known == {"bad_cursor", "bad_json", "wrong_token", "wrong_scope", "nothing_to_draw"} | {
        "too_many_wrong_tokens",
        "unknown_parameter",
        "check_held",
        "not_kept",
    }


def roles_said() -> Iterator[tuple[str, str]]:
    for row in GUIDE.partition("| Scope |")[2].partition("\n\n")[0].splitlines()[2:]:
        scopes, _, roles = (cell.strip() for cell in row.strip("|").split("|"))
        for scope in re.findall(r"`([a-z:]+)`", scopes):
            yield scope, roles.partition(";")[0]


@pytest.mark.parametrize(("scope", "said"), list(roles_said()))
def test_the_guide_says_which_roles_a_scope_is_for(scope: str, said: str) -> None:
    from desk.web.scopes import usable  # noqa: PLC0415

    roles = {role.value for role in Role if scope in usable(role)}
    assert roles == (set(Role) if said == "all" else set(said.split(", ")))
