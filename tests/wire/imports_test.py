"""A large file through the command, the API and the daemon: killed in the middle, wherever that is,
the site has nothing of it or all of it, and scans go on meanwhile.
"""

import pathlib
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from daemon_kit import BIN, ROOT, Scanner, until  # noqa: E402
from scenarios_kit import ScenarioCase, code  # noqa: E402

ROWS = 6000  # 24 slices; more than is written in one transaction


def check_digit(digits: str) -> str:
    total = sum(int(digit) * (3 if n % 2 == 0 else 1) for n, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def gtin(n: int) -> str:
    digits = f"0950700{n:06d}"
    return digits + check_digit(digits)


class ImportCase(ScenarioCase):
    def file(self, rows: int = ROWS, name: str = "products.csv") -> pathlib.Path:
        path = self.dir / name
        path.write_text("gtin,name,lot_tracked\n" +
                        "".join(f"{gtin(n)},Product {n},true\n" for n in range(1, rows + 1)))
        return path

    def importing(self, path: pathlib.Path) -> subprocess.Popen:
        return subprocess.Popen(
            [BIN / "lotgate", "--socket", self.dir / "api.sock", "import", "products", path,
             "--badge", "B-7", "--second-badge", "B-8"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def database(self, question: str):
        with sqlite3.connect(f"file:{self.dir}/lotgate.db?mode=ro", uri=True) as database:
            return database.execute(question).fetchone()[0]

    def imported(self) -> int:
        return self.database("select count(*) from product where gtin like '0950700%'")

    def staged(self) -> int:
        return self.database("select coalesce(sum(items),0) from import_run")

    def in_force(self) -> bool:
        return self.database("select count(*) from import_run where state<>'staged'") > 0

    def kill_and_restart(self) -> None:
        child = self.children[0]
        child.send_signal(signal.SIGKILL)
        child.wait()
        self.children.clear()
        self.start(self.site)

    def is_whole(self) -> None:
        answer = self.ask("/api/v1/chain")
        self.assertTrue(answer["ok"], answer)


class AllOrNothing(ImportCase):
    def test_a_kill_while_rows_are_sent_leaves_nothing_and_the_same_command_goes_on(self):
        path = self.file()
        for at in (1, ROWS // 3, 2 * ROWS // 3):
            command = self.importing(path)
            until("some slices", 30, lambda: self.staged() >= at or command.poll() is not None,
                  0.001)
            self.kill_and_restart()
            command.communicate(timeout=30)
            self.assertIn(self.imported(), (0, ROWS))
            if not self.in_force():
                self.assertEqual(self.imported(), 0)
                self.assertEqual(
                    self.scan("DOCK-2", code(gtin(1), lot="L"))["code"], "PRODUCT_UNKNOWN")
        done = self.importing(path)
        out, err = done.communicate(timeout=60)
        self.assertEqual(done.returncode, 0, out + err)
        self.kill_and_restart()
        self.assertEqual(self.imported(), ROWS)
        self.is_whole()

    def test_a_kill_while_rows_are_written_leaves_all_of_them(self):
        path = self.file()
        command = self.importing(path)
        until("it to be in force", 60, lambda: self.in_force() or command.poll() is not None, 0.001)
        self.kill_and_restart()
        command.communicate(timeout=30)
        self.assertTrue(self.in_force())
        self.assertEqual(self.imported(), ROWS)
        self.assertEqual(self.database("select count(*) from import_stage"), 0)
        again = self.importing(path)
        out, err = again.communicate(timeout=60)
        self.assertEqual(again.returncode, 0, out + err)
        self.assertIn("imported before", out)
        self.is_whole()

    def test_scans_are_answered_while_a_file_comes_in_and_meet_all_of_it_or_nothing(self):
        path = self.file(4 * ROWS)
        slowest = 0.0
        said = []
        command = self.importing(path)
        scanner = Scanner(self.words["d1"])
        n = 0
        while command.poll() is None:
            n += 1
            began = time.monotonic()
            scanner.scan(code(gtin(n * 97 % (4 * ROWS) + 1), lot="L"))
            slowest = max(slowest, time.monotonic() - began)
        scanner.close()
        out, err = command.communicate(timeout=30)
        self.assertEqual(command.returncode, 0, out + err)
        self.assertGreater(n, 10)
        self.assertLess(slowest, 5)
        for seq, kind, body in self.ledger():
            if kind == "attempt" and '"step":"receive"' in body:
                said.append("PRODUCT_UNKNOWN" in body)
            if kind == "operation" and '"did":"imported"' in body and "import_publish" in body:
                said.append("in force")
        # Before it is in force no product is known, afterwards each.
        force = said.index("in force")
        self.assertNotIn(False, said[:force])
        self.assertNotIn(True, said[force + 1:])
        after = self.scan("DOCK-2", code(gtin(4 * ROWS), lot="L"))
        self.assertNotEqual(after["code"], "PRODUCT_UNKNOWN", after)

    def test_one_bad_row_of_many_is_told_by_line_and_column_and_nothing_is_sent(self):
        path = self.file()
        path.write_text(path.read_text() + "09507000000013,Bad digit,perhaps\n")
        done = self.importing(path)
        out, _ = done.communicate(timeout=60)
        self.assertEqual(done.returncode, 1, out)
        self.assertIn(f"line {ROWS + 2}, lot_tracked", out)
        self.assertEqual((self.staged(), self.imported()), (0, 0))


class Dscsa(ImportCase):
    def test_a_dscsa_shipment_is_imported_and_received_by_serial_and_by_its_pallet(self):
        self.take("products", [{"gtin": "09506000134451", "name": "Tablets", "regimes": ["dscsa"],
                                "serial_tracked": True, "lot_tracked": True}])
        done = subprocess.run(
            [BIN / "lotgate", "--socket", self.dir / "api.sock", "import", "asn",
             ROOT / "config/examples/dscsa-shipment.jsonld", "--badge", "B-7"],
            capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.is_done(self.scan("DOCK-2", "DESADV-5501"), "document_opened")
        for serial in ("10000000001", "10000000002"):
            answer = self.scan("DOCK-2", code("09506000134451", lot="RX-208", serial=serial,
                                              expires="2028-03-31"))
            self.is_done(answer, "received")
        # The third stands in a case of its own on the same pallet, and nobody opens it.
        answer = self.scan("DOCK-2", "]C100095060000000000718")
        self.is_done(answer, "received")
        self.assertEqual((answer["progress"], answer["code"]), ("3 / 3", "LOW_CONFIDENCE"))
        third = self.trace("09506000134451/10000000003")["found"][0]
        self.assertEqual((third["unit"]["sscc"], third["unit"]["capture"]),
                         ("095060000000000725", "PALLET_INFERRED"))
        recall = self.ask("/api/v1/recall?what=09506000134451/RX-208")["found"][0]
        source = next(row for row in recall["from"] if "asn" in row)
        self.assertEqual((source["asn"], source["po"]), ("DESADV-5501", "PO-8842"))
        wrong = self.dir / "wrong.jsonld"
        wrong.write_text((ROOT / "config/examples/dscsa-shipment.jsonld").read_text().replace(
            "urn:epc:id:sgtin:9506000.013445.10000000001", "urn:epc:id:sgtin:9506000.1", 1))
        done = subprocess.run(
            [BIN / "lotgate", "--socket", self.dir / "api.sock", "import", "asn", wrong,
             "--badge", "B-7"], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("epcisBody.eventList[0].epcList[0]", done.stdout + done.stderr)


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2, argv=sys.argv[:1])
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
