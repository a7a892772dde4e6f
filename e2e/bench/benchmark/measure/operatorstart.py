"""The start of the operator, and its memory with nothing to do."""

import time

from ..result import Bench, Row, Section


def measure(bench: Bench) -> Section:
    starts, memory = [], []
    for number in range(bench.settings.runs):
        bench.say(f"start of the operator, run {number + 1}")
        bench.operator.stop()
        starts.append(bench.operator.start())
        time.sleep(bench.settings.idle_seconds)
        memory.append(bench.operator.process().memory())
    rows = [
        Row("process start → reconciling", "s", [s.process_to_reconciling for s in starts]),
        Row("“started in” of its log", "s", [s.own_figure for s in starts], "prototype 0.8–0.9"),
        Row("pod wanted → Available", "s", [s.wanted_to_available for s in starts]),
        Row("memory, no services", "MB", [m["now"] for m in memory], "≤ 180"),
        Row("memory, no services, peak", "MB", [m["peak"] for m in memory]),
    ]
    return Section("Operator", rows)
