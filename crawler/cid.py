"""Content identifiers (CIDv1): the name of a Bluesky blob is the SHA-256 of its bytes, so a blob can be
checked.

Source: github.com/multiformats/cid (version 1, codec, multihash) and the AT Protocol's blob rules: base32,
codec raw (0x55) or dag-cbor (0x71), sha2-256 (0x12, 32 bytes).
"""

import base64
import binascii

SHA2_256 = b"\x12\x20"


def cid_digest(cid: str) -> str | None:
    """The SHA-256 (hex) that a CID names, or None where it names its content in another way."""
    if not cid.startswith("b"):
        return None
    text = cid[1:].upper()
    try:
        data = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return None
    if len(data) != 36 or data[0] != 1 or data[1] not in (0x55, 0x71) or data[2:4] != SHA2_256:
        return None
    return data[4:].hex()
