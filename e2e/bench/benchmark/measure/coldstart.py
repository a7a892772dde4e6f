"""From `kubectl apply` to the first correct answer, the images being on the node."""

import json
import subprocess
import threading
import time
from typing import Any

from .. import services
from ..audit import Call
from ..kube import wait_until
from ..process import Process
from ..result import Bench, Row, Section, Table
from ..settings import NAMESPACE
from ..stats import median
from ..template import Template
from ..watch import Watch
from .inference import first_answer

NAME, BY_HAND = "bench-cold", "bench-hand"


def measure(bench: Bench) -> Section:
    runs, by_hand = [], []
    for number in range(bench.settings.runs):
        bench.say(f"apply to first answer, run {number + 1}")
        run, template = _with_operator(bench)
        runs.append(run)
        by_hand.append(_by_hand(bench, template))
    answer = [run["first answer"] for run in runs]
    rows = [
        Row(
            "kubectl apply → first correct answer",
            "s",
            answer,
            "prototype 1.7–2.1",
            "same objects by hand, no operator",
            by_hand,
        ),
        Row("kubectl apply → condition Ready", "s", [run["Ready"] for run in runs]),
    ]
    steps = {step: [median([run[step] for run in runs])] for step in runs[0]}
    table = Table("Steps, from kubectl apply on", ["median, s"], steps)
    return Section("Cold start", rows, [table], raw={"runs": runs, "by hand": by_hand})


def _with_operator(bench: Bench) -> tuple[dict[str, float], Template]:
    """The steps of one run, in seconds since kubectl was started."""
    mark = bench.audit.mark()
    with Watch(bench.api, "InferenceService", NAMESPACE, services.ready) as watch:
        start, answered = _apply(bench, NAME, services.quickstart(NAME))
        watch.wait(1, 60)
    pod = services.pod_of(bench.api, NAME)
    times = {
        "Deployment created": _first(bench, mark, "deployments", bench.operator.user),
        "pod created": _first(
            bench, mark, "pods", "system:serviceaccount:kube-system:replicaset-controller"
        ),
        "process of the runtime started": Process.of_container(pod, "server").started,
        "first answer": answered,
        "Ready": watch.since[NAME],
    }
    template = Template(bench.api, services.OWNER, NAME)
    services.delete(bench.api, NAME)
    received = _first(bench, mark, "inferenceservices", bench.api.user(), answered=False)
    times = {"request at the API server": received, **times}
    return {step: at - start for step, at in times.items()}, template


def _by_hand(bench: Bench, template: Template) -> float:
    objects = template.objects(BY_HAND)
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    start, answered = _apply(bench, BY_HAND, text)
    for obj in objects:
        bench.api.delete(obj["kind"], NAMESPACE, obj["metadata"]["name"])
    wait_until(
        f"the pods of {BY_HAND} are gone",
        lambda: not services.OWNER.left(bench.api, "Pod", BY_HAND),
        120,
    )
    return answered - start


def _apply(bench: Bench, name: str, text: str) -> tuple[float, float]:
    """When kubectl was started, and when the first correct answer came."""
    failures: list[Any] = []

    def run() -> None:
        done = subprocess.run(
            ["kubectl", "apply", "-f", "-"], input=text.encode(), capture_output=True
        )
        if done.returncode != 0:
            failures.append(done.stderr.decode())

    applying = threading.Thread(target=run)
    start = time.time()
    applying.start()
    try:
        return start, first_answer(bench.api, name)
    finally:
        applying.join()
        if failures:
            raise RuntimeError(f"kubectl apply of {name}: {failures[0]}")


def _first(bench: Bench, mark: int, resource: str, user: str, answered: bool = True) -> float:
    def created(call: Call) -> bool:
        return call.resource == resource and call.namespace == NAMESPACE and call.created

    call = next(filter(created, bench.audit.since(mark, user)))
    return call.answered if answered else call.received
