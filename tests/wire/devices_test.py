"""Scanners over real wires, from the simulator's end to the ledger: what was sent is what is stored,
a unit that comes back elsewhere is found, a unit that was swapped is named, and a person can see,
try and replace each device. The tags are the complaint classes of the acceptance tests.

Run with LOTGATE_BIN naming the folder of the programs.
"""

import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "story"))

from processes import ROOT, free_port, until  # noqa: E402
from simctl import Sim  # noqa: E402

BIN = pathlib.Path(os.environ["LOTGATE_BIN"]).resolve()
MANY = int(os.environ.get("LOTGATE_MANY", "1000"))

SITE = """
[site]
id = "WIRE-2"
allow_inject = {inject}
[store]
path = "{dir}/lotgate.db"
[labels]
dir = "{config}/labels"
[api]
listen = "127.0.0.1:{api}"
socket = "{dir}/api.sock"
"""

ANSWERS = """answer_good = "OK {code}\\r\\n"
answer_attention = "?? {code}\\r\\n"
answer_bad = "NO {code}\\r\\n"
answer_unavailable = "XX {code}\\r\\n"
"""


def device(name: str, kind: str, **keys) -> str:
    lines = [f'[[device]]\nid = "{name}"\nkind = "{kind}"\n']
    for key, value in keys.items():
        lines.append(f"{key} = {json.dumps(value)}\n")
    return "".join(lines)


def station(name: str, scanners: list[str], **keys) -> str:
    lines = [f'[[station]]\nid = "{name}"\nscanners = {json.dumps(scanners)}\n']
    for key, value in ({"step": "receive"} | keys).items():
        lines.append(f"{key} = {json.dumps(value)}\n")
    return "".join(lines)


class DevicesCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="lotgate-dev-")
        self.addCleanup(self.folder.cleanup)
        self.dir = pathlib.Path(self.folder.name)
        self.inject = "true"
        self.child = None
        self.addCleanup(self.end)

    def end(self):
        if self.child is not None and self.child.poll() is None:
            self.child.kill()
        if self.child is not None:
            self.child.wait()

    def simulate(self, devices: list[dict]) -> Sim:
        sim = Sim.started(str(BIN / "lotgate-sim"), {"devices": devices}, str(self.dir / "sim"))
        self.addCleanup(sim.stop)
        self.addCleanup(sim.close)
        return sim

    def write(self, parts: str) -> pathlib.Path:
        path = self.dir / "site.toml"
        words = {"dir": self.dir, "config": ROOT / "config", "api": self.api,
                 "inject": self.inject}
        path.write_text(SITE.format(**words) + parts)
        return path

    def start(self, parts: str, seconds: float = 30) -> subprocess.Popen:
        if not hasattr(self, "api"):
            self.api = free_port()
        path = self.write(parts)
        with open(self.dir / "log", "ab") as log:
            self.child = subprocess.Popen([BIN / "lotgated", "--config", path], stdout=log,
                                          stderr=log)
        until("the daemon", seconds, lambda: self.child.poll() is not None or self.answers())
        self.assertIsNone(self.child.poll(), self.log())
        return self.child

    def answers(self) -> bool:
        return self.run_cli("status").returncode == 0

    def log(self) -> str:
        return (self.dir / "log").read_text(errors="replace")

    def run_cli(self, *words) -> subprocess.CompletedProcess:
        return subprocess.run([BIN / "lotgate", "--socket", self.dir / "api.sock", *words],
                              capture_output=True, text=True, timeout=60)

    def cli(self, *words) -> dict:
        done = self.run_cli("--json", *words)
        self.assertTrue(done.stdout.strip(), done.stderr)
        return json.loads(done.stdout)

    def state(self, name: str) -> str:
        return self.health()[name]["state"]

    def health(self) -> dict:
        return {row["id"]: row for row in self.cli("devices")["devices"]}

    def becomes(self, name: str, state: str, seconds: float = 30):
        until(f"{name} to be {state}", seconds, lambda: self.state(name) == state)

    def stored(self) -> list[dict]:
        """The observations of the ledger, in order."""
        with sqlite3.connect(f"file:{self.dir}/lotgate.db?mode=ro", uri=True) as base:
            rows = base.execute("SELECT body FROM ledger ORDER BY seq").fetchall()
        events = [json.loads(row[0]) for row in rows]
        return [event for event in events if "seen" in event]

    def counted(self, name: str, counter: str) -> int:
        return self.health()[name]["counters"][counter]


