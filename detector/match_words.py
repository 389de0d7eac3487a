"""A match in words, the same in every reason, table and report: what was done to the picture, when and where
it is seen, how it was measured."""

from collections.abc import Iterable, Iterator

from storage.records import Box, Match, MatchKind, PairDecision

_DECIDED = {PairDecision.CONFIRMED: "confirmed by a person", PairDecision.REJECTED: "rejected by a person"}
IDENTICAL = "sha256"
NEVER_HANDED = "it was registered by its fingerprints alone"  # where its picture would stand
# of a match with such a reference
WITHOUT_PICTURE = (
    "the reference was registered by its fingerprints alone, without a picture: nothing can be laid on it or"
    " shown beside it, and the program cannot tell a copy from another picture that looks nearly the same"
)
ALIGNED = "aligned"  # whose distance is 1 - agreement (detector/matching/conclusion.py)
WHOLE = 0.95  # of the picture: a larger region is all of it
MOST_SPANS = 4  # that are told one by one
_BITS = ("pdq", "phash", "regions")  # whose distance is one of bits


def span_words(span: tuple[float, float] | None) -> str:
    """Seconds of a video as a player shows them: "0:03–0:07", "1:02:03"; "" for a picture."""
    if span is None:
        return ""
    first, last = (_clock(second) for second in span)
    return first if first == last else f"{first}–{last}"


def spans_of(match: Match) -> tuple[tuple[float, float], ...]:
    """The stretches of a video that show it; none of a picture."""
    return match.spans or ((match.span,) if match.span else ())


def moments_words(match: Match) -> str:
    """ "0:03–0:07, 0:40 and 2 more times"; "" for a picture."""
    spans = spans_of(match)
    words = ", ".join(span_words(span) for span in spans[:MOST_SPANS])
    more = len(spans) - MOST_SPANS
    return f"{words} and {more} more time{'s' if more > 1 else ''}" if more > 0 else words


def distance_words(match: Match) -> str:
    """What found it, and how near it was."""
    if match.algorithm == IDENTICAL:
        return "identical bytes"
    if match.algorithm == ALIGNED:
        return f"aligned pixels differ by {match.distance:.2g}, a copy's by at most {match.threshold:g}"
    near, limit = f"{match.distance:g}", f"{match.threshold:g}"
    if match.algorithm.startswith(_BITS):
        return f"{near} of at most {limit} bits apart"
    return f"{near} votes of local features, {limit} needed"


def parts_shown(matches: Iterable[Match]) -> tuple[Box, ...]:
    """Where registered pictures are seen in this one: a collage shows several. None where all of it is one,
    or where is not known; what only shows the same scene has no place."""
    regions = (one.region for one in matches if one.twin and one.kind is not MatchKind.SAME_SCENE_OR_GARMENT)
    return tuple(box for box in dict.fromkeys(regions) if box and box.w * box.h <= WHOLE)


def found_words(match: Match) -> Iterator[str]:
    """What found it, with the name of the hash; nothing where the agreement of the aligned pixels says it."""
    if match.algorithm == IDENTICAL:
        yield distance_words(match)
    elif match.algorithm != ALIGNED or match.agreement is None:
        yield f"{match.algorithm}: {distance_words(match)}"


def share_words(share: float | None) -> str:
    """A share as whole per cent, never rounded up to all of it; "" where it was not measured."""
    if share is None:
        return ""
    return f"{100 if share >= 1 else min(99, round(100 * share))} %"


def agreement_words(agreement: float | None) -> str:
    """Two digits, never rounded up to 1; "" where nothing could be aligned."""
    if agreement is None:
        return ""
    return "1.00" if agreement >= 1 else f"{min(agreement, 0.99):.2f}"


def measured(match: Match) -> Iterator[str]:
    """What comparing the aligned pixels gave, part by part; nothing where they were not aligned."""
    if match.overlap is not None and match.algorithm != IDENTICAL:
        yield f"{share_words(match.overlap)} of the reference lies in it"
    if match.agreement is not None:
        yield f"agreement {agreement_words(match.agreement)}"
    if match.inliers:
        exact = f" within {match.residual:.1f} px" if match.residual is not None else ""
        yield f"{match.inliers} points fit{exact}"


def seen_words(match: Match) -> Iterator[str]:
    """How the picture was changed, in what part of it, and at which seconds."""
    if match.transform:
        yield match.transform
    share = match.region.w * match.region.h if match.region else 1.0
    if share <= WHOLE and "larger picture" not in match.transform:
        yield f"in {share_words(share)} of the picture"
    if match.span is not None:
        yield f"at {moments_words(match)}"


def said_of(match: Match) -> Iterator[str]:
    """What else a reader of a table needs: also why it is no surer, and who decided."""
    yield from seen_words(match)
    if match.reason:
        yield match.reason
    if match.decided in _DECIDED:
        yield _DECIDED[match.decided]


def match_words(match: Match) -> str:
    """All of it in one line, the way in which it was found last."""
    return ", ".join((*said_of(match), *measured(match), *found_words(match)))


def kind_words(match: Match) -> str:
    return match.kind.value.replace("_", " ")


def _clock(second: float) -> str:
    whole = max(0, int(second))
    hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
