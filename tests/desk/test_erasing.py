"""Nothing of an erased twin is left in any file of the store: looked for byte by byte, and found before."""

import base64
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desk.jobs.health_taken_out import taken_out_health
from detector.examine import reference_stage_versions
from storage.checks import KeptCheck
from storage.consent import Consent
from storage.keeping import WHOLE, Contest
from storage.records import (
    FindingStatus,
    Negative,
    PairDecision,
    PairReview,
    ReferenceImage,
    ReferenceKind,
    Review,
    ReviewDecision,
    Twin,
)
from storage.store import Store
from tests.desk.packed import pack_of
from tests.desk.packed import written as packed_up
from tests.desk.shop import NOW, Shop, beside, cropped, digest, jpeg, looked_at, photo

pytestmark = pytest.mark.slow  # detection, drawings and reports on real pictures

TWIN, MODEL, AGENCY, NOTE = "Ragnhild Digital", "Ragnhild Åsgård", "Modellhuset Nord", "her lawyer is K. Lie"
CLAUSE = "not for swimwear, as Ragnhild wishes"
OTHER = "Noor"
PICTURE, SECOND = jpeg(photo(1)), jpeg(photo(2))
COPY, PART = jpeg(photo(1), 70), jpeg(cropped(photo(2)))  # as they were published
UNLIKE = jpeg(photo(9))
KEPT = jpeg(photo(1), 55)  # as a check's small copy
WINDOW = 48  # bytes: chance finds none
HEAD = 700  # bytes: tables that all JPEGs of one quality share
TWINWATCH = Path(sys.executable).with_name("twinwatch")
ERASE = ("twins", "withdraw", TWIN, "--erase", "--reason", f"{MODEL} asked for it", "--by", "ann", "--yes")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.store.close()


def register(shop: Shop, *pictures: bytes) -> None:
    twin = Twin(TWIN, ReferenceKind.DIGITAL_TWIN, MODEL, AGENCY, NOTE, NOW)
    references = [
        ReferenceImage(
            TWIN,
            shop.store.media.put(data),
            twin.kind,
            f"contract with {MODEL}",
            AGENCY,
            source="ragnhild.jpg",
        )
        for data in pictures
    ]
    shop.store.add_twin(twin, references)
    for data in pictures:
        shop.examine(data)
    shop.store.terms.add(
        Consent(TWIN, "one", clause=CLAUSE, pay_note="as for a shoot, by Lie", document="ragnhild.pdf")
    )


@dataclass(frozen=True, slots=True)
class House:
    """A store after some nights, and what the search looks for in its files."""

    shop: Shop
    call: Callable[..., Any]
    needles: Mapping[str, bytes]
    captured: Mapping[str, bytes]  # that go with --captures
    never: Mapping[str, bytes]  # forms in which nothing is kept: nowhere before, and nowhere after

    def found(self, needles: Mapping[str, bytes]) -> set[str]:
        """Those that are in one of the files beneath the folder."""
        files = [path.read_bytes() for path in self.shop.folder.rglob("*") if path.is_file()]
        return {name for name, needle in needles.items() if any(needle in data for data in files)}


