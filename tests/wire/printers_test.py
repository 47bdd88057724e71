"""Labels from a person's wish to paper: numbers from the cloud's leases, printers that are away, go
away, or are configured anew, and text that would like to be a command.

Run with LOTGATE_BIN naming the folder of the programs; the labels are read by tests/labels.
"""

import json
import re
import signal
import socket
import subprocess
import sys
import unittest

from daemon_kit import Scanner
from printers_kit import LETTUCE, ROOT, WIDGET, PrintersCase, item, until, zpl

GS = "\x1d"


class LeasesTest(PrintersCase):
    def supplied(self, site, pool: str, first: str, last: str, lease: int, low: int) -> None:
        self.cloud.run("numbers", "pool", pool, "--kind", "serial", "--first", first, "--last", last,
                       "--prefix", f"{pool}-")
        self.cloud.run("numbers", "supply", site.name, pool, "--lease", lease, "--low", low)

    def serial_of(self, answer: dict) -> str:
        """Of the unit that was labelled; "" where it was refused."""
        found = re.search(r"Label (\S+) is printed", json.dumps(answer))
        return found.group(1) if found else ""

    def test_a_site_gets_its_next_range_before_the_last_one_ends(self):
        site = self.new_site(serials=False)
        self.supplied(site, "A", "01", "40", 10, 4)
        sim = self.printers({"id": "P1"})
        site.start(zpl(sim))
        until("the range", 20, lambda: site.numbers_left()["serial"] == 10)
        given = [self.serial_of(site.label_unit()) for _ in range(6)]
        self.assertEqual(given, [f"A-{n:02}" for n in range(1, 7)])
        until("the next range", 20, lambda: site.numbers_left()["serial"] == 14)
        self.assertNotIn("RANGE_LOW", site.cases())

    def test_without_the_cloud_a_person_is_told_and_then_refused_in_plain_words(self):
        site = self.new_site(serials=False)
        self.supplied(site, "B", "01", "40", 6, 4)
        sim = self.printers({"id": "P1"})
        site.start(zpl(sim))
        until("the range", 20, lambda: site.numbers_left()["serial"] == 6)
        self.cloud.hub.stop()
        try:
            for _ in range(4):
                self.assertTrue(self.serial_of(site.label_unit()))
            self.assertIn("RANGE_LOW", site.cases())
            for _ in range(2):
                self.assertTrue(self.serial_of(site.label_unit()))
            refused = site.label_unit()
            self.assertEqual(refused["code"], "NO_RANGE")
            self.assertIn("No serial number is left at this site. Connect to the cloud",
                          json.dumps(refused))
        finally:
            self.cloud.serve()
        until("a new range", 30, lambda: site.numbers_left()["serial"] > 0)
        self.assertNotIn("RANGE_LOW", site.cases())
        self.assertEqual(self.serial_of(site.label_unit()), "B-07")

    def test_two_sites_of_one_pool_never_give_the_same_number(self):
        sim = self.printers({"id": "P1"}, {"id": "P2"})
        given = []
        for printer in ("P1", "P2"):
            site = self.new_site(serials=False)
            if printer == "P1":
                self.supplied(site, "C", "001", "999", 20, 5)
            else:
                self.cloud.run("numbers", "supply", site.name, "C", "--lease", 20, "--low", 5)
            site.start(zpl(sim, printer))
            until("the range", 20, lambda site=site: site.numbers_left()["serial"] > 0)
            given += [self.serial_of(site.label_unit(printer)) for _ in range(5)]
        self.assertEqual(len(set(given)), 10, given)

    def test_a_range_with_numbers_of_another_site_is_not_given_out_at_all(self):
        one, other = self.new_site(serials=False), self.new_site(serials=False)
        ranges = [item("sscc_range", id="R", first=f"0950600000000{n}", last="09506000000009999")
                  for n in ("1000", "2000")]
        self.cloud.run("feed", "import", one.name, "-", text=ranges[0])
        refused = self.cloud.ask("feed", "import", other.name, "-", text=ranges[1])
        self.assertEqual(refused.returncode, 1)
        self.assertIn(f"leased to wire/{one.name} already", refused.stderr)
        pool = self.cloud.ask("numbers", "pool", "D", "--kind", "sscc", "--first",
                              "09506000000001500", "--last", "09506000000001600")
        self.assertEqual(pool.returncode, 1)
        self.assertIn("leased to", pool.stderr)

    def test_a_gateway_that_takes_a_place_does_not_take_the_numbers_of_the_one_before(self):
        site = self.new_site(serials=False)
        self.supplied(site, "E", "001", "999", 20, 5)
        sim = self.printers({"id": "P1"})
        site.start(zpl(sim))
        until("the range", 20, lambda: site.numbers_left()["serial"] == 20)
        before = {self.serial_of(site.label_unit()) for _ in range(3)}
        site.stop()
        self.cloud.run("site", "release", site.name)
        for file in site.dir.glob("lotgate.db*"):
            file.unlink()
        for file in site.dir.glob("witness*"):
            file.unlink()
        site.start(zpl(sim))
        until("the new range alone", 30, lambda: site.numbers_left()["serial"] == 20)
        after = [self.serial_of(site.label_unit()) for _ in range(3)]
        self.assertEqual(after[0], "E-021")
        self.assertFalse(before & set(after))


