"""A made-up finding with hostile text in it, and the command line called in this process."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.cli import run
from desk.dossier import Dossier
from detector.processes.lookers import Lookers
from storage.crawled import Capture
from storage.records import (
    Account,
    Answer,
    Box,
    ConsentVerdict,
    Event,
    EventKind,
    Extent,
    Finding,
    FindingStatus,
    Labelling,
    Match,
    MatchKind,
    MediaItem,
    MediaKind,
    OriginEvidence,
    PlatformTag,
    PostVersion,
    Reading,
    ReadingState,
    ReferenceImage,
    ReferenceKind,
    RuleVerdict,
    StoredVersion,
    Surface,
    TwinVerdict,
    Verdict,
)
from tests.desk.eyes import Shut
from tests.desk.matched_store import fill, opened_here
from tests.desk.used_store import opened
from tests.storage import samples

NOW = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture(autouse=True)
def eyes_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at pictures in this process: that takes seconds, and tests that are about it have eyes of
    their own."""
    monkeypatch.setattr(Lookers, "look", Shut().look)
    monkeypatch.setattr(Lookers, "control", Shut().control)


@pytest.fixture
def twinwatch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """`twinwatch("check", "x.jpg")` in an empty folder, in this process."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Said:
        capfd.readouterr()
        status = run(arguments)
        out, err = capfd.readouterr()
        return Said(status, out, err)

    return call


@pytest.fixture(scope="session")
def matched_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("matched")
    fill(folder)
    return folder / "twinwatch.db"


@pytest.fixture
def filled(twinwatch: Callable[..., Said], matched_pattern: Path, tmp_path: Path) -> Callable[..., Said]:
    """`twinwatch` in a folder with the store of tests/desk/matched_store.py."""
    shutil.copy(matched_pattern, tmp_path / "twinwatch.db")
    return twinwatch


@pytest.fixture
def judged(filled: Callable[..., Said], tmp_path: Path) -> Callable[..., Said]:
    """`filled`, with a finding of the copy."""
    with opened_here(tmp_path) as store:
        for item in store.all_items():
            if any(match.kind is MatchKind.COPY for match in item.matches):
                store.save_answer(item, "s", samples.answer(matches=item.matches), samples.NOW)
    return filled


@pytest.fixture(scope="session")
def used_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the store of tests/desk/used_store.py, to be copied."""
    folder = tmp_path_factory.mktemp("used")
    opened(folder).close()
    return folder


@pytest.fixture
def finding_with() -> Callable[..., Finding]:
    return make_finding


@pytest.fixture
def dossier_with() -> Callable[..., Dossier]:
    return make_dossier


def make_finding(
    number: int = 7,
    labelling: Labelling = Labelling.UNLABELLED_WHERE_SEEN,
    reasons: Sequence[str] = ("A copy of an attested reference.",),
    sha256: str = "ab" * 32,
    url: str = "https://social.example/post/1",
    retailer: str = "H&M",
) -> Finding:
    readings = tuple(
        Reading(surface, ReadingState.ABSENT)
        if surface not in (Surface.IMAGE_TEXT, Surface.IMAGE_MARK)
        else Reading(surface, ReadingState.UNREADABLE, reason="no reader yet")
        for surface in Surface
    )
    answer = Answer(
        verdict=Verdict(
            level=3,
            labelling=labelling,
            consent=ConsentVerdict.NO_TERMS,
            twin="Twin A",
            twins=(TwinVerdict("Twin A", ConsentVerdict.NO_TERMS, ("No licence is registered.",)),),
            rules=(RuleVerdict("eu-50-4", labelling, "A deployer discloses.", "AI Act Art. 50(4)"),),
            reasons=tuple(reasons),
        ),
        matches=(
            Match(
                "cd" * 32,
                MatchKind.COPY,
                "pdq",
                2,
                31,
                "Twin A",
                ReferenceKind.DIGITAL_TWIN,
                Box(0.1, 0.2, 0.3, 0.4),
                "mirrored",
                0.9,
                40,
            ),
        ),
        evidence=(
            OriginEvidence("match", "copy_of_reference", "Twin A", Extent.WHOLE, 3),
            OriginEvidence("c2pa", "none", "no manifest", Extent.UNKNOWN, 0),
        ),
        readings=readings,
        events=(Event(EventKind.LABEL_REMOVED, NOW, "caption"),),
        versions={"fingerprint:pdq": "1"},
    )
    return Finding(
        id=number,
        account=Account("bluesky", "hm.example", retailer, "SE"),
        post_id="at://did:plc:x/app.bsky.feed.post/1",
        post_url=url,
        position=0,
        sha256=sha256,
        answer=answer,
        posted_at=NOW,
        first_seen=NOW,
        judged_at=NOW,
        status=FindingStatus.NEW,
    )


def make_dossier(caption: str = "New in", alt: str = "A dress", finding: Finding | None = None) -> Dossier:
    finding = finding or make_finding()
    post = PostVersion(
        platform="bluesky",
        handle="hm.example",
        post_id=finding.post_id,
        url=finding.post_url,
        posted_at=NOW,
        text=caption,
        platform_tag=PlatformTag(ReadingState.NOT_OFFERED),
        media=(MediaItem(0, MediaKind.PICTURE, "https://cdn.example/a.jpg", alt=alt, sha256=finding.sha256),),
        seen_at=NOW,
    )
    capture = Capture(
        "https://pds.example/a", "https://pds.example/a", NOW, 200, (), "ef" * 32, 10, "bluesky/1"
    )
    reference = ReferenceImage(
        "Twin A", "cd" * 32, ReferenceKind.DIGITAL_TWIN, "contract 7", "desk@example.org", source="a.png"
    )
    return Dossier(
        finding=finding,
        versions=(StoredVersion(1, 1, finding.account, post, NOW, None),),
        captures=((1, capture),),
        answers=((NOW, finding.answer),),
        reviews=(),
        references=(reference,),
    )
