"""Whose names a visitor of the desk may read."""

from functools import cache

from desk.handing import ever_called
from desk.pseudonyms import Instead, Veil, veil_of
from desk.web.access import Visitor
from desk.web.words import DEFAULT, Words
from storage.store import Store


def veil_for(store: Store, visitor: Visitor | None, language: str = DEFAULT) -> Veil:
    """Of somebody; nobody is shown any text from outside, and is told no name either. What stands in the
    place of names is in this language."""
    if visitor is None or (visitor.sees_names and visitor.scope is None):
        return Veil()
    names, scope = visitor.sees_names, visitor.scope
    return store.remembered.of(
        ("veil", names, scope, language),
        lambda: veil_of(ever_called(store), names=names, scope=scope, instead=_instead(language)),
    )


@cache
def _instead(language: str) -> Instead:
    """Words of ours with a place for a name; a name may hold braces itself."""
    words = Words(language)
    return Instead(words("veil.model"), words("veil.another_model"), words("veil.another_twin"))
