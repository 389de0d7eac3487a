"""The rows of an erased twin: a tombstone, and everything that rested on it as it was."""

import json
from dataclasses import replace

import pytest

from storage.consent import Consent
from storage.doors.erasures import digest_of
from storage.errors import RegistryError
from storage.keeping import Contest, Erasure, Export, Withdrawal
from storage.records import (
    FindingStatus,
    Fingerprint,
    MatchKind,
    Negative,
    PairDecision,
    PairReview,
    Quarantine,
    Review,
    ReviewDecision,
)
from storage.shelves.redacting import Secrets
from storage.store import Store
from tests.storage.samples import (
    HM,
    NOW,
    STAGES,
    answer,
    examination,
    later,
    match,
    picture,
    post,
    reference,
    sha,
    twin,
)

pytestmark = pytest.mark.slow  # many stores

MODEL, AGENCY = "Åsa Öst", "Modellhuset"
TILES = {"fingerprint:tiles": "1"}
LIKELY = replace(match(reference="second"), kind=MatchKind.LIKELY_COPY)


@pytest.fixture
def found(store: Store) -> Store:
    anna = twin(model=MODEL, agency=AGENCY, note="private")
    told = {"attested_by": "desk", "basis": f"contract with {MODEL}", "source": "anna.jpg"}
    store.add_twin(anna, [reference(**told), reference(file="second", **told)])
    store.add_twin(twin("Berta"), [reference("Berta", "berta")])
    for name in ("ref", "second"):
        prints = (Fingerprint("pdq", bytes(31) + name[:1].encode(), 90), Fingerprint("tiles", b"t" * 32))
        store.save_examination(examination(name, fingerprints=prints, stages=STAGES | TILES, evidence=()))
    for name in ("a", "b"):
        store.save_post(HM, post(f"p-{name}", media=(picture(name),), revision=name))
        store.save_examination(examination(name, evidence=()))
    store.save_matches(sha("a"), "stamp", [match(), match("Berta", "berta")])
    store.save_matches(sha("b"), "stamp", [LIKELY])
    store.terms.add(Consent("Anna", "H&M", clause=f"as {MODEL} wishes", document="anna.pdf", pay_note="much"))
    for item in store.all_items():  # the post "a" first
        reasons = (f"a copy of a registered picture of Anna, contract with {MODEL}", "People were told.")
        said = answer()
        store.save_answer(
            item,
            "s",
            replace(said, matches=item.matches, verdict=replace(said.verdict, reasons=reasons)),
            NOW,
        )
    store.add_review(Review(first(store), ReviewDecision.CONFIRMED, "ann", NOW, f"{MODEL} says so"))
    store.pairs.add(PairReview(sha("b"), sha("second"), PairDecision.REJECTED, "ann", NOW, "not Anna"))
    store.bank.quarantine(Quarantine(sha("ref"), "it floods", NOW))
    store.bank.lift_quarantine(sha("ref"), "ann", NOW, "fine")
    store.contests.add(Contest("Anna", sha("ref"), "bea", NOW, f"{MODEL} denies"))
    store.contests.add(Contest("Anna", sha("ref"), "bea", NOW, "shown", undone=True))
    return store


def first(store: Store) -> int:
    """The number of the finding of the picture "a"."""
    return next(one.id for one in store.findings() if one.sha256 == sha("a"))


def erase(store: Store, *, captures: bool = False) -> str:
    """What it is called then."""
    store.bank.withdraw_twin(Withdrawal("Anna", later(9), later(9), "ann", "her wish"))
    begun = store.erasures.begin(Erasure(0, "Anna", later(9), "ann", f"{MODEL} asked", captures, "begun", {}))
    return store.erasures.rows(begun.id, {"x": f"of {MODEL}"}, sorted(TILES), later(9)).twin


def test_what_there_is_of_it(found: Store) -> None:
    reach = found.erasures.reach("Anna", captures=True)
    assert sorted(reach.pictures) == sorted([sha("ref"), sha("second")])
    assert reach.captured == (sha("a"),)  # of the other one a person said that it is not she
    assert (reach.matches, reach.findings, reach.others) == (2, 2, ("Berta",))
    assert found.erasures.reach("Anna", captures=False).captured == ()
    with pytest.raises(RegistryError, match="no twin"):
        found.erasures.reach("Carla", captures=False)


