"""What the operator writes when nothing changes."""

import time

from .. import services
from ..audit import writes
from ..install import kubectl
from ..result import Bench, Row, Section
from ..settings import NAMESPACE
from ..watch import Watch

NAME = "bench-rest"


def measure(bench: Bench) -> Section:
    bench.say(f"writes in {bench.settings.rest_seconds} s after Ready")
    with Watch(bench.api, "InferenceService", NAMESPACE, services.ready) as watch:
        kubectl("apply", "-f", "-", given=services.quickstart(NAME))
        watch.wait(1, 120)
    row = writes_at_rest(bench, 1)
    services.delete(bench.api, NAME)
    return Section("At rest", [row])


def writes_at_rest(bench: Bench, count: int) -> Row:
    mark = bench.audit.mark()
    time.sleep(bench.settings.rest_seconds)
    written = len(writes(bench.operator.calls(mark)))
    what = f"writes in {bench.settings.rest_seconds} s after Ready, services: {count}"
    return Row(what, "", [written], "0")
