"""save_post against a model of thirty lines: any sequence of versions, failures, replays and tombstones."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.records import MediaItem, PostVersion, Saved
from storage.store import Store
from tests.storage.samples import HM, capture, failed, later, picture, post

pytestmark = pytest.mark.slow  # thousands of posts

TEXTS = st.sampled_from(["", "A", "B\x00", "made with AI"])
ITEMS = st.tuples(st.sampled_from("abc"), st.booleans(), st.sampled_from([None, "", "alt"]))


@st.composite
def shown(draw: st.DrawFn) -> PostVersion:
    """A post as one night sees it: every picture by its content's id, with or without its bytes."""
    media = [
        picture(name, place, alt=alt) if came else failed(name, place, alt=alt)
        for place, (name, came, alt) in enumerate(draw(st.lists(ITEMS, max_size=3)))
    ]
    return post(text=draw(TEXTS), media=tuple(media), hashtags=tuple(draw(st.lists(TEXTS, max_size=2))))


NIGHTS = st.lists(st.one_of(shown(), st.sampled_from(["again", "gone"])), min_size=1, max_size=8)


class Model:
    """What must be stored: the list of versions, the last of them current."""

    def __init__(self) -> None:
        self.versions: list[PostVersion] = []
        self.gone_at: datetime | None = None

    def save(self, seen: PostVersion) -> Saved:
        self.gone_at = None
        if not self.versions:
            self.versions.append(seen)
            return Saved.NEW
        last = self.versions[-1]
        if _words(last) == _words(_with_alts(seen, last)):
            media = tuple(map(_filled, last.media, seen.media))
            self.versions[-1] = replace(last, media=media)
            return Saved.KNOWN
        self.versions.append(replace(seen, media=tuple(_carried(item, last.media) for item in seen.media)))
        return Saved.CHANGED


def _words(version: PostVersion) -> object:
    return version.text, version.hashtags, [(item.native_id, item.alt) for item in version.media]


def _with_alts(seen: PostVersion, last: PostVersion) -> PostVersion:
    """Where the night's source has no alt texts, those that are known."""
    known = [item.alt for item in last.media] + [None] * len(seen.media)
    media = [
        item if item.alt is not None else replace(item, alt=alt)
        for item, alt in zip(seen.media, known, strict=False)
    ]
    return replace(seen, media=tuple(media))


def _filled(kept: MediaItem, seen: MediaItem) -> MediaItem:
    return kept if kept.sha256 or not seen.sha256 else replace(seen, alt=kept.alt)


def _carried(seen: MediaItem, before: tuple[MediaItem, ...]) -> MediaItem:
    had = [item for item in before if item.native_id == seen.native_id and item.sha256]
    if seen.sha256 or not had:
        return seen
    return replace(seen, sha256=had[0].sha256, format=had[0].format, size=had[0].size, failure=None)


def _clean(version: PostVersion) -> PostVersion:
    tidy = tuple(tag.replace("\x00", "�") for tag in version.hashtags)
    return replace(version, text=version.text.replace("\x00", "�"), hashtags=tidy)


_numbers = itertools.count()


@pytest.fixture(scope="module")
def shared(sqlite_template: Path) -> Iterator[Store]:
    """One store for all examples; each has a post of its own."""
    folder = Path(tempfile.mkdtemp(prefix="twinwatch-model-"))
    shutil.copy(sqlite_template, folder / "x.db")
    opened = Store.open(f"sqlite:///{folder / 'x.db'}", folder / "media", create=False)
    yield opened
    opened.close()
    shutil.rmtree(folder)


@settings(max_examples=60, deadline=None)
@given(nights=NIGHTS)
def test_the_store_holds_what_the_model_holds(shared: Store, nights: list[PostVersion | str]) -> None:
    model, name = Model(), f"post {next(_numbers)}"
    latest: PostVersion | None = None
    for day, night in enumerate(nights):
        if night == "gone":
            marked = shared.mark_gone(HM, name, later(day), capture("gone", at=later(day)))
            assert marked is (latest is not None and model.gone_at is None)
            model.gone_at = model.gone_at or (later(day) if latest else None)
            continue
        latest = latest if isinstance(night, str) else replace(night, post_id=name)
        if latest is None:
            continue
        latest = replace(latest, seen_at=later(day))
        expected = model.save(latest)
        assert shared.save_post(HM, latest) is expected
        assert shared.save_post(HM, latest) is Saved.KNOWN  # a night killed after the save, and run again
    stored = [one for one in shared.versions_to_read("r") if one.post.post_id == name]
    for one in stored:
        shared.save_readings(one.version_id, "r", {})  # so that the next example does not walk over them
    assert [one.post for one in stored] == [_clean(version) for version in model.versions]
    assert {one.gone_at for one in stored} <= {model.gone_at}
    current = {item.version.version_id for item in shared.all_items() if item.version.post.post_id == name}
    assert current == ({stored[-1].version_id} if stored and stored[-1].post.media else set())
