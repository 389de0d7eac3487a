"""A letter about a finding, written down in one of its forms."""

from datetime import datetime
from importlib import import_module

from desk.dossier import dossier
from desk.handing import Recipient
from desk.jobs.letter import Letter, letter
from desk.thumbnails import Thumbnail, Thumbnails
from detector.match_words import parts_shown
from storage.errors import StoreError
from storage.records import Finding
from storage.store import Store


def write_letter(
    store: Store, finding: Finding, now: datetime, form: str, *, names: bool
) -> tuple[Letter, bytes]:
    """`form`: a module of desk/letters. Raises StoreError(kind="no_letter")."""
    made = letter(store, dossier(store, finding), now, names=names)
    made = Recipient(names=names).veil(tuple(store.twins())).over(made)
    writer = import_module(f"desk.letters.{form}")
    picture = _picture(store, finding) if writer.SHOWS else None
    data: bytes = writer.write(made, picture)
    return made, data


def _picture(store: Store, finding: Finding) -> Thumbnail | None:
    """The published picture, blurred outside what shows a twin."""
    if not finding.sha256:
        return None
    matches = [one for one in finding.answer.matches if one.twin]
    at = next((one.span[0] for one in matches if one.span), None)
    try:
        with Thumbnails() as thumbnails:
            return thumbnails.of(store.media.path(finding.sha256), at, parts_shown(matches))
    except StoreError:
        return None
