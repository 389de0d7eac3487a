"""The only door: records in, records out. Every write is one transaction; saving the same thing twice changes
nothing.

Opened by URL (`sqlite:///…` in WAL mode, or PostgreSQL). Safe for several processes at once.
The work itself is done in `storage/shelves/`, one file a theme; here are its names, its transactions and its
batches. What belongs to matching has doors of its own behind this one (`storage/doors/`): `store.pairs`,
`store.bank`, `store.matches`, `store.copies`; licences are behind `store.terms`, where twins are shown behind
`store.uses`; the desk has `store.inbox`, `.figures`, `.people`, `.audit`, `.checks`, `.notices`, `.feeds`;
what stands on pictures is behind `store.looks`, marks to be looked for behind `store.marks`, whose accounts
are is behind `store.accounts`, taking an import back behind `store.imports`, references by their fingerprints
alone behind `store.packs`; what is contested, held, handed out, erased and purged behind `store.contests`,
`.holds`, `.exports`, `.erasures` and `.retention`; registering many pictures at once behind `store.roster`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import Engine

from storage import lock as locks
from storage.crawled import AccountState, Capture, Collected, KeptFile, KnownPost, Validators
from storage.database import Database, make_engine, parse, sqlite_file
from storage.doors.accounts import Accounts
from storage.doors.again import Again
from storage.doors.bank import BankDoor
from storage.doors.checks import Checks
from storage.doors.contests import Contests
from storage.doors.copies import Copies
from storage.doors.erasures import Erasures
from storage.doors.exports import Exports
from storage.doors.figures import Figures
from storage.doors.holds import Holds
from storage.doors.imports import Imports
from storage.doors.inbox import Inbox
from storage.doors.leaving import Feeds, Notices
from storage.doors.looks import Looks
from storage.doors.marks import Marks
from storage.doors.matches import Matches
from storage.doors.packs import Packs
from storage.doors.pairs import Pairs
from storage.doors.people import Audit, People
from storage.doors.retention import Retention
from storage.doors.roster import Roster
from storage.doors.terms import Terms
from storage.doors.uses import Uses
from storage.errors import StoreError
from storage.media import MediaFolder
from storage.records import (
    Account,
    Answer,
    Examination,
    Failure,
    Finding,
    FindingStatus,
    Fingerprint,
    Match,
    PairReview,
    PostVersion,
    Reading,
    ReferenceImage,
    Review,
    Saved,
    StoredVersion,
    Twin,
)
from storage.remembered import Remembered
from storage.schema import check, make_folder, upgrade, upgrade_engine
from storage.shelves import (
    accounts,
    captures,
    collected,
    counts,
    deciding,
    examinations,
    findings,
    judging,
    known,
    matching,
    pages,
    posts,
    readings,
    registry,
    reviews,
    runs,
    stamps,
    standing,
)
from storage.shelves.batches import steps
from storage.shelves.copies import Showing
from storage.shelves.examinations import FileToExamine
from storage.shelves.judging import ItemToJudge
from storage.shelves.looks import FileToLook
from storage.shelves.packs import Outdated, PackedPicture
from storage.shelves.pairs import WaitingPair
from storage.shelves.readings import save as _save_readings
from storage.shelves.runs import RunRecord
from storage.shelves.undoing import Stays

__all__ = [
    "FileToExamine",
    "FileToLook",
    "ItemToJudge",
    "Outdated",
    "PackedPicture",
    "RunRecord",
    "Showing",
    "Stays",
    "Store",
    "WaitingPair",
    "upgrade",
]


class Store:
    media: MediaFolder

    def __init__(self, database: Database, media: MediaFolder) -> None:
        self._database = database
        self.media = media
        self.pairs = Pairs(database)
        self.bank = BankDoor(database)
        self.matches = Matches(database)
        self.copies = Copies(database)
        self.looks = Looks(database)
        self.marks = Marks(database)
        self.accounts = Accounts(database)
        self.terms = Terms(database)
        self.uses = Uses(database)
        self.roster = Roster(database)
        self.remembered = Remembered(database)
        self.inbox = Inbox(database, self.remembered)
        self.figures = Figures(database)
        self.notices, self.feeds = Notices(database), Feeds(database)
        self.people = People(database, self.remembered)
        self.audit, self.checks = Audit(database), Checks(database)
        self.imports, self.packs, self.again = Imports(database), Packs(database), Again(database)
        self.exports = Exports(database)
        self.holds, self.erasures = Holds(database), Erasures(database)
        self.contests, self.retention = Contests(database), Retention(database)

    @classmethod
    def open(cls, database: str, media: Path, *, create: bool) -> "Store":
        """Raises StoreError: kind "no_database" (create is False and there is none), "old_database" (its
        migration is older than this program: `twinwatch db upgrade`), "newer_database", "database" (cannot be
        reached)."""
        engine = make_engine(parse(database))
        try:
            _make_sure(engine, create=create)
        except BaseException:
            engine.dispose()
            raise
        return cls(Database(engine), MediaFolder(media))

    def close(self) -> None:
        self._database.close()

    def lock(self, name: str, *, wait_seconds: float = 0) -> AbstractContextManager[None]:
        """Raises TryAgainLater(kind="locked"). Let go by the system when the process dies, however it
        dies."""
        return locks.lock(self._database.engine, name, wait_seconds=wait_seconds)

    def one_state(self) -> AbstractContextManager[None]:
        """What this thread reads within is of one moment: a page of many questions is one transaction."""
        return self._database.one_state()

    @contextmanager
    def rehearsal(self) -> Iterator["Store"]:
        """The same store in one transaction that is rolled back at the end: to see what a change would do.

        On SQLite no other process can write meanwhile. Media are not part of it: bytes that are kept stay
        kept.
        """
        with self._database.rehearsal() as database:
            yield Store(database, self.media)

    @property
    def rehearsed(self) -> bool:
        """All that is written will be rolled back: nothing outside the store may be built on it."""
        return self._database.rehearsed

    # --- the crawl writes -----------------------------------------------------------------------------------

    def account_state(self, account: Account) -> AccountState:
        return self._database.read(accounts.state, account)

    def save_account_state(self, account: Account, state: AccountState) -> None:
        """Also records or updates the account itself (retailer, country, tags). The high-water mark moves
        here, last."""
        self._database.write(accounts.save_state, account, state)

    def collected(self, now: datetime, weeks: int) -> Sequence[Collected]:
        """How much is stored of each account, and of each of so many weeks before now."""
        return self._database.read(collected.collected, now, weeks)

    def kept_media(self, account: Account, native_ids: Sequence[str]) -> Mapping[str, KeptFile]:
        """Contents of this account that are in media already, by the platform's id of the content."""
        return self._database.read(known.kept_media, account, native_ids)

    def known_posts(self, account: Account, post_ids: Sequence[str]) -> Mapping[str, KnownPost]:
        """The stored ones among these whose current version has all its media and no tombstone: unchanged if
        the revision is the same."""
        return self._database.read(known.known_posts, account, post_ids)

    def current_posts(self, account: Account, post_ids: Sequence[str]) -> Mapping[str, PostVersion]:
        """The current versions of the stored ones among these that have no tombstone, whatever their media
        lack. `revision` is the one seen last."""
        return self._database.read(standing.current, account, post_ids)

    def current_posts_of(
        self, asked: Mapping[Account, Sequence[str]]
    ) -> Mapping[tuple[Account, str], PostVersion]:
        """`current_posts` of several accounts."""
        return self._database.read(standing.current_all, asked)

    def posts_to_look_at(
        self,
        account: Account,
        since: datetime,
        findings_since: datetime,
        order_of: Callable[[KnownPost], datetime | None] = lambda _: None,
    ) -> Sequence[KnownPost]:
        """Posts without tombstone, posted (or, undated, first seen) since then; and, since the other time,
        those with a finding, or whose finding was first made then: a twin may be registered long after its
        post.

        `order_of`: the time by which the platform itself sorts the post, where that can be told; the later of
        the two counts, because posted_at is what the publisher says.
        """
        return self._database.read(known.posts_to_look_at, account, since, findings_since, order_of)

    def incomplete_posts(
        self, account: Account, seen_since: datetime, final: Collection[str] = ()
    ) -> Sequence[KnownPost]:
        """Posts without tombstone, first seen since then, that lack the bytes of a picture or video: for
        another reason than the kinds of failure that are `final`."""
        return self._database.read(known.incomplete_posts, account, seen_since, final)

    def save_post(self, account: Account, post: PostVersion, captures: Sequence[Capture] = ()) -> Saved:
        """A new version only when caption, label, warning or media changed. Media that failed before and came
        now are filled in; media that came before and failed now are not lost. A tombstone is lifted when the
        post is back.

        A post seen before the current version (an import of older captures) is compared with its neighbours
        in time and never becomes the current one. Raises StoreError(kind="duplicate_position").
        """
        return self._database.write(posts.save, account, post, captures)

    def save_posts(
        self,
        account: Account,
        page: Sequence[tuple[PostVersion, Sequence[Capture]]],
        validators: Mapping[str, Validators] = MappingProxyType({}),
    ) -> Sequence[Saved]:
        """`save_post` for many, each with its captures, in one transaction: all of them or, where it raises
        for one, none. With them what their media can be asked about later, by URL."""
        return self._database.write(pages.save_heard, account, page, validators)

    def save_pages(
        self, many: Sequence[tuple[Account, Sequence[tuple[PostVersion, Sequence[Capture]]]]]
    ) -> Sequence[Sequence[Saved]]:
        """`save_posts` for several accounts in one transaction: all of them or none."""
        return self._database.write(pages.save_all, many)

    def save_capture(self, capture: Capture) -> None:
        self._database.write(captures.save, (capture,))

    def mark_gone(self, account: Account, post_id: str, at: datetime, capture: Capture) -> bool:
        """A tombstone, because the platform said so. False when it was there already. What was captured
        stays."""
        return self._database.write(posts.mark_gone, account, post_id, at, capture)

    def record_problem(self, run: str, failure: Failure, raw_sha256: str = "") -> None:
        """Something that could not be fetched or understood, with the raw body where there is one."""
        self._database.write(runs.record_problem, run, failure, raw_sha256)

    # --- runs -----------------------------------------------------------------------------------------------

    def start_run(self, run: str, at: datetime) -> None:
        self._database.write(runs.start, run, at)

    def end_run(self, run: str, at: datetime, summary: Mapping[str, object]) -> None:
        self._database.write(runs.end, run, at, summary)

    def runs(self, limit: int = 20, before: tuple[datetime, str] | None = None) -> Sequence[RunRecord]:
        """Newest first, behind (began, run). A run without an end was killed, or is going on."""
        return self._database.read(runs.latest, limit, before)

    def problems(self, run: str) -> Sequence[tuple[Failure, str]]:
        """What was recorded in a run, oldest first, each with the SHA-256 of its raw body or ""."""
        return self._database.read(runs.problems, run)

    # --- detection reads and writes -------------------------------------------------------------------------

    def files_to_examine(
        self, stages: Mapping[str, str], reference_stages: Mapping[str, str] | None = None
    ) -> Iterator[FileToExamine]:
        """Pictures and videos for which a stage of these (name → version) is not recorded: registered ones
        (references and negatives that are not withdrawn) for which one of `reference_stages` is not, then the
        other ones."""
        for registered, wanted in _by_enrolment(stages, reference_stages):
            yield from self._to_examine(wanted, registered=registered)

    def _to_examine(self, stages: Mapping[str, str], *, registered: bool) -> Iterator[FileToExamine]:
        found = steps(
            lambda place: self._database.read(examinations.to_examine, stages, place, registered=registered)
        )
        return (file for file in found if file.stages)

    def count_files_to_examine(
        self, stages: Mapping[str, str], reference_stages: Mapping[str, str] | None = None
    ) -> int:
        return sum(
            self._database.read(examinations.count_to_examine, wanted, registered=registered)
            for registered, wanted in _by_enrolment(stages, reference_stages)
        )

    def save_examination(self, examination: Examination) -> None:
        """Replaces what the stages in it had found before; other stages' results stay. Raises
        StoreError("no_file")."""
        self._database.write(examinations.save, examination)

    def fingerprints(self, files: Sequence[str]) -> Mapping[str, tuple[Fingerprint, ...]]:
        """By SHA-256, in the order of saving; files without any are left out."""
        return self._database.read(examinations.fingerprints_of, files)

    def stored_fingerprints(self, after: int = 0) -> Iterator[tuple[int, str, tuple[Fingerprint, ...]]]:
        """Collected files in the order in which they were last fingerprinted, behind a number: what to append
        to a copy kept elsewhere. One that is fingerprinted anew comes again under a higher number, with ()
        where it has none any more. A rehearsal gives its numbers back: build nothing on them."""
        while batch := self._database.read(matching.fingerprinted, after):
            yield from batch
            after = batch[-1][0]

    def files_beginning(self, prefix: str, limit: int = 10) -> Sequence[str]:
        """SHA-256 of collected or registered files that begin so, in their order."""
        return self._database.read(matching.beginning, prefix, limit)

    def bank_entries(self) -> Sequence[tuple[ReferenceImage, tuple[Fingerprint, ...]]]:
        """References that are not withdrawn, those of a withdrawn twin among them."""
        return self._database.read(registry.bank_entries)

    def files_to_match(self, stamp: str) -> Iterator[tuple[str, tuple[Fingerprint, ...]]]:
        """Collected files (SHA-256, fingerprints) not yet matched under this stamp of matcher and bank."""
        key = self._database.write(stamps.key_of, stamp)
        yield from steps(lambda place: self._database.read(matching.to_match, key, place))

    def save_matches(self, sha256: str, stamp: str, matches: Sequence[Match]) -> None:
        """Replaces the earlier matches of these bytes with registered pictures. Links to earlier pictures
        (matches without a twin) are replaced if there are any among these. Raises StoreError("no_file")."""
        self._database.write(matching.save, sha256, stamp, matches)

    def versions_to_read(self, stamp: str) -> Iterator[StoredVersion]:
        """Post versions whose texts and tags were not read under this stamp of readers and lexicon."""
        return steps(lambda place: self._database.read(readings.to_read, stamp, place))

    def save_readings(
        self,
        version_id: int,
        stamp: str,
        readings: Mapping[int, Sequence[Reading]],
        *,
        keep: bool = False,
    ) -> None:
        """By position of the media item. `keep`: what was read before stays. Raises
        StoreError(kind="no_version")."""
        self._database.write(_save_readings, version_id, stamp, readings, keep=keep)

    def items_to_judge(self, stamp: str) -> Iterator[ItemToJudge]:
        """Media items of current versions not judged under this stamp since anything they rest on changed."""
        return steps(lambda place: self._database.read(judging.to_judge, stamp, place))

    def all_items(self) -> Iterator[ItemToJudge]:
        after = 0
        while batch := self._database.read(judging.every, after):
            yield from (item for _, item in batch)
            after = batch[-1][0]

    def save_answer(self, item: ItemToJudge, stamp: str, answer: Answer, at: datetime) -> tuple[int, Saved]:
        """Finding id (0 where level < 2 and there never was a finding) and whether it is new, changed or
        known. Answers are appended, never altered; an answer that only repeats the last is not written."""
        return self._database.write(findings.save_answer, item, stamp, answer, at)

    # --- findings -------------------------------------------------------------------------------------------

    def findings(self, *, noted: bool = False) -> Iterator[Finding]:
        """The current answer of each, newest finding first. `noted`: also media items that never said AI and
        have a row all the same, since a real person's picture was changed in them."""
        before: int | None = None
        while batch := self._database.read(findings.load, before, noted=noted):
            yield from batch
            before = batch[-1].id

    def finding(self, finding_id: int) -> Finding | None:
        if not 0 < finding_id < 2**63:  # no number that a database holds
            return None
        found = self._database.read(findings.load, only=finding_id)
        return found[0] if found else None

    def answers(self, finding_id: int) -> Sequence[tuple[datetime, Answer]]:
        return self._database.read(findings.answers, finding_id)

    def answer_before(self, finding_id: int, at: datetime | None = None) -> Answer | None:
        """The last one of this time or earlier; without a time, the one before the current one."""
        return self._database.read(findings.answer_before, finding_id, at)

    def finding_versions(self, finding_id: int) -> Sequence[StoredVersion]:
        """All versions of the finding's post, oldest first."""
        return self._database.read(findings.versions_of, finding_id)

    def captures(self, post: PostVersion) -> Sequence[Capture]:
        """The retrievals behind a version: its raw response and its media."""
        return self._database.read(captures.behind, post)

    def add_review(
        self, review: Review, seen: FindingStatus | None = None, lessons: Sequence[PairReview] = ()
    ) -> Sequence[PairReview]:
        """With what it teaches of pairs, where both pictures are known: those. All of it or nothing. Raises
        StoreError: "no_finding", "nothing_to_undo"; "decided_since" where people's decisions no longer make
        the status that was `seen`."""
        return self._database.write(deciding.add_review, review, seen, lessons)

    def reviews(self, finding_id: int) -> Sequence[Review]:
        return self._database.read(reviews.of_finding, finding_id)

    # --- the registry ---------------------------------------------------------------------------------------

    def add_twin(self, twin: Twin, references: Sequence[ReferenceImage]) -> Sequence[ReferenceImage]:
        """The references that were new. Raises RegistryError when the name stands for another kind of
        twin."""
        return self._database.write(registry.add_twin, twin, references)

    def twins(self) -> Sequence[Twin]:
        return self._database.read(registry.twins)

    def references(self, twin: str | None = None) -> Sequence[ReferenceImage]:
        return self._database.read(registry.references, twin)

    def registry_stamp(self) -> str:
        """Changes whenever a twin, a reference, a quarantine, a licence or an account's retailer or country
        does."""
        return self._database.read(registry.stamp)

    def counts(self) -> Mapping[str, int]:
        """Accounts, posts, versions, media, twins, references, negatives, findings …: for doctor."""
        return self._database.read(counts.counts)


def _by_enrolment(
    stages: Mapping[str, str], reference_stages: Mapping[str, str] | None
) -> Sequence[tuple[bool, Mapping[str, str]]]:
    return (True, stages if reference_stages is None else reference_stages), (False, stages)


def _make_sure(engine: Engine, *, create: bool) -> None:
    """A database of this program's revision behind the engine, made first where that was asked."""
    path = sqlite_file(engine.url)
    if create:
        make_folder(engine)
    elif path is not None and not path.exists():
        message = "there is no database yet: the first command that writes makes one"
        raise StoreError(message, kind="no_database", where=str(path))
    try:
        check(engine)
    except StoreError as error:
        if not create or error.kind != "no_database":
            raise
        upgrade_engine(engine)
