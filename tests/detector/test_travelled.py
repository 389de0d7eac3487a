"""Evidence that travels between copies: whose words, over which links, at which level, and how it is said."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from detector.case import Case, Registry
from detector.travelled import MOST_TOLD, same_publisher, travelled_evidence
from detector.verdict import grounds_of, judge
from storage.kin import Kin, Telling
from storage.passage import Place
from storage.records import (
    Account,
    Box,
    Declarer,
    Extent,
    Labelling,
    Match,
    MatchKind,
    OriginEvidence,
    PairDecision,
    PairReview,
    Quarantine,
    Reading,
    ReadingState,
    Surface,
)
from tests.detector import cases
from tests.detector.cases import ACCOUNT, PICTURE, POSTED, at, human, reading

OTHER, THIRD = "d" * 64, "e" * 64
ELSEWHERE = replace(ACCOUNT, platform="rss", handle="https://hm.example/feed")
SAID = reading(Surface.CAPTION, ReadingState.PRESENT)
SIGNED = OriginEvidence("c2pa", "digitalSourceType: trainedAlgorithmicMedia", "signed", Extent.WHOLE, 3)
LINK = Match(
    OTHER, MatchKind.COPY, "aligned", 0.03, 0.1, overlap=0.96, agreement=0.97, transform="cropped to 96 %"
)


def telling(
    *said: Reading, account: Account = ELSEWHERE, sha256: str = OTHER, post: str = "7", **changes: Any
) -> Telling:
    place = Place(
        account.platform,
        account.handle,
        account.retailer,
        f"post-{post}",
        f"https://hm.example/{post}",
        1,
        sha256,
        "f" * 64,
        at("2026-08-30T06:00"),
    )
    return Telling(place, account, said, **changes)


def beside(*tellings: Telling, links: Sequence[Match] = (LINK,), **changes: Any) -> Case:
    """A picture that says nothing, and its copies."""
    kin = Kin(links=tuple((PICTURE, link) for link in links), tellings=tellings, **changes)
    return cases.case(kin=kin)


def levels(of: Case) -> list[int]:
    return [one.level for one in travelled_evidence(of)]


def test_the_publishers_words_on_a_copy_are_level_four_and_the_label_is_still_missing_here() -> None:
    found = beside(telling(SAID))
    verdict = judge(found)
    assert (verdict.level, verdict.labelling) == (4, Labelling.UNLABELLED)
    (evidence,) = grounds_of(found)
    assert (evidence.reader, evidence.signal) == ("caption", "declared_on_a_copy")
    for part in (
        "the publisher says so of a copy: “made with AI”",
        "rss:https://hm.example/feed https://hm.example/7",
        "picture 2, first seen 2026-08-30 06:00 UTC",
        "cropped to 96 %, agreement 0.97",
        f"there picture {'d' * 12}, response {'f' * 12}",
        f"here picture {'a' * 12}",
    ):
        assert part in evidence.detail
    assert evidence.detail in " ".join(verdict.reasons)
    assert evidence.via is not None
    assert (evidence.via.there, evidence.via.same_publisher) == (telling(SAID).place, True)
    assert [(step.picture, step.reference) for step in evidence.via.steps] == [(PICTURE, OTHER)]
    assert (evidence.via.here.sha256, evidence.via.here.post_url) == (PICTURE, found.post.url)


@pytest.mark.parametrize("surface", Surface)
def test_every_surface_of_a_copy_counts(surface: Surface) -> None:
    assert levels(beside(telling(reading(surface, ReadingState.PRESENT)))) == [4]


def test_the_very_same_bytes_need_no_link() -> None:
    (evidence,) = travelled_evidence(beside(telling(SAID, sha256=PICTURE), links=()))
    assert (evidence.level, "the very same bytes" in evidence.detail) == (4, True)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Account("a", "x", "H&M"), Account("b", "y", " h&m "), True),
        (Account("a", "x", "H&M"), Account("b", "x", "Zara"), False),
        (Account("a", "X"), Account("a", "x"), True),
        (Account("a", "x", "H&M"), Account("a", "x"), True),
        (Account("a", "x"), Account("b", "x"), False),
        (Account("a", "x", "H&M"), Account("b", "x"), False),
        (Account("a", "x", "H&M"), Account("b", "y"), False),
        (Account("a", "x"), Account("b", "y"), False),
        (Account("a", ""), Account("b", ""), False),
        (Account("a", "x", "STRASSE"), Account("b", "y", "Straße"), True),
    ],
)
def test_who_is_the_same_publisher(one: Account, other: Account, *, same: bool) -> None:
    assert same_publisher(one, other) is same_publisher(other, one) is same


@pytest.mark.parametrize(
    ("account", "declared_by", "level", "says"),
    [
        (ELSEWHERE, Declarer.ACCOUNT, 4, "the publisher says so of a copy"),
        (Account("rss", "fan", "A fan"), Declarer.ACCOUNT, 2, "is not known to be who published this one"),
        (ELSEWHERE, Declarer.PLATFORM, 2, "not the publisher's own word"),
        (ELSEWHERE, Declarer.UNKNOWN, 2, "not the publisher's own word"),
        (ELSEWHERE, Declarer.PERSON, None, ""),
    ],
)
def test_whose_words_they_are(account: Account, declared_by: Declarer, level: int | None, says: str) -> None:
    found = travelled_evidence(beside(telling(replace(SAID, declared_by=declared_by), account=account)))
    assert [one.level for one in found] == ([] if level is None else [level])
    assert all(says in one.detail for one in found)


@pytest.mark.parametrize("account", [Account("rss", "fan", "A fan"), Account("tiktok", ACCOUNT.handle)])
def test_third_parties_words_accuse_nobody(account: Account) -> None:
    """Whoever has the retailer's handle elsewhere, and is on no watchlist, is one too."""
    assert judge(beside(telling(SAID, account=account))).labelling is Labelling.CANNOT_SAY


