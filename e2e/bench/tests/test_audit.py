import json
import tempfile
import unittest
from pathlib import Path

from benchmark.audit import AuditLog, by_kind, without_lease, writes

OPERATOR = "system:serviceaccount:modelweir-system:modelweir-operator"


def line(verb: str, resource: str, user: str = OPERATOR, stage: str = "ResponseComplete", **more):
    return {
        "stage": stage,
        "verb": verb,
        "user": {"username": user},
        "objectRef": {"resource": resource, "namespace": "a", "name": "b", **more},
        "responseStatus": {"code": 201},
        "requestReceivedTimestamp": "2026-11-24T23:03:33.500000Z",
        "stageTimestamp": "2026-11-24T23:03:33.750000Z",
    }


class AuditTest(unittest.TestCase):
    def calls(self, *lines, mark_after: int = 0):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "audit.log")
            encoded = [json.dumps(entry, separators=(",", ":")) + "\n" for entry in lines]
            file.write_text("".join(encoded[:mark_after]))
            log = AuditLog(file)
            mark = log.mark()
            file.write_text("".join(encoded))
            return log.since(mark, OPERATOR)

    def test_reads_what_came_after_the_mark_from_the_user(self):
        calls = self.calls(
            line("list", "pods"),
            line("patch", "deployments"),
            line("create", "pods", user="somebody"),
            line("patch", "inferenceservices", subresource="status"),
            mark_after=1,
        )
        self.assertEqual(
            {"patch deployments": 1, "patch inferenceservices/status": 1}, by_kind(calls)
        )
        self.assertAlmostEqual(0.25, calls[0].answered - calls[0].received)
        self.assertTrue(calls[0].created)

    def test_a_watch_counts_once_although_it_is_logged_twice(self):
        calls = self.calls(line("watch", "pods", stage="ResponseStarted"), line("watch", "pods"))
        self.assertEqual({"watch pods": 1}, by_kind(calls))

    def test_the_lease_is_no_write(self):
        calls = self.calls(line("patch", "leases"), line("patch", "events"), line("list", "pods"))
        self.assertEqual(["events"], [call.resource for call in writes(calls)])
        self.assertEqual(2, len(without_lease(calls)))