class SerialTest(DevicesCase):
    """Ptys under names as udev gives them: the name is the unit, the tty changes."""

    def by_id(self, serial: str) -> str:
        folder = self.dir / "by-id"
        folder.mkdir(exist_ok=True)
        return str(folder / f"usb-Maker_Scanner_{serial}-if00")

    def scanner(self, serial: str, name: str = "D1") -> str:
        return device(name, "serial_scanner", port=self.by_id(serial),
                      framing="stx_etx", same_code_quiet="0ms") + ANSWERS

    def simulated(self, name: str, serial: str) -> dict:
        # Found by its start, the first frame after plugging in is whole beyond doubt.
        return {"kind": "scanner_pty", "id": name, "link": self.by_id(serial),
                "prefix": "\u0002", "suffix": "\u0003\r\n"}

    def test_c13_a_replugged_scanner_is_back_within_two_seconds_under_whatever_tty(self):
        sim = self.simulate([self.simulated("S1", "A1")])
        self.start(self.scanner("A1") + station("DOCK-1", ["D1"]))
        self.becomes("D1", "ready")
        took = []
        for round_ in range(3):
            sim.do("unplug", device="S1")
            self.becomes("D1", "retrying")
            # Long enough for the pauses between attempts to have grown.
            gone = time.monotonic()
            until("an absence that lasts", 30, lambda: time.monotonic() > gone + 3)
            began = time.monotonic()
            sim.do("replug", device="S1")
            self.becomes("D1", "ready")
            took.append(time.monotonic() - began)
            answer = sim.do("scan", device="S1", data=f"]C0BACK-{round_}", wait_ms=10000)
            self.assertTrue(answer["answer"])
        print(f"re-attached after {', '.join(f'{t:.2f} s' for t in took)}")
        self.assertLess(max(took), 2.0)

    def test_c13_two_scanners_that_swap_their_ttys_stay_who_they_are(self):
        sim = self.simulate([self.simulated("S1", "A1"), self.simulated("S2", "A2")])
        self.start(self.scanner("A1", "D1") + self.scanner("A2", "D2") +
                   station("DOCK-1", ["D1"]) + station("DOCK-2", ["D2"]))
        for name in ("D1", "D2"):
            self.becomes(name, "ready")
        # The by-id name goes with the unit; the ttys are handed out anew, the other way round.
        ttys = [sim.report(s)["slave"] for s in ("S1", "S2")]
        sim.do("unplug", device="S1")
        sim.do("unplug", device="S2")
        for name in ("D1", "D2"):
            self.becomes(name, "retrying")
        sim.do("replug", device="S2")
        sim.do("replug", device="S1")
        print("ttys before and after:", ttys, [sim.report(s)["slave"] for s in ("S1", "S2")])
        for number in ("1", "2"):
            self.becomes("D" + number, "ready")
            sim.do("scan", device="S" + number, data="]C0FROM-" + number, wait_ms=10000)
        seen = {e["seen"]["raw"]: e["seen"]["device"] for e in self.stored()}
        self.assertEqual(seen, {"]C0FROM-1": "D1", "]C0FROM-2": "D2"})

    def test_c13_a_swapped_unit_is_named_and_accepted_by_one_command_for_good(self):
        sim = self.simulate([self.simulated("S1", "OLD")])
        parts = self.scanner("OLD") + station("DOCK-1", ["D1"])
        child = self.start(parts)
        self.becomes("D1", "ready")
        refused = self.run_cli("devices", "replace", "D1", "--badge", "B7")
        self.assertNotEqual(refused.returncode, 0)  # the right one is plugged in
        sim.do("unplug", device="S1")
        sim.do("replug", device="S1", link=self.by_id("NEW"))
        self.becomes("D1", "failed")
        self.assertIn("NEW", self.health()["D1"]["because"])
        self.assertIn("lotgate devices replace", self.health()["D1"]["because"])
        self.assertTrue(self.cli("devices", "show", "D1")["unit"]["other"].endswith("NEW-if00"))
        done = self.run_cli("devices", "replace", "D1", "--badge", "B7")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.becomes("D1", "ready")
        self.assertRegex(self.log(), r"D1: .*NEW-if00 takes the place of .*OLD-if00.* by B7")
        # A reload and a restart change nothing of it.
        child.send_signal(signal.SIGHUP)
        until("the reload", 10, lambda: "reloaded" in self.log())
        self.assertEqual(self.state("D1"), "ready")
        child.send_signal(signal.SIGTERM)
        child.wait(20)
        self.start(parts)
        self.becomes("D1", "ready")
        self.assertTrue(sim.do("scan", device="S1", data="]C0NEW", wait_ms=10000)["answer"])
        # Who writes another unit into the configuration means that one.
        self.write(self.scanner("THIRD") + station("DOCK-1", ["D1"]))
        self.child.send_signal(signal.SIGHUP)
        until("the configuration's word", 10, lambda: self.state("D1") == "failed")


