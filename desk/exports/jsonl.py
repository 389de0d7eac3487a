"""JSON lines: each finding as `findings show --json` prints it."""

from collections.abc import Iterable, Iterator

from desk.dossier import Dossier, dossier_json
from desk.output import json_line
from desk.pictured import Pictured
from storage.media import MediaFolder


def export(
    dossiers: Iterable[Dossier], media: MediaFolder | None, pictured: Pictured = Pictured.NONE
) -> Iterator[bytes]:
    return (json_line(dossier_json(whole)).encode() for whole in dossiers)
