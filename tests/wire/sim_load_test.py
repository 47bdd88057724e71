"""Load, and a thousand devices in one process, against a small daemon of plain sockets."""

import json
import os
import re
import resource
import selectors
import socket
import subprocess
import threading

from sim_kit import DEADLINE, PROGRAM, SimCase, SimError, eventually, main


class Answerer(threading.Thread):
    """Dials scanners and answers every line; counts what it saw, by scanner."""

    def __init__(self, ports, answers=lambda line: b"ACCEPT\n", on_line=None):
        super().__init__(daemon=True)
        self.answers, self.on_line = answers, on_line
        self.seen = {}
        self.selector = selectors.DefaultSelector()
        self.wake, wakes = socket.socketpair()
        self.selector.register(wakes, selectors.EVENT_READ, None)
        for device, port in ports.items():
            peer = socket.create_connection(("127.0.0.1", port), DEADLINE)
            self.seen[device] = []
            self.selector.register(peer, selectors.EVENT_READ, [device, b""])
        self.start()

    def run(self):
        while True:
            for key, _ in self.selector.select():
                if key.data is None:
                    return
                got = key.fileobj.recv(65536)
                if not got:
                    self.selector.unregister(key.fileobj)
                    continue
                self.take(key, got)

    def take(self, key, got):
        device, partial = key.data
        *lines, key.data[1] = (partial + got).split(b"\r")
        for line in lines:
            self.seen[device].append(line)
            if self.on_line:
                self.on_line(device)
            answer = self.answers(line)
            if answer:
                key.fileobj.sendall(answer)

    def end(self):
        self.wake.send(b"x")
        self.join(DEADLINE)
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.wake.close()


