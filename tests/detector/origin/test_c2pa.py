"""Content Credentials, signed here: levels, extents, ingredients, tampering, and that nothing is ever
fetched."""

import random
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from detector.origin import c2pa
from detector.trust import NO_TRUST, Purpose, Trust, TrustList
from detector.trust_file import read_list
from storage.records import Extent, OriginEvidence
from tests.detector.drawings import scene
from tests.detector.files import encoded, jpeg, xmp
from tests.signing import (
    COMPOSITE,
    GENERATED,
    STUDIO,
    TERMS,
    identity,
    leaf,
    signed,
    signed_jpeg,
)

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
MADE = {"action": "c2pa.created", "digitalSourceType": GENERATED}
EDITED = {"action": "c2pa.edited", "digitalSourceType": GENERATED}


def read(data: bytes, kind: str = "jpeg", trust: Trust = NO_TRUST) -> tuple[OriginEvidence, ...]:
    return c2pa.read(data, kind, trust)


def listed(name: str, *certificates: bytes, purpose: Purpose = Purpose.CONTENT) -> TrustList:
    return read_list(name, b"".join(certificates), purpose).trust


def authority(of: str = STUDIO) -> bytes:
    return identity(of).authority


@pytest.fixture(scope="module")
def generated() -> bytes:
    return signed_jpeg(PLAIN)


def test_an_unknown_signer_gives_level_two_and_is_named(generated: bytes) -> None:
    (found,) = read(generated)
    assert (found.level, found.extent) == (2, Extent.WHOLE)
    assert found.signal == "digitalSourceType: trainedAlgorithmicMedia"
    assert "Test Studio" in found.detail
    assert "signingCredential.untrusted" in found.detail


@pytest.mark.parametrize("by_itself", [False, True], ids=["by an authority", "by name"])
def test_a_signer_on_a_trust_list_gives_level_three_and_the_list_is_named(
    generated: bytes, *, by_itself: bool
) -> None:
    ours = listed("our-list", leaf(identity(STUDIO)) if by_itself else authority())
    other = listed("another-list", authority("Somebody Else"))
    (found,) = read(generated, trust=Trust((other, ours)))
    assert found.level == 3
    assert f"trusted by our-list (SHA-256 {ours.sha256[:12]})" in found.detail
    assert "another-list" not in found.detail


def test_every_list_that_knows_the_signer_is_named_in_one_order(generated: bytes) -> None:
    """The library names any one of them, now this and now that: an answer would change every night."""
    lists = [listed(name, authority()) for name in ("first", "second", "third")]
    details = {read(generated, trust=Trust(tuple(lists)))[0].detail for _ in range(4)}
    (detail,) = details
    assert detail.endswith(f"trusted by {', '.join(one.words for one in lists)}")


def test_another_authoritys_list_does_not_help(generated: bytes) -> None:
    (found,) = read(generated, trust=Trust((listed("another-list", authority("Somebody Else")),)))
    assert found.level == 2
    assert "asked: another-list" in found.detail


def test_who_may_vouch_for_the_time_may_not_sign(generated: bytes) -> None:
    """c2pa-rs 0.91 trusts a signer by whatever list it is given, one for timestamps too."""
    timing = listed("for-time", authority(), purpose=Purpose.TIMESTAMP)
    other = listed("another-list", authority("Somebody Else"))
    for trust in (Trust((timing,)), Trust((timing, other))):
        (found,) = read(generated, trust=trust)
        assert found.level == 2
    (found,) = read(generated, trust=Trust((timing, listed("for-content", authority()))))
    assert (found.level, "for-time" in found.detail) == (3, False)


