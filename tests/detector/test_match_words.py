"""A match in words."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.match_words import (
    agreement_words,
    distance_words,
    found_words,
    measured,
    moments_words,
    said_of,
    share_words,
    span_words,
)
from storage.records import Box, Match, MatchKind, PairDecision


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (None, ""),
        ((3.0, 7.9), "0:03–0:07"),
        ((3.2, 3.9), "0:03"),
        ((0.0, 59.99), "0:00–0:59"),
        ((59.0, 61.0), "0:59–1:01"),
        ((3599.0, 3723.0), "59:59–1:02:03"),
        ((-0.5, 1.0), "0:00–0:01"),
    ],
)
def test_a_span_reads_like_a_players_clock(span: tuple[float, float] | None, words: str) -> None:
    assert span_words(span) == words


@given(st.floats(0, 1e6))
def test_a_clock_counts_every_second_once(second: float) -> None:
    parts = [int(part) for part in span_words((second, second)).split(":")]
    total = 0
    for part in parts:
        total = total * 60 + part
    assert total == int(second)
    assert all(part < 60 for part in parts[1:])


@pytest.mark.parametrize(
    ("share", "words"),
    [(None, ""), (1.0, "100 %"), (0.999, "99 %"), (0.624, "62 %"), (0.0, "0 %"), (1.2, "100 %")],
)
def test_a_share_is_never_rounded_up_to_all(share: float | None, words: str) -> None:
    assert share_words(share) == words


@pytest.mark.parametrize(
    ("agreement", "words"), [(None, ""), (1.0, "1.00"), (0.998, "0.99"), (0.6, "0.60"), (0.0, "0.00")]
)
def test_agreement_is_never_rounded_up_to_one(agreement: float | None, words: str) -> None:
    assert agreement_words(agreement) == words


@given(st.floats(0, 1))
def test_agreement_always_has_two_digits(agreement: float) -> None:
    assert re.fullmatch(r"[01]\.\d\d", agreement_words(agreement))


@pytest.mark.parametrize(
    ("algorithm", "words"),
    [
        ("sha256", "identical bytes"),
        ("pdq", "12 of at most 31 bits apart"),
        ("phash", "12 of at most 31 bits apart"),
        ("regions", "12 of at most 31 bits apart"),
        ("aligned", "aligned pixels differ by 12, a copy's by at most 31"),
        ("local", "12 votes of local features, 31 needed"),
    ],
)
def test_what_found_it_is_said_in_its_own_unit(algorithm: str, words: str) -> None:
    assert distance_words(Match("ab" * 32, MatchKind.COPY, algorithm, 12, 31)) == words


def test_what_was_measured_is_said_and_nothing_else() -> None:
    bare = Match("ab" * 32, MatchKind.FINGERPRINT_ONLY, "pdq", 2, 31, "Twin A")
    assert (list(measured(bare)), list(said_of(bare))) == ([], [])
    whole = Match(
        *("ab" * 32, MatchKind.LIKELY_COPY, "local", 24, 4, "Twin A"),
        transform="mirrored, cropped to 62 %",
        region=Box(0.1, 0.1, 0.5, 0.5),
        overlap=0.62,
        inliers=180,
        agreement=0.913,
        residual=0.31,
        span=(3.0, 7.0),
        reason="a part of it is covered",
        decided=PairDecision.CONFIRMED,
    )
    assert list(measured(whole)) == [
        "62 % of the reference lies in it",
        "agreement 0.91",
        "180 points fit within 0.3 px",
    ]
    assert list(said_of(whole)) == [
        "mirrored, cropped to 62 %",
        "in 25 % of the picture",
        "at 0:03–0:07",
        "a part of it is covered",
        "confirmed by a person",
    ]


STRETCHES = ((3.0, 7.0), (40.0, 40.0), (50.0, 51.0), (60.0, 62.0), (70.0, 71.0), (80.0, 80.0))


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (2, "0:03–0:07, 0:40"),
        (4, "0:03–0:07, 0:40, 0:50–0:51, 1:00–1:02"),
        (5, "0:03–0:07, 0:40, 0:50–0:51, 1:00–1:02 and 1 more time"),
        (6, "0:03–0:07, 0:40, 0:50–0:51, 1:00–1:02 and 2 more times"),
    ],
)
def test_each_stretch_of_a_video_is_told(count: int, words: str) -> None:
    spans = STRETCHES[:count]
    match = Match("ab" * 32, MatchKind.COPY, "pdq", 4, 31, span=(3.0, spans[-1][1]), spans=spans)
    assert moments_words(match) == words
    assert moments_words(replace(match, spans=())) == span_words(match.span)
    assert moments_words(replace(match, spans=(), span=None)) == ""


def test_the_agreement_of_aligned_pixels_is_not_said_twice() -> None:
    aligned = Match("ab" * 32, MatchKind.COPY, "aligned", 0.004, 0.1, agreement=0.996)
    assert list(found_words(aligned)) == []
    assert list(found_words(Match("ab" * 32, MatchKind.COPY, "pdq", 4, 31))) == [
        "pdq: 4 of at most 31 bits apart"
    ]
    assert list(found_words(Match("ab" * 32, MatchKind.COPY, "sha256", 0, 0))) == ["identical bytes"]
