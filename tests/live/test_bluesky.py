"""The whole job on a real Bluesky server: what is published over its API, what three nights make of it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desk.config import load
from desk.demo.pictures import jpeg, look
from storage.records import MediaItem, StoredVersion
from storage.store import Store
from tests.live.bluesky import Publisher, Server
from tests.live.campaign import TWIN, Campaign, publish, second_day
from tests.live.house import House

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]

HANDLE = "nordlys.test"


@dataclass(frozen=True, slots=True)
class Nights:
    """Three nights: all is new; one post edited, one deleted; nothing happened. `digest`: another machine's
    first night, as a person reads it."""

    campaign: Campaign
    house: House
    first: dict[str, Any]
    second: dict[str, Any]
    third: dict[str, Any]
    before: dict[tuple[str, int], dict[str, Any]]
    after: dict[tuple[str, int], dict[str, Any]]
    blobs_fetched: tuple[int, int, int]
    digest: str


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    folder = tmp_path_factory.mktemp("live")
    with Server(folder / "pds", limit="default") as server:
        who = Publisher(server, HANDLE)
        campaign = publish(who)
        house = House(folder / "house", server, HANDLE, service=True)
        _register(house, folder)
        first, blobs_first = house.night(), _blobs(server)
        before = house.items()
        by_directory = House(folder / "by-directory", server, who.did, service=False)
        _register(by_directory, folder)
        digest = by_directory.run("nightly")
        counted = _blobs(server)
        second_day(who, campaign)
        second = house.night()
        blobs_second = _blobs(server) - counted
        third = house.night()
        blobs_third = _blobs(server) - counted - blobs_second
        blobs = (blobs_first, blobs_second, blobs_third)
        yield Nights(campaign, house, first, second, third, before, house.items(), blobs, digest)


def _register(house: House, folder: Path) -> None:
    files = []
    for name in TWIN:
        file = folder / f"{name}.jpg"
        file.write_bytes(jpeg(look(name)))
        files.append(str(file))
    house.run("twins", "add", "Vilde", *files, "--basis", "contract of 2025-03-27")


def _blobs(server: Server) -> int:
    return sum(1 for request in server.requests() if "getBlob" in request.url)


@pytest.fixture(scope="module")
def store(nights: Nights) -> Iterator[Store]:
    config = load(nights.house.config, {})
    opened = Store.open(config.database, config.media, create=False)
    yield opened
    opened.close()


def versions(nights: Nights, store: Store, name: str) -> list[StoredVersion]:
    number = nights.after[nights.campaign.uris[name], 0]["id"]
    assert number, f"{name} has no finding"
    return list(store.finding_versions(number))


def current(nights: Nights, store: Store, name: str) -> list[MediaItem]:
    posts = {item.version.post.post_id: item.version.post for item in store.all_items()}
    return list(posts[nights.campaign.uris[name]].media)


def test_the_first_night_takes_everything(nights: Nights) -> None:
    published = {picture.data for pictures in nights.campaign.pictures.values() for picture in pictures}
    assert nights.first["accounts"] == {"ok": 1, "failed": 0, "failed_names": [], "skipped": []}
    assert nights.first["posts"] == {"new": len(nights.campaign.uris), "changed": 0, "gone": 0}
    assert nights.first["media"]["failed"] == 0
    assert nights.first["errors"] == []
    assert nights.blobs_fetched[0] == len(published), "the same blob was fetched twice, or one was not"


def test_the_bytes_are_those_that_were_published(nights: Nights, store: Store) -> None:
    compared = 0
    for name, pictures in nights.campaign.pictures.items():
        for position, picture in enumerate(pictures):
            item = nights.before[nights.campaign.uris[name], position]
            assert item["sha256"] == hashlib.sha256(picture.data).hexdigest()
            assert store.media.read(item["sha256"]) == picture.data
            compared += 1
    assert compared == sum(map(len, nights.campaign.pictures.values())) == 14


def test_alt_texts_stand_in_the_posts_own_order(nights: Nights, store: Store) -> None:
    media = current(nights, store, "carousel")
    published = nights.campaign.pictures["carousel"]
    assert [item.position for item in media] == [0, 1, 2]
    assert [item.alt for item in media] == [picture.alt for picture in published]
    assert [item.sha256 for item in media] == [
        hashlib.sha256(picture.data).hexdigest() for picture in published
    ]


def test_metadata_in_the_original_bytes_is_read(nights: Nights) -> None:
    item = nights.before[nights.campaign.uris["carousel"], 2]
    assert item["origin"]["level"] == 2
    assert any("trainedAlgorithmicMedia" in json.dumps(evidence) for evidence in item["origin"]["evidence"])
    assert item["labelling"] == "cannot_say"


def test_an_edit_is_a_second_version(nights: Nights, store: Store) -> None:
    assert nights.second["posts"] == {"new": 0, "changed": 1, "gone": 1}
    edited = versions(nights, store, "edited")
    assert [version.number for version in edited] == [1, 2]
    assert [version.post.text for version in edited] == ["Tailoring.", "Tailoring. Photo: the studio."]
    assert edited[0].post.revision != edited[1].post.revision


def test_a_deletion_is_a_tombstone_and_what_was_captured_stays(nights: Nights, store: Store) -> None:
    uri = nights.campaign.uris["deleted"]
    assert nights.before[uri, 0]["gone_at"] is None
    assert nights.after[uri, 0]["gone_at"] is not None
    assert store.media.read(nights.after[uri, 0]["sha256"]) == nights.campaign.pictures["deleted"][0].data
    assert [version.gone_at is not None for version in versions(nights, store, "deleted")] == [True]
    gone = {uri for (uri, _), item in nights.after.items() if item["gone_at"]}
    assert gone == {uri}


def test_later_nights_transfer_no_picture_again(nights: Nights) -> None:
    assert nights.blobs_fetched[1:] == (0, 0)


@pytest.mark.parametrize("count", ["posts", "media", "findings"])
def test_a_night_without_news_finds_nothing_new(nights: Nights, count: str) -> None:
    numbers = {key: value for key, value in nights.third[count].items() if isinstance(value, int)}
    assert numbers
    assert set(numbers.values()) == {0}
    assert nights.third["alerts"] == []
    assert nights.third["errors"] == []


@pytest.mark.parametrize(
    ("name", "labelling"),
    [
        ("labelled", "labelled"),
        ("self_labelled", "labelled"),
        ("unlabelled", "unlabelled"),
        ("edited", "unlabelled"),
        ("deleted", "unlabelled"),
        ("ordinary", "no_ai_evidence"),
    ],
)
def test_each_post_is_judged_as_what_it_is(nights: Nights, name: str, labelling: str) -> None:
    item = nights.after[nights.campaign.uris[name], 0]
    assert item["labelling"] == labelling
    assert item["twin"] == (None if name == "ordinary" else "Vilde")


def test_the_platforms_own_tag_is_the_accounts_word(nights: Nights) -> None:
    reading = nights.after[nights.campaign.uris["self_labelled"], 0]["disclosure"]["platform_tag"]
    assert (reading["state"], reading["declared_by"]) == ("present", "account")
    assert "ai-generated" in reading["quote"]


def test_alerts_name_the_unlabelled_twins_and_no_other(nights: Nights) -> None:
    alerted = {
        item["id"]: uri for (uri, _), item in nights.before.items() if item["id"] in nights.first["alerts"]
    }
    expected = {nights.campaign.uris[name] for name in ("unlabelled", "edited", "deleted")}
    assert len(alerted) == len(nights.first["alerts"]) == 3
    assert set(alerted.values()) == expected
    assert nights.before[nights.campaign.uris["labelled"], 0]["id"] not in alerted


def test_the_digest_names_the_unlabelled_twin_under_alerts(nights: Nights) -> None:
    """Read by a person, on a machine that found the server through the PLC directory."""
    sections = {block.partition("\n")[0].strip(): block for block in nights.digest.split("\n\n")}
    unlabelled, labelled = (
        nights.campaign.uris[name].rpartition("/")[2] for name in ("unlabelled", "labelled")
    )
    assert unlabelled in sections["alerts"]
    assert "Vilde" in sections["alerts"]
    assert labelled not in sections["alerts"]
    assert labelled in sections["labelled"]
