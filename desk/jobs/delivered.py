"""The watched folder: what a studio delivered since the last night is registered, before the night looks
for it in everything that was collected.

A list is taken whole or not at all, as `twins import` does. A picture without one belongs to the twin whose
name its folder bears, if there is such a twin: none is ever invented from a folder's name.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import normalize

from desk.config import Config
from desk.contract import Json
from desk.jobs.deliveries import LISTS, Delivery, Found, Untaken, found_in
from desk.jobs.erased import Erased
from desk.jobs.looked_at import Tell, digest_of
from desk.jobs.register import Enrolled, Given, Registration, look_at_given, with_pictures
from desk.jobs.roster import LOCK, Asked, check_roster, rolled
from desk.jobs.within import why_no_picture
from desk.output import several
from detector.pictures.decode import VIDEOS
from detector.trust import NO_TRUST, Trust
from storage.consent import alike
from storage.errors import RegistryError, TwinwatchError
from storage.formats import HEAD_BYTES, format_of
from storage.records import Twin
from storage.store import RunRecord, Store

LIST_SUFFIXES = {".csv", ".xlsx", ".xls", ".ods"}


@dataclass(slots=True)
class Delivered:
    """What came of a night's deliveries."""

    new: int = 0
    known: int = 0
    twins: list[str] = field(default_factory=list)  # that are new
    warnings: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    untaken: list[Untaken] = field(default_factory=list)

    def add(self, done: Enrolled) -> None:
        self.new += len(done.new)
        self.known += len(done.known)

    def json(self) -> Json:
        return {
            "new": self.new,
            "known": self.known,
            "twins": list(self.twins),
            "waiting": list(self.waiting),
            "untaken": [{"path": one.path, "why": one.why} for one in self.untaken],
        }


def register_delivered(
    config: Config, store: Store, trust: Trust = NO_TRUST, tell: Tell = lambda done, total: None
) -> Delivered:
    """Raises RegistryError, kind "watch_unreadable", and TryAgainLater where a list is being imported. What
    is wrong with a single delivery is in the answer, and the others are taken."""
    done = Delivered()
    if config.watch is None:
        return done
    with store.lock(LOCK):
        found = found_in(config.watch, config.registry.settle_seconds)
        for delivery in found.deliveries:
            if delivery.roster is not None:
                _list(config, store, delivery.roster, delivery, found, done, trust, tell)
        given = list(_given(config, store, found))
        looked = look_at_given(store, given, trust, tell=tell)
        taken = []
        for one in given:
            if failure := looked.failed.get(one.path):
                found.cannot(one.path, failure.message)
            elif looked.found[one.path].format in VIDEOS:
                found.cannot(one.path, "is a video: register pictures of it")
            else:
                taken.append(one)
        if taken:
            enrolled = Registration(store, taken, looked).done()
            done.add(enrolled)
            done.warnings += enrolled.warnings
        done.untaken, done.waiting = found.untaken, found.waiting
        if (
            not found.untaken
        ):  # what a list that is still refused was looked at for is kept until it is mended
            store.roster.forget()
    return done


def untold(untaken: Sequence[Untaken], runs: Sequence[RunRecord]) -> Sequence[Untaken]:
    """Those that the last night did not tell already: a file that nobody mends is told once."""
    for run in runs:
        said = run.summary.get("registry")
        if isinstance(said, Mapping) and isinstance(said.get("untaken"), list):
            told = {(one.get("path"), one.get("why")) for one in said["untaken"] if isinstance(one, Mapping)}
            return [one for one in untaken if (one.path, one.why) not in told]
    return untaken


def intents(config: Config, store: Store | None) -> Iterator[str]:
    """What a night would register, in sentences. No picture is opened, so what cannot be decoded is not known
    yet."""
    if config.watch is None:
        return
    try:
        found = found_in(config.watch, config.registry.settle_seconds)
    except RegistryError as error:
        yield str(error)
        return
    new = _New(store)
    for delivery in found.deliveries:
        if delivery.roster is not None and store is not None:
            yield _list_intent(config, store, delivery, found, new)
        elif delivery.roster is not None:
            yield f"{found.name(delivery.roster)}: would be imported"
    if store is not None:
        given = list(_given(config, store, found))
        if given:
            yield f"{new.words(given)} would be registered for {', '.join(_names(given))}"
    yield from (f"{name}: is still being delivered, and would wait" for name in found.waiting)
    yield from (f"{one.path}: could not be taken: {one.why}" for one in found.untaken)


