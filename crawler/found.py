"""The Scrapy item: a post on its way through the pipelines."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.records import Account, Capture, KeptFile, PostVersion, Saved


@dataclass(frozen=True, slots=True)
class Found:
    """A post that is new or may have changed, with the retrievals behind it and what is in media already."""

    account: Account
    post: PostVersion
    captures: tuple[Capture, ...]  # of the page first, then of its media
    kept: Mapping[str, KeptFile] = field(default_factory=dict)  # by content id
    saved: Saved | None = None  # set when it is stored
    media_new: int = 0  # files that were not in media before
