"""How plainly a label can be seen, in a reader's words (the numbers: detector/onimage/prominence.py and
detector/wording/texts.py)."""

from collections.abc import Iterator, Mapping

from desk.web.words import Words
from storage.records import Reading

PLACES = {"top", "bottom", "left", "right", "middle"}
Numbers = Mapping[str, str | int | float]


def prominence_words(reading: Reading, words: Words) -> str:
    """A sentence; "" where there is nothing to say. What has no words yet is left out: `findings show` and
    the API have every number."""
    said = "; ".join(_parts(reading.prominence, words))
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _parts(told: Numbers, words: Words) -> Iterator[str]:
    position = told.get("position")
    if isinstance(position, int):  # which of the hashtags (detector/disclosure/hashtags.py)
        yield words("prominence.hashtag", number=position, of=told.get("of", "?"))
    elif position and set(str(position).split()) <= PLACES:
        place = " ".join(words(f"prominence.{part}") for part in str(position).split())
        yield words("prominence.place", place=place)
    if isinstance(height := told.get("height"), int | float):
        yield words("prominence.height", share=words.decimal(f"{height * 100:.1f}"))
    if isinstance(contrast := told.get("contrast"), int | float):
        yield words("prominence.contrast", levels=f"{contrast:.0f}")
    if isinstance(colour := told.get("colour"), int | float):
        yield words("prominence.colour", levels=f"{colour:.0f}")
    if told.get("below_floor"):
        yield words("prominence.below_floor")
    if "before_fold" in told:
        key = "before_fold" if told["before_fold"] else "behind_fold"
        yield words(f"prominence.{key}", fold=told.get("fold", ""))
    if "slides" in told:
        yield words("prominence.slides", slides=told["slides"], of=told.get("of_slides", "?"))
    if told.get("extent") == "part":
        yield words("prominence.part")