class QueueTest(PrintersCase):
    def ready(self, more: str = "", *devices: dict):
        site = self.new_site()
        sim = self.printers(*(devices or ({"id": "P1"},)))
        site.start("".join(zpl(sim, device["id"], more if device["id"] == "P1" else "")
                           for device in (devices or ({"id": "P1"},))))
        until("numbers", 20, lambda: site.numbers_left()["serial"] > 0)
        until("the printer", 20, lambda: site.device("P1")["state"] == "ready")
        return site, sim

    def test_every_state_of_a_label_is_seen_and_what_waited_goes_on_by_itself(self):
        site, sim = self.ready()
        site.label_unit()
        until("the first", 10, lambda: site.states() == ["confirmed"])
        self.assertIn("label counter went from 0 to 1", site.queue()["recent"][0]["because"])
        sim.do("printer", device="P1", fault="head_open")
        until("the fault to be seen", 20, lambda: site.device("P1")["state"] == "failed")
        self.assertIn("head open", site.device("P1")["because"])
        site.label_unit()
        site.label_unit()
        self.assertEqual(site.states(), ["confirmed", "intended", "intended"])
        self.assertEqual([label["state"] for label in site.queue()["waiting"]],
                         ["waiting", "waiting"])
        sim.do("printer", device="P1", fault="head_open", on=False)
        until("all three", 20, lambda: site.states() == ["confirmed"] * 3)
        self.assertEqual(len(self.texts(sim)), 3)

    def test_c19_a_label_that_may_be_there_is_never_printed_again_by_itself(self):
        site, sim = self.ready()
        sim.do("printer", device="P1", fault="drop_unanswered", count=1)
        site.label_unit()
        until("the doubt", 20, lambda: site.states() == ["in_doubt"])
        site.label_unit()
        until("the next one", 20, lambda: site.states() == ["in_doubt", "confirmed"])
        self.assertEqual(len(self.texts(sim)), 2)
        self.assertIn("LABEL_IN_DOUBT", site.cases())
        done = site.command("print", "queue", "P1")
        self.assertEqual(done.returncode, 3)
        self.assertIn("IN DOUBT", done.stdout)

    def test_c19_a_reprint_is_marked_and_has_its_reason_in_the_ledger(self):
        site, sim = self.ready()
        serial = re.search(r"Label (\S+) is", json.dumps(site.label_unit())).group(1)
        until("the label", 10, lambda: site.states() == ["confirmed"])
        second = site.command("print", "reprint", f"{WIDGET}/{serial}", "--badge", "B-1",
                              "--reason", "smeared")
        self.assertEqual(second.returncode, 4, "the first label is live")
        done = site.command("print", "reprint", f"{WIDGET}/{serial}", "first_label=destroyed",
                            "--badge", "B-1", "--reason", "smeared")
        self.assertEqual(done.returncode, 0, done.stderr)
        until("the copy", 10, lambda: len(self.texts(sim)) == 2)
        self.assertNotIn("COPY", self.texts(sim)[0])
        self.assertIn(f"COPY 2 of SN {serial}", self.texts(sim)[1])
        self.assertIn('"reason":"smeared"', site.ledger())

    def test_a_printer_that_cannot_print_gives_what_waits_to_its_neighbour(self):
        site, sim = self.ready('neighbour = "P2"\nfailover = "auto"\nfailover_after = "1s"\n',
                               {"id": "P1"}, {"id": "P2"})
        sim.do("printer", device="P1", fault="head_open")
        until("the fault to be seen", 20, lambda: site.device("P1")["state"] == "failed")
        site.label_unit()
        until("the neighbour", 20, lambda: len(self.texts(sim, "P2")) == 1)
        until("its confirmation", 10, lambda: site.states("P2") == ["confirmed"])
        sim.do("printer", device="P1", fault="head_open", on=False)
        until("P1", 20, lambda: site.device("P1")["state"] == "ready")
        site.label_unit()
        until("P1 to print", 10, lambda: len(self.texts(sim)) == 1)
        self.assertEqual(len(self.texts(sim, "P2")), 1)

    def test_labels_of_a_printer_that_is_configured_anew_go_on_or_become_a_case(self):
        site, sim = self.ready()
        sim.do("printer", device="P1", fault="head_open")
        until("the fault to be seen", 20, lambda: site.device("P1")["state"] == "failed")
        site.label_unit()
        site.write(zpl(sim, more='look_every = "1s"\n'))
        site.daemon.child.send_signal(signal.SIGHUP)
        until("the new one to hold it", 20, lambda: len(site.queue()["waiting"]) == 1
              and site.device("P1")["state"] == "failed")
        site.label_unit()
        sim.do("printer", device="P1", fault="head_open", on=False)
        until("both", 20, lambda: site.states() == ["confirmed", "confirmed"])
        self.assertEqual(len(self.texts(sim)), 2)
        sim.do("printer", device="P1", fault="head_open")
        until("the fault to be seen", 20, lambda: site.device("P1")["state"] == "failed")
        site.label_unit()
        site.write("")
        site.daemon.child.send_signal(signal.SIGHUP)
        until("the case", 20, lambda: "LABEL_FAILED" in site.cases())
        self.assertEqual(len(self.texts(sim)), 2)

    def test_templates_with_problems_are_refused_at_a_reload_and_those_before_print_on(self):
        site = self.new_site()
        folder = self.dir / "templates"
        folder.mkdir()
        for file in (ROOT / "config/labels").glob("*.zpl"):
            (folder / file.name).write_text(file.read_text())
        site.words["labels"] = folder
        sim = self.printers({"id": "P1"})
        site.start(zpl(sim))
        until("numbers", 20, lambda: site.numbers_left()["serial"] > 0)
        (folder / "unit.zpl").write_text("^XA\n^FO0,0^FH_^FD{colour}^FS\n~JA\n^XZ\n")
        site.daemon.child.send_signal(signal.SIGHUP)
        log = site.dir / "lotgated.log"
        until("the problem", 10, lambda: "unit.zpl:2:" in log.read_text())
        self.assertIn("colour", log.read_text())
        site.label_unit()
        until("the label", 10, lambda: len(self.texts(sim)) == 1)
        self.assertIn("SN ", self.texts(sim)[0])

    def test_a_template_is_seen_without_a_printer_and_its_text_stays_text(self):
        site, _ = self.ready()
        done = site.command("labels", "preview", "unit", "--fields",
                            "product=<script>alert(1)</script>&", "serial=S-1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith("<svg"))
        self.assertNotIn("<script", done.stdout)
        self.assertIn("&lt;script", done.stdout)


class SerialLineTest(PrintersCase):
    """A printer on a serial line: both ends of a pty pair, and the simulated printer behind it."""

    def bridge(self, sim) -> subprocess.Popen:
        line = self.dir / "ttyP1"
        child = subprocess.Popen(["socat", f"pty,raw,echo=0,link={line}",
                                  f"tcp:127.0.0.1:{sim.port('P1')}"], stderr=subprocess.DEVNULL)
        self.addCleanup(self.unplug, child)
        until("the line", 10, line.is_symlink)
        return child

    @staticmethod
    def unplug(child: subprocess.Popen) -> None:
        if child.poll() is None:
            child.terminate()
        child.wait()

    def test_it_prints_is_proved_by_its_counter_and_comes_back_after_it_was_unplugged(self):
        site = self.new_site()
        sim = self.printers({"id": "P1"})
        line = self.bridge(sim)
        site.start(f'[[device]]\nid = "P1"\nkind = "zpl_printer"\nline_kind = "serial"\n'
                   f'port = "{self.dir}/ttyP1"\nbaud = 9600\nlook_every = "1s"\n')
        until("numbers", 20, lambda: site.numbers_left()["serial"] > 0)
        until("the printer", 20, lambda: site.device("P1")["state"] == "ready")
        site.label_unit()
        until("the label", 20, lambda: site.states() == ["confirmed"])
        self.assertIn("label counter went from 0 to 1", site.queue()["recent"][0]["because"])
        self.unplug(line)
        until("that it is away", 20, lambda: site.device("P1")["state"] == "retrying")
        site.label_unit()
        self.assertEqual(site.states(), ["confirmed", "intended"])
        self.bridge(sim)
        until("both", 40, lambda: site.states() == ["confirmed", "confirmed"])
        self.assertEqual(len(self.texts(sim)), 2)


class HostileTextTest(PrintersCase):
    # What GS1 lets a lot and a serial hold, as far as it would mean something elsewhere.
    LOT = "L_1<b>\"'&;%>8=1+1"
    SERIAL = "S_7E_5E><i>'\"/*--"
    # What a name may hold that somebody typed, or a file brought.
    NAME = "^XZ^XA~JA\\&\"q\"'\n\r\t\x01\x7f<script>é_5E{copy}"

    def scanner(self, name: str, port: str) -> str:
        return (f'[[device]]\nid = "{name}"\nkind = "tcp_scanner"\nrole = "server"\n'
                f"port = {{{port}}}\nsame_code_quiet = \"0ms\"\nstale_window = \"0ms\"\n"
                'answer_good = "OK {code}\\r\\n"\nanswer_attention = "?? {code}\\r\\n"\n'
                'answer_bad = "NO {code}\\r\\n"\n')

    def stations(self) -> str:
        return ('[[station]]\nid = "DOCK-1"\nstep = "receive"\nscanners = ["D1"]\n'
                '[[station]]\nid = "PACK-1"\nstep = "pack"\nscanners = ["D2"]\nprinter = "P1"\n'
                'label_template = "carton"\n')

    def feed(self) -> str:
        line = {"line": 1, "gtin": LETTUCE, "quantity": 1}
        return (item("product", gtin=LETTUCE, name=self.NAME, serial_tracked=True,
                     lot_tracked=True)
                + item("party", id="C-1", name=self.NAME, route="NORTH")
                + item("asn", id="ASN-1", supplier="V-1", lines=[
                    {**line, "lot": self.LOT, "serials": [self.SERIAL]}])
                + item("order", id="SO-1", customer="C-1", route=self.NAME, lines=[line])
                + item("sscc_range", id=f"R-{self.site_number}", first=self.first,
                       last=self.first[:-3] + "999"))

    def symbols(self, files: list) -> list[tuple[str, bytes]]:
        done = subprocess.run(["node", ROOT / "tests/labels/decode_labels.mjs",
                               "--size=101.6x76.2", *files], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return sorted((row["symbology"], row["bytes"]) for row in rows)

    def test_what_was_scanned_reaches_the_label_as_data(self):
        self.site_number = next(self.names)
        self.first = f"0950600{self.site_number:07}000"
        site = self.new_site(self.feed(), serials=False)
        sim = self.printers({"id": "P1"})
        site.start(self.scanner("D1", "d1") + self.scanner("D2", "d2") + zpl(sim)
                   + self.stations())
        until("the carton numbers", 20, lambda: site.numbers_left()["sscc"] > 0)
        until("the printer", 20, lambda: site.device("P1")["state"] == "ready")
        unit = f"]d201{LETTUCE}10{self.LOT}{GS}21{self.SERIAL}"
        dock, bench = Scanner(site.words["d1"]), Scanner(site.words["d2"])
        self.addCleanup(dock.close)
        self.addCleanup(bench.close)
        self.assertTrue(dock.scan("]C0ASN-1").startswith("OK"))
        self.assertRegex(dock.scan(unit), "^OK")
        self.assertTrue(bench.scan("]C0SO-1").startswith("OK"))
        self.assertRegex(bench.scan(unit), "^OK")
        until("the label", 15, lambda: len(self.texts(sim)) == 1)
        until("its proof", 15, lambda: site.states() == ["confirmed"])
        report = sim.report("P1")
        self.assertEqual((report["labels_printed"], report["cancels"]), (1, 0))
        sscc = re.search(r"\(00\) (\d{18})", self.texts(sim)[0]).group(1)
        file = sim.do("labels", device="P1")["labels"][0]["file"]
        contents = f"00{sscc}02{LETTUCE}371\\x1d10{self.LOT}"
        self.assertEqual(self.symbols([file]), [("]C1", f"00{sscc}"), ("]d2", contents)])

    def test_text_that_is_not_escaped_would_print_something_else(self):
        """The control: the same name, put onto a label as it is, is three labels and a cancel."""
        sim = self.printers({"id": "P1"})
        with socket.create_connection(("127.0.0.1", sim.port("P1")), 10) as raw:
            raw.sendall(f"^XA^FO0,0^FD{self.NAME}^FS^XZ".encode())
            sim.wait("P1", "cancels")


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2, argv=sys.argv)
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
