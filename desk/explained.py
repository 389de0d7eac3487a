"""What a sheet says about a match: what it is, both pictures, the one on the other, what was measured."""

from collections.abc import Iterator
from dataclasses import dataclass

from desk.overlay import shared_part
from desk.panels import (
    DONE,
    GAP,
    INNER,
    MARGIN,
    OURS,
    PAD,
    SMALL,
    TEXT,
    WIDTH,
    Side,
    comparison,
    laid_on,
    sides,
)
from desk.sheet import BOLD, DIM, LINE, REGULAR, WHITE, Colour, Say, Sheet, as_it_is, text_height, text_width
from detector.match_words import ALIGNED, IDENTICAL, agreement_words, moments_words, share_words
from detector.matching.candidate import Alignment
from storage.records import Match, MatchKind, PairDecision, ReferenceKind

TITLE, FIGURE = 36, 34  # px of a letter
BECAUSE = "match"  # a kind of sentence, as `Say` knows it


@dataclass(frozen=True, slots=True)
class _Tier:
    """`note` where the two lie on each other, `unaligned` where they could not be laid."""

    label: str
    headline: str
    note: str
    unaligned: str
    ink: Colour
    soft: Colour


_GREEN: tuple[Colour, Colour] = ((29, 107, 58), (228, 243, 232))  # report.css, likewise the next two
_AMBER: tuple[Colour, Colour] = ((122, 82, 0), (253, 241, 214))
_GREY: tuple[Colour, Colour] = ((72, 80, 89), (238, 236, 232))
_TIERS = {
    MatchKind.COPY: _Tier(
        "COPY",
        "This is a copy of {whose}",
        "Laid on each other, they agree as far as is asked of a copy.",
        "There is too little in them to lay the one on the other. Their fingerprints are as near to each"
        " other as only those of copies are.",
        *_GREEN,
    ),
    MatchKind.LIKELY_COPY: _Tier(
        "LIKELY COPY · A PERSON HAS TO LOOK",
        "This may be a copy of {whose}",
        "The program does not decide this. Was what is coloured below laid over the picture, or changed in"
        " it? Then it is a copy. Or is it another picture of the same thing? `twinwatch pairs` keeps what you"
        " decide.",
        "The program does not decide this, and cannot lay the one on the other: look at both pictures."
        " `twinwatch pairs` keeps what you decide.",
        *_AMBER,
    ),
    MatchKind.FINGERPRINT_ONLY: _Tier(
        "FINGERPRINT ONLY",
        "Its fingerprint agrees with that of {whose}",
        "This is a lead, and no proof.",
        "This is a lead, and no proof.",
        *_AMBER,
    ),
    MatchKind.SAME_SCENE_OR_GARMENT: _Tier(
        "SAME SCENE OR GARMENT",
        "No copy of {whose}, as far as could be seen",
        "They have something in common. Laid on each other as their details fit, they do not pass for the"
        " same picture. It says nothing about AI.",
        "They have something in common, and could not be laid on each other. It says nothing about AI.",
        *_GREY,
    ),
}
_DECIDED = {
    PairDecision.CONFIRMED: "A person looked, and confirmed it.",
    PairDecision.REJECTED: "A person looked, and rejected it.",
}
_FOUND_BY = {
    "pdq": "the PDQ fingerprints of the whole pictures",
    "phash": "the pHash fingerprints of the whole pictures",
    "regions": "PDQ fingerprints of their parts",
    "local": "details that both have",
}


def explain(
    found: Side, registered: Side, match: Match, alignment: Alignment | None, say: Say = as_it_is
) -> bytes:
    """A PNG. `alignment` None: the two could not be laid on each other."""
    sheet = Sheet(WIDTH, say)
    matrix = alignment.matrix if alignment else None
    shared = shared_part(matrix, alignment.region) if alignment and matrix else None
    laid = laid_on(found, registered, matrix, shared) if matrix and shared else None
    _head(sheet, match, aligned=laid is not None)
    sides(sheet, found, registered, shared, match.region)
    if laid:
        comparison(sheet, laid)
    _figures(sheet, match)
    _foot(sheet, match, aligned=laid is not None)
    return sheet.png(MARGIN)


def whose(match: Match) -> str:
    """What the picture is a copy of, or may be."""
    if not match.twin:
        return "a picture collected earlier"
    if match.reference_kind is ReferenceKind.HUMAN_ORIGINAL:
        return f"a photograph of the real model, registered as {match.twin}"
    return f"a registered picture of {match.twin}"


