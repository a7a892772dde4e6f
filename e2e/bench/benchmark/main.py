"""The command line: the cluster, and in it the measurements."""

import argparse
import json
import math
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from .cluster import BUILD, COMMAND, IMAGES, Cluster, missing_images
from .settings import BENCH, CHECKOUT, GANGS

NAMES = ("cold-start", "operator", "runtime", "rest", "burst", "training", "gangs", "packing")
SERVICES, SERVICES_QUICK = 1000, 50
PODS, PODS_QUICK = 1000, 100
PODS_PER_NODE = 100
LEAST_NODES = 16  # for the packing
RESULTS = BENCH / "results"


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    if refusal := _refusal(options):
        print(f"bench: {refusal}", file=sys.stderr)
        return 1
    services = options.services or (SERVICES_QUICK if options.quick else SERVICES)
    pods = options.pods or (PODS_QUICK if options.quick else PODS)
    narrowed = (options.quick, options.only, options.services, options.pods, options.rounds)
    partial = any(narrowed) or options.gangs or options.set
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    cluster = Cluster(options.cluster)
    nodes = max(LEAST_NODES, math.ceil(max(services, pods) / PODS_PER_NODE))
    started = cluster.up(nodes)
    try:
        cluster.run("load", *map(str, IMAGES.values()))
        task = {
            "cluster": options.cluster,
            "audit": cluster.ask("audit"),
            "services": services,
            "pods": pods,
            "rounds": options.rounds,
            "gangs": options.gangs,
            "quick": options.quick,
            "only": options.only or NAMES,
            "chart_values": options.set,
            "out": str((options.out or (RESULTS / "partial" if partial else RESULTS)).resolve()),
            "cleanup": not started,
            "nodes": nodes,
        }
        return _finish(cluster.inside("benchmark.inside", json.dumps(task)))
    finally:
        if started:
            cluster.run("down")


def _finish(process: subprocess.Popen[bytes]) -> int:
    """The exit code of a process; when this one is to end early, that one ends first."""
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _refusal(options: argparse.Namespace) -> str | None:
    if options.services is not None and options.services < 1:
        return "--services must be at least 1"
    if options.pods is not None and options.pods < 2:
        return "--pods must be at least 2"
    if options.rounds is not None and options.rounds < 1:
        return "--rounds must be at least 1"
    if missing := missing_images():
        files = ", ".join(str(tar.relative_to(CHECKOUT)) for tar in missing)
        return f"{files} missing; build the images first: {BUILD}"
    if not shutil.which(options.cluster):
        return f"{options.cluster} is no program; give the cluster command with --cluster"
    if not shutil.which("nsenter"):
        return "nsenter is needed: install the Debian package util-linux"
    if os.geteuid() != 0:
        return "the embedded cluster needs root: run it as root"
    return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench",
        description="Measures Modelweir on an embedded cluster of its own, which it starts and"
        " stops, and writes a table, its data and a chart. A whole run takes tens of minutes"
        " and wants a machine without other work.",
        epilog=f"Images must be built before: {BUILD}",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help=f"few runs, {SERVICES_QUICK} services, {PODS_QUICK} pods; in a few minutes",
    )
    parser.add_argument(
        "--services",
        type=int,
        metavar="N",
        help="services that are applied at once, and then as many trainings;"
        f" {SERVICES} when not --quick",
    )
    parser.add_argument(
        "--pods",
        type=int,
        metavar="N",
        help="pods of the trainings in each shape of the gangs: N trainings of one worker, N/20 of"
        f" 20, N/500 of 500; {PODS} when not --quick",
    )
    parser.add_argument(
        "--gangs",
        type=int,
        action="append",
        choices=GANGS,
        metavar="WORKERS",
        help=f"only gangs of so many workers, of {', '.join(map(str, GANGS))}; may be repeated",
    )
    parser.add_argument(
        "--rounds",
        type=int,
        metavar="N",
        help="of the bursts and of the packing; 3 when not --quick, then 1",
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=NAMES,
        metavar="NAME",
        help=f"measure only this, one of {', '.join(NAMES)}; may be repeated",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where results go, by default results/ for a whole run and"
        " results/partial/, which git ignores, for any other",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a value of the chart, to measure what it changes; may be repeated",
    )
    parser.add_argument(
        "--cluster",
        metavar="COMMAND",
        default=str(COMMAND),
        help="the cluster command, by default that of this checkout",
    )
    return parser
