"""PDF by typst: a template of ours, and data that is never markup. Nothing is loaded from anywhere.

What comes is PDF/UA-1 (ISO 14289-1), which asks that every character can be displayed. Characters that no
font at hand has are replaced, and the reader is told how many there were.
"""

import json
import re
import tempfile
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import typst

from desk.output import clean, several

# What typst's own fonts surely have: Latin, Greek, Cyrillic, and the marks of writing that go with them.
_SURE = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u017f\u0391-\u03c9\u0410-\u044f\u2013-\u201e\u2020-\u2026\u20ac]+"
)
_ASCII = re.compile("[^\n\u0020-\u007e]+")
_NO_GLYPH = "could not be displayed"


def pdf(
    template: str, data: Mapping[str, object], made: datetime, pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """`template` of desk/templates; `data` as JSON in its `sys.inputs.data`; `pictures` by the file name
    under which the template asks for them. Raises typst.TypstError for a mistake in the template."""
    told = _cleaned(data)
    with tempfile.TemporaryDirectory(prefix="twinwatch-") as folder:
        room = Path(folder)
        (room / "page.typ").write_bytes(files("desk").joinpath("templates", template).read_bytes())
        for name, content in (pictures or {}).items():
            (room / name).write_bytes(content)
        for odd in (None, _SURE):
            try:
                return _compiled(room, _replaced(told, odd) if odd else told, made, own_fonts=odd is not None)
            except typst.TypstError as error:
                if _NO_GLYPH not in str(error):
                    raise
        return _compiled(room, _replaced(told, _ASCII), made, own_fonts=True)


def _compiled(room: Path, data: object, made: datetime, *, own_fonts: bool) -> bytes:
    """`own_fonts`: with typst's own alone, whose characters we know."""
    out = typst.compile(
        room / "page.typ",
        root=room,
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=["ua-1"],
        timestamp=made.replace(microsecond=0),
        ignore_system_fonts=own_fonts,
    )
    if not isinstance(out, bytes):
        raise TypeError("one document was asked for")
    return out


def _replaced(value: object, odd: re.Pattern[str]) -> object:
    if isinstance(value, str):
        return odd.sub(lambda found: f"[{several(len(found[0]), 'character')} not printed]", value)
    if isinstance(value, dict):
        return {name: _replaced(inner, odd) for name, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, odd) for inner in value]
    return value


def _cleaned(value: object) -> object:
    """Without control characters, which no font has."""
    if isinstance(value, str):
        return clean(value).replace("\ufffd", "?").replace("\t", " ")
    if isinstance(value, Mapping):
        return {str(name): _cleaned(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(inner) for inner in value]
    return value
