"""What the worker processes cost: many small files, one after the other in this process and through the pool.

python -m benchmarks.workers [--files 1000] [--processes 2]
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the workers: one thread against one thread

from detector.examine import examine
from detector.processes.workers import Workers


def draw(folder: Path, count: int) -> list[Path]:
    """Small JPEGs of coarse noise, about 20 kB each."""
    paths = []
    for place in range(count):
        blots = np.random.default_rng(place).integers(0, 256, (12, 9, 3), dtype=np.uint8)
        path = folder / f"{place}.jpg"
        Image.fromarray(blots).resize((360, 480), Image.Resampling.BICUBIC).save(path, quality=85)
        paths.append(path)
    return paths


def main() -> None:
    parser = argparse.ArgumentParser(description="Worker processes against one process.")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = draw(Path(folder), asked.files)
        examine(paths[0].read_bytes())
        began = time.perf_counter()
        for path in paths:
            examine(path.read_bytes())
        serial = time.perf_counter() - began
        began = time.perf_counter()
        with Workers(asked.processes) as pool:
            answered = sum(1 for _ in pool.examine((path, None) for path in paths))
            memory = [psutil.Process(pid).memory_info().rss >> 20 for pid in pool.pids()]
        pooled = time.perf_counter() - began
    share = serial / pooled / asked.processes
    print(
        f"{answered} files: {serial:.1f} s here, {pooled:.1f} s in {asked.processes} workers, start included"
    )
    print(f"{share:.2f} x as fast as so many of this process; resident MiB: {memory}")


if __name__ == "__main__":
    main()