def _head(sheet: Sheet, match: Match, *, aligned: bool) -> None:
    tier = _TIERS[match.kind]
    label = sheet.say(tier.label, OURS)
    wide = text_width(label, SMALL, BOLD) + 2 * 16
    sheet.box(MARGIN, MARGIN, wide, 36, tier.soft)
    sheet.text(label, MARGIN + 16, MARGIN + 6, SMALL, colour=tier.ink, weight=BOLD)
    title = sheet.say(tier.headline.replace("{whose}", whose(match)), OURS)
    y = sheet.text(title, MARGIN, MARGIN + 50, TITLE, weight=BOLD, width=INNER)
    if said := " ".join(_said(match, sheet.say)):
        y = sheet.text(said, MARGIN, y + 4, TEXT, colour=DIM, width=INNER)
    why, told = sheet.say(match.reason, BECAUSE), sheet.say(_note(match, tier, aligned=aligned), OURS)
    note = " ".join(filter(None, (_sentence(why), told)))
    room = INNER - 2 * PAD
    sheet.box(MARGIN, y + 14, INNER, text_height(note, TEXT, REGULAR, room, 4) + 26, tier.soft)
    sheet.text(note, MARGIN + PAD, y + 26, TEXT, colour=tier.ink, width=room, most=4)


def _note(match: Match, tier: _Tier, *, aligned: bool) -> str:
    if match.algorithm == IDENTICAL:
        return "It is the same file, byte for byte."
    return tier.note if aligned else tier.unaligned


def _said(match: Match, say: Say) -> Iterator[str]:
    if match.transform:
        yield _sentence(say(match.transform, DONE))
    if match.span is not None:
        yield say(f"Seen at {moments_words(match)} of the video.", OURS)
    if match.decided in _DECIDED:
        yield say(_DECIDED[match.decided], OURS)


def _figures(sheet: Sheet, match: Match) -> None:
    """What was measured, side by side."""
    measured = list(_measured(match)) or [_distance(match)]
    figures = [(sheet.say(figure, OURS), sheet.say(words, OURS)) for figure, words in measured]
    room = (INNER - (len(figures) - 1) * GAP) // len(figures)
    top, inside = sheet.y + GAP, room - 2 * PAD
    words_high = max(text_height(words, SMALL, REGULAR, inside, 3) for _, words in figures)
    for place, (figure, words) in enumerate(figures):
        x = MARGIN + place * (room + GAP)
        sheet.box(x, top, room, words_high + 86, WHITE, LINE)
        after = sheet.text(figure, x + PAD, top + 12, FIGURE, weight=BOLD, width=inside, most=1)
        sheet.text(words, x + PAD, after + 2, SMALL, colour=DIM, width=inside)


def _measured(match: Match) -> Iterator[tuple[str, str]]:
    if match.algorithm == IDENTICAL:
        yield "Identical", "byte for byte: the same file"
    elif match.overlap is not None:
        yield share_words(match.overlap), "of the registered picture lies in this one"
    if match.agreement is not None:
        copies = f"a copy's is {1 - match.threshold:.2f} or more"
        least = copies if match.algorithm == ALIGNED else "1 is the very same"
        yield agreement_words(match.agreement), f"agreement of what they share; {least}"
    if match.inliers:
        exact = f", half of them within {match.residual:.1f} px" if match.residual is not None else ""
        yield str(match.inliers), f"details lie where they should{exact}"
    if match.algorithm not in (ALIGNED, IDENTICAL):
        yield _distance(match)


def _distance(match: Match) -> tuple[str, str]:
    by = _FOUND_BY.get(match.algorithm, match.algorithm)
    if match.algorithm == "local":
        return f"{match.distance:g} votes", f"of {by}, which found it; {match.threshold:g} are needed"
    return f"{match.distance:g} bits", f"between {by}, which found it; at most {match.threshold:g}"


def _foot(sheet: Sheet, match: Match, *, aligned: bool) -> None:
    y = sheet.y + GAP - 4
    if aligned:
        outline = sheet.say("Outline and numbers mark the same part in both.", OURS)
        y = sheet.text(outline, MARGIN, y, SMALL, colour=DIM)
    which = sheet.say(f"Registered picture: SHA-256 {match.reference}", OURS)
    sheet.text(which, MARGIN, y, SMALL, colour=DIM, width=INNER)


def _sentence(words: str) -> str:
    """ "mirrored, cropped" → "Mirrored, cropped." """
    return f"{words[:1].upper()}{words[1:].rstrip('.')}." if words else ""
