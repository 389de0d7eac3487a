"""Licences, and what is known of uses beside their verdicts, as the JSON that tools rely on (`contract.py`:
the rest). Fields may be added here, never renamed."""

from storage.consent import Consent, Ending
from storage.uses import Repost, Settlement

Json = dict[str, object]


def consent_json(one: Consent) -> Json:
    """A licence. `until` as agreed, `last_day` on which it holds; null: no limit, or for `ended` never ended
    early."""
    return {
        "id": one.id,
        "twin": one.twin,
        "licensee": one.licensee,
        "channels": list(one.channels),
        "territories": list(one.territories),
        "from": one.valid_from,
        "until": one.valid_until,
        "last_day": one.last_day,
        "label": list(one.label_duty),
        "exclusive": one.exclusive,
        "purposes": one.purposes,
        "pay_note": one.pay_note,
        "document": one.document or None,
        "document_sha256": one.document_sha256 or None,
        "clause": one.clause,
        "supersedes": one.supersedes or None,
        "added_by": one.added_by,
        "added_at": one.added_at,
        "ended": ending_json(one.ending) if one.ending and one.ending.last_day else None,
    }


def ending_json(one: Ending) -> Json:
    """`last_day` null: an earlier ending is taken back."""
    return {"last_day": one.last_day, "at": one.at, "by": one.by, "reason": one.reason}


def repost_json(one: Repost) -> Json:
    """The licensee's own post that came first."""
    return {
        "twin": one.twin,
        "licensee": one.licensee,
        "platform": one.platform,
        "account": one.account,
        "post_url": one.post_url,
        "at": one.at,
    }


def settlement_json(one: Settlement) -> Json:
    """`finding`: with whose review the use was settled; `until` null: no end was named."""
    return {
        "finding": one.finding_id,
        "twin": one.twin,
        "consent": one.consent.value,
        "by": one.by,
        "at": one.at,
        "until": one.until,
        "note": one.note,
    }
