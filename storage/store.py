"""The only door: records in, records out. Every write is one transaction; saving the same thing twice changes nothing.

Opened by URL (`sqlite:///…` in WAL mode, or PostgreSQL). Safe for several processes at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.media import MediaFolder
from storage.records import (
    Account,
    AccountState,
    Answer,
    Capture,
    Consent,
    Examination,
    Failure,
    Finding,
    Fingerprint,
    KeptFile,
    KnownPost,
    Match,
    OriginEvidence,
    PostVersion,
    Reading,
    ReferenceImage,
    Review,
    Saved,
    StoredVersion,
    Twin,
    Validators,
)


@dataclass(frozen=True, slots=True)
class FileToExamine:
    """Bytes for which some stage has not run at today's version. `stages` are those to run."""

    sha256: str
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemToJudge:
    """One media item of a post's current version with everything stored that its verdict rests on."""

    version: StoredVersion
    position: int
    evidence: tuple[OriginEvidence, ...]  # of these bytes, level 0 included
    matches: tuple[Match, ...]
    readings: tuple[Reading, ...]  # of the current version at this position
    history: tuple[tuple[datetime, tuple[Reading, ...]], ...]  # (first seen, readings) per version, oldest first
    too_little: bool
    failure: Failure | None  # why the bytes could not be had or looked at


@dataclass(frozen=True, slots=True)
class RunRecord:
    run: str
    started: datetime
    ended: datetime | None
    summary: Mapping[str, object]


