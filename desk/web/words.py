"""What the desk says, in each of its languages: one TOML catalogue each, all with the same keys."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "nl")
DEFAULT = "en"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Key → text, "inbox.title" → "Findings". Raises KeyError for a language that there is not."""
    if language not in LANGUAGES:
        raise KeyError(language)
    told = tomllib.loads(files("desk.web").joinpath("words", f"{language}.toml").read_text("utf-8"))
    return {f"{room}.{name}": text for room, texts in told.items() for name, text in texts.items()}


class Words:
    """`words("inbox.count", count=3)`. What a catalogue lacks is an error: a test looks for it."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = catalogue(language)

    def __call__(self, key: str, **values: object) -> str:
        text = self._texts[key]
        return text.format(**values) if values else text

    def day(self, moment: date) -> str:
        """29 Nov 2026, 29 nov 2026: the year last and the month in letters, so that nobody takes it for
        another day. A datetime is in UTC."""
        month = self._texts["dates.months"].split()[moment.month - 1]
        return f"{moment.day} {month} {moment.year}"

    def moment(self, moment: datetime) -> str:
        """With the time, in UTC."""
        return f"{self.day(moment)}, {moment:%H:%M}"

    def number(self, number: int) -> str:
        """100,000 in English, 100.000 in Dutch."""
        return f"{number:,}".replace(",", self._texts["dates.thousands"])

    def decimal(self, digits: str) -> str:
        """0.98 as it is written here: 0,98 in Dutch."""
        return digits.replace(".", self._texts["dates.point"])

    def or_plain(self, room: str, value: str) -> str:
        """The word for a value of ours, "verdict.unlabelled"; where there is none, the value itself."""
        return self._texts.get(f"{room}.{value}", value.replace("_", " "))


def wanted(cookie: str, accepted: str) -> str:
    """The language that was chosen, else the first of those that a browser accepts that we have."""
    if cookie in LANGUAGES:
        return cookie
    for part in accepted[:200].split(","):
        tag = part.partition(";")[0].strip().lower().partition("-")[0]
        if tag in LANGUAGES:
            return tag
    return DEFAULT
