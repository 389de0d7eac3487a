"""What a PDF owes to whoever hears it: the parts of PDF/UA-1 (ISO 14289-1) that can be looked at in the file
itself. The clauses are those of the standard; the Matterhorn Protocol 1.1 orders the same into checkpoints.

Not looked at: whether the order of reading and the words make sense, colour contrast, and what a reader does.
"""

import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream

PAINTS = frozenset(
    {b"Tj", b"TJ", b"'", b'"', b"Do", b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"sh"}
)


def marked(reader: PdfReader) -> Iterator[Any]:
    """Every element of the structure tree, in the order of reading."""
    waiting: list[Any] = [reader.root_object["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict):
            if "/S" in one:
                yield one
            if "/K" in one:
                waiting.append(one["/K"])


def barriers(reader: PdfReader) -> list[str]:
    """In the words of the clauses; none where nothing was found."""
    return [*_of_the_file(reader), *_of_the_tree(reader), *_of_pages(reader), *_of_fonts(reader)]


def _under(one: Any, name: str) -> Any:
    return one[name].get_object() if name in one else {}


def _holds(one: Any, name: str, what: str) -> bool:
    """pypdf's False is an object, and so is true."""
    return str(_under(one, name).get(what, False)) == "True"


def _of_the_file(reader: PdfReader) -> Iterator[str]:
    root: Any = reader.root_object
    xmp = root["/Metadata"].get_object().get_data().decode() if "/Metadata" in root else ""
    if not re.search(r"pdfuaid:part>1<|pdfuaid:part=\"1\"", xmp):
        yield "5: it does not say that it is PDF/UA-1"
    if "<dc:title>" not in xmp or not (reader.metadata and reader.metadata.title):
        yield "7.1: no title"
    if not _holds(root, "/ViewerPreferences", "/DisplayDocTitle"):
        yield "7.1: the title is not displayed"
    if not _holds(root, "/MarkInfo", "/Marked"):
        yield "7.1: not tagged"
    if _holds(root, "/MarkInfo", "/Suspects"):
        yield "7.1: its tags are suspect"
    if not str(root.get("/Lang", "")):
        yield "7.2: no language"


def _of_the_tree(reader: PdfReader) -> Iterator[str]:
    if "/StructTreeRoot" not in reader.root_object:
        yield "7.1: no structure tree"
        return
    level, first = 0, True
    for one in marked(reader):
        kind = str(one["/S"])
        if kind == "/Figure" and not str(one.get("/Alt", "")).strip():
            yield "7.3: a figure without an alternative"
        if heading := re.fullmatch(r"/H([1-6])", kind):
            deep = int(heading[1])
            if deep > level + 1:
                yield f"7.4.2: a heading of level {deep} after one of level {level}"
            level, first = deep, False
        if kind == "/L" and {str(each["/S"]) for each in _children(one)} - {"/LI", "/Caption"}:
            yield "7.6: a list with something else than items"
        if kind == "/LI" and not {str(each["/S"]) for each in _children(one)} <= {"/Lbl", "/LBody"}:
            yield "7.6: an item with something else than label and body"
    if first:
        yield "7.4: no heading"


def _children(one: Any) -> Iterator[Any]:
    below = one.get("/K", [])
    below = below.get_object() if hasattr(below, "get_object") else below
    for each in below if isinstance(below, list) else [below]:
        child = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(child, dict) and "/S" in child:
            yield child


def _of_pages(reader: PdfReader) -> Iterator[str]:
    if "/ParentTree" not in _under(reader.root_object, "/StructTreeRoot"):
        yield "7.1: no way from the content to its tags"
    for number, page in enumerate(reader.pages, start=1):
        if "/StructParents" not in page:
            yield f"7.1: page {number} leads to no tag"
        if "/Annots" in page and page.get("/Tabs") != "/S":
            yield f"7.18.3: page {number} is not gone through in the order of its tags"
        content = page.get_contents()
        if content is not None and _bare(ContentStream(content, reader)):
            yield f"7.1: something on page {number} is neither tagged nor an artifact"


def _bare(content: ContentStream) -> bool:
    depth = 0
    for _, operator in content.operations:
        if operator in (b"BDC", b"BMC"):
            depth += 1
        elif operator == b"EMC":
            depth -= 1
        elif operator in PAINTS and depth == 0:
            return True
    return False


def _of_fonts(reader: PdfReader) -> Iterator[str]:
    for page in reader.pages:
        for font in (each.get_object() for each in _under(_under(page, "/Resources"), "/Font").values()):
            name = str(font.get("/BaseFont"))
            if "/ToUnicode" not in font:
                yield f"7.21.7: {name} does not say which characters it shows"
            for below in font.get("/DescendantFonts", [font]):
                told = _under(below.get_object(), "/FontDescriptor")
                if not any(f"/FontFile{kind}" in told for kind in ("", "2", "3")):
                    yield f"7.21.4.1: {name} is not in the file"
