"""Which dated rules a case touches, and which of those cannot be decided for want of a fact."""

from collections.abc import Iterable, Iterator

from detector.case import Case
from detector.rulebook import Rule, Trigger
from detector.standing import standing_matches
from storage.records import ReferenceKind


def touched(case: Case, rules: Iterable[Rule]) -> Iterator[tuple[Rule, str]]:
    """(rule, the fact that is missing to know whether it applies, or "") for each rule that may apply to this
    post."""
    return ((rule, _not_known(case, rule)) for rule in rules if _touches(case, rule))


def _touches(case: Case, rule: Rule) -> bool:
    """Could the rule apply? What is not known does not exclude it."""
    posted = case.post.posted_at.date() if case.post.posted_at else None
    country, retailer = (case.account.country or "").upper(), case.account.retailer.strip().casefold()
    return (
        _triggered(case, rule.trigger)
        and not (rule.countries and country and country not in rule.countries)
        and not (rule.retailers and retailer not in rule.retailers)
        and not (posted and rule.valid_from and posted < rule.valid_from)
        and not (posted and rule.valid_until and posted > rule.valid_until)
    )


def _triggered(case: Case, trigger: Trigger) -> bool:
    if trigger is Trigger.ANY_AI:
        return True
    kinds = {
        case.registry.twins[m.twin].kind for m in standing_matches(case) if m.twin in case.registry.twins
    }
    kinds |= {match.reference_kind for match in standing_matches(case) if match.reference_kind}
    return ReferenceKind(trigger.value) in kinds


def _not_known(case: Case, rule: Rule) -> str:
    if rule.countries and not case.account.country:
        return "the account's country"
    dated = rule.valid_from or rule.valid_until
    return "the post's date" if dated and not case.post.posted_at else ""
