"""The demo's pictures: a dozen drawn looks, and what retailers do to a picture before they post it again."""

from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFont, ImageOps

from desk.demo.backdrops import BACKDROPS, Palette
from desk.demo.canvas import Canvas
from desk.demo.figures import Figure, draw
from detector.onimage.icons import built_in_marks

_QUALITY = 92  # of the "studio's" own JPEG files

_DAWN: Palette = ((244, 214, 196), (236, 176, 158), (120, 150, 176), (252, 238, 206))
_CHALK: Palette = ((222, 216, 206), (196, 188, 178), (160, 150, 142), (238, 234, 226))
_CLAY: Palette = ((232, 202, 168), (214, 160, 120), (120, 66, 56), (92, 48, 46))
_DUSK: Palette = ((70, 74, 120), (216, 150, 150), (44, 70, 104), (248, 206, 140))
_TOWN: Palette = ((186, 208, 224), (198, 132, 108), (226, 206, 178), (252, 226, 150))
_MINT: Palette = ((206, 226, 214), (150, 190, 176), (236, 240, 230), (88, 110, 104))
_FELL: Palette = ((176, 206, 228), (238, 232, 214), (92, 130, 120), (40, 66, 72))
_NOON: Palette = ((120, 184, 222), (222, 238, 240), (64, 150, 170), (255, 244, 206))
_WINE: Palette = ((122, 28, 46), (148, 38, 58), (102, 20, 40), (58, 34, 32))
_NIGHT: Palette = ((30, 34, 58), (46, 52, 84), (70, 78, 120), (16, 18, 32))

_FAIR, _TAN, _DEEP, _OLIVE = (240, 206, 182), (206, 154, 118), (112, 72, 54), (222, 180, 144)
_BLOND, _BLACK, _RED, _BROWN = (222, 184, 116), (34, 28, 32), (172, 78, 44), (84, 54, 42)

_LOOKS: Mapping[str, tuple[str, Palette, tuple[Figure, ...]]] = {
    "vilde_coat": (
        "arches",
        _CLAY,
        (
            Figure(
                _FAIR, _BLOND, "bob", "coat", (52, 84, 120), (232, 226, 214), pose="hip", extra="bag", x=0.44
            ),
        ),
    ),
    "vilde_gown": (
        "beach",
        _DUSK,
        (
            Figure(
                _FAIR, _BLOND, "bob", "gown", (176, 40, 62), (112, 20, 40), pose="raised", x=0.36, sway=0.03
            ),
        ),
    ),
    "noor_suit": (
        "street",
        _TOWN,
        (
            Figure(
                _TAN,
                _BLACK,
                "long",
                "suit",
                (60, 92, 76),
                (246, 240, 226),
                "ribbed",
                "walk",
                x=0.56,
                extra="glasses",
            ),
        ),
    ),
    "noor_knit": (
        "hills",
        _FELL,
        (
            Figure(
                _TAN,
                _BLACK,
                "long",
                "knit",
                (238, 226, 204),
                (54, 62, 92),
                "striped",
                "both",
                0.58,
                0.1,
                1.35,
                extra="scarf",
            ),
        ),
    ),
    "lumi_slip": (
        "curtain",
        _WINE,
        (
            Figure(
                _OLIVE, _RED, "bun", "slip", (228, 214, 196), (196, 160, 104), pose="wide", x=0.5, scale=0.95
            ),
        ),
    ),
    "ida_studio": (
        "studio",
        _CHALK,
        (
            Figure(
                _DEEP,
                _BLACK,
                "round",
                "skirt",
                (226, 168, 60),
                (34, 60, 66),
                "dotted",
                "both",
                0.5,
                0.14,
                1.15,
            ),
        ),
    ),
    "ordinary_checks": (
        "tiles",
        _MINT,
        (
            Figure(
                _OLIVE,
                _BROWN,
                "short",
                "coat",
                (186, 120, 80),
                (74, 44, 36),
                "checked",
                "walk",
                0.32,
                0.05,
                0.9,
                extra="hat",
            ),
        ),
    ),
    "ordinary_pair": (
        "studio",
        _DAWN,
        (
            Figure(
                _DEEP,
                _BLACK,
                "short",
                "suit",
                (44, 46, 70),
                (226, 222, 214),
                pose="crossed",
                x=0.3,
                y=0.1,
                scale=0.84,
                sway=-0.02,
            ),
            Figure(
                _FAIR,
                _RED,
                "long",
                "gown",
                (98, 150, 134),
                (60, 104, 92),
                pose="hip",
                x=0.7,
                y=0.14,
                scale=0.8,
            ),
        ),
    ),
    "ordinary_close": (
        "tiles",
        _NIGHT,
        (
            Figure(
                _TAN, _BROWN, "bun", "knit", (198, 76, 60), (40, 40, 52), "ribbed", "both", 0.42, 0.16, 2.3
            ),
        ),
    ),
    "generated_arcade": (
        "arches",
        _MINT,
        (
            Figure(
                _DEEP,
                _BROWN,
                "long",
                "gown",
                (104, 66, 128),
                (66, 34, 90),
                "dotted",
                "wide",
                0.62,
                0.2,
                0.78,
                -0.03,
            ),
        ),
    ),
    "generated_fell": (
        "hills",
        _DAWN,
        (
            Figure(
                _FAIR,
                _BLACK,
                "bob",
                "skirt",
                (70, 66, 62),
                (206, 78, 66),
                "checked",
                "raised",
                0.28,
                0.16,
                0.8,
            ),
        ),
    ),
    "feed_beach": (
        "beach",
        _NOON,
        (
            Figure(
                _OLIVE,
                _BLACK,
                "round",
                "slip",
                (250, 236, 160),
                (206, 120, 60),
                "striped",
                "hip",
                0.66,
                0.12,
                1.0,
            ),
        ),
    ),
}


