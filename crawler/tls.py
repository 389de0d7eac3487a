"""What a failed TLS handshake says in plain words, for whoever has to do something about it.

OpenSSL's own words are matched (x509_txt.c, X509_verify_cert_error_string; ssl_err.c), as urllib3 and the
ssl module pass them on, and those of service_identity, which Twisted asks about the host's name.
"""

import re

AGAIN = "Nothing was read. Wait for the server to mend it, or look at the address in a browser"
WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), sentence)
    for pattern, sentence in (
        (
            r"certificate has expired",
            f"the server's certificate has expired. {AGAIN}; is the clock of this machine right?",
        ),
        (
            r"certificate is not yet valid",
            f"the server's certificate is not valid yet. {AGAIN}; is the clock of this machine right?",
        ),
        (
            r"(?:hostname|ip address) mismatch|doesn't match|VerificationError|(?:DNS|IPAddress)Mismatch",
            f"the server's certificate is for another host name. {AGAIN}: it may be another server",
        ),
        (
            r"self[- ]signed certificate",
            f"the server's certificate is self-signed: nobody vouches for it. {AGAIN}",
        ),
        (
            r"unable to get (?:local )?issuer certificate",
            f"nobody whom this machine trusts vouches for the server's certificate. {AGAIN}; "
            "update this machine's certificate authorities (ca-certificates)",
        ),
        (
            r"certificate[_ ]verify[_ ]failed",
            "the server's certificate cannot be trusted: expired, self-signed, or of an unknown authority. "
            f"{AGAIN}",
        ),
        (
            r"wrong version number|unsupported protocol|no protocols available|handshake failure|alert",
            f"the server and we have no kind of TLS in common. {AGAIN}: does it speak https at all?",
        ),
        (
            r"SSL routines|\bSSL\b|OpenSSL",
            f"no secure connection (TLS) could be made. {AGAIN}",
        ),
    )
)


def in_plain_words(said: str) -> str:
    """The sentence for an error's own words, "" where it is no failure of TLS."""
    return next((sentence for pattern, sentence in WORDS if pattern.search(said)), "")
