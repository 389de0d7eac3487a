"""Tokens of the HTTP API: found by their digest as long as they hold, one living one of a name."""

from datetime import timedelta

import pytest

from storage.errors import DeskError
from storage.people import Role, Token
from storage.shelves.tokens import MOST
from storage.store import Store
from tests.storage.samples import NOW, later, sha


def made(store: Store, name: str, user: str = "ann", days: float = 9) -> Token:
    scopes = frozenset({"twins:read", "findings:read"})
    return store.people.add_token(user, name, sha(f"{user} {name}"), scopes, NOW, NOW + timedelta(days))


@pytest.fixture
def ann(store: Store) -> Store:
    store.people.add("ann", Role.REVIEWER, "", NOW)
    store.people.add("eve", Role.READER, "", NOW)
    return store


def test_a_token_is_found_by_its_digest_while_it_holds(ann: Store) -> None:
    token = made(ann, "newsroom")
    assert token.scopes == {"findings:read", "twins:read"}
    assert ann.people.token(sha("ann newsroom"), later(1)) == token
    assert ann.people.token(sha("other"), later(1)) is None
    assert ann.people.token(sha("ann newsroom"), later(9)) is None
    ann.people.touch_token(token.id, later(2))
    found = ann.people.token(sha("ann newsroom"), later(3))
    assert found
    assert (found.used_at, found.user.name) == (later(2), "ann")


def test_with_its_user_a_token_goes_and_comes(ann: Store) -> None:
    made(ann, "newsroom")
    ann.people.disable("ann", NOW)
    assert ann.people.token(sha("ann newsroom"), NOW) is None
    ann.people.disable("ann", None)
    assert ann.people.token(sha("ann newsroom"), NOW)


def test_one_living_token_of_a_name(ann: Store) -> None:
    token = made(ann, "newsroom")
    made(ann, "newsroom", user="eve")
    with pytest.raises(DeskError, match="already"):
        ann.people.add_token("ann", "newsroom", sha("x"), ["a"], NOW, later(1))
    assert ann.people.revoke_token(token.id, later(1))
    assert not ann.people.revoke_token(token.id, later(2))
    assert ann.people.token(sha("ann newsroom"), later(2)) is None
    again = ann.people.add_token("ann", "newsroom", sha("x"), ["a"], NOW, later(1))
    assert [one.id for one in ann.people.tokens(again.user.id)] == [again.id]
    assert [(one.user.name, one.name) for one in ann.people.tokens()] == [
        ("ann", "newsroom"),
        ("eve", "newsroom"),
    ]


def test_nobody_gathers_tokens_without_end(ann: Store) -> None:
    for number in range(MOST):
        made(ann, f"n{number}", days=1 if number else 0)  # the first holds no more, and does not count
    made(ann, "one more")
    with pytest.raises(DeskError, match=f"{MOST} tokens already"):
        made(ann, "too many")
    with pytest.raises(DeskError, match="no user"):
        made(ann, "x", user="nobody")
