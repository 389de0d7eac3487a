"""What a PDF of ours tells somebody who hears it, looked at in the file by another library than made it."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import NameObject, TextStringObject

from desk.dossier import Dossier
from desk.exports import pdf
from desk.pictured import Pictured
from detector.rulebook import built_in
from storage.media import MediaFolder
from storage.records import Finding
from tests.desk.tagged import barriers, marked
from tests.desk.test_quoted import RULE, told

HAN = next(rule for rule in built_in().rules if rule.quote_language == "zh")
Made = Callable[[], bytes]


@pytest.fixture
def made(dossier_with: Callable[..., Dossier], finding_with: Callable[..., Finding], tmp_path: Any) -> Made:
    """Two findings: one with a picture, one with quotes in other scripts and signs that no font has."""
    out = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    media = MediaFolder(tmp_path / "media")
    sha256 = media.put(out.getvalue())
    rule = replace(RULE, quote=HAN.quote, quote_language="zh")
    wholes = (
        dossier_with(finding=finding_with(sha256=sha256)),
        dossier_with(caption="連衣裙 \U0001f90d", finding=told(finding_with(number=8), rule)),
    )
    return lambda: b"".join(pdf.export(wholes, media, Pictured.WHOLE))


def test_an_export_has_no_barrier_that_can_be_seen_in_it(made: Made) -> None:
    reader = PdfReader(BytesIO(made()))
    assert [str(one["/Alt"]) for one in marked(reader) if one["/S"] == "/Figure"] == ["published, picture 1"]
    assert barriers(reader) == []


@pytest.mark.parametrize(
    ("spoil", "clause"),
    [
        (lambda root: root.pop("/Lang"), "7.2: no language"),
        (lambda root: root.pop("/MarkInfo"), "7.1: not tagged"),
        (lambda root: root.pop("/Metadata"), "5: it does not say"),
        (lambda root: root.pop("/ViewerPreferences"), "7.1: the title is not displayed"),
        (
            lambda root: root["/StructTreeRoot"].get_object().pop("/ParentTree"),
            "7.1: no way from the content",
        ),
    ],
)
def test_what_is_missing_from_the_file_is_noticed(
    made: Made, spoil: Callable[[Any], object], clause: str
) -> None:
    reader = PdfReader(BytesIO(made()))
    spoil(reader.root_object)
    assert any(one.startswith(clause) for one in barriers(reader))


def test_what_is_wrong_with_a_tag_is_noticed(made: Made) -> None:
    reader = PdfReader(BytesIO(made()))
    elements = list(marked(reader))
    figure = next(one for one in elements if one["/S"] == "/Figure")
    heading = next(one for one in elements if one["/S"] == "/H2")
    item = next(one for one in elements if one["/S"] == "/LI")
    figure[NameObject("/Alt")] = TextStringObject(" ")
    heading[NameObject("/S")] = NameObject("/H4")
    item[NameObject("/S")] = NameObject("/P")
    told = "\n".join(barriers(reader))
    for clause in ("7.3: a figure", "7.4.2: a heading of level 4", "7.6: a list with something else"):
        assert clause in told


def test_what_is_drawn_without_a_tag_is_noticed(made: Made) -> None:
    reader = PdfReader(BytesIO(made()))
    content = reader.pages[0].get_contents()
    assert content is not None
    content.set_data(content.get_data() + b"\nBT /F1 9 Tf (bare) Tj ET")
    reader.pages[0][NameObject("/Contents")] = content
    assert "7.1: something on page 1 is neither tagged nor an artifact" in barriers(reader)
