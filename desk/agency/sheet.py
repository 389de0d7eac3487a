"""What every form of the agency report says in the same words."""

from collections.abc import Iterator
from dataclasses import dataclass

from desk.jobs.agency import AgencyReport, Line, Use
from desk.output import several
from storage.records import Consent, Labelling, MatchKind

LABELS = {
    Labelling.UNLABELLED: "no label",
    Labelling.UNLABELLED_WHERE_SEEN: "no label where it was looked",
    Labelling.WEAKLY_LABELLED: "weakly labelled",
    Labelling.LABELLED: "labelled",
    Labelling.CANNOT_SAY: "cannot say",
    Labelling.NO_AI_EVIDENCE: "no AI evidence",
}
TIERS = {
    MatchKind.COPY: "copy",
    MatchKind.LIKELY_COPY: "likely copy: a person decides",
    MatchKind.FINGERPRINT_ONLY: "by its fingerprint alone: a person decides",
    MatchKind.SAME_SCENE_OR_GARMENT: "same scene or garment",
}
NAMED = 12  # days without a night that are named one by one
BLIND = (
    "Renders of a twin that nobody registered or collected cannot be found, nor what accounts show that "
    "nobody put on the watchlist, nor a label that a platform shows only to some viewers."
)
FINDINGS_ONLY = (
    "It says what was found in public posts beside the terms that are registered; it does not say that a "
    "contract or a law was broken. A use without a registered licence may be licensed elsewhere."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be in it. Without `names` models stay behind their twins' names."""

    names: bool = False
    thumbnails: bool = True


def model_of(twins: tuple[str, ...], model: str, choice: Choice) -> str:
    """ "Twin A, Twin B", or the model's name before them."""
    own = ", ".join(twins)
    return f"{model} ({own})" if choice.names and model.strip() and model.strip() != own else own


def publisher(use: Use) -> str:
    return use.finding.account.retailer or f"{use.finding.account.handle} (no retailer is named)"


def scope(use: Use) -> str:
    words = use.verdict.consent.value.replace("_", " ")
    return f"{words} (repost)" if use.repost else words


def status(use: Use) -> str:
    """What people decided, and what is still to be decided."""
    decided = use.finding.status.value.replace("_", " ")
    if use.finding.settled:
        decided += f", settled before with #{use.finding.settled[0].finding_id}"
    return decided if use.sure else f"{decided}; {TIERS[use.match.kind]}"


def label(use: Use) -> str:
    """With what became of the label that the licence asks for."""
    told = LABELS[use.finding.answer.verdict.labelling]
    return "; ".join([told, *(f"{one.id}: {one.verdict.value.replace('_', ' ')}" for one in use.duties)])


def licence(one: Consent) -> str:
    """ "H&M for instagram in NL, SE, 2026-01-01 to 2026-06-30"."""
    channels = f" for {', '.join(one.channels)}" if one.channels else ""
    territories = f" in {', '.join(one.territories)}" if one.territories else ""
    begins = f"from {one.valid_from}" if one.valid_from else ""
    ends = f"until {one.last_day}" if one.last_day else "without an end"
    return f"{one.licensee}{channels}{territories}, {' '.join(filter(None, (begins, ends)))}"


def counts(line: Line) -> str:
    """ "3 uses: 2 in scope, 1 outside; 2 labelled, 1 without a label"."""
    consents = (
        (line.in_scope, "in scope"), (line.outside, "outside"), (line.no_terms, "no licence registered"),
        (line.cannot_say, "cannot say"), (line.settled, "of these settled as licensed"),
        (line.to_look, "for a person to look at"),
    )  # fmt: skip
    labels = (
        (line.labelled, f"labelled ({line.weakly} of them weakly)" if line.weakly else "labelled"),
        (line.unlabelled, "without a label"),
        (line.label_unsaid, "unclear"),
    )
    first, second = (
        ", ".join(f"{count} {what}" for count, what in part if count) for part in (consents, labels)
    )
    return f"{several(line.uses, 'use')}: {'; '.join(filter(None, (first, second)))}"


def remarks(report: AgencyReport) -> Iterator[str]:
    """What the numbers rest on, and what they cannot show."""
    seen = report.coverage
    partly = f", {seen.partly} of them in part" if seen.partly else ""
    nights = several(seen.nights, "night")
    yield f"{several(seen.accounts, 'retailer')} watched; {nights} came to the end{partly}."
    if seen.without:
        named = ", ".join(f"{day:%m-%d}" for day in seen.without[:NAMED])
        more = f" and {len(seen.without) - NAMED} more" if len(seen.without) > NAMED else ""
        yield f"No night came to its end on {named}{more}: what was posted and gone in between was not seen."
    if seen.unwatched:
        yield f"Of these licensees no account is watched: {', '.join(seen.unwatched)}."
    if seen.pictureless:
        yield f"Of these twins nothing is registered that could be recognised: {', '.join(seen.pictureless)}."
    if seen.undated:
        uses = several(seen.undated, "use")
        yield f"{uses} counted by the day when it was first seen: the post bears no date."
    if seen.rejected:
        yield f"{several(seen.rejected, 'finding')} that a person rejected in no count."
    yield BLIND
    yield FINDINGS_ONLY