class FramingTest(DevicesCase):
    def setUp(self):
        super().setUp()
        self.sim = self.simulate([{"kind": "scanner_tcp_listen", "id": "S1", "port": 0,
                                   "prefix": "\u0002", "suffix": "\u0003\r\n"}])
        self.start(device("D1", "tcp_scanner", host="127.0.0.1", port=self.sim.port("S1"),
                          framing="stx_etx", frame_bytes_max=4096, same_code_quiet="0ms") +
                   ANSWERS + station("DOCK-1", ["D1"]))
        self.becomes("D1", "ready")

    def scan(self, code: str):
        return self.sim.do("scan", device="S1", data=code, wait_ms=10000)["answer"]

    def raws(self) -> list[str]:
        return [event["seen"]["raw"] for event in self.stored()]

    def test_c14_codes_that_come_byte_by_byte_or_all_at_once_are_the_same_codes(self):
        codes = [f"]d201095060001343521{n:04d}\u001d10L-88" for n in range(20)]
        self.sim.do("scanner", device="S1", quirk="split")
        for code in codes[:10]:
            self.assertTrue(self.scan(code))
        self.sim.do("scanner", device="S1", quirk="split", on=False)
        self.sim.do("scanner", device="S1", quirk="merge", count=10)
        asked = [self.sim.begin("scan", device="S1", data=code, wait_ms=10000)
                 for code in codes[10:]]
        for one in asked:
            self.assertTrue(self.sim.finish(one)["answer"])
        self.assertEqual(len(self.raws()), len(codes))
        self.assertEqual(self.raws(), codes)

    def test_c14_bytes_that_no_code_has_are_kept_or_refused_never_cut_into_another_code(self):
        for quirk in ("cr_inside", "nul_inside", "parity_noise"):
            self.sim.do("scanner", device="S1", quirk=quirk)
            answer = self.scan("]C100106141412345678")
            self.sim.do("scanner", device="S1", quirk=quirk, on=False)
            self.assertTrue(answer is not None and answer.startswith("NO"), (quirk, answer))
        before = len(self.stored())
        self.sim.do("scanner", device="S1", quirk="overlong", bytes=20000)
        self.sim.do("scan", device="S1", data="]C0LONG", wait_ms=300)
        self.sim.do("scanner", device="S1", quirk="overlong", on=False)
        until("the drop to be counted", 10, lambda: self.counted("D1", "dropped_too_long") == 1)
        self.assertTrue(self.scan("]C0AFTER"))
        self.assertEqual(len(self.stored()), before + 1)

    def test_c14_a_flood_is_held_back_and_every_code_of_it_is_stored(self):
        self.sim.do("scanner", device="S1", quirk="flood", count=500)
        self.sim.do("scan", device="S1", data="]C0FLOOD", wait_ms=10000)
        until("all to be read", 60, lambda: self.counted("D1", "scans") == 500)
        until("all to be stored", 60, lambda: len(self.stored()) == 500)


