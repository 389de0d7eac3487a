"""Addresses as people write them, and whose they are."""

import pytest

from crawler.verifying.web import Address, lower, read_address, same_site


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://www.instagram.com/hm/?utm_source=x&igsh=1#top", Address("www.instagram.com", ("hm",))),
        ("HTTPS://WWW.Instagram.COM:443//hm//", Address("www.instagram.com", ("hm",))),
        ("http://x.example:8080/%68m", Address("x.example:8080", ("hm",))),
        ("https://x.example/%2568m", Address("x.example", ("%68m",))),  # decoded once
        ("https://instagram.com@evil.example/hm", Address("evil.example", ("hm",))),
        ("https://instagram.com./hm", Address("instagram.com", ("hm",))),
        ("https://ınstagram.com/hm", Address("xn--nstagram-skb.com", ("hm",))),
        ("ftp://x.example/hm", None),
        ("mailto:a@x.example", None),
        ("javascript:alert(1)", None),
        ("https:///hm", None),
        ("https://x.example:99999/", None),
        ("https://[::1/hm", None),
        ("https://x.example/%ff", None),
        ("https://x.example/" + "a" * 3000, None),
    ],
)
def test_an_address(url: str, address: Address | None) -> None:
    assert read_address(url) == address


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("www2.hm.com", "hm.com", True),
        ("shop.mango.co.uk", "mango.co.uk", True),
        ("mango.co.uk", "levi.co.uk", False),
        ("hm.myshopify.com", "zara.myshopify.com", False),
        ("hm.com.evil.example", "hm.com", False),
        ("hm-com.example", "hm.com", False),
        ("127.0.0.1:8080", "127.0.0.1:8081", False),
        ("127.0.0.1:8080", "127.0.0.1:8080", True),
        ("www.hm.example", "news.hm.example", True),
        ("hm.example", "zara.example", False),
        ("localhost", "localhost", True),
        ("", "", False),
    ],
)
def test_one_owner_has_one_domain(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same


def test_only_latin_letters_are_made_small() -> None:
    assert lower("HM.Studio") == "hm.studio"
    assert lower("\u212a") != "k"  # the Kelvin sign
