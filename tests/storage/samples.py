"""Plain records for the store's tests: one line where a test says only what matters to it."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.crawled import Capture
from storage.records import (
    Account,
    Answer,
    ConsentVerdict,
    Examination,
    Extent,
    Failure,
    Fingerprint,
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
    Surface,
    Twin,
    TwinVerdict,
    Verdict,
)

NOW = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
HM = Account("bluesky", "hm.example", retailer="H&M", country="SE", tags=("fashion",))
STAGES = {"fingerprint:pdq": "1", "origin:c2pa": "1"}
FAILED = Failure("http_404", "not found", "https://cdn.example/a.jpg")


def later(days: float) -> datetime:
    return NOW + timedelta(days=days)


def sha(name: object) -> str:
    return hashlib.sha256(str(name).encode()).hexdigest()


def picture(name: str = "a", position: int = 0, **changes: Any) -> MediaItem:
    item = MediaItem(
        position=position,
        kind=MediaKind.PICTURE,
        url=f"https://cdn.example/{name}.jpg",
        native_id=f"cid-{name}",
        alt=f"alt of {name}",
        claimed_type="image/jpeg",
        sha256=sha(name),
        format="jpeg",
        size=1000,
    )
    return replace(item, **changes)


def failed(name: str = "a", position: int = 0, **changes: Any) -> MediaItem:
    return picture(name, position, sha256="", format="", size=0, failure=FAILED, **changes)


def post(post_id: str = "p1", text: str = "New in", **changes: Any) -> PostVersion:
    version = PostVersion(
        platform=HM.platform,
        handle=HM.handle,
        post_id=post_id,
        url=f"https://bsky.example/{post_id}",
        posted_at=NOW,
        text=text,
        platform_tag=PlatformTag(ReadingState.ABSENT, "listRecords", "labels"),
        media=(picture(),),
        hashtags=("coat",),
        revision="r1",
        seen_at=NOW,
        raw_sha256=sha("raw"),
    )
    return replace(version, **changes)


def capture(name: str = "a", **changes: Any) -> Capture:
    url = f"https://cdn.example/{name}.jpg"
    made = Capture(url, url, NOW, 200, (("Content-Type", "image/jpeg"),), sha(name), 1000, "bluesky/1")
    return replace(made, **changes)


def examination(name: str = "a", **changes: Any) -> Examination:
    done = Examination(
        sha256=sha(name),
        format="jpeg",
        width=1080,
        height=1350,
        fingerprints=(Fingerprint("pdq", b"\x01" * 32, 90),),
        evidence=(OriginEvidence("c2pa", "trainedAlgorithmicMedia", "signed", Extent.WHOLE, 3),),
        too_little=False,
        stages=STAGES,
    )
    return replace(done, **changes)


def match(twin: str = "Anna", reference: str = "ref") -> Match:
    return Match(
        sha(reference), MatchKind.COPY, "pdq", 4, 31, twin=twin, reference_kind=ReferenceKind.DIGITAL_TWIN
    )


def reading(state: ReadingState = ReadingState.ABSENT, **changes: Any) -> Reading:
    return replace(Reading(Surface.CAPTION, state, reader="caption/1", prominence={"offset": 4}), **changes)


def answer(level: int = 3, labelling: Labelling = Labelling.UNLABELLED_WHERE_SEEN, **changes: Any) -> Answer:
    verdict = Verdict(
        level=level,
        labelling=labelling,
        consent=ConsentVerdict.NO_TERMS,
        twin="Anna",
        twins=(TwinVerdict("Anna", ConsentVerdict.NO_TERMS, ("no licence is registered",)),),
        rules=(RuleVerdict("eu-50-4", labelling, "a deployer discloses"),),
        reasons=("we found no label on the surfaces we checked",),
    )
    return replace(Answer(verdict, (match(),), (), (reading(),), (), {"caption": "1"}), **changes)


def twin(name: str = "Anna", **changes: Any) -> Twin:
    return replace(Twin(name, ReferenceKind.DIGITAL_TWIN, added_at=NOW), **changes)


def reference(name: str = "Anna", file: str = "ref", **changes: Any) -> ReferenceImage:
    made = ReferenceImage(name, sha(file), ReferenceKind.DIGITAL_TWIN, basis="contract of 2026-03-01")
    return replace(made, **changes)
