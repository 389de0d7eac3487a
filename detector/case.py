"""What a judgement rests on: everything known about one media item, as the desk hands it over. No database
behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as factory
from datetime import datetime

from detector.rulebook import Rulebook, built_in
from detector.wording.lexicon import BUILT_IN, Lexicon
from storage.kin import Kin
from storage.records import (
    Account,
    Consent,
    Failure,
    Match,
    OriginEvidence,
    PairReview,
    PostVersion,
    Quarantine,
    Reading,
    ReferenceImage,
    Twin,
)


@dataclass(frozen=True, slots=True)
class Registry:
    """The registered twins, their pictures and their licences, keyed for looking up. Made by
    `Registry.of`."""

    twins: Mapping[str, Twin] = factory(default_factory=dict)
    references: Mapping[tuple[str, str], ReferenceImage] = factory(default_factory=dict)  # (twin, SHA-256)
    consents: Mapping[str, tuple[Consent, ...]] = factory(default_factory=dict)  # by twin
    quarantined: Mapping[str, Quarantine] = factory(default_factory=dict)  # by the reference's SHA-256
    pairs: Mapping[tuple[str, str], PairReview] = factory(default_factory=dict)  # (picture, reference)

    @classmethod
    def of(
        cls,
        twins: Iterable[Twin],
        references: Iterable[ReferenceImage],
        consents: Iterable[Consent],
        quarantines: Iterable[Quarantine] = (),
        pairs: Iterable[PairReview] = (),
    ) -> "Registry":
        """`pairs`: the decision that holds for each pair; of quarantines, those lifted count no more."""
        by_twin: dict[str, tuple[Consent, ...]] = {}
        for consent in consents:
            by_twin[consent.twin] = (*by_twin.get(consent.twin, ()), consent)
        return cls(
            twins={twin.name: twin for twin in twins},
            references={(reference.twin, reference.sha256): reference for reference in references},
            consents=by_twin,
            quarantined={one.reference: one for one in quarantines if one.lifted_at is None},
            pairs={(pair.picture, pair.reference): pair for pair in pairs},
        )

    def reference(self, match: Match) -> ReferenceImage | None:
        return self.references.get((match.twin, match.reference))


@dataclass(frozen=True, slots=True)
class Case:
    """One media item to judge. `evidence` is what the readers of the bytes found; `history` holds the
    readings of each version of the post at this position, oldest first, with the time when the version was
    first seen."""

    account: Account
    post: PostVersion
    position: int  # 0-based
    evidence: tuple[OriginEvidence, ...] = ()
    matches: tuple[Match, ...] = ()
    readings: tuple[Reading, ...] = ()
    history: tuple[tuple[datetime, tuple[Reading, ...]], ...] = ()
    too_little: bool = False
    failure: Failure | None = None
    registry: Registry = factory(default_factory=Registry)
    rulebook: Rulebook = factory(default_factory=built_in)
    lexicon: Lexicon = BUILT_IN  # that the texts were read with
    stages: Mapping[str, str] = factory(default_factory=dict)  # versions of the stages before the judgement
    kin: Kin | None = None  # what the copies of the picture say
    no_match: tuple[str, ...] = ()  # why registered pictures that came into question are no matches

    @property
    def picture(self) -> str:
        """SHA-256 of the bytes, "" where there are none."""
        return next((item.sha256 for item in self.post.media if item.position == self.position), "")

    def decision(self, match: Match) -> PairReview | None:
        """What a person decided about this picture beside the match's, where that is at hand."""
        return self.registry.pairs.get((self.picture, match.reference))
