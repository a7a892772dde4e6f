"""A chart of horizontal bars on a logarithmic axis as SVG, without a library."""

import math
from html import escape

WIDTH, LEFT, RIGHT = 980, 250, 90
BAR, GAP, TOP, BOTTOM = 18, 26, 60, 46
OURS, PEER, LIMIT = "#e45756", "#4c78a8", "#9d9d9d"

# Group to its bars: name, value, color.
Groups = dict[str, list[tuple[str, float, str]]]


def chart(title: str, axis: str, groups: Groups) -> str:
    values = [value for bars in groups.values() for _, value, _ in bars]
    low = 10.0 ** math.floor(math.log10(min(values)))
    high = 10.0 ** math.ceil(math.log10(max(values) * 1.001))
    height = TOP + BOTTOM + sum(GAP + BAR * len(bars) for bars in groups.values())

    def x(value: float) -> float:
        share = math.log(value / low) / math.log(high / low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        _text(WIDTH / 2, 24, title, 'text-anchor="middle" font-size="16"'),
        _text((LEFT + WIDTH - RIGHT) / 2, height - 8, axis, 'text-anchor="middle"'),
    ]
    tick = low
    while tick <= high * 1.001:
        parts.append(
            f'<line x1="{x(tick):.1f}" y1="{TOP - 16}" x2="{x(tick):.1f}" y2="{height - BOTTOM}"'
            ' stroke="#e6e6e6"/>'
        )
        parts.append(_text(x(tick), height - BOTTOM + 18, f"{tick:g}", 'text-anchor="middle"'))
        tick *= 10
    y = TOP
    for group, bars in groups.items():
        parts.append(_text(12, y + 13, group, 'font-weight="bold"'))
        y += GAP - 6
        for name, value, color in bars:
            width = max(x(value) - LEFT, 1)
            parts.append(
                f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR - 4}" fill="{color}"/>'
            )
            parts.append(_text(LEFT - 8, y + 12, name, 'text-anchor="end"'))
            parts.append(_text(x(value) + 6, y + 12, f"{value:.3g}", ""))
            y += BAR
        y += 6
    return "\n".join([*parts, "</svg>", ""])


def _text(x: float, y: float, text: str, more: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="#222222" {more}>{escape(text)}</text>'
