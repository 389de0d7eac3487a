"""What doctor tries out: the hash that everything rests on, and a worker process that looks at a picture."""

import io
import tempfile
from pathlib import Path

from PIL import Image

from detector.examine import examine
from detector.processes.workers import Workers

SIDE = 256  # px
PDQ = "fingerprint:pdq"
DRAWN_PDQ = "5cb8dd2099479acfba9c95b83530356327672b476a4e2adc6adc6a986a986e98"
TOLERANCE = 2  # bits, as between our PDQ and Meta's (issue 2, point 6)


def drawn_picture() -> bytes:
    """A PNG that is the same on every machine: whole-number arithmetic only."""
    pixels = bytes((x * x + 3 * y * y + x * y // 7) // 97 % 256 for y in range(SIDE) for x in range(SIDE))
    out = io.BytesIO()
    Image.frombytes("L", (SIDE, SIDE), pixels).convert("RGB").save(out, "PNG")
    return out.getvalue()


def pdq_of_drawn_picture() -> str:
    """ "" when it is what it should be, else what is wrong."""
    found = next(
        (one for one in examine(drawn_picture(), (PDQ,), exact=True).fingerprints if one.algorithm == "pdq"),
        None,
    )
    if found is None:
        return "the drawn picture got no PDQ hash"
    apart = (int(found.hex, 16) ^ int(DRAWN_PDQ, 16)).bit_count()
    return "" if apart <= TOLERANCE else f"PDQ of a drawn picture is {apart} bits from what it should be"


def workers_answer() -> str:
    """ "" when a worker started and answered, else what is wrong."""
    with tempfile.TemporaryDirectory(prefix="twinwatch-") as folder:
        path = Path(folder, "drawn.png")
        path.write_bytes(drawn_picture())
        with Workers(processes=1) as workers:
            _, examination = next(iter(workers.examine([(path, (PDQ,))])))
    return examination.failure.message if examination.failure else ""
