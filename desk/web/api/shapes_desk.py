"""What the API answers beside findings and the registry, as documented: lines of the inbox, decisions on
several, figures, files, feeds, alerts, users. As in `shapes.py`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from desk.figures.counting import Known, Step
from desk.web.api.shapes import CheckedShape, Error, Next, Sha, Shape, TaughtShape
from storage.consent import ConsentVerdict
from storage.notices import NoticeState
from storage.people import Role
from storage.records import Declarer, FindingStatus, Labelling, Surface


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(extra="allow", json_schema_extra={"examples": [values]})


# --- the inbox ----------------------------------------------------------------------------------------------


class LineTwin(Shape):
    twin: str
    consent: ConsentVerdict


class LineShape(Shape):
    """A picture by the strongest of its findings among those sought; `count` of them."""

    model_config = _example(
        finding=12,
        count=3,
        platform="instagram",
        retailer="H&M",
        account="hm",
        country="SE",
        posted_at="2026-11-03T09:30:00Z",
        sha256="ab" * 32,
        labelling="unlabelled",
        consent="out_of_scope",
        twins=[{"twin": "Twin A", "consent": "out_of_scope"}],
        reason="no surface that was read informs",
        status="new",
        gone_at=None,
        account_verified=True,
        reposted=False,
        settled=False,
    )
    finding: int
    count: int
    platform: str
    retailer: str
    account: str
    country: str | None
    posted_at: datetime | None
    sha256: Sha
    labelling: Labelling
    consent: ConsentVerdict
    twins: list[LineTwin]
    reason: str
    status: FindingStatus
    gone_at: datetime | None
    account_verified: bool
    reposted: bool
    settled: bool


class Inbox(Shape):
    lines: list[LineShape]
    next: Next


class Choices(Shape):
    model_config = _example(
        retailers=["H&M"], platforms=["bluesky", "instagram"], twins=["Twin A"], rules=["eu-ai-act-50"]
    )
    retailers: list[str]
    platforms: list[str]
    twins: list[str]
    rules: list[str]


# --- several decided at once --------------------------------------------------------------------------------


class DecidedOne(Shape):
    finding: int
    status: FindingStatus
    taught: list[TaughtShape]


class RefusedOne(Shape):
    finding: int
    error: Error


class Decided(Shape):
    """What became of each, in the order in which they were sent."""

    model_config = _example(
        reviewed=[{"finding": 7, "status": "rejected", "taught": []}],
        refused=[
            {
                "finding": 9,
                "error": {"kind": "decided_since", "message": "it is confirmed now", "where": "finding 9"},
            }
        ],
    )
    reviewed: list[DecidedOne]
    refused: list[RefusedOne]


# --- figures ------------------------------------------------------------------------------------------------


class RateShape(Shape):
    """A share from 0 to 1 with its 95 % interval; `effective`: pictures that would say as much if no two were
    of one account."""

    share: float
    low: float
    high: float
    effective: float


class BoundsShape(Shape):
    """If none of those that were not read whole had a label beside those seen, and if all had one."""

    least: float
    most: float
    low: float
    high: float


class DeclaredShape(Shape):
    labelled: int
    rate: RateShape | None


class FigureShape(Shape):
    """Of `pictures`, `read` were read whole: `labelled`, `weakly_labelled` and `without_label` add up to
    those. "" in `retailer`, `platform`, `period`: all; where it is `unnamed`, the accounts there of which no
    retailer is named. `no_rate`: why there is none."""

    model_config = _example(
        part="retailer_and_platform",
        retailer="H&M",
        unnamed=False,
        platform="instagram",
        period="",
        pictures=36,
        accounts=3,
        read=36,
        read_accounts=3,
        labelled=9,
        weakly_labelled=0,
        without_label=27,
        late=0,
        unread=0,
        unread_labelled=0,
        unclear=0,
        rate={"share": 0.25, "low": 0.07, "high": 0.6, "effective": 20.1},
        no_rate="",
        wide=True,
        declared_by={"account": {"labelled": 9, "rate": None}},
        bounds=None,
        known_by={"registered": 36},
        surfaces=["platform_tag", "caption"],
        step="month",
        since=None,
        until=None,
    )
    part: Literal["all", "over_time", "retailer_and_platform", "retailer_and_platform_over_time"]
    retailer: str
    unnamed: bool
    platform: str
    period: str
    pictures: int
    accounts: int
    read: int
    read_accounts: int
    labelled: int
    weakly_labelled: int
    without_label: int
    late: int
    unread: int
    unread_labelled: int
    unclear: int
    rate: RateShape | None
    no_rate: Literal["", "nothing_read", "few_pictures", "few_accounts"]
    wide: bool
    declared_by: Mapping[Declarer, DeclaredShape]
    bounds: BoundsShape | None
    known_by: Mapping[Known, int]
    surfaces: list[Surface]
    step: Step
    since: date | None
    until: date | None


class Figures(Shape):
    figures: list[FigureShape]
    next: Next


# --- what leaves --------------------------------------------------------------------------------------------


class Departure(Shape):
    """A file that left. `findings`: how many are in it; `erased_at`: it is no longer what was written."""

    model_config = _example(
        at="2026-11-03T08:12:00Z",
        by="ann",
        command="desk",
        format="csv",
        sha256="ab" * 32,
        size=20_480,
        thumbnails=False,
        erased_at=None,
        findings=12,
    )
    at: datetime
    by: str
    command: str
    format: str
    sha256: str
    size: int
    thumbnails: bool
    erased_at: datetime | None
    findings: int


class Departures(Shape):
    exports: list[Departure]
    next: Next


class FeedShape(Shape):
    model_config = _example(id=3, sought="status: new; retailer: H&M", made_at="2026-11-03T08:12:00Z")
    id: int
    sought: str = Field(description='Its filters; "": all that is new.')
    made_at: datetime


class Feeds(Shape):
    feeds: list[FeedShape]
    next: Next


class MadeFeed(Shape):
    model_config = _example(id=3, address="https://desk.example.org/feed.atom?status=new&lang=en&key=…")
    id: int
    address: str = Field(description="Told once.")


class RevokedFeed(Shape):
    model_config = _example(id=3, revoked=True)
    id: int
    revoked: bool


# --- kept checks --------------------------------------------------------------------------------------------


class KeptRow(Shape):
    """`called`: the file's name, the address, or how its text begins."""

    model_config = _example(
        id=7,
        at="2026-11-03T09:30:00Z",
        by="ann",
        note="for the desk",
        called="look.jpg",
        labelling="cannot_say",
        twins=[],
        pictured=True,
    )
    id: int
    at: datetime
    by: str
    note: str
    called: str
    labelling: Labelling | None
    twins: list[str]
    pictured: bool


