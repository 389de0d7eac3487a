"""The desk's list in memory: which findings are sought, in which order they stand and how many there are.

A page or a count by any filter is a walk over columns of numbers, some 70 bytes a finding, and takes a
millisecond at 100,000 of them, where a database without the one index that fits walks all its rows. What
changes is read behind the last number that was seen (`inbox.changed`), not the whole.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from storage.consent import ConsentVerdict, plain_name
from storage.inbox import MOST_OTHERS, STEP, Choices, Others, Place, Sought
from storage.records import FindingStatus, Labelling

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
_STATUSES, _LABELLINGS, _CONSENTS = tuple(FindingStatus), tuple(Labelling), tuple(ConsentVerdict)
_FEW = 8  # compared one by one: quicker than a sort
_DAY = 86_400  # seconds
_DISPUTED = _STATUSES.index(FindingStatus.DISPUTED)


class Row(NamedTuple):
    """Of a finding that the list shows."""

    finding_id: int
    place: int
    account_id: int
    labelling: Labelling
    consent: ConsentVerdict
    status: FindingStatus
    picture: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What is otherwise than in the state that was asked behind; `whole`: everything there is, nothing is
    left of before. `changed`: all findings that may have changed; those without a row are shown no more.
    `twins`, `verdicts`, `rules` and `copies` (as `word` writes them): pairs with a finding's number.
    `disputed`, the contested `references` ((twin, SHA-256)), `accounts` (row → retailer, platform) and
    `licensees` (twin → their names, as they are compared) are those of now."""

    number: int
    anew: int
    whole: bool
    changed: Sequence[int] = ()
    rows: Sequence[Row] = ()
    twins: Sequence[tuple[int, str]] = ()
    verdicts: Sequence[tuple[int, str]] = ()
    rules: Sequence[tuple[int, str]] = ()
    copies: Sequence[tuple[int, str]] = ()
    disputed: frozenset[int] = frozenset()
    references: frozenset[tuple[str, str]] = frozenset()
    accounts: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    licensees: Mapping[str, Collection[str]] = field(default_factory=dict)


def word(twin: str, about: str) -> str:
    """A verdict on a twin, or a registered picture of it, as one word."""
    return f"{twin}\0{about}"


