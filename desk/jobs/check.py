"""A one-off check of files or addresses, without a store: what was not given could not be looked at."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from crawler.fetch import fetch
from desk.additions import lexicon_of, rulebook_of
from desk.config import Config
from desk.countries import CODES
from desk.jobs.looking import kit_of, looks_of
from desk.jobs.matching import Matched, Registered
from desk.jobs.trust import trust_in
from desk.output import path_text
from detector.answer import answer
from detector.case import Case, Registry
from detector.processes.lookers import Lookers
from detector.reading import read_post
from detector.rulebook import Rulebook
from detector.wording.lexicon import Lexicon
from storage.errors import ConfigError, TwinwatchError
from storage.records import (
    Account,
    Answer,
    Examination,
    Failure,
    MediaItem,
    MediaKind,
    PlatformTag,
    PostVersion,
    Reading,
    ReadingState,
    Surface,
)
from storage.store import Store

NOT_GIVEN = "not given"
TEXT_ALONE = "Only the text was read: of a picture, which was not given, nothing is said."
PICTURE_LIMIT = 32 * 1024 * 1024  # bytes (issue 2, point 4)
FETCH_SECONDS = 120.0
TOGETHER = 16  # files: a line of output comes soon, and no worker waits for long


@dataclass(frozen=True, slots=True)
class Given:
    """What the user knows about the post. None: not given."""

    caption: str | None = None
    alt: str | None = None
    retailer: str = ""
    platform: str = ""
    country: str | None = None
    posted_at: datetime | None = None

    @property
    def words(self) -> bool:
        """Whether there is a text to read without a picture."""
        return any(text is not None and text.strip() for text in (self.caption, self.alt))


def country_of(text: str, where: str) -> str | None:
    """Raises ConfigError, kind "usage"."""
    code = text.strip().upper()
    if code and code not in CODES:
        message = f"{where} {text!r}: expected a country code of two letters (ISO 3166-1)"
        raise ConfigError(message, kind="usage", where=where)
    return code or None


def moment_of(text: str | None, where: str) -> datetime | None:
    """A time or a day; without an offset it is UTC. Raises ConfigError, kind "usage"."""
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ConfigError(
            f"{where} {text!r}: expected a time such as 2026-11-01T09:30:00Z", kind="usage", where=where
        ) from None


@dataclass(frozen=True, slots=True)
class Judging:
    """What every file is judged by."""

    given: Given
    registry: Registry
    lexicon: Lexicon
    rulebook: Rulebook
    lookers: Lookers


@dataclass(frozen=True, slots=True)
class Checked:
    """One file or address: the answer, or the reason why there is none. `why_no_match` is empty where
    something matches. Of a text alone (`path` is "") there are readings, and no answer."""

    path: str
    examination: Examination | None
    answer: Answer | None
    failure: Failure | None
    why_no_match: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()


def check(targets: Sequence[str], given: Given, config: Config, store: Store | None) -> Iterator[Checked]:
    """In the order of the input. Addresses are fetched into a folder that is gone afterwards."""
    words, rules = lexicon_of(config), rulebook_of(config)
    with (
        Registered(store, trust_in(config.trust)) as registered,
        Lookers(kit_of(store, words)) as lookers,
        tempfile.TemporaryDirectory(prefix="twinwatch-") as folder,
    ):
        judging = Judging(given, registered.registry, words, rules, lookers)
        for batch in _batches(targets):
            if is_address(batch[0]):
                yield _check_url(batch[0], Path(folder), judging, config, registered)
            else:
                yield from _check_paths([Path(path) for path in batch], judging, registered)


def check_text(given: Given, config: Config) -> Checked:
    """What the words tell by themselves. Neither a verdict nor evidence: both are about a picture."""
    read = read_post(_post(given), lexicon_of(config))[0]
    unseen = (Surface.IMAGE_TEXT, Surface.IMAGE_MARK)
    readings = (_not_given(one.surface) if one.surface in unseen else _known(one, given) for one in read)
    return Checked("", None, None, None, readings=tuple(readings))


def _check_paths(paths: Sequence[Path], judging: Judging, registered: Registered) -> Iterator[Checked]:
    """Some at a time: as many are looked at together as there are workers."""
    waiting = registered.match(paths)
    while some := list(islice(waiting, TOGETHER)):
        looks = looks_of(some, judging.lookers)
        for matched in some:
            yield _checked(path_text(matched.path), matched, looks, judging)


def _batches(targets: Sequence[str]) -> Iterator[list[str]]:
    """Neighbouring paths together, so that workers are started once; each address alone."""
    paths: list[str] = []
    for target in targets:
        if not is_address(target):
            paths.append(target)
            continue
        if paths:
            yield paths
            paths = []
        yield [target]
    if paths:
        yield paths


def is_address(target: str) -> bool:
    """Rather than a path."""
    try:
        return urlsplit(target).scheme in ("http", "https")
    except ValueError:
        return False


def _check_url(url: str, folder: Path, judging: Judging, config: Config, registered: Registered) -> Checked:
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        path = Path(file.name)
    try:
        fetched(url, path, config)
    except TwinwatchError as error:
        return Checked(url, None, None, replace(error.failure(), where=url))
    matched = next(iter(registered.match([path])))
    checked = _checked(url, matched, looks_of([matched], judging.lookers), judging)
    path.unlink(missing_ok=True)
    return checked


def fetched(url: str, to: Path, config: Config, seconds: float = FETCH_SECONDS) -> None:
    """Through the crawler's guard, like everything from outside. Raises CrawlError."""
    fetch(
        url,
        to,
        allow_hosts=config.crawl.allow_hosts,
        contact=config.crawl.contact,
        limit_bytes=PICTURE_LIMIT,
        seconds=seconds,
    )


