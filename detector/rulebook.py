"""The rules in force: those of `rules/*.toml`, without those that a user switched off, and the user's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from detector.rule import Rule, parse_rule
from storage.errors import ConfigError

DEFAULT = "default"  # the id of the rule that a finding's own `labelling` follows


@dataclass(frozen=True, slots=True)
class Rulebook:
    """`rules` by id; `stamp` changes with any of them, and with what is switched off. Made by `rulebook`."""

    rules: tuple[Rule, ...]
    stamp: str

    @property
    def default(self) -> Rule:
        return next(rule for rule in self.rules if rule.id == DEFAULT)


def rulebook(added: Iterable[tuple[str, str]] = (), off: Iterable[str] = ()) -> Rulebook:
    """`added`: (file name, TOML) of a user's rules; `off`: ids of shipped ones. Raises ConfigError(kind=
    "rule") that names the file and the key, or the id."""
    shipped, texts = load_rules(built_in_texts()), dict(built_in_texts())
    barred = frozenset(off)
    _check_off(barred, [rule.id for rule in shipped.values()])
    kept = {where: rule for where, rule in shipped.items() if rule.id not in barred}
    own = dict(added)
    found = _once({**kept, **load_rules(own.items())})
    return Rulebook(found, _stamp([*(texts[where] for where in kept), *own.values()]))


def load_rules(texts: Iterable[tuple[str, str]]) -> dict[str, Rule]:
    """File name → rule, from (file name, TOML) pairs."""
    rules = {where: parse_rule(text, where) for where, text in texts}
    _once(rules)
    return rules


@cache
def built_in() -> Rulebook:
    """The rules that come with the program, all of them."""
    return rulebook()


@cache
def shipped_ids() -> frozenset[str]:
    return frozenset(rule.id for rule in built_in().rules)


@cache
def built_in_texts() -> tuple[tuple[str, str], ...]:
    """(file name, TOML) of the rules that come with the program."""
    folder = files("detector") / "rules"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple((f"detector/rules/{name}", (folder / name).read_text("utf-8")) for name in names)


def _once(rules: dict[str, Rule]) -> tuple[Rule, ...]:
    """By id. Raises ConfigError for one that comes twice."""
    by_id: dict[str, Rule] = {}
    for where, rule in rules.items():
        if rule.id in by_id:
            raise ConfigError(f"id: {rule.id!r} is the id of another rule too", kind="rule", where=where)
        by_id[rule.id] = rule
    return tuple(by_id[name] for name in sorted(by_id))


def _check_off(barred: frozenset[str], known: list[str]) -> None:
    if DEFAULT in barred:
        raise ConfigError(
            f"off: {DEFAULT!r} is the rule that findings follow, and cannot be switched off",
            kind="rule",
            where="[rules] off",
        )
    for name in sorted(barred.difference(known)):
        listed = ", ".join(sorted(set(known) - {DEFAULT}))
        raise ConfigError(
            f"off: no shipped rule has the id {name!r}; they are {listed}", kind="rule", where="[rules] off"
        )


def _stamp(texts: Iterable[str]) -> str:
    """Names of files say nothing."""
    digest = sha256()
    for text in sorted(texts):
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()[:12]
