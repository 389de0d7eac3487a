"""Where the drawn figures stand: studios, streets, beaches. One function a backdrop; the name is its key."""

from collections.abc import Callable, Mapping, Sequence

from desk.demo.canvas import Canvas, Colour

Palette = Sequence[Colour]


def studio(canvas: Canvas, palette: Palette) -> None:
    """A paper roll: a wall, a floor, and the soft bend between them."""
    _bands(canvas, palette[0], palette[1], 0.0, 0.74, 24)
    _bands(canvas, palette[1], palette[2], 0.74, 1.0, 12)
    canvas.polygon([(0.08, 0.0), (0.12, 0.0), (0.3, 0.8), (0.2, 0.8)], palette[3])
    canvas.ellipse((0.5, 0.965), 0.27, 0.035, _mix(palette[2], (0, 0, 0), 0.25))


def arches(canvas: Canvas, palette: Palette) -> None:
    """A colonnade in low sun."""
    _bands(canvas, palette[0], palette[1], 0.0, 1.0, 20)
    for left, width in ((-0.08, 0.36), (0.34, 0.34), (0.74, 0.36)):
        canvas.ellipse((left + width / 2, 0.3), width / 2, width / 2, palette[2])
        canvas.polygon([(left, 0.3), (left + width, 0.3), (left + width, 0.86), (left, 0.86)], palette[2])
        canvas.polygon([(left, 0.62), (left + width, 0.58), (left + width, 0.86), (left, 0.86)], palette[3])
    canvas.polygon([(0, 0.86), (1, 0.86), (1, 1), (0, 1)], _mix(palette[1], (0, 0, 0), 0.18))
    canvas.polygon([(0.52, 0.86), (0.9, 0.86), (1.1, 1), (0.6, 1)], palette[0])


def beach(canvas: Canvas, palette: Palette) -> None:
    """Sky, a sun low over the sea, sand."""
    _bands(canvas, palette[0], palette[1], 0.0, 0.55, 22)
    canvas.ellipse((0.74, 0.3), 0.16, 0.16, palette[3])
    _bands(canvas, _mix(palette[2], (255, 255, 255), 0.12), palette[2], 0.5, 0.7, 9)
    for row in range(6):
        y = 0.53 + row * 0.026
        canvas.line([(0.58 - row * 0.03, y), (0.9 + row * 0.03, y)], palette[3], 0.004 + row * 0.001)
    canvas.polygon(
        [(-0.4, 0.69), (0.3, 0.665), (0.7, 0.7), (1.4, 0.675), (1.4, 1.6), (-0.4, 1.6)],
        (226, 204, 170),
        smooth=2,
    )
    canvas.polygon(
        [(-0.4, 0.86), (0.4, 0.82), (1.4, 0.9), (1.4, 1.6), (-0.4, 1.6)], (208, 182, 146), smooth=2
    )


def street(canvas: Canvas, palette: Palette) -> None:
    """House fronts with windows, and a pavement in perspective."""
    canvas.polygon([(0, 0), (1, 0), (1, 0.3), (0, 0.3)], palette[0])
    for index, (left, right, top) in enumerate(((0.0, 0.3, 0.06), (0.3, 0.56, 0.16), (0.56, 1.0, 0.02))):
        front = palette[1 + index % 2]
        canvas.polygon([(left, top), (right, top), (right, 0.8), (left, 0.8)], front)
        _windows(canvas, (left, right, top), _mix(front, (12, 18, 40), 0.62), palette[3])
    canvas.polygon([(0, 0.8), (1, 0.8), (1, 1), (0, 1)], (158, 154, 150))
    for x in (-0.6, -0.1, 0.4, 0.9, 1.4):
        canvas.line([(0.35 + (x - 0.35) * 0.5, 0.8), (x, 1.0)], (126, 122, 120), 0.004)


def tiles(canvas: Canvas, palette: Palette) -> None:
    """A tiled wall and a plinth: the light falls from the left."""
    canvas.polygon([(0, 0), (1, 0), (1, 1), (0, 1)], palette[0])
    for row in range(8):
        for column in range(8):
            x, y = column / 8, row / 8
            shade = (
                palette[1]
                if (row * 3 + column * 5) % 7 < 3
                else palette[2]
                if (row + 2 * column) % 5 == 0
                else palette[0]
            )
            canvas.polygon(
                [
                    (x + 0.004, y + 0.003),
                    (x + 0.121, y + 0.003),
                    (x + 0.121, y + 0.122),
                    (x + 0.004, y + 0.122),
                ],
                shade,
            )
    canvas.polygon([(0, 0.88), (1, 0.88), (1, 1), (0, 1)], palette[3])


def hills(canvas: Canvas, palette: Palette) -> None:
    """Three ridges, one behind the other, and clouds."""
    _bands(canvas, palette[0], palette[1], 0.0, 0.7, 24)
    for x, y, size in ((0.2, 0.14, 0.07), (0.28, 0.13, 0.05), (0.83, 0.22, 0.06), (0.75, 0.23, 0.045)):
        canvas.ellipse((x, y), size * 1.6, size * 0.6, (250, 246, 240))
    for index, base in enumerate((0.52, 0.64, 0.78)):
        ridge = _mix(palette[2], palette[3], index / 2)
        wave = [(step / 8, base + 0.07 * ((step * (index + 2) * 37 % 11) / 11 - 0.5)) for step in range(9)]
        canvas.polygon([(-0.1, base), *wave, (1.1, base), (1.1, 1.2), (-0.1, 1.2)], ridge, smooth=2)


def curtain(canvas: Canvas, palette: Palette) -> None:
    """Heavy folds, as at a fitting."""
    for fold in range(14):
        left = fold / 14
        canvas.polygon(
            [(left, 0), (left + 0.08, 0), (left + 0.075, 0.9), (left + 0.005, 0.9)], palette[fold % 3]
        )
        canvas.polygon(
            [(left + 0.045, 0), (left + 0.06, 0), (left + 0.07, 0.9), (left + 0.05, 0.9)],
            _mix(palette[fold % 3], (0, 0, 0), 0.25),
        )
    canvas.polygon([(0, 0.88), (1, 0.88), (1, 1), (0, 1)], palette[3])


BACKDROPS: Mapping[str, Callable[[Canvas, Palette], None]] = {
    place.__name__: place for place in (studio, arches, beach, street, tiles, hills, curtain)
}


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _bands(canvas: Canvas, top: Colour, bottom: Colour, start: float, end: float, count: int) -> None:
    for index in range(count):
        y = start + (end - start) * index / count
        canvas.polygon([(0, y), (1, y), (1, end), (0, end)], _mix(top, bottom, index / max(1, count - 1)))


def _windows(canvas: Canvas, front: tuple[float, float, float], glass: Colour, lit: Colour) -> None:
    left, right, top = front
    for row in range(5):
        for column in range(3):
            x = left + (right - left) * (0.14 + 0.29 * column)
            y = top + 0.05 + row * 0.135
            w = (right - left) * 0.17
            pane = lit if (row * 2 + column * 3) % 5 == 0 else glass
            canvas.polygon([(x, y), (x + w, y), (x + w, y + 0.08), (x, y + 0.08)], pane)
