import unittest

from benchmark import trainings
from benchmark.audit import Call
from benchmark.gangwatch import GangWatch
from benchmark.measure.gangs import Shape
from benchmark.measure.packing import GANG, PER_NODE, Mix
from benchmark.measure.trainingrounds import admissions
from benchmark.placement import Placement
from benchmark.template import Template


def pod(name: str, training: str, node: str | None = None, gpus: int = 0):
    container = {"resources": {"requests": {trainings.GPU: str(gpus)}}}
    spec = {"containers": [container]} | ({"nodeName": node} if node else {})
    return {"metadata": {"name": name, "labels": {trainings.OWNER.label: training}}, "spec": spec}


class LiveObjects:
    """Answers as an API server that has the headless Service and the Job of the training `iris`."""

    def find(self, kind, namespace, labels):
        pods = {"batch.kubernetes.io/controller-uid": "1", "job-name": "iris-0", "ours": "iris"}
        specs = {
            "Service": {"clusterIP": "None", "clusterIPs": ["None"], "selector": {"ours": "iris"}},
            "Job": {
                "suspend": False,
                "completions": 1,
                "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": "1"}},
                "template": {"metadata": {"labels": pods}, "spec": {"subdomain": "iris"}},
            },
        }
        meta = {"name": "iris-0", "namespace": namespace, "labels": {"ours": "iris"}}
        items = [{"metadata": meta, "spec": specs[kind]}] if kind in specs else []
        return {"apiVersion": "v1", "items": items}


class TemplateTest(unittest.TestCase):
    def setUp(self):
        self.service, self.job = Template(LiveObjects(), trainings.OWNER, "iris").objects("wine")

    def test_the_service_stays_headless(self):
        self.assertEqual({"clusterIP": "None", "selector": {"ours": "wine"}}, self.service["spec"])

    def test_the_job_is_held_as_it_was_made_and_selects_its_own_pods(self):
        template = {"metadata": {"labels": {"ours": "wine"}}, "spec": {"subdomain": "wine"}}
        expected = {"suspend": True, "completions": 1, "template": template}
        self.assertEqual(expected, self.job["spec"])


class AdmissionsTest(unittest.TestCase):
    def test_only_the_change_that_follows_the_creation_lets_a_job_start(self):
        def call(verb: str, resource: str, code: int, answered: float) -> Call:
            return Call("operator", verb, resource, "a", "one-0", code, answered - 1, answered)

        calls = [
            call("patch", "jobs", 201, 10),
            call("patch", "jobs", 200, 20),
            call("patch", "events", 200, 30),
            call("delete", "jobs", 200, 40),
        ]
        self.assertEqual({"one": 20}, admissions(calls))


class GangWatchTest(unittest.TestCase):
    def setUp(self):
        self.gangs = GangWatch(2)

    def see(self, now: float, name: str, training: str, node: str | None, kind: str = "MODIFIED"):
        self.gangs.see(now, {"type": kind, "object": pod(name, training, node)})

    def test_a_gang_is_partly_placed_from_its_first_worker_to_its_last(self):
        self.see(1, "a-0", "a", None, "ADDED")
        self.assertEqual(0, self.gangs.most_partly_placed)
        self.see(2, "a-0", "a", "n")
        self.see(5, "a-1", "a", "n")
        self.see(6, "b-0", "b", "n")
        self.see(7, "b-1", "b", "n")
        self.assertEqual(1, self.gangs.most_partly_placed)
        self.assertEqual(3, self.gangs.longest_partly_placed)
        self.assertEqual(4, self.gangs.placed)

    def test_two_gangs_that_share_the_room_are_seen(self):
        self.see(1, "a-0", "a", "n")
        self.see(2, "b-0", "b", "n")
        self.assertEqual(2, self.gangs.most_partly_placed)

    def test_what_has_gone_holds_nothing(self):
        self.see(1, "a-0", "a", "n")
        self.see(2, "a-0", "a", "n", "DELETED")
        self.see(3, "b-0", "b", "n")
        self.assertEqual(1, self.gangs.most_partly_placed)
        self.assertEqual(1, self.gangs.placed)


class PlacementTest(unittest.TestCase):
    def test_counts_what_is_on_nodes(self):
        pods = [
            pod("a-0", "a", "one", 8),
            pod("a-1", "a", "two", 8),
            pod("b-0", "b", "three", 8),
            pod("b-1", "b"),
            pod("c-0", "c", "four", 1),
            pod("c-1", "c", "four", 2),
        ]
        placement = Placement.of(pods)
        self.assertEqual(27, placement.devices)
        self.assertEqual(1, placement.partly_filled(8))
        self.assertEqual(1, placement.whole(["a", "b", "d"], 2))
        self.assertEqual(1, placement.partial(["a", "b", "d"], 2))


class WishesTest(unittest.TestCase):
    def test_the_mix_fills_all_devices(self):
        for nodes in (2, 16, 17):
            mix = Mix.of(nodes, seed=3)
            wanted = sum(mix.small.values()) + len(mix.gangs) * GANG * PER_NODE
            self.assertEqual(nodes * PER_NODE, wanted)
            self.assertEqual(mix, Mix.of(nodes, seed=3))
            self.assertNotEqual(mix, Mix.of(nodes, seed=4))

    def test_shapes_have_about_as_many_pods_and_at_least_two_gangs(self):
        self.assertEqual(Shape(20, 500), Shape.of(10_000, 500))
        self.assertEqual(Shape(50, 20), Shape.of(1000, 20))
        self.assertEqual(Shape(2, 50), Shape.of(100, 500))
        self.assertEqual(Shape(2, 1), Shape.of(2, 1))

    def test_both_ways_ask_for_the_same(self):
        training = trainings.simulated("a", 2, 8)["spec"]
        job = trainings.plain_job("a", 2, 8)["spec"]
        container = job["template"]["spec"]["containers"][0]
        self.assertEqual(training["workers"], job["completions"])
        self.assertEqual(training["template"]["resources"]["requests"],
                         container["resources"]["requests"])  # fmt: skip
        self.assertEqual({trainings.GPU: "8"}, container["resources"]["limits"])
