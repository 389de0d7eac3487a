"""Contests, withdrawals, holds, exports, receipts and purges as the JSON that tools rely on. Fields may be
added, never renamed."""

from collections.abc import Sequence

from desk.contract import Json
from storage.keeping import Contest, Correction, Export, Hold, Withdrawal
from storage.records import Twin


def contest_json(one: Contest) -> Json:
    """`reference` null: all of the twin's pictures."""
    return {
        "twin": one.twin,
        "reference": one.reference or None,
        "by": one.by,
        "at": one.at,
        "reason": one.reason,
        "undone": one.undone,
    }


def correction_json(one: Correction) -> Json:
    """What changed alone: by the names of a twin's own columns, and of its pictures' basis."""
    return {
        "at": one.at,
        "by": one.by,
        "reason": one.reason,
        "before": dict(one.before),
        "after": dict(one.after),
    }


def export_json(one: Export) -> Json:
    """`path` null: it went to standard output."""
    return {
        "at": one.at,
        "by": one.by,
        "command": one.command,
        "format": one.format,
        "path": one.path or None,
        "sha256": one.sha256,
        "size": one.size,
        "findings": list(one.findings),
        "twins": list(one.twins),
        "thumbnails": one.thumbnails,
        "erased_at": one.erased_at,
    }


def hold_json(one: Hold) -> Json:
    return {
        "hold": one.id,
        "twin": one.twin or None,
        "finding": one.finding or None,
        "reason": one.reason,
        "by": one.by,
        "at": one.at,
        "lifted_at": one.lifted_at,
        "lifted_by": one.lifted_by or None,
        "lifted_because": one.lifted_because,
    }


def withdrawal_json(one: Withdrawal) -> Json:
    return {
        "since": one.since,
        "at": one.at,
        "by": one.by,
        "reason": one.reason,
        "licences": list(one.licences),
        "restored_at": one.restored_at,
        "restored_by": one.restored_by or None,
    }


def taken_out_json(
    twin: Twin, withdrawals: Sequence[Withdrawal], contests: Sequence[Contest], holds: Sequence[Hold]
) -> Json:
    """What `twins show --json` adds."""
    return {
        "withdrawn_because": twin.withdrawn_because,
        "erased_at": twin.erased_at,
        "withdrawals": [withdrawal_json(one) for one in withdrawals],
        "contests": [contest_json(one) for one in contests],
        "holds": [hold_json(one) for one in holds],
    }
