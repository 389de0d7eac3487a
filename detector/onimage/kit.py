"""What a look needs besides the picture: the marks that users registered, and their words. It travels to the
worker processes of one run as one document, so that a mark registered meanwhile is not half of that run's."""

import base64
import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.onimage.look import Mark
from detector.wording.lexicon import BUILT_IN, Lexicon


@dataclass(frozen=True, slots=True, eq=False)
class Kit:
    """`marks`: those of users; the built-in ones are always looked for. `lexicon`: the words that tell."""

    marks: tuple[Mark, ...] = ()
    lexicon: Lexicon = BUILT_IN


PLAIN = Kit()


def marks_stamp(marks: tuple[Mark, ...]) -> str:
    """Changes whenever another mark is looked for, or one is drawn or confirmed otherwise."""
    digest = sha256()
    for mark in sorted(marks, key=lambda one: one.name):
        told = (mark.name, mark.says, mark.letters, str(mark.grey.shape))
        digest.update("\0".join(told).encode("utf-8", "replace") + b"\0")
        digest.update(np.ascontiguousarray(mark.grey).tobytes())
        digest.update(np.ascontiguousarray(mark.alpha).tobytes())
    return digest.hexdigest()[:16]


# --- between processes --------------------------------------------------------------------------------------


def dumped(kit: Kit) -> bytes:
    words = [list(one) for one in kit.lexicon.added]
    return json.dumps({"marks": [_document(mark) for mark in kit.marks], "lexicon": words}).encode()


@lru_cache(maxsize=2)
def loaded(path: Path) -> Kit:
    """From such a document. Raises OSError, or ValueError."""
    try:
        document = json.loads(path.read_bytes())
        words = tuple((str(name), str(text)) for name, text in document["lexicon"])
        return Kit(tuple(_mark(one) for one in document["marks"]), Lexicon(words))
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no kit for looking: {error}") from error


def _document(mark: Mark) -> dict[str, Any]:
    return {
        "name": mark.name,
        "says": mark.says,
        "letters": mark.letters,
        "sha256": mark.sha256,
        "shape": list(mark.grey.shape),
        "grey": _packed(mark.grey),
        "alpha": _packed(mark.alpha),
    }


def _mark(one: dict[str, Any]) -> Mark:
    high, wide = one["shape"]

    def plane(packed: str) -> NDArray[np.uint8]:
        return np.frombuffer(base64.b64decode(packed, validate=True), np.uint8).reshape(high, wide)

    return Mark(
        name=one["name"],
        says=one["says"],
        grey=plane(one["grey"]),
        alpha=plane(one["alpha"]),
        letters=one["letters"],
        sha256=one["sha256"],
    )


def _packed(plane: NDArray[np.uint8]) -> str:
    return base64.b64encode(np.ascontiguousarray(plane).tobytes()).decode()
