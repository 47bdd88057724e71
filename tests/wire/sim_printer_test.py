"""The simulated ZPL printer against a plain socket: what it prints, says, and does when it fails."""

import os
import re
import time

from sim_kit import PROGRAM, Sim, SimCase, eventually, is_silent, main, read_exactly

STATUS = re.compile(rb"\x02([^\x03]*)\x03\r\n\x02([^\x03]*)\x03\r\n\x02([^\x03]*)\x03\r\n")


def label(text, copies=1):
    return f"^XA^FO20,20^A0N,30,30^FH_^FD{text}^FS^PQ{copies}^XZ".encode()


class PrinterCase(SimCase):
    DEVICES = [{"kind": "printer_zpl", "id": "P1", "port": 0, "labels_dir": "labels",
                "ms_per_label": 1, "dpmm": 8}]

    def fault(self, name, **members):
        self.sim.do("printer", device="P1", fault=name, **members)

    def printed(self, count):
        self.sim.wait("P1", "labels_printed", count)

    def files(self):
        return [one["file"] for one in self.sim.do("labels", device="P1")["labels"]]

    def texts(self):
        found = []
        for file in self.files():
            with open(file, "rb") as content:
                found.append(re.search(rb"\^FD(.*?)\^FS", content.read(), re.S).group(1).decode())
        return found

    def status(self, peer):
        """~HS as three lists of fields."""
        peer.sendall(b"~HS\r\n")
        got = b""
        while not STATUS.fullmatch(got):
            got += read_exactly(peer, 1)
        return [line.decode().split(",") for line in STATUS.fullmatch(got).groups()]

    def errors(self, peer):
        peer.sendall(b"~HQES\r\n")
        got = b""
        while not got.endswith(b"\x03\r\n"):
            got += read_exactly(peer, 1)
        return re.search(rb"ERRORS: +([01]) ([0-9A-F]{8}) ([0-9A-F]{8})\r", got).groups()

    def ask(self, peer, name):
        peer.sendall(b'! U1 getvar "%s"\r\n' % name.encode())
        got = read_exactly(peer, 1)
        while not (got.endswith(b'"') and len(got) > 1):
            got += read_exactly(peer, 1)
        return got.decode().strip('"')


class PrintsTest(PrinterCase):
    def test_each_label_becomes_a_file_with_the_bytes_of_its_format(self):
        peer = self.dial("P1")
        one = label("ONE")
        for at in range(len(one)):
            peer.sendall(one[at:at + 1])
        peer.sendall(label("TWO") + b"\r\n" + label("THREE", copies=2))
        self.printed(4)
        self.assertEqual(self.texts(), ["ONE", "TWO", "THREE", "THREE"])
        with open(self.files()[0], "rb") as content:
            self.assertEqual(content.read(), one)
        self.assertTrue(self.files()[0].endswith("/labels/P1-000001.zpl"))
        self.assertEqual(self.ask(peer, "odometer.total_label_count"), "4")

    def test_text_that_was_not_escaped_is_executed(self):
        peer = self.dial("P1")
        peer.sendall(b"^XA^FDgood ^FS^XZ^XA^FDevil^FS^XZ rest^FS^XZ")
        self.printed(2)
        peer.sendall(b"^XA^FDlot~JA7^FS^XZ")
        self.sim.wait("P1", "cancels")

    def test_escaped_text_prints_one_label(self):
        self.dial("P1").sendall(label("LOT_5EFS_5EXZ_7EJA"))
        self.printed(1)
        report = self.sim.report("P1")
        self.assertEqual((report["cancels"], report["formats_received"]), (0, 1))

    def test_a_format_of_settings_only_prints_nothing(self):
        peer = self.dial("P1")
        peer.sendall(b"^XA^JZN^XZ" + label("ONE"))
        self.printed(1)
        self.assertEqual(self.sim.report("P1")["formats_without_label"], 1)

    def test_the_host_status_has_three_strings_with_the_documented_fields(self):
        peer = self.dial("P1")
        first, second, third = self.status(peer)
        self.assertEqual(first, ["030", "0", "0", "1216", "000", "0", "0", "0", "000",
                                 "0", "0", "0"])
        self.assertEqual(second, ["000", "0", "0", "0", "1", "2", "4", "0", "00000000",
                                  "1", "000"])
        self.assertEqual(len(third), 2)
        peer.sendall(b"^XA^LL0400^FDhalf")
        self.assertEqual(self.status(peer)[0][7], "1")

    def test_what_it_does_not_know_is_a_question_mark(self):
        peer = self.dial("P1")
        self.assertEqual(self.ask(peer, "no.such.thing"), "?")
        self.assertEqual(self.ask(peer, "head.latch"), "ok")
        self.assertEqual(self.ask(peer, "media.status"), "ok")
        self.assertEqual(self.ask(peer, "device.status"), "ready")

    def test_a_second_client_waits_until_the_first_is_gone(self):
        first = self.dial("P1")
        self.status(first)
        second = self.dial("P1")
        second.sendall(b"~HS")
        self.assertTrue(is_silent(second, 0.1))
        first.close()
        self.assertTrue(read_exactly(second, 1))

    def test_cancel_all_empties_the_buffer(self):
        self.fault("pause")
        peer = self.dial("P1")
        peer.sendall(label("ONE") + label("TWO"))
        eventually(lambda: self.status(peer)[0][4] == "002")
        peer.sendall(b"~JA")
        eventually(lambda: self.status(peer)[0][4] == "000")
        peer.sendall(b"~PS" + label("THREE"))
        self.printed(1)
        self.assertEqual(self.texts(), ["THREE"])


