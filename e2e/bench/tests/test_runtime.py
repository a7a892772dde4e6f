import json
import struct
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[2] / "conformance"))

from oip import protobuf
from runtime import bars, installed, report
from runtime.marks import marks
from runtime.measure import Pace, Point
from runtime.results import Key, Limit, Overload, Results, Swaps
from runtime.running import Broken, Running
from runtime.servers import PEERS, Server
from runtime.workload import BINARY, FORMS, GRPC, JSON, Requests, Workload

MLP = Workload("mlp", "a model", (1, 8))


def point(rate: float, cpu: float) -> Point:
    return Point(rate, 0.5, 1.5, cpu, 100, 5)


class RequestsTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        home = Path(folder.name) / "mlp"
        home.mkdir()
        (home / "input-0.bin").write_bytes(struct.pack("<2f", 0.1, -2))
        (home / "output-0.bin").write_bytes(struct.pack("<2f", 1.5, 0.25))
        signature = {
            "input": {"datatype": "FP32", "shape": [1, 2]},
            "output": {"datatype": "FP32", "shape": [1, 2]},
            "samples": 1,
        }
        (home / "signature.json").write_text(json.dumps(signature))
        self.requests = Requests(Path(folder.name), MLP)

    def _answer(self, form: str, *values: float) -> bytes:
        data = struct.pack(f"<{len(values)}f", *values)
        output = {"name": "output", "datatype": "FP32", "shape": [1, len(values)]}
        if form == JSON:
            return json.dumps({"outputs": [{**output, "data": values}]}).encode()
        if form == BINARY:
            output["parameters"] = {"binary_data_size": len(data)}
            return json.dumps({"outputs": [output]}).encode() + data
        shape = bytes([1, len(values)])
        described = b"".join(map(protobuf.field, (1, 2, 3), ("output", "FP32", shape)))
        return protobuf.field(5, described) + protobuf.field(6, data)

    def test_answers_are_judged_in_every_form(self) -> None:
        for form in FORMS:
            self.assertIsNone(self.requests.wrong(form, 0, self._answer(form, 1.5, 0.25)), form)
            self.assertIsNone(self.requests.wrong(form, 0, self._answer(form, 1.5001, 0.25)), form)
            self.assertIn("element 1", self.requests.wrong(form, 0, self._answer(form, 1.5, 0.3)))
            self.assertIn("elements", self.requests.wrong(form, 0, self._answer(form, 1.5)))
            self.assertIn("no answer", self.requests.wrong(form, 0, b"{}"[: form == JSON and 2]
                                                           or b"\xff"))  # fmt: skip

    def test_json_has_the_digits_of_python(self) -> None:
        self.assertIn(b"0.10000000149011612", self.requests.body(JSON, 0))

    def test_the_header_says_the_length_of_the_json(self) -> None:
        length = int(self.requests.header(BINARY).rpartition(" ")[2])
        body = self.requests.body(BINARY, 0)
        self.assertEqual([1, 2], json.loads(body[:length])["inputs"][0]["shape"])
        self.assertEqual(struct.pack("<2f", 0.1, -2), body[length:])

    def test_files_are_written_once(self) -> None:
        files = list(Path(self.requests.files(GRPC)).parent.iterdir())
        self.assertEqual([self.requests.body(GRPC, 0)], [file.read_bytes() for file in files])
        self.assertEqual(self.requests.files(GRPC), self.requests.files(GRPC))

    def test_a_server_that_ends_is_told_with_its_error(self) -> None:
        script = "import sys; sys.exit('SomeError: no such thing')"
        server = Server("x", (JSON,), lambda _: [sys.executable, "-c", script])
        with Running(server, self.requests, 1) as running, self.assertRaises(Broken) as told:
            running.first_answer()
        self.assertIn("SomeError: no such thing", str(told.exception))


