"""The texts and tags of each post version are read."""

from collections.abc import Mapping

from desk.jobs.stages.carried import Pass, Progress
from detector.control import MISSED
from detector.onimage.looking import unreadable
from detector.reading import read_post, reading_stamp
from storage.records import PostVersion, Reading, Surface


def read(work: Pass) -> None:
    """Under a stamp of its own while a reader is blind: then all is read again the next time, and what was
    read before stays until then."""
    stamp = reading_stamp(work.settings.lexicon)
    blind = sorted(set(work.blind) & {surface.value for surface in Surface})
    under = f"{stamp} without {', '.join(blind)}" if blind else stamp
    for done, version in enumerate(work.store.versions_to_read(under), start=1):
        readings = _readings(work, version.post)
        work.store.save_readings(version.version_id, under, readings, keep=bool(blind))
        work.tell(Progress("read", done))


def _readings(work: Pass, post: PostVersion) -> Mapping[int, tuple[Reading, ...]]:
    return {
        position: tuple(
            unreadable(one.surface, MISSED, one.reader) if one.surface in work.blind else one for one in found
        )
        for position, found in read_post(post, work.settings.lexicon).items()
    }
