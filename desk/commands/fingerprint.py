"""Perceptual hashes of pictures: PDQ (64 hex digits, Meta's order, from the full decode) and pHash.

\b
Examples:
  twinwatch fingerprint photo.jpg
  twinwatch fingerprint pictures/ --json
"""

from pathlib import Path
from typing import Annotated

import typer

from desk.contract import Json, failure_json
from desk.jobs.pictures import Looked, exit_status, look
from desk.options import WALKED, ConfigOption, JsonOption
from desk.output import emit, path_text, write

PathsArgument = Annotated[list[Path], typer.Argument(metavar="PATH...", help=WALKED, readable=False)]
STAGES = ("fingerprint:pdq", "fingerprint:phash")


def run(paths: PathsArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    failed = total = 0
    for looked in look(paths, STAGES, exact=True):
        total += 1
        failed += looked.failure is not None
        line = _line(looked)
        emit(line) if json else write(_sentence(line))
    raise typer.Exit(exit_status(failed, total))


def _line(looked: Looked) -> Json:
    prints = {one.algorithm: one for one in looked.examination.fingerprints} if looked.examination else {}
    pdq, phash = prints.get("pdq"), prints.get("phash")
    return {
        "path": path_text(looked.path),
        "pdq": pdq.hex if pdq else None,
        "quality": pdq.quality if pdq else None,
        "phash": phash.hex if phash else None,
        "error": failure_json(looked.failure),
    }


def _sentence(line: Json) -> str:
    error = line["error"]
    if isinstance(error, dict):
        return f"{line['path']}: {error['message']} ({error['kind']})"
    return f"{line['path']}\n  pdq   {line['pdq']} quality {line['quality']}\n  phash {line['phash']}"
