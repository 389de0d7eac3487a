"""The child process that makes small pictures for reports: hostile bytes are decoded here, under limits,
never in the parent.

A path a line in, a JSON object a line out: {"jpeg": base64, "width", "height"} or {"error": why}.
"""

import base64
import io
import json
import resource
import sys
import warnings
from pathlib import Path

from PIL import Image, ImageOps

SIDE = 560  # px, the longer side: twice what the page shows, for dense screens
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")  # exotic decoders stay out
PIXELS = 120_000_000
ADDRESS_SPACE = 2 * 1024**3  # bytes; this process loads Pillow alone, so a limit on addresses is enough


def main() -> None:
    _limit()
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)  # noqa: T201 - the pipe to the parent


def _limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = ADDRESS_SPACE if hard == resource.RLIM_INFINITY else min(ADDRESS_SPACE, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    except (
        ValueError,
        OSError,
    ) as error:  # macOS knows the limit and refuses it; the parent's clock still holds
        print(f"thumbnails: no memory limit: {error}", file=sys.stderr)  # noqa: T201 - a child's only voice


def _answer(path: str) -> dict[str, object]:
    try:
        return _small(Path(path))
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:200]}


def _small(path: Path) -> dict[str, object]:
    with Image.open(path, formats=FORMATS) as opened:
        opened.draft("RGB", (SIDE, SIDE))
        turned = ImageOps.exif_transpose(opened)
        turned.thumbnail((SIDE, SIDE))
        rgba = turned.convert("RGBA")
    flat = Image.new("RGB", rgba.size, (255, 255, 255))
    flat.paste(rgba, mask=rgba.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=78, optimize=True)
    return {"jpeg": base64.b64encode(out.getvalue()).decode(), "width": flat.width, "height": flat.height}


if __name__ == "__main__":
    main()