class FaultsTest(PrinterCase):
    def test_out_of_paper_after_two_labels_the_third_waits_and_is_printed_once(self):
        self.fault("paper_out", after=2)
        peer = self.dial("P1")
        peer.sendall(label("ONE") + label("TWO") + label("THREE"))
        self.printed(2)
        eventually(lambda: self.status(peer)[0][1] == "1")
        self.assertEqual(self.status(peer)[1][8], "00000001")
        self.assertEqual(self.errors(peer), (b"1", b"00000000", b"00000001"))
        self.assertEqual(self.ask(peer, "media.status"), "out")
        self.fault("paper_out", on=False)
        self.printed(3)
        self.assertEqual(self.texts(), ["ONE", "TWO", "THREE"])
        self.assertEqual(self.errors(peer)[0], b"0")

    def interrupted(self, setting):
        peer = self.dial("P1")
        self.fault("slow", ms=60000)
        peer.sendall(b"^XA" + setting + b"^XZ" + label("ONE") + label("TWO"))
        eventually(lambda: self.status(peer)[0][4] == "001")
        self.fault("paper_out", mid_label=True)
        self.fault("slow", ms=1)
        self.assertEqual(self.sim.report("P1")["labels_spoiled"], 1)
        self.fault("paper_out", on=False)

    def test_a_spoiled_label_is_printed_again_with_jzy(self):
        self.interrupted(b"^JZY")
        self.printed(2)
        self.assertEqual(self.texts(), ["ONE", "TWO"])

    def test_a_spoiled_label_is_all_there_is_with_jzn(self):
        self.interrupted(b"^JZN")
        self.printed(1)
        eventually(lambda: self.sim.report("P1")["formats_waiting"] == 0)
        self.assertEqual(self.texts(), ["TWO"])

    def test_ribbon_and_head_and_pause_are_told_apart(self):
        peer = self.dial("P1")
        self.fault("ribbon_out")
        self.assertEqual((self.status(peer)[1][3], self.errors(peer)[2]), ("1", b"00000002"))
        self.fault("ribbon_out", on=False)
        self.fault("head_open")
        self.assertEqual((self.status(peer)[1][2], self.errors(peer)[2]), ("1", b"00000004"))
        self.assertEqual(self.ask(peer, "head.latch"), "open")
        peer.sendall(label("ONE"))
        eventually(lambda: self.status(peer)[0][4] == "001")
        self.fault("head_open", on=False)
        self.printed(1)
        self.fault("pause")
        self.assertEqual((self.status(peer)[0][2], self.errors(peer)[2]), ("1", b"00010000"))

    def test_it_drops_the_connection_in_the_middle_of_a_format(self):
        self.fault("drop_mid_job", after_bytes=15)
        peer = self.dial("P1")
        with self.assertRaises(ConnectionError):
            peer.sendall(label("ONE"))
            read_exactly(peer, 1)
        again = self.dial("P1")
        again.sendall(label("TWO"))
        self.printed(1)
        self.assertEqual(self.texts(), ["TWO"])
        self.assertEqual(self.sim.report("P1")["formats_dropped"], 1)

    def test_it_drops_a_format_it_had_whole_before_printing_it(self):
        self.fault("drop_before_print")
        peer = self.dial("P1")
        with self.assertRaises(ConnectionError):
            peer.sendall(label("ONE"))
            read_exactly(peer, 1)
        self.dial("P1").sendall(label("TWO"))
        self.printed(1)
        self.assertEqual(self.texts(), ["TWO"])

    def test_it_prints_a_label_and_drops_before_it_can_say_so(self):
        self.fault("drop_unanswered")
        peer = self.dial("P1")
        with self.assertRaises(ConnectionError):
            peer.sendall(label("ONE"))
            read_exactly(peer, 1)
        self.printed(1)

    def test_after_a_loss_of_power_it_prints_its_last_label_again(self):
        self.fault("power_loss", after=1, ms=30, duplicate=True)
        peer = self.dial("P1")
        with self.assertRaises(ConnectionError):
            peer.sendall(label("ONE") + label("TWO"))
            read_exactly(peer, 1)
        self.printed(2)
        self.assertEqual(self.texts(), ["ONE", "ONE"])
        self.assertEqual([one["duplicate"] for one in
                          self.sim.do("labels", device="P1")["labels"]], [False, True])
        self.assertEqual(self.sim.report("P1")["formats_dropped"], 1)
        self.dial("P1").sendall(label("THREE"))
        self.printed(3)

    def test_a_loss_of_power_without_that_habit_only_loses(self):
        self.fault("power_loss", after=1, ms=30)
        self.dial("P1").sendall(label("ONE") + label("TWO"))
        self.sim.wait("P1", "power_losses")
        self.dial_when_back().sendall(label("THREE"))
        self.printed(2)
        self.assertEqual(self.texts(), ["ONE", "THREE"])

    def dial_when_back(self):
        def dialled():
            try:
                return self.dial("P1")
            except OSError:
                return None

        return eventually(dialled)

    def test_silence_about_the_host_status(self):
        peer = self.dial("P1")
        self.fault("silent_hs")
        peer.sendall(b"~HS")
        self.assertTrue(is_silent(peer, 0.1))
        self.assertEqual(self.errors(peer)[0], b"0")
        self.fault("silent_hs", on=False)
        self.status(peer)

    def test_silence_exactly_when_there_is_a_fault(self):
        peer = self.dial("P1")
        self.fault("silent_in_fault")
        self.status(peer)
        self.fault("paper_out")
        peer.sendall(b"~HS")
        self.assertTrue(is_silent(peer, 0.1))
        self.assertEqual(self.sim.report("P1")["status_silences"], 1)
        self.fault("paper_out", on=False)
        self.status(peer)

    def test_silence_about_everything(self):
        peer = self.dial("P1")
        self.fault("silent")
        peer.sendall(b'~HS~HQES! U1 getvar "head.latch"\r\n' + label("ONE"))
        self.printed(1)
        self.assertTrue(is_silent(peer, 0.05))

    def test_a_garbled_and_a_late_status(self):
        peer = self.dial("P1")
        self.fault("garbled_hs")
        peer.sendall(b"~HS")
        self.assertIn(b"\xff", read_exactly(peer, 15))
        self.fault("garbled_hs", on=False)
        peer.close()
        late = self.dial("P1")
        self.fault("late_hs", ms=150)
        began = time.monotonic()
        late.sendall(b"~HS")
        self.assertTrue(read_exactly(late, 1))
        self.assertGreaterEqual(time.monotonic() - began, 0.15)

    def test_it_takes_labels_and_prints_none_while_stalled(self):
        self.fault("stall")
        peer = self.dial("P1")
        peer.sendall(label("ONE"))
        eventually(lambda: self.status(peer)[0][4] == "001")
        self.assertEqual(self.files(), [])
        self.fault("stall", on=False)
        self.printed(1)

    def test_switched_off_it_refuses(self):
        self.dial("P1")
        self.sim.do("unplug", device="P1")
        with self.assertRaises(ConnectionRefusedError):
            self.dial("P1")
        self.sim.do("replug", device="P1")
        self.dial("P1").sendall(label("ONE"))
        self.printed(1)

    def test_numbers_go_on_after_a_restart_of_the_simulator(self):
        self.dial("P1").sendall(label("ONE"))
        self.printed(1)
        self.ends_well(self.sim)
        self.assertFalse(os.path.exists(self.path("sim.sock")))
        self.sim = Sim.started(PROGRAM, {"devices": self.DEVICES}, self.folder.name)
        self.addCleanup(self.ends_well, self.sim)
        self.dial("P1").sendall(label("TWO"))
        self.printed(1)
        self.assertTrue(self.files()[0].endswith("P1-000002.zpl"))


