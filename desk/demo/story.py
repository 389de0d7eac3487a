"""What the invented retailer "Nordlys" posts on two days, and what each post truly is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from desk.demo.credentials import signed, xmp_generated
from desk.demo.pictures import TREATMENTS, jpeg, look
from storage.records import ConsentVerdict, EventKind, Labelling, ReferenceKind

RETAILER = "Nordlys"
HANDLE = "nordlys.example"

_UNTOLD = Labelling.UNLABELLED
_PLAIN = Labelling.NO_AI_EVIDENCE
_NO_TWIN = ConsentVerdict.NOT_A_TWIN


@dataclass(frozen=True, slots=True)
class Registered:
    """A figure of the registry, the names of its pictures, and on what basis they are called AI (or not)."""

    name: str
    kind: ReferenceKind
    model: str
    looks: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of a post: the bytes are made when they are wanted."""

    make: Callable[[], bytes]
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    text: str
    shots: tuple[Shot, ...]
    labels: tuple[str, ...] = ()  # Bluesky's self-labels


@dataclass(frozen=True, slots=True)
class Truth:
    """What is so for one picture of a post, after the second night."""

    labelling: Labelling
    consent: ConsentVerdict = _NO_TWIN
    twin: str = ""
    transform: str = ""  # a word that the match's transform must contain
    event: EventKind | None = None
    failed: bool = False  # its bytes are no picture


@dataclass(frozen=True, slots=True)
class Scene:
    """A post on the first and on the second day (None: not there), and the truth by picture."""

    key: str
    tells: str
    first: Post | None
    second: Post | None
    truth: tuple[Truth, ...]
    platform: str = "bluesky"
    gone: bool = field(default=False)


REGISTRY: Sequence[Registered] = (
    Registered(
        "Vilde",
        ReferenceKind.DIGITAL_TWIN,
        "Vilde Demo",
        ("vilde_coat", "vilde_gown"),
        "contract of 2025-02-01, annex A",
    ),
    Registered(
        "Noor",
        ReferenceKind.DIGITAL_TWIN,
        "Noor Demo",
        ("noor_suit", "noor_knit"),
        "contract of 2024-06-15, annex A",
    ),
    Registered(
        "Lumi",
        ReferenceKind.SYNTHETIC_MODEL,
        "",
        ("lumi_slip",),
        "the brand's own announcement of its invented model",
    ),
    Registered(
        "Ida", ReferenceKind.HUMAN_ORIGINAL, "Ida Demo", ("ida_studio",), "the agency's own photographs"
    ),
)


def _shot(name: str, treatment: str, alt: str) -> Shot:
    return Shot(lambda: TREATMENTS[treatment](look(name)), alt)


def _same(key: str, tells: str, post: Post, *truth: Truth, platform: str = "bluesky") -> Scene:
    return Scene(key, tells, post, post, truth, platform)


def _no_picture() -> bytes:
    """What a broken cache serves in place of a picture."""
    return b"<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>" + b" " * 4000


_KNIT = _shot("noor_knit", "as it is", "A striped jumper and a blue scarf before green hills")
_SLIP = _shot("lumi_slip", "mirrored", "A cream slip dress before a red curtain")

