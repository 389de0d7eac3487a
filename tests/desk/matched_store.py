"""A store as a few nights leave it: one twin with two registered pictures, four published pictures, and what
they match, so that commands can be tried without looking at a single pixel."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from storage.records import Box, Examination, Match, MatchKind, Quarantine, ReferenceKind
from storage.store import Store
from tests.storage.samples import HM, NOW, examination, later, picture, post, reference, sha, twin

LIKELY, LIKELY_TOO, COPY, SCENE = "likely", "likely-too", "copy", "scene"
ANNA, ANNA_TOO = "ref", "ref-too"


def match(of: str = ANNA, kind: MatchKind = MatchKind.LIKELY_COPY, agreement: float = 0.7) -> Match:
    return Match(
        *(sha(of), kind, "local", 24, 4, "Anna", ReferenceKind.DIGITAL_TWIN, Box(0.1, 0.2, 0.5, 0.5)),
        transform="mirrored, cropped to 62 %",
        overlap=0.62,
        inliers=180,
        agreement=agreement,
        residual=0.31,
        reason="a part of it is covered",
    )


MATCHES = {
    LIKELY: (match(agreement=0.8),),
    LIKELY_TOO: (match(agreement=0.6), match(ANNA_TOO, MatchKind.SAME_SCENE_OR_GARMENT)),
    COPY: (match(kind=MatchKind.COPY, agreement=0.95),),
    SCENE: (match(kind=MatchKind.SAME_SCENE_OR_GARMENT, agreement=0.4),),
}


@contextmanager
def opened_here(folder: Path, *, create: bool = False) -> Iterator[Store]:
    """The store at the default place in this folder."""
    store = Store.open(f"sqlite:///{folder / 'twinwatch.db'}", folder / "media", create=create)
    try:
        yield store
    finally:
        store.close()


def fill(folder: Path) -> None:
    with opened_here(folder, create=True) as store:
        store.add_twin(twin("Anna"), [reference("Anna", ANNA), reference("Anna", ANNA_TOO)])
        for day, (name, matches) in enumerate(MATCHES.items()):
            shown = post(f"p-{name}", media=(picture(name),), revision=f"r-{name}", seen_at=later(day))
            store.save_post(HM, shown)
            store.save_examination(_examined(name))
            store.save_matches(sha(name), "stamp", matches)


def hold(folder: Path, of: str = ANNA) -> None:
    """Put a reference in quarantine."""
    with opened_here(folder) as store:
        store.bank.quarantine(Quarantine(sha(of), "in one pass it matched 40 unrelated pictures", NOW))


def _examined(name: str) -> Examination:
    return replace(examination(name), evidence=())
