"""The HTTP API, running, asked whatever its own description lets one ask, and what it does not: no answer is
an error of ours, none is one that is not described. `make test-api` asks ten thousand times."""

import os
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, seed, settings
from PIL import Image
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from desk.config import load
from desk.web.api.app import route_names
from desk.web.app import application
from desk.web.scopes import OPEN, usable
from desk.web.tokens import make_token
from storage.people import Role
from storage.records import ConsentVerdict, Labelling, ReferenceImage
from storage.store import Store
from tests.desk.used_store import HM, OCTOBER, OUTLET, opened, shown
from tests.desk.web.conftest import WHOSE
from tests.storage.samples import sha

CASES = int(os.environ.get("TWINWATCH_API_CASES", "400"))
# Of pictures, each of which starts a process that loads the readers; of files, each of which may be typeset.
MOST = {"POST /check": 40, "POST /checks": 40, "POST /exports": 150}
CHANNEL = """[[alert]]
name = "newsroom"
webhook = "http://127.0.0.1:9/nowhere"
secrets = ["whsec_MTExMTExMTExMTExMTExMTExMTExMTEx"]
"""
ROLES = (Role.ADMINISTRATOR, Role.REVIEWER, Role.READER, Role.AGENCY, Role.MODEL)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # those of others' libraries


def fill(store: Store) -> None:
    """Findings, with bytes behind their pictures and behind the registered ones."""
    twins = {one.name: one for one in store.twins()}
    for name in ("Twin B", "Stranger"):
        kept = ReferenceImage(name, sha(f"ref {name}"), twins[name].kind, "contract 7", "desk@example.org")
        store.add_twin(twins[name], [kept])
    for number in range(30):
        twin = ("Twin A", "Twin B", "Stranger")[number % 3]
        shown(
            store,
            f"p{number}",
            (twin, list(ConsentVerdict)[number % len(ConsentVerdict)]),
            account=OUTLET if number % 2 else HM,
            labelling=Labelling.UNLABELLED if number % 2 else Labelling.LABELLED,
        )
        for name in (f"p{number}", f"ref {twin}"):
            path = store.media.path(sha(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            out = BytesIO()
            Image.effect_noise((90, 60), 40 + number).convert("RGB").save(out, "PNG")
            path.write_bytes(out.getvalue())
    store.start_run("nightly-1", OCTOBER)
    store.end_run("nightly-1", OCTOBER, {"errors": [{"kind": "x", "message": "y", "where": "z"}]})
    store.start_run("nightly-2", OCTOBER)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[Role, str]]]:
    """Its address, and a token of each role with all that the role may have."""
    folder: Path = tmp_path_factory.mktemp("api")
    (folder / "twinwatch.toml").write_text(CHANNEL)
    store = opened(folder)
    fill(store)
    now = datetime.now(UTC)
    tokens = {}
    for role in ROLES:
        store.people.add(role.value, role, WHOSE.get(role, ""), now)
        tokens[role] = make_token(store, role.value, "all", usable(role), 1, now)[1]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = application(
        load(folder / "twinwatch.toml", {}), store, frozenset({f"127.0.0.1:{port}"}), secure=False
    )
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/api/v1", tokens
    server.should_exit = True
    thread.join(20)
    store.close()


def ask(
    operation: Any, token: str, count: int, mode: GenerationMode, round_: int, told: Counter[int]
) -> None:
    """So many cases of one operation, at most: where there are fewer, all."""

    @seed(round_)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            _brought_near(case)
        answer = case.call(headers={"authorization": f"Bearer {token}"}, timeout=100)
        told[answer.status_code] += 1
        first = answer.status_code < 300 and told[200] + told[201] == 1
        # With no token and a wrong one, once for each: in numbers wrong ones are slowed down.
        checks = [*CHECKS, ignored_auth] if first else CHECKS
        case.validate_response(answer, checks=checks, headers={"authorization": f"Bearer {token}"})

    one()


def _brought_near(case: Any) -> None:
    """Two of three to what there is: whole numbers at random hit little."""
    body = case.body if isinstance(case.body, dict) else {}
    if "name" in (case.path_parameters or {}) and len(case.path_parameters["name"]) % 3:
        case.path_parameters["name"] = "newsroom"
    if len(str(body)) % 3:
        for place, one in enumerate(body.get("findings", ())):
            one["finding"] = place % 30 + 1
        if "twin" in body:
            body["twin"] = ("Twin A", "Twin B")[len(str(body)) % 2]
    number = (case.path_parameters or {}).get("number", 0)
    if number % 3:
        case.path_parameters["number"] = number % 30 + 1
        if "which" in case.path_parameters:
            case.path_parameters["which"] %= 2
    if len((case.query or {}).get("twin", "")) % 3:
        case.query["twin"] = "Twin A"
        case.query.pop("cursor", None)


@pytest.mark.timeout(3600)
def test_no_error_of_ours_and_nothing_that_is_not_described(running: tuple[str, dict[Role, str]]) -> None:
    address, tokens = running
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    found: list[Any] = list(schema.get_all_operations())
    operations = [one.ok() for one in found]
    assert len(operations) == len(route_names() - OPEN)  # it leaves out where it read the description
    told: dict[str, Counter[int]] = {one.label: Counter() for one in operations}
    for round_ in range(1_000):
        role = ROLES[round_ % len(ROLES)]
        for operation in operations:
            counts = told[operation.label]
            most = MOST.get(operation.label)
            count = 12 if most is None else min(1 if most < 100 else 3, most - counts.total())
            for mode in GenerationMode if count > 0 else ():
                if mode is GenerationMode.POSITIVE or operation.query or operation.body:
                    ask(operation, tokens[role], count, mode, round_, counts)
        if sum(each.total() for each in told.values()) >= CASES and round_ >= len(ROLES) - 1:
            break
    lines = [f"{each.total():6} {label}: {dict(sorted(each.items()))}\n" for label, each in told.items()]
    sys.stdout.write(f"\n{''.join(lines)}")
    assert sum(each.total() for each in told.values()) >= CASES
    assert all(each.total() for each in told.values())
    reached = {label for label, each in told.items() if each[200] or each[201]}
    hard = {
        label for label in told if any(word in label for word in ("screenshots", "copies", "layers", "check"))
    }
    assert told.keys() - hard == reached - hard
