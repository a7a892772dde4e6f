import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

from benchmark import report, stats, svg
from benchmark.result import Chart, Row, Section, Table
from benchmark.settings import Settings


class StatsTest(unittest.TestCase):
    def test_quantile_is_a_value_that_was_measured(self):
        values = [float(v) for v in range(100, 0, -1)]
        self.assertEqual(50, stats.quantile(values, 0.5))
        self.assertEqual(99, stats.quantile(values, 0.99))
        self.assertEqual(7, stats.quantile([7], 0.99))

    def test_cumulative(self):
        self.assertEqual([(1, 1), (3, 2)], stats.cumulative([13, 11], 10))


class ChartTest(unittest.TestCase):
    def test_ticks_are_few_and_round(self):
        for top in (0.3, 1, 7, 9.9, 25, 60, 1000):
            ticks = svg._ticks(top)
            self.assertTrue(4 <= len(ticks) <= 9, (top, ticks))
            self.assertTrue(ticks[-1] <= top)

    def test_is_xml_that_holds_every_curve(self):
        chart = Chart("services", 40, {"one": [(1, 1), (2, 2)], "two": [(4, 1)]})
        drawn = xml.fromstring(svg.draw("a < b", chart))
        paths = [e for e in drawn.iter() if e.tag.endswith("path")]
        self.assertEqual(2, len(paths))


class ReportTest(unittest.TestCase):
    def setUp(self):
        rows = [
            Row("fast", "s", [3.0, 1.0, 2.0], "≤ 2", "slow", [4.0, 4.0]),
            Row("writes", "", [0.0], "0"),
        ]
        table = Table("Steps", ["s"], {"first": [0.5]})
        chart = Chart("services", 40, {"all": [(1.0, 1)]})
        self.section = Section("Start", rows, [table], chart)

    def test_rows_give_extremes_median_and_ratio(self):
        text = report.markdown({"Machine": "two cores"}, [self.section])
        self.assertIn("| fast, s | ≤ 2 | 1 | 2 | 3 | 4 (slow) | 0.50 |", text)
        self.assertIn("| writes | 0 | 0 | 0 | 0 |  |  |", text)
        self.assertIn("| first | 0.5 |", text)

    def test_writes_all_files(self):
        with tempfile.TemporaryDirectory() as folder:
            report.write(Path(folder), {}, Settings.quick(1, 2), [self.section])
            files = sorted(file.name for file in Path(folder).iterdir())
            written = lambda name: Path(folder, name).read_text()  # noqa: E731
            self.assertEqual("what,seconds,services\n\"all\",1.0000,1\n", written("services.csv"))
            self.assertIn("![Services over time](services.svg)", written("results.md"))
        self.assertEqual(["results.json", "results.md", "services.csv", "services.svg"], files)
