"""Files made to hurt whoever reads their metadata, and what one of them costs: `python -m
benchmarks.labels.hostile NAME` reads it in this process and prints a line of JSON."""

import json
import struct
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from detector.examine import ORIGIN, examine, stage_versions
from detector.metadata.bmff import C2PA_UUID

MEGA = 1_000_000
TWO_PIXELS = b"\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9"
OPEN_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
)
CLOSE_XMP = b"</rdf:RDF></x:xmpmeta>"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + bytes(4)


def png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", TWO_PIXELS) + b"".join(chunks) + chunk(b"IEND", b"")


def png_text(keyword: bytes, text: bytes) -> bytes:
    return png(chunk(b"tEXt", keyword + b"\x00" + text))


def jpeg(*bodies: bytes, kind: bytes = b"\xff\xe1") -> bytes:
    segments = (kind + struct.pack(">H", len(body) + 2) + body for body in bodies)
    return b"\xff\xd8" + b"".join(segments) + SCAN


def xmp_png(packet: bytes) -> bytes:
    return png(chunk(b"iTXt", b"XML:com.adobe.xmp" + bytes(5) + packet))


def entries(*each: tuple[int, int, int, int], further: int = 0) -> bytes:
    """A TIFF directory: tag, type, count, value."""
    body = b"".join(struct.pack("<HHII", *one) for one in each)
    return struct.pack("<H", len(each)) + body + struct.pack("<I", further)


def tiff(directory: bytes, rest: bytes = b"") -> bytes:
    return b"II*\x00\x08\x00\x00\x00" + directory + rest


