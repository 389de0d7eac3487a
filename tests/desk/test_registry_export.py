"""The registry as a table, as lines, and as hashes."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.jobs.hash_lists import read_hashes
from desk.jobs.packs import Terms, import_pack
from desk.jobs.registry_export import COLUMNS, Format, export
from storage.errors import RegistryError
from storage.records import Box, ReferenceImage, ReferenceKind, Twin
from tests.desk.packed import ATTESTED, BASIS, pack_of, written
from tests.desk.shop import NOW, Shop, jpeg, looked_at, photo

pytestmark = pytest.mark.slow  # whole commands

VILDE, NOOR = jpeg(photo(1)), jpeg(photo(2))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    pack = pack_of({"Vilde": [VILDE, NOOR]}, basis="=HYPERLINK(1)")
    import_pack(shop.store, written(tmp_path, pack), Terms())
    shop.store.bank.withdraw_references("Vilde", NOW, [looked_at(NOOR).sha256])
    yield shop
    shop.store.close()


def test_as_a_table_with_the_columns_of_an_import(shop: Shop) -> None:
    shop.store.bank.mark("Vilde", [looked_at(VILDE).sha256], Box(0.1, 0.2, 0.3, 0.4))
    done = export(shop.store, [], Format.CSV)
    (row,) = csv.DictReader(io.StringIO(done.data.decode("utf-8-sig")))
    assert tuple(row) == COLUMNS
    assert (row["twin"], row["agency"], row["image"], row["mark_box"]) == (
        "Vilde", ATTESTED, "pack.json", "0.1,0.2,0.3,0.4",
    )  # fmt: skip
    assert row["basis"] == "'=HYPERLINK(1)"  # no spreadsheet runs it
    assert (done.twins, done.pictures) == (1, 1)


def test_as_lines(shop: Shop) -> None:
    (line,) = export(shop.store, ["Vilde"], Format.JSONL).data.decode().splitlines()
    (one,) = json.loads(line)["references"]
    assert (one["handed"], one["attested_by"], one["basis"]) == ("fingerprints", ATTESTED, "=HYPERLINK(1)")


def test_as_hashes_of_what_was_handed_over(shop: Shop, tmp_path: Path) -> None:
    done = export(shop.store, [], Format.PDQ)
    path = tmp_path / "hashes.txt"
    path.write_bytes(done.data)
    pdq = next(one for one in looked_at(VILDE).fingerprints if one.algorithm == "pdq")
    assert [one.bits for one in read_hashes(path)] == [pdq.bits]
    assert done.left_out == ()


def test_a_real_persons_hash_is_in_no_list_that_did_not_ask_for_it(shop: Shop) -> None:
    """Whoever gets a list of hashes registers all of them as AI."""
    shop.register("Ida", NOOR, kind=ReferenceKind.HUMAN_ORIGINAL)
    done = export(shop.store, [], Format.PDQ)
    assert (done.pictures, "Ida" in done.data.decode()) == (1, False)
    assert "Ida: pictures of a real person, registered as not AI" in done.left_out[0]
    named = export(shop.store, ["Ida"], Format.PDQ)
    assert "# Ida (human_original: a real person's picture, not AI)" in named.data.decode()
    assert named.pictures == 1


def test_documents_and_notes_are_in_the_table(shop: Shop) -> None:
    kept = ReferenceImage(
        "Noor", looked_at(NOOR).sha256, ReferenceKind.DIGITAL_TWIN, "c", document="a.pdf",
        document_sha256="ab" * 32, note="from the studio",
    )  # fmt: skip
    shop.store.add_twin(Twin("Noor", ReferenceKind.DIGITAL_TWIN, added_at=NOW), [kept])
    (row,) = csv.DictReader(io.StringIO(export(shop.store, ["Noor"], Format.CSV).data.decode("utf-8-sig")))
    assert (row["document"], row["note"]) == ("ab" * 32, "from the studio")


@pytest.mark.slow
def test_as_hashes_of_the_whole_decode_where_the_picture_is_here(shop: Shop, tmp_path: Path) -> None:
    shop.register("Noor", NOOR)
    found = export(shop.store, ["Noor"], Format.PDQ)
    path = tmp_path / "hashes.txt"
    path.write_bytes(found.data)
    (one,) = read_hashes(path)
    quick = next(each for each in looked_at(NOOR).fingerprints if each.algorithm == "pdq")
    assert (int.from_bytes(one.bits) ^ int.from_bytes(quick.bits)).bit_count() < 16


def test_nobody_of_that_name(shop: Shop) -> None:
    with pytest.raises(RegistryError, match="no twin is registered as 'Anna'"):
        export(shop.store, ["Vilde", "Anna"], Format.CSV)
    assert BASIS not in export(shop.store, ["Vilde"], Format.CSV).data.decode()
