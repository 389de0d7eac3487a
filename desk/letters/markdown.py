"""A letter as Markdown (CommonMark), to be finished in any editor. Whatever came from outside is text in it:
no link, no picture and no markup of its own."""

import re
from collections.abc import Iterator

from desk.jobs.letter import DRAFT, Letter
from desk.letters import words
from desk.output import clean
from desk.thumbnails import Thumbnail

SHOWS = False  # a Markdown file carries no picture

# What CommonMark, and editors that make links by themselves, would take for more than text.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>~|&$^@])")
_OPENS = re.compile(r"^(?:[#+\-=]|\d+(?=[.)]))")  # a heading, a list, a rule
_ADDRESS = re.compile(r"(?i)(?:https?|ftp)(?=://)|www(?=\.)")


def write(letter: Letter, picture: Thumbnail | None) -> bytes:
    return ("\n".join(_lines(letter)) + "\n").encode()


def plain(text: str) -> str:
    """One line of text in which CommonMark sees nothing but text."""
    escaped = _MARKUP.sub(r"\\\1", " ".join(clean(text).split()))
    escaped = _ADDRESS.sub(lambda found: f"{found[0]}\\", escaped)
    opens = _OPENS.match(escaped)
    if opens is None:
        return escaped
    at = opens.end() if opens[0].isdigit() else 0  # of a number its point is what is escaped
    return f"{escaped[:at]}\\{escaped[at:]}"


def _lines(letter: Letter) -> Iterator[str]:
    yield from (f"> **{DRAFT}**", ">")
    yield from (f"> - {plain(remark)}" for remark in letter.remarks)
    yield from ("", f"To: {plain(letter.recipient)} \\[address\\]", "")
    yield from (f"{letter.made:%d %B %Y}", "", f"# {words.TITLE}: {plain(letter.subject)}", "", words.OPENING)
    yield from _section("facts", (f"- {one.what}: {plain(one.value)}" for one in letter.facts))
    if letter.caption:
        yield from ("", "The caption:", "", f"> {plain(letter.caption)}")
    yield from _section("concerns", _bullets(letter.concerns))
    yield from _section("evidence", _bullets(letter.evidence))
    yield from _section("terms", _terms(letter))
    yield from _section("surfaces", (f"- {one.what}: {plain(one.value)}" for one in letter.surfaces))
    yield from _section("unseen", _bullets(letter.unseen))
    yield from _section("asked", [_bracketed(words.ASKED)])
    yield from _section("reply", [words.reply(letter)])
    yield from ("", _bracketed(words.SIGNED))
    yield from _section("captures", _bullets(letter.captures))
    yield from ("", f"Finding {letter.finding_id}.", "", f"> **{DRAFT}**")


def _section(name: str, lines: Iterator[str] | list[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield from ("", f"## {words.HEADS[name]}", "", *told)


def _bullets(sentences: tuple[str, ...]) -> Iterator[str]:
    return (f"- {plain(one)}" for one in sentences)


def _terms(letter: Letter) -> Iterator[str]:
    yield from _bullets(letter.terms)
    for one in letter.clauses:
        yield f"- {plain(one.terms)}" + (f" ({plain(one.document)})" if one.document else "")
        if one.quote:
            yield from ("", f"  > {plain(one.quote)}", "")


def _bracketed(text: str) -> str:
    return text.replace("[", "\\[").replace("]", "\\]")