@pytest.mark.parametrize(
    ("by_time", "by_content", "by_both", "known"),
    [(False, False, True, True), (True, False, True, False), (True, True, True, True)],
)
def test_a_signer_whose_certificate_has_ended_needs_a_list_for_the_time(
    monkeypatch: pytest.MonkeyPatch, *, by_time: bool, by_content: bool, by_both: bool, known: bool
) -> None:
    """What the library says under the one list, under the other and under both, and what we make of it."""
    content, timing = TrustList("content", "a" * 64), TrustList("time", "b" * 64, Purpose.TIMESTAMP)
    said = {(timing,): by_time, (content,): by_content, (content, timing): by_both}

    def answer(_: object, lists: Sequence[TrustList]) -> Mapping[str, Any]:
        status = {"url": "self#jumbf=/c2pa/m/c2pa.signature", "code": "signingCredential.trusted"}
        return {"validation_results": {"activeManifest": {"success": [status] * said[tuple(lists)]}}}

    monkeypatch.setattr(c2pa._File, "read", answer)
    file = c2pa._File(b"", "image/jpeg", Trust((content, timing)))
    assert bool(file.vouch("m")) is known


@pytest.mark.parametrize(
    ("against", "level"), [("", 3), ("signingCredential.ocsp.revoked", 2), ("timeStamp.mismatch", 2)]
)
def test_whatever_is_held_against_a_trusted_signer_leaves_level_two(
    monkeypatch: pytest.MonkeyPatch, against: str, level: int
) -> None:
    """Known to a list, and his certificate was taken back: as the library might report it."""
    place = {"url": "self#jumbf=/c2pa/m/c2pa.signature"}
    results = {
        "success": [{**place, "code": "signingCredential.trusted"}],
        "failure": [{**place, "code": against}] if against else [],
    }
    store = {
        "active_manifest": "m",
        "manifests": {"m": {"assertions": [{"label": "c2pa.actions", "data": {"actions": [MADE]}}]}},
        "validation_results": {"activeManifest": results},
    }
    monkeypatch.setattr(c2pa._File, "read", lambda *_: store)
    (found,) = read(signed_jpeg(PLAIN), trust=Trust((TrustList("content", "a" * 64),)))
    assert found.level == level
    assert against in found.detail


@pytest.mark.slow
def test_an_expired_signer_stays_at_level_two() -> None:
    """The library signs with no certificate that has ended, so one that soon does is waited for."""
    who = identity("Ended", timedelta(seconds=3))
    data = signed(PLAIN, [{"action": "c2pa.created", "digitalSourceType": GENERATED}], who=who)
    time.sleep(5)  # certificates count in whole seconds
    (found,) = read(data, trust=Trust((listed("list", who.authority),)))
    assert found.level == 2
    assert "signingCredential.expired" in found.detail


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


PLACED_FIRST = {"action": "c2pa.placed", "parameters": {"ingredientIds": ["i0"]}}
PLACED_SECOND = {"action": "c2pa.placed", "parameters": {"ingredientIds": ["i1"]}}
PHOTOGRAPH = jpeg(seed=4, size=SIZE)


def test_a_photographed_model_before_a_generated_background_is_no_generated_picture(generated: bytes) -> None:
    """Neither where the background was made in this very file, nor where it is its parent; and whatever was
    saved of it afterwards."""
    taken = signed_jpeg(PHOTOGRAPH, f"{TERMS}digitalCapture")
    made = signed(PLAIN, [MADE, PLACED_FIRST], ingredients=[(taken, "componentOf")])
    unsigned = signed(PLAIN, [MADE, PLACED_FIRST], ingredients=[(PHOTOGRAPH, "componentOf")])
    before = signed(
        PLAIN, [OPENED, PLACED_SECOND], ingredients=[(generated, "parentOf"), (PHOTOGRAPH, "componentOf")]
    )
    saved = signed(PLAIN, [OPENED], ingredients=[(made, "parentOf")])
    for data in (made, unsigned, before, saved):
        found = read(data)
        assert {one.extent for one in found} == {Extent.PART}, found


def test_what_is_placed_and_generated_itself_leaves_it_whole(generated: bytes) -> None:
    twice = signed(PLAIN, [MADE, PLACED_FIRST], ingredients=[(generated, "componentOf")])
    said = PLACED_FIRST | {"digitalSourceType": GENERATED}
    told = signed(PLAIN, [MADE, said], ingredients=[(PHOTOGRAPH, "componentOf")])
    for data in (twice, told):
        assert read(data)[0].extent is Extent.WHOLE


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
    (found,) = read(outer, trust=Trust((listed("list", authority()),)))
    assert found.level == 2