@pytest.mark.parametrize("level", [2, 3])
@pytest.mark.parametrize("extent", [Extent.WHOLE, Extent.UNKNOWN])
def test_a_credential_counts_at_its_level_whoever_shows_it(level: int, extent: Extent) -> None:
    signed = replace(SIGNED, level=level, extent=extent)
    stranger = telling(account=Account("rss", "agency", "An agency"))
    (evidence,) = travelled_evidence(beside(stranger, evidence={OTHER: (signed,)}))
    assert (evidence.reader, evidence.signal) == (signed.reader, signed.signal)
    assert (evidence.level, evidence.extent) == (level, extent)
    assert "found in the bytes of a copy, rss:agency" in evidence.detail
    assert evidence.detail.endswith("; whoever published that copy may have made it from this one")
    (own,) = travelled_evidence(beside(telling(), evidence={OTHER: (signed,)}))
    assert "may have made it" not in own.detail
    assert evidence.via is not None
    assert not evidence.via.same_publisher


def test_a_part_that_may_have_been_cut_off_is_no_sure_evidence() -> None:
    part = replace(SIGNED, extent=Extent.PART)
    for overlap, level in ((0.95, 3), (0.8, 2)):
        cut = replace(LINK, overlap=overlap)
        (evidence,) = travelled_evidence(beside(telling(), links=[cut], evidence={OTHER: (part,)}))
        assert (evidence.level, evidence.extent) == (level, Extent.PART)


def test_what_somebody_else_filled_in_accuses_nobody_of_it() -> None:
    """A fan fills a corner of the retailer's real photograph, and signs that: the photograph is as it was."""
    part = replace(SIGNED, extent=Extent.PART)
    fan = telling(account=Account("rss", "fan", "A fan"))
    verdict = judge(beside(fan, evidence={OTHER: (part,)}))
    assert (verdict.level, verdict.labelling) == (2, Labelling.CANNOT_SAY)
    assert "it speaks of a part, which whoever published that copy may have changed." in verdict.reasons[0]
    both = beside(fan, telling(post="8"), evidence={OTHER: (part,)})  # the retailer shows that very file too
    assert (judge(both).level, judge(both).labelling) == (3, Labelling.UNLABELLED)


@pytest.mark.parametrize(
    "link",
    [
        replace(LINK, kind=MatchKind.LIKELY_COPY),
        replace(LINK, kind=MatchKind.LIKELY_COPY, decided=PairDecision.CONFIRMED),
        replace(LINK, decided=PairDecision.REJECTED),
        replace(LINK, region=Box(0, 0, 0.5, 0.9)),
        replace(LINK, overlap=0.3),
        replace(LINK, reference=THIRD),
    ],
)
def test_nothing_comes_over_any_other_link(link: Match) -> None:
    assert levels(beside(telling(SAID), links=[link], evidence={OTHER: (SIGNED,)})) == []