class CounterTest(PrinterCase):
    def test_a_counter_can_be_wrong_stale_or_absent(self):
        peer = self.dial("P1")
        count = lambda: self.ask(peer, "odometer.total_label_count")
        self.fault("counter_wrong", by=3)
        peer.sendall(label("A"))
        self.printed(1)
        self.assertEqual(count(), "3")
        self.fault("counter_wrong", on=False)
        self.fault("counter_stale")
        peer.sendall(label("B"))
        self.printed(2)
        self.assertEqual(count(), "3")
        self.fault("counter_stale", on=False)
        peer.sendall(label("C"))
        self.printed(3)
        self.assertEqual(count(), "4")
        self.fault("counter_none")
        self.assertEqual(count(), "?")

    def test_a_hot_head_stops_labels_and_is_told(self):
        peer = self.dial("P1")
        self.fault("head_hot")
        peer.sendall(label("A"))
        self.assertEqual(self.status(peer)[0][11], "1")
        self.assertEqual(self.errors(peer), (b"1", b"00000000", b"00000010"))
        self.fault("head_hot", on=False)
        self.printed(1)


def tspl(text, copies=1):
    return f'SIZE 50 mm,25 mm\r\nCLS\r\nTEXT 1,1,"2",0,1,1,"{text}"\r\nPRINT {copies}\r\n'.encode()