class TriggerTest(DevicesCase):
    def test_the_plc_announces_a_carton_and_the_scanner_looks(self):
        sim = self.simulate([
            {"kind": "scanner_tcp_listen", "id": "S1", "port": 0, "no_read": "ERROR",
             "trigger_on": "LON", "trigger_off": "LOFF"},
            {"kind": "plc_divert", "id": "C1", "port": 0, "lanes": 4, "decision_ms": 3000,
             "lane_ms": 50}])
        self.start(
            device("D1", "tcp_scanner", profile="keyence", host="127.0.0.1", port=sim.port("S1"),
                   triggered_by="gateway", read_window="1s") + ANSWERS +
            device("C1", "modbus_conveyor", host="127.0.0.1", port=sim.port("C1")) +
            station("SORT-1", ["D1"], step="divert", conveyor="C1", point=0, lane_exception=3,
                    decide_within="2500ms"))
        for name in ("D1", "C1"):
            self.becomes(name, "ready")
        sim.do("aim", device="S1", data="]C0CARTON-1")
        first = sim.do("induct", device="C1", point=0, wait="confirm", wait_ms=20000)
        self.assertEqual(first["lane"], 3)  # nothing is known of it: the exception lane
        sim.do("aim", device="S1", data=None)
        second = sim.do("induct", device="C1", point=0, wait="confirm", wait_ms=20000)
        self.assertEqual(second["lane"], 3)
        report = sim.report("S1")
        self.assertEqual((report["triggers_on"], report["triggers_off"]), (2, 2))
        seen = [(e["seen"]["raw"], "no_read" in json.dumps(e["seen"]))
                for e in self.stored()]
        self.assertIn("]C0CARTON-1", [raw for raw, _ in seen])
        self.assertEqual(self.counted("D1", "no_reads"), 1)


class ManyTest(DevicesCase):
    def test_c17_a_thousand_scanners_need_one_descriptor_each_and_lose_nothing(self):
        names = [f"S{n:04d}" for n in range(MANY)]
        sim = self.simulate([{"kind": "scanner_tcp_listen", "id": name, "port": 0}
                             for name in names])
        parts = "".join(device(name, "tcp_scanner", host="127.0.0.1", port=sim.port(name),
                               same_code_quiet="0ms") + ANSWERS for name in names)
        self.start(parts + station("DOCK-1", names), seconds=120)
        until("all to be ready", 120, lambda: all(
            row["state"] == "ready" for row in self.health().values()))
        with open(f"/proc/{self.child.pid}/limits") as limits:
            limit = [line.split()[3] for line in limits if line.startswith("Max open files")]
        used = len(os.listdir(f"/proc/{self.child.pid}/fd"))
        print(f"{MANY} scanners: {used} descriptors ({used / MANY:.3f} a device), limit {limit[0]}")
        self.assertLess(used, MANY + 64)
        for round_ in range(2):
            asked = [sim.begin("scan", device=name, data=f"]C0{name}-{round_}", wait_ms=60000)
                     for name in names]
            for one in asked:
                self.assertTrue(sim.finish(one)["answer"])
        sent = sum(report["scans_sent"] for report in sim.report().values())
        raws = [event["seen"]["raw"] for event in self.stored()]
        self.assertEqual((sent, len(raws), len(set(raws))), (2 * MANY, 2 * MANY, 2 * MANY))


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2)
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