def box(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


FTYP = box(b"ftyp", b"isom" + bytes(4))


def _swelling(keyword: bytes, size: int) -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(MEGA)
    packed = b"".join(packer.compress(block) for _ in range(size // MEGA)) + packer.flush()
    return chunk(b"zTXt", keyword + b"\x00\x00" + packed)


def _laughs() -> bytes:
    rows = b"".join(b'<!ENTITY l%d "%s">' % (row, b"&l%d;" % (row - 1) * 10) for row in range(1, 10))
    return b'<!DOCTYPE l [<!ENTITY l0 "ha">' + rows + b"]>" + OPEN_XMP + b"&l9;" + CLOSE_XMP


def _shared_values() -> bytes:
    """Tag after tag, all of them the same seven megabytes."""
    many = [(0x010E, 2, 7 * MEGA, 0x10000)] * 4000
    return tiff(entries(*many).ljust(0x10000 - 8, b"\x00"), b"a" * (7 * MEGA))


def _items() -> bytes:
    """A HEIC whose many items are each the whole file, many times over."""
    infe = b"".join(
        box(b"infe", b"\x02\x00\x00\x00" + struct.pack(">HH", n, 0) + b"Exif\x00") for n in range(2000)
    )
    iinf = box(b"iinf", bytes(4) + struct.pack(">H", 2000) + infe)
    extents = struct.pack(">H", 50) + struct.pack(">II", 0, 4 * MEGA) * 50
    iloc = b"".join(struct.pack(">HH", n, 0) + extents for n in range(2000))
    inner = iinf + box(b"iloc", b"\x00\x00\x00\x00\x44\x00" + struct.pack(">H", 2000) + iloc)
    return box(b"ftyp", b"heic" + bytes(4)) + box(b"meta", bytes(4) + inner) + box(b"mdat", bytes(4 * MEGA))


FILES: dict[str, Callable[[], bytes]] = {
    "XMP: a billion laughs": lambda: xmp_png(_laughs()),
    "XMP: an external entity": lambda: xmp_png(
        b'<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + OPEN_XMP + b"&x;" + CLOSE_XMP
    ),
    "XMP: a million elements deep": lambda: xmp_png(OPEN_XMP + b"<a>" * MEGA),
    "XMP: a hundred thousand elements deep": lambda: xmp_png(OPEN_XMP + b"<a>" * 100_000),
    "XMP: a million elements": lambda: xmp_png(OPEN_XMP + b"<a/>" * MEGA + CLOSE_XMP),
    "XMP: a million attributes": lambda: xmp_png(
        OPEN_XMP + b"<a " + b" ".join(b'a%d=""' % n for n in range(MEGA // 2)) + b"/>" + CLOSE_XMP
    ),
    "XMP: one value of eight megabytes": lambda: xmp_png(
        OPEN_XMP + "<b>😀".encode() + b"x" * (8 * MEGA - 1000) + b"</b>" + CLOSE_XMP
    ),
    "XMP: sixty megabytes": lambda: xmp_png(OPEN_XMP + b" " * 60 * MEGA + CLOSE_XMP),
    "JPEG: extended XMP of a thousand parts": lambda: jpeg(
        *(
            b"http://ns.adobe.com/xmp/extension/\x00"
            + b"A" * 32
            + struct.pack(">II", 64 * MEGA, n * 60_000)
            + b" " * 60_000
            for n in range(1000)
        )
    ),
    "JPEG: a million empty segments": lambda: b"\xff\xd8" + b"\xff\xe5\x00\x02" * MEGA + SCAN,
    "JPEG: padding alone": lambda: b"\xff\xd8" + b"\xff" * (20 * MEGA),
    "PNG: text that swells to a gigabyte": lambda: png(_swelling(b"Comment", 1000 * MEGA)),
    "PNG: twenty texts that swell": lambda: png(*([_swelling(b"Comment", 60 * MEGA)] * 20)),
    "PNG: an XMP packet that swells": lambda: png(_swelling(b"XML:com.adobe.xmp", 200 * MEGA)),
    "PNG: a million chunks": lambda: png(chunk(b"aaAA", b"") * MEGA),
    "PNG: a chunk longer than the file": lambda: png()[:33] + b"\x7f\xff\xff\xfftEXtparameters\x00Steps: 3",
    "JSON: half a million brackets": lambda: png_text(b"prompt", b'{"nodes":' + b"[" * (MEGA // 2)),
    "JSON: a million objects": lambda: png_text(b"workflow", b'{"nodes":[' + b"{}," * MEGA + b"{}]}"),
    "JSON: twice six megabytes": lambda: png(
        *(chunk(b"tEXt", b'prompt\x00{"nodes":[' + b"{}," * (2 * MEGA) + b"{}]}") for _ in range(2))
    ),
    "JSON: a number of a million digits": lambda: png_text(b"prompt", b'{"nodes":' + b"9" * MEGA + b"}"),
    "JSON: kinds of node that make a search slow": lambda: png_text(
        b"prompt", b'{"1":{"class_type":"' + b"load" * 900_000 + b'"}}'
    ),
    "EXIF: a directory within itself": lambda: jpeg(b"Exif\x00\x00" + tiff(entries((0x8769, 4, 1, 8)))),
    "EXIF: a chain in a circle": lambda: jpeg(b"Exif\x00\x00" + tiff(entries((0x010F, 2, 4, 0), further=8))),
    "TIFF: four thousand tags share one value": _shared_values,
    "TIFF: sixty thousand tags": lambda: tiff(entries(*[(0x8769, 4, 1, n) for n in range(60_000)])),
    "HEIC: two thousand items, each the whole file": _items,
    "MP4: a million boxes": lambda: FTYP + box(b"moov", box(b"udta", box(b"abcd") * MEGA)),
    "MP4: a million tags": lambda: (
        FTYP
        + box(
            b"moov",
            box(
                b"udta", box(b"meta", bytes(4) + box(b"ilst", box(b"\xa9too", box(b"data", bytes(8))) * MEGA))
            ),
        )
    ),
    "GIF: two million pieces": lambda: (
        b"GIF89a" + bytes(7) + b"\x21\xfe" + b"\x01a" * (2 * MEGA) + b"\x00\x3b"
    ),
    "WebM: a million elements": lambda: (
        b"\x1aE\xdf\xa3\x87B\x82\x84webm\x18\x53\x80\x67\xff" + b"\xec\x80" * MEGA
    ),
    "C2PA: in an MP4 of a million boxes": lambda: (
        FTYP + box(b"uuid", C2PA_UUID + bytes(500)) + box(b"moov", box(b"trak") * MEGA)
    ),
    "C2PA: in a PNG of two hundred thousand chunks": lambda: png(
        chunk(b"caBX", bytes(500)), chunk(b"aaAA", b"") * 200_000
    ),
    "C2PA: in a TIFF whose values overlap": lambda: tiff(
        entries((0xCD41, 7, 1000, 8), *[(0x9999, 7, 4 * MEGA, 8)] * 5000), bytes(4 * MEGA)
    ),
    "C2PA: twelve megabytes of nothing": lambda: jpeg(
        *(
            b"JP\x00\x01" + struct.pack(">I", n + 1) + b"\x00\xb7\x1b\x00jumb" + bytes(60_000)
            for n in range(200)
        ),
        kind=b"\xff\xeb",
    ),
    "text that makes patterns slow": lambda: png_text(b"parameters", b"Steps: 1, Sampler" * 400_000),
}


def cost(name: str) -> dict[str, object]:
    """Seconds of CPU, peak resident memory beyond what the interpreter and the libraries took, and what was
    said."""
    data = FILES[name]()
    stages = [stage for stage in stage_versions() if stage.startswith(ORIGIN)]
    examine(png(), stages)  # imports, tables
    before = _peak()
    began = time.process_time()
    found = examine(data, stages)
    seconds = time.process_time() - began
    return {
        "name": name,
        "bytes": len(data),
        "seconds": seconds,
        "peak": _peak(),
        "before": before,
        "said": sorted({one.signal for one in found.evidence}),
        "level": max((one.level for one in found.evidence), default=0),
        "failure": found.failure.message if found.failure else "",
    }


def _peak() -> int:
    """Bytes resident at most, of this program alone: what getrusage tells begins with what the process held
    that started it."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("this system does not tell the peak of resident memory")


if __name__ == "__main__":
    print(json.dumps(cost(sys.argv[1])))
