"""What is kept of a decoded picture: hashes of the whole, and regions and local features of its parts. A
frame of a video is a picture like any other.

Stages are named "fingerprint:pdq", "fingerprint:regions" …, and each is run only where it is wanted.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Protocol

from detector.hashing import hashes
from detector.matching.local_features import local, local_reference
from detector.matching.parts import regions, tiles
from detector.pictures.decode import Picture, Pixels, SmallPicture
from storage.records import Failure, Fingerprint

FINGERPRINT = "fingerprint"
REFERENCE_EDGE = 480  # px: what local features of a registered picture need (matching.md, section 3a)

Taken = tuple[Fingerprint, ...] | Failure


class PartsModule(Protocol):
    """A module of `matching/` that fingerprints parts of a picture, given as uint8 (H, W) grey."""

    ALGORITHM: str
    VERSION: str

    def fingerprints(self, grey: Pixels, /) -> tuple[Fingerprint, ...]: ...


PARTS: tuple[PartsModule, ...] = (regions, local)  # of every picture
REFERENCE_PARTS: tuple[PartsModule, ...] = (tiles, local_reference)  # of registered pictures besides


def picture_stages() -> Mapping[str, str]:
    """What every picture goes through, with today's versions."""
    return {**hash_stages(), **_versions(PARTS)}


def hash_stages() -> Mapping[str, str]:
    """Those of them that are about the picture as a whole."""
    return {_stage(name): module.VERSION for name, module in hashes().items()}


def reference_stages() -> Mapping[str, str]:
    """What registered pictures go through besides."""
    return _versions(REFERENCE_PARTS)


def exact_hashes(picture: Picture, wanted: Collection[str]) -> Iterator[Taken]:
    """Of the whole decode, as Meta takes them."""
    for name, module in hashes().items():
        if _stage(name) in wanted:
            yield _tried(_stage(name), partial(module.fingerprints, picture.pixels))


def quick_hashes(picture: SmallPicture, wanted: Collection[str]) -> Iterator[Taken]:
    for name, module in hashes().items():
        if _stage(name) in wanted:
            yield _tried(_stage(name), partial(module.quick_fingerprints, picture))


def parts(picture: SmallPicture, wanted: Collection[str]) -> Iterator[Taken]:
    yield from _taken(PARTS, picture.reduced, wanted)


def reference_parts(picture: SmallPicture, wanted: Collection[str]) -> Iterator[Taken]:
    """Of a picture that was decoded with its long edge at least `REFERENCE_EDGE`."""
    yield from _taken(REFERENCE_PARTS, lambda: picture.reduced(REFERENCE_EDGE), wanted)


def _taken(
    modules: Iterable[PartsModule], grey: Callable[[], Pixels], wanted: Collection[str]
) -> Iterator[Taken]:
    asked = [module for module in modules if _stage(module.ALGORITHM) in wanted]
    if not asked:
        return
    pixels = grey()
    for module in asked:
        yield _tried(_stage(module.ALGORITHM), partial(module.fingerprints, pixels))


def _tried(stage: str, take: Callable[[], tuple[Fingerprint, ...]]) -> Taken:
    try:
        return take()
    except MemoryError:
        raise
    except Exception as error:  # strange pixels find ways into any algorithm; recorded, and the others go on
        return Failure("fingerprint_failed", f"{type(error).__name__}: {error}", stage)


def _versions(modules: Iterable[PartsModule]) -> Mapping[str, str]:
    return {_stage(module.ALGORITHM): module.VERSION for module in modules}


def _stage(name: str) -> str:
    return f"{FINGERPRINT}:{name}"
