"""Drawn people in drawn clothes: fashion croquis, nine heads tall, that stand for nobody.

A figure lives in its own coordinates: x from the middle line, y from the crown (0) to the soles (1), both in
figure heights. `place` brings them onto the sheet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from desk.demo.canvas import HEIGHT, WIDTH, Canvas, Colour, Point, weave

_ASPECT = HEIGHT / WIDTH
INK: Colour = (38, 30, 40)


@dataclass(frozen=True, slots=True)
class Figure:
    """Who stands where, in what. `scale` is the figure's height as a share of the picture's."""

    skin: Colour
    hair: Colour
    cut: str  # a key of HAIR
    garment: str  # a key of GARMENTS
    cloth: Colour
    accent: Colour
    pattern: str = "plain"
    pose: str = "hip"  # a key of ARMS
    x: float = 0.5
    y: float = 0.06  # of the crown
    scale: float = 0.88
    sway: float = 0.02  # hips to one side
    extra: str = ""  # "bag", "hat", "glasses", "scarf"

    def place(self, points: Sequence[Point]) -> list[Point]:
        return [(self.x + x * self.scale * _ASPECT, self.y + y * self.scale) for x, y in points]

    def width(self, share: float) -> float:
        """A length in figure heights as a share of the picture's width."""
        return share * self.scale * _ASPECT


# shoulder is at (±.083, .165); elbow and wrist of the left and the right arm
ARMS: Mapping[str, tuple[tuple[Point, Point], tuple[Point, Point]]] = {
    "hip": (((-0.15, 0.3), (-0.08, 0.43)), ((0.115, 0.32), (0.13, 0.48))),
    "walk": (((-0.125, 0.31), (-0.17, 0.45)), ((0.11, 0.32), (0.08, 0.47))),
    "raised": (((-0.17, 0.1), (-0.09, -0.02)), ((0.12, 0.32), (0.11, 0.49))),
    "both": (((-0.15, 0.3), (-0.075, 0.43)), ((0.15, 0.3), (0.075, 0.43))),
    "crossed": (((-0.115, 0.3), (0.04, 0.3)), ((0.115, 0.3), (-0.04, 0.27))),
    "wide": (((-0.19, 0.25), (-0.28, 0.36)), ((0.19, 0.24), (0.29, 0.16))),
}


def draw(canvas: Canvas, who: Figure) -> None:
    cloth = weave(canvas.size, who.pattern, who.cloth, who.accent)
    _hair_behind(canvas, who)
    _legs(canvas, who)
    _neck(canvas, who)
    behind = who.pose != "crossed"
    if behind:
        _arms(canvas, who)
    for shape, fill in GARMENTS[who.garment](who):
        if fill is None:
            canvas.cloth(who.place(shape), cloth, smooth=2)
        else:
            canvas.polygon(who.place(shape), fill, smooth=1)
    if not behind:
        _arms(canvas, who)
    _head(canvas, who)
    _extras(canvas, who)


# --- the body ---------------------------------------------------------------------------------------


def _legs(canvas: Canvas, who: Figure) -> None:
    for side, knee, ankle in ((-1, -0.05 + who.sway, -0.075), (1, 0.055 + who.sway, 0.06)):
        hip = side * 0.038 + who.sway
        canvas.polygon(
            who.place(
                [
                    (hip - 0.033, 0.46),
                    (hip + 0.033, 0.46),
                    (knee + 0.021, 0.72),
                    (ankle + 0.013, 0.95),
                    (ankle - 0.013, 0.95),
                    (knee - 0.021, 0.72),
                ]
            ),
            who.skin,
            smooth=1,
        )
        toe = ankle + side * 0.035
        canvas.polygon(
            who.place(
                [(ankle - 0.018, 0.945), (ankle + 0.018, 0.945), (toe + 0.024, 0.99), (toe - 0.022, 1.0)]
            ),
            INK,
            smooth=1,
        )


