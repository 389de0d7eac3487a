"""One self-contained page for readers (`desk/pages.py` says what that means), with pictures encoded anew
where they are wanted."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from desk.card import ORDER, TITLES, Pictures, card
from desk.contract import counted
from desk.dossier import Dossier
from desk.pages import page
from desk.pictured import Pictured
from storage.media import MediaFolder

LIMIT = 2_000  # findings: a page of more is one that no browser likes to open


def export(
    dossiers: Iterable[Dossier], media: MediaFolder | None, pictured: Pictured = Pictured.NONE
) -> Iterator[bytes]:
    """Worst verdict first. Pictures are made one by one while the page is written."""
    wholes = sorted(dossiers, key=lambda whole: ORDER.index(whole.finding.answer.verdict.labelling))
    with Pictures(media, pictured) as pictures:
        yield from page(
            "report.html",
            made=datetime.now(UTC),
            wholes=wholes,
            titles=TITLES,
            totals=counted(whole.finding.answer.verdict.labelling.value for whole in wholes),
            cards=(card(whole, pictures) for whole in wholes),
        )
