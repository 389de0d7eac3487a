"""Servers whose certificate is expired, self-signed or of another host: a sentence, no repr, both ways."""

import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from crawler.fetch import fetch
from crawler.tls import in_plain_words
from storage.errors import CrawlError
from storage.records import Account
from tests.crawler.night import Night

HERE: Sequence[x509.GeneralName] = (x509.IPAddress(ip_address("127.0.0.1")),)


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def secured(
    folder: Path, names: Sequence[x509.GeneralName] = HERE, days: int = 30
) -> Iterator[tuple[str, Path]]:
    """(host:port of a server with a certificate of its own making, the file it is in)."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = HTTPServer(("127.0.0.1", 0), Quiet)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", file
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("names", "days", "trusted", "said"),
    [
        (HERE, 30, False, "is self-signed"),
        (HERE, -1, True, "has expired"),
        ((x509.DNSName("shop.example"),), 30, True, "is for another host name"),
    ],
)
def test_a_download_says_it_in_plain_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: Sequence[x509.GeneralName],
    days: int,
    trusted: bool,
    said: str,
) -> None:
    with secured(tmp_path, names, days) as (host, file):
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(file))
        with pytest.raises(CrawlError) as caught:
            fetch(
                f"https://{host}/",
                tmp_path / "x",
                allow_hosts=[host],
                contact="desk@example.org",
                limit_bytes=1000,
                seconds=5,
            )
    assert caught.value.kind == "tls"
    assert said in str(caught.value)
    assert "Nothing was read." in str(caught.value)
    assert not set("[]<>()_") & set(str(caught.value).split("https")[0])


@pytest.mark.slow  # a whole night
def test_a_night_says_it_in_plain_words(tmp_path: Path, night: Night) -> None:
    with secured(tmp_path) as (host, _):
        night.crawl(Account("rss", f"https://{host}/feed.xml"), allow_hosts=(host,))
    failures = [one.failure for one in night.events if one.failure]
    assert {one.kind for one in failures} == {"tls"}
    assert all(one.message.startswith("the server's certificate") for one in failures)
    assert all("Failure" not in one.message for one in failures)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("certificate verify failed: certificate is not yet valid (_ssl.c:1)", "not valid yet"),
        ("certificate verify failed: unable to get local issuer certificate (_ssl.c:1)", "ca-certificates"),
        ("OpenSSL.SSL.Error: [('SSL routines', '', 'certificate verify failed')]", "cannot be trusted"),
        ("service_identity.exceptions.VerificationError: VerificationError()", "another host"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "does it speak https"),
        ("[SSL: BAD_RECORD] x", "no secure connection"),
        ("[Errno 111] Connection refused", ""),
        ("a classless castle", ""),
    ],
)
def test_words_of_libraries(words: str, said: str) -> None:
    found = in_plain_words(words)
    assert said in found
    assert bool(found) is bool(said)