def test_a_trusted_ingredient_of_a_trusted_manifest_is_trusted(generated: bytes) -> None:
    outer = signed(jpeg(seed=2, size=SIZE), [OPENED], ingredients=[(generated, "parentOf")])
    (found,) = read(outer, trust=Trust((listed("list", authority()),)))
    assert (found.level, found.extent) == (3, Extent.WHOLE)


def test_a_tampered_picture_is_ignored(generated: bytes) -> None:
    changed = bytearray(generated)
    changed[-40] ^= 0x15  # in the scan
    (found,) = read(bytes(changed))
    assert (found.level, found.signal) == (0, "ignored: tampered")
    assert "assertion.dataHash.mismatch" in found.detail
    assert read(bytes(changed), trust=Trust((listed("list", authority()),))) == (found,)


def test_a_manifest_of_megabytes(generated: bytes) -> None:
    noise = random.Random(1).randbytes(5_000_000)
    data = signed(PLAIN, [{"action": "c2pa.created", "digitalSourceType": GENERATED}], thumbnail=noise)
    assert len(data) > len(noise)
    before = time.thread_time()
    assert [one.level for one in read(data)] == [2]
    assert time.thread_time() - before < 2  # seconds: the limit for a hostile file
    assert data[:2] == generated[:2]


def test_thousands_of_claims_become_a_few() -> None:
    actions = [{"action": f"org.test.{n}", "digitalSourceType": GENERATED} for n in range(2000)]
    found = read(signed(PLAIN, [{"action": "c2pa.created", "digitalSourceType": GENERATED}, *actions]))
    assert len(found) == c2pa.MOST_CLAIMS
    assert found[0].extent is Extent.WHOLE


def manifest(*ingredients: str, ai: bool = False) -> dict[str, Any]:
    said = [{"label": "c2pa.actions", "data": {"actions": [EDITED | {"action": "c2pa.created"}]}}]
    return {
        "assertions": said if ai else [],
        "ingredients": [{"active_manifest": name, "relationship": "parentOf"} for name in ingredients],
    }


@pytest.mark.parametrize(
    "manifests",
    [
        {"a": manifest("a", ai=True)},
        {"a": manifest("b"), "b": manifest("a", ai=True)},
        {"a": manifest("b"), "b": manifest("c"), "c": manifest("b", "a", "c", ai=True)},
    ],
    ids=["itself", "each other", "three"],
)
def test_cyclic_ingredients_come_to_an_end(
    monkeypatch: pytest.MonkeyPatch, manifests: dict[str, Any]
) -> None:
    """No writer can make them, since a manifest holds its ingredients' digests: as the library might report
    them."""
    store = {"active_manifest": "a", "manifests": manifests}
    monkeypatch.setattr(c2pa._File, "read", lambda *_: store)
    (found,) = read(signed_jpeg(PLAIN))
    assert (found.level, found.extent) == (2, Extent.WHOLE)


def test_ingredients_deeper_than_any_picture_has_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    manifests = {str(n): manifest(str(n + 1), ai=True) for n in range(5000)}
    monkeypatch.setattr(c2pa._File, "read", lambda *_: {"active_manifest": "0", "manifests": manifests})
    assert len(read(signed_jpeg(PLAIN))) == c2pa.MOST_CLAIMS


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


@pytest.mark.parametrize("filling", [b"\x00", b"\xd8\xfe\xc3"])
def test_malformed_boxes_in_a_jpeg_are_unreadable_not_absent(filling: bytes) -> None:
    """Of which the library itself says that there is no manifest."""
    part = b"\xff\xeb" + (60_010).to_bytes(2, "big") + b"JP\x00\x01\x00\x00\x00\x01"
    data = PLAIN[:2] + (part + filling * (60_000 // len(filling))) * 20 + PLAIN[2:]
    (found,) = c2pa.read(data, "jpeg")
    assert (found.level, found.signal) == (0, "unreadable: the credential cannot be read")


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
