"""What of a finding whoever asks may be told: of others' twins nothing where she sees her own alone
(`desk/narrowed.py`), of models' names nothing where her role does not grant them (`desk/pseudonyms.py`)."""

from dataclasses import replace

from desk.contract import Json, finding_json
from desk.dossier import Dossier, dossier_json
from desk.narrowed import narrowed, narrowed_finding
from desk.web.access import Visitor
from desk.web.veiled import veil_for
from storage.records import Finding
from storage.store import Store

MOST = 200  # of each list of one finding: captures, versions, answers …


class Seen:
    """By whom."""

    def __init__(self, store: Store, visitor: Visitor) -> None:
        self._scope, self._veil = visitor.scope, veil_for(store, visitor)

    def finding(self, found: Finding) -> Json:
        return finding_json(self._veil.over(narrowed_finding(found, self._scope)))

    def whole(self, whole: Dossier) -> Json:
        """With all that is known of it; each list at its newest end, with what was left out counted."""
        whole = self._veil.over(narrowed(whole, self._scope))
        many = {name: getattr(whole, name) for name in _LISTS}
        newest = {name: one[-MOST:] for name, one in many.items()}
        left_out = {_LISTS[name]: len(one) - MOST for name, one in many.items() if len(one) > MOST}
        return {**dossier_json(replace(whole, **newest)), "left_out": left_out}

    def document(self, told: Json) -> Json:
        """Of what has no scope: a check, or what somebody wrote who sees everything."""
        return self._veil.over(told)


# Of a dossier → as the contract calls it.
_LISTS = {
    "versions": "post_versions",
    "captures": "captures",
    "answers": "history",
    "reviews": "reviews",
    "references": "references",
    "elsewhere": "elsewhere",
}
