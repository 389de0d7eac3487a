"""The texts that the program's sources can make into sentences, read out of them: what is ours of each, and
where something else comes in. So a new sentence is met even where no test makes it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
PLACE = "\0"
FAILING = {"CrawlError": 0, "AddressRefused": 0, "Limit": 1, "Failure": 1, "Outcome": 0}  # which argument
_FIELD = re.compile(r"\{\w*\}")  # of a text that is filled later
TOLD_WHEN_RAISED = frozenset({"PictureError", "Broken"})  # told as a failure; others end a command
NO_SENTENCE = frozenset({"compile", "sub", "split", "fullmatch", "TypeVar", "ConfigError", "RuntimeError"})
OF_A_TAG = frozenset({"PlatformTag", "unreadable", "_tag"})  # what a crawler says of a platform's own label


@dataclass(frozen=True)
class Made:
    """A text of the sources, with PLACE for what comes in."""

    where: str
    text: str

    @property
    def pieces(self) -> list[str]:
        """What is ours of it, in order."""
        return [piece for piece in self.text.split(PLACE) if any(sign.isalpha() for sign in piece)]


def made_in(path: Path) -> Iterator[Made]:
    """Every text of a module that may be (a part of) a sentence."""
    yield from _of(ast.parse(path.read_text()), path)


def said_of_tags(path: Path) -> Iterator[Made]:
    """Of a crawler's module only what it says of a platform's own label: as an argument, or as a `reason`."""
    for node in ast.walk(ast.parse(path.read_text())):
        reason = isinstance(node, ast.Assign) and [_name(one) for one in node.targets] == ["reason"]
        if reason or (isinstance(node, ast.Call) and _name(node.func) in OF_A_TAG):
            yield from _of(node, path)


def told_of_a_night(path: Path) -> Iterator[Made]:
    """What a crawler says when something fails: the words of its errors, also where they were put together
    before."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and _name(node.func) in FAILING:
            words = node.args[FAILING[_name(node.func)] :][:1]
        elif isinstance(node, ast.Assign) and {_name(one) for one in node.targets} & {
            "message",
            "why",
            "said",
        }:
            words = [node.value]
        else:
            continue
        for one in words:
            yield from _of(one, path)


def recorded(path: Path) -> Iterator[Made]:
    """What the record of the desk calls what was done: the third argument of whoever writes a line of it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("audit.append", "note_read")):
            for one in _texts(node.args[2]):
                yield Made(f"{path.relative_to(ROOT)}:{one.lineno}", _text(one))


def _of(node: ast.AST, path: Path) -> Iterator[Made]:
    for one in _texts(node):
        text = _text(one)
        if " " in text.strip() and any(sign.islower() for sign in text):
            yield Made(f"{path.relative_to(ROOT)}:{one.lineno}", text)


def _texts(node: ast.AST) -> Iterator[ast.JoinedStr | ast.Constant]:
    """Without docstrings, annotations, patterns, and errors that end a command."""
    if isinstance(node, ast.JoinedStr):
        yield node
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from _texts(part.value)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node
    elif not _is_silent(node):
        for below in _below(node):
            yield from _texts(below)


def _below(node: ast.AST) -> Iterator[ast.AST]:
    for name, below in ast.iter_fields(node):
        if name not in ("annotation", "returns"):
            yield from (
                one for one in (below if isinstance(below, list) else [below]) if isinstance(one, ast.AST)
            )


def _is_silent(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return _name(node.exc.func) not in TOLD_WHEN_RAISED
    return isinstance(node, ast.Call) and _name(node.func) in NO_SENTENCE


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.JoinedStr | ast.Constant) -> str:
    if isinstance(node, ast.Constant):
        return _FIELD.sub(PLACE, str(node.value))
    return "".join(str(one.value) if isinstance(one, ast.Constant) else PLACE for one in node.values)
