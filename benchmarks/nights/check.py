"""The store beside the truth, after nights of which some accounts' failed.

*Visible* is what a server would have shown in a night. What has to be in the store is what was visible to a
crawl: everything that an account showed in a night in which the summary does not name it as failed. An
account is failed exactly where its server was down for it all night long, or where its name was gone before
anybody had looked it up; any other failure is one of ours. What was visible in a failed night and is still
visible in the next that comes through has to be in the store then; what was not (an edition that was edited
away, a post that was deleted meanwhile) is counted as never shown, and may be in the store or not. A
picture that could not be had is named on its item, and has to be there after the next night that shows that
edition.

A picture that was swapped under its address (feeds, YouTube) is seen when it is its turn to be asked about:
those that had none yet are counted, and are no mistake.

*Once*: no post twice, no two versions of a post that say the same, no item of a version twice, and under one
name in the media folder one content.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.nights.house import Done, House
from benchmarks.nights.said import native
from benchmarks.nights.weather import Calm, Weather
from benchmarks.nights.world import (
    FEEDS,
    SWAPPED_IN_PLACE,
    TELLING,
    Edition,
    Post,
    Publisher,
    World,
    picture,
)
from storage.records import StoredVersion
from storage.store import Store

Look = tuple[str, tuple[str, ...]]  # text, and the SHA-256 of each picture


@dataclass(slots=True)
class Verdict:
    wrong: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)


def failures_of(
    world: World, weather: Weather | Calm, nights: int, names: Mapping[int, str]
) -> list[set[str]]:
    """Which accounts have to fail, night by night."""
    found: list[set[str]] = []
    located: set[int] = set()
    for night in range(1, nights + 1):
        failing = set[str]()
        for one in world.publishers:
            lost = one.renamed and night >= one.renamed and one.number not in located
            if lost or weather.down(night, one.number):
                failing.add(names[one.number])
            else:
                located.add(one.number)
        found.append(failing)
    return found


def check(house: House, weather: Weather | Calm, nights: Sequence[Done]) -> Verdict:
    """What is wrong, in sentences, and what was looked at."""
    verdict = Verdict()
    expected = failures_of(house.world, weather, len(nights), house.names)
    for number, (done, failing) in enumerate(zip(nights, expected, strict=True), 1):
        if done.failed != failing:
            verdict.wrong.append(
                f"night {number}: failed {sorted(done.failed - failing)} though they could be had, "
                f"not {sorted(failing - done.failed)} though they could not; exit status {done.status}"
            )
    stored = stored_posts(house)
    for one in house.world.publishers:
        name = house.names[one.number]
        fine = [night for night, failing in enumerate(expected, 1) if name not in failing]
        theirs = stored.pop(name, {})
        for post in one.posts:
            _check_post(one, post, fine, theirs.pop(native(one, post), []), weather, verdict)
        verdict.wrong += [f"{name}: {post_id} is in the store and was never published" for post_id in theirs]
    verdict.wrong += [f"{name} is in the store and in no watchlist" for name in stored]
    verdict.counted["files in the media folder"] = _check_media(house.media, verdict)
    return verdict


def stored_posts(house: House) -> dict[str, dict[str, list[StoredVersion]]]:
    """Account → post id → versions, in the order of being stored."""
    found: dict[str, dict[str, list[StoredVersion]]] = {}
    store = Store.open(f"sqlite:///{house.database}", house.media, create=False)
    try:
        for one in store.versions_to_read("nobody has read it under this stamp"):
            posts = found.setdefault(one.account.name, {})
            posts.setdefault(one.post.post_id, []).append(one)
    finally:
        store.close()
    for posts in found.values():
        for versions in posts.values():
            versions.sort(key=lambda one: one.number)
    return found


def _check_post(
    one: Publisher,
    post: Post,
    fine: Sequence[int],
    versions: Sequence[StoredVersion],
    weather: Weather | Calm,
    verdict: Verdict,
) -> None:
    where, count = f"{one.platform} {one.name} {native(one, post)}", verdict.counted
    shown = [edition for night in fine if (edition := _listed(one, post, night))]
    wanted = list(dict.fromkeys(map(_look, shown)))
    possible = {_look(edition) for edition in post.editions}
    looks = [_stored_look(version) for version in versions]
    count["posts"] += bool(shown)
    count["versions"] += len(wanted)
    count["edits seen"] += max(0, len(wanted) - 1)
    count["pictures"] += len({number for edition in shown for number in edition.pictures})
    count["editions that no night showed"] += sum(edition not in shown for edition in post.editions)
    lacking = {_look(edition, _lost(edition, one, post, fine, weather)): _look(edition) for edition in shown}
    looks = [lacking.get(look, look) for look in looks]
    unseen = {_look(edition) for edition in shown if swapped_in_place(one, post, edition)} - set(looks)
    count["swaps without a turn yet"] += len(unseen)
    count["edits seen"] -= len(unseen)
    if missing := [look for look in wanted if look not in looks and look not in unseen]:
        verdict.wrong.append(f"{where}: not in the store: {missing}; there: {looks}")
    if strange := [look for look in looks if look not in possible]:
        verdict.wrong.append(f"{where}: in the store and never so: {strange}")
    if len(set(looks)) < len(looks):
        verdict.wrong.append(f"{where}: {len(looks)} versions, of which {len(set(looks))} differ")
    _check_gone(one, post, fine, versions, where, verdict)


def _check_gone(
    one: Publisher,
    post: Post,
    fine: Sequence[int],
    versions: Sequence[StoredVersion],
    where: str,
    verdict: Verdict,
) -> None:
    known = [night for night in fine if _listed(one, post, night)]
    asked = [night for night in fine if known and night > known[0] and post.gone and night >= post.gone]
    told = any(version.gone_at for version in versions)
    if asked and one.platform in TELLING:  # a feed never says that an item is gone, nor does Instagram
        verdict.counted["deletions seen"] += 1
        if not told:
            verdict.wrong.append(f"{where}: gone since night {post.gone}, asked in {asked}, no tombstone")
    elif told and not (post.gone and fine and post.gone <= fine[-1]):
        verdict.wrong.append(f"{where}: a tombstone, and it was never deleted until then")


def _listed(one: Publisher, post: Post, night: int) -> Edition | None:
    """What a crawl of that night is shown of a post; a feed shows its newest alone."""
    edition = post.seen(night)
    if one.platform in FEEDS and edition:
        newest = one.visible(night)[: FEEDS[one.platform]]
        return edition if any(other is post for other, _ in newest) else None
    return edition


def swapped_in_place(one: Publisher, post: Post, edition: Edition) -> bool:
    """Nothing but a picture under the same address became another one: seen when it is that picture's turn
    to be asked about (crawler/checking.py), if the edition stands long enough."""
    before = [other for other in post.editions if other.night < edition.night]
    return one.platform in SWAPPED_IN_PLACE and bool(before) and before[-1].text == edition.text


def _lost(
    edition: Edition, one: Publisher, post: Post, fine: Sequence[int], weather: Weather | Calm
) -> Collection[int]:
    """Pictures that could not be had in any night in which this edition was shown."""
    nights = [night for night in fine if _listed(one, post, night) == edition]
    return {
        number
        for number in edition.pictures
        if nights and all(weather.picture_down(night, number) for night in nights)
    }


def _look(edition: Edition, lost: Collection[int] = ()) -> Look:
    """How the store holds it; "" for pictures that were `lost`."""
    digests = (
        "" if number in lost else hashlib.sha256(picture(number)).hexdigest() for number in edition.pictures
    )
    return edition.text, tuple(digests)


def _stored_look(version: StoredVersion) -> Look:
    return version.post.text, tuple(item.sha256 or "" for item in version.post.media)


def _check_media(media: Path, verdict: Verdict) -> int:
    files = list(files_of(media))
    for path in files:
        if hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
            verdict.wrong.append(f"{path.name} is not what its name says")
    return len(files)


def files_of(media: Path) -> Iterable[Path]:
    return (path for path in sorted(media.rglob("*")) if path.is_file() and path.parent.name != ".tmp")
