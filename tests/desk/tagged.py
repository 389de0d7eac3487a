"""What a PDF tells whoever hears it instead of seeing it: its structure tree."""

from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader


def marked(reader: PdfReader) -> Iterator[Any]:
    """Every element of the structure tree, in the order of reading."""
    waiting: list[Any] = [reader.root_object["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict):
            if "/S" in one:
                yield one
            if "/K" in one:
                waiting.append(one["/K"])
