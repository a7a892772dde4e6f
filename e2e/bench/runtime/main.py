"""The command line, and the order in which all is measured."""

import argparse
import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmark.machine import host

from . import installed, overload, report, swaps
from .marks import MANY
from .measure import Load, Pace
from .names import OURS, UNBATCHED
from .results import Key, Limit, Results
from .running import Broken, Running
from .servers import PEERS, START_SCRIPT, Server, modelweir
from .workload import FORMS, JSON, WORKLOADS, Requests, Workload

RESULTS = Path(__file__).resolve().parent.parent / "results" / "runtime"
PEER_NAMES = tuple(server.name for server in PEERS)
COMPARED_AT = 8  # connections


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    pace = Pace.quick() if options.quick else Pace.full()
    if options.runs:
        pace = dataclasses.replace(pace, runs=options.runs)
    workloads = [w for w in WORKLOADS if not options.only or w.name in options.only]
    whole = not (options.quick or options.only or options.peers or options.form)
    out = options.out or (RESULTS if whole else RESULTS / "partial")
    names = PEER_NAMES if options.peers is None else options.peers
    ours = modelweir(options.start, options.java_option)
    unbatched = modelweir(
        options.start, options.java_option, UNBATCHED, (JSON,), {"max_batch_size": 1}
    )
    bounded = modelweir(options.start, options.java_option, "bounded", (JSON,), overload.CONFIG)
    swapped = modelweir(
        options.start, options.java_option, "swapped", (JSON,), swaps.config(1), versions=2
    )
    servers = [ours, *(server for server in PEERS if server.name in names)]
    try:
        load, models = installed.load(), installed.models()
    except installed.Unavailable as problem:
        print(f"runtime-bench: {problem}", file=sys.stderr)
        return 1
    machine = host() | {"Java options": " ".join(options.java_option) or "as in the image"}
    bench = Bench(load, pace, tuple(options.form or FORMS), _earlier(options, out))

    def write() -> str:
        return report.write(out, machine, pace, bench.results, COMPARED_AT)

    for run in range(pace.runs):
        for workload in workloads:
            bench.say(f"run {run + 1} of {pace.runs}, {workload.name}")
            requests = Requests(models, workload)
            own = [ours, unbatched] if workload.batches else [ours]
            # After each server, so that an interrupted run has something to show and to go on from.
            for _ in bench.measure(run, workload, requests, [*own, *servers[1:]]):
                write()
    for workload in (workload for workload in workloads if workload.batches):
        bench.overload(workload, Requests(models, workload), ours, bounded)
    for workload in (workload for workload in workloads if workload.swaps):
        bench.swaps(workload, Requests(models, workload), swapped)
    print(write())
    print(f"results are in {out}", file=sys.stderr)
    own_names = [server.name for server in (ours, unbatched, bounded, swapped)]
    return 1 if any(p["server"] in own_names for p in bench.results.problems) else 0


