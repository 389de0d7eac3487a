"""What Vega is told to draw. Names come from outside: they are data, and no part of a chart's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# As desk.css has them: contrast of text 4.5 at the least, of what is drawn 3 (WCAG 2.2: 1.4.3, 1.4.11)
LIGHT = {
    "paper": "#fbfaf8",
    "ink": "#1f2328",
    "dim": "#5b636c",
    "line": "#dedbd4",
    "mark": "#0b57a4",
}
DARK = {
    "paper": "#15171a",
    "ink": "#e6e4df",
    "dim": "#a4acb4",
    "line": "#353a40",
    "mark": "#8fc1f5",
}


@dataclass(frozen=True, slots=True)
class Appearance:
    """`narrow`: for a telephone."""

    dark: bool = False
    narrow: bool = False

    @property
    def colours(self) -> Mapping[str, str]:
        return DARK if self.dark else LIGHT

    @property
    def width(self) -> int:
        """Pixels of the drawing, without what stands at its sides."""
        return 270 if self.narrow else 760


def specification(
    rows: Sequence[Mapping[str, str | float]],
    appearance: Appearance,
    *,
    share: str,
    across: bool,
    panels: bool,
) -> dict[str, Any]:
    """Vega-Lite. `rows` have "name", "period" and, as far as there are, "share", "low", "high" and "least",
    "most", each from 0 to 1, and "none" to stand at "nothing". `share`: the title of the axis. `across`: a
    line a name, to be read from left to right; else over time, with `panels` a drawing a name."""
    alt: Any = import_module("altair")  # two seconds: only where something is drawn
    side, end = ("x", "x2") if across else ("y", "y2")
    channel = alt.X if across else alt.Y
    where = {"y": alt.Y("name:N", sort=None, title=None)} if across else {"x": alt.X("period:O", title=None)}
    scale = alt.Scale(domain=[0, 1], clamp=True)
    axis = alt.Axis(format="%", tickCount=5)

    def on(field: str) -> dict[str, Any]:
        return {side: channel(f"{field}:Q", title=share, scale=scale, axis=axis)}

    colours = appearance.colours
    base = alt.Chart(alt.Data(values=list(rows))).encode(**where)
    drawn = alt.layer(
        base.mark_bar(size=13, fill=colours["line"], stroke=colours["dim"], strokeWidth=1).encode(
            **on("least"), **{end: "most:Q"}
        ),
        base.mark_rule(strokeWidth=2.5, color=colours["mark"]).encode(**on("low"), **{end: "high:Q"}),
        base.mark_point(size=70, filled=True, opacity=1, color=colours["mark"]).encode(**on("share")),
        base.mark_text(**({"dx": 10} if across else {"dy": -8}), color=colours["dim"], fontSize=13).encode(
            **on("nothing"), text="none:N"
        ),
    )
    if panels:
        wide = 270 if appearance.narrow else 340
        facet = alt.Facet("name:N", sort=None, header=alt.Header(title=None, labelLimit=wide - 50))
        drawn = drawn.properties(width=wide, height=140).facet(facet, columns=1 if appearance.narrow else 2)
    elif across:
        drawn = drawn.properties(width=appearance.width - (90 if appearance.narrow else 200))
    else:
        drawn = drawn.properties(width=appearance.width, height=240)
    made: dict[str, Any] = drawn.configure(**_style(appearance, across=across)).to_dict()
    return made


def _style(appearance: Appearance, *, across: bool) -> dict[str, Any]:
    colours = appearance.colours
    return {
        "background": colours["paper"],
        "font": FONT,
        "padding": {"left": 34 if across else 5, "right": 10, "top": 5, "bottom": 5},  # fonts differ in width
        "aria": False,
        "view": {"stroke": None},
        "header": {"labelColor": colours["ink"], "labelFontSize": 13, "labelFontWeight": "bold"},
        "axis": {
            "labelColor": colours["ink"],
            "titleColor": colours["dim"],
            "gridColor": colours["line"],
            "domainColor": colours["dim"],
            "tickColor": colours["dim"],
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "labelLimit": 100 if appearance.narrow else 220,
            "labelOverlap": True,
        },
    }
