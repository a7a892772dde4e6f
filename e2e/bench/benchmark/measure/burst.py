"""Many services at once on simulated nodes, beside the same objects written by one client."""

from .. import services
from ..kube import wait_until
from ..result import Bench, Section
from ..settings import NAMESPACE
from ..template import Template
from .baseline import Bare, baseline
from .burstreport import section
from .rounds import Round, delete_all, operator_round

PROBE = "bench-0probe"  # as long as the names of the burst


def measure(bench: Bench) -> Section:
    names = [f"bench-{i:06d}" for i in range(bench.settings.services)]
    template = _template(bench)
    bare: list[Bare] = []
    rounds: list[Round] = []
    for number in range(bench.settings.rounds):
        bench.say(f"{len(names)} services, round {number + 1}: one client, no operator")
        bench.operator.stop()
        bare.append(baseline(bench, template, names))
        delete_all(bench, services.OWNER, len(names))
        bench.say(f"{len(names)} services, round {number + 1}: the operator")
        bench.operator.start()
        rounds.append(operator_round(bench, names))
    return section(len(names), bench.settings.rest_seconds, bare, rounds)


def _template(bench: Bench) -> Template:
    bench.api.apply(services.simulated(PROBE))

    def is_ready() -> bool:
        obj = bench.api.get("InferenceService", NAMESPACE, PROBE)
        return obj is not None and services.ready(obj)

    wait_until(f"{PROBE} is Ready", is_ready, 60)
    template = Template(bench.api, services.OWNER, PROBE)
    delete_all(bench, services.OWNER, 1)
    return template
