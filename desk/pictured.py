"""Which pictures leave the house with what is exported."""

from enum import StrEnum


class Pictured(StrEnum):
    """None, unless somebody says otherwise."""

    NONE = "none"
    BLURRED = "blurred"  # outside what shows a registered twin, and wholly where none is shown
    WHOLE = "whole"
