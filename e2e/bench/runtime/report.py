"""Results as Markdown, JSON and a chart."""

import dataclasses
import json
from pathlib import Path

from . import bars
from .marks import marks
from .measure import Pace
from .names import OURS
from .results import Key, Results
from .workload import JSON, WORKLOADS

HEAD = (
    "| Server | Form | Connections | Requests/s | of Modelweir's | p50, ms | p99, ms"
    " | CPU, µs/request | above the loop | of Modelweir's | Memory, MB |\n"
    "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
)


def write(
    folder: Path, machine: dict[str, str], pace: Pace, results: Results, connections: int
) -> str:
    """Writes all files into the folder and returns the Markdown.

    `connections` is the number at which the chart compares; a workload without it is left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = markdown(machine, results)
    if groups := _groups(results, connections):
        title = f"CPU time of the server per request, {connections} connections"
        chart = bars.chart(title, "µs, logarithmic; less is better", groups)
        (folder / "cpu.svg").write_text(chart)
        text += "\n![CPU time per request](cpu.svg)\n"
    (folder / "results.md").write_text(text)
    data = {"machine": machine, "pace": dataclasses.asdict(pace), **results.as_json()}
    rounded = json.loads(json.dumps(data), parse_float=lambda number: round(float(number), 4))
    (folder / "results.json").write_text(json.dumps(rounded, indent=1, ensure_ascii=False) + "\n")
    return text


def markdown(machine: dict[str, str], results: Results) -> str:
    text = "# Results of e2e/bench/runtime-bench\n\n| | |\n|---|---|\n"
    text += "".join(f"| {key} | {value} |\n" for key, value in machine.items())
    text += _marks(results)
    what = {workload.name: workload.what for workload in WORKLOADS}
    for workload in results.workloads():
        text += f"\n## {workload}: {what[workload]}\n\n" + _limit(results, workload)
        text += HEAD + "".join(_rows(results, workload)) + _cold_starts(results, workload)
    text += _overloads(results) + _swaps(results)
    if results.problems:
        text += "\n## Not measured\n\n| Server | Workload | Form | Why |\n|---|---|---|---|\n"
        for problem in results.problems:
            why = problem["problem"].replace("|", "\\|").replace("\n", " ")
            text += _cells(problem["server"], problem["workload"], problem["form"], why)
    return text


def _marks(results: Results) -> str:
    judged = [mark for mark in marks(results) if mark.found is not None]
    if not judged:
        return ""
    text = "\n| Aim, as a ratio in this run | Bar | Measured | |\n|---|---:|---:|---|\n"
    for mark in judged:
        bar = f"{'≤' if mark.at_most else '≥'} {mark.bar:.3g}"
        text += _cells(mark.what, bar, f"{mark.found:.3g}", "met" if mark.met else "not met")
    return text


def _overloads(results: Results) -> str:
    if not results.overloads:
        return ""
    text = (
        "\n## Twice as much as it can compute\n\n"
        "| Workload | Capacity/s | Offered/s | In time/s | Refused/s | p50, ms | p99, ms | Late after, ms |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|\n"
    )
    for workload, found in results.overloads.items():
        numbers = (
            found.capacity, found.offered, found.in_time, found.refused,
            found.p50_ms, found.p99_ms, found.deadline_ms,
        )  # fmt: skip
        text += _cells(workload, *map(_number, numbers))
    return text


def _swaps(results: Results) -> str:
    if not results.swaps:
        return ""
    text = (
        "\n## Versions that take turns under load\n\n"
        "| Workload | Swaps | Connections | Requests | Failed | Requests/s | Share of the rate without swaps |\n"
        "|---|---:|---:|---:|---:|---:|---:|\n"
    )
    for workload, found in results.swaps.items():
        numbers = (found.count, found.connections, found.requests, found.failures, found.per_second)
        share = f"{found.per_second / found.per_second_before:.2f}"
        text += _cells(workload, *map(_number, numbers), share)
    return text


def _limit(results: Results, workload: str) -> str:
    one, every = results.limit(workload, "one"), results.limit(workload, "all")
    if one is None or every is None:
        return ""
    text = (
        f"ONNX Runtime in a loop, without a server: {_number(one.per_second)} runs/s and"
        f" {_number(one.cpu_us)} µs of CPU a run on one thread,"
        f" {_number(every.per_second)} runs/s and {_number(every.cpu_us)} µs on"
        f" {every.threads}"
    )
    if batches := results.limit(workload, "batches"):
        text += (
            f", and in runs of {batches.rows} rows {_number(batches.per_second)} rows/s and"
            f" {_number(batches.cpu_us)} µs a row"
        )
    return text + ".\n\n"


def _rows(results: Results, workload: str) -> list[str]:
    lines = []
    limit = results.limit(workload, "all")
    for connections in results.connections(workload):
        ours = results.middle(Key(workload, OURS, JSON, connections))
        for server, form in results.rows(workload):
            point = results.middle(Key(workload, server, form, connections))
            if point is None:
                continue
            rate = cpu = ""
            if ours and (server, form) != (OURS, JSON):
                rate = f"{point.requests_per_second / ours.requests_per_second:.2f}"
                cpu = f"{point.cpu_us / ours.cpu_us:.2f}" if ours.cpu_us else ""
            lines.append(
                _cells(
                    server,
                    form,
                    str(connections),
                    _number(point.requests_per_second),
                    rate,
                    _number(point.p50_ms),
                    _number(point.p99_ms),
                    _number(point.cpu_us),
                    _number(point.cpu_us - limit.cpu_us) if limit else "",
                    cpu,
                    _number(point.memory_mb),
                )
            )
    return lines


def _cold_starts(results: Results, workload: str) -> str:
    servers = [server for w, server in results.cold_starts if w == workload]
    if not servers:
        return ""
    text = "\n| Process start → first correct answer | s | of Modelweir's |\n|---|---:|---:|\n"
    ours = results.cold_start(workload, OURS)
    for server in servers:
        took = results.cold_start(workload, server) or 0.0
        ratio = f"{took / ours:.2f}" if ours and server != OURS else ""
        text += _cells(server, _number(took), ratio)
    return text


def _groups(results: Results, connections: int) -> bars.Groups:
    groups: bars.Groups = {}
    for workload in results.workloads():
        found = []
        if limit := results.limit(workload, "one"):
            found.append(("no server", limit.cpu_us, bars.LIMIT))
        for server, form in results.rows(workload):
            point = results.middle(Key(workload, server, form, connections))
            if point and point.cpu_us > 0:
                color = bars.OURS if server == OURS else bars.PEER
                found.append((f"{server}, {form}", point.cpu_us, color))
        if found:
            groups[workload] = found
    return groups


def _cells(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _number(value: float) -> str:
    """About three digits."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"
