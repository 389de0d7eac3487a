"""A letter as PDF/UA, set by typst from data."""

from dataclasses import asdict

from desk.jobs.letter import DRAFT, Letter
from desk.letters import words
from desk.thumbnails import Thumbnail
from desk.typeset import pdf

SHOWS = True  # the published picture
PICTURE = "picture.jpg"


def write(letter: Letter, picture: Thumbnail | None) -> bytes:
    """With the published picture, blurred outside what shows the twin."""
    shown = picture is not None and bool(picture.jpeg)
    data = {
        **asdict(letter),
        "made": f"{letter.made:%d %B %Y}",
        "reply_by": f"{letter.reply_by:%d %B %Y}",
        "draft": DRAFT,
        "title": words.TITLE,
        "opening": words.OPENING,
        "asked": words.ASKED,
        "signed": words.SIGNED,
        "reply": words.reply(letter),
        "heads": words.HEADS,
        "picture": PICTURE if shown else "",
    }
    return pdf("letter.typ", data, letter.made, {PICTURE: picture.jpeg} if picture and shown else {})
