"""Every page of the desk, and where it is found in a store. A page that is not here fails a test."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from desk.contract import finding_json
from desk.output import json_line
from desk.thumbnails import Thumbnails
from storage.checks import KeptCheck
from storage.inbox import strength
from storage.people import Role
from storage.records import EventKind, Finding, FindingStatus, Labelling
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Shown:
    """`route`: its name in desk/web/access.py. `path` in the store at hand. `role` None: nobody logged in.
    With `sent` it is what a form is answered with, which must change nothing."""

    route: str
    path: Callable[[Store], str]
    role: Role | None = Role.ADMINISTRATOR
    status: int = 200
    sent: Callable[[Store], Sequence[tuple[str, str]]] | None = None  # with a form of the inbox


def _at(path: str) -> Callable[[Store], str]:
    return lambda _: path


def findings(store: Store) -> list[Finding]:
    """All of a demo, by their numbers."""
    found = [store.finding(number) for number in range(1, 61)]
    return [one for one in found if one is not None]


def strongest(store: Store) -> Finding:
    """By the table of storage/inbox.py; the newest post among those that are equally strong."""
    return min(findings(store), key=lambda one: (strength(one.answer), -_when(one)))


def transformed(store: Store) -> Finding:
    """Shows a registered picture that was changed: there is something to lay on it."""
    for one in findings(store):
        if any(match.twin and match.inliers for match in one.answer.matches):
            return one
    raise LookupError("no finding in this store shows a changed picture")


def _when(finding: Finding) -> float:
    return finding.posted_at.timestamp() if finding.posted_at else 0.0


def _which(fits: Callable[[Finding], bool]) -> Callable[[Store], str]:
    """The page of the first finding that fits; it raises LookupError where there is none."""

    def path(store: Store) -> str:
        found = next((one.id for one in findings(store) if fits(one)), None)
        if found is None:
            raise LookupError("no finding in this store fits")
        return f"/findings/{found}"

    return path


def _lost_its_label(finding: Finding) -> bool:
    return any(event.kind is EventKind.LABEL_REMOVED for event in finding.answer.events)


def _undecided(store: Store) -> list[int]:
    """Findings on which nobody has decided."""
    return [one.id for one in findings(store) if one.status is FindingStatus.NEW]


def _nothing_to_undo(store: Store) -> list[tuple[str, str]]:
    return [("decision", "undo"), *(("number", str(one)) for one in _undecided(store)[:6])]


def _undo(_: Store) -> list[tuple[str, str]]:
    return [("decision", "undo")]


def _first_review(store: Store) -> str:
    return f"/findings/{_undecided(store)[0]}/review"


LONG = "https://shop.example/" + "campaign-" * 20
ASKED = {"caption": "Made with AI. #" + "new" * 60, "retailer": "Nordlys", "posted_at": "2026-11-01"}


def _kept(store: Store) -> str:
    """The address of a kept check; the first that asks has it kept. Long words, and a match without bytes."""
    if not store.checks.count():
        finding = transformed(store)
        told = orjson.loads(json_line(finding_json(finding)))
        told |= {"path": LONG, "why_no_match": [], "error": None, "too_little": False}
        told |= {"format": "jpeg", "width": 1080, "height": 1350}
        told["matches"] = [*told["matches"], {**told["matches"][0], "reference": "0" * 64}]
        twins = (finding.answer.verdict.twin,)
        given = KeptCheck(datetime.now(UTC), "ann", "for the " + "page" * 50, ASKED, told, twins)
        with Thumbnails() as small:
            store.checks.keep(given, small.of(store.media.path(finding.sha256)).jpeg)
    return f"/checks/{store.checks.latest()[0].id}"


PAGES: dict[str, Shown] = {
    "log in": Shown("login", _at("/login"), role=None),
    "link that is gone": Shown("link", _at("/link/used-long-ago"), role=None, status=410),
    "inbox": Shown("inbox", _at("/")),
    "inbox, filtered": Shown("inbox", _at("/?status=all&labelling=unlabelled&until=2026-12-31")),
    "inbox, nothing": Shown("inbox", _at("/?status=settled")),
    "inbox of an agency": Shown("inbox", _at("/"), role=Role.AGENCY),
    "inbox of a reader": Shown("inbox", _at("/"), role=Role.READER),
    "finding, strongest": Shown("finding", lambda store: f"/findings/{strongest(store).id}"),
    "finding, label removed": Shown("finding", _which(_lost_its_label)),
    "finding, laid on each other": Shown("finding", lambda store: f"/findings/{transformed(store).id}"),
    "finding, to be printed": Shown("finding", lambda store: f"/findings/{transformed(store).id}?print=yes"),
    "finding, deleted": Shown("finding", _which(lambda one: one.gone_at is not None)),
    "finding, labelled": Shown(
        "finding", _which(lambda one: one.answer.verdict.labelling is Labelling.LABELLED)
    ),
    "finding, no twin": Shown("finding", _which(lambda one: not one.answer.verdict.twin)),
    "finding for an agency": Shown(
        "finding", _which(lambda one: one.answer.verdict.twin == "Vilde"), role=Role.AGENCY
    ),
    "twins": Shown("twins", _at("/twins")),
    "twin": Shown("twin", _at("/twins/Vilde")),
    "twin of a model": Shown("twin", _at("/twins/Vilde"), role=Role.MODEL),
    "accounts": Shown("accounts", _at("/accounts")),
    "nights": Shown("runs", _at("/runs")),
    "check": Shown("check", _at("/check")),
    "some refused": Shown(
        "decide_many", _at("/decide"), role=Role.REVIEWER, status=409, sent=_nothing_to_undo
    ),
    "refused": Shown("decide", _first_review, role=Role.REVIEWER, status=409, sent=_undo),
    "kept checks": Shown("checks", lambda store: _kept(store) and "/checks"),
    "kept check": Shown("kept_check", _kept),
    "tokens": Shown("tokens", _at("/tokens")),
    "API": Shown("api", _at("/api")),
    "feeds": Shown("feeds", _at("/feeds")),
    "alerts": Shown("alerts", _at("/alerts")),
    "figures": Shown("figures", _at("/figures")),
    "figures of a reader": Shown("figures", _at("/figures"), role=Role.READER),
    "users": Shown("users", _at("/users")),
    "record": Shown("audit", _at("/audit")),
    "nothing there": Shown("finding", _at("/findings/999999"), status=404),
    "not allowed": Shown("users", _at("/users"), role=Role.READER, status=403),
}
# What a browser is sent that is no page: pictures, files to take away, our own files.
NO_PAGES = {
    "picture",
    "registered",
    "compare",
    "layer",
    "copy",
    "screenshot",
    "static",
    "checked_picture",
    "kept_picture",
    "kept_registered",
} | {
    "figures_chart",
    "figures_csv",
    "feed",
}
WHOSE = {Role.AGENCY: "Demo Models", Role.MODEL: "Vilde Demo"}
