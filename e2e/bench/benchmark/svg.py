"""A line chart as SVG, without a library."""

import math
from collections.abc import Callable
from html import escape

from .result import Chart, Curve

WIDTH, HEIGHT = 980, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 290, 60, 60  # the legend stands to the right
COLORS = ("#4c78a8", "#e45756", "#54a24b", "#9d9d9d")
X_LABEL = "seconds since the first apply"
DASHED = 'stroke-dasharray="6 5"'


def draw(title: str, chart: Chart) -> str:
    """The curves as steps; the aim is a dashed line through the origin."""
    curves, aim = chart.curves, chart.aim
    x_max = max(curve[-1][0] for curve in curves.values())
    y_max = max(curve[-1][1] for curve in curves.values())

    def x(value: float) -> float:
        return LEFT + value / x_max * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / y_max * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        _text(WIDTH / 2, 24, title, 'text-anchor="middle" font-size="16"'),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, X_LABEL, 'text-anchor="middle"'),
        _text(20, TOP - 14, chart.counted, ""),
    ]
    for tick in _ticks(x_max):
        parts.append(_line(x(tick), TOP, x(tick), HEIGHT - BOTTOM, "#e6e6e6"))
        parts.append(_text(x(tick), HEIGHT - BOTTOM + 18, f"{tick:g}", 'text-anchor="middle"'))
    for tick in _ticks(y_max):
        parts.append(_line(LEFT, y(tick), WIDTH - RIGHT, y(tick), "#e6e6e6"))
        parts.append(_text(LEFT - 8, y(tick) + 4, f"{tick:g}", 'text-anchor="end"'))
    end = min(x_max, y_max / aim)
    parts.append(_line(x(0), y(0), x(end), y(aim * end), "#222222", DASHED))
    for color, curve in zip(COLORS, curves.values(), strict=False):
        path = _steps(curve, x, y)
        parts.append(f'<path fill="none" stroke="{color}" stroke-width="2" d="{path}"/>')
    legend = [(color, "", name) for color, name in zip(COLORS, curves, strict=False)]
    for row, (color, dash, name) in enumerate([*legend, ("#222222", DASHED, f"aim: {aim:g}/s")]):
        left, at = WIDTH - RIGHT + 14, TOP + 10 + 22 * row
        parts.append(_line(left, at, left + 28, at, color, f'stroke-width="2" {dash}'))
        parts.append(_text(left + 36, at + 4, name, ""))
    return "\n".join([*parts, "</svg>", ""])


def _steps(curve: Curve, x: Callable[[float], float], y: Callable[[float], float]) -> str:
    path = f"M{x(curve[0][0]):.1f},{y(0):.1f}"
    return path + "".join(f"H{x(at):.1f}V{y(count):.1f}" for at, count in curve)


def _ticks(top: float) -> list[float]:
    """Round numbers from 0 to `top`, at most nine of them."""
    magnitude = 10.0 ** math.floor(math.log10(top))
    step = next(s * magnitude for s in (0.2, 0.5, 1, 2) if top <= 8 * s * magnitude)
    return [i * step for i in range(int(top / step) + 1)]


def _line(x1: float, y1: float, x2: float, y2: float, color: str, more: str = "") -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{color}" {more}/>'


def _text(x: float, y: float, text: str, more: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="#222222" {more}>{escape(text)}</text>'