def test_over_another_copy() -> None:
    kin = Kin(
        links=((PICTURE, replace(LINK, reference=THIRD)), (OTHER, replace(LINK, reference=THIRD))),
        tellings=(telling(SAID),),
    )
    (evidence,) = travelled_evidence(cases.case(kin=kin))
    assert evidence.level == 4
    assert "by way of others" in evidence.detail
    assert evidence.via is not None
    assert len(evidence.via.steps) == 2


def test_nothing_comes_from_the_post_itself() -> None:
    """Whoever sees the post is told there; another slide's label, or an earlier version's, is read there."""
    itself = replace(telling(SAID).place, platform=ACCOUNT.platform, account=ACCOUNT.handle, post_id="at://1")
    assert levels(beside(Telling(itself, ACCOUNT, (SAID,)))) == []


def test_what_a_post_said_earlier_is_said_to_be_earlier() -> None:
    (evidence,) = travelled_evidence(beside(telling(SAID, current=False)))
    assert (evidence.level, evidence.signal) == (4, "declared_earlier_on_a_copy")
    assert "in an earlier version of the post" in evidence.detail


@pytest.mark.parametrize("whose", [PICTURE, OTHER])
@pytest.mark.parametrize(
    ("match", "stopped"),
    [
        (human(3), True),
        (human(3, kind=MatchKind.LIKELY_COPY), False),
        (human(3, kind=MatchKind.LIKELY_COPY, decided=PairDecision.CONFIRMED), True),
        (human(3, decided=PairDecision.REJECTED), False),
        (human(3, region=Box(0, 0, 0.4, 0.4)), False),
    ],
)
def test_nothing_travels_from_or_to_a_picture_that_is_registered_as_not_ai(
    whose: str, match: Match, *, stopped: bool
) -> None:
    found = beside(telling(SAID), evidence={OTHER: (SIGNED,)}, originals={whose: (match,)})
    assert (levels(found) == []) is stopped


def test_an_original_in_quarantine_stops_nothing() -> None:
    found = beside(telling(SAID), originals={OTHER: (human(3),)})
    held = Registry.of((), (), (), [Quarantine(human(3).reference, "flood", POSTED)])
    assert levels(replace(found, registry=held)) == [4]


def test_what_is_known_here_already_need_not_come_from_there() -> None:
    """Else a labelled picture's finding would change whenever one more copy is met."""
    found = beside(telling(SAID), evidence={OTHER: (SIGNED,)})
    own = replace(found, readings=cases.readings({Surface.CAPTION: ReadingState.PRESENT}))
    assert [one.via is not None for one in grounds_of(own)] == [False, True]
    assert [one.reader for one in grounds_of(own)] == ["caption", "c2pa"]
    assert judge(own).labelling is Labelling.LABELLED
    signed = replace(found, evidence=(SIGNED,))
    assert [one.reader for one in grounds_of(signed) if one.via] == ["caption"]


def test_fifty_labelled_copies_are_told_as_one() -> None:
    many = [telling(SAID, post=str(number)) for number in range(50)]
    late = replace(many[0], place=replace(many[0].place, post_id="late", seen_at=at("2026-11-01T00:00")))
    (evidence,) = travelled_evidence(beside(late, *many))
    assert evidence.via is not None
    assert evidence.via.there.post_id == "post-0"
    surfaces = [telling(reading(one, ReadingState.PRESENT)) for one in Surface]
    assert len(levels(beside(*surfaces))) == MOST_TOLD


def test_the_order_of_copies_does_not_matter() -> None:
    some = [telling(SAID, post=str(number)) for number in range(4)]
    assert travelled_evidence(beside(*some)) == travelled_evidence(beside(*some[::-1]))


def test_a_picture_without_bytes_has_no_copies() -> None:
    found = beside(telling(SAID))
    nothing = replace(found.post, media=(replace(found.post.media[0], sha256=""),))
    assert levels(replace(found, post=nothing)) == []


def test_a_persons_word_on_the_original_holds_for_the_pair_alone() -> None:
    rejected = PairReview(OTHER, human(3).reference, PairDecision.REJECTED, "ann", POSTED)
    found = beside(telling(SAID), originals={OTHER: (human(3, decided=rejected.decision),)})
    assert levels(found) == [4]
