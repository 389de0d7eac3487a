"""Reads every disclosure surface of a post, for each of its media: one reader a surface, found by its place.

A reader is a module of `detector/disclosure/` with SURFACE, VERSION and `read(post, item, lexicon)`, which
answers a Reading. A surface without a reader is `unreadable: no reader yet`; two readers of one surface fail
at the start.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from detector import disclosure
from detector.wording import texts
from detector.wording.lexicon import BUILT_IN, Lexicon, lexicon_stamp
from storage.records import MediaItem, PostVersion, Reading, ReadingState, Surface


class Reader(Protocol):
    """What a module of `disclosure/` declares."""

    @property
    def SURFACE(self) -> Surface: ...  # noqa: N802  a constant of the module

    @property
    def VERSION(self) -> str: ...  # noqa: N802  a constant of the module

    def read(self, post: PostVersion, item: MediaItem, lexicon: Lexicon) -> Reading: ...


def read_post(post: PostVersion, lexicon: Lexicon = BUILT_IN) -> Mapping[int, tuple[Reading, ...]]:
    """Every surface, in the order of Surface, for each media item by its position."""
    return {item.position: read_item(post, item, lexicon) for item in post.media}


def read_item(post: PostVersion, item: MediaItem, lexicon: Lexicon = BUILT_IN) -> tuple[Reading, ...]:
    """Every surface of one media item."""
    found = readers()
    return tuple(
        found[surface].read(post, item, lexicon)
        if surface in found
        else Reading(surface, ReadingState.UNREADABLE, reason="no reader yet")
        for surface in Surface
    )


def read_text(text: str, surface: Surface = Surface.CAPTION, lexicon: Lexicon = BUILT_IN) -> Reading:
    """Disclosure in a text alone, its hashtags among it: what `twinwatch read-text` answers."""
    return texts.as_reading(texts.read(text, lexicon=lexicon), surface, field="text")


@cache
def reading_stamp(lexicon: Lexicon = BUILT_IN) -> str:
    """Changes when a reader, the reading of texts or a lexicon does: then the texts are read again."""
    digest = sha256(f"wording={texts.VERSION}\n".encode())
    for surface, reader in sorted(readers().items()):
        digest.update(f"{surface}={reader.VERSION}\n".encode())
    digest.update(lexicon_stamp(lexicon).encode())
    return digest.hexdigest()[:16]


@cache
def readers() -> Mapping[Surface, Reader]:
    """The readers of `detector/disclosure/`, by surface."""
    names = sorted(module.name for module in iter_modules(disclosure.__path__))
    return by_surface(import_module(f"{disclosure.__name__}.{name}") for name in names)


def by_surface(modules: Iterable[object]) -> Mapping[Surface, Reader]:
    """Raises TypeError for a module that is no reader, and for a surface with two of them."""
    found: dict[Surface, Reader] = {}
    for module in modules:
        surface = getattr(module, "SURFACE", None)
        if not isinstance(surface, Surface) or not callable(getattr(module, "read", None)):
            raise TypeError(f"{module!r} does not declare SURFACE, VERSION and read")
        if surface in found:
            raise TypeError(f"two readers of {surface}: {found[surface]!r} and {module!r}")
        found[surface] = module  # type: ignore[assignment]
    return found
