"""A check at the desk: what was sent goes into a folder of its own, a process of its own looks at it, and the
folder goes. Of the pictures small copies, encoded anew, stay for some minutes so that the page can show them:
under a secret address, for whoever asked alone; beside them the answer, where she may ask to have it kept.
Nothing else stays. A text alone is read here: it is what every caption of a post is.
"""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from desk.config import Config
from desk.contract import Json
from desk.contract_check import checked_json
from desk.jobs.cached import SMALL_PICTURES
from desk.jobs.check import PICTURE_LIMIT, Checked, Given, check_text
from desk.jobs.check_apart import PICTURE, check_apart, turn
from desk.web.pictures import Pictures
from desk.web.secrets import new_secret
from storage.errors import DeskError, PictureError
from storage.records import Failure

SHOWN = "checked"  # the folder of small pictures, within the cache's room of the desk
MINUTES = 10
ANSWER, TAKEN = "answer.json", "taken.json"
MATCHES = 6  # beside which a registered picture is shown


@dataclass(frozen=True, slots=True)
class Answered:
    """`secret` and `names` say where its pictures are for a while: "picture", "0", "1" … for the matches."""

    line: Json
    secret: str = ""
    names: frozenset[str] = frozenset()
    keepable: bool = False  # the answer lies there too, so that it can be kept


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer that can still be kept: what was asked, when, and the small picture (b"": none)."""

    asked: Mapping[str, Any]
    line: Mapping[str, Any]
    at: datetime
    picture: bytes


def check_here(
    config: Config,
    sent: BinaryIO | None,
    name: str,
    address: str,
    given: Given,
    *,
    pictures: Pictures | None = None,
    user: int = 0,
    asked: Mapping[str, str] | None = None,
) -> Answered:
    """Of the file that was sent (`name` is what it was called), or else of `address`, or else of the texts
    alone. `pictures`: small copies lie there for this user for a while; with `asked` the answer does, too.
    Raises DeskError: "busy", "too_large"."""
    if sent is None and not address:
        return _lying(config, Answered(checked_json(check_text(given, config))), {}, user, asked)
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
        return _lying(config, Answered(line), _shown(pictures, path, line), user, asked)


def _lying(
    config: Config, done: Answered, made: Mapping[str, bytes], user: int, asked: Mapping[str, str] | None
) -> Answered:
    """For some minutes, under a secret of its own. Without it the answer stands all the same."""
    if not made and asked is None:
        return done
    tidy(config)
    secret = new_secret()
    place = _place(config, secret, user)
    try:
        place.mkdir(parents=True)
        for name, data in made.items():
            (place / f"{name}.jpg").write_bytes(data)
        if asked is not None:
            told = {"asked": dict(asked), "line": done.line, "at": datetime.now(UTC)}
            (place / ANSWER).write_bytes(orjson.dumps(told))
    except (OSError, orjson.JSONEncodeError):  # the second: text that UTF-8 refuses
        return done
    return Answered(done.line, secret, frozenset(made), keepable=asked is not None)


def waiting(config: Config, secret: str, user: int) -> Waiting | None:
    """Taken by whoever asks for it first; None: by this user there is none, or no more."""
    tidy(config)
    place = _place(config, secret, user)
    try:
        (place / ANSWER).rename(place / TAKEN)
        told = orjson.loads((place / TAKEN).read_bytes())
    except OSError:
        return None
    picture = b""
    with suppress(OSError):
        picture = (place / f"{PICTURE}.jpg").read_bytes()
    return Waiting(told["asked"], told["line"], datetime.fromisoformat(told["at"]), picture)


def not_taken(config: Config, secret: str, user: int) -> None:
    """It could not be kept: it can be tried again."""
    place = _place(config, secret, user)
    with suppress(OSError):
        (place / TAKEN).rename(place / ANSWER)


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


def _shown(pictures: Pictures, path: Path, line: Json) -> dict[str, bytes]:
    matches = line["matches"] if isinstance(line["matches"], list) else []
    made: dict[str, bytes] = {}
    with suppress(PictureError):
        made[PICTURE] = pictures.of_file(path)
    for number, match in enumerate(matches[:MATCHES]):
        with suppress(PictureError):
            made[str(number)] = pictures.small(match["reference"], None, ())
    return made


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
