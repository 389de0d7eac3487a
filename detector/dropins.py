"""Drop-ins found by their place: every module of a folder is one hash or one reader, and nothing lists them
by hand."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any

from storage.errors import TwinwatchError


@cache
def found_in(package: str, key: str) -> Mapping[str, Any]:
    """The modules of a package by what each declares as `key`, in the order of their file names.

    Raises TwinwatchError: kind "duplicate_name" (two modules declare the same), "nameless_module" (one
    declares none).
    """
    found: dict[str, Any] = {}
    for info in iter_modules(import_module(package).__path__, prefix=f"{package}."):
        module = import_module(info.name)
        name = getattr(module, key, "")
        if not name:
            raise TwinwatchError(f"{info.name} declares no {key}", kind="nameless_module", where=info.name)
        if name in found:
            both = f"{found[name].__name__} and {info.name}"
            raise TwinwatchError(
                f"{both} both declare {key} = {name!r}", kind="duplicate_name", where=info.name
            )
        found[name] = module
    return MappingProxyType(found)
