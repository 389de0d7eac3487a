"""From candidates and alignments to matches: which tier, on what evidence, and else a reason why not."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from detector.hashes import pdq
from detector.match_words import WITHOUT_PICTURE
from detector.matching.alignment.verify import COARSE
from detector.matching.candidate import Alignment, Candidate, Conclusion
from detector.matching.conclusion import ALIGNED, STRONG_VOTES, allowed, concluded
from storage.changes import Change, ChangeKind
from storage.handed import Handed
from storage.records import Box, Match, MatchKind, Placed, ReferenceImage, ReferenceKind

COPY, LIKELY = MatchKind.COPY, MatchKind.LIKELY_COPY
SCENE, ALONE = MatchKind.SAME_SCENE_OR_GARMENT, MatchKind.FINGERPRINT_ONLY
WHOLE = Box(0, 0, 1, 1)
LEFT, RIGHT = Box(0, 0, 0.5, 1), Box(0.5, 0, 0.5, 1)
CORNER = Box(0.8, 0.8, 0.1, 0.1)
VILMA, ALMA, LOGO = "1" * 64, "2" * 64, "9" * 64
NEGATIVES = {LOGO: "shop logo"}


def registered(
    sha256: str, twin: str, kind: ReferenceKind = ReferenceKind.DIGITAL_TWIN
) -> tuple[str, ReferenceImage]:
    return sha256, ReferenceImage(twin, sha256, kind, basis="drawn for a test")


def by_sha256(*entries: tuple[str, ReferenceImage]) -> dict[str, tuple[ReferenceImage, ...]]:
    found: dict[str, tuple[ReferenceImage, ...]] = {}
    for sha256, reference in entries:
        found[sha256] = (*found.get(sha256, ()), reference)
    return found


REFERENCES = by_sha256(registered(VILMA, "Vilma"), registered(ALMA, "Alma"))

IDENTICAL = Candidate(VILMA, "sha256", 0, 0, WHOLE)
SURE = Candidate(VILMA, "pdq", 12, 31, WHOLE, "mirrored")
NEAR = Candidate(VILMA, "pdq", 40, pdq.LIKELY or 0, WHOLE)
REGION = Candidate(VILMA, "regions", 48, 56, LEFT, "mirrored")
LOCAL = Candidate(VILMA, "local", STRONG_VOTES, 5)
FEW_VOTES = replace(LOCAL, distance=STRONG_VOTES - 1)

DIFFERS = "9% of what they share differs"
LAID = Alignment(VILMA, COPY, "", None, None, LEFT, "cropped to 62 %", 0.62, 210, 0.31, 0.9644)
LIKELY_LAID = replace(LAID, kind=LIKELY, reason=DIFFERS, agreement=0.86)
COARSE_LAID = replace(LAID, kind=LIKELY, reason=COARSE, agreement=0.94, residual=0.9)
SCENE_LAID = replace(LAID, kind=SCENE, reason="50% of what they share differs", agreement=0.5)
BY_CHANCE = replace(SCENE_LAID, transform="turned by 45° anticlockwise", agreement=0.02)
REFUSED = Alignment(VILMA, None, "their details do not fit on each other")
TOO_LITTLE = Alignment(VILMA, None, "the picture has too little texture to be compared", too_little=True)
STRETCHED, STRIP = replace(TOO_LITTLE, stretch=0.2), replace(TOO_LITTLE, stretch=52.3)


def conclude(candidates: Sequence[Candidate], alignments: Sequence[Alignment]) -> Conclusion:
    return concluded(candidates, alignments, REFERENCES, NEGATIVES)


def one(candidate: Candidate, alignment: Alignment | None) -> Match:
    (match,) = conclude([candidate], [alignment] if alignment else []).matches
    return match


TIERS: dict[str, tuple[Candidate, Alignment | None, MatchKind, str, str]] = {
    # candidate, alignment, kind, algorithm whose distance is shown, what the reason holds
    "the same bytes": (IDENTICAL, None, COPY, "sha256", ""),
    "the same bytes, whatever pixels say": (IDENTICAL, REFUSED, COPY, "sha256", ""),
    "sure hash, pixels agree": (SURE, LAID, COPY, "pdq", ""),
    "sure hash, pixels coarse": (SURE, COARSE_LAID, COPY, ALIGNED, ""),
    "sure hash, pixels doubt": (SURE, LIKELY_LAID, LIKELY, ALIGNED, DIFFERS),
    "sure hash, pixels say another": (SURE, SCENE_LAID, LIKELY, ALIGNED, "50% of what they share differs"),
    "sure hash, geometry by chance": (SURE, BY_CHANCE, LIKELY, "pdq", "only the hashes are near"),
    "sure hash, pixels refuse": (SURE, REFUSED, LIKELY, "pdq", "do not fit"),
    "sure hash, too little texture": (SURE, TOO_LITTLE, COPY, "pdq", ""),
    "sure hash, not opened": (SURE, None, ALONE, "pdq", "not kept"),
    "near hash, pixels agree": (NEAR, LAID, COPY, ALIGNED, ""),
    "near hash, pixels coarse": (NEAR, COARSE_LAID, LIKELY, ALIGNED, COARSE),
    "near hash, pixels say another": (NEAR, SCENE_LAID, SCENE, ALIGNED, "50% of what they share differs"),
    "near hash, too little texture": (NEAR, TOO_LITTLE, LIKELY, "pdq", "only the hashes are near"),
    "sure hash, too little texture, a little stretched": (SURE, STRETCHED, COPY, "pdq", ""),
    "sure hash, too little texture, a strip of it": (SURE, STRIP, LIKELY, "pdq", "only the hashes are near"),
    "near hash, not opened": (NEAR, None, ALONE, "pdq", "not kept"),
    "region, pixels agree": (REGION, LAID, COPY, ALIGNED, ""),
    "region, pixels doubt": (REGION, LIKELY_LAID, LIKELY, ALIGNED, DIFFERS),
    "region, not opened": (REGION, None, ALONE, "regions", "not kept"),
    "features, pixels agree": (LOCAL, LAID, COPY, ALIGNED, ""),
    "features, pixels coarse": (LOCAL, COARSE_LAID, LIKELY, ALIGNED, COARSE),
    "features, pixels say another": (LOCAL, SCENE_LAID, SCENE, ALIGNED, "50% of what they share differs"),
    "many votes, not opened": (LOCAL, None, ALONE, "local", "not kept"),
}


@pytest.mark.parametrize("name", TIERS)
def test_which_tier_and_on_what_evidence(name: str) -> None:
    candidate, alignment, kind, algorithm, reason = TIERS[name]
    match = one(candidate, alignment)
    assert (match.twin, match.reference_kind) == ("Vilma", ReferenceKind.DIGITAL_TWIN)
    assert (match.reference, match.kind, match.algorithm) == (VILMA, kind, algorithm)
    assert reason in match.reason
    assert bool(match.reason) is (kind is not COPY)


NO_MATCH: dict[str, tuple[Candidate, Alignment | None, str]] = {
    "near hash, pixels refuse": (NEAR, REFUSED, "their details do not fit on each other"),
    "region, pixels refuse": (REGION, REFUSED, "their details do not fit on each other"),
    "region, too little texture": (REGION, TOO_LITTLE, "too little texture"),
    "features, pixels refuse": (LOCAL, REFUSED, "their details do not fit on each other"),
    "features, too little texture": (LOCAL, TOO_LITTLE, "too little texture"),
    "few votes, not opened": (FEW_VOTES, None, "a few details are alike"),
}


@pytest.mark.parametrize("name", NO_MATCH)
def test_whatever_is_no_match_has_a_reason(name: str) -> None:
    candidate, alignment, reason = NO_MATCH[name]
    found = conclude([candidate], [alignment] if alignment else [])
    assert found.matches == ()
    (why,) = found.reasons
    assert reason in why


def test_the_hash_is_shown_where_pixels_bear_it_out() -> None:
    match = one(SURE, LAID)
    assert (match.distance, match.threshold) == (12, 31)
    assert (match.region, match.transform) == (LEFT, "cropped to 62 %")
    assert (match.overlap, match.inliers, match.agreement, match.residual) == (0.62, 210, 0.9644, 0.31)
    assert one(SURE, replace(LAID, transform="")).transform == "mirrored"


def test_pixels_are_shown_where_they_decide() -> None:
    match = one(REGION, LAID)
    assert match.distance == pytest.approx(0.0356)
    assert match.threshold == 0.1
    assert (match.region, match.transform) == (LEFT, "cropped to 62 %")
    assert one(REGION, replace(LAID, transform="")).transform == ""  # the tile's word is not the picture's


@pytest.mark.parametrize(
    "alignment", [None, TOO_LITTLE, REFUSED], ids=["not opened", "too little", "refused"]
)
def test_where_no_pixel_was_compared_nothing_is_said_to_be_measured(alignment: Alignment | None) -> None:
    match = one(SURE, alignment)
    assert (match.distance, match.threshold, match.transform) == (12, 31, "mirrored")
    assert (match.overlap, match.inliers, match.agreement, match.residual) == (None, None, None, None)


def test_what_has_another_shape_says_so() -> None:
    assert one(SURE, STRETCHED).transform == "mirrored, stretched by 20 %"
    assert one(replace(SURE, transform=""), STRIP).transform == "stretched by 5230 %"


def test_nothing_comes_of_nothing() -> None:
    assert conclude([], []) == Conclusion(())
    assert conclude([], [LAID]) == Conclusion(())


def test_a_reference_that_is_no_longer_registered_is_none() -> None:
    assert concluded([SURE], [LAID], {}, {}).matches == ()


# --- several twins ------------------------------------------------------------------------------------------


def test_one_picture_registered_for_several_twins_is_a_match_for_each() -> None:
    both = by_sha256(registered(VILMA, "Vilma"), registered(VILMA, "The model", ReferenceKind.HUMAN_ORIGINAL))
    matches = concluded([SURE], [LAID], both, {}).matches
    assert [(match.twin, match.reference_kind) for match in matches] == [
        ("The model", ReferenceKind.HUMAN_ORIGINAL),
        ("Vilma", ReferenceKind.DIGITAL_TWIN),
    ]
    assert replace(matches[0], twin="Vilma", reference_kind=ReferenceKind.DIGITAL_TWIN) == matches[1]


def test_a_collage_shows_two_twins() -> None:
    found = conclude(
        [REGION, replace(REGION, reference=ALMA, region=RIGHT)],
        [LAID, replace(LAID, reference=ALMA, region=RIGHT, agreement=0.99)],
    )
    assert [(match.twin, match.kind, match.region) for match in found.matches] == [
        ("Alma", COPY, RIGHT),
        ("Vilma", COPY, LEFT),
    ]
    assert found.reasons == ()


def test_one_twin_matches_and_the_other_has_a_reason() -> None:
    found = conclude([REGION, replace(LOCAL, reference=ALMA)], [LAID, replace(REFUSED, reference=ALMA)])
    assert [match.twin for match in found.matches] == ["Vilma"]
    assert found.reasons == ("their details do not fit on each other",)


def test_each_reason_is_named_once() -> None:
    found = conclude([REGION, replace(LOCAL, reference=ALMA)], [REFUSED, replace(REFUSED, reference=ALMA)])
    assert found.reasons == ("their details do not fit on each other",)


def shas(count: int) -> list[str]:
    return [f"{number:064x}" for number in range(1, count + 1)]


def test_the_surest_come_first_and_of_them_the_nearest() -> None:
    names = shas(8)
    candidates = [
        replace(LOCAL, reference=names[0]),  # the same scene
        replace(LOCAL, reference=names[1], distance=20),  # not opened
        replace(LOCAL, reference=names[2], distance=60),  # not opened, more votes
        replace(LOCAL, reference=names[3]),  # likely
        replace(SURE, reference=names[4], distance=30),  # not opened
        replace(LOCAL, reference=names[5]),  # copy
        replace(LOCAL, reference=names[6]),  # better copy
        replace(IDENTICAL, reference=names[7]),
    ]
    alignments = [
        replace(SCENE_LAID, reference=names[0], agreement=0.99),
        replace(LIKELY_LAID, reference=names[3]),
        replace(LAID, reference=names[5], agreement=0.95),
        replace(LAID, reference=names[6], agreement=0.97),
    ]
    found = concluded(candidates, alignments, by_sha256(*(registered(sha, sha[-1]) for sha in names)), {})
    assert [match.twin for match in found.matches] == ["8", "7", "6", "4", "3", "5", "2", "1"]


# --- video --------------------------------------------------------------------------------------------------


def at(second: float | None, candidate: Candidate = LOCAL) -> Candidate:
    return replace(candidate, at=second)


def laid(second: float | None, alignment: Alignment = LAID) -> Alignment:
    return replace(alignment, at=second)


def test_frames_become_one_match_with_its_span() -> None:
    candidates = [at(2.0), at(3.5), at(7.0), at(9.0), at(12.0)]
    alignments = [
        laid(2.0, LIKELY_LAID),
        laid(3.5),
        laid(7.0, replace(LAID, agreement=0.99)),
        laid(9.0, SCENE_LAID),
        laid(12.0, REFUSED),
    ]
    found = conclude(candidates, alignments)
    (match,) = found.matches
    assert (match.kind, match.agreement) == (COPY, 0.99)  # of the best frame
    assert match.span == (2.0, 7.0)  # the same room later is not the twin
    assert found.reasons == ("their details do not fit on each other",)


@pytest.mark.parametrize(
    ("looked_at", "spans"),
    [
        ((2.0, 3.0, 9.0), ()),
        ((2.0, 3.0, 4.0, 9.0), ((2.0, 3.0), (9.0, 9.0))),
        ((None, 0.0, 2.0, 2.5, 3.0, 4.0, 9.0, 10.0), ((2.0, 2.0), (3.0, 3.0), (9.0, 9.0))),
        ((), ()),
    ],
    ids=["nothing else between", "something else between", "twice", "not known"],
)
def test_a_span_does_not_cover_what_shows_something_else(
    looked_at: tuple[float | None, ...], spans: tuple[tuple[float, float], ...]
) -> None:
    seconds = (9.0, 2.0, 3.0)
    found = concluded(
        [at(one) for one in seconds], [laid(one) for one in seconds], REFERENCES, NEGATIVES, looked_at
    )
    (match,) = found.matches
    assert (match.span, match.spans) == ((2.0, 9.0), spans)


@pytest.mark.parametrize(
    ("frames", "span", "spans"),
    [
        ((None, 1.0, 5.0), (0.0, 5.0), ((0.0, 0.0), (5.0, 5.0))),
        ((None, 5.0), (0.0, 5.0), ()),
    ],
)
def test_the_first_picture_of_an_animation_has_its_second(
    frames: tuple[float | None, ...], span: tuple[float, float], spans: tuple[tuple[float, float], ...]
) -> None:
    shown = [at(None), at(5.0)]
    (match,) = concluded(shown, [laid(None), laid(5.0)], REFERENCES, NEGATIVES, frames).matches
    assert (match.span, match.spans) == (span, spans)
    (first,) = concluded([at(None)], [laid(None)], REFERENCES, NEGATIVES, frames).matches
    assert first.span == (0.0, 0.0)
    (still,) = concluded([at(None)], [laid(None)], REFERENCES, NEGATIVES, (None,)).matches
    assert still.span is None


def test_a_frame_is_compared_with_its_own_alignment() -> None:
    (match,) = conclude([at(2.0), at(4.0)], [laid(4.0), laid(2.0, SCENE_LAID)]).matches
    assert match.span == (4.0, 4.0)


@pytest.mark.parametrize(
    ("second", "alignment", "span"),
    [(None, LAID, None), (0.0, LAID, (0.0, 0.0)), (3.0, SCENE_LAID, None)],
    ids=["still picture", "first frame", "same scene"],
)
def test_what_has_no_span(
    second: float | None, alignment: Alignment, span: tuple[float, float] | None
) -> None:
    (match,) = conclude([at(second)], [laid(second, alignment)]).matches
    assert match.span == span


@pytest.mark.parametrize(
    ("after", "end"),
    [(2.9, 2.0), (3.1, 2.0), (3.2, 3.0), (4.2, 4.0), (4.3, 4.1), (4.5, 2.0), (None, 2.0)],
)
def test_a_scene_of_one_frame_stands_until_the_next_one_comes(after: float | None, end: float) -> None:
    """What moves is looked at again within a second, and what stands longer ends with a frame of its own."""
    frames = (0.0, 2.0) if after is None else (0.0, 2.0, after)
    (match,) = concluded([at(2.0)], [laid(2.0)], REFERENCES, NEGATIVES, frames).matches
    assert (match.span, match.spans) == ((2.0, end), ())


def test_identical_bytes_of_a_film_keep_the_span_of_its_frames() -> None:
    (match,) = conclude([IDENTICAL, at(0.0), at(4.0)], [laid(0.0), laid(4.0)]).matches
    assert (match.algorithm, match.span) == ("sha256", (0.0, 4.0))


# --- what must never match ----------------------------------------------------------------------------------

SHOWN = "what it shares with a registered picture is shop logo, which never matches"
THE_LOGO = Candidate(LOGO, "local", 40, 5)
LOGO_LAID = replace(LAID, reference=LOGO, region=CORNER, agreement=0.95)


def logo(kind: MatchKind = COPY, region: Box | None = CORNER, agreement: float = 0.95) -> Alignment:
    return replace(LOGO_LAID, kind=kind, region=region, agreement=agreement)


BARRED: dict[str, tuple[Alignment, Alignment]] = {
    # how the twin lies, how the negative
    "the same scene, in the logo": (replace(SCENE_LAID, region=CORNER), logo()),
    "a likely copy, in the logo": (replace(LIKELY_LAID, region=CORNER), logo()),
    "a copy, in the logo that fits better": (replace(LAID, region=CORNER, agreement=0.92), logo()),
    "a copy, in a likely logo that fits better": (
        replace(LAID, region=CORNER, agreement=0.85),
        logo(LIKELY, agreement=0.86),
    ),
    "four fifths of it in the logo": (
        replace(SCENE_LAID, region=Box(0.78, 0.8, 0.1, 0.1)),
        logo(),
    ),
    "nobody knows where it lies": (replace(SCENE_LAID, region=None), logo()),
    "nobody knows where the logo lies": (SCENE_LAID, logo(region=None)),
}
KEPT: dict[str, tuple[Alignment, Alignment]] = {
    "elsewhere": (LAID, logo()),
    "the logo is a part of it": (replace(LAID, region=WHOLE, agreement=0.91), logo()),
    "half of it in the logo": (replace(LIKELY_LAID, region=Box(0.75, 0.8, 0.1, 0.1)), logo()),
    "a copy that fits better": (replace(LAID, region=CORNER, agreement=0.97), logo()),
    "a copy that fits better than a likely logo": (
        replace(LAID, region=CORNER, agreement=0.97),
        logo(LIKELY, agreement=0.85),
    ),
    "the negative is but the same scene": (
        replace(LIKELY_LAID, region=CORNER),
        logo(SCENE, agreement=0.99),
    ),
}


@pytest.mark.parametrize("name", BARRED)
def test_what_is_only_a_negative_is_barred_with_its_name(name: str) -> None:
    twin, negative = BARRED[name]
    found = conclude([LOCAL, THE_LOGO], [twin, negative])
    assert found.matches == ()
    assert found.reasons == (SHOWN,)


@pytest.mark.parametrize("name", KEPT)
def test_what_is_more_than_a_negative_is_kept(name: str) -> None:
    twin, negative = KEPT[name]
    found = conclude([THE_LOGO, LOCAL], [negative, twin])
    assert [match.twin for match in found.matches] == ["Vilma"]
    assert found.reasons == ()


def test_a_negative_alone_is_no_match_and_needs_no_reason() -> None:
    assert conclude([THE_LOGO], [logo()]) == Conclusion(())


def test_only_what_lies_in_the_negative_is_barred() -> None:
    found = conclude(
        [THE_LOGO, LOCAL, replace(REGION, reference=ALMA)],
        [logo(), replace(SCENE_LAID, region=CORNER), replace(LAID, reference=ALMA, region=RIGHT)],
    )
    assert [match.twin for match in found.matches] == ["Alma"]
    assert found.reasons == (SHOWN,)


def test_the_very_bytes_of_a_registered_picture_are_barred_by_nothing_less() -> None:
    found = conclude([IDENTICAL, THE_LOGO], [logo(LIKELY, WHOLE, agreement=0.86)])
    assert [(match.twin, match.kind) for match in found.matches] == [("Vilma", COPY)]


def test_the_very_bytes_of_a_negative_bar_all_that_is_not_them() -> None:
    found = conclude([replace(IDENTICAL, reference=LOGO), LOCAL], [replace(LAID, region=WHOLE)])
    assert found.matches == ()
    assert found.reasons == (SHOWN,)


def test_a_negative_bars_in_the_frame_that_shows_it_alone() -> None:
    """A film ends with a shop's logo all over: the twin was seen before."""
    end_card = replace(logo(region=WHOLE, agreement=0.99), at=9.0)
    candidates = [at(2.0), at(9.0), at(9.0, THE_LOGO)]
    alignments = [laid(2.0, LIKELY_LAID), laid(9.0, replace(SCENE_LAID, region=WHOLE)), end_card]
    found = conclude(candidates, alignments)
    assert [(match.kind, match.span) for match in found.matches] == [(LIKELY, (2.0, 2.0))]
    assert found.reasons == (SHOWN,)


