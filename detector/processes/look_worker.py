"""The worker process that looks at pictures for labels (`python -m detector.processes.look_worker KIT`),
confined as `detector.processes.worker` is. It holds the OCR engine, which is why it is another process: that
takes more memory than decoding and fingerprinting ever may."""

import sys
from functools import partial
from pathlib import Path

from detector.control import missed
from detector.onimage.kit import Kit, loaded
from detector.onimage.looking import look
from detector.onimage.readers import prepare
from detector.processes.jobs import ControlJob, LookJob
from detector.processes.wire_looks import control_answer, read_job, readings_line
from detector.processes.worker import serve


def main(arguments: list[str]) -> None:
    kit = loaded(Path(arguments[0]))
    serve(prepare, read_job, partial(_answer, kit))


def _answer(kit: Kit, job: LookJob | ControlJob, seconds: float) -> bytes:
    if isinstance(job, ControlJob):
        return control_answer(missed(job.name))
    return readings_line(look(job, kit, seconds))


if __name__ == "__main__":
    main(sys.argv[1:])
