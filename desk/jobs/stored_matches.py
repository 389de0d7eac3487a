"""Bringing the stored matches up to date: new files are matched with everything registered, and when
references came or went, what was collected before is looked through for the difference alone.

Safe to kill at any moment: a file carries the new stamp of matcher and bank only together with its matches,
and whatever still carries an old one is met again by the next pass.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path

from desk.contract import Json
from desk.jobs.archived import archive_of
from desk.jobs.matching import BATCH, FileToMatch, Matcher, as_reference, comparable, kept_in
from detector.matching.candidate import Conclusion
from detector.matching.changes.altered import VERSION as ALTERED_VERSION
from detector.matching.collected.retro import retro
from detector.matching.search.bank import Bank, Entry, NegativeEntry
from detector.processes.workers import Workers
from storage.handed import Handed
from storage.records import Failure, Fingerprint, Match, Negative, PairDecision, ReferenceImage
from storage.store import Store

MATCHER = "matcher"  # the member of a bank's list that stands for the matcher itself
CHANGES = "changes"  # for what finds out what was done to a registered picture
MARK = "mark"
# The stamp of files whose comparison a limit ended: no bank bears it, so the next pass compares them once
# more. What is stopped twice waits for another bank or matcher, like a file whose examination was stopped.
ONCE_MORE = "stopped once"


@dataclass(slots=True)
class Retro:
    """What looking through everything collected before came to."""

    came: int = 0  # registered pictures and negatives that are new since
    went: int = 0  # withdrawn since
    pictures: int = 0  # looked through, by their stored fingerprints
    opened: int = 0  # of these, pictures whose bytes were opened
    found: int = 0  # matches that there were not before
    dropped: int = 0  # pictures that lost the match with a withdrawn one

    def json(self) -> Json:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Difference:
    """Between the bank that files were matched with and today's. `searched` are the pictures to look for;
    `changed` those of them that were there before, by SHA-256; `gone` what is there no more: (twin,
    SHA-256)."""

    searched: tuple[Entry, ...]
    changed: tuple[str, ...]
    gone: tuple[tuple[str, str], ...]
    came: int


@dataclass(slots=True)
class StoredMatches:
    """One pass over the store. `tell` hears (stage, done, total). `cache`: where the archive lies; None:
    there is none, and the store's fingerprints are looked through one by one."""

    store: Store
    workers: Workers
    tell: Callable[[str, int, int | None], None]
    cache: Path | None = None
    retro: Retro = field(default_factory=Retro)
    failures: tuple[Failure, ...] = ()  # pictures that could not be compared
    entries: tuple[Entry, ...] = field(init=False)
    bank: Bank = field(init=False)
    members: Mapping[str, str] = field(init=False)
    outdated: frozenset[str] = frozenset()  # references of which not every fingerprint can be compared now
    stopped: frozenset[str] = frozenset()  # pictures whose comparison was stopped in the pass before
    _now: set[str] = field(default_factory=set)  # and in this one

    def bring_up_to_date(self) -> None:
        self.entries = tuple(self.store.packs.entries(comparable()))
        self.outdated = self.store.packs.outdated_pictures(comparable())
        negatives = tuple(self.store.bank.negative_entries())
        self.bank = Bank(self.entries, negatives)
        self.members = members_of(self.entries, negatives)
        self.store.bank.remember(self.bank.stamp, self.members)
        self.stopped = frozenset(sha256 for sha256, _ in self.store.matches.stamped(ONCE_MORE))
        matcher = Matcher(self.bank, kept_in(self.store), self.workers)
        for stamp, files in self.store.matches.stamps().items():
            was = self.store.bank.members(stamp) if stamp != self.bank.stamp else None
            difference = self._difference(was, self.members) if was else None
            if difference is not None:
                self._look_back(matcher, stamp, files, difference)
        self._everything(matcher)
        self.failures = tuple(matcher.failures)

    # --- what came or went ----------------------------------------------------------------------------------

    def _difference(self, was: Mapping[str, str], now: Mapping[str, str]) -> Difference | None:
        """None where the matcher itself is another one: then everything is matched anew."""
        if was.get(MATCHER) != now[MATCHER]:
            return None
        other = {member for member in was.keys() | now.keys() if was.get(member) != now.get(member)}
        marks = {member for member in other if member.startswith((f"{MARK} ", CHANGES))}
        other -= marks
        gone = [_named(member) for member in sorted(other - now.keys())]
        marked = {_named(member)[2] for member in marks - {CHANGES}}
        if CHANGES in marks:  # what matches stays what it is: only what was done to it is asked again
            marked |= {reference.sha256 for reference, _ in self.entries}
        return Difference(
            searched=tuple(self._entries(other)),
            changed=tuple(sorted({_named(one)[2] for one in other & was.keys() & now.keys()} | marked)),
            gone=tuple((twin, sha256) for room, twin, sha256 in gone if room == "reference"),
            came=len(other - was.keys()),
        )

    def _entries(self, members: set[str]) -> Iterator[Entry]:
        """Registered pictures as they are; a negative, come or gone, as a picture to look for: whatever shows
        it is matched anew."""
        for reference, fingerprints in self.entries:
            if _reference_member(reference) in members:
                yield reference, fingerprints
        for negative in self.store.bank.negatives():
            if _negative_member(negative) in members:
                prints = self.store.fingerprints([negative.sha256])
                yield as_reference(negative), prints.get(negative.sha256, ())

    # --- looking back ---------------------------------------------------------------------------------------

    def _look_back(self, matcher: Matcher, stamp: str, files: int, difference: Difference) -> None:
        """What may show one of the pictures sought is matched anew, whole; all else keeps its matches."""
        self.retro.came = max(self.retro.came, difference.came)
        self.retro.went = max(self.retro.went, len(difference.gone))
        for twin, sha256 in difference.gone:
            self.retro.dropped += self.store.matches.drop([sha256], twin)
        touched = {
            picture for sha256 in difference.changed for picture in self.store.matches.pictures(sha256)
        }
        opened = matcher.opened
        self.retro.pictures += files
        suspects = self._archived if self.cache else self._one_by_one
        for file, conclusion in matcher.match(suspects(stamp, files, difference, touched)):
            known = {(match.twin, match.reference) for match in self.store.matches.of(file.sha256)}
            found = self._save(file, conclusion)
            self.retro.found += sum((one.twin, one.reference) not in known for one in found)
        self.retro.opened += matcher.opened - opened
        self.store.matches.restamp(stamp, self.bank.stamp)

    def _archived(
        self, stamp: str, files: int, difference: Difference, touched: set[str]
    ) -> Iterator[FileToMatch]:
        """By one scan of the archive, whatever stamp a file carries."""
        suspects, cache = set(touched), self.cache
        if difference.searched and cache:
            archive = archive_of(self.store, cache, lambda done: self.tell("archive", done, None))
            suspects |= {sha256 for sha256, _ in retro(archive, difference.searched)}
        ordered = sorted(suspects)
        for start in range(0, len(ordered), BATCH):
            some = ordered[start : start + BATCH]
            fingerprints = self.store.fingerprints(some)
            yield from (self._file(sha256, fingerprints.get(sha256, ())) for sha256 in some)
            self.tell("retro", min(start + BATCH, len(ordered)), len(ordered))

    def _one_by_one(
        self, stamp: str, files: int, difference: Difference, touched: set[str]
    ) -> Iterator[FileToMatch]:
        sought = Bank(difference.searched)
        if not difference.searched and not touched:
            return
        for done, (sha256, fingerprints) in enumerate(self.store.matches.stamped(stamp), start=1):
            self.tell("retro", done, files)
            if sha256 in touched or sought.candidates(fingerprints, sha256):
                yield self._file(sha256, fingerprints)

    # --- new files ------------------------------------------------------------------------------------------

    def _everything(self, matcher: Matcher) -> None:
        stamps = self.store.matches.stamps()
        total = sum(count for stamp, count in stamps.items() if stamp != self.bank.stamp)
        files = (
            self._file(sha256, fingerprints)
            for sha256, fingerprints in self.store.files_to_match(self.bank.stamp)
            if sha256 not in self._now
        )
        for done, (file, conclusion) in enumerate(matcher.match(files), start=1):
            self._save(file, conclusion)
            self.tell("match", done, total)

    def _file(self, sha256: str, fingerprints: tuple[Fingerprint, ...]) -> FileToMatch:
        path = self.store.media.path(sha256) if self.store.media.has(sha256) else None
        return FileToMatch(sha256, fingerprints, path)

    def _save(self, file: FileToMatch, conclusion: Conclusion) -> Sequence[Match]:
        before = self.store.matches.of(file.sha256)
        unseen = file.path is None or conclusion.stopped
        matches = _with_known(conclusion.matches, before, self.members, unseen=unseen, outdated=self.outdated)
        again = conclusion.stopped and file.sha256 not in self.stopped
        if again:
            self._now.add(file.sha256)
        self.store.save_matches(file.sha256, ONCE_MORE if again else self.bank.stamp, matches)
        return matches