def windows(name: str, data: bytes) -> dict[str, bytes]:
    """A few pieces of it: enough to say that a part of it is there. A JPEG's first bytes are everybody's."""
    if len(data) <= WINDOW:
        return {name: data}
    places = range(0, len(data) - WINDOW + 1, max(1, (len(data) - WINDOW) // 6))
    return {f"{name} at {place}": data[place : place + WINDOW] for place in places}


def prints_of(store: Store, *pictures: bytes) -> dict[str, bytes]:
    """Their fingerprints, without those that a collected copy has as well."""
    copies = store.fingerprints([digest(COPY), digest(PART)]).values()
    others = {one.bits for prints in copies for one in prints}
    return {
        f"{one.algorithm} {number} of {sha256[:6]}": one.bits[:WINDOW]
        for sha256, prints in store.fingerprints([digest(data) for data in pictures]).items()
        for number, one in enumerate(prints)
        if len(one.bits) >= 16 and one.bits not in others
    }


def written(needles: Mapping[str, bytes]) -> dict[str, bytes]:
    """As text that somebody might have written down."""
    as_hex = {f"{name} hex": needle.hex().encode() for name, needle in needles.items()}
    thirds = {name: needle[: len(needle) // 3 * 3] for name, needle in needles.items()}
    return as_hex | {f"{name} base64": base64.b64encode(needle) for name, needle in thirds.items()}


def thumbnails(page: str) -> list[str]:
    """Of the registered pictures in a report, in base64 as it holds them."""
    figures = [figure for figure in page.split("<figure>")[1:] if f"registered as {TWIN}" in figure]
    found = [re.findall(r"base64,([A-Za-z0-9+/=]+)", figure)[0] for figure in figures]
    assert found
    return found


@pytest.fixture
def house(shop: Shop, twinwatch: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> House:
    register(shop, PICTURE, SECOND)
    shop.register(OTHER, jpeg(photo(3)))
    shop.publish(COPY, PART)
    shop.publish(jpeg(photo(3), 80), UNLIKE, account="two")
    shop.detect()
    number = next(one.id for one in shop.findings() if one.sha256 == digest(COPY))
    note = f"{MODEL} told us; see {digest(PICTURE)[:12]}"
    shop.store.add_review(Review(number, ReviewDecision.CONFIRMED, "ann", NOW, note))
    shop.store.pairs.add(
        PairReview(digest(COPY), digest(PICTURE), PairDecision.CONFIRMED, "ann", NOW, f"it is {TWIN}")
    )
    shop.store.start_run("nightly-1", NOW)
    shop.store.end_run("nightly-1", NOW, {"warnings": [f"{digest(SECOND)[:12]} of {TWIN} is odd"]})
    shop.store.contests.add(Contest(TWIN, WHOLE, "bea", NOW, f"{MODEL} denies it"))
    shop.store.contests.add(Contest(TWIN, WHOLE, "bea", NOW, "shown", undone=True))
    shop.detect()
    told = {"matches": [{"twin": TWIN, "reference": digest(PICTURE)}], "reasons": [f"it shows {TWIN}"]}
    kept = KeptCheck(NOW, "ann", f"{MODEL} again", {"caption": f"with {MODEL}"}, told, (TWIN,))
    shop.store.checks.keep(kept, KEPT)
    shop.store.checks.keep(KeptCheck(NOW, "ann", f"asked by {MODEL}", {}, {"matches": []}, (OTHER,)), UNLIKE)
    registered = tmp_path_factory.mktemp("originals") / "ragnhild.jpg"
    registered.write_bytes(PICTURE)
    assert twinwatch("findings", "export", "--pictures", "whole", "--names", "-o", "report.html").status == 0
    assert twinwatch("findings", "export", "--names", "-o", "findings.csv").status == 0
    assert twinwatch("match", str(registered), "--explain", "drawn").status == 0
    (drawing,) = (shop.folder / "drawn").glob("*.png")
    small = thumbnails((shop.folder / "report.html").read_text())
    needles = {
        **windows("picture", PICTURE[HEAD:]),
        **windows("second", SECOND[HEAD:]),
        **prints_of(shop.store, PICTURE, SECOND),
        **{
            name: needle
            for number, text in enumerate(small)
            for name, needle in windows(f"thumbnail {number}", text[HEAD:].encode()).items()
        },
        **windows("kept check", KEPT[HEAD:]),
        **windows("drawing", drawing.read_bytes()[HEAD:]),
        **{f"name {one}": one.encode() for one in (TWIN, MODEL, AGENCY, NOTE, CLAUSE, "ragnhild.pdf")},
        "first name": b"Ragnhild",
        **{f"digest {place}": digest(data).encode() for place, data in enumerate((PICTURE, SECOND))},
    }
    captured = {
        **windows("copy", COPY[HEAD:]),
        **windows("part", PART[HEAD:]),
        **{
            f"{one.algorithm} of {data[:6]!r}": one.bits[:WINDOW]
            for data in (COPY, PART)
            for one in looked_at(data).fingerprints
            if len(one.bits) >= 16 and f"fingerprint:{one.algorithm}" not in _reference_only()
        },
    }
    never = written(prints_of(shop.store, PICTURE, SECOND))
    never |= {
        f"raw digest {place}": bytes.fromhex(digest(one)) for place, one in enumerate((PICTURE, SECOND))
    }
    for number, text in enumerate(small):
        never |= windows(f"decoded thumbnail {number}", base64.b64decode(text)[HEAD:])
    return House(shop, twinwatch, needles, captured, never)


def _reference_only() -> set[str]:
    return {stage for stage in reference_stage_versions() if "/" in stage or "tiles" in stage}


def answers(house: House) -> dict[str, tuple[str, str, int]]:
    return {
        one.sha256: (one.answer.verdict.labelling, one.answer.verdict.consent, one.answer.verdict.level)
        for one in house.shop.store.findings()
    }


@pytest.mark.parametrize("captures", [False, True])
def test_nothing_of_an_erased_twin_is_left_in_any_file(house: House, captures: bool) -> None:
    before, held = answers(house), house.found(house.captured)
    assert house.found(house.needles) == set(house.needles)
    assert held == set(house.captured)
    decoy = house.shop.folder / "decoy"
    decoy.write_bytes(b" ".join(house.never.values()))
    assert house.found(house.never) == set(house.never)
    decoy.unlink()
    house.shop.store.close()
    said = house.call(*ERASE, "--receipt", "receipt.json", *(["--captures"] if captures else []))
    assert said.status == 0, said.err
    assert house.found({**house.needles, **house.never}) == set()
    assert house.found(house.captured) == (set() if captures else held)
    # what stays: the other twin, the post, and findings with the same verdicts, of a twin without a name
    assert answers(house) == before
    (finding,) = (one for one in house.shop.store.findings() if one.sha256 == digest(COPY))
    assert finding.status is FindingStatus.CONFIRMED
    assert finding.answer.verdict.twin == "erased twin 1"
    assert any("erased twin 1 was erased on" in reason for reason in finding.answer.verdict.reasons)
    assert (finding.failure is not None) is captures
    assert house.shop.store.media.has(digest(jpeg(photo(3))))
    (left,) = house.shop.store.checks.latest()  # of the other twin; nobody is named in it
    assert (left.note, left.twins, house.shop.store.checks.picture(left.id)) == (
        "asked by [erased]",
        (OTHER,),
        UNLIKE,
    )
    assert house.shop.store.erasures.receipts()[0].document["erased"]["kept_checks"] == 1
    assert house.call("receipts", "verify", "receipt.json").status == 0
    # another pass takes nothing away, finds nothing anew, asks no person, and misses no bytes
    assert house.call("detect").status == 0
    assert answers(house) == before
    assert house.found(house.needles) == set()
    assert not house.call("pairs", "list", "--undecided", "--json").lines
    assert house.call("findings", "export", "-o", "report.html").status == 0


def test_the_same_file_of_somebody_else_stays_and_is_told(shop: Shop, twinwatch: Callable[..., Any]) -> None:
    """Collected as it was registered; registered for another twin; registered as a negative."""
    shared, negative = jpeg(photo(4)), jpeg(photo(5))
    register(shop, PICTURE, shared, negative)
    shop.register(OTHER, shared)
    shop.store.bank.add_negative(Negative("studio", digest(negative), "ann", "", NOW))
    shop.publish(PICTURE)
    shop.detect()
    tiles = {one.algorithm for one in shop.store.fingerprints([digest(PICTURE)])[digest(PICTURE)]}
    assert "tiles" in tiles
    said = twinwatch(*ERASE)
    assert said.status == 0, said.err
    assert "a collected post shows the very same file" in said.out
    assert "another twin's picture is the same" in said.out
    assert "must never match too" in said.out
    assert all(shop.store.media.has(digest(data)) for data in (PICTURE, shared, negative))
    left = {one.algorithm for one in shop.store.fingerprints([digest(PICTURE)])[digest(PICTURE)]}
    assert left == {one.algorithm for one in looked_at(PICTURE).fingerprints} - {"tiles", "local/reference"}
    assert left == tiles - {"tiles", "local/reference"}
    (finding,) = shop.store.findings()
    assert finding.answer.verdict.twin == "erased twin 1"
    assert [one.sha256 for one in shop.store.references(OTHER)] == [digest(shared)]
    files = b"".join(path.read_bytes() for path in shop.folder.glob("twinwatch.db*"))
    assert MODEL.encode() not in files


def test_a_list_or_a_pack_does_not_bring_her_back(shop: Shop, twinwatch: Callable[..., Any]) -> None:
    """Neither by a picture that went nor by one whose bytes stay, since it was published to the byte."""
    register(shop, PICTURE, SECOND)
    shop.publish(PICTURE)
    shop.detect()
    assert twinwatch(*ERASE, "--receipt", "receipt.json").status == 0
    for name, data in (("1.jpg", PICTURE), ("2.jpg", SECOND)):
        (shop.folder / name).write_bytes(data)
    (shop.folder / "twins.csv").write_text(
        f"twin,image,basis\n{TWIN},1.jpg,contract\n{TWIN},2.jpg,contract\n"
    )
    said = twinwatch("twins", "import", "twins.csv")
    assert (said.status, said.err.count("was erased (receipt 1), and is not registered again")) == (0, 2)
    pack = packed_up(shop.folder, pack_of({TWIN: [PICTURE, SECOND]}))
    said = twinwatch("twins", "import", str(pack))
    assert said.status == 0, said.err
    assert (said.out + said.err).count("was erased (receipt 1), and is not registered again") == 2
    assert [one.name for one in shop.store.twins()] == ["erased twin 1"]
    assert twinwatch("receipts", "verify", "receipt.json").status == 0  # what stays is not told as come back
    again = ("twins", "add", TWIN, "1.jpg", "--basis", "agreed anew")
    assert twinwatch(*again).status == 0
    said = twinwatch("twins", "import", "twins.csv")  # it is known now, and the other one still erased
    assert said.err.count("was erased (receipt 1), and is not registered again") == 1


def test_a_collage_with_captures_is_held_for_the_other_twin_in_it(
    shop: Shop, twinwatch: Callable[..., Any]
) -> None:
    register(shop, PICTURE)
    shop.register(OTHER, jpeg(photo(3)))
    shop.publish(jpeg(beside(photo(1), photo(3))))
    shop.detect()
    assert twinwatch("hold", "add", OTHER, "--reason", "case 12").status == 0
    refused = twinwatch(*ERASE, "--captures")
    assert (refused.status, f"hold 1 on {OTHER}" in refused.err) == (1, True)
    assert shop.store.media.has(digest(PICTURE))
    assert twinwatch(*ERASE).status == 0  # the collected picture stays


def test_a_kept_check_of_two_twins_is_held_for_the_other_one(
    shop: Shop, twinwatch: Callable[..., Any]
) -> None:
    register(shop, PICTURE)
    shop.register(OTHER, jpeg(photo(3)))
    shop.store.checks.keep(KeptCheck(NOW, "ann", "", {}, {"matches": []}, (TWIN, OTHER)), KEPT)
    assert twinwatch("hold", "add", OTHER, "--reason", "case 12").status == 0
    refused = twinwatch(*ERASE)
    assert (refused.status, f"hold 1 on {OTHER}" in refused.err) == (1, True)
    assert shop.store.checks.count() == 1
    assert twinwatch("hold", "lift", "1", "--reason", "over").status == 0
    done = twinwatch(*ERASE)
    assert (done.status, shop.store.checks.count()) == (0, 0)


def test_what_was_changed_or_moved_since_is_named(house: House) -> None:
    folder = house.shop.folder
    with (folder / "report.html").open("a") as page:
        page.write("<!-- my own remark -->")
    (folder / "findings.csv").rename(folder / "mine.csv")
    said = house.call(*ERASE)
    assert said.status == 3
    assert "report.html: not erased: it was changed since" in said.out
    assert "findings.csv: no longer there" in said.out
    assert (folder / "report.html").exists()
    assert not list((folder / "drawn").glob("*.png"))


STEPS = ("delete pictures", "take it out", "write the database")


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_is_finished_by_running_it_again(house: House, step: str) -> None:
    house.shop.store.close()
    command = [str(TWINWATCH), *ERASE]
    with subprocess.Popen(command, cwd=house.shop.folder, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        for line in child.stderr:
            if line.startswith(step):
                os.kill(child.pid, signal.SIGKILL)
                break
    health = taken_out_health(house.shop.store)
    if house.shop.store.erasures.unfinished():  # it may have come to its end before the signal did
        assert "unfinished" in next(health).found
        house.shop.store.close()
        again = house.call(*ERASE)
        assert again.status == 0, again.err
    assert house.found(house.needles) == set()
    (receipt,) = house.shop.store.erasures.receipts()
    assert receipt.document["erased"]["reference_pictures"] == 2
    assert len(receipt.document["sealed"]) == 2
    assert {one["became"] for one in receipt.document["exports"]} <= {"deleted", "no longer there"}
    assert house.shop.store.erasures.unfinished() == []


def test_a_reader_in_the_way_is_waited_out_by_running_it_again(house: House) -> None:
    """Another process has a transaction open: the log cannot be emptied, and nobody says that it was."""
    import sqlite3  # noqa: PLC0415 - this test alone

    house.shop.store.close()
    with sqlite3.connect(house.shop.folder / "twinwatch.db", isolation_level=None) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM files").fetchone()
        said = house.call(*ERASE)
        assert said.status == 1
        assert "run it again" in said.err
        reader.execute("COMMIT")
    reader.close()
    assert house.call(*ERASE).status == 0
    assert house.found(house.needles) == set()


def test_a_receipt_that_is_changed_or_broken_or_proven_wrong_is_told(house: House) -> None:
    house.shop.store.close()
    assert house.call(*ERASE, "--receipt", "receipt.json").status == 0
    receipt = house.shop.folder / "receipt.json"
    document = json.loads(receipt.read_text())
    receipt.write_text(json.dumps({**document, "by": "somebody else"}))
    told = house.call("receipts", "verify", "receipt.json")
    assert (told.status, "the receipt was changed" in told.out) == (1, True)
    receipt.write_text(json.dumps(document))
    assert house.call("receipts", "verify", "receipt.json", "--json").lines[0]["good"] is True
    house.shop.register("Somebody", PICTURE)
    told = house.call("receipts", "verify", "receipt.json")
    assert (told.status, "1 of the erased pictures are in the store again" in told.out) == (1, True)
    with house.shop.store._database.engine.begin() as connection:
        connection.exec_driver_sql("""UPDATE receipts SET document = replace(document, '"ann"', '"bob"')""")
    told = house.call("receipts", "verify", "receipt.json")
    assert "receipt 1 was changed in the store" in told.out
    assert "receipt 1 was changed in the store" in "".join(
        one.found for one in taken_out_health(house.shop.store)
    )
