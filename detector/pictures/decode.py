"""Bytes of a picture to pixels as a viewer sees them. The only place that calls a picture decoder; run it in
a worker.

`decode` gives the whole: pixels equal Pillow's own RGB decode, which the reference values of our hashes rest
on. `decode_small` gives what nearly everything is content with, at a sixth of the price: grey, and each pixel
the mean of a block; a JPEG at 1/2, 1/4 or 1/8 is just that, and is never whole. In both the EXIF turn is
applied, transparency stands on white, sixteen bits are scaled to eight, and of an animation the first frame
is taken.
"""

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from detector.pictures import jpeg
from detector.pictures.complaints import complain
from detector.pictures.png_texts import without_vast_texts
from storage.errors import PictureError

FORMATS = {  # what format_of says → Pillow's decoder; all others stay shut
    "jpeg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "webp": "WEBP",
    "tiff": "TIFF",
    "bmp": "BMP",
    "avif": "AVIF",
}
# Pictures, but no decoder here.
UNREAD_PICTURES = frozenset({"heic", "heif", "jxl", "jp2", "psd", "svg", "ico"})
VIDEOS = frozenset({"mp4", "mov", "webm", "mkv", "mpeg", "ogg", "avi", "flv"})
PIXEL_LIMIT = 100_000_000  # a gigapixel bomb is a hundred kilobytes of PNG
JPEG_LIMIT = (
    178_956_970  # a JPEG decodes at half its size without ever being whole; Pillow itself refuses more
)
CLEAR_LIMIT = 25_000_000  # px with their transparency, twice in memory: 200 MB
FULL_DECODE = 50_000_000  # px: a larger JPEG is decoded at 1/2, 1/4 or 1/8

EXIF_ORIENTATION = 0x0112
# What undoes each EXIF orientation (CIPA DC-008): exchange rows and columns, flip down, flip across.
UNTURN = {
    2: (False, False, True),
    3: (False, True, True),
    4: (False, True, False),
    5: (True, False, False),
    6: (True, False, True),
    7: (True, True, True),
    8: (True, True, False),
}
SMALL_EDGE = 320  # px: as long as local features need the long edge (matching.md, section 3a, "Candidates")
SMALL_SIDE = 160  # px: fewer, and PDQ's 64 samples move (docs/benchmarks/hashing.md)
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Picture:
    """`pixels` uint8 (H, W, 3) RGB; `width` and `height` of the whole picture as shown, also where pixels are
    fewer."""

    pixels: Pixels
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """`grey` uint8 (h, w): each pixel the mean luminance of `share` x `share` pixels of a picture which is
    `width` x `height` as shown. Where `share` does not divide a side one row or column stands for fewer: the
    last, or since the picture was turned (`cut_top`, `cut_left`) the first."""

    grey: Pixels
    width: int
    height: int
    share: int
    cut_top: bool = False
    cut_left: bool = False

    def reduced(self, long_edge: int = SMALL_EDGE) -> Pixels:
        """`grey`, halved for as long as its long edge does not become shorter than `long_edge`."""
        halves = 1
        while max(self.grey.shape) >= 2 * halves * long_edge:
            halves *= 2
        return _blocks(Image.fromarray(self.grey), halves)


def decode(data: bytes, format_name: str, *, long_edge: int | None = None) -> Picture:
    """Decode whole, or (JPEG with `long_edge`) at the smallest of 1, 1/2, 1/4, 1/8 that is still as long as
    that.

    Raises PictureError: "empty", "not_a_picture", "format_not_supported", "video" (see
    `detector.pictures.frames`), "too_many_pixels", "truncated", "broken_picture".
    """
    with opened(data, format_name) as (image, decoder):
        return _read(image, decoder, long_edge)


def decode_clear(data: bytes, format_name: str) -> Pixels:
    """uint8 (H, W, 4): RGB, and how much each pixel covers (255 everywhere where the file has no
    transparency). At most `CLEAR_LIMIT` pixels. Raises PictureError as `decode` does."""
    with opened(data, format_name) as (image, _):
        width, height = image.size
        if width * height > CLEAR_LIMIT:
            raise _too_many(f"{width} x {height} pixels; at most {CLEAR_LIMIT} are read of a drawing")
        turn = UNTURN.get(_orientation(image), (False, False, False))
        image.seek(0)
        image.load()
        return _turned(_clear(image), turn)