def _checked(
    path: str, matched: Matched, looks: Mapping[Path, Sequence[Reading]], judging: Judging
) -> Checked:
    failure = replace(matched.failure, where=path) if matched.failure else None
    if matched.examination is None:
        return Checked(path, None, None, failure)
    why = () if matched.conclusion.matches else matched.conclusion.reasons
    return Checked(
        path,
        matched.examination,
        _answer(matched, matched.examination, failure, looks.get(matched.path, ()), judging),
        failure,
        why,
    )


def _answer(
    matched: Matched,
    examination: Examination,
    failure: Failure | None,
    looks: Sequence[Reading],
    judging: Judging,
) -> Answer:
    given = judging.given
    post = _post(given, examination.sha256, examination.format)
    seen = {reading.surface: reading for reading in looks}
    read = read_post(post, judging.lexicon)[0]
    readings = tuple(_known(seen.get(reading.surface, reading), given) for reading in read)
    return answer(
        Case(
            account=Account(
                platform=given.platform, handle="", retailer=given.retailer, country=given.country or None
            ),
            post=post,
            position=0,
            evidence=examination.evidence,
            matches=matched.conclusion.matches,
            readings=readings,
            too_little=examination.too_little,
            failure=failure,
            registry=judging.registry,
            rulebook=judging.rulebook,
            lexicon=judging.lexicon,
            stages=dict(examination.stages),
            no_match=matched.conclusion.reasons,
        )
    )


def _post(given: Given, sha256: str = "", format_name: str = "") -> PostVersion:
    item = MediaItem(
        position=0,
        kind=MediaKind.PICTURE,
        url="",
        alt=given.alt,
        sha256=sha256,
        format=format_name,
    )
    return PostVersion(
        platform=given.platform,
        handle="",
        post_id="",
        url="",
        posted_at=given.posted_at,
        text=given.caption or "",
        platform_tag=PlatformTag(ReadingState.UNREADABLE, reason=NOT_GIVEN),
        media=(item,),
    )


def _known(reading: Reading, given: Given) -> Reading:
    """Nothing that was not given may read as absent."""
    missing = {Surface.PLATFORM_TAG, Surface.CONTENT_WARNING}
    if given.caption is None:
        missing |= {Surface.CAPTION, Surface.HASHTAGS}
    if given.alt is None:
        missing.add(Surface.ALT_TEXT)
    if reading.surface not in missing:
        return reading
    return _not_given(reading.surface)


def _not_given(surface: Surface) -> Reading:
    return Reading(surface, ReadingState.UNREADABLE, reason=NOT_GIVEN)