class TsplTest(SimCase):
    DEVICES = [{"kind": "printer_tspl", "id": "P3", "port": 0, "labels_dir": "labels",
                "ms_per_label": 1, "dpmm": 8}]

    def fault(self, name, **members):
        self.sim.do("printer", device="P3", fault=name, **members)

    def status(self, peer):
        peer.sendall(b"\x1b!S")
        return read_exactly(peer, 8)

    def count(self, peer):
        peer.sendall(b'OUT "N ",@LABEL\r\n')
        got = b""
        while not got.endswith(b"\r\n"):
            got += read_exactly(peer, 1)
        return got

    def test_labels_are_printed_and_counted(self):
        peer = self.dial("P3")
        one = tspl("ONE")
        for at in range(len(one)):
            peer.sendall(one[at:at + 1])
        peer.sendall(tspl("TWO", copies=2))
        self.sim.wait("P3", "labels_printed", 3)
        self.assertEqual(self.count(peer), b"N 3\r\n")
        self.assertEqual(self.status(peer), b"\x02@@@@\x03\r\n")
        files = [one["file"] for one in self.sim.do("labels", device="P3")["labels"]]
        with open(files[0], "rb") as content:
            self.assertEqual(content.read(), one)

    def test_status_is_answered_in_every_fault(self):
        peer = self.dial("P3")
        for name, want in [("paper_out", b"E@@A"), ("ribbon_out", b"E@@D"),
                           ("head_open", b"E@@`"), ("head_hot", b"E@A@"), ("pause", b"`@@@")]:
            self.fault(name)
            self.assertEqual(self.status(peer), b"\x02" + want + b"\x03\r\n", name)
            self.fault(name, on=False)
        self.fault("pause")
        peer.sendall(b"\x1b!O")
        self.assertEqual(self.status(peer), b"\x02@@@@\x03\r\n")

    def test_text_that_was_not_escaped_is_executed(self):
        peer = self.dial("P3")
        peer.sendall(tspl('a"\r\nPRINT 1\r\nTEXT 1,1,"2",0,1,1,"b'))
        self.sim.wait("P3", "labels_printed", 2)


if __name__ == "__main__":
    main()
