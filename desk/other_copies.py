"""The copies from which a finding has its evidence: what a report says beside each of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from detector.travelled_words import steps_in_words
from storage.passage import Via
from storage.records import Answer, OriginEvidence


@dataclass(frozen=True, slots=True)
class OtherCopy:
    """A copy of the picture in another post, and what says AI there."""

    via: Via
    evidence: tuple[OriginEvidence, ...]

    @property
    def title(self) -> str:
        return f"a copy, published by {self.via.there.retailer or self.via.there.account}"

    def lines(self) -> Iterator[str]:
        there = self.via.there
        seen = f" · first seen {there.seen_at:%Y-%m-%d %H:%M} UTC" if there.seen_at else ""
        yield f"{there.platform}:{there.account}{seen}"
        yield there.post_url or there.post_id
        yield steps_in_words(self.via.steps)
        for one in self.evidence:
            yield f"there: {one.reader.replace('_', ' ')}, level {one.level}"
        if there.raw_sha256:
            yield f"response {there.raw_sha256[:16]}…"


def other_copies(answer: Answer) -> Iterator[OtherCopy]:
    """Each place once, in the order of the evidence."""
    found: dict[tuple[str, str, str, int], list[OriginEvidence]] = {}
    for one in answer.evidence:
        if one.via is not None:
            there = one.via.there
            place = (there.platform, there.account, there.post_id, there.position)
            found.setdefault(place, []).append(one)
    for told in found.values():
        if told[0].via is not None:
            yield OtherCopy(told[0].via, tuple(told))
