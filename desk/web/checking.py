"""A check at the desk: what was sent goes into a folder of its own, a process of its own looks at it, and the
folder goes. Of the pictures small copies, encoded anew, stay for some minutes so that the page can show them:
under a secret address, for whoever asked alone. Nothing else is kept."""

import hashlib
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desk.config import Config
from desk.contract import Json
from desk.contract_check import checked_json
from desk.jobs.cached import SMALL_PICTURES
from desk.jobs.check import PICTURE_LIMIT, Checked, Given
from desk.jobs.check_apart import PICTURE, check_apart, turn
from desk.web.pictures import Pictures
from desk.web.secrets import new_secret
from storage.errors import DeskError, PictureError
from storage.records import Failure

SHOWN = "checked"  # the folder of small pictures, within the cache's room of the desk
MINUTES = 10
MATCHES = 6  # beside which a registered picture is shown


@dataclass(frozen=True, slots=True)
class Answered:
    """`secret` and `names` say where its pictures are for a while: "picture", "0", "1" … for the matches."""

    line: Json
    secret: str = ""
    names: frozenset[str] = frozenset()


def check_here(
    config: Config,
    sent: BinaryIO | None,
    name: str,
    address: str,
    given: Given,
    *,
    pictures: Pictures | None = None,
    user: int = 0,
) -> Answered:
    """Of the file that was sent (`name` is what it was called), or else of `address`. `pictures`: small
    copies are kept for this user. Raises DeskError: "busy", "too_large"."""
    with turn(), tempfile.TemporaryDirectory(prefix="twinwatch-check-") as folder:
        path = Path(folder) / PICTURE
        if sent is not None:
            _write(sent, path)
        try:
            line = check_apart(address if sent is None else "", given, config.file, Path(folder))
        except DeskError as error:
            failure = Failure(error.kind, str(error), "")
            line = checked_json(Checked("", None, None, failure))
        called = name if sent is not None else address
        line["path"] = called
        if isinstance(failed := line["error"], dict):
            failed["where"] = called
        if pictures is None or not path.is_file() or line["labelling"] is None:
            return Answered(line)
        secret = new_secret()
        return Answered(line, secret, _shown(config, pictures, path, line, _place(config, secret, user)))


def shown(config: Config, secret: str, name: str, user: int) -> bytes | None:
    """A small picture of a check by this user; None: there is none, or no more."""
    tidy(config)
    path = _place(config, secret, user) / f"{name}.jpg"
    try:
        return path.read_bytes()
    except OSError:
        return None


def _write(sent: BinaryIO, path: Path) -> None:
    with path.open("wb") as file:
        left = PICTURE_LIMIT
        while block := sent.read(1 << 20):
            left -= len(block)
            if left < 0:
                raise DeskError("the file is larger than 32 MB", kind="too_large")
            file.write(block)


def _shown(config: Config, pictures: Pictures, path: Path, line: Json, place: Path) -> frozenset[str]:
    tidy(config)
    matches = line["matches"] if isinstance(line["matches"], list) else []
    made: dict[str, bytes] = {}
    with suppress(PictureError):
        made[PICTURE] = pictures.of_file(path)
    for number, match in enumerate(matches[:MATCHES]):
        with suppress(PictureError):
            made[str(number)] = pictures.small(match["reference"], None, ())
    try:
        place.mkdir(parents=True)
        for name, data in made.items():
            (place / f"{name}.jpg").write_bytes(data)
    except OSError:
        return frozenset()  # the answer stands without pictures
    return frozenset(made)


def _place(config: Config, secret: str, user: int) -> Path:
    """Nobody else's: the folder's name holds whose it is, and says nothing."""
    name = hashlib.sha256(f"{user} {secret}".encode("utf-8", "replace")).hexdigest()
    return config.cache / SMALL_PICTURES / SHOWN / name


def tidy(config: Config, minutes: int = MINUTES) -> None:
    """What is older goes: every minute while a desk runs, with the next check or picture of one, and all of
    it when the desk ends."""
    room = config.cache / SMALL_PICTURES / SHOWN
    before = time.time() - minutes * 60
    with suppress(OSError):
        for one in list(room.iterdir()):
            if one.stat().st_mtime < before:
                shutil.rmtree(one, ignore_errors=True)