SCENES: Sequence[Scene] = (
    _same(
        "labelled",
        "a twin, and the caption says so",
        Post(
            "The arcade coat, in ink. Image created with AI: the digital twin of our model Vilde.",
            (_shot("vilde_coat", "recompressed", "A blue belted coat under brown arches"),),
        ),
        Truth(Labelling.LABELLED, ConsentVerdict.IN_SCOPE, "Vilde"),
    ),
    _same(
        "unlabelled",
        "a twin, and nobody is told",
        Post("Dusk, and nowhere to be.", (_shot("vilde_gown", "recompressed", "A red gown at the sea"),)),
        Truth(_UNTOLD, ConsentVerdict.IN_SCOPE, "Vilde"),
    ),
    _same(
        "mirrored",
        "a twin, mirrored, after its licence ended",
        Post(
            "Tailoring for the long way home.",
            (_shot("noor_suit", "mirrored", "A green pinstripe suit in the street"),),
        ),
        Truth(_UNTOLD, ConsentVerdict.EXPIRED, "Noor", transform="mirror"),
    ),
    Scene(
        "label_removed",
        "a twin that carried a label on the first night only",
        Post("Stripes for the fells.", (_KNIT,), labels=("ai-generated",)),
        Post("Stripes for the fells.", (_KNIT,)),
        (Truth(_UNTOLD, ConsentVerdict.EXPIRED, "Noor", event=EventKind.LABEL_REMOVED),),
    ),
    Scene(
        "label_added",
        "a synthetic model whose label came a day late",
        Post("Candlelight.", (_SLIP,)),
        Post("Candlelight. (Edit: this is an AI-generated image.)", (_SLIP,)),
        (Truth(Labelling.LABELLED, ConsentVerdict.NO_TERMS, "Lumi", "mirror", EventKind.LABEL_ADDED_LATE),),
    ),
    Scene(
        "deleted",
        "a twin, turned on its side, deleted after the first night",
        Post("Turn it around.", (_shot("vilde_gown", "turned", "A red gown, sideways"),)),
        None,
        (Truth(_UNTOLD, ConsentVerdict.IN_SCOPE, "Vilde", transform="turn"),),
        gone=True,
    ),
    _same(
        "weak",
        "a synthetic model, and only a hashtag tells",
        Post(
            "Satin season.\n\n#newin #satin #AIgenerated",
            (_shot("lumi_slip", "recoloured", "A pale slip dress"),),
        ),
        Truth(Labelling.WEAKLY_LABELLED, ConsentVerdict.NO_TERMS, "Lumi"),
    ),
    _same(
        "carousel",
        "three pictures, a twin in the middle",
        Post(
            "Three looks for a cold spring.",
            (
                _shot("ordinary_pair", "as it is", "A navy suit and a green gown"),
                _shot("vilde_coat", "recoloured", "A grey-blue coat under arches"),
                _shot("ordinary_close", "as it is", "A red ribbed jumper"),
            ),
        ),
        Truth(_PLAIN),
        Truth(_UNTOLD, ConsentVerdict.IN_SCOPE, "Vilde"),
        Truth(_PLAIN),
    ),
    _same(
        "on_the_picture",
        "a twin, and the label stands on the picture itself",
        Post("Knitted for the wind.", (_shot("noor_knit", "lettered", "A striped jumper"),)),
        Truth(Labelling.LABELLED, ConsentVerdict.EXPIRED, "Noor"),
    ),
    _same(
        "marked",
        "a twin, and an EU icon in the corner is all that tells",
        Post("Over the rooftops.", (_shot("vilde_gown", "marked", "A red gown at the sea"),)),
        Truth(Labelling.LABELLED, ConsentVerdict.IN_SCOPE, "Vilde"),
    ),
    _same(
        "credentials",
        "signed Content Credentials say AI, but nobody knows the signer",
        Post(
            "An evening under the white arcade.",
            (Shot(lambda: signed(jpeg(look("generated_arcade")), "Arcade"), "A purple dotted gown"),),
        ),
        Truth(Labelling.CANNOT_SAY),
    ),
    _same(
        "human",
        "a photograph of a real model, registered as not AI",
        Post(
            "Ida, in sunflower.",
            (_shot("ida_studio", "recompressed", "A yellow dotted skirt in the studio"),),
        ),
        Truth(_PLAIN),
    ),
    _same(
        "ordinary",
        "an ordinary photograph",
        Post("Checks, checked.", (_shot("ordinary_checks", "as it is", "A checked coat and a hat"),)),
        Truth(_PLAIN),
    ),
    _same(
        "broken",
        "a file that claims to be a picture and is none",
        Post("Coming soon.", (Shot(_no_picture, "A preview"),)),
        Truth(_PLAIN, failed=True),
    ),
    _same(
        "press",
        "a press picture whose unsigned metadata says AI",
        Post(
            "Nordlys opens in the north: the spring campaign.",
            (Shot(lambda: jpeg(look("generated_fell"), xmp=xmp_generated())),),
        ),
        Truth(Labelling.CANNOT_SAY),
        platform="rss",
    ),
    _same(
        "press_beach",
        "an ordinary press picture",
        Post("Summer shops open on 1 June.", (_shot("feed_beach", "as it is", ""),)),
        Truth(_PLAIN),
        platform="rss",
    ),
    Scene(
        "second_day",
        "a twin, posted on the second day",
        None,
        Post("One more for the road.", (_shot("noor_suit", "recoloured", "A grey suit in the street"),)),
        (Truth(_UNTOLD, ConsentVerdict.EXPIRED, "Noor"),),
    ),
)
