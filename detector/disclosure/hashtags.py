"""Hashtags: those in the text and those that the platform keeps outside it. One among thirty tells few
people."""

from dataclasses import replace

from detector.wording import texts
from detector.wording.lexicon import BUILT_IN, Lexicon
from storage.records import Declarer, MediaItem, PostVersion, Reading, ReadingState, Surface

SURFACE = Surface.HASHTAGS
VERSION = "2"

MOST_READ = 200  # hashtags of one post; Instagram takes 30


def read(post: PostVersion, item: MediaItem, lexicon: Lexicon = BUILT_IN) -> Reading:
    """The most telling hashtag, with its place among all: `position` (from 1) of `of`."""
    if texts.not_given(post):
        return Reading(SURFACE, ReadingState.UNREADABLE, field="hashtags", reason=texts.NOT_GIVEN)
    tags = [*texts.hashtags_in(post.text), *(tag.lstrip("#＃") for tag in post.hashtags)]
    tags = list(dict.fromkeys(tag for tag in tags if tag))
    if not tags:
        return Reading(SURFACE, ReadingState.ABSENT, field="hashtags", declared_by=Declarer.ACCOUNT)
    readings = [
        texts.as_reading(texts.read(f"#{tag}", lexicon=lexicon), SURFACE, field="hashtags")
        for tag in tags[:MOST_READ]
    ]
    for state in (ReadingState.PRESENT, ReadingState.AMBIGUOUS, ReadingState.UNREADABLE):
        for number, reading in enumerate(readings, start=1):
            if reading.state is state:
                return replace(reading, prominence={"position": number, "of": len(tags)})
    if len(tags) > MOST_READ:
        reason = f"too many: only the first {MOST_READ} of {len(tags)} hashtags were read"
        return Reading(SURFACE, ReadingState.UNREADABLE, field="hashtags", reason=reason)
    return replace(readings[0], reason="no hashtag says so")