class Store:
    media: MediaFolder

    @classmethod
    def open(cls, database: str, media: Path, *, create: bool) -> "Store":
        """Raises StoreError: kind "no_database" (create is False and there is none), "old_database" (its migration
        is older than this program: `twinwatch db upgrade`), "newer_database", "database" (cannot be reached)."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def lock(self, name: str, *, wait_seconds: float = 0) -> AbstractContextManager[None]:
        """Raises TryAgainLater(kind="locked"). Let go by the system when the process dies, however it dies."""
        raise NotImplementedError

    def rehearsal(self) -> AbstractContextManager["Store"]:
        """The same store in one transaction that is rolled back at the end: to see what a change would do."""
        raise NotImplementedError

    # --- the crawl writes ---------------------------------------------------------------------------------------

    def account_state(self, account: Account) -> AccountState:
        raise NotImplementedError

    def save_account_state(self, account: Account, state: AccountState) -> None:
        """Also records or updates the account itself (retailer, country, tags). The high-water mark moves here, last."""
        raise NotImplementedError

    def validators(self, url: str) -> Validators | None:
        raise NotImplementedError

    def save_validators(self, url: str, validators: Validators) -> None:
        raise NotImplementedError

    def kept_media(self, account: Account, native_ids: Sequence[str]) -> Mapping[str, KeptFile]:
        """Contents of this account that are in media already, by the platform's id of the content."""
        raise NotImplementedError

    def known_posts(self, account: Account, post_ids: Sequence[str]) -> Mapping[str, KnownPost]:
        """The stored ones among these whose current version has all its media and no tombstone: unchanged if the
        revision is the same."""
        raise NotImplementedError

    def posts_to_look_at(self, account: Account, since: datetime, findings_since: datetime) -> Sequence[KnownPost]:
        """Posts without tombstone, posted (or, undated, first seen) since then, or with a finding and since the other."""
        raise NotImplementedError

    def save_post(self, account: Account, post: PostVersion, captures: Sequence[Capture] = ()) -> Saved:
        """A new version only when caption, label, warning or media changed. Media that failed before and came now are
        filled in; media that came before and failed now are not lost. A tombstone is lifted when the post is back."""
        raise NotImplementedError

    def save_capture(self, capture: Capture) -> None:
        raise NotImplementedError

    def mark_gone(self, account: Account, post_id: str, at: datetime, capture: Capture) -> bool:
        """A tombstone, because the platform said so. False when it was there already. What was captured stays."""
        raise NotImplementedError

    def record_problem(self, run: str, failure: Failure, raw_sha256: str = "") -> None:
        """Something that could not be fetched or understood, with the raw body where there is one."""
        raise NotImplementedError

    # --- runs -----------------------------------------------------------------------------------------------------

    def start_run(self, run: str, at: datetime) -> None:
        raise NotImplementedError

    def end_run(self, run: str, at: datetime, summary: Mapping[str, object]) -> None:
        raise NotImplementedError

    def runs(self, limit: int = 20) -> Sequence[RunRecord]:
        """Newest first. A run without an end was killed, or is going on."""
        raise NotImplementedError

    # --- detection reads and writes ---------------------------------------------------------------------------------

    def files_to_examine(self, stages: Mapping[str, str]) -> Iterator[FileToExamine]:
        """Pictures and videos, collected and registered, for which a stage of these (name → version) is not recorded."""
        raise NotImplementedError

    def count_files_to_examine(self, stages: Mapping[str, str]) -> int:
        raise NotImplementedError

    def save_examination(self, examination: Examination) -> None:
        """Replaces what the stages in it had found before; other stages' results stay."""
        raise NotImplementedError

    def bank_entries(self) -> Sequence[tuple[ReferenceImage, tuple[Fingerprint, ...]]]:
        raise NotImplementedError

    def files_to_match(self, stamp: str) -> Iterator[tuple[str, tuple[Fingerprint, ...]]]:
        """Collected files (SHA-256, fingerprints) not yet matched under this stamp of matcher and bank."""
        raise NotImplementedError

    def save_matches(self, sha256: str, stamp: str, matches: Sequence[Match]) -> None:
        """Replaces the earlier matches of these bytes."""
        raise NotImplementedError

    def versions_to_read(self, stamp: str) -> Iterator[StoredVersion]:
        """Post versions whose texts and tags were not read under this stamp of readers and lexicon."""
        raise NotImplementedError

    def save_readings(self, version_id: int, stamp: str, readings: Mapping[int, Sequence[Reading]]) -> None:
        """By position of the media item."""
        raise NotImplementedError

    def items_to_judge(self, stamp: str) -> Iterator[ItemToJudge]:
        """Media items of current versions not judged under this stamp since anything they rest on changed."""
        raise NotImplementedError

    def all_items(self) -> Iterator[ItemToJudge]:
        raise NotImplementedError

    def save_answer(self, item: ItemToJudge, stamp: str, answer: Answer, at: datetime) -> tuple[int, Saved]:
        """Finding id (0 where level < 2 and there never was a finding) and whether it is new, changed or known.
        Answers are appended, never altered; an answer that only repeats the last is not written."""
        raise NotImplementedError

    # --- findings ---------------------------------------------------------------------------------------------------

    def findings(self) -> Iterator[Finding]:
        """The current answer of each, newest finding first."""
        raise NotImplementedError

    def finding(self, finding_id: int) -> Finding | None:
        raise NotImplementedError

    def answers(self, finding_id: int) -> Sequence[tuple[datetime, Answer]]:
        raise NotImplementedError

    def finding_versions(self, finding_id: int) -> Sequence[StoredVersion]:
        """All versions of the finding's post, oldest first."""
        raise NotImplementedError

    def captures(self, post: PostVersion) -> Sequence[Capture]:
        """The retrievals behind a version: its raw response and its media."""
        raise NotImplementedError

    def add_review(self, review: Review) -> None:
        """Raises StoreError(kind="no_finding"), or kind "nothing_to_undo"."""
        raise NotImplementedError

    def reviews(self, finding_id: int) -> Sequence[Review]:
        raise NotImplementedError

    # --- the registry -------------------------------------------------------------------------------------------------

    def add_twin(self, twin: Twin, references: Sequence[ReferenceImage]) -> Sequence[ReferenceImage]:
        """The references that were new. Raises RegistryError when the name stands for another kind of twin."""
        raise NotImplementedError

    def twins(self) -> Sequence[Twin]:
        raise NotImplementedError

    def references(self, twin: str | None = None) -> Sequence[ReferenceImage]:
        raise NotImplementedError

    def add_consent(self, consent: Consent) -> int:
        raise NotImplementedError

    def consents(self) -> Sequence[Consent]:
        raise NotImplementedError

    def registry_stamp(self) -> str:
        """Changes whenever a twin, a reference, a licence or an account's retailer or country does."""
        raise NotImplementedError

    def counts(self) -> Mapping[str, int]:
        """Accounts, posts, versions, media, twins, references, findings: for doctor."""
        raise NotImplementedError


def upgrade(database: str) -> tuple[str, str]:
    """Bring a database to this program's migration: (revision before, revision after)."""
    raise NotImplementedError
