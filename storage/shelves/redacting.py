"""Taking a twin's names and digests out of what was said about it: answers, runs, notes, reasons.

Two steps, so that nobody else's words suffer: only a text that names the twin, its model or one of its
pictures is touched, and in such a text whatever else was told of it (its agency, a contract) goes as well.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import Connection, Table, Text, cast, select, update

from storage.shelves.findings import answer_content
from storage.tables.base import Base
from storage.tables.desk import CheckRow, TokenRow, UserRow
from storage.tables.judged import AnswerRow, PairReviewRow, PersonReadingRow, ReviewRow
from storage.tables.leaving import FeedRow, NoticeRow
from storage.tables.registered import ConsentRow, CorrectionRow, EndingRow, QuarantineRow
from storage.tables.taken_out import ContestRow, ErasureRow, ExportRow, HoldRow, WithdrawalRow
from storage.tables.watched import ProblemRow, RunRow
from storage.text import UNSPACED

GONE = "[erased]"
SHORTEST = 3  # letters: a shorter name cannot be told from a word
# What stands before and after a twin's name in the program's own sentences (detector/consent.py, reasons.py,
# grounds.py, change_events.py, licence_duties.py; desk/jobs/likeness.py): there a short name is one, too.
_BEFORE = (
    *("picture of ", "registered for ", "licence of ", "Consent for ", "use of ", "match with "),
    *("real model (", "twin ", "Twin "),
)
_AFTER = (" is licensed to ", " is a synthetic model", " was erased on ", " has ")
DIGITS = 8  # of a digest: no fewer are ever shown
# What people and the program wrote. Posts, captures and readings are what was published: evidence, not ours.
_WRITTEN: tuple[tuple[type[Base], tuple[str, ...]], ...] = (
    (AnswerRow, ("answer",)),
    (RunRow, ("summary",)),
    (ProblemRow, ("message", "where")),
    (ReviewRow, ("note",)),
    (PersonReadingRow, ("note",)),
    (PairReviewRow, ("note",)),
    (QuarantineRow, ("reason", "note")),
    (ContestRow, ("reason",)),
    (WithdrawalRow, ("by", "reason")),
    (CorrectionRow, ("reason", "before", "after")),
    (HoldRow, ("reason", "lifted_because")),
    (EndingRow, ("reason",)),
    (ConsentRow, ("purposes", "pay_note", "clause", "document")),
    (ExportRow, ("path",)),
    (ErasureRow, ("by", "reason", "told")),
    (NoticeRow, ("told", "body", "error")),
    (FeedRow, ("sought",)),
    (TokenRow, ("name",)),
    (CheckRow, ("note", "asked", "told")),  # of others: those that matched the twin go whole
    (UserRow, ("whose",)),  # the record of what people did cannot be altered: it names no twin
)
_JSON = frozenset({"answer", "summary", "told", "body", "asked", "before", "after"})


@dataclass(frozen=True)
class Secrets:
    """What is to go. `name` becomes `called`, each digest the made-up one beside it; `told` goes only with
    those."""

    name: str
    called: str
    models: tuple[str, ...]  # of whom it is a twin
    told: tuple[str, ...]  # agency, notes, bases, file names, clauses …
    digests: Mapping[str, str]  # of pictures that are gone
    pairs: Mapping[str, str]  # of all pictures as this twin's, those kept for others too

    @cached_property
    def naming(self) -> re.Pattern[str]:
        """Finds whether a text, or a JSON document as text, is about the twin."""
        parts = [_word(one) for one in self._names()]
        parts += [rf"(?<![0-9a-f]){one[:DIGITS]}" for one in self.pairs]
        parts.append(rf'"twin":\s?"{re.escape(_escaped(self.name))}"')
        parts += self._in_sentences()
        return re.compile("|".join(parts), re.IGNORECASE)

    @cached_property
    def _going(self) -> re.Pattern[str]:
        words = sorted({*self._names(), *filter(_sayable, self.told)}, key=len, reverse=True)
        parts = [_word(one) for one in words]
        parts += self._in_sentences()
        parts += [rf"(?<![0-9a-f]){one[:DIGITS]}[0-9a-f]*" for one in self.digests]
        return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)

    def _names(self) -> list[str]:
        both = [one for one in (self.name, *self.models) if _sayable(one)]
        return list(dict.fromkeys([*both, *map(_escaped, both), *map(_in_file_names, both)]))

    def _in_sentences(self) -> list[str]:
        """Where a name that is too short to be looked for stands as one for certain: written alike, in a
        sentence of ours, or as the whole of a value."""
        if _sayable(self.name):
            return []
        name = re.escape(self.name)
        ends = r"(?=[\s.,:;)]|$)"
        found = [rf"(?-i:(?<={re.escape(before)}){name}{ends})" for before in _BEFORE]
        found += [rf"(?-i:(?<![^\W_]){name}(?={re.escape(after)}))" for after in _AFTER]
        return [*found, rf'(?-i:(?<="){re.escape(_escaped(self.name))}(?="))']

    def out_of(self, text: str) -> str:
        if text == self.name:
            return self.called
        return self._going.sub(self._instead, text)

    def _instead(self, found: re.Match[str]) -> str:
        words = found.group()
        if words.casefold() == self.name.casefold():
            return self.called
        for digest, other in self.digests.items():
            if words.lower() == digest[: len(words)]:
                return other[: len(words)]
        return GONE

    def out_of_document(self, value: Any) -> Any:
        """Of a match with the twin the reference is a made-up one too, whoever else has the picture."""
        if isinstance(value, str):
            return self.out_of(value)
        if isinstance(value, list):
            return [self.out_of_document(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        known = value
        if value.get("twin") == self.name and value.get("reference") in self.pairs:
            known = {**value, "reference": self.pairs[value["reference"]]}
        return {self.out_of(name): self.out_of_document(inner) for name, inner in known.items()}


def sweep(connection: Connection, secrets: Secrets) -> Mapping[str, int]:
    """How many rows of each table were rewritten."""
    counts: dict[str, int] = {}
    for row, columns in _WRITTEN:
        table = _table(row)
        done = sum(_rewritten(connection, table, columns, secrets))
        if done:
            counts[table.name] = done
    return counts


def _rewritten(
    connection: Connection, table: Table, columns: Sequence[str], secrets: Secrets
) -> Iterator[bool]:
    (key,) = table.primary_key.columns
    query = select(key.label("key"), *(cast(table.c[name], Text).label(name) for name in columns))
    hit = [row for row in connection.execute(query) if _about(row, columns, secrets)]
    for row in hit:
        values = dict(_changed(row, columns, secrets))
        if table.name == AnswerRow.__tablename__ and values:
            values["content"] = answer_content(values["answer"])
        if values:
            connection.execute(update(table).where(key == row.key).values(**values))
            yield True


def _about(row: Any, columns: Iterable[str], secrets: Secrets) -> bool:
    return any(secrets.naming.search(getattr(row, name) or "") for name in columns)


def _changed(row: Any, columns: Iterable[str], secrets: Secrets) -> Iterator[tuple[str, Any]]:
    for name in columns:
        text = getattr(row, name) or ""
        before = orjson.loads(text) if name in _JSON and text else text
        after = secrets.out_of_document(before)
        if after != before:
            yield name, after


def _table(row: type[Base]) -> Table:
    table = row.__table__
    assert isinstance(table, Table)  # noqa: S101 - SQLAlchemy's type is wider
    return table


def _word(words: str) -> str:
    """Alone, or between the underscores of a file's name."""
    if UNSPACED.fullmatch(words.strip()):
        return re.escape(words)
    return rf"(?<![^\W_]){re.escape(words)}(?![^\W_])"


def _escaped(words: str) -> str:
    """As it stands in a JSON document."""
    return orjson.dumps(words).decode()[1:-1]


def _in_file_names(words: str) -> str:
    """As desk/jobs/explanations.py writes it."""
    return re.sub(r"[^\w.-]+", "_", words)


def _sayable(words: str) -> bool:
    """Whether it can be looked for in what people wrote."""
    return len(words.strip()) >= SHORTEST or UNSPACED.fullmatch(words.strip()) is not None


def stays_in_text(names: Iterable[str]) -> Sequence[str]:
    """Those among these that are too short to be taken out of what people wrote."""
    return [one for one in names if one.strip() and not _sayable(one)]
