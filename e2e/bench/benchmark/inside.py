"""Runs the measurements; started in the network of the cluster, where Service addresses work."""

import dataclasses
import json
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from . import install, report, services, trainings
from .audit import AuditLog
from .kube import Api
from .machine import describe
from .measure import (
    burst,
    coldstart,
    gangs,
    operatorstart,
    packing,
    rest,
    runtime,
    training,
)
from .measure.rounds import delete_all
from .operator import Operator
from .result import Bench, Section
from .settings import Settings

MEASUREMENTS = {
    "cold-start": coldstart.measure,
    "operator": operatorstart.measure,
    "runtime": runtime.measure,
    "rest": rest.measure,
    "burst": burst.measure,
    "training": training.measure,
    "gangs": gangs.measure,
    "packing": packing.measure,
}


def main(task: dict[str, Any]) -> int:
    start = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - start:6.1f} s] {text}", file=sys.stderr, flush=True)

    api = Api()
    if len(api.find("Node", labels="type=kwok")["items"]) < task["nodes"]:
        say(f"this cluster is up with fewer than {task['nodes']} simulated nodes; end it first")
        return 1
    size = Settings.quick if task["quick"] else Settings.full
    settings = size(task["services"], task["pods"])
    if task["rounds"]:
        settings = dataclasses.replace(settings, rounds=task["rounds"])
    if task["gangs"]:
        settings = dataclasses.replace(settings, gangs=tuple(task["gangs"]))
    machine = describe(api)
    if task["chart_values"]:
        machine["Chart values"] = ", ".join(task["chart_values"])
    folder, sections, text = Path(task["out"]), [], ""
    wanted = {name: m for name, m in MEASUREMENTS.items() if name in task["only"]}
    say("installing Modelweir")
    with install.modelweir(api, task["cluster"], task["chart_values"], task["cleanup"]):
        audit = AuditLog(Path(task["audit"]))

        def so_far(section: Section) -> None:
            report.write(folder, machine, settings, [*sections, section])

        bench = Bench(api, audit, Operator(api, audit), settings, say, so_far)
        for name, measure in wanted.items():
            try:
                sections.append(measure(bench))
                # A run takes long, and what is measured is not lost when it is broken off.
                text = report.write(folder, machine, settings, sections)
            except Exception:  # the others are worth having
                say(f"{name} failed:\n{traceback.format_exc()}")
                for owner in (services.OWNER, trainings.OWNER):
                    delete_all(bench, owner, settings.services + settings.pods)
    if text:
        print(text)
        say(f"written to {folder}")
    return 0 if len(sections) == len(wanted) else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(json.loads(sys.argv[1])))