def _neck(canvas: Canvas, who: Figure) -> None:
    canvas.polygon(
        who.place([(-0.017, 0.09), (0.017, 0.09), (0.02, 0.15), (-0.02, 0.15)]), _darker(who.skin, 0.88)
    )
    canvas.polygon(
        who.place(
            [(-0.03, 0.145), (0.03, 0.145), (0.088, 0.165), (0.05, 0.25), (-0.05, 0.25), (-0.088, 0.165)]
        ),
        who.skin,
        smooth=1,
    )


def _arms(canvas: Canvas, who: Figure) -> None:
    bare = who.garment in {"slip", "gown"}
    for side, (elbow, wrist) in zip((-1, 1), ARMS[who.pose], strict=True):
        path = who.place([(side * 0.078, 0.175), elbow, wrist])
        canvas.line(path, who.skin, who.width(0.028), smooth=1)
        if not bare:
            cuff = (elbow[0] + (wrist[0] - elbow[0]) * 0.82, elbow[1] + (wrist[1] - elbow[1]) * 0.82)
            sleeve = who.place([(side * 0.076, 0.178), elbow, cuff])
            sleeve_cloth = who.accent if who.garment == "skirt" else who.cloth
            canvas.line(sleeve, _darker(sleeve_cloth, 0.86), who.width(0.045), smooth=1)
        canvas.ellipse(path[-1], who.width(0.017), who.width(0.02), who.skin)


def _head(canvas: Canvas, who: Figure) -> None:
    centre = who.place([(0, 0.06)])[0]
    canvas.ellipse(centre, who.width(0.036), who.width(0.052), who.skin)
    for side in (-1, 1):
        eye = who.place([(side * 0.015, 0.062)])[0]
        canvas.ellipse(eye, who.width(0.0065), who.width(0.0036), (250, 248, 244))
        canvas.ellipse(eye, who.width(0.0034), who.width(0.0034), INK)
        canvas.line(
            who.place([(side * 0.007, 0.05), (side * 0.015, 0.046), (side * 0.024, 0.05)]),
            who.hair,
            who.width(0.0028),
        )
    canvas.line(
        who.place([(0.001, 0.064), (0.004, 0.078), (-0.002, 0.08)]),
        _darker(who.skin, 0.75),
        who.width(0.0022),
    )
    canvas.polygon(
        who.place([(-0.012, 0.092), (-0.003, 0.0885), (0.003, 0.0885), (0.012, 0.092), (0, 0.1)]),
        (176, 62, 72),
        smooth=1,
    )
    for shape in HAIR[who.cut]:
        canvas.polygon(who.place(shape), who.hair, smooth=2)


def _hair_behind(canvas: Canvas, who: Figure) -> None:
    if who.cut == "long":
        shape = [
            (-0.045, 0.02),
            (0.045, 0.02),
            (0.062, 0.13),
            (0.066, 0.27),
            (0.02, 0.25),
            (-0.05, 0.28),
            (-0.06, 0.13),
        ]
        canvas.polygon(who.place(shape), _darker(who.hair, 0.85), smooth=2)
    if who.cut == "round":
        canvas.ellipse(who.place([(0, 0.045)])[0], who.width(0.068), who.width(0.066), who.hair)
    if who.cut == "bun":
        canvas.ellipse(who.place([(0.004, -0.008)])[0], who.width(0.026), who.width(0.024), who.hair)


