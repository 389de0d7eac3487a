"""Whose names a visitor of the desk may read."""

from desk.pseudonyms import Veil, veil_of
from desk.web.access import Visitor
from storage.store import Store


def veil_for(store: Store, visitor: Visitor | None) -> Veil:
    """Of somebody; nobody is shown any text from outside, and is told no name either."""
    if visitor is None or (visitor.sees_names and visitor.scope is None):
        return Veil()
    names, scope = visitor.sees_names, visitor.scope
    return store.remembered.of(
        ("veil", names, scope), lambda: veil_of(tuple(store.twins()), names=names, scope=scope)
    )
