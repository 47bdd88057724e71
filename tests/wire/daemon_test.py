"""The daemon as its operator meets it: bad input says what to do and changes nothing, dead devices
stall nobody, a reload disturbs only what changed, and a stop loses nothing.

Run with LOTGATE_BIN naming the folder of the programs.
"""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import unittest

from daemon_kit import BIN, SITE, DaemonCase, Scanner, free_port, listens, until

SECOND_SCANNER = """
[[device]]
id = "D2"
kind = "tcp_scanner"
role = "server"
port = {d2}
answer_good = "OK {{code}}\\r\\n"
answer_bad = "NO {{code}}\\r\\n"
[[station]]
id = "DOCK-2"
step = "receive"
scanners = ["D2"]
"""

DEAD_DEVICES = """
[[device]]
id = "P1"
kind = "zpl_printer"
host = "127.0.0.1"
port = {dead}
[[device]]
id = "PLC1"
kind = "modbus_conveyor"
host = "127.0.0.1"
port = {dead}
[[device]]
id = "D9"
kind = "serial_scanner"
port = "{dir}/no-such-tty"
"""


class DaemonTest(DaemonCase):
    def test_a_bad_configuration_is_told_whole_and_nothing_is_touched(self):
        code, words = self.refused(SITE.replace("same_code_quiet", "same_code_quite")
                                   + '\ncolour = "red"\n')
        self.assertEqual(code, 78)
        self.assertIn("site.toml:", words)
        self.assertIn('did you mean "same_code_quiet"?', words)
        self.assertIn('unknown key "colour"', words)
        self.assertIn("nothing was opened or changed", words)
        self.assertEqual([p.name for p in self.dir.iterdir()], ["site.toml"])

    def test_every_problem_is_told_at_once_with_line_and_column(self):
        code, words = self.refused(SITE.replace("tcp_scanner", "tpc_scanner").replace(
            'id = "WIRE-1"', 'id = "WIRE-1"\nzone = "Mars/Base"'))
        self.assertEqual(code, 78)
        self.assertRegex(words, r"site\.toml:\d+:\d+: .*tpc_scanner")
        self.assertIn("tcp_scanner", words)
        self.assertRegex(words, r"site\.toml:\d+:\d+: .*Mars/Base")

    def test_a_configuration_that_is_no_toml_says_where(self):
        code, words = self.refused(SITE + '\n[[device]\nid = "X"\n')
        self.assertEqual(code, 78)
        self.assertRegex(words, r"site\.toml:\d+:\d+: ")
        self.assertEqual([p.name for p in self.dir.iterdir()], ["site.toml"])

    def test_a_file_that_is_not_there_is_named(self):
        done = subprocess.run([BIN / "lotgated", "--config", self.dir / "none.toml"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 78)
        self.assertIn("none.toml", done.stderr)

    def test_a_port_in_use_is_named_with_the_next_step(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", self.words["api"]))
            taken.listen()
            code, words = self.refused()
        self.assertEqual(code, 1)
        self.assertIn(str(self.words["api"]), words)
        self.assertEqual(len(words.strip().splitlines()), 1, words)

    def test_a_newer_database_is_left_alone(self):
        child = self.start()
        child.terminate()
        child.wait(10)
        with sqlite3.connect(self.dir / "lotgate.db") as database:
            database.execute("pragma user_version = 9999")
        database.close()
        code, words = self.refused()
        self.assertEqual(code, 1)
        self.assertIn("newer", words)
        self.assertEqual(len(words.strip().splitlines()), 1, words)

    def test_a_directory_that_cannot_be_written_is_named(self):
        code, words = self.refused(SITE.replace("{dir}/lotgate.db", "/proc/lotgate/lotgate.db"))
        self.assertEqual(code, 1)
        self.assertIn("/proc/lotgate", words)

    def test_two_daemons_do_not_share_a_ledger(self):
        self.start()
        self.words["api"], self.words["d1"] = free_port(), free_port()
        code, words = self.refused(SITE.replace("{dir}/api.sock", "{dir}/other.sock"))
        self.assertEqual(code, 1)
        self.assertEqual(len(words.strip().splitlines()), 1, words)

    def test_a_bad_dictionary_is_told_and_the_built_in_table_stays(self):
        bad = self.dir / "dictionary.txt"
        bad.write_text("# Release: 2099-01-01\n00 * N18,no_such_linter # SSCC\n")
        self.start(SITE + f'[barcode]\ndictionary = "{bad}"\n')
        self.assertIn("dictionary.txt: line 2", self.log())
        self.assertIn("no_such_linter", self.log())
        self.assertIn("built-in table", self.log())
        scanner = Scanner(self.words["d1"])
        self.assertEqual(scanner.scan("]C100095060000000000015"), "NO UNKNOWN_CODE")
        scanner.close()

    # ---- devices

    def test_dead_devices_say_why_and_stall_nobody(self):
        self.start(SITE + DEAD_DEVICES)
        scanner = Scanner(self.words["d1"])
        began = time.monotonic()
        answers = [scanner.scan(f"]C0NO-SUCH-{n}") for n in range(20)]
        took = time.monotonic() - began
        self.assertTrue(all(a and not a.startswith("XX") for a in answers), answers)
        self.assertLess(took, 3)
        devices = self.devices()
        self.assertEqual(devices["D1"]["state"], "ready")
        for dead in ("P1", "PLC1", "D9"):
            self.assertIn(devices[dead]["state"], ("retrying", "failed"), devices[dead])
            self.assertTrue(devices[dead]["because"], dead)
        scanner.close()

    def test_a_scanner_that_drops_in_the_middle_of_a_code_stalls_nobody_and_comes_back(self):
        self.start(SITE + SECOND_SCANNER)
        until("the second port", 10, lambda: listens(self.words["d2"]))
        dropped = socket.create_connection(("127.0.0.1", self.words["d2"]), 5)
        dropped.sendall(b"]C0HALF-A-CO")
        until("scanner D2", 10, lambda: self.devices()["D2"]["state"] == "ready")
        dropped.close()
        until("its health to say so", 10, lambda: self.devices()["D2"]["state"] != "ready")
        self.assertTrue(self.devices()["D2"]["because"])
        scanner = Scanner(self.words["d1"])
        self.assertEqual(scanner.scan("]C0ALL-WELL"), "NO UNKNOWN_CODE")
        scanner.close()
        again = Scanner(self.words["d2"])
        self.assertEqual(again.scan("]C0A-WHOLE-CODE"), "NO UNKNOWN_CODE")
        again.close()
        # The half of a code is never decided upon.
        self.assertNotIn("HALF-A-CO", "".join(str(row[2]) for row in self.ledger()))

    def test_a_scanner_port_that_is_taken_is_that_scanners_problem_alone(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", self.words["d2"]))
            taken.listen()
            self.start(SITE + SECOND_SCANNER)
            until("scanner D2 to say why", 10, lambda: self.devices()["D2"]["because"])
            because = self.devices()["D2"]["because"]
            self.assertIn(str(self.words["d2"]), because)
            scanner = Scanner(self.words["d1"])
            self.assertEqual(scanner.scan("]C0ALL-WELL"), "NO UNKNOWN_CODE")
            scanner.close()

    def test_garbage_and_floods_are_counted_and_survived(self):
        self.start()
        noise = socket.create_connection(("127.0.0.1", self.words["d1"]), 5)
        noise.sendall(bytes(range(256)) * 400)
        noise.close()
        scanner = Scanner(self.words["d1"])
        self.assertTrue(scanner.scan("]C0STILL-HERE"))
        scanner.close()

    # ---- reload

    def test_a_reload_disturbs_only_what_changed(self):
        child = self.start(SITE + DEAD_DEVICES)
        scanner = Scanner(self.words["d1"])
        self.assertTrue(scanner.scan("]C0ONE"))
        self.write(SITE + DEAD_DEVICES.replace('id = "P1"', 'id = "P2"'))
        child.send_signal(signal.SIGHUP)
        until("the new printer", 10, lambda: "P2" in self.devices())
        self.assertNotIn("P1", self.devices())
        self.assertTrue(scanner.scan("]C0TWO"))  # on the same connection
        scanner.close()

    def test_c11_a_bad_reload_changes_nothing_and_says_so(self):
        child = self.start()
        self.write(SITE + '\ncolour = "red"\n')
        child.send_signal(signal.SIGHUP)
        until("the word in the log", 10, lambda: 'unknown key "colour"' in self.log())
        scanner = Scanner(self.words["d1"])
        self.assertTrue(scanner.scan("]C0ONE"))
        self.assertIn("problem", json.dumps(self.cli("status")))
        scanner.close()

    # ---- stop and watch

    def test_c20_a_stop_under_load_loses_no_answered_scan(self):
        child = self.start()
        answered = []
        stop = threading.Event()

        def load(number: int) -> None:
            try:
                scanner = Scanner(self.words["d1"])
                count = 0
                while not stop.is_set():
                    code = f"]C0LOAD-{number}-{count}"
                    if not scanner.scan(code):
                        return
                    answered.append(code)
                    count += 1
            except OSError:
                return

        worker = threading.Thread(target=load, args=(0,))
        worker.start()
        until("some load", 10, lambda: len(answered) > 100)
        began = time.monotonic()
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(5), 0, self.log())
        self.assertLess(time.monotonic() - began, 2.0)
        stop.set()
        worker.join()
        bodies = "\n".join(str(row[2]) for row in self.ledger())
        missing = [code for code in answered if code[3:] + '"' not in bodies]
        self.assertEqual(missing, [])

    def test_systemd_is_told_ready_and_fed_by_progress(self):
        path = self.dir / "notify.sock"
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind(str(path))
        listener.settimeout(10)
        child = self.start(env={"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "1000000"})
        heard = ""
        end = time.monotonic() + 10
        while time.monotonic() < end and not ("READY=1" in heard and heard.count("WATCHDOG=1") > 1):
            heard += listener.recv(4096).decode() + "\n"
        self.assertIn("READY=1", heard)
        self.assertGreater(heard.count("WATCHDOG=1"), 1)
        self.assertIn("STATUS=", heard)
        child.send_signal(signal.SIGTERM)
        while "STOPPING=1" not in heard:
            heard += listener.recv(4096).decode() + "\n"
        listener.close()


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2, argv=sys.argv[:1])
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