class ReportTest(unittest.TestCase):
    def setUp(self) -> None:
        self.results = Results()
        for rate in (900.0, 1000.0, 5000.0):
            self.results.add(Key("mlp", "Modelweir", JSON, 8), point(rate, 50))
        self.results.add(Key("mlp", "Fastify", JSON, 8), point(250, 100))
        self.results.cold_starts["mlp", "Modelweir"] = [0.5, 0.7, 0.6]
        self.results.cold_starts["mlp", "Fastify"] = [1.2]
        self.results.limits["mlp"] = [[Limit(1, 9000, 9), Limit(2, 17000, 9.5)]]
        self.results.problem("KServe", "mlp", "", "it | ended")
        self.results.problem("KServe", "mlp", "", "it | ended")

    def test_medians_and_ratios(self) -> None:
        text = report.markdown({"Machine": "two cores"}, self.results)
        self.assertIn("| Modelweir | JSON | 8 | 1000 |  | 0.5 | 1.5 | 50 | 40.5 |  | 100 |", text)
        self.assertIn("| Fastify | JSON | 8 | 250 | 0.25 | 0.5 | 1.5 | 100 | 90.5 | 2.00 | 100 |", text)
        self.assertIn("9000 runs/s and 9 µs", text)
        self.assertIn("| Fastify | 1.2 | 2.00 |", text)

    def test_what_was_not_measured_is_told_once(self) -> None:
        text = report.markdown({}, self.results)
        self.assertEqual(1, text.count(r"| KServe | mlp |  | it \| ended |"))

    def test_writes_all_files(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            report.write(Path(folder), {}, Pace.quick(), self.results, 8)
            self.assertEqual(
                ["cpu.svg", "results.json", "results.md"],
                sorted(file.name for file in Path(folder).iterdir()),
            )
            chart = xml.fromstring((Path(folder) / "cpu.svg").read_text())
            bars_ = [e for e in chart.iter() if e.get("fill") in (bars.OURS, bars.PEER, bars.LIMIT)]
            self.assertEqual(3, len(bars_))
            data = json.loads((Path(folder) / "results.json").read_text())
            self.assertEqual(3, len(data["points"][0]["runs"]))


class MarksTest(unittest.TestCase):
    def setUp(self) -> None:
        self.results = Results()
        self.results.limits["image"] = [[Limit(1, 40, 20_000), Limit(2, 60, 24_000)]]
        for server, form, cpu in (
            ("Modelweir", JSON, 26_000),
            ("Modelweir", BINARY, 24_480),
            ("FastAPI", JSON, 36_000),
            ("Fastify", JSON, 32_000),
        ):
            self.results.add(Key("image", server, form, 8), point(50, cpu))

    def test_ratios_are_beside_the_loop_and_the_best_peer(self) -> None:
        found = {mark.what: mark for mark in marks(self.results) if mark.found is not None}
        self.assertEqual(
            [
                ("image, JSON, 8 connections: CPU above the bare loop, of the best peer's", 0.25),
                ("image, binary, 8 connections: CPU of the bare loop's", 1.02),
            ],
            [(what, round(mark.found or 0, 4)) for what, mark in found.items()],
        )
        self.assertTrue(all(mark.met for mark in found.values()))

    def test_what_was_not_measured_is_not_judged(self) -> None:
        self.assertTrue(all(mark.met is None for mark in marks(Results())))

    def test_batches_and_overload(self) -> None:
        self.results.limits["encoder"] = [[Limit(1, 100, 1), Limit(2, 200, 1)]]
        self.results.add(Key("encoder", "Modelweir", JSON, 32), point(230, 1))
        self.results.overloads["encoder"] = Overload(512, 250, 230, 460, 220, 200, 90, 260)
        verdicts = {m.what.split(":")[1]: m.met for m in marks(self.results) if m.found is not None}
        self.assertFalse(verdicts[" rate of the bare loop's without batches"])
        self.assertTrue(verdicts[" answers in time of its capacity"])
        self.assertFalse(verdicts[" p99 of the 250 ms that clients grant (200 ms the policy)"])
        text = report.markdown({}, self.results)
        self.assertIn("| encoder | 230 | 460 | 220 | 200 | 90 | 260 | 250 |", text)
        self.assertIn("≥ 1.2 | 1.15 | not met |", text)


    def test_a_swap_may_cost_no_request(self) -> None:
        for failures, verdict in ((0, True), (1, False)):
            self.results.swaps["mlp"] = Swaps(100, 32, 50_000, failures, 900, 1000)
            judged = [mark for mark in marks(self.results) if "100 swaps" in mark.what]
            self.assertEqual([verdict], [mark.met for mark in judged])
        text = report.markdown({}, self.results)
        self.assertIn("| mlp | 100 | 32 | 50000 | 1 | 900 | 0.90 |", text)
        self.assertIn("≤ 0 | 1 | not met |", text)


class ResumeTest(unittest.TestCase):
    def test_results_come_back_as_they_were(self) -> None:
        results = Results()
        results.add(Key("mlp", "Modelweir", JSON, 8), point(900, 50))
        results.cold_starts["mlp", "Modelweir"] = [0.5]
        results.limits["mlp"] = [[Limit(1, 9000, 9), Limit(2, 17000, 9.5)]]
        results.overloads["big"] = Overload(512, 250, 230, 460, 220, 200, 90, 120)
        results.swaps["mlp"] = Swaps(100, 32, 50_000, 0, 900, 1000)
        results.problem("KServe", "mlp", "", "it ended")
        again = Results.of_json(json.loads(json.dumps(results.as_json())))
        self.assertEqual(results, again)

    def test_only_what_is_whole_is_kept(self) -> None:
        results = Results()
        for connections in (1, 8):
            results.add(Key("mlp", "Modelweir", JSON, connections), point(900, 50))
        results.cold_starts["mlp", "Modelweir"] = [0.5]
        results.problem("KServe", "mlp", "", "it ended")
        self.assertTrue(results.has(0, "Modelweir", "mlp", [JSON], 2))
        self.assertFalse(results.has(1, "Modelweir", "mlp", [JSON], 2))
        self.assertFalse(results.has(0, "Modelweir", "mlp", [JSON, BINARY], 2))
        self.assertTrue(results.has(0, "KServe", "mlp", [JSON, GRPC], 2))
        results.drop(0, "Modelweir", "mlp")
        self.assertFalse(results.has(0, "Modelweir", "mlp", [JSON], 1))
        self.assertEqual([], results.cold_starts["mlp", "Modelweir"])


class PeersTest(unittest.TestCase):
    def test_packages_are_pinned(self) -> None:
        for file in installed.PEERS.glob("*/requirements.txt"):
            for line in file.read_text().splitlines():
                if not line.startswith("#"):
                    self.assertRegex(line, r"^[A-Za-z0-9._-]+==[0-9][^ ]*$", str(file))
        package = json.loads((installed.PEERS / "fastify" / "package.json").read_text())
        for version in package["dependencies"].values():
            self.assertRegex(version, r"^[0-9.]+$")

    def test_each_knows_its_forms(self) -> None:
        for peer in PEERS:
            self.assertTrue(peer.forms and set(peer.forms) <= set(FORMS), peer.name)
