import unittest

from benchmark import services
from benchmark.measure.client import owner_of
from benchmark.settings import NAMESPACE
from benchmark.template import Template


class LiveObjects:
    """Answers as an API server that has one Service and one Deployment of the service `one`."""

    def find(self, kind, namespace, labels):
        meta = {
            "name": "one-abc",
            "namespace": namespace,
            "uid": "1",
            "labels": {services.OWNER.label: "one"},
            "annotations": {"deployment.kubernetes.io/revision": "1", "kept": "yes"},
            "ownerReferences": [{"uid": "2"}],
        }
        spec = {"selector": {"service": "one"}, "clusterIP": "10.0.0.1"}
        item = {"metadata": meta, "spec": spec, "status": {"replicas": 1}}
        return {"apiVersion": "v1", "items": [item] if kind in ("Service", "Deployment") else []}


class TemplateTest(unittest.TestCase):
    def setUp(self):
        self.template = Template(LiveObjects(), services.OWNER, "one")

    def test_makes_the_same_objects_for_another_name(self):
        service, deployment = self.template.objects("two")
        self.assertEqual("two-abc", service["metadata"]["name"])
        self.assertEqual({"selector": {"service": "two"}}, service["spec"])
        self.assertEqual({"kept": "yes"}, service["metadata"]["annotations"])
        self.assertNotIn("uid", service["metadata"])
        self.assertNotIn("status", deployment)
        self.assertNotIn("ownerReferences", deployment["metadata"])

    def test_the_new_service_owns_them(self):
        owner = services.simulated("two") | {"metadata": {"name": "two", "uid": "3"}}
        references = [c["metadata"]["ownerReferences"] for c in self.template.objects("two", owner)]
        self.assertEqual(["3", "3"], [reference["uid"] for (reference,) in references])


class QuickstartTest(unittest.TestCase):
    def test_only_name_and_namespace_change(self):
        text = services.quickstart("another")
        self.assertIn(f"metadata:\n  name: another\n  namespace: {NAMESPACE}\n", text)
        original = (services.QUICKSTART / "isvc.yaml").read_text()
        self.assertEqual(original.split("spec:")[1], text.split("spec:")[1])

    def test_the_service_belongs_to_its_deployment(self):
        self.assertEqual("bench-000010", owner_of("bench-000010-0e515fca"))
