"""The texts and tags of each post version are read."""

from desk.jobs.stages.carried import Pass, Progress
from detector.reading import read_post, reading_stamp


def read(work: Pass) -> None:
    lexicon = work.settings.lexicon
    stamp = reading_stamp(lexicon)
    for done, version in enumerate(work.store.versions_to_read(stamp), start=1):
        work.store.save_readings(version.version_id, stamp, read_post(version.post, lexicon))
        work.tell(Progress("read", done))