def test_a_tombstone_keeps_the_verdicts_and_not_the_person(found: Store) -> None:
    before = {one.id: one for one in found.findings()}
    called = erase(found)
    assert called.startswith("erased twin ")
    tomb = next(one for one in found.twins() if one.name == called)
    assert (tomb.model, tomb.agency, tomb.note, tomb.erased_at) == ("", "", "", later(9))
    made_up = {one.sha256: one for one in found.references(called)}
    assert not made_up.keys() & {sha("ref"), sha("second")}
    assert {(one.basis, one.attested_by, one.source) for one in made_up.values()} == {
        ("[erased]", "[erased]", "")
    }
    for finding in found.findings():
        old = before[finding.id]
        assert (finding.status, finding.answer.verdict.level) == (old.status, old.answer.verdict.level)
        (mine,) = (one for one in finding.answer.matches if one.twin == called)
        assert mine.reference in made_up
        assert finding.answer.verdict.reasons[0] == (f"a copy of a registered picture of {called}, [erased]")
    assert found.finding(first(found)).status is FindingStatus.CONFIRMED  # type: ignore[union-attr]
    (rejected,) = (one for one in found.matches.of(sha("b")) if one.twin)
    assert (rejected.twin, rejected.decided) == (called, PairDecision.REJECTED)
    (other,) = (one for one in found.matches.of(sha("a")) if one.twin == "Berta")
    assert other.reference == sha("berta")
    (licence,) = found.terms.all()
    assert (licence.twin, licence.licensee, licence.clause, licence.document) == (called, "H&M", "", "")
    assert [one.note for one in found.reviews(first(found))] == ["[erased] says so"]
    assert [one.reason for one in found.contests.of(called)] == ["[erased]", "[erased]"]
    (doubt,) = found.bank.quarantines()
    assert doubt.reference in made_up
    (open_one,) = found.erasures.unfinished()
    assert (open_one.step, open_one.reason) == ("rows", "[erased] asked")
    assert open_one.told["x"] == "of [erased]"


def test_the_files_are_known_no_more_and_nobody_looks_at_what_stands_in_their_place(found: Store) -> None:
    erase(found)
    assert found.fingerprints([sha("ref"), sha("second")]) == {}
    assert found.files_beginning(sha("ref")) == []
    assert [one.sha256 for one, _ in found.bank_entries()] == [sha("berta")]
    waiting = {file.sha256 for file in found.files_to_examine({"fingerprint:pdq": "9"})}
    assert waiting == {sha("a"), sha("b"), sha("berta")}
    assert [pair.match.twin for pair in found.pairs.waiting(9)] == []


def test_a_later_pass_takes_nothing_of_it_away(found: Store) -> None:
    called = erase(found)
    found.save_matches(sha("a"), "another stamp", [match("Berta", "berta")])
    assert {one.twin for one in found.matches.of(sha("a"))} == {called, "Berta"}


def test_banks_forget_that_it_was_in_them(found: Store) -> None:
    mine, hers = f"reference {sha('ref')} Anna", f"reference {sha('berta')} Berta"
    found.bank.remember("stamp", {mine: "d", hers: "d", f"mark {sha('ref')} Anna": "d"})
    erase(found)
    assert found.bank.members("stamp") == {hers: "d"}


def test_captures_lose_their_fingerprints_and_say_so(found: Store) -> None:
    called = erase(found, captures=True)
    assert found.fingerprints([sha("a")]) == {}
    assert found.fingerprints([sha("b")])
    (removal,) = found.retention.removals([sha("a")])
    assert (removal.erased, removal.why) == (True, f"erased with {called}")
    failures = {item.version.post.post_id: item.failure for item in found.all_items()}
    assert failures["p-b"] is None
    assert failures["p-a"] is not None
    assert failures["p-a"].kind == "erased"


def test_what_others_need_of_the_same_file_stays(found: Store) -> None:
    found.add_twin(twin("Berta"), [reference("Berta", "ref")])
    found.bank.add_negative(Negative("studio", sha("second"), "ann", "", NOW))
    found.pairs.add(PairReview(sha("a"), sha("ref"), PairDecision.CONFIRMED, "ann", NOW))
    called = erase(found)
    assert set(found.fingerprints([sha("ref"), sha("second")])) == {sha("ref"), sha("second")}
    assert {one.sha256 for one in found.references("Berta")} == {sha("berta"), sha("ref")}
    decided = found.pairs.decided()
    (mine,) = (one for one in found.matches.of(sha("a")) if one.twin == called)
    assert decided[sha("a"), sha("ref")] is decided[sha("a"), mine.reference] is PairDecision.CONFIRMED


