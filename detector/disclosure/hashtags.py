"""Hashtags: those in the text and those that the platform keeps outside it. One among thirty tells few
people."""

from dataclasses import replace

from detector import wording
from storage.records import Declarer, MediaItem, PostVersion, Reading, ReadingState, Surface

SURFACE = Surface.HASHTAGS
VERSION = "1"


def read(post: PostVersion, item: MediaItem) -> Reading:
    """The most telling hashtag, with its place among all: `position` (from 1) of `of`."""
    tags = [*wording.hashtags_in(post.text), *(tag.lstrip("#＃") for tag in post.hashtags)]
    tags = list(dict.fromkeys(tag for tag in tags if tag))
    readings = [wording.as_reading(wording.read(f"#{tag}"), SURFACE, field="hashtags") for tag in tags]
    for state in (ReadingState.PRESENT, ReadingState.AMBIGUOUS, ReadingState.UNREADABLE):
        for number, reading in enumerate(readings, start=1):
            if reading.state is state:
                return replace(reading, prominence={"position": number, "of": len(tags)})
    return Reading(SURFACE, ReadingState.ABSENT, field="hashtags", declared_by=Declarer.ACCOUNT)
