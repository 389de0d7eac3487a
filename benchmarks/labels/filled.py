"""Real photographs with signed generative fill: how many become a finding that says that the model is AI?

python -m benchmarks.labels.filled PHOTOS [--pictures 20]

Each is signed by a throw-away authority in one of the ways in which tools sign a fill, read without a trust
list and with one that knows the signers, and judged with nothing said on any surface. Prints Markdown.
"""

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from detector.case import Case
from detector.examine import examine
from detector.reading import read_post
from detector.trust import NO_TRUST, Trust
from detector.trust_file import read_list
from detector.verdict import grounds_of, judge
from storage.formats import format_of
from storage.records import (
    Account,
    Extent,
    MediaItem,
    MediaKind,
    PlatformTag,
    PostVersion,
    ReadingState,
)
from tests.signing import STUDIO, fills, identity

ORIGIN = ("origin:c2pa", "origin:digital_source_type")
SENTENCE = "nothing says that the model is AI"


@dataclass(frozen=True, slots=True)
class Judged:
    photo: str
    way: str
    level: int
    labelling: str
    says_model: bool  # somewhere the whole picture, or its model, is called AI


def main() -> None:
    parser = argparse.ArgumentParser(description="Generative fill is a part, never the model.")
    parser.add_argument("photos", type=Path)
    parser.add_argument("--pictures", type=int, default=20)
    asked = parser.parse_args()
    files = sorted(asked.photos.rglob("*.jpg"), key=lambda path: hashlib.sha256(path.name.encode()).digest())
    chosen = [path for path in files if format_of(path.read_bytes()[:64]) == "jpeg"][: asked.pictures]
    known = b"".join(identity(name).authority for name in (STUDIO, "Test Camera"))
    print("\n".join(report(chosen, Trust((read_list("throw-away", known).trust,)))))


def report(photos: Sequence[Path], listed: Trust) -> Iterator[str]:
    yield f"{len(photos)} photographs, signed in each of the ways in turn; asked: none says the model is AI."
    yield ""
    yield "| Trust | findings | levels | verdicts | say that the model is AI |"
    yield "|---|---|---|---|---|"
    for name, trust in (("no list", NO_TRUST), ("a list that knows the signers", listed)):
        judged = [_judged(photo, place, trust) for place, photo in enumerate(photos)]
        levels = Counter(one.level for one in judged)
        verdicts = Counter(one.labelling for one in judged)
        cells = (
            name,
            sum(one.level >= 2 for one in judged),
            ", ".join(f"{count} × {level}" for level, count in sorted(levels.items())),
            ", ".join(f"{count} × {verdict}" for verdict, count in sorted(verdicts.items())),
            sum(one.says_model for one in judged),
        )
        yield f"| {' | '.join(map(str, cells))} |"


def _judged(photo: Path, place: int, trust: Trust) -> Judged:
    ways = fills(photo.read_bytes())
    way = list(ways)[place % len(ways)]
    data = ways[way]
    found = _case(data, trust)
    verdict = judge(found)
    whole = any(one.level and one.extent is not Extent.PART for one in grounds_of(found))
    silent = not any(SENTENCE in reason for reason in verdict.reasons)
    return Judged(
        photo.name, way, verdict.level, verdict.labelling.value, whole or silent or bool(verdict.twin)
    )


def _case(data: bytes, trust: Trust) -> Case:
    item = MediaItem(
        position=0,
        kind=MediaKind.PICTURE,
        url="https://cdn.example/0.jpg",
        alt="",
        sha256=hashlib.sha256(data).hexdigest(),
        format="jpeg",
        size=len(data),
    )
    post = PostVersion(
        platform="rss",
        handle="shop.example",
        post_id="1",
        url="https://shop.example/1",
        posted_at=None,
        text="New in.",
        platform_tag=PlatformTag(ReadingState.NOT_OFFERED),
        media=(item,),
    )
    return Case(
        account=Account("rss", "shop.example", "A shop"),
        post=post,
        position=0,
        evidence=examine(data, ORIGIN, trust=trust).evidence,
        readings=read_post(post)[0],
    )


if __name__ == "__main__":
    main()
