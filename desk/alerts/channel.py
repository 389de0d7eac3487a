"""A channel: where alerts go, which ones, and when; and its secrets, read when they are wanted."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from desk.sought import sought
from storage.errors import ConfigError
from storage.inbox import Sought

DIGEST, AT_ONCE = "digest", "at_once"  # one message a night, or one a finding
FILTERS = ("retailer", "platform", "twin", "rule", "labelling", "consent")
LIMIT = 65_536  # bytes; a secret is a line, not a disk


@dataclass(frozen=True, slots=True)
class Channel:
    """`kind`: a module of desk/alerts that sends. `files`: what of address and secrets is in files."""

    name: str
    kind: str  # "message" (Apprise) or "webhook"
    address: str
    secrets: tuple[str, ...]
    files: Mapping[str, str]
    send: str
    nothing_new: bool
    filters: Mapping[str, str]

    @property
    def sought(self) -> Sought:
        return sought(self.filters, status="all")

    def where(self) -> str:
        """Its address. Raises ConfigError where its file cannot be read or is empty."""
        lines = self._lines("webhook" if self.kind == "webhook" else "url")
        if not lines and not self.address:
            raise ConfigError(f"alert {self.name}: its address is empty", kind="no_address", where=self.name)
        return lines[0] if lines else self.address

    def signing(self) -> tuple[str, ...]:
        """Secrets to sign with: several while one is replaced by another. Raises ConfigError."""
        found = tuple(self._lines("secrets")) or self.secrets
        if not found:
            message = f"alert {self.name}: a webhook is signed: give it secrets_file (one whsec_… a line)"
            raise ConfigError(message, kind="no_secret", where=self.name)
        return found

    def shown(self) -> str:
        """Its address without anything that may be secret in it."""
        try:
            parts = urlsplit(self.where())
        except (ConfigError, ValueError) as error:
            return f"({error})"
        told = parts.hostname or "" if parts.scheme in ("http", "https", "mailto", "mailtos") else ""
        return f"{parts.scheme}://{told}…"

    def _lines(self, what: str) -> list[str]:
        path = self.files.get(what)
        if path is None:
            return []
        try:
            with Path(path).open("rb") as file:
                text = file.read(LIMIT).decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            message = f"alert {self.name}: {path} cannot be read: {error}"
            raise ConfigError(message, kind="no_secret", where=self.name) from error
        return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
