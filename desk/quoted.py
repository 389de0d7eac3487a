"""A rule's source as text shows it: its own words between quotation marks, where they stand, when read."""

from storage.records import RuleVerdict


def quoted(rule: RuleVerdict) -> str:
    """“… shall disclose …” (Article 50(4)). Regulation …, read on 2026-11-23. "" where the rule has
    none of it."""
    words = f"“{rule.quote}” " if rule.quote else ""
    return f"{words}{sourced(rule)}".rstrip()


def sourced(rule: RuleVerdict) -> str:
    """What stands behind a rule's own words: (Article 50(4)). Regulation …, read on 2026-11-23."""
    place = f"({rule.quote_from})." if rule.quote else ""
    read = f", read on {rule.read}" if rule.read else ""
    return " ".join(part for part in (place, f"{rule.source}{read}" if rule.source else "") if part)
