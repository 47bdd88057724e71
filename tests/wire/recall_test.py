"""What a recall says it does not know, with a daemon whose devices come and go."""

import pathlib
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from daemon_kit import Scanner, until  # noqa: E402
from scenarios_kit import KALE, ScenarioCase  # noqa: E402


class Outages(ScenarioCase):
    def outages(self) -> dict:
        found = self.ask(f"/api/v1/recall?what={KALE}/K-1")["found"][0]
        return {(row["kind"], row["name"]): row for row in found["outages"]}

    def test_a_scanner_that_is_away_and_a_stopped_gateway_stand_in_the_recall(self):
        self.stock({"gtin": KALE, "lot": "K-1", "quantity": "5"})
        # No scanner has connected yet: after five seconds that is an outage.
        until("the outage of D1", 30, lambda: ("device", "D1") in self.outages())
        away = self.outages()[("device", "D1")]
        self.assertTrue(away["is_open"], away)
        self.assertEqual(away["station"], "DOCK-1")
        scanner = Scanner(self.words["d1"])
        until("its end", 30, lambda: not self.outages()[("device", "D1")]["is_open"])
        scanner.close()
        child = self.children[0]
        child.send_signal(signal.SIGKILL)
        child.wait()
        self.children.clear()
        stopped = time.monotonic()
        until("some seconds", 30, lambda: time.monotonic() - stopped > 2.5)
        self.start(self.site)
        until("the gateway's own outage", 30, lambda: ("gateway", "WIRE-1") in self.outages())
        away = self.outages()[("gateway", "WIRE-1")]
        self.assertLess(away["since"], away["until"])
        done = self.cli("recall", f"{KALE}/K-1")
        self.assertIn("certain_until", done["found"][0])


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2, argv=sys.argv[:1])
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