HAIR: Mapping[str, Sequence[Sequence[Point]]] = {
    "bob": (
        [
            *[(0, -0.004), (0.04, 0.015), (0.052, 0.1), (0.034, 0.11), (0.033, 0.05), (0.0, 0.034)],
            *[(-0.03, 0.045), (-0.034, 0.11), (-0.052, 0.1), (-0.04, 0.015)],
        ],
    ),
    "long": (
        [
            (0, -0.004),
            (0.042, 0.018),
            (0.046, 0.1),
            (0.034, 0.06),
            (0.004, 0.03),
            (-0.034, 0.07),
            (-0.046, 0.1),
            (-0.042, 0.018),
        ],
    ),
    "bun": (
        [
            (0, 0.0),
            (0.036, 0.02),
            (0.038, 0.06),
            (0.02, 0.028),
            (-0.02, 0.028),
            (-0.038, 0.06),
            (-0.036, 0.02),
        ],
    ),
    "round": (
        [
            (0, -0.004),
            (0.04, 0.015),
            (0.042, 0.055),
            (0.024, 0.028),
            (-0.024, 0.028),
            (-0.042, 0.055),
            (-0.04, 0.015),
        ],
    ),
    "short": (
        [
            (0.004, -0.01),
            (0.046, 0.008),
            (0.04, 0.05),
            (0.034, 0.04),
            (-0.012, 0.026),
            (-0.036, 0.045),
            (-0.04, 0.012),
        ],
    ),
}


# --- the clothes: shapes, back to front; None is the figure's own cloth -----------------------------

Shapes = Sequence[tuple[Sequence[Point], Colour | None]]


def coat(who: Figure) -> Shapes:
    sway = who.sway
    body = [
        (-0.095, 0.155),
        (-0.03, 0.145),
        (0.03, 0.145),
        (0.095, 0.155),
        (0.075, 0.36),
        (0.105 + sway, 0.55),
    ]
    body += [(0.135 + sway, 0.8), (-0.115 + sway, 0.8), (-0.09 + sway, 0.55), (-0.075, 0.36)]
    lapels: list[tuple[Sequence[Point], Colour | None]] = [
        ([(-0.035, 0.145), (0.0, 0.31), (-0.05, 0.25), (-0.062, 0.17)], who.accent),
        ([(0.035, 0.145), (0.0, 0.31), (0.05, 0.25), (0.062, 0.17)], who.accent),
    ]
    belt = [(-0.078, 0.355), (0.078, 0.355), (0.08, 0.385), (-0.08, 0.385)]
    return [(body, None), *lapels, (belt, _darker(who.cloth, 0.7))]


def gown(who: Figure) -> Shapes:
    sway = who.sway
    bodice = [
        (-0.06, 0.19),
        (-0.025, 0.21),
        (0.0, 0.2),
        (0.025, 0.21),
        (0.06, 0.19),
        (0.045, 0.36),
        (-0.045, 0.36),
    ]
    skirt = [
        (-0.046, 0.345),
        (0.046, 0.345),
        (0.09 + sway, 0.5),
        (0.2 + sway, 0.97),
        (0.05, 0.99),
        (-0.1, 0.98),
    ]
    skirt += [(-0.18 + sway, 0.96), (-0.08 + sway, 0.5)]
    slit = [(0.02 + sway, 0.6), (0.075 + sway, 0.98), (0.035 + sway, 0.985)]
    return [(skirt, None), (slit, who.accent), (bodice, None)]


def slip(who: Figure) -> Shapes:
    sway = who.sway
    body = [
        (-0.058, 0.185),
        (-0.02, 0.225),
        (0.02, 0.225),
        (0.058, 0.185),
        (0.048, 0.35),
        (0.08 + sway, 0.48),
    ]
    body += [(0.085 + sway, 0.66), (-0.08 + sway, 0.66), (-0.072 + sway, 0.48), (-0.048, 0.35)]
    hem = [(-0.084 + sway, 0.635), (0.088 + sway, 0.635), (0.09 + sway, 0.668), (-0.086 + sway, 0.668)]
    return [(body, None), (hem, who.accent)]


def suit(who: Figure) -> Shapes:
    sway = who.sway
    trousers: list[tuple[Sequence[Point], Colour | None]] = [
        (
            [
                (side * 0.002 + sway, 0.45),
                (side * 0.08 + sway, 0.45),
                (side * 0.1, 0.96),
                (side * 0.035, 0.96),
            ],
            None,
        )
        for side in (-1, 1)
    ]
    jacket = [
        (-0.097, 0.155),
        (-0.03, 0.145),
        (0.03, 0.145),
        (0.097, 0.155),
        (0.072, 0.37),
        (0.098 + sway, 0.54),
    ]
    jacket += [(-0.092 + sway, 0.54), (-0.072, 0.37)]
    shirt = [(-0.03, 0.145), (0.03, 0.145), (0.002, 0.33)]
    return [*trousers, (jacket, None), (shirt, who.accent)]


