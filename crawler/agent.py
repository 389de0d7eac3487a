"""Who we are, to the servers that we ask and in every Capture."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def program_version() -> str:
    try:
        return version("twinwatch")
    except PackageNotFoundError:
        return "0"


def user_agent(contact: str) -> str:
    """Who we are and how to reach the people behind it."""
    name = f"Twinwatch/{program_version()}"
    plain = "".join(char for char in contact if " " <= char <= "~")
    return f"{name} (+{plain})" if plain else name
