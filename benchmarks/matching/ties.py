"""How far may the agreement of one picture with two registered encodings of the same photograph differ? What
is nearer than that is a tie (`TIE` in detector/standing.py).

`.venv/bin/python -m benchmarks.matching.ties PHOTOS [NUMBER]`
"""

import random
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from detector.matching.alignment.verify import verify

Picture = Image.Image


def encoded(picture: Picture, quality: int) -> Picture:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def published(picture: Picture) -> tuple[Picture, ...]:
    """Recompressed, cropped, made smaller."""
    width, height = picture.size
    middle = (width // 10, height // 10, width * 9 // 10, height * 9 // 10)
    return (
        encoded(picture, 60),
        encoded(picture.crop(middle), 80),
        encoded(picture.resize((width // 2, height // 2)), 70),
    )


def differences(path: Path) -> list[tuple[float, float]]:
    """(agreement, overlap) with a large and with a smaller registered encoding: how far they differ."""
    picture = Image.open(path).convert("RGB")
    picture.thumbnail((1080, 1080))
    width, height = picture.size
    registered = [encoded(picture, 95), encoded(picture.resize((width * 2 // 3, height * 2 // 3)), 80)]
    references = [(str(place), np.asarray(one)) for place, one in enumerate(registered)]
    found = []
    for shown in published(picture):
        one, other = verify(np.asarray(shown), references)
        if one.kind and other.kind:
            found.append((abs(one.agreement - other.agreement), abs(one.overlap - other.overlap)))
    return found


def main() -> None:
    folder, number = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 25
    photos = random.Random(1).sample(sorted(folder.rglob("*.jpg")), number)
    found = np.array([pair for photo in photos for pair in differences(photo)])
    print(f"{len(found)} pictures of {number} photographs: agreement, overlap")
    for share in (50, 95, 99, 100):
        print(f"{share} %: {np.percentile(found, share, axis=0).round(3).tolist()}")


if __name__ == "__main__":
    main()
