"""Tokens: which a platform wants, where the one given is read from, and that it shows nowhere.

A token comes from the environment (`TWINWATCH_TOKENS__YOUTUBE`) or from a file that the environment
(`TWINWATCH_TOKENS__YOUTUBE_FILE`) or the configuration names. The process that crawls reads it itself: it is
in no plan, no database and no configuration. It travels in a header, never in an address, and only to the
hosts of its platform; what a server echoes of it is struck out before anything else sees the answer.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from storage.errors import CrawlError

VARIABLE = "TWINWATCH_TOKENS__"
LONGEST = 4096  # characters; Meta's are some 200, a JSON Web Token some 1,000
SHORTEST = 8  # what is shorter would be struck out of every other word
STRUCK_OUT = "[token]"
URL_ALPHABET = str.maketrans("+/", "-_")
ESCAPING = ("\\", "&", "%")  # what every escape begins with
NAMED = {"amp": "&", "quot": '"', "apos": "'", "lt": "<", "gt": ">", "vert": "|", "sol": "/", "plus": "+"}


@dataclass(frozen=True, slots=True)
class WantedToken:
    """What a platform wants to be shown. `hosts`: the only ones that it is sent to (over https)."""

    name: str  # the platform's: variable and key are made of it
    what: str  # "an API key of the YouTube Data API v3"
    how: str  # how to get one, in one sentence, with an address
    header: str
    hosts: frozenset[str]
    scheme: str = ""  # before the token in the header: "Bearer"
    without: str = ""  # what is read without it; "": nothing
    a_night: int = 0  # requests that it may pay for; 0: as many as are needed
    lasts: str = ""  # "60 days"; "": until somebody takes it back

    @property
    def variable(self) -> str:
        return f"{VARIABLE}{self.name.upper()}"

    @property
    def missing(self) -> str:
        """One sentence for whoever reads the night's summary."""
        return f"{self.name} needs {self.what}: set {self.variable} or {self.variable}_FILE. {self.how}"

    @property
    def renewed(self) -> str:
        """What to do where it was shown and refused."""
        return f"Set a new one as {self.variable} or {self.variable}_FILE. {self.how}"


class Token:
    """A secret that neither str() nor repr() shows."""

    __slots__ = ("_escaped", "_packed", "_secret")

    def __init__(self, secret: str) -> None:
        """Raises CrawlError kind "token_unreadable" for what cannot stand in a header; says nothing of it."""
        if not (SHORTEST <= len(secret) <= LONGEST and secret.isascii() and secret.isprintable()):
            raise CrawlError(
                f"the token is no line of {SHORTEST} to {LONGEST} printable ASCII characters",
                kind="token_unreadable",
            )
        if " " in secret:
            raise CrawlError("the token has a space in it", kind="token_unreadable")
        self._secret = secret
        self._escaped = re.compile("".join(map(_however, secret)), re.IGNORECASE)
        self._packed = _in_base64(secret)

    def __repr__(self) -> str:
        return f"Token({STRUCK_OUT})"

    def header(self, wanted: WantedToken) -> Mapping[str, str]:
        return {wanted.header: f"{wanted.scheme} {self._secret}".strip()}

    def hide(self, text: str) -> str:
        """The text without the token, however it is escaped in it: in upper or lower case, in JSON, in HTML,
        in an address (every letter, or some), in base64 alone or behind a scheme or a name."""
        if any(sign in text for sign in ESCAPING) or self._secret.lower() in text.lower():
            text = self._escaped.sub(STRUCK_OUT, text)
        for form in self._packed:  # whose case means something
            text = text.replace(form, STRUCK_OUT)
        return text

    def hide_bytes(self, data: bytes) -> bytes:
        """Byte by byte: what is no text stays as it is."""
        return self.hide(data.decode("latin-1")).encode("latin-1")


def _however(letter: str) -> str:
    """A pattern for one letter: as it is, or escaped as in JSON (within JSON too), HTML or an address."""
    number = ord(letter)
    forms = [
        rf"\\{{0,4}}{re.escape(letter)}",  # PHP escapes a slash in JSON, and everybody a quote
        rf"\\{{1,4}}u{number:04x}",
        rf"&#0{{0,5}}{number};",
        rf"&#x0{{0,5}}{number:x};",
        rf"%(?:25){{0,2}}{number:02x}",
        *(f"&{name};" for name, meant in NAMED.items() if meant == letter),
    ]
    return f"(?:{'|'.join(forms)})"


def _in_base64(secret: str) -> tuple[str, ...]:
    """The letters that the secret alone decides, at each of the three places where it can begin in a group
    of three bytes (RFC 4648, section 4), in both alphabets; longest first."""
    found: set[str] = set()
    for ahead in range(3):
        packed = b64encode(b"\0" * ahead + secret.encode("ascii")).decode("ascii")
        first = (ahead * 8 + 5) // 6
        last = (ahead + len(secret)) * 8 // 6
        core = packed[first:last]
        found |= {core, core.translate(URL_ALPHABET)}
    return tuple(sorted(found, key=len, reverse=True))


def read_token(wanted: WantedToken, environ: Mapping[str, str], files: Mapping[str, str]) -> Token | None:
    """The environment goes before the configuration's `files` (by name of the token). None where nobody gave
    one. Raises CrawlError kind "token_unreadable", naming the variable or file and never what is in it."""
    given = environ.get(wanted.variable, "")
    file = environ.get(f"{wanted.variable}_FILE", "") or files.get(wanted.name, "")
    place = wanted.variable if given or not file else file
    if not given and file:
        given = _first_line(Path(file), wanted)
    try:
        return Token(given.strip()) if given.strip() else None
    except CrawlError as error:
        raise CrawlError(f"{place}: {error}", kind="token_unreadable", where=place) from None


def may_go_to(url: str, wanted: WantedToken, allowed: tuple[str, ...]) -> bool:
    """Whether a token may be sent there: the platform's own host over https, or one that the user named in
    [crawl] allow_hosts (a server of one's own, on any scheme)."""
    parts = urlsplit(url)
    if parts.netloc.lower() in allowed or (parts.hostname or "") in allowed:
        return True
    return parts.scheme == "https" and parts.netloc.lower() in wanted.hosts


def _first_line(path: Path, wanted: WantedToken) -> str:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST + 2).decode("ascii").strip()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text of printable ASCII"
        shown = str(path) if path.is_absolute() and path.parent.is_dir() else ""
        place = shown or f"{wanted.variable}_FILE"
        named = shown or f"that {place} or twinwatch.toml names (not shown: it may be the token itself)"
        message = f"the token file {named} cannot be read: {why}"
        raise CrawlError(message, kind="token_unreadable", where=place) from None