class Names:
    """A number for each of these words, given once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, names: Iterable[str]) -> Numbers:
        numbers = self._numbers
        return np.fromiter((numbers.setdefault(one, len(numbers)) for one in names), np.int64)

    def known(self, names: Iterable[str]) -> list[int]:
        return [self._numbers[one] for one in names if one in self._numbers]

    def words(self) -> list[str]:
        return list(self._numbers)


class Pairs:
    """Findings and the words that they bear: a twin, a rule, a registered picture; several a finding."""

    def __init__(self, findings: Numbers, words: Numbers, names: Names) -> None:
        self.findings, self.words, self._names = findings, words, names
        self._sorted: tuple[Numbers, Numbers] | None = None

    def after(self, gone: Numbers, pairs: Sequence[tuple[int, str]]) -> "Pairs":
        kept = _absent(self.findings, gone)
        findings = np.fromiter((one for one, _ in pairs), np.int64)
        words = self._names.add(word for _, word in pairs)
        went = zip(self.findings[~kept].tolist(), self.words[~kept].tolist(), strict=True)
        if sorted(went) == sorted(zip(findings.tolist(), words.tolist(), strict=True)):
            return self  # as after a decision: what was sorted for it stays
        return Pairs(
            np.concatenate([self.findings[kept], findings]),
            np.concatenate([self.words[kept], words]),
            self._names,
        )

    def bearing(self, words: Iterable[str]) -> Numbers:
        """The findings with one of these."""
        numbers = self._names.known(words)
        wanted = np.zeros(len(self._names), np.bool_)
        wanted[numbers] = True
        return self.findings[wanted[self.words]]

    def of_each(self, words: Iterable[str]) -> Iterator[tuple[str, Numbers]]:
        """Each of these words that is known with the findings that bear it: many words, few findings each."""
        if self._sorted is None:
            order = np.argsort(self.words, kind="stable")
            self._sorted = self.words[order], self.findings[order]
        keys, findings = self._sorted
        for word in words:
            for number in self._names.known([word]):
                left, right = np.searchsorted(keys, (number, number + 1))
                yield word, findings[left:right]

    def all_words(self) -> list[str]:
        words = self._names.words()
        return [words[number] for number in np.unique(self.words).tolist()]


_NONE: Numbers = np.zeros(0, np.int64)
_COLUMNS = ("finding", "place", "account", "labelling", "consent", "decided", "picture")


class Listed:
    """One state of it; what has changed makes another one. Columns stand in the list's order: place, then
    number."""

    def __init__(self) -> None:
        self.number = self.anew = -1  # none yet: everything is behind it
        self._columns: dict[str, Numbers] = dict.fromkeys(_COLUMNS, _NONE)
        self._status, self._where = _NONE, _NONE
        self._pictures = Names()
        self._twins, self._verdicts, self._rules, self._copies = (
            Pairs(_NONE, _NONE, Names()) for _ in range(4)
        )
        self.disputed: frozenset[tuple[str, str]] = frozenset()  # contested references: (twin, SHA-256)
        self.licensees: Mapping[str, Collection[str]] = {}  # twin → their names, as they are compared
        self._accounts: Mapping[int, tuple[str, str]] = {}
        self._named: Mapping[str, Sequence[int]] = {}  # a retailer, as names are compared → its accounts
        self._theirs: dict[str, frozenset[int]] = {}
        self._tables: dict[frozenset[int], Mask] = {}
        self._choices: dict[frozenset[str] | None, Choices] = {}

    def after(self, changes: Changes) -> "Listed":
        """The state after these."""
        made, before = Listed(), Listed() if changes.whole else self
        made.number, made.anew = changes.number, changes.anew
        made._pictures = before._pictures  # numbers are only added, under one lock
        made.disputed, made.licensees = changes.references, changes.licensees
        made._accounts = changes.accounts
        same = before._accounts == changes.accounts
        made._named = before._named if same else _by_name(changes.accounts)
        gone = np.asarray(changes.changed, np.int64)
        made._twins = before._twins.after(gone, changes.twins)
        made._verdicts = before._verdicts.after(gone, changes.verdicts)
        made._rules = before._rules.after(gone, changes.rules)
        made._copies = before._copies.after(gone, changes.copies)
        made._columns, made._where = before._with(gone, made._read(changes.rows))
        status = made._columns["decided"].copy()
        status[made._at(np.asarray(sorted(changes.disputed), np.int64))] = _DISPUTED
        made._status = status
        return made

    def _read(self, rows: Sequence[Row]) -> dict[str, Numbers]:
        def column(values: Iterable[int]) -> Numbers:
            return np.fromiter(values, np.int64, len(rows))

        labellings = {one: number for number, one in enumerate(_LABELLINGS)}
        consents = {one: number for number, one in enumerate(_CONSENTS)}
        statuses = {one: number for number, one in enumerate(_STATUSES)}
        return {
            "finding": column(row.finding_id for row in rows),
            "place": column(row.place for row in rows),
            "account": column(row.account_id for row in rows),
            "labelling": column(labellings[row.labelling] for row in rows),
            "consent": column(consents[row.consent] for row in rows),
            "decided": column(statuses[row.status] for row in rows),
            "picture": self._pictures.add(row.picture for row in rows),
        }

    def _with(self, gone: Numbers, read: Mapping[str, Numbers]) -> tuple[dict[str, Numbers], Numbers]:
        """The columns, and where findings stand by number (-1: nowhere), after these went and those came.
        What stands where it stood, as after a decision, is written over: sorting takes ten times as long."""
        if not len(gone):
            return self._columns, self._where
        at = self._at(read["finding"])
        if len(at) == len(read["finding"]) == len(self._at(gone)) and np.array_equal(
            self._columns["place"][at], read["place"]
        ):
            columns = {name: values.copy() for name, values in self._columns.items()}
            for name, values in columns.items():
                values[at] = read[name]
            return columns, self._where
        kept = _absent(self._columns["finding"], gone)
        columns = {name: np.concatenate([values[kept], read[name]]) for name, values in self._columns.items()}
        order = np.lexsort((columns["finding"], columns["place"]))
        columns = {name: values[order] for name, values in columns.items()}
        where = np.full(int(columns["finding"].max(initial=-1)) + 1, -1, np.int64)
        where[columns["finding"]] = np.arange(len(order))
        return columns, where

    def _at(self, findings: Numbers) -> Numbers:
        """Where those of these findings stand that are listed, in the order given."""
        at: Numbers = self._where[findings[findings < len(self._where)]]
        return at[at >= 0]

    # --- asking -------------------------------------------------------------------------------------------

    def page(
        self, sought: Sought, after: Place | None, limit: int
    ) -> tuple[Sequence[tuple[int, int]], Place | None]:
        """So many pictures, each by the first of its findings that are sought, with how many those are; and
        where the next page begins behind, None: there is none. A picture that stood on an earlier page does
        not come again. Where one picture is sought, each of its findings is shown by itself."""
        which = np.flatnonzero(self._mask(sought))
        pictures = np.arange(len(which)) if sought.picture else self._columns["picture"][which]
        first = np.zeros(max(len(self._pictures), len(which)), np.int64)
        first[pictures[::-1]] = which[::-1]  # of several, the last one that is written stays
        lead = np.flatnonzero(first[pictures] == which)
        leads = which[lead]
        begin = int(np.searchsorted(leads, self._begin(after)))
        leads, lead = leads[begin:], lead[begin:]
        shown = leads[:limit]
        many = np.bincount(pictures)[pictures[lead[:limit]]]
        told = list(zip(self._columns["finding"][shown].tolist(), many.tolist(), strict=True))
        if len(leads) <= limit:
            return told, None
        last = shown[-1]
        return told, Place(int(self._columns["place"][last]), int(self._columns["finding"][last]))

    def some(self, sought: Sought, limit: int) -> Sequence[tuple[int, FindingStatus]]:
        """The first so many findings sought, each by itself, and how they stand."""
        return self._standing(np.flatnonzero(self._mask(sought))[:limit])

    def others(self, sought: Sought, shown: Sequence[tuple[int, int]]) -> Mapping[int, Others]:
        """Of a page's findings with their counts: those sought of the same picture beside each, unless they
        are more than `MOST_OTHERS`."""
        wanted = [number for number, many in shown if 1 < many <= MOST_OTHERS + 1]
        if not wanted or sought.picture:
            return {}
        leads = dict(
            zip(self._columns["picture"][self._at(np.asarray(wanted))].tolist(), wanted, strict=True)
        )
        asked = np.zeros(len(self._pictures), np.bool_)
        asked[list(leads)] = True
        which = np.flatnonzero(self._mask(sought) & asked[self._columns["picture"]])
        told: dict[int, list[tuple[int, FindingStatus]]] = {number: [] for number in wanted}
        pictures = self._columns["picture"][which].tolist()
        for picture, one in zip(pictures, self._standing(which), strict=True):
            if one[0] != leads[picture]:
                told[leads[picture]].append(one)
        return {number: tuple(ones) for number, ones in told.items()}

    def _standing(self, which: Numbers) -> list[tuple[int, FindingStatus]]:
        statuses = (_STATUSES[one] for one in self._status[which].tolist())
        return list(zip(self._columns["finding"][which].tolist(), statuses, strict=True))

    def _begin(self, after: Place | None) -> int:
        if after is None:
            return 0
        places, findings = self._columns["place"], self._columns["finding"]
        left, right = (int(np.searchsorted(places, after.order, side)) for side in ("left", "right"))
        return left + int(np.searchsorted(findings[left:right], after.finding_id, "right"))

    def counts(self, sought: Sought) -> dict[FindingStatus, int]:
        """Of all findings sought, whatever their status."""
        found = np.bincount(self._status[self._mask(sought, any_status=True)], minlength=len(_STATUSES))
        return {status: int(count) for status, count in zip(_STATUSES, found, strict=True) if count}

    def choices(self, scope: frozenset[str] | None) -> Choices:
        if scope not in self._choices:
            accounts = np.unique(self._columns["account"][self._mask(Sought(scope=scope))]).tolist()
            known = [self._accounts[one] for one in accounts if one in self._accounts]
            twins = [one for one in self._twins.all_words() if scope is None or one in scope]
            self._choices[scope] = Choices(
                retailers=tuple(sorted({retailer for retailer, _ in known if retailer}, key=str.casefold)),
                platforms=tuple(sorted({platform for _, platform in known})),
                twins=tuple(sorted(twins, key=str.casefold)),
                rules=tuple(sorted(self._rules.all_words())),
            )
        return self._choices[scope]

    def theirs(self, twin: str) -> frozenset[int]:
        """The accounts of its licensees, by row."""
        if twin not in self._theirs:
            names = self.licensees.get(twin, ())
            self._theirs[twin] = frozenset(one for name in names for one in self._named.get(name, ()))
        return self._theirs[twin]

    def firsts(self, wanted: Mapping[tuple[str, str], Collection[int]]) -> Sequence[tuple[str, str, int]]:
        """Of each (twin, reference) and each of these accounts of it: the finding of the earliest post with a
        copy of that picture, where there is one."""
        words = {word(*pair): pair for pair in wanted}
        told: list[tuple[str, str, int]] = []
        places, accounts, numbers = (self._columns[name] for name in ("place", "account", "finding"))
        for key, findings in self._copies.of_each(words):
            at = self._at(findings)
            theirs = at[self._table(frozenset(wanted[words[key]]))[accounts[at]]]
            order = theirs[np.lexsort((numbers[theirs], -(places[theirs] % STEP)))]  # the earliest first
            _, first = np.unique(accounts[order], return_index=True)
            told += [(*words[key], number) for number in numbers[order[first]].tolist()]
        return told

    def _mask(self, sought: Sought, *, any_status: bool = False) -> Mask:
        whole = np.ones(len(self._columns["finding"]), np.bool_)
        for one in (*self._said(sought, any_status=any_status), *self._borne(sought), *self._dated(sought)):
            whole &= one
        return whole

    def _said(self, sought: Sought, *, any_status: bool) -> Iterator[Mask]:
        if sought.status is not None and not any_status:
            yield self._status == _STATUSES.index(sought.status)
        if sought.retailer or sought.platform:
            yield self._of_accounts(sought)
        if sought.labelling is not None:
            yield self._columns["labelling"] == _LABELLINGS.index(sought.labelling)
        if sought.consent is not None and sought.twins is None:
            yield self._columns["consent"] == _CONSENTS.index(sought.consent)
        if sought.picture:
            yield self._of_picture(sought)

    def _of_picture(self, sought: Sought) -> Mask:
        """None, where she may not see the finding whose picture it is: what it shows is no news for her."""
        at = self._at(np.asarray([sought.picture]))
        if not len(at) or not (sought.scope is None or self._among(self._twins.bearing(sought.scope))[at[0]]):
            return np.zeros(len(self._columns["finding"]), np.bool_)
        told: Mask = self._columns["picture"] == self._columns["picture"][at[0]]
        return told

    def _borne(self, sought: Sought) -> Iterator[Mask]:
        if sought.twins is not None and sought.consent is None:
            yield self._among(self._twins.bearing(sought.twins))
        if sought.twins is not None and sought.consent is not None:
            yield self._among(self._verdicts.bearing(word(one, sought.consent) for one in sought.twins))
        if sought.rule:
            yield self._among(self._rules.bearing([sought.rule]))

    def _dated(self, sought: Sought) -> Iterator[Mask]:
        if sought.since is not None:
            yield self._shown() >= _midnight(sought.since)
        if sought.until is not None:
            yield self._shown() < _midnight(sought.until) + _DAY

    def _shown(self) -> Numbers:
        """As `shown_at` says it."""
        return STEP - 1 - self._columns["place"] % STEP

    def _among(self, findings: Numbers) -> Mask:
        mask = np.zeros(len(self._columns["finding"]), np.bool_)
        mask[self._at(findings)] = True
        return mask

    def _of_accounts(self, sought: Sought) -> Mask:
        """An account that was added while the list was read has no name here yet."""
        wanted = [
            number
            for number, (retailer, platform) in self._accounts.items()
            if sought.retailer in ("", retailer) and sought.platform in ("", platform)
        ]
        told: Mask = self._table(frozenset(wanted))[self._columns["account"]]
        return told

    def _table(self, accounts: frozenset[int]) -> Mask:
        """By the number of an account: whether it is one of these."""
        if accounts not in self._tables:
            table = np.zeros(
                max([*self._accounts, int(self._columns["account"].max(initial=0))]) + 1, np.bool_
            )
            table[list(accounts)] = True
            self._tables[accounts] = table
        return self._tables[accounts]


def _by_name(accounts: Mapping[int, tuple[str, str]]) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for number, (retailer, _) in accounts.items():
        found.setdefault(plain_name(retailer), []).append(number)
    return found


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time.min, UTC).timestamp())


def _absent(values: Numbers, gone: Numbers) -> Mask:
    """Which are none of those that went."""
    if len(gone) <= _FEW:
        kept = np.ones(len(values), np.bool_)
        for one in gone.tolist():
            kept &= values != one
        return kept
    return ~np.isin(values, gone)
