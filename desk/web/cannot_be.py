"""What in a request cannot be: the field by its name, what stood there, and what could stand there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError

from desk.sought import values_of
from desk.web.words import Words
from storage.errors import ConfigError

LONGEST = 80  # characters that are said again
MOST = 8  # fields that are told of
_KINDS = {  # pydantic's, and the desk's words for them
    "int_parsing": "no_number",
    "int_from_float": "no_number",
    "string_too_long": "too_long",
    "missing": "missing",
    "value_error": "cannot",
    "date_from_datetime_parsing": "no_day",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """`why`: a word of the catalogue, `wrong.…`; `expected` what could be instead."""

    field: str
    value: str = ""
    why: str = "cannot"
    expected: tuple[str, ...] = ()

    def said(self, t: Words) -> str:
        told = {"field": self._called(t), "value": self.value, "expected": ", ".join(self.expected)}
        return t(f"wrong.{self.why}", **told)

    def _called(self, t: Words) -> str:
        """In words, and by the name that it was sent under where that is another one."""
        words = t.or_plain("field", self.field)
        return words if words == self.field else f"{words} ({self.field})"


class CannotBe(HTTPException):
    """422, with words."""

    def __init__(
        self, field: str, value: str = "", *, why: str = "cannot", expected: Iterable[str] = ()
    ) -> None:
        super().__init__(422)
        self.wrong = Wrong(field[:LONGEST], value[:LONGEST], why, tuple(expected))


def filter_cannot_be(error: ConfigError, given: Mapping[str, str]) -> CannotBe:
    """Of `desk.sought.sought`."""
    expected = values_of(error.where)
    why = "none_of" if expected else "no_number" if error.where == "picture" else "no_day"
    return CannotBe(error.where, given.get(error.where, "").strip(), why=why, expected=expected)


def wrongs(error: Exception) -> list[Wrong]:
    """What such an error tells of fields; nothing for any other error."""
    if isinstance(error, CannotBe):
        return [error.wrong]
    return list(_of_validation(error))[:MOST] if isinstance(error, RequestValidationError) else []


def _of_validation(error: RequestValidationError) -> Iterator[Wrong]:
    for one in error.errors():
        place = [part for part in one["loc"][1:] if isinstance(part, str)]
        sent = one.get("input")
        value = sent[:LONGEST] if isinstance(sent, str) else ""
        yield Wrong(".".join(place)[:LONGEST], value, _KINDS.get(one["type"], "cannot"))
