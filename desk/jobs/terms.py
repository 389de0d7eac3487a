"""Licences as an agency keeps them: one at a time, or a list of them. All of a list is checked before any of
it is registered."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from crawler.platforms import known_platforms
from desk.countries import CODES
from desk.jobs.cells import Cells
from desk.jobs.lists import Mistake, Row, read_list, refused
from storage.consent import REQUIRED, Consent, alike
from storage.errors import RegistryError
from storage.records import ReferenceKind, Surface, Twin
from storage.store import Store

COLUMNS = (
    "twin", "licensee", "purposes", "channels", "territories", "from", "until", "label", "exclusive",
    "pay_note", "document", "clause",
)  # fmt: skip
NEEDED = ("twin", "licensee", "label")
DAYS = ("from", "until")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_OTHER_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}")
_YES = {"yes": True, "no": False, "": False}


@dataclass(frozen=True, slots=True)
class Checked:
    """A licence that can be registered. Warnings stop nothing."""

    row: int
    consent: Consent
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Licensed:
    """What was registered, and what was registered already."""

    new: tuple[Consent, ...]
    known: tuple[Consent, ...]
    warnings: tuple[str, ...]


def import_terms(
    store: Store, path: Path, retailers: Collection[str], by: str, now: datetime, *, dry_run: bool = False
) -> Licensed:
    """Raises RegistryError, kinds "mistakes" (all of them, with row and column) and "unreadable_list"."""
    rows, mistakes = read_list(path, COLUMNS, NEEDED, DAYS)
    asked = Asked(store, path.parent, retailers, by, now)
    checked = list(asked.checked(rows, mistakes))
    if mistakes:
        raise refused(sorted(mistakes, key=lambda one: one.row), path)
    return _registered(store, checked, dry_run=dry_run)


def add_terms(
    store: Store,
    cells: Mapping[str, str],
    retailers: Collection[str],
    by: str,
    now: datetime,
    *,
    supersedes: int = 0,
    dry_run: bool = False,
) -> Licensed:
    """One licence, its cells as in a list. Raises RegistryError, kinds "mistakes", "no_licence" and
    "other_twin"."""
    mistakes: list[Mistake] = []
    checked = list(Asked(store, Path(), retailers, by, now, supersedes).checked([Row(0, cells)], mistakes))
    if mistakes:
        told = "; ".join(f"--{one.column.replace('_', '-')}: {one.message}" for one in mistakes)
        raise RegistryError(told, kind="mistakes")
    checked = [replace(one, consent=replace(one.consent, supersedes=supersedes)) for one in checked]
    return _registered(store, checked, dry_run=dry_run)


def _registered(store: Store, checked: Sequence[Checked], *, dry_run: bool) -> Licensed:
    """A dry run looks at the very same, in a transaction that is rolled back."""
    consents = [one.consent for one in checked]
    if dry_run:
        with store.rehearsal() as rehearsed:
            done = rehearsed.terms.add_all(consents)
    else:
        done = store.terms.add_all(consents)
    numbered = [(replace(one, id=number), new) for one, (number, new) in zip(consents, done, strict=True)]
    warnings = (f"row {one.row}: {words}" if one.row else words for one in checked for words in one.warnings)
    return Licensed(
        tuple(one for one, new in numbered if new),
        tuple(one for one, new in numbered if not new),
        tuple(dict.fromkeys(warnings)),
    )


@dataclass(slots=True)
class Asked:
    """What a row is checked against. `folder` is where the documents that it names are looked for."""

    store: Store
    folder: Path
    retailers: Collection[str]
    by: str
    now: datetime
    supersedes: int = 0

    def checked(self, rows: Sequence[Row], mistakes: list[Mistake]) -> Iterator[Checked]:
        twins = {one.name: one for one in self.store.twins()}
        platforms = known_platforms()
        others = _Others()
        for one in self.store.terms.all():
            if one.id != self.supersedes:
                others.take(one)
        for row in rows:
            found = _Cells(row, self.folder)
            consent = found.consent(twins, self.by, self.now)
            if consent.twin in twins:
                if wrong := _anothers_document(consent, others.of_document(consent), twins):
                    found.wrong("document", wrong)
                conflicts = tuple(_conflicts(consent, others.of_twin(consent)))
                others.take(consent)  # of a row with mistakes too: they are told all at once
            mistakes += found.mistakes
            if found.holds:
                warnings = (*found.warnings, *self._warnings(consent, platforms), *conflicts)
                yield Checked(row.number, consent, warnings)

    def _warnings(self, consent: Consent, platforms: Collection[str]) -> Iterator[str]:
        if not any(alike(consent.licensee, one) for one in self.retailers):
            yield (
                f"{consent.licensee!r} is the retailer of no watched account: nothing can be in its scope"
                " until one is (twinwatch.toml)"
            )
        for channel in consent.channels:
            if channel not in platforms:
                yield f"channel {channel!r} is no platform that is watched: nothing will be found there"


class _Others:
    """Licences that there are, and those of the rows above: by what a further one is compared with."""

    def __init__(self) -> None:
        self._by_twin: dict[str, list[Consent]] = {}
        self._by_document: dict[str, list[Consent]] = {}

    def take(self, consent: Consent) -> None:
        self._by_twin.setdefault(consent.twin, []).append(consent)
        if consent.document:
            self._by_document.setdefault(self._document(consent), []).append(consent)

    def of_twin(self, consent: Consent) -> Sequence[Consent]:
        return self._by_twin.get(consent.twin, ())

    def of_document(self, consent: Consent) -> Sequence[Consent]:
        return self._by_document.get(self._document(consent), ()) if consent.document else ()

    @staticmethod
    def _document(consent: Consent) -> str:
        """Its digest or, where there is none, its name."""
        return consent.document_sha256 or f"called {consent.document}"


class _Cells(Cells):
    """One row, cell by cell; what is wrong with each is gathered."""

    def consent(self, twins: Mapping[str, Twin], by: str, now: datetime) -> Consent:
        """As far as the cells could be read: it can be registered where this row `holds`."""
        twin = self._twin(twins)
        begins, ends = self._day("from"), self._day("until")
        if begins and ends and ends < begins:
            self.wrong("until", f"{ends} is before it starts ({begins})")
        document, digest = self.document()
        return Consent(
            twin=twin,
            licensee=self.needed("licensee"),
            channels=self._list("channels", str.lower, lambda _: True, ""),
            territories=self._list(
                "territories",
                str.upper,
                CODES.__contains__,
                "is no country code of two letters (ISO 3166-1 alpha-2)",
            ),
            valid_from=begins,
            valid_until=ends,
            purposes=self.words("purposes"),
            label_duty=self._label(),
            pay_note=self.words("pay_note"),
            document_sha256=digest,
            clause=self.words("clause"),
            document=document,
            exclusive=self._yes("exclusive"),
            added_by=by,
            added_at=now,
        )

    def _twin(self, twins: Mapping[str, Twin]) -> str:
        name = self.needed("twin")
        found = twins.get(name)
        if name and found is None:
            near = next((one for one in twins if alike(one, name)), "")
            meant = f"; is {near!r} meant?" if near else " (`twinwatch twins add`)"
            self.wrong("twin", f"no twin is registered as {name!r}{meant}")
        elif found and found.kind is ReferenceKind.HUMAN_ORIGINAL:
            self.wrong("twin", f"{name} stands for pictures of a real person: they are no twin's to license")
        elif found and found.withdrawn_at:
            self.warnings.append(f"consent for {name} was withdrawn on {found.withdrawn_at:%Y-%m-%d}")
        return name

    def _day(self, column: str) -> date | None:
        words = self._row[column]
        if not words:
            return None
        if _ISO.fullmatch(words):
            try:
                return date.fromisoformat(words)
            except ValueError:
                self.wrong(column, f"{words} is no day of the calendar")
                return None
        if _OTHER_DATE.fullmatch(words):
            self.wrong(
                column, f"{words!r} is ambiguous: write the year first, then month and day, as in 2026-12-31"
            )
        else:
            self.wrong(
                column,
                f"{words!r} is no date: write year-month-day, as in 2026-12-31 (and no time)",
            )
        return None

    def _list(
        self, column: str, plain: Callable[[str], str], holds: Callable[[str], bool], why: str
    ) -> tuple[str, ...]:
        parts = [plain(part.strip()) for part in self._row[column].split(";")]
        for part in filter(None, parts):
            if not holds(part):
                self.wrong(column, f"{part!r} {why}")
        return tuple(dict.fromkeys(filter(None, parts)))

    def _label(self) -> tuple[str, ...]:
        parts = [part.strip().lower() for part in self._row["label"].split(";") if part.strip()]
        surfaces = {surface.value for surface in Surface}
        choices = f"required, none, or surfaces: {', '.join(sorted(surfaces))}"
        if not parts:
            self.wrong("label", f"is empty: say {choices}")
        elif parts == ["none"]:
            return ()
        elif parts != [REQUIRED]:
            for part in parts:
                if part not in surfaces:
                    self.wrong("label", f"{part!r}: it is {choices}")
        return tuple(dict.fromkeys(parts))

    def _yes(self, column: str) -> bool:
        words = self._row[column].lower()
        if words not in _YES:
            self.wrong(column, f"{self._row[column]!r}: it is yes or no")
        return _YES.get(words, False)


def _anothers_document(consent: Consent, others: Sequence[Consent], twins: Mapping[str, Twin]) -> str:
    """One contract is one model's; of several twins of one model it may be."""
    for other in others:
        if _model(consent.twin, twins) != _model(other.twin, twins):
            return f"{consent.document!r} is the document of a licence of {other.twin}, another model"
    return ""


def _model(twin: str, twins: Mapping[str, Twin]) -> str:
    found = twins.get(twin)
    return found.model if found and found.model else twin


def _conflicts(consent: Consent, others: Sequence[Consent]) -> Iterator[str]:
    for other in others:
        if other.twin != consent.twin or alike(other.licensee, consent.licensee) or not _meet(consent, other):
            continue
        if consent.exclusive or other.exclusive:
            alone = consent.licensee if consent.exclusive else other.licensee
            both = f"{consent.licensee} and {other.licensee}"
            yield f"{consent.twin} is licensed to {both} at once, and exclusively to {alone}"


def _meet(one: Consent, other: Consent) -> bool:
    """There is a channel, a country and a day that both are for."""
    apart = (
        (one.last_day and other.valid_from and one.last_day < other.valid_from)
        or (other.last_day and one.valid_from and other.last_day < one.valid_from)
        or (one.channels and other.channels and not set(one.channels) & set(other.channels))
        or (one.territories and other.territories and not set(one.territories) & set(other.territories))
    )
    return not apart
