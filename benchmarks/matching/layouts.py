"""What people put a picture into, or lay over it: text, emoji, meme bands, stories, screenshots, collages.

Canvases have the sizes of phones and posts (1080 px wide), the picture in them the size that it would have.
"""

from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from benchmarks.matching.edits import Dice, Edit

Others = Sequence[Image.Image]
Layout = Callable[[Image.Image, Others, Dice], Image.Image]

WIDTH = 1080
WORDS = (
    "NEW IN",
    "only today",
    "which one would you wear?",
    "my favourite look",
    "link in bio",
    "SALE -30 %",
)
CAPTIONS = (
    "When the new collection drops\nand it is not even real",
    "Nobody:\nAbsolutely nobody:\nThis shop:",
)


def font(size: float) -> ImageFont.FreeTypeFont:
    found = ImageFont.load_default(max(6, size))
    assert isinstance(found, ImageFont.FreeTypeFont)
    return found


def small_text(image: Image.Image, dice: Dice) -> Image.Image:
    """One outlined line near the bottom or the top, letters 6 % of the height."""
    made = image.copy()
    size = image.height * 0.06
    place = (image.width / 2, image.height * (0.9 if dice.random() < 0.7 else 0.08))
    ImageDraw.Draw(made).text(
        place,
        _word(dice),
        "white",
        font(size),
        "mm",
        stroke_width=max(1, round(size / 12)),
        stroke_fill="black",
    )
    return made


def large_text(image: Image.Image, dice: Dice) -> Image.Image:
    """Three heavy lines on bars across the middle, about a third of the height."""
    made = image.copy()
    pen, size = ImageDraw.Draw(made), image.height * 0.075
    ink, bar = (("black", "white"), ("white", "#c8102e"))[int(dice.integers(2))]
    for line in range(3):
        place = (image.width / 2, image.height * (0.38 + 0.12 * line))
        words = _word(dice)
        letters = font(min(size, 1.6 * image.width / len(words)))
        box = pen.textbbox(place, words, letters, "mm")
        pen.rectangle(
            (box[0] - size / 3, place[1] - size * 0.7, box[2] + size / 3, place[1] + size * 0.7), bar
        )
        pen.text(place, words, ink, letters, "mm", stroke_width=1, stroke_fill=ink)
    return made


def emoji(share: float) -> Edit:
    """A smiley as wide as this share of the picture, on the upper middle, where a face would be."""

    def edit(image: Image.Image, dice: Dice) -> Image.Image:
        side = round(image.width * share)
        across = image.width * dice.uniform(0.4, 0.6) - side / 2
        down = image.height * dice.uniform(0.25, 0.5) - side / 2
        face = _smiley(side)
        made = image.copy()
        made.paste(face, (round(across), max(0, round(down))), face)
        return made

    return edit


def meme(image: Image.Image, others: Others, dice: Dice) -> Image.Image:
    """A white band with black words above the picture."""
    image = _wide(image, WIDTH)
    words = CAPTIONS[int(dice.integers(len(CAPTIONS)))]
    band = 90 + 70 * (words.count("\n") + 1)
    made = Image.new("RGB", (image.width, image.height + band), "white")
    ImageDraw.Draw(made).multiline_text((40, 45), words, "black", font(56), spacing=14)
    made.paste(image, (0, band))
    return made


