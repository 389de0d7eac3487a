"""The guard: what it refuses, in every spelling, and that it connects where it looked."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from crawler.addresses import Guard, split_allowed, why_refused
from storage.errors import AddressRefused, CrawlError

PUBLIC = [
    "93.184.216.34",
    "1.1.1.1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
    "172.32.0.1",
    "192.0.1.1",
]
PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.216.34",
    "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "4000::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert why_refused(address) is None


@pytest.mark.parametrize("address", PRIVATE)
def test_reserved_addresses_are_refused(address: str) -> None:
    assert why_refused(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "0",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "localhost",
        "LOCALHOST.",
        "127.0.0.1.",
        "①②⑦.0.0.1",
    ],
)
def test_every_spelling_of_this_machine_is_refused(host: str) -> None:
    """The resolver reads these as loopback or knows no such name: either way nothing is connected."""
    with pytest.raises(CrawlError) as refused:
        Guard().check(host, 80)
    assert refused.value.kind in ("address_refused", "name_not_resolved")


def answering(*answers: list[str]) -> Any:
    """A resolver that gives these answers, one a question."""
    left: Iterator[list[str]] = iter(answers)

    def resolve(host: str, port: int, *_: object) -> list[tuple[Any, ...]]:
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in next(left)
        ]

    return resolve


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    guard = Guard(resolve=answering(["93.184.216.34", "10.0.0.1"]))
    with pytest.raises(AddressRefused) as refused:
        guard.check("mixed.example", 443)
    assert refused.value.kind == "address_refused"
    assert "10.0.0.1" in str(refused.value)


def test_a_name_without_an_address_is_a_named_error() -> None:
    with pytest.raises(CrawlError) as error:
        Guard(resolve=answering([])).check("nothing.example", 80)
    assert error.value.kind == "name_not_resolved"


@pytest.mark.parametrize(
    ("allowed", "host", "port", "passes"),
    [
        ("127.0.0.1:2583", "127.0.0.1", 2583, True),
        ("127.0.0.1:2583", "127.0.0.1", 2584, False),
        ("127.0.0.1", "127.0.0.1", 9, True),
        ("intern.example:80", "INTERN.example.", 80, True),
        ("intern.example:80", "other.example", 80, False),
        ("127.0.0.1:80", "intern.example", 80, True),
        ("[::1]:80", "[::1]", 80, True),
        ("::1", "::1", 81, True),
    ],
)
def test_allow_hosts_names_a_host_or_an_address(allowed: str, host: str, port: int, passes: bool) -> None:
    address = "::1" if "::1" in host else "127.0.0.1"
    guard = Guard([allowed], resolve=answering([address]))
    if passes:
        assert [one.address for one in guard.check(host, port)] == [address]
    else:
        with pytest.raises(AddressRefused):
            guard.check(host, port)


@pytest.mark.parametrize("entry", ["", ":80", "host:port", "host:99999", "host:-1"])
def test_an_entry_that_is_no_host_is_an_error(entry: str) -> None:
    with pytest.raises(ValueError):
        split_allowed(entry)