def _list_intent(config: Config, store: Store, delivery: Delivery, found: Found, new: "_New") -> str:
    path = delivery.roster or delivery.folder
    try:
        checked = check_roster(store, path, _asked(config, delivery.folder, NO_TRUST))
    except RegistryError as error:
        return f"{found.name(path)}: would be refused: {error}"
    if checked.mistakes:
        count = several(len(checked.mistakes), "mistake")
        return f"{found.name(path)}: would be refused: {count}; {checked.mistakes[0]}"
    _name_left_out(delivery, {one.path for one in checked.given}, found)
    return f"{found.name(path)}: {new.words(checked.given)} would be registered"


class _New:
    """Which pictures would be registered: neither known nor erased."""

    def __init__(self, store: Store | None) -> None:
        self._registered = {(one.twin, one.sha256) for one in with_pictures(store)} if store else set()
        self._erased = Erased(store) if store else None

    def words(self, given: Sequence[Given]) -> str:
        many = sum(self._is(one.twin.name, _digest(one.path)) for one in given)
        return f"{several(many, 'picture')} of {len(given)}"

    def _is(self, twin: str, sha256: str) -> bool:
        if (twin, sha256) in self._registered:
            return False
        return not sha256 or self._erased is None or self._erased.receipt(sha256) is None


def _digest(path: Path) -> str:
    """ "" where it went away meanwhile."""
    try:
        return digest_of(path)
    except OSError:
        return ""


def _names(given: Sequence[Given]) -> Sequence[str]:
    return list(dict.fromkeys(one.twin.name for one in given))


# --- with a list --------------------------------------------------------------------------------------------


def _asked(config: Config, folder: Path, trust: Trust) -> Asked:
    return Asked(
        folder,
        datetime.now(UTC),
        attested_by=config.crawl.contact,
        look_for_marks=config.registry.look_for_marks,
        trust=trust,
    )


def _list(
    config: Config,
    store: Store,
    path: Path,
    delivery: Delivery,
    found: Found,
    done: Delivered,
    trust: Trust,
    tell: Tell,
) -> None:
    try:
        made = rolled(store, path, _asked(config, delivery.folder, trust), tell)
    except TwinwatchError as error:
        found.cannot(path, str(error))
        return
    done.add(made.enrolled)
    done.twins += made.twins
    done.warnings += [f"{found.name(path)}: {warning}" for warning in made.warnings]
    _name_left_out(delivery, made.files, found)


def _name_left_out(delivery: Delivery, listed: Collection[Path], found: Found) -> None:
    for file in delivery.files:
        if file != delivery.roster and file not in listed and (why := _left_out(file)):
            found.cannot(file, why)


def _left_out(file: Path) -> str:
    """Beside a list lie contracts and notes as well; a picture or an archive was meant to be registered."""
    if why := why_no_picture(file):
        return why
    try:
        with file.open("rb") as opened:
            known = format_of(opened.read(HEAD_BYTES))
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "the list beside it does not name it" if known in PICTURES else ""


PICTURES = {"jpeg", "png", "gif", "webp", "avif", "heic", "heif", "tiff", "bmp", "jxl", "jp2", "psd"}


# --- without one --------------------------------------------------------------------------------------------


def _given(config: Config, store: Store, found: Found) -> Iterator[Given]:
    """What folders that bear a twin's name hold; what cannot be taken is named in `found`."""
    for path in found.loose:
        if path.suffix.lower() in LIST_SUFFIXES:
            found.cannot(path, f"a list is called {' or '.join(LISTS)}")
        else:
            found.cannot(path, "is in no folder: put it into one that bears its twin's name, or into a list")
    twins = {normalize("NFC", one.name): one for one in store.twins()}
    for delivery in found.deliveries:
        if delivery.roster is not None:
            continue
        twin = twins.get(normalize("NFC", delivery.folder.name))
        if why := _why_not(delivery.folder.name, twin, twins, config.registry.basis):
            found.cannot(delivery.folder, why)
        elif twin is not None:
            yield from _of_twin(config, twin, delivery, found)


def _why_not(name: str, twin: Twin | None, twins: Mapping[str, Twin], basis: str) -> str:
    if twin is None:
        near = next((one for one in twins if alike(one, name)), "")
        meant = f"; is {near!r} meant?" if near else ""
        who = f"no twin is registered as {name!r}{meant or '.'}"
        return f"{who} A list beside the pictures ({LISTS[0]}) says who it is"
    if not basis.strip():
        return "[registry] basis is empty: it must be said on what these are called AI, there or in a list"
    return ""


def _of_twin(config: Config, twin: Twin, delivery: Delivery, found: Found) -> Iterator[Given]:
    for path in delivery.files:
        if path.suffix.lower() in LIST_SUFFIXES:
            found.cannot(path, f"a list is called {' or '.join(LISTS)}")
        elif why := why_no_picture(path):
            found.cannot(path, why)
        else:
            yield Given(
                path,
                twin,
                config.registry.basis.strip(),
                config.crawl.contact,
                look_for_mark=config.registry.look_for_marks,
                source=found.name(path),
            )
