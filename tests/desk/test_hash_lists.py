"""PDQ as plain hex: what is a list of them, what is refused by line, and there and back."""

import hashlib
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.jobs import hash_lists
from desk.jobs.hash_lists import hash_list, import_hashes, is_hash_list, name_of, read_hashes
from desk.jobs.packs import Terms
from storage.errors import RegistryError
from storage.handed import Handed
from storage.records import Fingerprint, ReferenceKind
from tests.desk.shop import Shop

pytestmark = pytest.mark.slow  # whole commands

HALF = "aa" * 32  # half of the bits, as a PDQ has
OTHER = "a5" * 32
TERMS = Terms(twin="Vilde", basis="their list", attested_by="Agency A")


def listed(folder: Path, text: str | bytes) -> Path:
    path = folder / "hashes.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


GOOD: dict[str, str | bytes] = {
    "plain": f"{HALF}\n{OTHER}\n",
    "comments, empty lines, upper case": f"# Twin A\n\n{HALF.upper()}   # the first\n\t{OTHER}\n",
    "with quality": f"{HALF},100\n{OTHER} ; 73",
    "a mark before, CRLF": b"\xef\xbb\xbf" + f"{HALF}\r\n{OTHER}\r\n".encode(),
    "one of them twice": f"{HALF}\n{OTHER}\n{HALF}\n",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_the_ways_in_which_they_are_written(tmp_path: Path, text: str | bytes) -> None:
    path = listed(tmp_path, text)
    assert [one.bits.hex() for one in read_hashes(path)] == [HALF, OTHER]
    assert is_hash_list(path)


BAD: dict[str, tuple[str | bytes, str]] = {
    "no hash in it": ("# nothing\n", "there is no hash in it"),
    "too short": (f"{HALF}\n{HALF[:-1]}\n", "line 2: 64 hex digits are expected"),
    "no hex": ("z" * 64, "line 1: 64 hex digits are expected"),
    "a name behind it": (f"{HALF},100,anna.jpg", "line 1: 64 hex digits are expected, and nothing else but"),
    "an impossible quality": (f"{HALF},101", "line 1: 64 hex digits are expected, and nothing else but"),
    "a digest of a file": ("f" * 63 + "0", "line 1: 252 of 256 bits are set, and of a PDQ 128 are"),
    "a flat picture": ("0" * 64, "line 1: 0 of 256 bits are set"),
    "no text": (b"\xff\xfea\0", "it is no text in UTF-8"),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD)
def test_a_mistake_is_named_by_its_line_and_not_quoted(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(RegistryError) as refused:
        read_hashes(listed(tmp_path, text))
    assert said in str(refused.value)
    assert HALF[:16] not in str(refused.value)


def test_a_list_of_files_digests_is_no_list_of_pdq(tmp_path: Path) -> None:
    digests = "\n".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(40))
    with pytest.raises(RegistryError, match="of 256 bits are set, and of a PDQ 128 are") as refused:
        read_hashes(listed(tmp_path, digests))
    assert "more" in str(refused.value)


def test_no_file_and_a_list_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RegistryError, match="cannot be read: No such file"):
        read_hashes(tmp_path / "none.txt")
    assert not is_hash_list(tmp_path / "none.txt")
    monkeypatch.setattr(hash_lists, "MOST_BYTES", 100)
    with pytest.raises(RegistryError, match="larger than 100 bytes"):
        read_hashes(listed(tmp_path, GOOD["plain"]))
    monkeypatch.setattr(hash_lists, "MOST_BYTES", 1000)
    monkeypatch.setattr(hash_lists, "MOST_PICTURES", 1)
    with pytest.raises(RegistryError, match="2 hashes, and a list holds 1 at most"):
        read_hashes(listed(tmp_path, GOOD["plain"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_whatever_the_file_is_it_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    path = listed(tmp_path, data)
    is_hash_list(path)
    with pytest.raises(RegistryError) as refused:
        read_hashes(path)
    assert refused.value.kind in ("bad_hashes", "unreadable_list")


@settings(deadline=None)
@given(st.lists(st.randoms(use_true_random=False), min_size=1, max_size=5))
def test_there_and_back(tmp_path_factory: pytest.TempPathFactory, dice: list[random.Random]) -> None:
    hashes = []
    for one in dice:
        bits = 0
        for place in one.sample(range(256), 128):
            bits |= 1 << place
        hashes.append(bits.to_bytes(32))
    written = hash_list((f"Twin {n}\n#", Fingerprint("pdq", bits, 90)) for n, bits in enumerate(hashes))
    path = listed(tmp_path_factory.mktemp("list"), written)
    assert [one.bits for one in read_hashes(path)] == list(dict.fromkeys(hashes))


def test_they_are_registered_under_a_name_that_gives_nothing_away(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    path = listed(tmp_path, f"{HALF}\n{OTHER},30\n")
    done = import_hashes(shop.store, path, TERMS, ReferenceKind.SYNTHETIC_MODEL)
    (one,) = done.new
    assert (one.twin, one.kind, one.handed) == ("Vilde", ReferenceKind.SYNTHETIC_MODEL, Handed.FINGERPRINTS)
    assert one.sha256 == name_of(bytes.fromhex(HALF)) != HALF
    assert done.left_out == ("line 2: a quality of 30 is that of a picture that carries too little",)
    assert shop.store.fingerprints([one.sha256])[one.sha256] == (
        Fingerprint("pdq", bytes.fromhex(HALF), None),
    )
    again = import_hashes(shop.store, path, TERMS, ReferenceKind.SYNTHETIC_MODEL)
    assert (again.new, again.known[0].sha256) == ((), one.sha256)
    assert shop.store.packs.outdated({"pdq": "99"}) == []  # every version takes PDQ alike
    shop.store.close()


@pytest.mark.parametrize(
    ("terms", "said"), [(Terms(basis="b"), "names no twin"), (Terms(twin="Vilde"), "--basis is missing")]
)
def test_who_they_show_and_on_what_basis_must_be_said(tmp_path: Path, terms: Terms, said: str) -> None:
    shop = Shop(tmp_path)
    with pytest.raises(RegistryError, match=said):
        import_hashes(shop.store, listed(tmp_path, GOOD["plain"]), terms)
    assert shop.store.references() == []
    shop.store.close()
