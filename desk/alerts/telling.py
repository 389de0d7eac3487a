"""What a notice says: one body, as JSON for programs and in words for people. No picture, no model's name.

Text from outside is one line of plain text in it: no mention, no link and no markup of any chat service.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from desk.output import clean, cut, json_line, several
from desk.pages import safe_url
from detector.consent import worst
from storage.consent import ConsentVerdict
from storage.inbox import strength
from storage.records import Finding, TwinVerdict

SHOWN = 30  # findings in words; the rest is counted
SENT = 500  # findings in one body
LINE = 300  # characters of a sentence
# What chat services take for a mention, a link or markup (Slack, Discord, Matrix, Teams); WORD JOINER keeps
# the letters as they are and is none of it.
_MENTION = re.compile(r"@(?=everyone|here|channel|all|room|team)|<(?=[!@#/a-z])", re.IGNORECASE)
_MARKUP = re.compile(r"\](?=\()|`")


def body(findings: Sequence[tuple[Finding, Sequence[str]]], run: str, desk: str) -> dict[str, Any]:
    """`findings`: each with its alarms, already as whoever gets it may see it. `desk`: its address, or ""."""
    ranked = sorted(findings, key=lambda one: (strength(one[0].answer), -one[0].id))
    return plain_json(
        {
            "run": run,
            "count": len(ranked),
            "findings": [_finding(finding, alarms, desk) for finding, alarms in ranked[:SENT]],
            "more": max(0, len(ranked) - SENT),
            "desk": desk or None,
        }
    )


def _finding(finding: Finding, alarms: Sequence[str], desk: str) -> dict[str, object]:
    verdict, account = finding.answer.verdict, finding.account
    return {
        "id": finding.id,
        "alarms": list(alarms),
        "labelling": verdict.labelling.value,
        "consent": verdict.consent.value,
        "twin": verdict.twin or None,
        "twins": [{"twin": one.twin, "consent": one.consent.value} for one in verdict.twins],
        "events": [one.kind.value for one in finding.answer.events],
        "retailer": account.retailer,
        "platform": account.platform,
        "account": account.handle,
        "country": account.country,
        "post_url": finding.post_url,
        "post_id": finding.post_id,
        "position": finding.position,
        "posted_at": finding.posted_at,
        "first_seen": finding.first_seen,
        "judged_at": finding.judged_at,
        "reasons": list(verdict.reasons),
        "caveats": list(finding.caveats),
        "link": f"{desk.rstrip('/')}/findings/{finding.id}" if desk else None,
    }


def without(told: Mapping[str, Any], twins: frozenset[str]) -> dict[str, Any]:
    """The body without what it told of twins that are none of these (any more), and without findings that
    show no other."""
    left = [kept for one in told.get("findings", ()) if (kept := _of_known(one, twins)) is not None]
    if left == list(told.get("findings", ())):
        return dict(told)
    gone = len(told.get("findings", ())) - len(left)
    return {**told, "findings": left, "count": told.get("count", 0) - gone}


def _of_known(one: Mapping[str, Any], twins: frozenset[str]) -> dict[str, Any] | None:
    shown = one.get("twins", ())
    left = [each for each in shown if each["twin"] in twins]
    if len(left) == len(shown):
        return dict(one)
    if not left:
        return None
    gone = [each["twin"] for each in shown if each["twin"] not in twins]
    reasons = [each for each in one["reasons"] if not any(name in each for name in gone)]
    known = worst(tuple(TwinVerdict(each["twin"], ConsentVerdict(each["consent"])) for each in left))
    told = {"twin": known.twin, "consent": known.consent.value} if known else {}
    return {**one, "twins": left, **told, "reasons": reasons}


def title(kind: str, told: Mapping[str, Any]) -> str:
    if kind == "test":
        return "Twinwatch: a test message"
    if kind == "nothing_new":
        return "Twinwatch: nothing new"
    found = told.get("findings", ())
    if len(found) == 1 and told.get("count") == 1:
        return f"Twinwatch: {one_line(_headline(found[0]))}"
    return f"Twinwatch: {several(int(told.get('count', 0)), 'new alert')}"


def words(kind: str, told: Mapping[str, Any], message: str) -> str:
    """Plain text. The last line tells one message from another."""
    if kind == "test":
        lines = ["This is a test: alerts of Twinwatch reach you here. Nothing was found."]
    elif kind == "nothing_new":
        lines = ["The night came to its end, and nothing in it is to be told here."]
    else:
        lines = list(_lines(told))
    if told.get("run"):
        lines += ["", f"Night: {one_line(str(told['run']))}"]
    return "\n".join([*lines, f"Message: {message}"])


def _lines(told: Mapping[str, Any]) -> Iterable[str]:
    found = told.get("findings", ())
    for one in found[:SHOWN]:
        yield f"#{one['id']} {one_line(_headline(one))}"
        for sentence in one["reasons"][:2]:
            yield f"  {one_line(sentence)}"
        where = " ".join(filter(None, [one["platform"], one["account"], _day(one["posted_at"])]))
        yield f"  {one_line(where)}"
        yield f"  {one_line(one['link'] or safe_url(one['post_url']) or one['post_id'])}"
        for caveat in one["caveats"]:
            yield f"  {one_line(caveat)}"
        yield ""
    rest = int(told.get("count", 0)) - len(found[:SHOWN])
    if rest > 0:
        yield f"… and {several(rest, 'more finding')} (`twinwatch findings list`, or the desk)."
    yield "A finding says what was found on the surfaces that were checked, not that a law was broken."


def _headline(one: Mapping[str, Any]) -> str:
    twins = ", ".join(each["twin"] for each in one["twins"])
    who = ": ".join(filter(None, [one["retailer"] or one["account"], twins]))
    said = [
        _spaced(one["labelling"]),
        *([_spaced(one["consent"])] if twins else []),
        *map(_spaced, one["events"]),
    ]
    return f"{who} ({', '.join(said)})"


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _day(moment: str | None) -> str:
    return moment[:10] if moment else ""


def one_line(text: str) -> str:
    """Text from outside, made harmless: one line, no mention, no markup."""
    flat = " ".join(clean(text).split())
    return _MARKUP.sub("\u2060\\g<0>\u2060", _MENTION.sub("\\g<0>\u2060", cut(flat, LINE)))


def payload(kind: str, told: Mapping[str, Any], made_at: datetime) -> str:
    """What a webhook gets: `type`, `timestamp` and `data`, as Standard Webhooks asks."""
    names = {"findings": "findings.alerted", "nothing_new": "night.nothing_new", "test": "test"}
    return json_line({"type": names[kind], "timestamp": made_at, "data": dict(told)}).rstrip("\n")


def plain_json(value: Mapping[str, object]) -> dict[str, Any]:
    """As it comes back out of JSON: times are texts."""
    made: dict[str, Any] = orjson.loads(json_line(value))
    return made
