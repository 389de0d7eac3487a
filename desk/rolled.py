"""What importing a list of twins came to, in words and as JSON."""

from pathlib import Path

from desk.contract import Json, box_json, reference_json
from desk.jobs.roster import Rolled
from desk.output import clean, say, several, write
from storage.records import ReferenceKind

MOST_SHOWN = 20  # warnings and twins; --json has all


def rolled_json(done: Rolled, path: Path, *, dry_run: bool) -> Json:
    """The last line of `twins import --json`."""
    enrolled = done.enrolled
    return {
        "list": str(path),
        "rows": done.rows,
        "twins": list(done.twins),
        "new": [{"twin": one.twin, **reference_json(one)} for one in enrolled.new],
        "known": list(enrolled.known),
        "marked": list(enrolled.marked),
        "mark_found": {
            sha256: {"mark": seen.mark, "mark_box": box_json(seen.box)}
            for sha256, seen in enrolled.seen.items()
        },
        "looked_at": enrolled.opened,
        "warnings": list(done.warnings),
        "dry_run": dry_run,
    }


def tell_warnings(done: Rolled) -> None:
    """The first of them."""
    for warning in done.warnings[:MOST_SHOWN]:
        say(f"twinwatch: warning: {warning}")
    if len(done.warnings) > MOST_SHOWN:
        say(f"twinwatch: … and {len(done.warnings) - MOST_SHOWN} more warnings (--json has all)")


def tell_rolled(done: Rolled, *, dry_run: bool, looked_for_marks: bool) -> None:
    """To standard output; warnings to standard error."""
    tell_warnings(done)
    would = "would be " if dry_run else ""
    enrolled = done.enrolled
    counts: dict[str, int] = {}
    for one in enrolled.new:
        counts[one.twin] = counts.get(one.twin, 0) + 1
    for name, count in list(counts.items())[:MOST_SHOWN]:
        new = ", a new twin" if name in done.twins else ""
        write(f"{clean(name)}: {several(count, 'picture')}{new}")
    if len(counts) > MOST_SHOWN:
        write(f"… and {len(counts) - MOST_SHOWN} more twins")
    known = f", {len(enrolled.known)} were registered already" if enrolled.known else ""
    write(f"{several(len(enrolled.new), 'picture')} {would}registered{known}.")
    if enrolled.seen:
        found = several(len(enrolled.seen), "picture")
        write(f"On {found} the reader found a mark: where it is gone from a copy, that is told.")
    if enrolled.marked:
        moved = several(len(enrolled.marked), "picture")
        write(f"The place of the mark {would or 'is '}another one, of {moved}.")
    unmarked = [
        one for one in enrolled.new if one.mark_box is None and one.kind is not ReferenceKind.HUMAN_ORIGINAL
    ]
    if unmarked and not looked_for_marks:
        said = several(len(unmarked), "picture")
        say(
            f"Whether a mark stands on {said} was not looked for (--look-for-marks, or mark_box in the list)."
        )
    if dry_run:
        write("Nothing was changed (--dry-run).")
    elif enrolled.new:
        say("They are looked for in all that was collected before with the next `twinwatch detect` or night.")
