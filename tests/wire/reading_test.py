"""How a device's codes are read is the device's own setting, on every kind of wire: the text it
sends for GS, and data identifiers. Seen from outside: bytes in, the ledger's row out.

Run with LOTGATE_BIN naming the folder of the programs.
"""

import json
import os
import pathlib
import subprocess
import sys
import unittest

from daemon_kit import SITE, DaemonCase, Scanner, free_port, listens, until

MOSQUITTO = "/usr/sbin/mosquitto"
CODE = "]d20109506000134352" "10L-7{0}21S-1"


class ReadingTest(DaemonCase):
    def the_attempt(self) -> dict:
        def found():
            rows = [json.loads(body) for _, kind, body in self.ledger() if kind == "attempt"]
            return rows[0] if rows else None
        return until("the attempt", 15, found)

    def is_split(self, text: str) -> None:
        body = self.the_attempt()
        self.assertEqual(body["what"].get("lot"), "L-7", body)
        self.assertEqual(body["what"].get("serial"), "S-1", body)
        self.assertEqual(body["seen"].get("warnings"), ["separator_replaced"], body)
        # What came over the wire is kept as it came.
        self.assertEqual(body["seen"]["raw"], CODE.format(text))

    def test_a_tcp_scanner_may_send_a_text_for_gs(self):
        self.start(SITE.replace("[[station]]", 'gs_texts = ["<GS>", "~"]\n[[station]]'))
        scanner = Scanner(self.words["d1"])
        self.assertTrue(scanner.scan(CODE.format("<GS>")))
        scanner.close()
        self.is_split("<GS>")

    def test_without_the_setting_the_text_is_part_of_the_lot(self):
        self.start()
        scanner = Scanner(self.words["d1"])
        self.assertTrue(scanner.scan(CODE.format("<GS>")))
        scanner.close()
        self.assertEqual(self.the_attempt()["what"]["lot"], "L-7<GS>21S-1")

    def test_a_serial_scanner_may_send_a_text_for_gs(self):
        ours, its = os.openpty()
        self.words["tty"] = os.ttyname(its)
        self.start(SITE.replace('scanners = ["D1"]', 'scanners = ["D1", "D2"]') +
                   '[[device]]\nid = "D2"\nkind = "serial_scanner"\nport = "{tty}"\n'
                   'gs_texts = ["{{GS}}"]\n')
        until("the port", 10, lambda: self.devices()["D2"].get("state") == "ready")

        def is_read():  # what comes right after opening may be the tail of a code, and is dropped
            os.write(ours, CODE.format("{GS}").encode() + b"\r\n")
            return any(kind == "attempt" for _, kind, _ in self.ledger())
        until("the read", 15, is_read, 0.2)
        self.is_split("{GS}")
        os.close(ours)
        os.close(its)

    @unittest.skipUnless(pathlib.Path(MOSQUITTO).exists(), "no mosquitto here")
    def test_an_mqtt_scanner_may_send_a_text_for_gs(self):
        self.words["broker"] = free_port()
        conf = self.dir / "broker.conf"
        conf.write_text(f"listener {self.words['broker']} 127.0.0.1\nallow_anonymous true\n"
                        "set_tcp_nodelay true\npersistence false\n")
        self.children.append(subprocess.Popen([MOSQUITTO, "-c", conf], stdout=subprocess.DEVNULL,
                                              stderr=subprocess.DEVNULL))
        until("the broker", 10, lambda: listens(self.words["broker"]))
        self.start(SITE.replace('scanners = ["D1"]', 'scanners = ["D1", "H1"]') +
                   '[mqtt]\nhost = "127.0.0.1"\nport = {broker}\n'
                   '[[device]]\nid = "H1"\nkind = "mqtt_scanner"\ngs_texts = ["|"]\n')
        until("the session", 15, lambda: self.devices()["H1"].get("state") == "ready")
        message = json.dumps({"id": "s-1", "code": CODE.format("|")})
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.words["broker"]),
                        "-q", "1", "-t", "lotgate/v1/WIRE-1/H1/event", "-m", message],
                       check=True, timeout=20)
        self.is_split("|")

    def test_data_identifiers_are_read_where_a_device_is_said_to_send_them(self):
        self.start(SITE.replace("[[station]]", 'data_identifiers = ["S"]\n[[station]]'))
        scanner = Scanner(self.words["d1"])
        self.assertTrue(scanner.scan("S12345"))
        scanner.close()
        self.assertEqual(self.the_attempt()["what"]["serial"], "12345")

    def test_a_text_that_a_lot_may_hold_is_refused_with_its_line(self):
        code, words = self.refused(SITE.replace("[[station]]", 'gs_texts = ["_"]\n[[station]]'))
        self.assertEqual(code, 78)
        self.assertIn("site.toml:", words)
        self.assertIn("lot or serial", words)


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2, argv=sys.argv[:1])
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
