"""A trust list as its publisher gives it away: a text with PEM certificates in it, read strictly. A list that
cannot be read whole is refused whole: one certificate less is a signer less, without a word."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from detector.trust import Purpose, TrustList
from storage.errors import TrustListError

MOST_BYTES = 4 * 1024 * 1024  # the lists of August 2026 have 27 to 180 kB
MOST_CERTIFICATES = 2000
BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
BEGIN = b"-----BEGIN CERTIFICATE-----"
TIMESTAMPING = frozenset({ExtendedKeyUsageOID.TIME_STAMPING})
SEEMS = 0.25  # of the certificates: 6 of 22 on the C2PA's list for timestamps, 2 of 18 on the interim list


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list with what a user wants to know about it."""

    trust: TrustList
    certificates: int
    expired: int
    oldest_expiry: datetime
    newest_expiry: datetime
    timestamping: float  # share of the certificates that may certify time stamping authorities alone


def read_list(name: str, data: bytes, purpose: Purpose = Purpose.CONTENT) -> ListFile:
    """Raises TrustListError: "too_large", "no_certificates", "broken_certificate"."""
    if len(data) > MOST_BYTES:
        raise _refused(name, "too_large", f"{len(data)} bytes, more than {MOST_BYTES}")
    blocks = BLOCK.findall(data)
    if not blocks:
        raise _refused(name, "no_certificates", "there is no PEM certificate in it")
    if len(blocks) != data.count(BEGIN):
        raise _refused(name, "broken_certificate", "a certificate begins and does not end")
    if len(blocks) > MOST_CERTIFICATES:
        raise _refused(name, "too_large", f"{len(blocks)} certificates, more than {MOST_CERTIFICATES}")
    certificates = [_certificate(name, place, block) for place, block in enumerate(blocks, start=1)]
    ends = [one.not_valid_after_utc for one in certificates]
    return ListFile(
        trust=TrustList(
            name=name,
            sha256=hashlib.sha256(data).hexdigest(),
            purpose=purpose,
            authorities=_pem(one for one in certificates if _certifies(one)),
            signers=_pem(one for one in certificates if not _certifies(one)),
        ),
        certificates=len(certificates),
        expired=sum(end < datetime.now(UTC) for end in ends),
        oldest_expiry=min(ends),
        newest_expiry=max(ends),
        timestamping=sum(_purposes(one) == TIMESTAMPING for one in certificates) / len(certificates),
    )


def usable(found: ListFile) -> ListFile:
    """Raises TrustListError, kind "expired", for a list that vouches for nobody any more."""
    if found.expired == found.certificates:
        ended = f"the last of its {found.certificates} certificates expired on {found.newest_expiry:%Y-%m-%d}"
        raise _refused(found.trust.name, "expired", ended)
    return found


def _refused(name: str, kind: str, why: str) -> TrustListError:
    return TrustListError(f"{name} is no trust list: {why}", kind=kind, where=name)


def _certificate(name: str, place: int, block: bytes) -> x509.Certificate:
    try:
        found = x509.load_pem_x509_certificate(block)
        _certifies(found), _purposes(found)  # what is read later must be readable now
    except (ValueError, x509.DuplicateExtension, x509.InvalidVersion) as error:
        why = f"certificate {place} cannot be read: {error}"
        raise _refused(name, "broken_certificate", why[:300]) from error
    return found


def _certifies(certificate: x509.Certificate) -> bool:
    """An authority. A certificate without basic constraints is a signer's own."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _purposes(certificate: x509.Certificate) -> frozenset[x509.ObjectIdentifier]:
    try:
        return frozenset(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        return frozenset()


def _pem(certificates: Iterable[x509.Certificate]) -> str:
    """As one text without the publisher's remarks: the library takes a line of base64 for a digest."""
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in certificates)
