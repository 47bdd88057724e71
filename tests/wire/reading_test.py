"""How a device's codes are read is the device's own setting, on every kind of wire: the text it
sends for GS, and data identifiers; products are named by HIBC and PPN, too. Seen from outside: bytes in, the ledger's row out.

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


PRODUCTS = """gtin,name,serial_tracked,lot_tracked,codes
09506000134369,Catheter,false,true,hibc:A123BJC5D6E71
09506000134376,Tablets,true,true,ppn:111234567842
"""
ASN = """id,supplier,gtin,lot,serial,quantity,expires_on
ASN-1,V-1,09506000134369,LOT123,,5,2027-01-31
ASN-1,V-1,09506000134376,L-7,77,,2027-01-31
"""
ENVELOPE = "[)>\x1e06\x1d9N{0}\x1d1TL-7\x1dS77\x1d14D20270131\x1e\x04"
NEWER = """# Release: 2099-01-01
01  *?  N14,csum,gcppos2  # GTIN
10  ?  X..20  req=01  # BATCH/LOT
7269  ?  X..10  req=01  # NOT IN THE BUILT-IN TABLE
"""


class CodesTest(DaemonCase):
    def take_in(self, kind: str, text: str) -> None:
        path = self.dir / f"{kind}.csv"
        path.write_text(text)
        done = subprocess.run(
            [os.environ["LOTGATE_BIN"] + "/lotgate", "--socket", self.dir / "api.sock", "import",
             kind, path, "--badge", "B-1", "--reason", "test"],
            capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def last(self) -> dict:
        return [json.loads(body) for _, kind, body in self.ledger() if kind == "attempt"][-1]

    def stocked(self) -> Scanner:
        self.start()
        self.take_in("products", PRODUCTS)
        self.take_in("asn", ASN)
        scanner = Scanner(self.words["d1"])
        self.assertEqual(scanner.scan("]C0ASN-1"), "OK ACCEPT")
        return scanner

    def test_an_hibc_label_is_received_by_its_code(self):
        scanner = self.stocked()
        self.assertEqual(scanner.scan("]zB+A123BJC5D6E71/$$3270131LOT123G"), "OK ACCEPT")
        body = self.last()
        self.assertEqual(body["did"], "received", body)
        self.assertEqual(body["what"], {"gtin": "09506000134369", "lot": "LOT123",
                                        "expires_on": "2027-01-31",
                                        "product_codes": ["hibc:A123BJC5D6E71"]})
        found = self.cli("trace", "hibc:A123BJC5D6E71/LOT123")["found"]
        self.assertEqual([one["subject"] for one in found], ["lot:09506000134369/lot123"])
        scanner.close()

    def test_a_ppn_label_is_received_with_lot_serial_and_expiry(self):
        scanner = self.stocked()
        self.assertEqual(scanner.scan(ENVELOPE.format("111234567842")), "OK ACCEPT")
        self.assertEqual(self.last()["what"],
                         {"gtin": "09506000134376", "serial": "77", "lot": "L-7",
                          "expires_on": "2027-01-31", "product_codes": ["ppn:111234567842"]})
        scanner.close()

    def test_a_ppn_that_no_product_lists_is_put_aside(self):
        scanner = self.stocked()
        self.assertEqual(scanner.scan(ENVELOPE.format("110375286414")), "NO PRODUCT_UNKNOWN")
        self.assertIn("ppn:110375286414", self.last()["verdict"]["told"])
        scanner.close()

    def test_a_typed_lot_may_have_a_word_before_it_a_scanned_one_not(self):
        scanner = self.stocked()
        text = "(01)09506000134369(10)Lot {0}(17)270131"
        self.assertEqual(scanner.scan(text.format("LOT123")), "NO PARSE_LINT_BAD_CHARACTER")
        for lot, code in (("LOT123", "ACCEPT"), ("LOT124", "PARSE_LINT_BAD_CHARACTER")):
            self.assertEqual(self.cli("scan", "DOCK-1", text.format(lot))["code"], code, lot)
        [taken] = [body for _, kind, body in self.ledger()
                   if kind == "attempt" and "prefix_word_left_out" in body]
        self.assertEqual(json.loads(taken)["what"]["lot"], "LOT123")
        scanner.close()

    def test_a_code_with_two_readings_is_refused(self):
        self.start()
        scanner = Scanner(self.words["d1"])
        for code in ("10ABC", "21123456", "425261"):
            self.assertEqual(scanner.scan(code), "NO PARSE_AMBIGUOUS", code)
            self.assertEqual(self.last()["what"], {}, code)
        # With the scanner's word for it there is one reading.
        self.assertEqual(scanner.scan("]d210ABC"), "NO LOT_WITHOUT_PRODUCT")
        scanner.close()

    def test_a_newer_dictionary_is_read_at_start(self):
        code = "]d20109506000134369" "7269NEW"
        self.start()
        scanner = Scanner(self.words["d1"])
        self.assertEqual(scanner.scan(code), "NO PARSE_UNKNOWN_AI")
        scanner.close()
        self.children[0].terminate()
        self.children[0].wait(20)
        newer = self.dir / "newer.txt"
        newer.write_text(NEWER)
        self.start(SITE + f'[barcode]\ndictionary = "{newer}"\n')
        scanner = Scanner(self.words["d1"])
        self.assertEqual(scanner.scan(code), "NO PRODUCT_UNKNOWN")
        scanner.close()
        self.assertIn("release 2099-01-01", self.log())


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2, argv=sys.argv[:1])
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
