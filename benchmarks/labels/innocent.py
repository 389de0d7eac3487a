"""What people do to a picture without changing what it shows: captions, stickers, gradings, another size. The
negatives of the benchmark of altered copies: nothing here is a replaced region."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from benchmarks.labels.replacing import cut_out
from benchmarks.matching import edits, layouts
from benchmarks.matching.edits import Dice
from benchmarks.matching.layouts import Layout

FONTS = (
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSerif.ttf",
    "DejaVuSerif-BoldItalic.ttf",
    "DejaVuSansMono.ttf",
    "",
)
WORDS = (*layouts.WORDS, "Vår i stan", "Neue Kollektion ab Donnerstag", "★ 24 H ★", "shop the look →", "Été")
COLOURS = ("#ffffff", "#000000", "#ff3b6b", "#ffe14d", "#1d9bf0", "#7a3cff", "#20c997", "#f3d7c9")


# --- captions -----------------------------------------------------------------------------------------------


def outlined_line(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    made, size = image.copy(), image.height * dice.uniform(0.04, 0.12)
    place = (image.width / 2, image.height * dice.uniform(0.08, 0.92))
    pen = ImageDraw.Draw(made)
    letters = _font(dice, min(size, 1.7 * image.width / 14))
    pen.text(
        place,
        _word(dice),
        _colour(dice),
        letters,
        "mm",
        stroke_width=max(1, round(size / 14)),
        stroke_fill="black",
    )
    return made


def plain_block(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    """Some lines of text without anything behind them."""
    made, size = image.copy(), image.height * dice.uniform(0.03, 0.06)
    words = "\n".join(_word(dice) for _ in range(int(dice.integers(3, 8))))
    place = (image.width * dice.uniform(0.04, 0.3), image.height * dice.uniform(0.05, 0.5))
    ImageDraw.Draw(made).multiline_text(place, words, _colour(dice), _font(dice, size), spacing=size * 0.4)
    return made


def huge_word(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    made, word = image.copy(), ("SALE", "NEW", "AW 26", "-50%", "LOOK")[int(dice.integers(5))]
    size = 1.5 * image.width / len(word)
    place = (image.width / 2, image.height * dice.uniform(0.2, 0.8))
    ImageDraw.Draw(made).text(place, word, _colour(dice), _font(dice, size), "mm")
    return made


def band(alpha: tuple[float, float]) -> Layout:
    """A band across it with words; opaque, or the picture shines through."""

    def layout(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
        high = image.height * dice.uniform(0.06, 0.3)
        top = (image.height - high) * (dice.uniform(0, 1) if dice.random() < 0.5 else float(dice.integers(2)))
        over = Image.new("RGB", image.size, _colour(dice))
        mask = Image.new("L", image.size)
        ImageDraw.Draw(mask).rectangle((0, top, image.width, top + high), round(255 * dice.uniform(*alpha)))
        made = Image.composite(over, image, mask)
        letters = _font(dice, min(high * 0.5, 1.6 * image.width / 14))
        ImageDraw.Draw(made).text(
            (image.width / 2, top + high / 2), _word(dice), _colour(dice), letters, "mm"
        )
        return made

    return layout


def bars(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    return layouts.large_text(image, dice)


def fading_band(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    """The dark gradient at the foot of a story, under white words."""
    down = np.linspace(0, 1, image.height)[:, None]
    start = dice.uniform(0.4, 0.7)
    dark = ((down - start) / (1 - start)).clip(0, 1) * dice.uniform(0.5, 0.9)
    made = Image.fromarray((np.asarray(image) * (1 - dark[..., None])).astype(np.uint8))
    letters = _font(dice, image.height * 0.05)
    ImageDraw.Draw(made).text((image.width * 0.06, image.height * 0.9), _word(dice), "white", letters)
    return made


# --- stickers and marks -------------------------------------------------------------------------------------


def emoji(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    return layouts.emoji(dice.uniform(0.15, 0.5))(image, dice)


def many_emoji(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    for _ in range(int(dice.integers(3, 9))):
        image = layouts.emoji(dice.uniform(0.06, 0.2))(image, dice)
    return image


def shape(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    """A heart, a star, a bubble or a disc: flat or shaded, outlined or not, with a word or without."""
    side = 600
    mask = Image.new("L", (side, side))
    pen = ImageDraw.Draw(mask)
    which = int(dice.integers(4))
    if which == 0:
        pen.polygon(_star(side, int(dice.integers(5, 13)), dice.uniform(0.4, 0.85)), 255)
    elif which == 1:
        pen.ellipse((20, 20, side - 20, side - 20), 255)
    elif which == 2:
        pen.rounded_rectangle((20, 120, side - 20, side - 160), 90, 255)
        pen.polygon([(150, side - 170), (260, side - 170), (130, side - 40)], 255)
    else:
        pen.polygon(_heart(side), 255)
    art = _shaded(side, dice)
    if dice.random() < 0.5:
        letters = _font(dice, 90)
        ImageDraw.Draw(art).text((side / 2, side / 2 - 30), "-30 %", _colour(dice), letters, "mm")
    return _stuck(image, art, mask, dice)


def photo_sticker(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    """A thing cut out of another photograph, with the white edge that phones give it."""
    art = others[0].convert("RGB").resize((600, 600))
    if dice.random() < 0.5:
        mask = Image.new("L", art.size)
        ImageDraw.Draw(mask).rounded_rectangle((30, 30, 570, 570), int(dice.integers(10, 270)), 255)
    else:
        mask = Image.fromarray((cut_out(np.asarray(art)) * 255).astype(np.uint8))
    return _stuck(image, art, mask, dice, outline=True)


def watermark(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    """One translucent word, or the same word all over it."""
    over = Image.new("L", (image.width * 2, image.height * 2))
    pen, letters = ImageDraw.Draw(over), _font(dice, image.width * dice.uniform(0.05, 0.14))
    word = ("© studio", "PREVIEW", "brand.example", "SAMPLE")[int(dice.integers(4))]
    if dice.random() < 0.6:
        step = image.width * dice.uniform(0.35, 0.6)
        for row in range(int(over.height / step * 2)):
            for column in range(int(over.width / step) + 1):
                pen.text((column * step + row % 2 * step / 2, row * step / 2), word, 255, letters)
        over = over.rotate(float(dice.uniform(0, 45)))
    else:
        pen.text((image.width, image.height * dice.uniform(0.7, 1.3)), word, 255, letters, "mm")
    left, top = image.width // 2, image.height // 2
    mask = over.crop((left, top, left + image.width, top + image.height))
    alpha = dice.uniform(0.15, 0.6)
    return Image.composite(
        Image.new("RGB", image.size, ("white", "black")[int(dice.integers(2))]),
        image,
        mask.point(lambda level: int(level * alpha)),
    )


def logo(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    """A disc with letters in a corner, translucent or not."""
    side = round(image.width * dice.uniform(0.08, 0.25))
    art = Image.new("RGB", (600, 600), _colour(dice))
    pen = ImageDraw.Draw(art)
    pen.ellipse((60, 60, 540, 540), outline=_colour(dice), width=30)
    pen.text((300, 300), "AB", _colour(dice), _font(dice, 220), "mm")
    mask = Image.new("L", art.size)
    ImageDraw.Draw(mask).ellipse((0, 0, 600, 600), round(255 * dice.uniform(0.5, 1)))
    place = [(0.04 if dice.random() < 0.5 else 0.96 - side / edge) * edge for edge in image.size]
    made = image.copy()
    small = (side, side)
    made.paste(art.resize(small), (round(place[0]), round(place[1])), mask.resize(small))
    return made


# --- gradings -----------------------------------------------------------------------------------------------


def curves(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    """A look-up table a channel, as a filter of an app has it."""
    pixels = np.asarray(image)
    made = np.empty_like(pixels)
    for channel in range(3):
        knots = np.sort(dice.uniform(0, 1, 3)) * 0.35 + np.array([0.1, 0.33, 0.56])
        levels = np.interp(
            np.arange(256) / 255,
            [0, 0.25, 0.5, 0.75, 1],
            [dice.uniform(0, 0.12), *knots, dice.uniform(0.88, 1)],
        )
        made[..., channel] = (levels * 255).round().clip(0, 255).astype(np.uint8)[pixels[..., channel]]
    return Image.fromarray(made)


def saturation(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    return ImageEnhance.Color(image).enhance(float(dice.choice((0.0, 0.4, 1.5, 1.9))))


def hue_turned(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    hue, *rest = image.convert("HSV").split()
    turn = int(dice.uniform(-18, 18))
    return Image.merge("HSV", (hue.point(lambda level: (level + turn) % 256), *rest)).convert("RGB")


def vignette(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    down, across = np.linspace(-1, 1, image.height)[:, None], np.linspace(-1, 1, image.width)[None]
    weight = 1 - dice.uniform(0.3, 0.8) * (down**2 + across**2) / 2
    return Image.fromarray((np.asarray(image) * weight[..., None]).clip(0, 255).astype(np.uint8))


def light_leak(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    """A warm glow from one side."""
    across = np.linspace(0, 1, image.width)[None, :, None]
    glow = np.exp(-across * dice.uniform(2, 5)) * np.array([255, 150, 60]) * dice.uniform(0.3, 0.7)
    return Image.fromarray((255 - (255 - np.asarray(image)) * (1 - glow / 255)).clip(0, 255).astype(np.uint8))


def clarity(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    """Local contrast, as "structure" or "HDR" in an app."""
    radius = image.width * dice.uniform(0.02, 0.06)
    return image.filter(ImageFilter.UnsharpMask(radius, int(dice.integers(40, 110)), 0))


def smoothed(image: Image.Image, others: layouts.Others, dice: Dice) -> Image.Image:
    """Every surface smoother, edges kept, as a beauty filter does it everywhere."""
    return Image.fromarray(np.asarray(cv2.bilateralFilter(np.asarray(image), 7, 25, 5), np.uint8))


def _edit(edit: edits.Edit) -> Layout:
    return lambda image, others, dice: edit(image, dice)


def _rolled(edit: Callable[[float], edits.Edit], low: float, high: float) -> Layout:
    """An edit whose strength is a matter of chance."""
    return lambda image, others, dice: edit(float(dice.uniform(low, high)))(image, dice)


INNOCENT: Mapping[str, Mapping[str, Layout]] = {
    "caption": {
        "outlined line": outlined_line,
        "plain block": plain_block,
        "huge word": huge_word,
        "opaque band": band((1, 1)),
        "translucent band": band((0.4, 0.8)),
        "bars": bars,
        "fading band": fading_band,
    },
    "sticker": {"emoji": emoji, "many emoji": many_emoji, "shape": shape, "photo sticker": photo_sticker},
    "mark": {"watermark": watermark, "logo": logo},
    "grading": {
        "curves": curves,
        "saturation": saturation,
        "hue turned": hue_turned,
        "vignette": vignette,
        "light leak": light_leak,
        "clarity": clarity,
        "smoothed": smoothed,
        "sepia": _edit(edits.sepia),
        "warm filter": _edit(edits.warm_filter),
        "cool filter": _edit(edits.cool_filter),
        "brightness": _rolled(edits.brightness, 0.6, 1.4),
        "contrast": _rolled(edits.contrast, 0.55, 1.6),
    },
    "saved again": {
        "JPEG": lambda image, others, dice: edits.jpeg(int(dice.integers(30, 86)))(image, dice),
        "JPEG twice, another size": lambda image, others, dice: edits.chain(
            edits.jpeg(int(dice.integers(30, 60))),
            edits.resized(float(dice.uniform(0.4, 0.9))),
            edits.jpeg(50),
        )(image, dice),
    },
    "size": {
        "resized": _rolled(edits.resized, 0.3, 2),
        "aspect": lambda i, o, d: edits.resized(float(d.uniform(0.85, 1.15)), 1)(i, d),
    },
    "crop": {
        "crop": lambda i, o, d: edits.cropped(float(d.uniform(0.5, 0.95)), aside=True)(i, d),
        "square": _edit(edits.square),
        "straightened": _rolled(edits.straightened, 2, 8),
    },
    "mirrored": {"mirrored": _edit(edits.mirrored)},
    "noise": {"noise": _rolled(edits.noisy, 4, 14)},
    "blur": {"blur": _rolled(edits.blurred, 0.5, 2)},
    "frame": {
        "border": layouts.border(0.08),
        "meme band": layouts.meme,
        "story": layouts.story,
        "screenshot": layouts.screenshot,
    },
}


# --- parts --------------------------------------------------------------------------------------------------


def _font(dice: Dice, size: float) -> ImageFont.FreeTypeFont:
    """One of several where the system has them; Pillow's own elsewhere."""
    name = FONTS[int(dice.integers(len(FONTS)))]
    try:
        return ImageFont.truetype(name, max(8, size)) if name else layouts.font(size)
    except OSError:
        return layouts.font(size)


