"""All that a file carries beside its pixels, in one walk. A dozen origin readers look at the same file one
after the other, so the last answer is remembered; the file's bytes are not."""

from collections.abc import Callable

from detector.metadata.bmff import read_bmff
from detector.metadata.carried import Broken, Gathering, Metadata
from detector.metadata.ebml import read_matroska
from detector.metadata.gif import read_gif
from detector.metadata.png import read_png
from detector.metadata.riff import read_riff
from detector.metadata.segments import read_jpeg
from detector.metadata.tiff import read_tiff
from detector.metadata.xmp import properties_of


def _tiff(data: bytes, found: Gathering) -> None:
    read_tiff(data, found, packets=True)


WALKERS: dict[str, Callable[[bytes, Gathering], None]] = {
    "jpeg": read_jpeg,
    "png": read_png,
    "gif": read_gif,
    "webp": read_riff,
    "avi": read_riff,
    "tiff": _tiff,
    **dict.fromkeys(("avif", "heic", "heif", "jxl", "jp2", "mp4", "mov"), read_bmff),
    **dict.fromkeys(("webm", "mkv"), read_matroska),
}
UNREAD = frozenset({"psd", "svg", "flv", "ogg", "mpeg"})  # they can say where they come from, to others
Mark = tuple[int, int, str]
_last: tuple[Mark, Metadata] | None = None


def metadata(data: bytes, format_name: str) -> Metadata:
    """Never raises for a file's sake: what cannot be read is among the troubles."""
    global _last
    mark = (hash(data), len(data), format_name)  # the hash of bytes is 64 bits, keyed, and computed once
    if _last is None or _last[0] != mark:
        _last = (mark, _walked(data, format_name))
    return _last[1]


def _walked(data: bytes, format_name: str) -> Metadata:
    found = Gathering()
    if format_name in UNREAD:
        found.trouble(f"nothing here reads the metadata of {format_name}")
    walker = WALKERS.get(format_name)
    if walker is not None:
        try:
            walker(data, found)
        except Broken as broken:
            found.trouble(broken.why, broken.detail)
    return found.done(properties_of(found.packets, found))
