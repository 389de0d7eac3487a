"""What was set right about a twin since it was registered, as far as whoever asks may know it."""

from collections.abc import Mapping

from desk.contract import Json
from desk.contract_taken_out import correction_json
from desk.web.access import Visitor
from storage.keeping import Correction

MODEL = frozenset({"model"})


def corrected(one: Correction, visitor: Visitor, names: frozenset[str] = MODEL) -> Json:
    """None is what she is not shown. `names`: columns for those alone who may read models' names. Whoever
    sees her own twins only is told what is right now; what stood there may be another's, and who set it right
    and why is the house's."""
    told = correction_json(one)
    hidden = frozenset() if visitor.sees_names else names
    told["after"] = _without(one.after, hidden)
    if visitor.scope is None:
        return {**told, "before": _without(one.before, hidden)}
    return {
        **told,
        "by": None,
        "reason": None,
        "before": _without(one.before, frozenset(one.before) - {"kind"}),
    }


def _without(said: Mapping[str, str], hidden: frozenset[str]) -> dict[str, str | None]:
    return {name: None if name in hidden else words for name, words in said.items()}
