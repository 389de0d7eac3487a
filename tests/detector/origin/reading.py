"""What a table of cases for an origin reader is checked with."""

from types import ModuleType

from storage.formats import HEAD_BYTES, format_of
from storage.records import OriginEvidence

Said = tuple[str, str, int]  # the beginning of a signal, the extent, the level


def answer(reader: ModuleType, data: bytes) -> tuple[OriginEvidence, ...]:
    found: tuple[OriginEvidence, ...] = reader.read(data, format_of(data[:HEAD_BYTES]))
    assert all(one.reader == reader.NAME for one in found)
    return found


def check(reader: ModuleType, data: bytes, *expected: Said) -> None:
    found = answer(reader, data)
    told = [(one.signal, one.extent.value, one.level) for one in found]
    assert len(told) == len(expected), told
    for (signal, *rest), (beginning, *others) in zip(told, expected, strict=True):
        assert signal.startswith(beginning), told
        assert rest == others, told
