"""In which script a text is written, beside those of the lexicon: what is in another one was not read, and
is not `absent`."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

LEAST_LETTERS = 8  # of it, in words: a brand's name among Latin words is no caption in Greek
SHORTEST = 3  # letters of one word: a single Cyrillic one in a Latin word is a look-alike (plaintext.py)
_LONGEST_LOOKED_AT = 20_000  # characters
# ASCII, Latin with its additions, modifiers and marks; Chinese, Japanese, Korean; signs that are letters, and
# styled Latin letters. What is none of them may be of another script, and is asked for its name.
_STRANGE = re.compile(
    r"[^\W\d_\u0000-\u036f\u1d00-\u1eff\u2000-\u2bff\u1100-\u11ff\u2e80-\ua4cf\ua720-\ua7ff\ua960-\ua97f"
    r"\uab30-\uab6f\uac00-\ud7ff\uf900-\ufaff\ufe00-\ufe6f\uff00-\uffef\U0001d400-\U0001d7ff"
    r"\U0001f100-\U0001f2ff\U00020000-\U0003ffff]"
)


def strange_script(text: str, known: Iterable[str]) -> str:
    """The name of the script, "Greek", in which so much is written that the text was not read whole; "" where
    there is none beside Latin, Chinese, Japanese, Korean and those `known` (names as Unicode has them)."""
    looked_at = text[:_LONGEST_LOOKED_AT]
    if not _STRANGE.search(looked_at):
        return ""
    counts: Counter[str] = Counter()
    for word in looked_at.split():
        letters = _STRANGE.findall(word)
        if len(letters) >= SHORTEST:
            counts.update(script_of(letter) for letter in letters)
    named = {name: count for name, count in counts.items() if name and name not in set(known)}
    if sum(named.values()) < LEAST_LETTERS:
        return ""
    return max(named, key=lambda name: named[name]).capitalize()


@cache
def script_of(letter: str) -> str:
    """ "CYRILLIC"; "" for what has no name."""
    return unicodedata.name(letter, "").partition(" ")[0]