def knit(who: Figure) -> Shapes:
    sway = who.sway
    legs: list[tuple[Sequence[Point], Colour | None]] = [
        (
            [
                (side * 0.002 + sway, 0.44),
                (side * 0.082 + sway, 0.44),
                (side * 0.115, 0.93),
                (side * 0.028, 0.93),
            ],
            who.accent,
        )
        for side in (-1, 1)
    ]
    top = [
        (-0.1, 0.16),
        (-0.034, 0.135),
        (0.034, 0.135),
        (0.1, 0.16),
        (0.088, 0.36),
        (0.09 + sway, 0.47),
        (-0.086 + sway, 0.47),
        (-0.088, 0.36),
    ]
    return [*legs, (top, None)]


def skirt(who: Figure) -> Shapes:
    sway = who.sway
    top = [(-0.09, 0.16), (-0.03, 0.15), (0.03, 0.15), (0.09, 0.16), (0.055, 0.37), (-0.055, 0.37)]
    flare = [
        (-0.052, 0.355),
        (0.052, 0.355),
        (0.12 + sway, 0.55),
        (0.17 + sway, 0.76),
        (-0.155 + sway, 0.77),
        (-0.105 + sway, 0.55),
    ]
    return [(top, who.accent), (flare, None)]


GARMENTS: Mapping[str, Callable[[Figure], Shapes]] = {
    made.__name__: made for made in (coat, gown, slip, suit, knit, skirt)
}


def _extras(canvas: Canvas, who: Figure) -> None:
    if who.extra == "hat":
        canvas.ellipse(who.place([(0, 0.022)])[0], who.width(0.085), who.width(0.016), who.accent)
        canvas.polygon(
            who.place([(-0.04, 0.022), (-0.034, -0.035), (0.034, -0.035), (0.04, 0.022)]),
            who.accent,
            smooth=1,
        )
        canvas.polygon(who.place([(-0.04, 0.02), (-0.039, 0.006), (0.039, 0.006), (0.04, 0.02)]), INK)
    if who.extra == "glasses":
        for side in (-1, 1):
            canvas.ellipse(who.place([(side * 0.016, 0.062)])[0], who.width(0.0145), who.width(0.0125), INK)
        canvas.line(who.place([(-0.035, 0.058), (0.035, 0.058)]), INK, who.width(0.003))
    if who.extra == "bag":
        hand = ARMS[who.pose][1][1]
        canvas.line(
            who.place([(hand[0] - 0.03, hand[1] + 0.06), hand, (hand[0] + 0.03, hand[1] + 0.06)]),
            INK,
            who.width(0.006),
            smooth=2,
        )
        x, y = hand[0], hand[1] + 0.055
        canvas.polygon(
            who.place([(x - 0.06, y), (x + 0.06, y), (x + 0.068, y + 0.095), (x - 0.068, y + 0.095)]),
            who.accent,
        )
        canvas.polygon(who.place([(x - 0.06, y), (x + 0.06, y), (x, y + 0.045)]), _darker(who.accent, 0.8))
    if who.extra == "scarf":
        canvas.polygon(
            who.place([(-0.04, 0.12), (0.04, 0.12), (0.05, 0.155), (-0.05, 0.155)]), who.accent, smooth=1
        )
        canvas.polygon(who.place([(0.01, 0.14), (0.045, 0.14), (0.09, 0.36), (0.05, 0.37)]), who.accent)


def _darker(colour: Colour, share: float) -> Colour:
    red, green, blue = (round(value * share) for value in colour)
    return red, green, blue
