"""Results as Markdown, JSON and a chart."""

import dataclasses
import json
from pathlib import Path

from .result import Chart, Row, Section, Table
from .settings import Settings
from .stats import median
from .svg import draw

HEAD = "| | Aim | Min | Median | Max | Beside it | Ratio |\n|---|---|---:|---:|---:|---|---:|\n"


def write(
    folder: Path, machine: dict[str, str], settings: Settings, sections: list[Section]
) -> str:
    """Writes all files into the folder and returns the Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    text = markdown(machine, sections)
    for section in sections:
        if chart := section.chart:
            (folder / f"{chart.counted}.svg").write_text(draw(section.name, chart))
            (folder / f"{chart.counted}.csv").write_text(csv(chart))
    (folder / "results.md").write_text(text)
    data = {
        "machine": machine,
        "settings": dataclasses.asdict(settings),
        "sections": [{**dataclasses.asdict(s), "chart": None} for s in sections],
    }
    rounded = json.loads(json.dumps(data), parse_float=lambda number: round(float(number), 6))
    (folder / "results.json").write_text(json.dumps(rounded, indent=2, ensure_ascii=False) + "\n")
    return text


def csv(chart: Chart) -> str:
    lines = [
        f'"{name}",{at:.4f},{count}' for name, curve in chart.curves.items() for at, count in curve
    ]
    return "\n".join([f"what,seconds,{chart.counted}", *lines, ""])


def markdown(machine: dict[str, str], sections: list[Section]) -> str:
    text = "# Results of e2e/bench\n\n| | |\n|---|---|\n"
    text += "".join(f"| {key} | {value} |\n" for key, value in machine.items())
    for section in sections:
        text += f"\n## {section.name}\n\n{HEAD}" + "".join(map(_line, section.rows))
        text += "".join(map(_table, section.tables))
        if chart := section.chart:
            text += f"\n![{chart.counted.capitalize()} over time]({chart.counted}.svg)\n"
    return text


def _table(table: Table) -> str:
    head = _cells(table.title, *table.columns) + "|---|" + "---:|" * len(table.columns) + "\n"
    return (
        "\n"
        + head
        + "".join(_cells(name, *map(_number, numbers)) for name, numbers in table.rows.items())
    )


def _cells(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _line(row: Row) -> str:
    low, mid, high = min(row.values), median(row.values), max(row.values)
    cells = [f"{row.what}, {row.unit}" if row.unit else row.what, row.aim]
    cells += map(_number, (low, mid, high))
    if row.beside_values:
        peer = median(row.beside_values)
        ratio = f"{mid / peer:.2f}" if peer else ""
        cells += [f"{_number(peer)} ({row.beside})", ratio]
    else:
        cells += ["", ""]
    return _cells(*cells)


def _number(value: float) -> str:
    """About three digits."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"