def _word(dice: Dice) -> str:
    return WORDS[int(dice.integers(len(WORDS)))]


def _colour(dice: Dice) -> str:
    return COLOURS[int(dice.integers(len(COLOURS)))]


def _shaded(side: int, dice: Dice) -> Image.Image:
    """One colour, or one going over into another."""
    ends = [np.array(Image.new("RGB", (1, 1), _colour(dice)))[0, 0].astype(np.float32) for _ in range(2)]
    if dice.random() < 0.5:
        ends[1] = ends[0]
    angle = dice.uniform(0, 2 * np.pi)
    x, y = np.meshgrid(np.linspace(-1, 1, side), np.linspace(-1, 1, side))
    share = ((np.cos(angle) * x + np.sin(angle) * y + 1.42) / 2.84)[..., None]
    return Image.fromarray((ends[0] * (1 - share) + ends[1] * share).astype(np.uint8))


def _stuck(
    image: Image.Image, art: Image.Image, mask: Image.Image, dice: Dice, *, outline: bool | None = None
) -> Image.Image:
    """Somewhere on the picture, turned a little; with a white edge, and with a shadow, or without."""
    pad = 60
    big = Image.new("RGB", (art.width + 2 * pad, art.height + 2 * pad), "white")
    big.paste(art, (pad, pad))
    inner = Image.new("L", big.size)
    inner.paste(mask, (pad, pad))
    if outline if outline is not None else dice.random() < 0.5:
        wide = int(dice.integers(9, 25)) * 2 + 1
        outer = Image.fromarray(
            cv2.dilate(np.asarray(inner), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide)))
        )
        big = Image.composite(big, Image.new("RGB", big.size, "white"), inner)
        inner = outer
    side = round(image.width * dice.uniform(0.2, 0.55))
    angle = float(dice.uniform(-20, 20))
    small = big.resize((side, side), Image.Resampling.LANCZOS).rotate(angle)
    alpha = inner.resize((side, side), Image.Resampling.LANCZOS).rotate(angle)
    place = (
        round(dice.uniform(0, 1) * (image.width - side)),
        round(dice.uniform(0, 1) * max(0, image.height - side)),
    )
    made = image.copy()
    if dice.random() < 0.4:
        shadow = Image.new("L", image.size)
        shadow.paste(alpha, (place[0] + side // 40, place[1] + side // 40))
        shadow = shadow.filter(ImageFilter.GaussianBlur(side / 40)).point(lambda level: level // 3)
        made = Image.composite(Image.new("RGB", image.size, "black"), made, shadow)
    made.paste(small, place, alpha)
    return made


def _star(side: int, points: int, inner: float) -> list[tuple[float, float]]:
    middle, radius = side / 2, side / 2 - 20
    return [
        (
            middle + radius * (inner if turn % 2 else 1) * float(np.sin(np.pi * turn / points)),
            middle - radius * (inner if turn % 2 else 1) * float(np.cos(np.pi * turn / points)),
        )
        for turn in range(2 * points)
    ]


def _heart(side: int) -> list[tuple[float, float]]:
    turns: NDArray[np.float64] = np.linspace(0, 2 * np.pi, 90)
    x = 16 * np.sin(turns) ** 3
    y = 13 * np.cos(turns) - 5 * np.cos(2 * turns) - 2 * np.cos(3 * turns) - np.cos(4 * turns)
    return [
        (float(a) * side / 36 + side / 2, side / 2 - float(b) * side / 36) for a, b in zip(x, y, strict=True)
    ]
