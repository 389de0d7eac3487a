"""Every match of a finding can be looked at beside the picture and laid on it; what has no bytes says so in
words; of a film the frame that shows it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import update
from starlette.testclient import TestClient

from detector.match_words import IDENTICAL, WITHOUT_PICTURE
from storage.keeping import Kept
from storage.people import Role
from storage.records import Box, Match, MatchKind, ReferenceKind, TwinVerdict
from storage.store import Store
from storage.tables.taken_out import RemovalRow
from tests.desk.used_store import FOUND, HM, OCTOBER
from tests.desk.web.conftest import Browser
from tests.desk.web.test_api_desk import with_bytes
from tests.desk.web.test_same_picture import OUT
from tests.detector.drawings import Pixels, scene
from tests.detector.files import encoded
from tests.detector.films import shots
from tests.storage.samples import answer, picture, post, sha

Someone = Callable[[Role | None], Browser]
Program = Callable[..., TestClient]
pytestmark = pytest.mark.slow  # pictures are decoded and aligned

SIZE = (480, 360)
FIRST, SECOND = (scene(*SIZE, seed=number) for number in (0, 1))  # of the film, too


def matched(twin: str, name: str, **changes: object) -> Match:
    made = Match(
        sha(name), MatchKind.COPY, "pdq", 4, 31, twin=twin, reference_kind=ReferenceKind.DIGITAL_TWIN
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def found(store: Store, matches: Sequence[Match]) -> int:
    """A finding of the picture "found" with these matches."""
    made = post("found", platform=HM.platform, handle=HM.handle, posted_at=OCTOBER, media=(picture("found"),))
    store.save_post(HM, replace(made, seen_at=FOUND))
    (item,) = store.all_items()
    told = answer(matches=tuple(matches))
    twins = tuple(TwinVerdict(one, OUT) for one in dict.fromkeys(match.twin for match in matches))
    verdict = replace(told.verdict, twin=matches[0].twin, twins=twins, consent=OUT)
    number, _ = store.save_answer(item, "j", replace(told, verdict=verdict), FOUND)
    return number


def sources(page: str) -> list[str]:
    return re.findall(r'<img src="/findings/\d+/([^"]+)"', page)


def near(data: bytes, expected: Pixels) -> bool:
    """Whether this JPEG shows that picture, as coding and scaling leave it."""
    shown = Image.open(BytesIO(data)).convert("RGB").resize((32, 24))
    wanted = Image.fromarray(expected).resize((32, 24))
    apart = np.abs(np.asarray(shown, np.float64) - np.asarray(wanted, np.float64)).mean()
    return bool(apart < 15)  # grey levels; two scenes are some 60 apart


def test_every_match_can_be_laid_on_the_picture(store: Store, browser: Someone) -> None:
    """Not only the first; and not the very same file, on which there is nothing to lay."""
    names = ("ref Twin A", "other", "same")
    matches = [matched("Twin A", name) for name in names]
    found(store, [*matches[:2], replace(matches[2], algorithm=IDENTICAL, reference=sha("found"))])
    with_bytes(store, "found", encoded(FIRST, quality=80))
    for name in names[:2]:
        with_bytes(store, name, encoded(FIRST, quality=92))
    client = browser(Role.REVIEWER)
    page = client.get("/findings/1").text
    layers = [one for one in sources(page) if one.startswith("layers/")]
    names = ("found", "registered", "difference")
    assert layers == [f"layers/{number}/{layer}.jpg" for number in (0, 1) for layer in names]
    assert re.findall(r"compare/(\d)\.png", page) == ["0", "1", "2"]
    assert (page.count('class="laid"'), page.count("(1/2)"), page.count("(2/2)")) == (2, 1, 1)
    for one in sources(page):
        assert client.get(f"/findings/1/{one}").status_code == 200, one


def test_the_print_view_has_every_picture_at_once(store: Store, browser: Someone) -> None:
    """On paper nobody scrolls to a picture, or opens what is folded."""
    found(store, [matched("Twin A", name) for name in ("ref Twin A", "other")])
    with_bytes(store, "found", encoded(FIRST, quality=80))
    for name in ("ref Twin A", "other"):
        with_bytes(store, name, encoded(FIRST, quality=80))
    client = browser(Role.REVIEWER)
    page, printed = (client.get(f"/findings/1{query}").text for query in ("", "?print=yes"))
    assert 'href="/findings/1?print=yes"' in page
    assert ('loading="lazy"' in page, 'loading="lazy"' in printed) == (True, False)
    assert printed.count('loading="eager"') == page.count('loading="lazy"') >= 8
    assert len(re.findall(r'<details class="laid"(?! open)', page)) == 1
    assert not re.search(r'<details class="laid"(?! open)', printed)
    assert ("data-print" in printed, "data-print" in page) == (True, False)


def test_what_cannot_be_shown_is_a_sentence_and_no_broken_picture(store: Store, browser: Someone) -> None:
    packed = matched("Twin A", "packed", kind=MatchKind.FINGERPRINT_ONLY, reason=WITHOUT_PICTURE)
    found(store, [matched("Twin A", "ref Twin A"), packed, matched("Twin B", "gone")])
    with_bytes(store, "found", encoded(FIRST, quality=80))
    store.retention.remove(Kept.MATCHED_PICTURES, {sha("ref Twin A"): 7}, FOUND, "matched_pictures: 1 day")
    page = browser(Role.REVIEWER).get("/findings/1").text
    assert sources(page) == ["picture.jpg"]
    assert re.findall(r'<p class="missing">([^<]+)</p>', page) == [
        "Its bytes are no longer kept.",
        "It was registered by its fingerprints alone: there is no picture to show, or to lay on this one.",
        "There are no bytes of it.",
    ]
    assert "/compare/" not in page
    assert 'class="laid' not in page
    dutch = browser(Role.REVIEWER)
    dutch.headers["accept-language"] = "nl"
    store._database.write(lambda connection: connection.execute(update(RemovalRow).values(erased=True)))
    assert '<p class="missing">It was erased.</p>' in browser(Role.REVIEWER).get("/findings/1").text
    assert "Alleen de vingerafdrukken ervan zijn geregistreerd" in dutch.get("/findings/1").text


def test_a_published_picture_without_bytes_is_a_sentence_too(store: Store, browser: Someone) -> None:
    found(store, [matched("Twin A", "ref Twin A")])
    with_bytes(store, "ref Twin A", encoded(FIRST, quality=92))
    page = browser(Role.REVIEWER).get("/findings/1").text
    assert sources(page) == ["registered/0.jpg"]
    assert ("There are no bytes of it." in page, "/compare/" in page) == (True, False)


def test_whoever_sees_pictures_blurred_is_offered_nothing_to_lay(store: Store, browser: Someone) -> None:
    found(store, [matched("Twin A", "ref Twin A", region=Box(0, 0, 0.5, 1))])
    for name in ("found", "ref Twin A"):
        with_bytes(store, name, encoded(FIRST, quality=92))
    page = browser(Role.READER).get("/findings/1").text
    assert sources(page) == ["picture.jpg", "registered/0.jpg"]
    assert "/compare/" not in page
    assert "layers/" in browser(Role.REVIEWER).get("/findings/1").text


@pytest.fixture
def film(store: Store) -> Store:
    """Two scenes of two seconds, each of them registered; another agency's twin in the first."""
    spans = {"span": (2.0, 3.9), "spans": ((2.0, 2.9), (3.5, 3.9))}
    found(
        store,
        [
            matched("Stranger", "ref Stranger", span=(0.0, 1.9), region=Box(0, 0, 0.3, 0.3)),
            matched("Twin A", "ref Twin A", **spans),
        ],
    )
    with_bytes(store, "found", shots(2, 2, size=SIZE))
    with_bytes(store, "ref Stranger", encoded(FIRST, quality=92))
    with_bytes(store, "ref Twin A", encoded(SECOND, quality=92))
    return store


