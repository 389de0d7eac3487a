"""`store.people` and `store.audit`: who may use the desk, who is logged in, and what they did."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from storage.database import Database
from storage.people import Entry, Role, Session, Token, User
from storage.remembered import Remembered
from storage.shelves import audit, people, tokens


class People:
    """Secrets come here as digests, passwords as Argon2id hashes: nothing that could be used is kept."""

    def __init__(self, database: Database, remembered: Remembered) -> None:
        self._database = database
        self._remembered = remembered

    def add(self, name: str, role: Role, whose: str, at: datetime) -> User:
        """Raises DeskError(kind="user_exists")."""
        return self._database.write(people.add, name, role, whose, at)

    def one(self, name: str) -> User:
        """Raises DeskError(kind="no_user")."""
        return self._database.read(people.one, name)

    def every(self) -> Sequence[User]:
        return self._database.read(people.every)

    def password(self, name: str) -> tuple[User, str] | None:
        """The hash of a user who may log in; None: nobody may by this name."""
        return self._database.read(people.password, name)

    def set_password(self, user_id: int, hashed: str) -> None:
        self._database.write(people.set_password, user_id, hashed)

    def disable(self, name: str, at: datetime | None) -> User:
        """All sessions and links end; None lets the user log in again. Raises DeskError(kind="no_user")."""
        return self._database.write(people.disable, name, at)

    def make_link(self, user_id: int, secret: str, expires: datetime) -> None:
        """A link that works once; those before it work no more."""
        self._database.write(people.make_link, user_id, secret, expires)

    def link_holds(self, secret: str, now: datetime) -> bool:
        return self._database.read(people.link_holds, secret, now)

    def link_waits(self, user_id: int, now: datetime) -> bool:
        """Whether one that was made for this user still holds."""
        return self._database.read(people.link_waits, user_id, now)

    def use_link(self, secret: str, hashed: str, now: datetime) -> User | None:
        """The password is set and the link used up; None: it does not hold."""
        return self._database.write(people.use_link, secret, hashed, now)

    def begin(self, user_id: int, secret: str, now: datetime) -> None:
        self._database.write(people.begin, user_id, secret, now)

    def session(self, secret: str) -> Session | None:
        return self._remembered.of(("session", secret), lambda: self._database.read(people.session, secret))

    def touch(self, session_id: int, now: datetime) -> None:
        self._database.write(people.touch, session_id, now)

    def end(self, session_id: int, now: datetime) -> None:
        self._database.write(people.end, session_id, now)

    def failed(self, name: str, origin: str, at: datetime, keep: timedelta) -> None:
        """Attempts older than `keep` are forgotten."""
        self._database.write(people.failed, name, origin, at, keep)

    def failures(self, name: str, origin: str, since: datetime) -> tuple[int, int]:
        """Failed logins since then: with this name, and from there."""
        return self._database.read(people.failures, name, origin, since)

    def succeeded(self, name: str) -> None:
        self._database.write(people.succeeded, name)

    def add_token(
        self, user: str, name: str, secret: str, scopes: Iterable[str], at: datetime, expires: datetime
    ) -> Token:
        """Raises DeskError: "no_user", "token_exists" (a name is free again when its token was revoked),
        "too_many_tokens"."""
        return self._database.write(tokens.add, user, name, secret, scopes, at, expires)

    def token(self, secret: str, now: datetime) -> Token | None:
        """The one with this digest; None: there is none, or it no longer holds."""
        return self._database.read(tokens.find, secret, now)

    def tokens(self, user_id: int | None = None) -> Sequence[Token]:
        """Those that are not revoked, expired ones too; of one user or of all."""
        return self._database.read(tokens.every, user_id)

    def touch_token(self, token_id: int, now: datetime) -> None:
        self._database.write(tokens.touch, token_id, now)

    def revoke_all(self, user_id: int, at: datetime) -> tuple[int, int]:
        """Tokens and feeds of a user; how many of each held."""
        return self._database.write(tokens.revoke_all, user_id, at)

    def revoke_token(self, token_id: int, at: datetime) -> bool:
        """False: it was revoked before, or there is none."""
        return self._database.write(tokens.revoke, token_id, at)


class Audit:
    def __init__(self, database: Database) -> None:
        self._database = database

    def append(
        self, at: datetime, who: str, what: str, about: str = "", detail: Mapping[str, object] | None = None
    ) -> Entry:
        """Seconds are kept, not their fractions."""
        return self._database.write(audit.append, at, who, what, about, detail or {})

    def latest(self, before: int | None = None, limit: int = 100) -> Sequence[Entry]:
        """Newest first."""
        return self._database.read(audit.latest, before, limit)

    def broken(self) -> int | None:
        """The number of the first line that was altered, or that no longer fits to the one before it."""
        return self._database.read(audit.broken)
