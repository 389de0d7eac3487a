"""What a file carries beside its pixels, whatever format it is in: the words that the walkers of this room
gather and the origin readers look through. Nothing is believed of it yet.

Every reader asks for the one field in which its generator writes; a word anywhere else is no claim.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from storage.errors import PictureError

TEXT_LIMIT = 8_000_000  # bytes of one text or packet: a workflow with pictures inside has one or two million
BUDGET = 32_000_000  # bytes of text kept of one file, XMP included
STEPS = 300_000  # chunks, boxes, tags and the like in one file: an animation of 75 MB in GIF's small pieces
TROUBLES = 20  # of one file: enough to say that it is broken
IMAGE_DESCRIPTION, MAKE, MODEL, SOFTWARE, ARTIST = 0x010E, 0x010F, 0x0110, 0x0131, 0x013B  # EXIF 2.32, 4.6.4
MAKER_NOTE, USER_COMMENT = 0x927C, 0x9286  # EXIF 2.32, 4.6.5


@dataclass(frozen=True, slots=True)
class Said:
    """A text, and where in the file it stands ("PNG text parameters", "EXIF UserComment")."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Property:
    """One value in an XMP packet. `name` is "{namespace}local"; `inside` the outermost structure it stands
    in ("Ingredients"), "" where it speaks of the picture itself."""

    name: str
    value: str
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that should have been looked at and could not: `why` is a sentence without a subject's
    name."""

    why: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """All of one file. Text keywords and tag names are as written, save that tag names are in small
    letters."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # PNG text chunks by keyword
    exif: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    iim: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # datasets of record 2
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of a film's container
    comments: tuple[str, ...] = ()  # JPEG COM, GIF comment extension
    segments: tuple[str, ...] = ()  # JPEG application segments that are nothing but JSON
    properties: tuple[Property, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    credential: bool = False  # there is a place where Content Credentials are kept
    pieces: int = 0  # chunks, boxes, tags and the like that were looked at

    def png(self, *keywords: str) -> Iterator[Said]:
        for keyword in keywords:
            yield from (Said(f"PNG text {keyword}", text) for text in self.texts.get(keyword, ()))

    def exif_text(self, *tags: int) -> Iterator[Said]:
        for tag in tags:
            name = EXIF_NAMES.get(tag, f"tag {tag:#06x}")
            yield from (Said(f"EXIF {name}", text) for text in self.exif.get(tag, ()))

    def iim_text(self, dataset: int, name: str) -> Iterator[Said]:
        yield from (Said(f"IPTC-IIM {name}", text) for text in self.iim.get(dataset, ()))

    def tag(self, *names: str) -> Iterator[Said]:
        for name in names:
            yield from (Said(f"container tag {name}", text) for text in self.tags.get(name.lower(), ()))

    def comment(self) -> Iterator[Said]:
        yield from (Said("comment", text) for text in self.comments)

    def segment(self) -> Iterator[Said]:
        yield from (Said("JPEG segment", text) for text in self.segments)

    def xmp(self, name: str) -> Iterator[Property]:
        """What the packets say of the picture itself, and of its ingredients."""
        yield from (one for one in self.properties if one.name == name)


EXIF_NAMES = {
    IMAGE_DESCRIPTION: "ImageDescription",
    MAKE: "Make",
    MODEL: "Model",
    SOFTWARE: "Software",
    ARTIST: "Artist",
    MAKER_NOTE: "MakerNote",
    USER_COMMENT: "UserComment",
}


@dataclass(slots=True)
class Gathering:
    """Where the walkers put what they find; it keeps the limits."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    exif: dict[int, list[str]] = field(default_factory=dict)
    iim: dict[int, list[str]] = field(default_factory=dict)
    tags: dict[str, list[str]] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)
    packets: list[bytes] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    credential: bool = False
    budget: int = BUDGET
    steps: int = STEPS

    def step(self) -> None:
        """Once for every piece of the file that is looked at. Raises Broken when there are too many."""
        self.steps -= 1
        if self.steps < 0:
            raise Broken("the file is in too many pieces", f"more than {STEPS}")

    def text(self, keyword: str, raw: bytes) -> None:
        if self.room_for(len(raw), f"the PNG text {keyword[:40]}"):
            self.texts.setdefault(keyword, []).append(decoded(raw))

    def tag(self, name: str, raw: bytes) -> None:
        if self.room_for(len(raw), f"the container tag {name[:40]}"):
            self.tags.setdefault(name.lower(), []).append(decoded(raw).strip("\x00"))

    def comment(self, raw: bytes) -> None:
        if self.room_for(len(raw), "a comment"):
            self.comments.append(decoded(raw).strip("\x00"))

    def packet(self, raw: bytes) -> None:
        if self.room_for(len(raw), "the XMP"):
            self.packets.append(raw)

    def trouble(self, why: str, detail: str = "") -> None:
        if len(self.troubles) < TROUBLES and (one := Trouble(why, detail)) not in self.troubles:
            self.troubles.append(one)

    def room_for(self, size: int, what: str) -> bool:
        """Whether so many bytes may be kept; if not, that is a trouble."""
        if size > TEXT_LIMIT:
            self.trouble(f"{what} is too large", f"{size} bytes; at most {TEXT_LIMIT} are read")
            return False
        self.budget -= size
        if self.budget < 0:
            self.trouble("there is more metadata than is read", f"more than {BUDGET} bytes")
            return False
        return True

    def done(self, properties: tuple[Property, ...]) -> Metadata:
        return Metadata(
            texts={key: tuple(each) for key, each in self.texts.items()},
            exif={key: tuple(each) for key, each in self.exif.items()},
            iim={key: tuple(each) for key, each in self.iim.items()},
            tags={key: tuple(each) for key, each in self.tags.items()},
            comments=tuple(self.comments),
            segments=tuple(self.segments),
            properties=properties,
            troubles=tuple(self.troubles),
            credential=self.credential,
            pieces=STEPS - max(self.steps, 0),
        )


def decoded(raw: bytes) -> str:
    """UTF-8 by whoever says nothing, as generators write whatever the standard asks; else Latin-1."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


class Broken(PictureError):
    """A walker cannot go on; what it has is kept."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why, kind="metadata_broken")
        self.why, self.detail = why, detail