class Bench:
    def __init__(self, load: Path, pace: Pace, forms: tuple[str, ...], results: Results):
        self.results = results
        self._load, self._pace, self._forms = load, pace, forms

    @staticmethod
    def say(text: str) -> None:
        print(f"runtime-bench: {text}", file=sys.stderr, flush=True)

    def measure(
        self, run: int, workload: Workload, requests: Requests, servers: list[Server]
    ) -> Iterator[None]:
        """Each server alone on the machine; what is there already is kept.

        The bare loop runs before and after Modelweir, as the speed of shared machines drifts by
        more within the hour than there may be between the two.
        """
        points = len(workload.connections[: self._pace.points])
        for server in servers:
            forms = [form for form in server.forms if form in self._forms]
            if not forms or self.results.has(run, server.name, workload.name, forms, points):
                continue
            self.results.drop(run, server.name, workload.name)
            beside_the_loop = server.name == OURS
            if beside_the_loop:
                self._limit(workload, requests)
            try:
                with Running(server, requests, os.cpu_count() or 1) as running:
                    took = running.first_answer()
                    started = self.results.cold_starts.setdefault((workload.name, server.name), [])
                    started.append(took)
                    self._forms_of(workload, server, forms, Load(self._load, running))
            except (Broken, installed.Unavailable) as problem:
                self._problem(server, workload, "", problem)
            if beside_the_loop:
                self._limit(workload, requests)
            yield

    def overload(
        self, workload: Workload, requests: Requests, server: Server, bounded: Server
    ) -> None:
        if workload.name in self.results.overloads:
            return
        self.results.forget_problem(bounded.name, workload.name)
        try:
            found = overload.measure(
                self._load, server, bounded, requests, os.cpu_count() or 1, self._pace
            )
        except (Broken, installed.Unavailable) as problem:
            self._problem(bounded, workload, "overload", problem)
            return
        self.results.overloads[workload.name] = found
        self.say(
            f"{workload.name} with {found.offered:.0f}/s offered: {found.in_time:.0f}/s in time"
            f" of a capacity of {found.capacity:.0f}/s, p99 {found.p99_ms:.0f} ms"
        )

    def swaps(self, workload: Workload, requests: Requests, server: Server) -> None:
        if workload.name in self.results.swaps:
            return
        self.results.forget_problem(server.name, workload.name)
        try:
            found = swaps.measure(self._load, server, requests, os.cpu_count() or 1, self._pace)
        except (Broken, installed.Unavailable) as problem:
            self._problem(server, workload, "swaps", problem)
            return
        self.results.swaps[workload.name] = found
        self.say(
            f"{workload.name} with {found.count} swaps: {found.failures} of {found.requests}"
            f" requests failed, {found.per_second:.0f}/s"
        )

    def _forms_of(
        self, workload: Workload, server: Server, forms: list[str], load: Load
    ) -> None:
        pace = self._pace.of(workload)
        for form in forms:
            try:
                load.warm_up(form, pace.warm_up)
                for connections in workload.connections[: pace.points]:
                    point = load.point(form, connections, pace)
                    self.results.add(Key(workload.name, server.name, form, connections), point)
                    self.say(
                        f"{workload.name} {server.name} {form} at {connections}:"
                        f" {point.requests_per_second:.0f}/s, {point.cpu_us:.0f} µs"
                    )
            except Broken as problem:
                self._problem(server, workload, form, problem)

    def _problem(self, server: Server, workload: Workload, form: str, problem: Exception) -> None:
        self.say(f"{workload.name} {server.name} {form}: {problem}")
        self.results.problem(server.name, workload.name, form, str(problem))

    def _limit(self, workload: Workload, requests: Requests) -> None:
        files = [requests.folder / name for name in ("input-0.bin", "output-0.bin")]
        script = installed.PEERS / "bare" / "loop.py"
        batch = [MANY // (os.cpu_count() or 1)] if workload.batches else []
        command = [
            *(installed.venv("models"), script, requests.model, *files),
            *(self._pace.of(workload).window, *batch),
        ]
        done = subprocess.run(
            [str(word) for word in command],
            env=os.environ | {"ORT_DISABLE_TELEMETRY": "1"},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            self.results.problem("no server", workload.name, "", done.stderr.strip()[-300:])
            return
        limits = [Limit(**found) for found in json.loads(done.stdout)]
        self.results.limits.setdefault(workload.name, []).append(limits)


def _earlier(options: argparse.Namespace, out: Path) -> Results:
    file = out / "results.json"
    if options.resume and file.exists():
        return Results.of_json(json.loads(file.read_text()))
    return Results()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="runtime-bench",
        description="Measures the inference runtime beside other servers and beside ONNX Runtime"
        " in a loop, and writes tables, data and a chart. A whole run takes hours and wants a"
        " machine without other work.",
    )
    parser.add_argument(
        "--quick", action="store_true", help="one run, two seconds a point, few connections"
    )
    parser.add_argument(
        "--runs", type=int, metavar="N", help="how often all is measured, by default 3, quick 1"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on where a run with the same options was interrupted, by its results",
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=[workload.name for workload in WORKLOADS],
        help="measure only this workload; may be repeated",
    )
    parser.add_argument(
        "--peers",
        nargs="*",
        choices=PEER_NAMES,
        metavar="NAME",
        help=f"measure beside these only, of {', '.join(PEER_NAMES)}; without a name, none",
    )
    parser.add_argument(
        "--form",
        action="append",
        choices=FORMS,
        help="send requests in this form only; may be repeated",
    )
    parser.add_argument(
        "--start",
        type=Path,
        default=START_SCRIPT,
        metavar="FILE",
        help="script that starts the runtime, by default as the image of this checkout does",
    )
    parser.add_argument(
        "--java-option",
        action="append",
        default=[],
        metavar="OPTION",
        help="for the runtime's JVM, such as --java-option=-Xmx2g; may be repeated, and takes"
        " back none of the options of the image",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where results go, by default results/runtime/ for a whole run and"
        " results/runtime/partial/, which git ignores, for any other",
    )
    return parser
