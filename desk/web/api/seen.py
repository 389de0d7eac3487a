"""What of a finding whoever asks may be told: of others' twins nothing where she sees her own alone
(`desk/narrowed.py`), of models' names nothing where her role does not grant them (`desk/pseudonyms.py`)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from desk.card import timeline
from desk.contract import Json, finding_json
from desk.contract_desk import line_json
from desk.contract_terms import consent_json
from desk.dossier import Dossier, dossier_json
from desk.narrowed import narrowed, narrowed_finding, narrowed_line
from desk.web.access import Visitor
from desk.web.veiled import veil_for
from storage.inbox import Line
from storage.records import Finding
from storage.store import Store

MOST = 200  # of each list of one finding: captures, versions, answers …
REFERENCE = ("source", "document", "note")  # what may name somebody
LICENCE = ("pay_note", "document")


def for_names(store: Store, told: Json, visitor: Visitor, sensitive: Sequence[str]) -> Json:
    """Without what names somebody, where names are not for whoever asks. "" becomes null, as if there were
    none: which of the two it is, is no news for them."""
    if visitor.sees_names:
        told = {**told, **{name: told[name] or None for name in sensitive}}
        return veil_for(store, visitor).over(told)
    return veil_for(store, visitor).over({**told, **dict.fromkeys(sensitive)})


class Seen:
    """By whom."""

    def __init__(self, store: Store, visitor: Visitor) -> None:
        self._store, self._visitor = store, visitor
        self._scope, self._veil = visitor.scope, veil_for(store, visitor)

    def finding(self, found: Finding) -> Json:
        return finding_json(self._veil.over(narrowed_finding(found, self._scope)))

    def line(self, line: Line) -> Json:
        return line_json(self._veil.over(narrowed_line(line, self._scope)))

    def whole(self, whole: Dossier) -> Json:
        """With all that is known of it; each list at its newest end, with what was left out counted."""
        whole = self._veil.over(narrowed(whole, self._scope))
        moments = sorted(timeline(whole), key=lambda one: one.at)
        many = {name: getattr(whole, name) for name in _LISTS}
        newest = {name: one[-MOST:] for name, one in many.items()}
        sizes = {**{_LISTS[name]: len(one) for name, one in many.items()}, "timeline": len(moments)}
        return {
            **dossier_json(replace(whole, **newest)),
            "timeline": [{"at": one.at, "what": one.what, "detail": one.detail} for one in moments[-MOST:]],
            "licences": self._licences(whole),
            "models": self._models(whole),
            "left_out": {name: size - MOST for name, size in sizes.items() if size > MOST},
        }

    def _licences(self, whole: Dossier) -> list[Json]:
        """Of the twins that it shows, as far as they are hers."""
        twins = {one.twin for one in whole.finding.answer.verdict.twins}
        store = self._store
        every = store.remembered.of("terms", lambda: tuple(store.terms.all()))
        found = [one for one in every if one.twin in twins]
        return [for_names(self._store, consent_json(one), self._visitor, LICENCE) for one in found]

    def _models(self, whole: Dossier) -> Mapping[str, str]:
        """Twin → whose it is, for those alone who may know it."""
        twins = {one.twin for one in whole.finding.answer.verdict.twins}
        known = self._store.twins() if self._visitor.sees_names else ()
        return {one.name: one.model for one in known if one.name in twins and one.model.strip()}

    def document(self, told: Mapping[str, object]) -> Mapping[str, object]:
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
