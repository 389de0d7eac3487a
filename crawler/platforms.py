"""The platforms, found by their place: a module in crawler/spiders/ is a spider, one in crawler/imports/ an
importer, one in crawler/profiles/ knows a platform's profiles.

A module that cannot be imported fails the program loudly: a platform that silently vanished would look like a
quiet night.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any

import crawler.imports
import crawler.profiles
import crawler.spiders
from storage.errors import ConfigError


@cache
def spiders() -> Mapping[str, type]:
    """Platform name → spider class: the one class in each module that says `platform` itself.

    The platform is called as the file is, so no two can share a name. Raises ConfigError kind
    "misnamed_platform", or "no_spider" (a module without one).
    """
    found: dict[str, type] = {}
    for module in _modules(crawler.spiders):
        classes = [
            one
            for one in vars(module).values()
            if isinstance(one, type) and one.__module__ == module.__name__ and "platform" in vars(one)
        ]
        if len(classes) != 1:
            raise ConfigError(f"{module.__name__} holds {len(classes)} spiders, not one", kind="no_spider")
        name = module.__name__.rpartition(".")[2]
        if vars(classes[0])["platform"] != name:
            raise ConfigError(
                f"the spider in {module.__name__} is not called {name!r}", kind="misnamed_platform"
            )
        found[name] = classes[0]
    return MappingProxyType(found)


@cache
def wanted_tokens() -> Mapping[str, Any]:
    """Name of the token → WantedToken, of every spider that says `wants`."""
    found = (getattr(spider, "wants", None) for spider in spiders().values())
    return MappingProxyType({wanted.name: wanted for wanted in found if wanted})


@cache
def importers() -> Mapping[str, ModuleType]:
    """Format name (the module's own) → module with `PLATFORMS`, the platform names it can fill, and all else
    that crawler/intake/entries.py asks of an importer.

    Raises ConfigError kind "no_platforms".
    """
    found: dict[str, ModuleType] = {}
    for module in _modules(crawler.imports):
        if not isinstance(getattr(module, "PLATFORMS", None), tuple | frozenset):
            raise ConfigError(f"{module.__name__} does not say its PLATFORMS", kind="no_platforms")
        found[module.__name__.rpartition(".")[2]] = module
    return MappingProxyType(found)


@cache
def profiles() -> Mapping[str, Any]:
    """Platform name → module with what crawler/verifying/profile.py asks of it. Raises ConfigError kind
    "misnamed_platform"."""
    found: dict[str, Any] = {}
    for module in _modules(crawler.profiles):
        name = module.__name__.rpartition(".")[2]
        if getattr(module, "PLATFORM", None) != name:
            raise ConfigError(f"{module.__name__} is not of {name!r}", kind="misnamed_platform")
        found[name] = module
    return MappingProxyType(found)


def known_platforms() -> frozenset[str]:
    """Every platform with a spider or an importer. Spiders are named by their files: none is imported for
    this."""
    imported = (name for module in importers().values() for name in module.PLATFORMS)
    return crawled_platforms() | frozenset(imported)


def crawled_platforms() -> frozenset[str]:
    """Those with a spider, by the names of their files."""
    return frozenset(_names(crawler.spiders))


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for name in _names(package):
        yield importlib.import_module(f"{package.__name__}.{name}")


def _names(package: ModuleType) -> list[str]:
    return sorted(info.name for info in pkgutil.iter_modules(package.__path__))
