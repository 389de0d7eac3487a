"""Does a text hold any word that could matter? Most captions do not, and need no closer look."""

import re
from collections.abc import Iterator
from functools import cache

from detector.wording.plaintext import Plain
from detector.wording.sentences import CJK, GLUED
from detector.wording.vocabulary import ATOM, TELLING, Node, Vocabulary

_COMPOUND = re.compile(r"[#\ue000](\w+)")


def may_tell(plain: Plain, known: Vocabulary) -> bool:
    """False only where reading would find nothing. Compounds ("#madewithai", "AIgenerated") are looked
    into."""
    words, stems, signs = _cues(known)
    atoms = set(ATOM.findall(plain.text))
    if not atoms.isdisjoint(words) or any(atom.startswith(stems) for atom in atoms):
        return True
    if any(cue in tag for tag in set(_COMPOUND.findall(plain.text)) for cue in (*words, *stems)):
        return True
    if GLUED.search(plain.cased):
        return True
    if not CJK.search(plain.text):
        return False
    close = re.sub(r"\s+", "", plain.text)
    return any(sign in close for sign in signs)


@cache
def _cues(known: Vocabulary) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Of every telling phrase the part that is easiest to look for: its longest Latin word or stem, or the
    whole of it where it is written in Chinese, Japanese or Korean."""
    words: set[str] = set()
    stems: set[str] = set()
    signs: set[str] = set()
    for phrase in _telling(known.root, ()):
        latin = [atom for atom in phrase if len(atom) > 1 and not CJK.match(atom)]
        longest = max(latin, key=len, default="")
        (stems if longest.endswith("*") else words if longest else signs).add(
            longest.rstrip("*") or "".join(phrase)
        )
    return frozenset(words), tuple(sorted(stems)), tuple(sorted(signs))


def _telling(node: Node, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not node.roles.isdisjoint(TELLING):
        yield path
    for atom, follower in node.next.items():
        yield from _telling(follower, (*path, atom))
