"""The agency report as one page for readers: what to look at first as pictures, then the numbers, then every
use."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from desk.agency import sheet
from desk.agency.pictures import Pictures, region
from desk.agency.sheet import Choice
from desk.jobs.agency import AgencyReport, Use
from desk.pages import page
from desk.thumbnails import Thumbnail
from storage.media import MediaFolder
from storage.records import Box

FIRST = 24  # uses shown with a picture under "look at first"
PICTURES = 120  # different pictures on the page
NONE = Thumbnail(why="no picture beside this one: there are too many on the page")


@dataclass(frozen=True, slots=True)
class Card:
    """A use to look at first, as the template draws it."""

    use: Use
    why: str
    picture: Thumbnail | None  # None: pictures were not asked for
    region: Box | None


def write(report: AgencyReport, media: MediaFolder | None, choice: Choice) -> bytes:
    with Pictures(media) as pictures:
        return b"".join(
            page(
                "agency.html",
                report=report,
                choice=choice,
                cards=list(_cards(report.first[:FIRST], pictures, choice)),
                more=max(0, len(report.first) - FIRST),
                beside=_beside(report.uses, pictures, choice),
                remarks=list(sheet.remarks(report)),
                says=sheet,
            )
        )


def _cards(uses: Iterable[Use], pictures: Pictures, choice: Choice) -> Iterator[Card]:
    for use in uses:
        yield Card(use, use.urgency[1], pictures.of(use) if choice.thumbnails else None, region(use))


def _beside(uses: Iterable[Use], pictures: Pictures, choice: Choice) -> dict[int, Thumbnail]:
    """By finding, as far as there is room."""
    shown: dict[int, Thumbnail] = {}
    different: set[str] = set()
    for use in uses if choice.thumbnails else ():
        different.add(use.finding.sha256)
        shown[use.finding.id] = pictures.of(use) if len(different) <= PICTURES else NONE
    return shown
