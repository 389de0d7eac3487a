"""Every kind of picture a stranger may publish, as a viewer sees it; and every kind of file that is none."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from detector.pictures import decode as decoding
from detector.pictures.decode import decode, decode_clear
from storage.errors import PictureError
from storage.formats import format_of
from tests.detector.drawings import Pixels, scene, shapes
from tests.detector.files import encoded, jpeg

PICTURE = scene(90, 60, seed=4)
RED = (255, 0, 0)


def pixels(data: bytes, long_edge: int | None = None) -> Pixels:
    return decode(data, format_of(data), long_edge=long_edge).pixels


def kind_of_failure(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        decode(data, format_of(data))
    return caught.value.kind


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


# --- as a viewer sees it ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_lossless_kinds_come_back_exactly(kind: str) -> None:
    assert np.array_equal(pixels(encoded(PICTURE, kind)), PICTURE)


def test_lossless_webp_comes_back_exactly() -> None:
    assert np.array_equal(pixels(encoded(PICTURE, "WEBP", lossless=True)), PICTURE)


def test_a_jpeg_decodes_as_pillow_does() -> None:
    """The reference values of PDQ rest on this pipeline."""
    data = jpeg(seed=4)
    assert np.array_equal(pixels(data), np.asarray(Image.open(BytesIO(data)).convert("RGB")))


def test_avif() -> None:
    found = pixels(encoded(shapes(90, 60), "AVIF", quality=95))
    assert np.abs(found.astype(int) - shapes(90, 60)).mean() < 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_exif_turn_is_applied(orientation: int) -> None:
    """The corner that is red must come to lie where EXIF says that it belongs."""
    upright = np.full((60, 90, 3), 255, np.uint8)
    upright[:30, :45] = RED
    upright[:15, :20] = (0, 0, 255)
    undone = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}.get(orientation)
    operations = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    lying = Image.fromarray(upright)
    if undone:
        lying = lying.transpose(operations[undone])
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = decode(saved(lying, "PNG", exif=exif), "png")
    assert np.array_equal(found.pixels, upright)
    assert (found.width, found.height) == (90, 60)


@pytest.mark.parametrize(
    "exif", [b"Exif\x00\x00garbage", b"Exif\x00\x00II*\x00\xff\xff\xff\xff", b"Exif\x00\x00"]
)
def test_a_broken_exif_block_leaves_the_picture_as_it_lies(exif: bytes) -> None:
    assert decode(jpeg(exif=exif), "jpeg").width == 320


def test_a_cmyk_jpeg_is_not_inverted() -> None:
    """Photoshop stores CMYK upside down and says so in the Adobe marker; Pillow writes and reads it that
    way."""
    found = pixels(encoded(shapes(90, 60), "JPEG", "CMYK", quality=95))
    assert np.abs(found.astype(int) - shapes(90, 60)).mean() < 8


def test_a_sixteen_bit_png_is_scaled_not_cut() -> None:
    ramp = np.linspace(0, 65535, 90 * 60).reshape(60, 90).astype(np.uint16)
    found = pixels(saved(Image.fromarray(ramp), "PNG"))
    assert np.abs(found[..., 1].astype(float) - ramp / 257).max() <= 0.51


def test_a_sixteen_bit_colour_png() -> None:
    """Written by hand, since Pillow does not: the high byte of each sample is what a viewer shows."""
    wide = PICTURE.astype(np.uint16) * 257
    rows = b"".join(b"\x00" + row.astype(">u2").tobytes() for row in wide)

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 90, 60, 16, 2, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    assert np.array_equal(pixels(data), PICTURE)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 128, 255]], np.int32), [0, 128, 255]),
        (np.array([[0, 32768, 65535]], np.int32), [0, 128, 255]),
        (np.array([[-5, 0, 5]], np.int32), [0, 128, 255]),
        (np.array([[0.0, 0.5, 1.0]], np.float32), [0, 128, 255]),
        (np.array([[0.0, 100.0, 255.0]], np.float32), [0, 100, 255]),
        (np.array([[np.nan, 1.0, np.inf]], np.float32), [0, 255, 0]),
    ],
)
def test_wide_tiffs_are_stretched_to_eight_bits(values: np.ndarray, expected: list[int]) -> None:
    assert pixels(saved(Image.fromarray(values), "TIFF"))[0, :, 0].tolist() == expected


def see_through(mode: str) -> Image.Image:
    image = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 10, 20))
    return image.convert(mode)


@pytest.mark.parametrize(
    ("mode", "kind"), [("RGBA", "PNG"), ("LA", "PNG"), ("PA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "GIF")]
)
def test_transparency_stands_on_white(mode: str, kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    image = see_through("RGBA") if mode == "PA" else see_through(mode)
    if mode == "PA":
        image = image.quantize()
    found = pixels(saved(image, kind, **options))
    assert found[5, 5].tolist() == [0, 0, 0]
    assert found[5, 15].tolist() == [255, 255, 255]


def test_a_transparent_colour_of_an_opaque_png_is_white_too() -> None:
    image = Image.new("RGB", (20, 20), RED)
    assert pixels(saved(image, "PNG", transparency=RED))[5, 5].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    ("mode", "kind"), [("RGBA", "PNG"), ("RGBA", "WEBP"), ("LA", "PNG"), ("P", "PNG"), ("RGBA", "GIF")]
)
def test_a_drawing_keeps_its_transparency(mode: str, kind: str) -> None:
    data = saved(see_through(mode), kind, **({"lossless": True} if kind == "WEBP" else {}))
    clear = decode_clear(data, format_of(data))
    assert clear.shape == (*pixels(data).shape[:2], 4)
    assert clear[..., 3].min() < 255
    laid = Image.new("RGBA", clear.shape[1::-1], "white")
    laid.alpha_composite(Image.fromarray(clear))
    assert np.abs(np.asarray(laid.convert("RGB")).astype(int) - pixels(data)).max() <= 1


@pytest.mark.parametrize("data", [jpeg(), encoded(PICTURE, "PNG")], ids=["jpeg", "png"])
def test_what_has_no_transparency_covers(data: bytes) -> None:
    clear = decode_clear(data, format_of(data))
    assert np.array_equal(clear[..., :3], pixels(data))
    assert (clear[..., 3] == 255).all()


def test_a_vast_drawing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "CLEAR_LIMIT", 100)
    with pytest.raises(PictureError) as caught:
        decode_clear(jpeg(), "jpeg")
    assert caught.value.kind == "too_many_pixels"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_taken(kind: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, "blue", "green")]
    options = {"lossless": True} if kind == "WEBP" else {}
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=50, **options)
    assert pixels(data)[5, 5].tolist() == list(RED)


@pytest.mark.parametrize(("mode", "value"), [("1", 255), ("L", 77), ("P", 200)])
def test_one_channel_becomes_three(mode: str, value: int) -> None:
    found = pixels(saved(Image.new("L", (20, 20), value).convert(mode), "PNG"))
    assert found.shape == (20, 20, 3)
    assert found[3, 3].tolist() == [value] * 3


# --- smaller ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "edge"), [(None, 800), (800, 800), (400, 400), (390, 400), (200, 200), (10, 100)]
)
def test_a_jpeg_can_be_decoded_small(asked: int | None, edge: int) -> None:
    found = decode(jpeg(size=(600, 800)), "jpeg", long_edge=asked)
    assert max(found.pixels.shape) == edge
    assert (found.width, found.height) == (600, 800)


def test_a_vast_jpeg_is_decoded_at_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "FULL_DECODE", 300_000)
    found = decode(jpeg(size=(600, 800)), "jpeg")
    assert found.pixels.shape == (400, 300, 3)
    assert (found.width, found.height) == (600, 800)


# --- what is not looked at --------------------------------------------------------------------------------


def bomb(width: int, height: int) -> bytes:
    """A small PNG that swells."""
    body = zlib.compress(bytes(10_000))

    def chunk(name: bytes, inside: bytes) -> bytes:
        return struct.pack(">I", len(inside)) + name + inside + struct.pack(">I", zlib.crc32(name + inside))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(30000, 30000), (10001, 10000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_by_its_size(width: int, height: int) -> None:
    assert kind_of_failure(bomb(width, height)) == "too_many_pixels"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_file_is_named(kind: str, share: float) -> None:
    data = encoded(scene(200, 200, seed=9), kind)
    assert kind_of_failure(data[: int(len(data) * share)]) in {"truncated", "broken_picture"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_the_commonest_kinds_say_truncated(kind: str) -> None:
    data = encoded(scene(200, 200, seed=9), kind)
    assert kind_of_failure(data[: len(data) * 6 // 10]) == "truncated"


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(60)
OTHERS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "text": (b"just some words", "not_a_picture"),
    "a page": (b"<!doctype html><title>404</title>", "not_a_picture"),
    "a pdf": (b"%PDF-1.7 ...", "not_a_picture"),
    "heic": (HEIC, "format_not_supported"),
    "jpeg xl": (b"\xff\x0a" + bytes(40), "format_not_supported"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format_not_supported"),
    "a film": (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp41" + bytes(40), "video"),
    "a web film": (b"\x1aE\xdf\xa3" + bytes(40), "video"),
    "a magic number alone": (b"\xff\xd8\xff", "broken_picture"),
    "a png header alone": (b"\x89PNG\r\n\x1a\n", "broken_picture"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_picture_is_named(name: str) -> None:
    data, kind = OTHERS[name]
    assert kind_of_failure(data) == kind


def test_a_decoder_that_is_not_listed_stays_shut() -> None:
    """A PPM is a picture that Pillow would read; its first bytes are not among ours."""
    assert kind_of_failure(encoded(PICTURE, "PPM")) == "not_a_picture"


KINDS = {
    "a picture",
    "truncated",
    "broken_picture",
    "not_a_picture",
    "format_not_supported",
    "video",
    "too_many_pixels",
    "empty",
    "memory_limit",
}
SEEDS: list[Callable[[], bytes]] = [
    lambda: jpeg(size=(64, 48)),
    lambda: encoded(scene(64, 48), "PNG"),
    lambda: encoded(scene(64, 48), "GIF"),
    lambda: encoded(scene(64, 48), "WEBP"),
    lambda: encoded(scene(64, 48), "TIFF"),
]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(range(len(SEEDS))),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12),
    st.floats(0.05, 1),
)
def test_mutilated_files_are_pictures_or_named_failures(
    seed: int, strokes: list[tuple[float, int]], length: float
) -> None:
    data = bytearray(SEEDS[seed]())
    for place, value in strokes:
        data[int(place * (len(data) - 1))] = value
    wild = bytes(data[: int(len(data) * length)])
    try:
        found = decode(wild, format_of(wild))
    except PictureError as error:
        kind = error.kind
    else:
        kind = "a picture"
        assert found.pixels.dtype == np.uint8
        assert found.pixels.ndim == 3
    assert kind in KINDS