class LoadTest(SimCase):
    DEVICES = [{"kind": "scanner_tcp_listen", "id": f"S{n}", "port": 0} for n in range(4)] + [
        {"kind": "plc_divert", "id": "C1", "port": 0, "points": 4, "lanes": 4,
         "decision_ms": 1000, "lane_ms": 10}]
    SCANNERS = [f"S{n}" for n in range(4)]

    def answerer(self, **members):
        daemon = Answerer({s: self.sim.port(s) for s in self.SCANNERS}, **members)
        self.addCleanup(daemon.end)
        for scanner in self.SCANNERS:
            self.sim.wait(scanner, "connected")
        return daemon

    def test_an_open_loop_sends_at_its_rate_and_every_code_once(self):
        daemon = self.answerer()
        load = self.sim.do("load", scanners=self.SCANNERS, code="N{n}", digits=4,
                           rate_per_s=200, scans=200, seconds=60)
        self.assertEqual((load["sent"], load["answered"], load["unanswered"]), (200, 200, 0))
        # The last of 200 leaves 199 gaps of 5 ms after the first: never earlier.
        self.assertGreaterEqual(load["sending_s"], 0.99)
        codes = sorted(code for codes in daemon.seen.values() for code in codes)
        self.assertEqual(codes, [b"N%04d" % n for n in range(1, load["sent"] + 1)])
        times = load["answer_ms"]
        self.assertEqual(times["count"], load["sent"])
        self.assertTrue(0 < times["p50"] <= times["p90"] <= times["p99"] <= times["max"])

    def test_a_poisson_load_has_about_its_rate_and_repeats_with_its_seed(self):
        self.answerer()
        loads = [self.sim.do("load", scanners=self.SCANNERS, code="N{n}", rate_per_s=300,
                             spread="poisson", seed=seed, seconds=60, scans=100)
                 for seed in (7, 7)]
        self.assertEqual([load["sent"] for load in loads], [100, 100])

    def test_a_closed_loop_waits_for_each_answer(self):
        self.answerer()
        load = self.sim.do("load", scanners=self.SCANNERS, codes=["A", "B"], rate_per_s=0,
                           seconds=60, scans=1000)
        self.assertEqual((load["sent"], load["answered"]), (1000, 1000))

    def test_scans_without_an_answer_are_counted_as_such(self):
        self.answerer(answers=lambda line: None if line.endswith(b"3") else b"OK\n")
        load = self.sim.do("load", scanners=["S0"], code="N{n}", digits=1, rate_per_s=20,
                           seconds=5, scans=5, wait_ms=40)
        self.assertEqual((load["answered"], load["unanswered"]), (4, 1))

    def test_codes_come_from_a_file_with_their_separators(self):
        daemon = self.answerer()
        with open(self.path("codes"), "w", encoding="utf-8") as file:
            file.write("ONE\\u001d10\n\nTWO\x1d20\n")
        self.sim.do("load", scanners=["S0"], codes_file=self.path("codes"), rate_per_s=0, scans=2)
        self.assertEqual(daemon.seen["S0"], [b"ONE\x1d10", b"TWO\x1d20"])

    def test_a_paired_load_is_cartons_and_measures_the_way_to_the_register(self):
        plc = socket.create_connection(("127.0.0.1", self.sim.port("C1")), DEADLINE)
        self.addCleanup(plc.close)
        beats = iter(range(1, 65536))

        def decide(device):
            point = int(device[1:])
            status = self.ask(plc, b"\x03" + (point * 16).to_bytes(2, "big") + b"\x00\x0c")[2:]
            words = next(beats).to_bytes(2, "big") + status[4:8] + b"\x00\x02\x00\x00" + status[2:4]
            self.ask(plc, b"\x10" + (100 + point * 16).to_bytes(2, "big") + b"\x00\x06\x0c" + words)

        self.answerer(on_line=decide)
        load = self.sim.do("load", code="N{n}", rate_per_s=0, scans=100, seconds=60,
                           scanners=[{"id": f"S{n}", "plc": "C1", "point": n} for n in range(4)])
        self.assertEqual((load["decided"], load["on_default"], load["inducted"]),
                         (load["sent"], 0, load["sent"]))
        self.assertEqual(load["divert_ms"]["count"], load["sent"])
        self.sim.wait("C1", "diverted", load["sent"])
        self.assertEqual(self.sim.report("C1")["confirmed_by_lane"], [0, load["sent"], 0, 0])

    @staticmethod
    def ask(plc, pdu):
        plc.sendall(b"\x00\x01\x00\x00" + (len(pdu) + 1).to_bytes(2, "big") + b"\x01" + pdu)
        head = plc.recv(7, socket.MSG_WAITALL)
        return plc.recv(int.from_bytes(head[4:6], "big") - 1, socket.MSG_WAITALL)

    def test_a_paired_load_that_nobody_decides_ends_on_the_default_lane(self):
        self.answerer()
        load = self.sim.do("load", code="N{n}", rate_per_s=0, scans=8,
                           scanners=[{"id": f"S{n}", "plc": "C1", "point": n} for n in range(4)])
        self.assertEqual((load["decided"], load["on_default"]), (0, 8))

    def test_a_load_without_scanners_or_codes_is_refused(self):
        with self.assertRaisesRegex(SimError, '"scanners": expected a list of scanners'):
            self.sim.do("load", scanners=["S9"], code="N{n}")
        with self.assertRaisesRegex(SimError, '"code" is missing: expected a pattern'):
            self.sim.do("load", scanners=["S1"])


