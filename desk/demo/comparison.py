"""The demo's own check: what the commands say about each picture, beside what the story says it is."""

import io
import json
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from desk.cli import run as twinwatch
from desk.demo.site import Site
from desk.demo.story import Scene
from storage.errors import TwinwatchError

Found = Mapping[str, Any]  # a line of `findings list --all --json`


def found(config: Path) -> list[Found]:
    """Every media item, as the command line tells it to other tools."""
    out = io.StringIO()
    with redirect_stdout(out):
        status = twinwatch(["findings", "list", "--all", "--json", "--config", str(config)])
    if status != 0:
        raise TwinwatchError(f"findings list ended with status {status}", kind="demo")
    return [json.loads(text) for text in out.getvalue().splitlines()]


def item_of(scene: Scene, position: int, items: Sequence[Found], site: Site) -> Found | None:
    ident = site.ident(scene)
    mine = (item for item in items if item["post_id"].endswith(ident) and item["position"] == position)
    return next(mine, None)


def compare(scene: Scene, position: int, items: Sequence[Found], site: Site) -> list[str]:
    """Each difference in words; nothing when all is as the story says."""
    item = item_of(scene, position, items, site)
    if item is None:
        return ["not found at all"]
    truth = scene.truth[position]
    transforms = " ".join(match["transform"] for match in item["matches"])
    pairs = (
        ("labelling", item["labelling"], truth.labelling.value),
        ("consent", item["consent"], truth.consent.value),
        ("twin", item["twin"] or "", truth.twin),
        ("events", [event["kind"] for event in item["events"]], [truth.event.value] if truth.event else []),
        ("transform", truth.transform in transforms, True),
        ("deleted", item["gone_at"] is not None, scene.gone),
        ("broken", item["error"] is not None, truth.failed),
    )
    return [f"{name}: {was!r}, expected {expected!r}" for name, was, expected in pairs if was != expected]


def line(scene: Scene, position: int, items: Sequence[Found], site: Site, differences: Sequence[str]) -> str:
    item = item_of(scene, position, items, site) or {}
    words = [str(item.get("labelling", "-"))]
    if item.get("twin"):
        words.append(f"{item['twin']} ({item['consent']})")
    words += [event["kind"] for event in item.get("events", ())]
    words += ["deleted"] * bool(item.get("gone_at")) + ["no picture"] * bool(item.get("error"))
    tells = scene.tells if len(scene.truth) == 1 else f"{scene.tells}: picture {position + 1}"
    text = f"  {'✗' if differences else '✓'} {tells:<64} {', '.join(words)}"
    return "\n".join([text, *(f"      {difference}" for difference in differences)])