def test_a_frame_that_is_barred_counts_for_no_span() -> None:
    candidates = [at(2.0), at(9.0), at(9.0, THE_LOGO)]
    alignments = [laid(2.0), laid(9.0), replace(logo(region=WHOLE, agreement=0.99), at=9.0)]
    (match,) = conclude(candidates, alignments).matches
    assert match.span == (2.0, 2.0)


def test_a_film_that_is_a_negative_to_the_byte_matches_in_no_frame() -> None:
    found = conclude([replace(IDENTICAL, reference=LOGO), at(0.0), at(4.0)], [laid(0.0), laid(4.0)])
    assert (found.matches, found.reasons) == ((), (SHOWN,))


def test_a_picture_that_is_both_is_what_it_is_registered_for() -> None:
    assert [m.twin for m in concluded([IDENTICAL], [], REFERENCES, {VILMA: "by mistake"}).matches] == [
        "Vilma"
    ]


@pytest.mark.parametrize(
    ("kind", "agreement", "wanted"), [(COPY, 0.97, 0.1), (COPY, 0.84, 0.22), (LIKELY, 0.84, 0.1)]
)
def test_no_copy_lies_beyond_its_own_threshold(kind: MatchKind, agreement: float, wanted: float) -> None:
    """What is the same everywhere and only softer is a copy by another rule, and says which."""
    assert allowed(Alignment(VILMA, kind, "", agreement=agreement)) == wanted


