"""The format of a pack: what is written is read again, and what strangers made of it is refused by name."""

import base64
import copy
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.jobs import pack_file
from desk.jobs.matching import comparable
from desk.jobs.pack_file import MOST_PICTURES, is_pack, packed, read_pack, write_pack
from storage.errors import RegistryError
from tests.desk.packed import document_of, pack_of, spoilt, written
from tests.desk.shop import jpeg, photo

pytestmark = pytest.mark.slow  # thousands of packs

PICTURES = {"Anna": [jpeg(photo(1)), jpeg(photo(2))], "Berta": [jpeg(photo(3))]}
PACK = pack_of(PICTURES)
DOCUMENT = document_of(PACK)
Spoil = Callable[[dict[str, Any]], object]


def read(path: Path) -> pack_file.Pack:
    return read_pack(path, comparable())


def outcome(path: Path) -> tuple[RegistryError | None, pack_file.Pack | None]:
    try:
        return None, read(path)
    except RegistryError as error:
        return error, None


def refused(path: Path) -> RegistryError:
    with pytest.raises(RegistryError) as said:
        read(path)
    return said.value


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "pack.json"
    path.write_bytes(b"older")
    path.chmod(0o644)
    told = write_pack(packed(PACK), path)
    assert read(path) == replace(PACK, digest=told)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["pack.json"]
    assert is_pack(path)


def test_a_pack_holds_no_pixels_and_is_small(tmp_path: Path) -> None:
    assert set(DOCUMENT["pictures"][0]) == {
        *("twin", "sha256", "width", "height", "quality", "mark_box", "fingerprints"),
    }
    assert set(DOCUMENT["pictures"][0]["fingerprints"]) == {
        *("pdq", "pdq/forms", "phash", "phash/forms", "tiles"),
    }
    assert len(packed(PACK)) / 3 < 15_000  # bytes a picture (issue 6)


def test_it_cannot_be_written_where_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="cannot be written: No such file or directory"):
        write_pack(b"x", tmp_path / "none" / "pack.json")
    assert list(tmp_path.iterdir()) == []


def at(*keys: str | int, value: object) -> Spoil:
    def spoil(document: dict[str, Any]) -> object:
        inner: Any = document
        for key in keys[:-1]:
            inner = inner[key]
        if value is ...:
            del inner[keys[-1]]
        else:
            inner[keys[-1]] = value
        return document

    return spoil


def encoded(bits: bytes) -> str:
    return base64.b64encode(bits).decode()


