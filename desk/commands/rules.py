"""The dated duties that findings are judged by: those that come with the program, and your own.

\b
Examples:
  twinwatch rules list
  twinwatch rules show ny-gbl-396-b
  twinwatch rules list --json

\b
Your own stand in a folder, one TOML file each; twinwatch.toml names it:
  [rules]
  folder = "./rules"
  off = ["hm-promise-2025"]        shipped rules that you leave out, by id

\b
A file, ./rules/house-style.toml:
  id = "house-style"
  title = "Our newsroom's yardstick"
  jurisdiction = "our newsroom"
  from = 2026-01-01                # until = 2026-12-31, the last day
  trigger = "digital_twin"         # or synthetic_model, ai_model (either), any_ai
  countries = ["SE", "DE"]         # of the account; this and the next may be left out:
  retailers = ["H&M"]              # platforms, account_tags, media
  informs = ["platform_tag", "image_text", "image_mark"]
  weak = ["caption", "hashtags"]   # surfaces that count, but weakly; others do not
  sentence = "Our style guide asks for a label with the picture."
  source = "Style guide, chapter 4"
  quote = "Bilder från AI märks."   # its exact words, if you have them, with quote_from and
  quote_from = "chapter 4, 2"      # quote_language
  quote_language = "sv"
  read = 2026-11-23                # the day on which somebody read the source
  confidence = "high"              # or medium, low

\b
duty = "consent" in place of informs and weak: judged by the twin's licences.
`twinwatch detect --compare` says beforehand what a rule would change.
"""

from collections.abc import Iterator
from typing import Annotated

import typer

from desk.additions import rulebook_of
from desk.contract import Json
from desk.options import ConfigOption, JsonOption, configured, usage
from desk.output import emit, write
from detector.rule import Duty, Rule
from detector.rulebook import shipped_ids

app = typer.Typer(rich_markup_mode=None)

IdArgument = Annotated[str, typer.Argument(metavar="ID")]


@app.callback()
def options(config: ConfigOption = None) -> None:
    """The dated duties that findings are judged by: those that come with the program, and your own."""


@app.command("list")
def list_rules(config: ConfigOption = None, json: JsonOption = False) -> None:
    """A line for each rule in force.

    \b
    Examples:
      twinwatch rules list
      twinwatch rules list --json
    """
    settings = configured(config)
    for rule in rulebook_of(settings).rules:
        emit(_json(rule)) if json else write(_line(rule))
    if settings.rules_off and not json:
        write(f"switched off in twinwatch.toml: {', '.join(sorted(settings.rules_off))}")


@app.command()
def show(rule_id: IdArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """One rule with all it says.

    \b
    Examples:
      twinwatch rules show eu-ai-act-50-4
      twinwatch rules show eu-ai-act-50-4 --json
    """
    rules = {rule.id: rule for rule in rulebook_of(configured(config)).rules}
    if rule_id not in rules:
        raise usage(f"there is no rule {rule_id!r} in force (`twinwatch rules list`)", where=rule_id)
    rule = rules[rule_id]
    emit(_json(rule)) if json else write("\n".join(_lines(rule)))


def _line(rule: Rule) -> str:
    own = "" if rule.id in shipped_ids() else " (your own)"
    return (
        f"{rule.id}{own} | {rule.title} | {rule.jurisdiction} | {_dates(rule)} | confidence {rule.confidence}"
    )


def _lines(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}  {rule.title}"
    yield f"  {rule.sentence}"
    yield f"  in        {rule.jurisdiction}, {_dates(rule)}"
    yield f"  where     {_TRIGGERS[rule.trigger.value]}{''.join(_conditions(rule))}"
    if rule.duty is Duty.CONSENT:
        yield "  judged by the twin's registered licences; no surface counts"
    else:
        yield f"  informs   {', '.join(sorted(rule.informs))}"
        yield f"  weakly    {', '.join(sorted(rule.weak)) or 'none'}"
    if rule.quote:
        yield f"  quote     “{rule.quote}” ({rule.quote_from}, {rule.quote_language})"
    yield f"  source    {rule.source} (read {rule.read}, confidence {rule.confidence})"


_TRIGGERS = {
    "any_ai": "any picture with AI evidence",
    "digital_twin": "the twin of a real person is matched",
    "synthetic_model": "an invented model is matched",
    "ai_model": "a twin or an invented model is matched",
}


def _conditions(rule: Rule) -> Iterator[str]:
    for name, values in _asked(rule).items():
        if values:
            yield f"; {name}: {', '.join(sorted(values))}"


def _asked(rule: Rule) -> dict[str, frozenset[str]]:
    return {
        "country of the account": rule.countries,
        "retailer": rule.retailers,
        "platform": rule.platforms,
        "tag of the account": rule.account_tags,
        "media": frozenset(kind.value for kind in rule.media),
    }


def _dates(rule: Rule) -> str:
    if rule.valid_from is None and rule.valid_until is None:
        return "always"
    until = f" until {rule.valid_until}" if rule.valid_until else ""
    return f"from {rule.valid_from}{until}" if rule.valid_from else until.strip()


def _json(rule: Rule) -> Json:
    return {
        "id": rule.id,
        "title": rule.title,
        "jurisdiction": rule.jurisdiction,
        "duty": rule.duty.value,
        "from": rule.valid_from,
        "until": rule.valid_until,
        "trigger": rule.trigger.value,
        "countries": sorted(rule.countries),
        "retailers": sorted(rule.retailers),
        "platforms": sorted(rule.platforms),
        "account_tags": sorted(rule.account_tags),
        "media": sorted(rule.media),
        "informs": sorted(rule.informs),
        "weak": sorted(rule.weak),
        "sentence": rule.sentence,
        "quote": rule.quote,
        "quote_from": rule.quote_from,
        "quote_language": rule.quote_language,
        "source": rule.source,
        "read": rule.read,
        "confidence": rule.confidence.value,
        "shipped": rule.id in shipped_ids(),
    }
