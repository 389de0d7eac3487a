"""Which words are read: the lexicon that comes with the program, and the files that a user adds to it.

A `Lexicon` is a value that travels (into a worker process too); the `Vocabulary` made from it is built once
and kept.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from detector.wording.vocabulary import Vocabulary, build


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`added`: (file name, TOML) of the user's own files, beside those of the program."""

    added: tuple[tuple[str, str], ...] = ()


BUILT_IN = Lexicon()


@cache
def vocabulary(lexicon: Lexicon = BUILT_IN) -> Vocabulary:
    """All languages in one. Raises ConfigError(kind="lexicon") that names the file and the key."""
    return build((*_own_files(), *lexicon.added))


@cache
def hints(lexicon: Lexicon = BUILT_IN) -> Vocabulary:
    """The words of the net, of all languages. Raises as `vocabulary` does."""
    return build((*_own_files(), *lexicon.added), hints=True)


def lexicon_stamp(lexicon: Lexicon = BUILT_IN) -> str:
    """Changes with any file of it: then the texts are read again. The names of files say nothing."""
    digest = sha256()
    for text in (*(text for _, text in _own_files()), *sorted(text for _, text in lexicon.added)):
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()[:16]


@cache
def _own_files() -> tuple[tuple[str, str], ...]:
    folder = files("detector") / "lexicon"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple((f"detector/lexicon/{name}", (folder / name).read_text("utf-8")) for name in names)
