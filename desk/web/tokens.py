"""Tokens for programs: made for one user, shown once, and kept as digests."""

from collections.abc import Collection
from datetime import datetime, timedelta

from desk.web.scopes import EVERY, usable
from desk.web.secrets import kept, new_secret
from storage.errors import DeskError
from storage.people import Token
from storage.store import Store

DAYS = 90  # that a token holds, unless something else is said
MOST_DAYS = 366
LONGEST_NAME = 100
BEGINS = "twinwatch_"  # so that what searches code for secrets finds it


def make_token(
    store: Store, user: str, name: str, scopes: Collection[str], days: int, now: datetime
) -> tuple[Token, str]:
    """The token and its secret, which nobody sees again. Raises DeskError: "no_user", "token_exists",
    "too_many_tokens", "wrong_scope", "no_name", "wrong_days"."""
    role = store.people.one(user).role
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise DeskError(f"a token needs a name of at most {LONGEST_NAME} characters", kind="no_name")
    if not 1 <= days <= MOST_DAYS:
        raise DeskError(f"a token holds from 1 to {MOST_DAYS} days", kind="wrong_days", where=str(days))
    if not scopes:
        raise DeskError(f"say what it is for: {', '.join(usable(role))}", kind="wrong_scope")
    for scope in scopes:
        if scope not in usable(role):
            why = f"a {role.value} may not do that" if scope in EVERY else "there is no such scope"
            raise DeskError(f"{scope}: {why} ({', '.join(usable(role))})", kind="wrong_scope", where=scope)
    secret = BEGINS + new_secret()
    made = store.people.add_token(
        user, name, kept(secret), frozenset(scopes), now, now + timedelta(days=days)
    )
    return made, secret
