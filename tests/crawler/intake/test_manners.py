"""What one refusal says of a whole host."""

import pytest

from crawler.intake.manners import holds_for_host
from storage.errors import CrawlError


@pytest.mark.parametrize(
    ("kind", "where", "url", "holds"),
    [
        ("address_refused", "cdn.example:443", "https://cdn.example/a.jpg", True),
        ("address_refused", "127.0.0.1:8080", "http://127.0.0.1:8080/a.jpg", True),
        ("name_not_resolved", "cdn.example", "https://cdn.example/a.jpg", True),
        ("address_refused", "127.0.0.1:9090", "http://127.0.0.1:8080/a.jpg", False),  # where a redirect led
        ("address_refused", "http://10.0.0.1/?from=cdn.example", "https://cdn.example/a.jpg", False),
        ("name_not_resolved", "other-cdn.example", "https://cdn.example/a.jpg", False),
        ("http_status", "cdn.example:443", "https://cdn.example/a.jpg", False),
    ],
)
def test_a_refusal_counts_for_the_host_that_was_refused(kind: str, where: str, url: str, holds: bool) -> None:
    assert holds_for_host(CrawlError("refused", kind=kind, where=where), url) is holds