def story(image: Image.Image, others: Others, dice: Dice) -> Image.Image:
    """9:16; behind the picture its own enlarged, blurred and darkened copy."""
    back = ImageOps.fit(image, (WIDTH, 1920)).filter(ImageFilter.GaussianBlur(40))
    made = ImageEnhance.Brightness(back).enhance(0.7)
    front = ImageOps.contain(image, (round(WIDTH * dice.uniform(0.85, 1)), 1500), Image.Resampling.LANCZOS)
    made.paste(front, ((WIDTH - front.width) // 2, round((1920 - front.height) * dice.uniform(0.4, 0.6))))
    return made


def border(share: float) -> Layout:
    """A plain border on every side, each this share of the picture's own side."""

    def layout(image: Image.Image, others: Others, dice: Dice) -> Image.Image:
        fill = ("white", "black", "#f3c6cf")[int(dice.integers(3))]
        across, down = round(image.width * share), round(image.height * share)
        made = Image.new("RGB", (image.width + 2 * across, image.height + 2 * down), fill)
        made.paste(image, (across, down))
        return made

    return layout


def screenshot(image: Image.Image, others: Others, dice: Dice) -> Image.Image:
    """A phone's screen with a feed: status bar, account, the picture as wide as the screen, buttons, text."""
    paper, ink = (("white", "#111111"), ("#0b0b0c", "#f2f2f2"))[int(dice.integers(2))]
    made = Image.new("RGB", (WIDTH, 2280), paper)
    pen = ImageDraw.Draw(made)
    pen.text((60, 30), "09:41", ink, font(44))
    pen.rounded_rectangle((930, 40, 1010, 76), 10, outline=ink, width=4)
    pen.ellipse((40, 130, 140, 230), "#c86b4a", "#e0559a", 6)
    pen.text((165, 150), "shop.the.look", ink, font(42), stroke_width=1)
    pen.text((980, 130), "...", ink, font(60))
    shown = ImageOps.contain(image, (WIDTH, 1500), Image.Resampling.LANCZOS)
    made.paste(shown, ((WIDTH - shown.width) // 2, 260))
    below = 260 + shown.height
    for place in range(3):
        pen.ellipse((45 + 120 * place, below + 35, 115 + 120 * place, below + 105), outline=ink, width=6)
    pen.polygon(
        [(960, below + 35), (1020, below + 35), (1020, below + 105), (990, below + 75), (960, below + 105)],
        ink,
    )
    pen.text((45, below + 135), f"{int(dice.integers(90, 9000))} likes", ink, font(42), stroke_width=1)
    pen.multiline_text(
        (45, below + 200), f"shop.the.look {_word(dice)}\n#ootd #new #fashion", ink, font(42), spacing=12
    )
    pen.line((0, 2140, WIDTH, 2140), "#888888", 2)
    for place in range(5):
        pen.rounded_rectangle((90 + 205 * place, 2180, 150 + 205 * place, 2240), 14, outline=ink, width=5)
    return made


def pair(image: Image.Image, others: Others, dice: Dice) -> Image.Image:
    """Two photographs side by side at one height, whole, with a gap."""
    both = [image, others[0]]
    if dice.random() < 0.5:
        both.reverse()
    shown = [one.resize((round(one.width * 900 / one.height), 900), Image.Resampling.LANCZOS) for one in both]
    made = Image.new("RGB", (sum(one.width for one in shown) + 20, 900), "white")
    made.paste(shown[0], (0, 0))
    made.paste(shown[1], (shown[0].width + 20, 0))
    return made


def stack(image: Image.Image, others: Others, dice: Dice) -> Image.Image:
    """Two photographs one above the other in a 4:5 post, each cut to its half."""
    return _cells(image, others, dice, (WIDTH, 1350), 1, 2)


def grid(image: Image.Image, others: Others, dice: Dice) -> Image.Image:
    """Four photographs in a 4:5 post, each cut to its quarter."""
    return _cells(image, others, dice, (WIDTH, 1350), 2, 2)


def inset(share: float) -> Layout:
    """The whole picture laid on another photograph, covering this share of that photograph's area."""

    def layout(image: Image.Image, others: Others, dice: Dice) -> Image.Image:
        made = ImageOps.fit(others[0], (WIDTH, 1440), Image.Resampling.LANCZOS)
        zoom = (share * made.width * made.height / (image.width * image.height)) ** 0.5
        zoom = min(zoom, made.width / image.width, made.height / image.height)
        small = image.resize(
            (round(image.width * zoom), round(image.height * zoom)), Image.Resampling.LANCZOS
        )
        across, down = dice.uniform(0.05, 0.95, 2)
        made.paste(
            small, (round((made.width - small.width) * across), round((made.height - small.height) * down))
        )
        return made

    return layout


def _cells(
    image: Image.Image,
    others: Others,
    dice: Dice,
    size: tuple[int, int],
    across: int,
    down: int,
    gap: int = 16,
) -> Image.Image:
    pictures = [image, *others[: across * down - 1]]
    made = Image.new("RGB", size, "white")
    cell = (size[0] - gap * (across + 1)) // across, (size[1] - gap * (down + 1)) // down
    for place, turn in enumerate(dice.permutation(len(pictures))):
        left, top = gap + (cell[0] + gap) * (place % across), gap + (cell[1] + gap) * (place // across)
        made.paste(ImageOps.fit(pictures[turn], cell, Image.Resampling.LANCZOS), (left, top))
    return made


def _wide(image: Image.Image, width: int) -> Image.Image:
    return image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)


def _word(dice: Dice) -> str:
    return WORDS[int(dice.integers(len(WORDS)))]


def _smiley(side: int) -> Image.Image:
    """A yellow face with eyes and a smile, drawn four times as large for clean edges."""
    big = Image.new("RGBA", (400, 400))
    pen = ImageDraw.Draw(big)
    pen.ellipse((4, 4, 396, 396), "#ffcc33", "#d99a1c", 10)
    for left in (112, 238):
        pen.ellipse((left, 115, left + 50, 190), "#5a3a10")
    pen.chord((95, 170, 305, 330), 10, 170, "#7a2b12")
    pen.chord((130, 265, 270, 330), 20, 160, "#e8604c")
    return big.resize((side, side), Image.Resampling.LANCZOS)