PRINTS = ("pictures", 0, "fingerprints")
MISTAKES: list[tuple[Spoil, str]] = [
    (at("algorithms", value=None), "algorithms: the version of each stage is expected"),
    (at("algorithms", value={"pdq": 2}), "algorithms: the version of each stage is expected"),
    (at("algorithms", "tiles", value=...), "pictures[0].fingerprints.tiles: the pack does not say which"),
    (at("twins", value={}), "twins: a list of 1 to 5000 twins is expected"),
    (at("twins", 0, value="Anna"), "twins[0]: an object is expected"),
    (at("twins", 0, "name", value=" "), "twins[0].name: a twin needs a name"),
    (at("twins", 0, "name", value="A\x1b[2Jnna"), "twins[0].name: one line of at most 200 characters"),
    (at("twins", 0, "name", value="x" * 201), "twins[0].name: one line of at most 200 characters"),
    (at("twins", 1, "name", value="Anna"), "twins[1].name: stands there twice"),
    (at("twins", 0, "kind", value="robot"), "twins[0].kind: expected one of digital_twin"),
    (at("twins", 0, "kind", value=["digital_twin"]), "twins[0].kind: expected one of digital_twin"),
    (at("basis", value="x" * 3000), "basis: one line of at most 2000 characters"),
    (at("attested_by", value=7), "attested_by: one line of at most 200 characters"),
    (at("pictures", value=None), "pictures: a list of pictures is expected"),
    (at("pictures", value=[]), "pictures: a list of pictures is expected"),
    (at("pictures", value=[1]), "pictures[0]: an object is expected"),
    (at("pictures", value=[{}] * (MOST_PICTURES + 1)), f"pictures: {MOST_PICTURES + 1}, and a pack holds"),
    (at("pictures", 0, "twin", value="Carla"), "pictures[0].twin: it is none of the pack's twins"),
    (at("pictures", 0, "twin", value=[]), "pictures[0].twin: a name is expected"),
    (at("pictures", 0, "sha256", value="AB" * 32), "pictures[0].sha256: 64 lower-case hex digits"),
    (at("pictures", 0, "sha256", value="../../etc/passwd"), "pictures[0].sha256: 64 lower-case hex digits"),
    (at("pictures", 0, "width", value=0), "pictures[0].width: sides of 1 to 1000000 px"),
    (at("pictures", 0, "height", value=1e400), "pictures[0].width: sides of 1 to 1000000 px"),
    (at("pictures", 0, "height", value=True), "pictures[0].width: sides of 1 to 1000000 px"),
    (at("pictures", 0, "quality", value=101), "pictures[0].quality: a whole number from 0 to 100"),
    (at("pictures", 0, "quality", value=99.5), "pictures[0].quality: a whole number from 0 to 100"),
    (at("pictures", 0, "quality", value=False), "pictures[0].quality: a whole number from 0 to 100"),
    (at("pictures", 0, "mark_box", value=[0, 0, 1, 1]), "pictures[0].mark_box: a pack says nothing of marks"),
    (at("pictures", 0, "name", value="a\nb"), "pictures[0].name: one line"),
    (at(*PRINTS, value=[]), "pictures[0].fingerprints: an object of fingerprints is expected"),
    (at(*PRINTS, value={}), "pictures[0].fingerprints: an object of fingerprints is expected"),
    (at(*PRINTS, "face", value=""), "pictures[0].fingerprints.face: the pack does not say which version"),
    (at(*PRINTS, "pdq", value="%%%"), "pictures[0].fingerprints.pdq: base64 is expected"),
    (at(*PRINTS, "pdq", value="\u00e4bc="), "pictures[0].fingerprints.pdq: base64 is expected"),
    (at(*PRINTS, "pdq", value=7), "pictures[0].fingerprints.pdq: base64 is expected"),
    (at(*PRINTS, "pdq", value=encoded(bytes(31))), "pdq: 31 bytes, and 32 are expected"),
    (at(*PRINTS, "pdq", value=encoded(bytes(64))), "pdq: 64 bytes, and 32 are expected"),
    (at(*PRINTS, "pdq", value=encoded(bytes(32))), "pdq: 0 of 256 bits are set"),
    (at(*PRINTS, "pdq", value=encoded(b"\xaa" * 32)), "pdq: its forms are of another picture"),
    (at(*PRINTS, "tiles", value=encoded(bytes(67))), "tiles: 67 bytes, and 1 to 42 times 68 are expected"),
    (at(*PRINTS, "tiles", value=encoded(bytes(68 * 43))), "tiles: 2924 bytes, and 1 to 42 times 68"),
    (at(*PRINTS, "tiles", value=""), "tiles: 0 bytes, and 1 to 42 times 68 are expected"),
]


@pytest.mark.parametrize(("spoil", "said"), MISTAKES, ids=[said for _, said in MISTAKES])
def test_a_mistake_is_named_by_its_place(tmp_path: Path, spoil: Spoil, said: str) -> None:
    document = spoil(copy.deepcopy(DOCUMENT))
    path = tmp_path / "pack.json"
    path.write_text(json.dumps(document))  # which writes what orjson would not
    error = refused(path)
    assert error.kind in ("bad_pack", "unreadable_pack")
    assert said in str(error) or error.kind == "unreadable_pack"


def test_a_picture_twice_and_a_picture_with_two_faces(tmp_path: Path) -> None:
    twice = copy.deepcopy(DOCUMENT)
    twice["pictures"].append(twice["pictures"][0])
    assert "pictures[3].sha256: this picture stands there twice" in str(refused(spoilt(tmp_path, twice)))
    other = copy.deepcopy(DOCUMENT)
    other["pictures"][2]["sha256"] = other["pictures"][0]["sha256"]
    assert "has other fingerprints elsewhere in the pack" in str(refused(spoilt(tmp_path, other)))