class KeptChecks(Shape):
    checks: list[KeptRow]
    next: Next


class KeptCheckShape(KeptRow):
    """`asked`: what was given beside the picture; `answer`: what was answered then."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": []})
    asked: dict[str, str]
    answer: CheckedShape


class LetGo(Shape):
    model_config = _example(id=7, let_go=True)
    id: int
    let_go: bool


# --- alerts -------------------------------------------------------------------------------------------------


class ChannelShape(Shape):
    model_config = _example(
        name="newsroom",
        kind="message",
        address="slack://…",
        send="digest",
        nothing_new=True,
        filters={"labelling": "unlabelled"},
    )
    name: str
    kind: Literal["message", "webhook"]
    address: str = Field(description="Without anything that may be secret.")
    send: Literal["digest", "at_once"]
    nothing_new: bool
    filters: dict[str, str]


class Channels(Shape):
    channels: list[ChannelShape]
    next: Next


class NoticeShape(Shape):
    """`next_at`: when it is tried again; null where it is over."""

    model_config = _example(
        message="msg_0123456789abcdef0123456789abcdef",
        channel="newsroom",
        run="nightly-7",
        kind="findings",
        findings=[12],
        made_at="2026-11-03T03:00:00Z",
        state="sent",
        attempts=1,
        next_at=None,
        ended_at="2026-11-03T03:00:02Z",
        error=None,
    )
    message: str
    channel: str
    run: str
    kind: str
    findings: list[int]
    made_at: datetime
    state: NoticeState
    attempts: int
    next_at: datetime | None
    ended_at: datetime | None
    error: str | None


class Notices(Shape):
    notices: list[NoticeShape]
    next: Next


class Tried(Shape):
    model_config = _example(channel="newsroom", sent=False, error="there is no such host")
    channel: str
    sent: bool
    error: str | None


# --- people -------------------------------------------------------------------------------------------------


class UserShape(Shape):
    """`whose`: the agency or the model, for these two roles."""

    model_config = _example(
        id=2,
        name="ann",
        role="reviewer",
        whose=None,
        added_at="2026-11-01T08:00:00Z",
        disabled_at=None,
        has_password=True,
    )
    id: int
    name: str
    role: Role
    whose: str | None
    added_at: datetime | None
    disabled_at: datetime | None
    has_password: bool


class Users(Shape):
    users: list[UserShape]
    next: Next


class Chain(Shape):
    model_config = _example(broken=None)
    broken: int | None = Field(description="The first line that does not fit; null: all do.")


class Withdrawn(Shape):
    """`withdrawn` false: it was before."""

    model_config = _example(twin="Twin A", withdrawn=True, licences=[4], since="2026-11-03T08:12:00Z")
    twin: str
    withdrawn: bool
    licences: list[int] = Field(description="Those that ended with it.")
    since: datetime | None
