"""What is asked of the worker processes that look at pictures: which frames, which marks, which words. The
one way for `nightly`, `detect` and `check`."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from desk.jobs.marks import marks_in_force
from desk.jobs.matching import Matched
from detector.onimage.kit import Kit
from detector.onimage.moments import moments
from detector.onimage.readers import SURFACES, stamps
from detector.pictures.decode import VIDEOS
from detector.processes.jobs import LookJob
from detector.processes.lookers import Lookers
from detector.wording.lexicon import Lexicon
from storage.records import PARTLY_SEEN, Fingerprint, Reading, Surface
from storage.store import FileToLook, Store

AI_LEVEL = 2  # from which a picture has a finding (design: level 2)


def kit_of(store: Store | None, lexicon: Lexicon) -> Kit:
    """The marks that are registered, and the words that tell."""
    return Kit(marks_in_force(store), lexicon)


def waiting_looks(store: Store, lexicon: Lexicon) -> Sequence[FileToLook]:
    """Files that matter and were not looked at by today's readers, in no order."""
    today = {surface: stamp for surface, stamp in stamps(kit_of(store, lexicon)).items() if stamp}
    return store.looks.waiting(today)


def job_of(
    path: Path,
    surfaces: tuple[Surface, ...],
    format_name: str,
    fingerprints: Iterable[Fingerprint],
    *,
    cut: bool = False,
) -> LookJob:
    """`cut`: it is known in part only."""
    chosen = moments(fingerprints, video=format_name in VIDEOS, cut=cut)
    return LookJob(path, surfaces, chosen.at, chosen.unseen)


def looks_of(files: Iterable[Matched], lookers: Lookers) -> Mapping[Path, Sequence[Reading]]:
    """What stands on files at hand, on every surface."""
    jobs = {
        one.path: job_of(
            one.path,
            SURFACES,
            one.examination.format,
            one.examination.fingerprints,
            cut=one.failure is not None and one.failure.kind in PARTLY_SEEN,
        )
        for one in files
        if one.examination
    }
    return {job.path: readings for job, readings in lookers.look(jobs.values(), len(jobs))}