def _with_known(
    matches: Sequence[Match],
    before: Sequence[Match],
    members: Mapping[str, str],
    *,
    unseen: bool,
    outdated: Collection[str] = (),
) -> tuple[Match, ...]:
    """What was seen while the bytes were there stays seen: retention takes bytes, not evidence, and a limit
    that ends a later comparison takes none either (`unseen` both). So does what was seen while the
    fingerprints of a pack could be compared. And what a person has confirmed stays a match, though the
    matcher no longer finds it."""
    known = {
        (match.twin, match.reference): match
        for match in before
        if f"reference {match.reference} {match.twin}" in members
    }
    verified = {pair: match for pair, match in known.items() if unseen and match.agreement is not None}
    found = {(match.twin, match.reference): match for match in matches}
    confirmed = {pair: match for pair, match in known.items() if match.decided is PairDecision.CONFIRMED}
    compared = {pair: match for pair, match in known.items() if match.reference in outdated}
    return tuple({**compared, **confirmed, **found, **verified}.values())


# --- what a bank is made of -------------------------------------------------------------------------------


def members_of(entries: Iterable[Entry], negatives: Iterable[NegativeEntry]) -> Mapping[str, str]:
    """All that a match depends on, by name: the matcher, each registered picture, each negative, with a
    digest of its fingerprints."""
    members = {MATCHER: Bank(()).stamp, CHANGES: ALTERED_VERSION}
    for reference, fingerprints in entries:
        without = (reference.handed.value,) if reference.handed is Handed.FINGERPRINTS else ()
        members[_reference_member(reference)] = _digest(fingerprints, reference.kind.value, *without)
        if reference.mark_box is not None:
            members[_mark_member(reference)] = repr(
                (*astuple(reference.mark_box), reference.mark_placed.value)
            )
    for negative, fingerprints in negatives:
        members[_negative_member(negative)] = _digest(fingerprints)
    return members


def _reference_member(reference: ReferenceImage) -> str:
    return f"reference {reference.sha256} {reference.twin}"


def _mark_member(reference: ReferenceImage) -> str:
    return f"{MARK} {reference.sha256} {reference.twin}"


def _negative_member(negative: Negative) -> str:
    return f"negative {negative.sha256} {negative.name}"


def _named(member: str) -> tuple[str, str, str]:
    """(reference, mark or negative; name; SHA-256)"""
    room, sha256, name = member.split(" ", 2)
    return room, name, sha256


def _digest(fingerprints: Iterable[Fingerprint], *more: str) -> str:
    parts = sorted((one.algorithm, one.at or 0.0, one.bits, one.quality or 0) for one in fingerprints)
    return hashlib.sha256(repr((more, parts)).encode()).hexdigest()[:32]
