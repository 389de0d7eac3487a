"""What of a finding whoever asks may be told: of others' twins nothing where she sees her own alone, and of
models' names nothing where her role does not grant them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from desk.contract import Json, finding_json
from desk.dossier import Dossier, dossier_json
from desk.web.access import Visitor
from storage.consent import ConsentVerdict
from storage.records import Finding, Twin

WITHHELD = "[name withheld]"
MOST = 200  # of each list of one finding: captures, versions, answers …
_WORST = list(ConsentVerdict)


class Seen:
    """By whom; `twins` are all that are registered."""

    def __init__(self, visitor: Visitor, twins: Iterable[Twin]) -> None:
        self._scope = visitor.scope
        self._models = {} if visitor.sees_names else {one.name: one.model for one in twins if one.model}

    def finding(self, found: Finding) -> Json:
        return self.named(self._own(finding_json(found), found), found)

    def whole(self, whole: Dossier) -> Json:
        """With all that is known of it; each list at its newest end, with what was left out counted."""
        if self._scope is not None:
            matches = [one for one in whole.finding.answer.matches if one.twin in self._scope]
            kept = {whole.finding.sha256, *(one.reference for one in matches)}
            whole = replace(
                whole,
                references=tuple(one for one in whole.references if one.twin in self._scope),
                contests=tuple(one for one in whole.contests if one.twin in self._scope),
                removed=tuple(one for one in whole.removed if one.sha256 in kept),
                elsewhere=(),
            )
        told = self._own(dossier_json(whole), whole.finding)
        left_out: dict[str, int] = {}
        for name in ("post_versions", "captures", "history", "reviews", "references", "elsewhere"):
            many = told[name]
            if isinstance(many, list) and len(many) > MOST:
                told[name], left_out[name] = many[-MOST:], len(many) - MOST
        return self.named({**told, "left_out": left_out}, whole.finding)

    def checked(self, line: Json) -> Json:
        """A line of a check."""
        matches = line["matches"] if isinstance(line["matches"], list) else []
        return self._without_models(line, {str(one["twin"]) for one in matches} | {str(line["twin"])})

    # --- others' twins --------------------------------------------------------------------------------------

    def _own(self, told: Json, found: Finding) -> Json:
        if self._scope is None:
            return told
        answer = found.answer
        shown = {one.twin for one in answer.verdict.twins} | {one.twin for one in answer.matches if one.twin}
        others = shown - self._scope
        history = told.get("history")
        if isinstance(history, list):
            told["history"] = [self._of_scope(one, others) for one in history]
        return self._of_scope(told, others)

    def _of_scope(self, told: Json, others: set[str]) -> Json:
        scope = self._scope or frozenset()
        made: dict[str, Any] = dict(told)
        for name in ("matches", "twins", "reposts", "settled"):
            made[name] = [one for one in made.get(name, []) if one["twin"] in scope]
        origin = made["origin"]
        evidence = [{**one, "via": None} for one in _without(origin["evidence"], others)]
        made["origin"] = {**origin, "evidence": evidence}
        for name in ("reasons", "rules", "events", "caveats", "reviews"):
            if name in made:
                made[name] = _without(made[name], others)
        worst = max(made["twins"], key=lambda one: _WORST.index(one["consent"]), default=None)
        made["twin"] = worst["twin"] if worst else None
        made["consent"] = worst["consent"] if worst else ConsentVerdict.NOT_A_TWIN.value
        return made

    # --- models' names --------------------------------------------------------------------------------------

    def named(self, told: Json, found: Finding) -> Json:
        """Without the names of models whose twins it shows, where they are not for whoever asks."""
        if not self._models:
            return told
        answer = found.answer
        return self._without_models(
            told, {one.twin for one in answer.verdict.twins} | {one.twin for one in answer.matches}
        )

    def _without_models(self, told: Json, twins: set[str]) -> Json:
        names = {self._models[twin] for twin in twins if twin in self._models}
        if not names:
            return told
        made: Json = without_names(told, naming(names))
        return made


def naming(names: Iterable[str]) -> re.Pattern[str]:
    """Finds these names as words of their own."""
    several = sorted((re.escape(name) for name in names if name.strip()), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(several) or '(?!)'})(?!\w)", re.IGNORECASE)


def without_names(value: Any, names: re.Pattern[str]) -> Any:
    """A document with names replaced wherever they stand; that something was withheld is said."""
    if isinstance(value, str):
        return names.sub(WITHHELD, value)
    if isinstance(value, Mapping):
        return {name: without_names(inner, names) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_names(inner, names) for inner in value]
    return value


def _without(many: Iterable[Any], others: set[str]) -> list[Any]:
    """What names one of these twins is not told."""
    if not others:
        return list(many)
    names = naming(others)
    return [one for one in many if not names.search(orjson.dumps(one, default=str).decode())]