@cache
def look(name: str) -> Image.Image:
    """One drawn look, RGB, 720 x 900 px. The same every time."""
    backdrop, palette, figures = _LOOKS[name]
    canvas = Canvas(palette[0])
    BACKDROPS[backdrop](canvas, palette)
    for figure in figures:
        draw(canvas, figure)
    return canvas.finish(seed=list(_LOOKS).index(name))


def names() -> tuple[str, ...]:
    return tuple(_LOOKS)


def jpeg(picture: Image.Image, *, quality: int = _QUALITY, xmp: bytes = b"") -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, xmp=xmp)
    return out.getvalue()


def _recompressed(picture: Image.Image) -> bytes:
    return jpeg(picture.resize((540, 675), Image.Resampling.LANCZOS), quality=60)


def _mirrored(picture: Image.Image) -> bytes:
    return jpeg(ImageOps.mirror(picture), quality=75)


def _turned(picture: Image.Image) -> bytes:
    return jpeg(picture.transpose(Image.Transpose.ROTATE_90), quality=75)


def _recoloured(picture: Image.Image) -> bytes:
    return jpeg(ImageEnhance.Contrast(ImageEnhance.Color(picture).enhance(0.35)).enhance(1.15), quality=75)


def _lettered(picture: Image.Image) -> bytes:
    """A label of 3 % of the height in the lower left corner."""
    lettered = picture.copy()
    size = round(0.034 * picture.height)
    place = (round(0.03 * picture.width), picture.height - 2 * size)
    font = ImageFont.load_default(size)
    ImageDraw.Draw(lettered).text(
        place, "Image created with AI", "white", font, stroke_width=2, stroke_fill=(40, 40, 40)
    )
    return jpeg(lettered, quality=85)


def _marked(picture: Image.Image) -> bytes:
    """The EU icon "AI", half transparent, 5 % of the height, in the lower right corner."""
    icon = built_in_marks()[0]
    letters = Image.fromarray(icon.grey)
    cover = ImageChops.lighter(letters, Image.fromarray(icon.alpha).point(lambda value: value // 2))
    size = round(0.05 * picture.height)
    place = (picture.width - round(1.5 * size), picture.height - round(1.5 * size))
    marked = picture.copy()
    marked.paste(letters.resize((size, size)), place, cover.resize((size, size)))
    return jpeg(marked, quality=85)


TREATMENTS: Mapping[str, Callable[[Image.Image], bytes]] = {
    "as it is": jpeg,
    "recompressed": _recompressed,
    "mirrored": _mirrored,
    "turned": _turned,
    "recoloured": _recoloured,
    "lettered": _lettered,
    "marked": _marked,
}
