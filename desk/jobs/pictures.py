"""Pictures named on a command line: folders walked, each file examined in worker processes, answers in
input order."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from detector.processes.workers import Workers
from detector.trust import NO_TRUST, Trust
from storage.records import Examination, Failure

FILE_LIMIT = 32 * 1024 * 1024  # bytes, as for collected pictures (issue 2, point 4)


@dataclass(frozen=True, slots=True)
class Looked:
    """One file and what came of it: an examination, or the reason why there is none."""

    path: Path
    examination: Examination | None
    failure: Failure | None


def walk(paths: Sequence[Path]) -> Iterator[tuple[Path, Failure | None]]:
    """Every file, folders walked in sorted order (hidden files and links to folders left out); what is not
    there, or is no file, comes with its failure, so that it has its line too."""
    for path in paths:
        if path.is_dir():
            yield from _folder(path)
        else:
            yield path, _why_not(path)


def _why_not(path: Path) -> Failure | None:
    try:
        if not path.exists():
            return Failure("not_found", "there is no such file", str(path))
        if not path.is_file():
            return Failure("not_a_file", "neither a file nor a folder", str(path))
    except OSError as error:
        return Failure("not_readable", error.strerror or "cannot be read", str(path))
    return None


def _folder(folder: Path) -> Iterator[tuple[Path, Failure | None]]:
    unreadable: list[Failure] = []

    def remember(error: OSError) -> None:
        unreadable.append(Failure("not_readable", error.strerror or "cannot be read", str(error.filename)))

    for place, folders, names in os.walk(folder, onerror=remember):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith("."):
                yield path, _why_not(path)
    for failure in unreadable:
        yield Path(failure.where), failure


def look(
    paths: Sequence[Path],
    stages: tuple[str, ...] | None = None,
    *,
    exact: bool = False,
    trust: Trust = NO_TRUST,
) -> Iterator[Looked]:
    """Examine all of them, many at a time, and answer in the order of the input, one answer a line of
    input. `exact` hashes the whole decode (detector.examine); `trust`: the lists that signers are looked up
    in."""
    listed = list(walk(paths))
    wanted = dict.fromkeys(path for path, failure in listed if failure is None)
    if not wanted:
        yield from (Looked(path, None, failure) for path, failure in listed)
        return
    found: dict[Path, Examination] = {}
    with Workers(exact=exact, trust=trust) as workers:
        answers = workers.examine((path, stages) for path in wanted)
        for path, failure in listed:
            while failure is None and path not in found:
                answered, examination = next(answers)
                found[answered] = examination
            yield _looked(path, failure, found.get(path))


def _looked(path: Path, failure: Failure | None, examination: Examination | None) -> Looked:
    if failure is None and examination is not None:
        failure = examination.failure
    return Looked(path, examination, failure)


def exit_status(failed: int, total: int) -> int:
    """0 all went well · 1 every file failed · 3 some did."""
    if not failed:
        return 0
    return 1 if failed == total else 3
