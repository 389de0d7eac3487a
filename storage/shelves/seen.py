"""The readings of one media item as a verdict takes them: those of its post's texts, what stands on its file,
and what people saw. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from storage.records import Declarer, Reading, ReadingState, Surface
from storage.testimony import PersonReading

ON_PICTURES = (Surface.IMAGE_TEXT, Surface.IMAGE_MARK)
NO_BYTES = "there are no bytes of it"
NOT_LOOKED_AT = "not looked at"

Looks = Mapping[Surface, Reading]


def seen(
    readings: Iterable[Reading],
    looks: Looks,
    persons: Mapping[Surface, PersonReading],
    *,
    kept: bool,
    slides: Sequence[Looks] = (),
) -> tuple[Reading, ...]:
    """In the order of `readings`. `kept`: there are bytes; `slides`: the looks of all pictures of the post,
    in their order."""
    by_surface = {reading.surface: reading for reading in readings}
    for surface in ON_PICTURES:
        if surface in looks:
            by_surface[surface] = _with_slides(looks[surface], slides)
        elif surface in by_surface:
            why = NOT_LOOKED_AT if kept else NO_BYTES
            by_surface[surface] = replace(by_surface[surface], state=ReadingState.UNREADABLE, reason=why)
    for surface, person in persons.items():
        by_surface[surface] = _by_person(person, by_surface.get(surface))
    return tuple(by_surface.values())


def _with_slides(reading: Reading, slides: Sequence[Looks]) -> Reading:
    """Which pictures of a carousel carry it: prominence `slides`, from 1, of `of_slides`."""
    if len(slides) < 2:
        return reading
    bearing = [
        str(number)
        for number, looks in enumerate(slides, start=1)
        if reading.surface in looks and looks[reading.surface].state is ReadingState.PRESENT
    ]
    if not bearing:
        return reading
    told: Mapping[str, str | int | float] = {"slides": ", ".join(bearing), "of_slides": len(slides)}
    return replace(reading, prominence={**reading.prominence, **told})


def _by_person(person: PersonReading, program: Reading | None) -> Reading:
    """The person's word decides; what the program read is told beside it."""
    shot = f", screenshot {person.screenshot[:12]}" if person.screenshot else ""
    proof = ", without proof" if person.unproven else ""
    told = [f"{person.by} looked on {person.at:%Y-%m-%d %H:%M} UTC{shot}{proof}"]
    if person.note:
        told.append(person.note)
    told.append(f"the program: {_in_words(program)}")
    return Reading(
        surface=person.surface,
        state=person.state or ReadingState.UNREADABLE,
        quote=person.quote,
        field=f"screenshot:{person.screenshot}" if person.screenshot else "",
        declared_by=Declarer.PERSON,
        reason="; ".join(told),
        reader="person",
    )


def _in_words(reading: Reading | None) -> str:
    if reading is None:
        return "not read"
    words = f"{reading.state.value.replace('_', ' ')}"
    if reading.quote:
        words += f" “{reading.quote}”"
    return f"{words} ({reading.reason})" if reading.reason else words
