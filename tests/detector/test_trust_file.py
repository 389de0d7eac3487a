"""A trust list as text: read whole, or refused whole with a name for why."""

import hashlib
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector import trust_file
from detector.trust import Purpose
from detector.trust_file import read_list, usable
from storage.errors import TrustListError
from tests.signing import DAY, STUDIO, identity, leaf

ROOT, OTHER, LEAF = identity(STUDIO).authority, identity("Other").authority, leaf(identity(STUDIO))
ENDED = identity("Ended", -DAY).authority
REMARKS = b"\xef\xbb\xbf## the list of today\n\nSubject\tCN=somebody\n" + b"QUJD\n"


def test_what_publishers_write_around_certificates_is_passed_over() -> None:
    data = REMARKS + ROOT + b"O=Somebody Else\r\n" + OTHER.replace(b"\n", b"\r\n") + LEAF
    found = read_list("ours", data, Purpose.TIMESTAMP)
    assert (found.certificates, found.expired) == (3, 0)
    assert found.trust.authorities.encode() == ROOT + OTHER
    assert found.trust.signers.encode() == LEAF
    assert found.trust.sha256 == hashlib.sha256(data).hexdigest()
    assert (found.trust.name, found.trust.purpose) == ("ours", Purpose.TIMESTAMP)
    assert found.oldest_expiry <= found.newest_expiry


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "no_certificates"),
        (b"%PDF-1.7 no list", "no_certificates"),
        (b"-----BEGIN PUBLIC KEY-----\nQUJD\n-----END PUBLIC KEY-----\n", "no_certificates"),
        (b"-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n", "broken_certificate"),
        (ROOT + b"-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n", "broken_certificate"),
        (ROOT + LEAF[:200], "broken_certificate"),
        (ROOT[:200] + LEAF, "broken_certificate"),
    ],
)
def test_what_is_no_list_is_refused(data: bytes, kind: str) -> None:
    with pytest.raises(TrustListError) as caught:
        read_list("odd", data)
    assert (caught.value.kind, caught.value.where) == (kind, "odd")


def test_a_list_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust_file, "MOST_CERTIFICATES", 1)
    with pytest.raises(TrustListError, match="2 certificates"):
        read_list("odd", ROOT + OTHER)
    monkeypatch.setattr(trust_file, "MOST_BYTES", len(ROOT) - 1)
    with pytest.raises(TrustListError) as caught:
        read_list("odd", ROOT)
    assert caught.value.kind == "too_large"


def test_a_list_of_which_some_have_expired_is_usable() -> None:
    found = usable(read_list("mixed", ROOT + ENDED))
    assert (found.certificates, found.expired) == (2, 1)
    assert found.newest_expiry - found.oldest_expiry >= timedelta(days=2)


def test_a_list_of_which_all_have_expired_is_not() -> None:
    with pytest.raises(TrustListError, match="expired on") as caught:
        usable(read_list("old", ENDED))
    assert caught.value.kind == "expired"


@given(st.binary(max_size=400), st.integers(0, len(ROOT)), st.integers(0, 40))
@settings(max_examples=150)
def test_whatever_was_done_to_a_list_it_is_read_or_refused(noise: bytes, at: int, cut: int) -> None:
    try:
        found = read_list("wild", ROOT[:at] + noise + ROOT[at + cut :])
    except TrustListError:
        return
    assert found.certificates >= 1
