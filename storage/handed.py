"""What whoever registered a picture handed over."""

from enum import StrEnum


class Handed(StrEnum):
    PICTURE = "picture"  # the bytes, kept in media
    FINGERPRINTS = "fingerprints"  # nothing but these: they came out of a pack, or a list of hashes