def test_of_a_film_each_match_has_its_frame_and_its_seconds(film: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    page = client.get("/findings/1").text
    for words in ("frame at 0:00", "frame at 0:02", "seen at 0:00–0:01", "seen at 0:02, 0:03"):
        assert words in page, words
    shown = [one for one in sources(page) if one.startswith("picture.jpg")]
    assert shown == ["picture.jpg", "picture.jpg?match=1"]
    first, second = (client.get(f"/findings/1/{one}").content for one in shown)
    assert (near(first, FIRST), near(first, SECOND)) == (True, False)
    assert (near(second, SECOND), near(second, FIRST)) == (True, False)
    for number, expected in ((0, FIRST), (1, SECOND)):
        layers = [client.get(f"/findings/1/layers/{number}/{name}.jpg") for name in ("found", "registered")]
        assert [one.status_code for one in layers] == [200, 200]
        assert [near(one.content, expected) for one in layers] == [True, True], number
    assert client.get("/findings/1/picture.jpg?match=9").status_code == 404


def test_an_agency_sees_the_frame_of_its_own_twin(film: Store, browser: Someone, program: Program) -> None:
    client = browser(Role.AGENCY)
    page = client.get("/findings/1").text
    assert "frame at 0:02" in page
    assert "at 0:00" not in page
    answer = client.get("/findings/1/picture.jpg")
    shown = answer.content
    assert (near(shown, SECOND), near(shown, FIRST)) == (True, False)
    # Browsers keep it for an hour: not for whoever logs in next there, who may see less of it.
    assert answer.headers["vary"] == "Cookie"
    assert client.get("/findings/1/picture.jpg?match=0").status_code == 404
    assert near(program(Role.AGENCY).get("findings/1/picture", params={"match": 0}).content, SECOND)


def test_a_reader_sees_of_a_frame_what_is_matched_in_that_frame(film: Store, browser: Someone) -> None:
    """In the second scene all of it is the twin's; where another one stood before says nothing of it."""
    client = browser(Role.READER)
    sharp = browser(Role.REVIEWER)
    assert (
        client.get("/findings/1/picture.jpg?match=1").content
        == sharp.get("/findings/1/picture.jpg?match=1").content
    )
    assert client.get("/findings/1/picture.jpg").content != sharp.get("/findings/1/picture.jpg").content
