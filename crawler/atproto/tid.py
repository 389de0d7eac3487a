"""Record keys that are times: a TID is 64 bits in base32-sortable, microseconds since 1970 above a 10-bit
clock id.

Source: atproto.com/specs/tid (read 2026-11).
"""

import re
from datetime import UTC, datetime, timedelta

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
TID = re.compile("[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tid_moment(key: str) -> datetime | None:
    """When the key was made (UTC), or None where it is no TID."""
    if not TID.fullmatch(key):
        return None
    number = 0
    for char in key:
        number = number * 32 + ALPHABET.index(char)
    return EPOCH + timedelta(microseconds=number >> 10)