class ThousandTest(SimCase):
    """250 ptys, 250 scanners that listen, 250 PLCs and 250 printers in one process."""

    EACH = 250
    DEVICES = (
        [{"kind": "scanner_pty", "id": f"T{n}", "link": f"tty{n}"} for n in range(EACH)] +
        [{"kind": "scanner_tcp_listen", "id": f"S{n}", "port": 0} for n in range(EACH)] +
        [{"kind": "plc_divert", "id": f"C{n}", "port": 0} for n in range(EACH)] +
        [{"kind": "printer_zpl", "id": f"P{n}", "port": 0, "labels_dir": "labels",
          "ms_per_label": 1} for n in range(EACH)])

    def setUp(self):
        resource.setrlimit(resource.RLIMIT_NOFILE,
                           (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        super().setUp()

    def test_what_was_sent_is_what_arrived_on_all_of_them(self):
        scanners = [f"S{n}" for n in range(self.EACH)]
        daemon = Answerer({s: self.sim.port(s) for s in scanners})
        self.addCleanup(daemon.end)
        eventually(lambda: all(self.sim.report()[s]["connected"] for s in scanners))
        lines = {}
        for number in range(self.EACH):
            line = os.open(self.path(f"tty{number}"), os.O_RDONLY | os.O_NOCTTY)
            self.addCleanup(os.close, line)
            lines[number] = line
        load = self.sim.do("load", scanners=scanners, code="N{n}", rate_per_s=0, seconds=60,
                           scans=5000, wait_ms=30000)
        self.assertEqual((load["sent"], load["answered"]), (5000, 5000))
        self.assertEqual(sum(map(len, daemon.seen.values())), 5000)

        for number, line in lines.items():
            self.sim.do("send_raw", device=f"T{number}", data=f"PTY{number}\r")
            self.assertEqual(os.read(line, 100), b"PTY%d\r" % number)
        for number in range(self.EACH):
            with socket.create_connection(("127.0.0.1", self.sim.port(f"P{number}"))) as printer:
                printer.sendall(b"^XA^FDlabel %d^FS^XZ" % number)
            self.assertFalse(self.sim.do("induct", device=f"C{number}", wait="none")["acked"])
        eventually(lambda: len(os.listdir(self.path("labels"))) == self.EACH)

        report = self.sim.report()
        self.assertEqual(len(report), 1000)
        total = lambda key: sum(one.get(key, 0) for one in report.values())  # noqa: E731
        self.assertEqual((total("scans_sent"), total("scans_answered")), (5000, 5000))
        self.assertEqual((total("labels_printed"), total("inducted")), (self.EACH, self.EACH))


class StartTest(SimCase):
    """What is wrong in the warehouse file is said with its key, all of it, and nothing starts."""

    def refused(self, text):
        with open(self.path("bad.json"), "w", encoding="utf-8") as file:
            file.write(text)
        done = subprocess.run([PROGRAM, self.path("bad.json"), "--control", self.path("bad.sock")],
                              capture_output=True, text=True, timeout=DEADLINE, check=False)
        self.assertFalse(os.path.exists(self.path("bad.sock")))
        return done.returncode, done.stderr

    def test_all_problems_of_all_devices_are_named(self):
        code, said = self.refused(json.dumps({"devices": [
            {"kind": "scanner_pty", "id": "S1"},
            {"kind": "scanner_pty", "id": "S1", "link": "x"},
            {"kind": "plc_divert", "id": "C1", "port": 70000, "lines": 4},
            {"kind": "robot", "id": "R1"},
            {"kind": "plc_divert", "id": "C2", "port": 0, "points": 9, "decision_base": 100}]}))
        self.assertEqual(code, 78)
        for expected in (
                r'devices\[1\] \(scanner_pty S1\): "link" is missing: expected a string',
                r'devices\[3\].*"port": expected a whole number from 0 to 65535, found 70000',
                r'"lines" is not known here; known are .*lanes',
                r'devices\[4\]: "kind": expected one of .*found "robot"',
                r'"decision_base": expected an address outside the status blocks, found 100'):
            self.assertRegex(said, re.compile(expected))

    def test_a_name_twice_a_file_that_is_not_json_and_one_without_devices(self):
        both = [{"kind": "scanner_pty", "id": "S1", "link": "x"}] * 2
        self.assertRegex(self.refused(json.dumps({"devices": both}))[1], "no other device has")
        self.assertRegex(self.refused("{")[1], "not JSON")
        self.assertRegex(self.refused("[]")[1], 'expected an object with "devices"')

    def test_a_port_in_use_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            code, said = self.refused(json.dumps({"devices": [
                {"kind": "scanner_tcp_listen", "id": "S1", "port": port}]}))
        self.assertEqual(code, 69)
        self.assertIn(f"port {port} on 127.0.0.1: Address already in use", said)

    def test_a_second_simulator_on_the_same_control_socket_is_refused(self):
        with open(self.path("good.json"), "w", encoding="utf-8") as file:
            file.write('{"devices": []}')
        done = subprocess.run([PROGRAM, self.path("good.json"), "--control", self.path("sim.sock")],
                              capture_output=True, text=True, timeout=DEADLINE, check=False)
        self.assertEqual(done.returncode, 69)
        self.assertIn("somebody listens on it already", done.stderr)
        self.sim.report()


if __name__ == "__main__":
    main()
