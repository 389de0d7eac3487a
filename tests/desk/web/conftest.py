"""A desk over the store of tests/desk/used_store.py, and somebody of each role who is logged in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from desk.config import load
from desk.web.app import application
from desk.web.guard import COOKIE
from desk.web.scopes import usable
from desk.web.secrets import csrf_of, kept, new_secret
from desk.web.tokens import make_token
from storage.people import Role
from storage.records import ConsentVerdict
from storage.store import Store
from tests.desk.mailbox import Mailbox, mailbox
from tests.desk.used_store import OUTLET, opened, shown
from tests.postgres import named, postgres_server, run

__all__ = ["postgres_server"]
_NUMBERS = count()
OUT = ConsentVerdict.OUT_OF_SCOPE
HOST = "desk.example"
WHOSE = {Role.AGENCY: "Agency One", Role.MODEL: "Berta Berg"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def used_database(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A server with a database "used", like the store of tests/desk/used_store.py."""
    run(postgres_server, "CREATE DATABASE used")
    opened(tmp_path_factory.mktemp("used"), url=named(postgres_server, "used")).close()
    return postgres_server


@pytest.fixture
def store(
    backend: str, tmp_path: Path, used_pattern: Path, request: pytest.FixtureRequest
) -> Iterator[Store]:
    """On each database that we promise."""
    if backend == "sqlite":
        made = opened(tmp_path, used_pattern)
        yield made
        made.close()
        return
    server, name = str(request.getfixturevalue("used_database")), f"desk{next(_NUMBERS)}"
    run(server, f"CREATE DATABASE {name} TEMPLATE used")
    made = Store.open(named(server, name), tmp_path / "media", create=False)
    yield made
    made.close()
    run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def three_findings(store: Store) -> Store:
    """Somebody else's finding for whomever has only some: of two agencies' twins, and of nobody's."""
    shown(store, "first", ("Twin A", OUT))
    shown(store, "second", ("Twin B", OUT), account=OUTLET)
    shown(store, "third", ("Stranger", OUT))
    return store


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> FastAPI:
    url = store._database.url.render_as_string(hide_password=False)
    (tmp_path / "twinwatch.toml").write_text(f'[storage]\ndatabase = "{url}"\nmedia = "./media"\n')
    return application(load(tmp_path / "twinwatch.toml", {}), store, frozenset({HOST}), secure=False)


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


def with_alerts(store: Store, folder: Path, post: Mailbox) -> FastAPI:
    """A desk with two alerts: one reaches this mailbox, the address of the other is a secret."""
    url = f"mailto://127.0.0.1:{post.port}/?from=a@d.example&to=b@d.example&mode=insecure"
    hidden = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    toml = f'[alerts]\nallow_hosts = ["127.0.0.1:{post.port}"]\n[[alert]]\nname = "newsroom"\nurl = "{url}"\n'
    toml += f'[[alert]]\nname = "chat"\nurl = "{hidden}"\ntwin = "Twin A"\n'
    (folder / "twinwatch.toml").write_text(toml)
    return application(load(folder / "twinwatch.toml", {}), store, frozenset({HOST}), secure=False)


class Browser(TestClient):
    """Sends what a browser sends with a form of ours."""

    csrf: str = ""


@pytest.fixture
def browser(desk: FastAPI) -> Iterator[Callable[[Role | None], Browser]]:
    """Somebody of this role, logged in; None: nobody."""
    store: Store = desk.state.store
    opened_here: list[Browser] = []

    def made(role: Role | None) -> Browser:
        client = Browser(desk, base_url=f"http://{HOST}", follow_redirects=False)
        if role is not None:
            now = datetime.now(UTC)
            name = f"{role.value} {len(opened_here)}"
            user = store.people.add(name, role, WHOSE.get(role, ""), now)
            secret = new_secret()
            store.people.begin(user.id, kept(secret), now)
            client.cookies.set(COOKIE, secret, domain=HOST)
            client.csrf = csrf_of(secret)
        opened_here.append(client)
        return client

    yield made
    for client in opened_here:
        client.close()


@pytest.fixture
def program(desk: FastAPI) -> Iterator[Callable[..., TestClient]]:
    """A program with a token of somebody of this role, for these scopes (None: all of the role)."""
    opened_here: list[TestClient] = []

    def made(role: Role, scopes: tuple[str, ...] | None = None) -> TestClient:
        store: Store = desk.state.store
        now = datetime.now(UTC)
        name = f"{role.value} with a program {len(opened_here)}"
        store.people.add(name, role, WHOSE.get(role, ""), now)
        _, secret = make_token(store, name, "token", scopes or usable(role), 1, now)
        client = TestClient(desk, base_url=f"http://{HOST}/api/v1/", follow_redirects=False)
        client.headers["authorization"] = f"Bearer {secret}"
        opened_here.append(client)
        return client

    yield made
    for client in opened_here:
        client.close()