@pytest.mark.parametrize(
    ("placed", "kind", "ending"),
    [
        (Placed.FOUND, ChangeKind.MARK_REMOVED, "painted over (its place was found by the program"),
        (Placed.GIVEN, ChangeKind.MARK_CROPPED_AWAY, "painted over (its place was given by a person)"),
        (Placed.UNKNOWN, ChangeKind.MARK_REMOVED, "painted over"),
        (Placed.GIVEN, ChangeKind.ALTERED, "painted over"),
    ],
)
def test_a_change_of_a_mark_says_who_placed_it(placed: Placed, kind: ChangeKind, ending: str) -> None:
    place = Box(0.7, 0.9, 0.2, 0.05)
    ((sha256, (reference, *_)), *_) = REFERENCES.items()
    marked = {sha256: (replace(reference, mark_box=place, mark_placed=placed),)}
    change = Change(kind, None, place, 0.1, "painted over")
    alignment = replace(LAID, reference=sha256, changes=(change,))
    found = concluded([replace(LOCAL, reference=sha256)], [alignment], marked, {})
    (told,) = found.matches[0].changes
    assert told.reason.startswith(ending)
    assert told.reason.count("(") == ending.count("(")


@pytest.mark.parametrize("candidate", [SURE, NEAR, REGION], ids=["sure hash", "near hash", "region"])
def test_where_nobody_handed_a_picture_over_the_reason_says_so(candidate: Candidate) -> None:
    alone = {
        sha256: tuple(replace(one, handed=Handed.FINGERPRINTS) for one in same)
        for sha256, same in REFERENCES.items()
    }
    (match,) = concluded([candidate], [], alone, NEGATIVES).matches
    assert (match.kind, match.reason) == (ALONE, WITHOUT_PICTURE)
    (match,) = concluded([candidate], [LAID], alone, NEGATIVES).matches
    assert match.kind is COPY  # its bytes are here all the same: somebody published them
    (match,) = concluded([IDENTICAL], [], alone, NEGATIVES).matches
    assert (match.kind, match.reason) == (COPY, "")