def decode_small(data: bytes, format_name: str, *, long_edge: int = SMALL_EDGE) -> SmallPicture:
    """Decode grey and reduced by the greatest power of two that leaves the long edge at `long_edge` px or
    more and the short one at `SMALL_SIDE`. A smaller picture stays as it is.

    Raises PictureError as `decode` does.
    """
    size = jpeg.plain_size(data) if format_name == "jpeg" else None
    if size and size[0] * size[1] <= JPEG_LIMIT:
        share = _share(*size, long_edge)
        grey = _luminance(data, *size, share)
        if grey is not None:
            return SmallPicture(grey, *size, share)
    with opened(data, format_name) as (image, decoder):
        return _read_small(image, decoder, data, long_edge)


def small_picture(grey: Pixels, long_edge: int = SMALL_EDGE) -> SmallPicture:
    """The same of pixels that are decoded already (a frame of a video), uint8 (H, W)."""
    height, width = grey.shape
    share = _share(width, height, long_edge)
    return SmallPicture(_blocks(Image.fromarray(grey), share), width, height, share)


@contextmanager
def opened(data: bytes, format_name: str) -> Iterator[tuple[Image.Image, str]]:
    """The file in Pillow, and the name of its decoder. Whatever goes wrong inside is raised as a
    PictureError."""
    decoder = _decoder(data, format_name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata is no error; bombs are refused by size, below
            plain = without_vast_texts(data) if decoder == "PNG" else data
            with Image.open(BytesIO(plain), formats=[decoder]) as image:
                _refuse_vast(image, decoder)
                yield image, decoder
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many(str(error)) from error
    except UnidentifiedImageError as error:
        raise PictureError(
            f"starts like {format_name} and is none: its header is broken", kind="broken_picture"
        ) from error
    except MemoryError as error:
        raise PictureError("it does not fit into memory", kind="memory_limit") from error
    except (
        Exception
    ) as error:  # decoders raise nearly anything on hostile bytes; all of it is named, none swallowed
        raise _broken(error) from error


def _decoder(data: bytes, format_name: str) -> str:
    if format_name in FORMATS:
        return FORMATS[format_name]
    if not data:
        raise PictureError("the file is empty", kind="empty")
    if format_name in VIDEOS:
        raise PictureError("it is a video, not a picture", kind="video")
    if format_name in UNREAD_PICTURES:
        raise PictureError(f"no decoder for {format_name} is installed", kind="format_not_supported")
    what = f"it is {format_name}" if format_name else "unknown first bytes"
    raise PictureError(f"not a picture: {what}", kind="not_a_picture")


def _refuse_vast(image: Image.Image, decoder: str) -> None:
    width, height = image.size
    limit = JPEG_LIMIT if decoder == "JPEG" else PIXEL_LIMIT
    if width * height > limit:
        raise _too_many(f"{width} x {height} pixels; at most {limit} are read")


def _read(image: Image.Image, decoder: str, long_edge: int | None) -> Picture:
    width, height = image.size
    _load_what_there_is(image, decoder)
    turn = UNTURN.get(_orientation(image), (False, False, False))
    if decoder == "JPEG":
        _shrink(image, long_edge)
    image.seek(0)
    image.load()
    pixels = _turned(rgb(image), turn)
    return Picture(pixels, *((height, width) if turn[0] else (width, height)))


def _read_small(image: Image.Image, decoder: str, data: bytes, long_edge: int) -> SmallPicture:
    width, height = image.size
    _load_what_there_is(image, decoder)
    across, down, over = turn = UNTURN.get(_orientation(image), (False, False, False))
    share = _share(width, height, long_edge)
    grey = None
    if decoder == "JPEG" and image.mode in ("L", "RGB"):
        grey = _luminance(data, width, height, share)
    if grey is None:
        grey = _blocks(_grey(image), share // _drafted(image, decoder, share))
    size = (height, width) if across else (width, height)
    return SmallPicture(_turned(grey, turn), *size, share, cut_top=down, cut_left=over)


def _load_what_there_is(image: Image.Image, decoder: str) -> None:
    """Of a PNG that is damaged inside, the rows above the damage: Pillow says so once, and hands them out
    from then on. It loads one already to look for its EXIF block, where nobody would hear it. What only ends
    too early (its rows are not handed out) is raised.
    """
    if decoder != "PNG":
        return
    try:
        image.load()
    except OSError as error:
        if _broken(error).kind == "truncated":
            raise
        complain(str(error))


def _share(width: int, height: int, long_edge: int) -> int:
    long, short = max(width, height), min(width, height)
    share = 1
    while long >= 2 * share * long_edge and short >= 2 * share * SMALL_SIDE:
        share *= 2
    return share


def _luminance(data: bytes, width: int, height: int, share: int) -> Pixels | None:
    """Of a JPEG, as it lies. None: Pillow has to look, and says what is wrong."""
    grey = jpeg.luminance(data, width, height, min(share, jpeg.MOST))
    if grey is None or share <= jpeg.MOST:
        return grey
    return _blocks(Image.fromarray(grey), share // jpeg.MOST)


def _drafted(image: Image.Image, decoder: str, share: int) -> int:
    """Have a JPEG decoded with as many pixels fewer as the decoder can; by how much it did."""
    long = max(image.size)
    if decoder == "JPEG" and share > 1:
        image.draft(None, (max(1, image.width // share), max(1, image.height // share)))
    image.seek(0)
    return -(-long // max(image.size))


def _grey(image: Image.Image) -> Image.Image:
    """Mode "L". Only what is more than eight opaque bits a channel takes the long way over RGB."""
    if image.mode in ("1", "L", "P", "RGB", "YCbCr") and "transparency" not in image.info:
        return image.convert("L")
    return Image.fromarray(rgb(image)).convert("L")


def _blocks(grey: Image.Image, share: int) -> Pixels:
    """The mean of every block of `share` x `share` pixels; blocks at the right and lower edge may be
    short."""
    return np.asarray(grey.reduce(share) if share > 1 else grey)


def _shrink(image: Image.Image, long_edge: int | None) -> None:
    """Have the JPEG decoder give fewer pixels, in a step of two, where that was asked for or the picture is
    vast."""
    width, height = image.size
    share = 1
    while width * height > FULL_DECODE * share * share:
        share *= 2
    while long_edge and share < 8 and max(width, height) >= 2 * share * long_edge:
        share *= 2
    if share > 1:  # rounded down: Pillow takes the greatest step that is still as large as what is asked for
        image.draft(None, (max(1, width // share), max(1, height // share)))


def _orientation(image: Image.Image) -> int:
    """1 where the EXIF block is missing or cannot be read: a viewer shows such a picture as it lies."""
    try:
        found = image.getexif().get(EXIF_ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError, struct.error):
        return 1
    return found if isinstance(found, int) else 1


def _turned(pixels: Pixels, turn: tuple[bool, bool, bool]) -> Pixels:
    across, down, over = turn
    if across:
        pixels = pixels.swapaxes(0, 1)
    return np.ascontiguousarray(pixels[:: -1 if down else 1, :: -1 if over else 1])


def rgb(image: Image.Image) -> Pixels:
    """uint8 (H, W, 3), transparency on white."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return np.repeat(_eight_bits(np.asarray(image))[..., None], 3, axis=2)
    if _is_see_through(image):
        return _on_white(image)
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _is_see_through(image: Image.Image) -> bool:
    """Of more than eight bits a channel, transparency is not looked at."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return False
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _clear(image: Image.Image) -> Pixels:
    """uint8 (H, W, 4)."""
    if _is_see_through(image):
        return np.asarray(image.convert("RGBA"))
    return np.dstack([rgb(image), np.full((image.height, image.width), 255, np.uint8)])


def _on_white(image: Image.Image) -> Pixels:
    see_through = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(see_through, mask=see_through.getchannel("A"))
    return np.asarray(paper)


def _eight_bits(values: NDArray[np.generic]) -> Pixels:
    """One channel of more than eight bits. Whole numbers to 65,535 are sixteen bits; any other range is
    stretched."""
    if values.dtype == np.uint16:
        return ((values.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
    numbers = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(numbers.min()), float(numbers.max())
    if low >= 0 and high <= 65535 and np.issubdtype(values.dtype, np.integer):
        low, high = 0.0, 255.0 if high <= 255 else 65535.0
    elif low >= 0 and high <= 255:
        low, high = 0.0, 1.0 if high <= 1 else 255.0
    scaled = (numbers - low) * (255 / max(high - low, 1e-9))
    return np.rint(scaled).clip(0, 255).astype(np.uint8)


def _too_many(message: str) -> PictureError:
    return PictureError(message, kind="too_many_pixels")


def _broken(error: Exception) -> PictureError:
    words = str(error) or type(error).__name__
    short = any(
        sign in words.lower() for sign in ("truncated", "end of file", "not enough", "unexpected end")
    )
    return PictureError(f"the decoder says: {words[:200]}", kind="truncated" if short else "broken_picture")
