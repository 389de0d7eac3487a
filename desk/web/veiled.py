"""Whose names a visitor of the desk may read."""

from time import monotonic

from starlette.datastructures import State

from desk.pseudonyms import Veil, veil_of
from desk.web.access import Visitor
from storage.records import Twin
from storage.store import Store

FRESH = 5.0  # seconds: the registry is not read anew for each page


def veil_for(state: State, visitor: Visitor | None) -> Veil:
    """Of somebody; nobody is shown any text from outside, and is told no name either."""
    if visitor is None or (visitor.sees_names and visitor.scope is None):
        return Veil(())
    return veil_of(registered(state), names=visitor.sees_names, scope=visitor.scope)


def registered(state: State) -> tuple[Twin, ...]:
    """All twins, as they were a few seconds ago at most."""
    kept: tuple[float, tuple[Twin, ...]] | None = getattr(state, "registered", None)
    if kept is None or monotonic() - kept[0] > FRESH:
        store: Store = state.store
        kept = state.registered = (monotonic(), tuple(store.twins()))
    return kept[1]
