"""What the rows of all lists have in common: words that are needed, words that are too long, a document."""

import hashlib
import re
from pathlib import Path

from desk.jobs.lists import Mistake, Row

MOST_WORDS = 20_000  # characters of a cell: a whole clause, and no book
_DIGEST = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")
# What is written as a file is one: a misspelt contract must not pass for a remark.
_FILE = re.compile(r".*[/\\\\].*|.*\.(?:pdf|docx?|odt|rtf|txt|eml|msg|png|jpe?g|tiff?|zip)", re.IGNORECASE)
_URL = re.compile(r"https?://\S+", re.I)


class Cells:
    """One row, cell by cell; what is wrong with each is gathered. `folder` is where files that it names are
    looked for."""

    def __init__(self, row: Row, folder: Path) -> None:
        self._row = row
        self._folder = folder
        self.mistakes: list[Mistake] = []
        self.warnings: list[str] = []

    @property
    def holds(self) -> bool:
        """Nothing is wrong with the row so far."""
        return not self.mistakes and not self._row.bad

    def wrong(self, column: str, message: str) -> None:
        if column in self._row.bad:
            return  # it was said why
        self.mistakes.append(Mistake(self._row.number, column, message))

    def words(self, column: str) -> str:
        words = self._row[column]
        if len(words) > MOST_WORDS:
            self.wrong(column, f"{len(words)} characters; at most {MOST_WORDS} are kept")
        return words

    def line(self, column: str) -> str:
        """Its words in one line."""
        return " ".join(self.words(column).split())

    def needed(self, column: str) -> str:
        words = self.line(column)
        if not words:
            self.wrong(column, "is empty")
        return words

    def document(self) -> tuple[str, str]:
        """Its name or address, and the SHA-256 of its bytes: of a file, or as it stands in the cell.
        Contracts themselves are not kept."""
        words = self.words("document")
        if not words:
            return "", ""
        if digest := _DIGEST.search(words):
            return words, digest.group().lower()
        if _URL.fullmatch(words):
            return words, ""
        try:
            if file := self.document_file(words):
                with file.open("rb") as opened:
                    return file.name, hashlib.file_digest(opened, "sha256").hexdigest()
        except (OSError, ValueError) as error:
            self.wrong("document", f"{words!r} cannot be read: {error}")
            return "", ""
        told = any(one.column == "document" for one in self.mistakes)  # why it may not be looked for
        if _FILE.fullmatch(words) and not told:
            self.wrong("document", f"{words!r}: no such file (give the file, or its SHA-256)")
            return "", ""
        self.warnings.append(f"document {words!r} is no file here: kept as a reference, without a digest")
        return words, ""

    def document_file(self, words: str) -> Path | None:
        """None: no such file."""
        file = self._folder / words
        return file if file.is_file() else None