def test_the_first_twenty_mistakes_are_named_and_all_are_counted(tmp_path: Path) -> None:
    many = {**DOCUMENT, "pictures": [{}] * 30}
    said = str(refused(spoilt(tmp_path, many)))
    assert "30 mistakes" in said
    assert said.count("pictures[") == 20
    assert "and 10 more" in said


WHOLE_FILES = [
    (b"", "it is no JSON"),
    (b"{", "it is no JSON"),
    (b'{"a": NaN}', "it is no JSON"),
    (b"[" * 200_000, "it is no JSON"),
    (b'{"a":' * 5000 + b"1" + b"}" * 5000, "it is no JSON"),
    (b"[]", "a JSON object is expected"),
    (b"{}", "its format is not 'twinwatch-fingerprints'"),
    (b'{"format": "twinwatch-fingerprints"}', "format number none, and this program reads 1"),
    (b'{"format": "twinwatch-fingerprints", "version": 2}', "format number 2, and this program reads 1"),
    (b'{"format": "twinwatch-fingerprints", "version": true}', "format number none"),
    (b'\xff\xfe{"format"', "it is no JSON"),
]


@pytest.mark.parametrize(("data", "said"), WHOLE_FILES, ids=[said for _, said in WHOLE_FILES])
def test_what_is_no_pack_at_all(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "pack.json"
    path.write_bytes(data)
    assert said in str(refused(path))


def test_no_file_and_a_file_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "there is no such file" in str(refused(tmp_path / "none.json"))
    monkeypatch.setattr(pack_file, "MOST_BYTES", 1000)
    assert "larger than 1000 bytes" in str(refused(written(tmp_path, PACK)))
    assert not is_pack(tmp_path / "none.json")


def test_what_another_version_made_is_left_to_it(tmp_path: Path) -> None:
    newer = copy.deepcopy(DOCUMENT)
    newer["algorithms"] |= {"tiles": "9", "faces": "1"}
    for one in newer["pictures"]:
        one["fingerprints"] |= {"tiles": "whatever it is", "faces": "likewise"}
    found = read(spoilt(tmp_path, newer))
    assert set(found.pictures[0].prints) == {"pdq", "pdq/forms", "phash", "phash/forms"}
    assert found.algorithms["tiles"] == "9"


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
PLACES = st.sampled_from(
    [
        *[(name,) for name in DOCUMENT],
        *[("twins", 0, name) for name in DOCUMENT["twins"][0]],
        *[("pictures", 1, name) for name in DOCUMENT["pictures"][0]],
        *[("pictures", 1, "fingerprints", name) for name in DOCUMENT["pictures"][0]["fingerprints"]],
    ]
)
LONG_BASE64 = re.compile(r"[A-Za-z0-9+/]{24,}")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(places=st.lists(PLACES, min_size=1, max_size=3), values=st.lists(ANYTHING, min_size=3, max_size=3))
def test_whatever_stands_anywhere_is_a_pack_or_refused_by_name(
    tmp_path: Path, places: list[tuple[str | int, ...]], values: list[object]
) -> None:
    document: Any = copy.deepcopy(DOCUMENT)
    for place, value in zip(places, values, strict=False):
        with suppress(TypeError, LookupError):  # an earlier value stands where there were more
            at(*place, value=value)(document)
    path = tmp_path / "pack.json"
    try:
        path.write_bytes(orjson.dumps(document))
    except TypeError:
        return  # a surrogate, or a number that JSON does not have
    error, found = outcome(path)
    if error is not None:
        assert error.kind in ("bad_pack", "unreadable_pack", "pack_version")
        assert not LONG_BASE64.search(str(error).replace(str(path), ""))  # no fingerprint is quoted
    if found is not None:
        assert all(one.twin in {twin.name for twin in found.twins} for one in found.pictures)