def test_a_short_name_goes_from_fields_and_leaves_words_alone(store: Store) -> None:
    store.add_twin(twin("A"), [reference("A", "ref")])
    store.save_post(HM, post(media=(picture("a"),)))
    store.save_matches(sha("a"), "stamp", [match("A")])
    (item,) = store.all_items()
    store.save_answer(item, "s", replace(answer(), matches=(match("A"),)), NOW)
    begun = store.erasures.begin(Erasure(0, "A", NOW, "ann", "A wish", False, "begun", {}))
    called = store.erasures.rows(begun.id, {}, [], NOW).twin
    (finding,) = store.findings()
    assert finding.answer.matches[0].twin == called
    assert store.erasures.unfinished()[0].reason == "A wish"


def test_receipts_follow_each_other_and_what_was_changed_is_told(found: Store) -> None:
    for name in ("Anna", "Berta"):
        begun = found.erasures.begin(Erasure(0, name, NOW, "ann", "wish", False, "begun", {}))
        found.erasures.rows(begun.id, {}, [], NOW)
        found.erasures.compact()
        found.erasures.finish(begun.id, {"by": "ann", "sealed": []}, NOW)
    first, second = found.erasures.receipts()
    assert (first.number, first.previous, second.previous) == (1, "", first.digest)
    assert digest_of(second.document) == second.digest
    assert list(found.erasures.breaks()) == []
    assert found.erasures.unfinished() == []
    with found._database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM receipts WHERE number = 1")
    assert list(found.erasures.breaks()) == ["receipt 1 is missing"]


def test_one_that_was_begun_goes_on_as_it_was_told(found: Store) -> None:
    first = found.erasures.begin(Erasure(0, "Anna", NOW, "ann", "wish", False, "begun", {}))
    found.erasures.tell(first.id, {"sealed": ["x"]})
    again = found.erasures.begin(Erasure(0, "Anna", later(1), "bea", "again", True, "begun", {}))
    assert (again.id, again.by, again.told, again.captures) == (first.id, "ann", {"sealed": ["x"]}, True)


def test_an_erased_name_is_free_and_a_tombstone_takes_no_pictures(found: Store) -> None:
    called = erase(found)
    found.add_twin(twin(), [reference()])
    with pytest.raises(RegistryError, match="was erased"):
        found.add_twin(twin(called), [])


def test_exports_go_by_the_twin_whatever_it_is_called(found: Store) -> None:
    shown = Export(NOW, "ann", "findings export", "csv", f"/{MODEL}/Anna.csv", sha("x"), 9, (), ("Anna",))
    found.exports.record(shown)
    called = erase(found)
    (left,) = found.exports.all()
    assert (left.twins, left.path) == ((called,), f"/[erased]/{called}.csv")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (
            "Bo",
            "a copy of a registered picture of Bo: 100 % of it",
            "a copy of a registered picture of {}: 100 % of it",
        ),
        ("Bo", "No licence of Bo is registered.", "No licence of {} is registered."),
        ("Bo", "Bo is licensed to H&M for TikTok.", "{} is licensed to H&M for TikTok."),
        (
            "Bo",
            "Bo has 2 registered licence(s), none for it.",
            "{} has 2 registered licence(s), none for it.",
        ),
        ("Bo", "a picture of Boden; bo is no name", "a picture of Boden; bo is no name"),
        ("H", "No licence of H&M, no licence of H is here", "No licence of H&M, no licence of {} is here"),
        ("H", "use of H is licensed by H&M", "use of {} is licensed by H&M"),
        ("李娜", "我们问了李娜两次", "我们问了{}两次"),
    ],
)
def test_a_short_name_goes_where_it_is_one_for_certain(name: str, before: str, after: str) -> None:
    secrets = Secrets(name, "erased twin 1", (), (), {}, {})
    document = {"twin": name, "reasons": [before]}
    said = secrets.out_of_document(document)
    assert said == {"twin": "erased twin 1", "reasons": [after.format("erased twin 1")]}
    assert secrets.naming.search(json.dumps(document, ensure_ascii=False))


def test_what_cannot_be_told_from_a_word_is_said_to_stay(store: Store) -> None:
    store.add_twin(twin("Bo", model="Li"), [])
    store.add_twin(twin("李娜", model="Anna Li"), [])
    assert store.erasures.reach("Bo", captures=False).short == ("Bo", "Li")
    assert store.erasures.reach("李娜", captures=False).short == ()
