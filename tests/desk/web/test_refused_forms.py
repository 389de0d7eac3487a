"""A form that is refused says which of its fields it was, in the words of the page's language."""

import ast
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from desk.web.pages import feeds
from desk.web.words import LANGUAGES, catalogue
from storage.people import Role
from storage.records import ConsentVerdict
from storage.store import Store
from tests.desk.used_store import shown
from tests.desk.web.conftest import HOST, Browser

Someone = Callable[[Role | None], Browser]
PAGES = Path(__file__).parents[3] / "desk" / "web" / "pages"
DUTCH = {"origin": f"http://{HOST}", "accept": "text/html", "accept-language": "nl"}
READING = {"surface": "platform_tag", "state": "present"}


def test_no_page_refuses_without_a_word() -> None:
    """A field (CannotBe), or a sentence of the catalogue that the page shows."""
    refused = (PAGES.parent / "templates" / "refused.html").read_text()
    bare = []
    for path in sorted(PAGES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node).startswith("HTTPException(422"):
                words = [str(one.value) for one in node.args[1:] if isinstance(one, ast.Constant)]
                named = words or [kind for kind in ("too_many_feeds",) if "error.kind" in ast.unparse(node)]
                if not named or f'"{named[0]}"' not in refused:
                    bare.append(f"{path.name}:{node.lineno}")
                assert all(f"refused.{one}" in catalogue(language) for one in named for language in LANGUAGES)
    assert bare == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "address", "given", "words"),
    [
        (Role.READER, "/language", {"to": "xx"}, "taal (to): xx is geen van en, nl"),
        (Role.REVIEWER, "/findings/1/read", {**READING, "surface": "sky"}, "plek (surface): sky is geen van"),
        (Role.REVIEWER, "/findings/1/read", {**READING, "state": "maybe"}, "wat er staat (state): maybe"),
        (Role.REVIEWER, "/findings/1/read", {**READING, "state": "undo"}, "geen lezing die kan worden"),
        (Role.REVIEWER, "/findings/1/read", {**READING, "note": "n" * 3000}, "notitie (note): te lang: nnn"),
        (Role.REVIEWER, "/findings/1/review", {"decision": "settled", "until": "soon"}, "tot (until): soon"),
        (Role.REVIEWER, "/findings/1/review", {"decision": "maybe"}, "besluit (decision): maybe is geen van"),
        (Role.ADMINISTRATOR, "/twins/Twin A/withdraw", {"reason": "x"}, "dit moet worden aangevinkt"),
        (Role.READER, "/export", {"format": "exe"}, "soort bestand (format): exe is geen van"),
    ],
)
def test_the_field_is_named(
    store: Store, browser: Someone, role: Role, address: str, given: Mapping[str, str], words: str
) -> None:
    shown(store, "first", ("Twin A", ConsentVerdict.OUT_OF_SCOPE))
    client = browser(role)
    answer = client.post(address, data={"csrf": client.csrf, **given}, headers=DUTCH)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text


@pytest.mark.slow
def test_a_screenshot_that_is_none_and_too_many_feeds(
    store: Store, browser: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(store, "first", ("Twin A", ConsentVerdict.OUT_OF_SCOPE))
    client = browser(Role.REVIEWER)
    broken = {"screenshot": ("bewijs.png", b"no picture at all", "image/png")}
    answer = client.post(
        "/findings/1/read", data={"csrf": client.csrf, **READING}, files=broken, headers=DUTCH
    )
    assert (answer.status_code, "schermafdruk (screenshot): bewijs.png is geen beeld" in answer.text) == (
        422,
        True,
    )
    assert "/tmp" not in answer.text
    assert '<a href="/findings/1">Terug naar bevinding #1</a>' in answer.text  # what she was at
    monkeypatch.setattr(feeds, "MOST_FEEDS", 0)
    many = client.post("/feeds", data={"csrf": client.csrf}, headers=DUTCH)
    assert (many.status_code, "zoveel feeds als iemand mag hebben" in many.text) == (422, True)
