"""Content Credentials, signed here: levels, extents, ingredients, tampering, and that nothing is ever
fetched."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from detector.origin import c2pa
from storage.records import Extent, OriginEvidence
from tests.detector.drawings import scene
from tests.detector.files import encoded, jpeg, xmp
from tests.signing import COMPOSITE, GENERATED, STUDIO, TERMS, identity, signed, signed_jpeg

SIZE = (96, 96)
PLAIN = jpeg(seed=1, size=SIZE)
OPENED = {"action": "c2pa.opened", "parameters": {"ingredientIds": ["i0"]}}
PLACED = {"action": "c2pa.placed", "parameters": {"ingredientIds": ["i0"]}}
CREATED = {"action": "c2pa.created", "digitalSourceType": f"{TERMS}digitalCapture"}
ACTIONS: dict[str, list[dict[str, Any]]] = {
    "parentOf": [OPENED],
    "componentOf": [CREATED, PLACED],
    "inputTo": [CREATED],
}
EDITED = {"action": "c2pa.edited", "digitalSourceType": GENERATED}


def read(data: bytes, kind: str = "jpeg") -> tuple[OriginEvidence, ...]:
    return c2pa.read(data, kind)


@pytest.fixture(scope="module")
def generated() -> bytes:
    return signed_jpeg(PLAIN)


def test_an_unknown_signer_gives_level_two_and_is_named(generated: bytes) -> None:
    (found,) = read(generated)
    assert (found.level, found.extent) == (2, Extent.WHOLE)
    assert found.signal == "digitalSourceType: trainedAlgorithmicMedia"
    assert "Test Studio" in found.detail
    assert "signingCredential.untrusted" in found.detail


def test_a_signer_on_the_trust_list_gives_level_three(generated: bytes) -> None:
    trust = c2pa.Trust(identity(STUDIO).authority.decode(), "our list of today")
    (found,) = c2pa.read(generated, "jpeg", trust)
    assert found.level == 3
    assert "our list of today" in found.detail


def test_another_authoritys_list_does_not_help(generated: bytes) -> None:
    trust = c2pa.Trust(identity("Somebody Else").authority.decode(), "another list")
    (found,) = c2pa.read(generated, "jpeg", trust)
    assert found.level == 2


@pytest.mark.parametrize(
    ("source_type", "extent"),
    [
        (COMPOSITE, Extent.PART),
        (f"{TERMS}compositeSynthetic", Extent.PART),
        (f"{TERMS}algorithmicMedia", None),
        (f"{TERMS}digitalCapture", None),
        (f"{TERMS}composite", None),
    ],
)
def test_source_types(source_type: str, extent: Extent | None) -> None:
    found = read(signed_jpeg(PLAIN, source_type))
    assert [one.extent for one in found] == ([] if extent is None else [extent])


def test_an_edit_with_ai_is_a_part() -> None:
    (found,) = read(signed(PLAIN, [OPENED, EDITED], ingredients=[(PLAIN, "parentOf")]))
    assert found.extent is Extent.PART


@pytest.mark.parametrize(
    ("relationship", "extent", "level"),
    [("parentOf", Extent.WHOLE, 2), ("componentOf", Extent.PART, 2), ("inputTo", Extent.UNKNOWN, 0)],
)
def test_what_an_ingredient_means_for_the_whole(
    generated: bytes, relationship: str, extent: Extent, level: int
) -> None:
    picture = jpeg(seed=2, size=SIZE)
    outer = signed(picture, ACTIONS[relationship], ingredients=[(generated, relationship)])
    (found,) = read(outer)
    assert (found.extent, found.level) == (extent, level)
    assert f"ingredient ({relationship})" in found.detail


def test_a_trusted_ingredient_inside_an_unknown_signers_manifest_stays_at_level_two(generated: bytes) -> None:
    """Anybody can put somebody's credential into his own manifest: the pixels are bound by the outer one
    alone."""
    outer = signed(jpeg(seed=2, size=SIZE), [OPENED], by="Nobody", ingredients=[(generated, "parentOf")])
    (found,) = c2pa.read(outer, "jpeg", c2pa.Trust(identity(STUDIO).authority.decode(), "list"))
    assert found.level == 2


def test_a_trusted_ingredient_of_a_trusted_manifest_is_trusted(generated: bytes) -> None:
    outer = signed(jpeg(seed=2, size=SIZE), [OPENED], ingredients=[(generated, "parentOf")])
    (found,) = c2pa.read(outer, "jpeg", c2pa.Trust(identity(STUDIO).authority.decode(), "list"))
    assert (found.level, found.extent) == (3, Extent.WHOLE)


def test_a_tampered_picture_is_ignored(generated: bytes) -> None:
    changed = bytearray(generated)
    changed[-40] ^= 0x15  # in the scan
    (found,) = read(bytes(changed))
    assert (found.level, found.signal) == (0, "ignored: tampered")
    assert "assertion.dataHash.mismatch" in found.detail


def test_a_destroyed_manifest_is_unreadable_not_absent(generated: bytes) -> None:
    start = generated.index(b"jumb") + 60
    (found,) = read(generated[:start] + bytes(400) + generated[start + 400 :])
    assert found.level == 0
    assert found.signal.startswith(("unreadable", "ignored"))


@pytest.mark.parametrize(("kind", "media_type"), [("png", "image/png"), ("webp", "image/webp")])
def test_other_formats(kind: str, media_type: str) -> None:
    plain = encoded(scene(*SIZE), kind.upper())
    action = {"action": "c2pa.created", "digitalSourceType": GENERATED}
    (found,) = read(signed(plain, [action], media_type=media_type), kind)
    assert found.level == 2


@pytest.mark.parametrize(
    ("data", "kind"), [(PLAIN, "jpeg"), (b"", "jpeg"), (b"no picture", ""), (b"BM", "bmp"), (b"%PDF-", "pdf")]
)
def test_nothing_there(data: bytes, kind: str) -> None:
    assert [one.level for one in read(data, kind) if not one.signal.startswith("unreadable")] == []


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A port on loopback, and what reached it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    caller, _ = server.accept()
                except TimeoutError:
                    continue
                with caller:
                    heard.append(b"a call")

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], heard
        stop.set()
        thread.join()


def test_a_remote_manifest_is_unreadable_and_is_not_fetched(listener: tuple[int, list[bytes]]) -> None:
    """The library's own default is to fetch it: a stranger's picture would make us call where he likes."""
    port, heard = listener
    packet = xmp(GENERATED).replace(
        b'rdf:about=""',
        b'rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance='
        b'"http://127.0.0.1:%d/manifest.c2pa"' % port,
    )
    (found,) = read(jpeg(seed=1, size=SIZE, xmp=packet))
    assert (found.level, found.signal) == (0, "unreadable: remote manifest")
    assert heard == []
