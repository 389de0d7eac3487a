"""Which dated rules a case touches, and which of those cannot be decided for want of a fact.

What is not known excludes no rule: an account without a country, a post without a date.
"""

from collections.abc import Iterable, Iterator

from detector.case import Case
from detector.rule import Rule, Trigger
from detector.standing import standing_matches
from storage.records import MediaKind, ReferenceKind

# Which registered figures trigger a rule; none: any picture with AI evidence does.
KINDS = {
    Trigger.ANY_AI: frozenset[ReferenceKind](),
    Trigger.DIGITAL_TWIN: frozenset({ReferenceKind.DIGITAL_TWIN}),
    Trigger.SYNTHETIC_MODEL: frozenset({ReferenceKind.SYNTHETIC_MODEL}),
    Trigger.AI_MODEL: frozenset({ReferenceKind.DIGITAL_TWIN, ReferenceKind.SYNTHETIC_MODEL}),
}


def touched(case: Case, rules: Iterable[Rule]) -> Iterator[tuple[Rule, str]]:
    """(rule, the facts that are missing to know whether it applies, or "") for each rule that may apply to
    this post on its date."""
    facts = _Facts(case)
    for rule in rules:
        if facts.trigger(rule.trigger) and facts.dated(rule) and facts.conditions(rule):
            yield rule, " and ".join(facts.missing(rule))


class _Facts:
    """What is known of the post that a rule may ask for."""

    def __init__(self, case: Case) -> None:
        account, post = case.account, case.post
        self.posted = post.posted_at.date() if post.posted_at else None
        self.country = (account.country or "").upper()
        self.retailer = account.retailer.strip().casefold()
        self.platform = account.platform or post.platform
        self.tags = frozenset(tag.strip().casefold() for tag in account.tags)
        self.media = next((item.kind for item in post.media if item.position == case.position), None)
        twins = case.registry.twins
        self.kinds: set[ReferenceKind] = set()
        for match in standing_matches(case):
            known = (match.reference_kind, twins[match.twin].kind if match.twin in twins else None)
            self.kinds.update(kind for kind in known if kind)

    def trigger(self, trigger: Trigger) -> bool:
        return not KINDS[trigger] or not self.kinds.isdisjoint(KINDS[trigger])

    def dated(self, rule: Rule) -> bool:
        if self.posted is None:
            return True
        begun = rule.valid_from is None or self.posted >= rule.valid_from
        return begun and (rule.valid_until is None or self.posted <= rule.valid_until)

    def conditions(self, rule: Rule) -> bool:
        return all(not wanted or not known or known in wanted for _, wanted, known in self._asked(rule)) and (
            not rule.account_tags or bool(rule.account_tags & self.tags)
        )

    def missing(self, rule: Rule) -> Iterator[str]:
        for name, wanted, known in self._asked(rule):
            if wanted and not known:
                yield name
        if (rule.valid_from or rule.valid_until) and self.posted is None:
            yield "the post's date"

    def _asked(self, rule: Rule) -> tuple[tuple[str, frozenset[str] | frozenset[MediaKind], str | None], ...]:
        return (
            ("the account's country", rule.countries, self.country),
            ("the retailer", rule.retailers, self.retailer),
            ("the platform", rule.platforms, self.platform),
            ("whether it is a picture or a video", rule.media, self.media),
        )
