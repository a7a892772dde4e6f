"""Many trainings at once on simulated nodes, beside the same objects written by one client."""

from .. import trainings
from ..kube import wait_until
from ..result import Bench, Section
from ..settings import NAMESPACE
from ..template import Template
from .rounds import delete_all
from .trainingreport import section
from .trainingrounds import RUNS, BareRound, TrainingRound, bare_round, training_round

PROBE = "train-0probe"  # as long as the names of the burst


def measure(bench: Bench) -> Section:
    names = [f"train-{i:06d}" for i in range(bench.settings.services)]
    template = _template(bench)
    bare: list[BareRound] = []
    rounds: list[TrainingRound] = []
    for number in range(bench.settings.rounds):
        bench.say(f"{len(names)} trainings, round {number + 1}: one client, no operator")
        bench.operator.stop()
        bare.append(bare_round(bench, template, names))
        delete_all(bench, trainings.OWNER, len(names))
        bench.say(f"{len(names)} trainings, round {number + 1}: the operator")
        bench.operator.start()
        rounds.append(training_round(bench, names))
    return section(len(names), bench.settings.rest_seconds, bare, rounds)


def _template(bench: Bench) -> Template:
    """Read while the training runs: what is over has lost some of it."""
    bench.api.apply(trainings.simulated(PROBE, runs=RUNS))

    def runs() -> bool:
        obj = bench.api.get("TrainingJob", NAMESPACE, PROBE)
        return obj is not None and trainings.has_run(obj)

    wait_until(f"{PROBE} runs", runs, 60)
    template = Template(bench.api, trainings.OWNER, PROBE)
    delete_all(bench, trainings.OWNER, 1)
    return template
