"""Passwords, links that work once, sessions: what is handed out, and what is kept of it (never the same)."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storage.people import Role, User
from storage.store import Store

HASHER = PasswordHasher()  # Argon2id with the library's parameters (RFC 9106, second recommendation)
SHORTEST = 12  # characters of a password; NIST SP 800-63B-4 asks 15 where it is the only factor, 8 else
LONGEST = 200
LINK_HOURS = 24
IDLE = timedelta(hours=12)  # a session that nobody uses
LONGEST_SESSION = timedelta(days=7)
WINDOW = timedelta(minutes=15)  # failed logins are counted over it
MOST_BY_NAME = 10
MOST_BY_ORIGIN = 50
_NOBODY = HASHER.hash("a name that nobody has takes as long as one that somebody has")


def new_secret() -> str:
    """256 bits, to be handed out."""
    return secrets.token_urlsafe(32)


def kept(secret: str) -> str:
    """What the store keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf_of(session_secret: str) -> str:
    """Bound to the session, and of no use to whoever reads it in a page of another site."""
    return hmac.new(session_secret.encode(), b"twinwatch csrf", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def good_password(password: str, name: str) -> str:
    """Why it is not good enough; "" where it is."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if password.casefold() == name.casefold() or len(set(password)) < 5:
        return "weak"
    return ""


def link_for(store: Store, name: str, now: datetime, role: Role | None = None, whose: str = "") -> str:
    """A secret to set a password with, once; the user is made where `role` is given. Raises DeskError."""
    user = store.people.add(name, role, whose, now) if role else store.people.one(name)
    secret = new_secret()
    store.people.make_link(user.id, kept(secret), now + timedelta(hours=LINK_HOURS))
    return secret


def log_in(store: Store, name: str, password: str, origin: str, now: datetime) -> tuple[User, str] | None:
    """The user and the secret of a new session; None: wrong, or tried too often. Both take as long whether
    there is such a user or not."""
    by_name, by_origin = store.people.failures(name, origin, now - WINDOW)
    found = store.people.password(name)
    fits = _fits(found[1] if found else _NOBODY, password) and found is not None
    if by_name >= MOST_BY_NAME or by_origin >= MOST_BY_ORIGIN or not fits or found is None:
        store.people.failed(name[:LONGEST], origin[:LONGEST], now, keep=timedelta(days=1))
        return None
    user, hashed = found
    if HASHER.check_needs_rehash(hashed):
        store.people.set_password(user.id, HASHER.hash(password))
    store.people.succeeded(name)
    secret = new_secret()
    store.people.begin(user.id, kept(secret), now)
    return user, secret


def _fits(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
