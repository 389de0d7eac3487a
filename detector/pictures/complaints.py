"""What decoders print while they decode. libjpeg, with which OpenCV decodes, fills what it cannot read with
grey and goes on; that the file is damaged it says in one place alone, a line on standard error.

Only a worker process listens (`listen`); elsewhere nothing is heard, and standard error stays what it is.
"""

import os

import cv2
import numpy as np

# libjpeg's warnings about entropy-coded data (jerror.h, JWRN_*): what follows is not what was encoded.
DAMAGE = ("Corrupt JPEG data", "Premature end of JPEG file", "Inconsistent progression sequence")
MOST = 65_536  # bytes: what a pipe holds
STANDARD_ERROR = 2

_pipes: list[int] = []  # the end to read from, of a process that listens


def listen() -> None:
    """From here on, what this process and its libraries print on standard error is kept for `damage_heard`,
    and goes nowhere else. What does not fit is lost."""
    heard, said = os.pipe()
    for end in (heard, said):
        os.set_blocking(end, False)
    os.dup2(said, STANDARD_ERROR)
    os.close(said)
    _pipes[:] = [heard]


def damage_heard() -> str:
    """What was said of damage since the last call, one line of it; "" for nothing, and where nobody
    listens."""
    words = "".join(map(_waiting, _pipes))
    return next((line.strip() for line in words.splitlines() if line.startswith(DAMAGE)), "")


def damage_in(data: bytes) -> str:
    """What libjpeg says of damage in a file, by decoding it once more, small; "" for what is no JPEG, and
    where nobody listens."""
    if not _pipes or not data.startswith(b"\xff\xd8"):
        return ""
    damage_heard()
    cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8)
    return damage_heard()


def _waiting(pipe: int) -> str:
    try:
        return os.read(pipe, MOST).decode("utf-8", "replace")
    except BlockingIOError:
        return ""
