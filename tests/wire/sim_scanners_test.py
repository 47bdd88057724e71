"""Each simulated scanner against a peer that is not ours: a tty file, plain sockets, Mosquitto."""

import fcntl
import json
import os
import select
import socket
import subprocess
import termios
import tty

from sim_kit import DEADLINE, SimCase, SimError, eventually, is_silent, main, read_until

GS = "\u001d"
LABEL = "]d201095060001343521" + "L88" + GS + "21A1"


class PtyScannerTest(SimCase):
    DEVICES = [{"kind": "scanner_pty", "id": "S1", "link": "ttyS1", "no_read": "NOREAD"}]

    def open_tty(self, name="ttyS1"):
        line = os.open(self.path(name), os.O_RDWR | os.O_NOCTTY)
        tty.setraw(line)
        return os.fdopen(line, "r+b", buffering=0)

    @staticmethod
    def has_ended(line):
        try:
            return line.read(1) == b""
        except OSError:
            return True

    def test_a_scan_arrives_byte_for_byte_and_its_answer_goes_back(self):
        with self.open_tty() as line:
            asked = self.sim.begin("scan", device="S1", data=LABEL)
            self.assertEqual(line.read(100), LABEL.encode() + b"\r")
            line.write(b"ACCEPT\r\n")
            answer = self.sim.finish(asked)
        self.assertEqual(answer["answer"], "ACCEPT")
        self.assertLess(answer["ms"], 1000)
        self.assertEqual(self.sim.report("S1")["answers"], {"ACCEPT": 1})

    def test_a_scan_that_nobody_answers_is_given_up_and_counted(self):
        with self.open_tty():
            answer = self.sim.do("scan", device="S1", data=LABEL, wait_ms=30)
        self.assertIsNone(answer["answer"])
        self.assertEqual(self.sim.report("S1")["scans_unanswered"], 1)

    def test_an_answer_that_comes_after_the_wait_is_not_the_next_scans(self):
        with self.open_tty() as line:
            self.sim.do("scan", device="S1", data="ONE", wait_ms=20)
            line.write(b"LATE\n")
            self.sim.wait("S1", "answers_unasked")
            asked = self.sim.begin("scan", device="S1", data="TWO")
            line.read(100)
            line.write(b"MINE\n")
            self.assertEqual(self.sim.finish(asked)["answer"], "MINE")

    def test_an_unplugged_scanner_ends_the_line_and_comes_back_under_another_name(self):
        line = self.open_tty()
        self.sim.do("unplug", device="S1")
        self.assertTrue(self.has_ended(line))
        line.close()
        self.assertFalse(os.path.lexists(self.path("ttyS1")))
        self.assertFalse(self.sim.do("scan", device="S1", data="X")["delivered"])

        self.sim.do("replug", device="S1", link=self.path("ttyOther"))
        self.assertFalse(os.path.lexists(self.path("ttyS1")))
        with self.open_tty("ttyOther") as again:
            self.sim.do("send_raw", device="S1", data="BACK\r")
            self.assertEqual(again.read(100), b"BACK\r")

    def test_a_tty_left_exclusive_by_a_killed_daemon_can_be_opened_again(self):
        exclusive = os.open(self.path("ttyS1"), os.O_RDWR | os.O_NOCTTY)
        fcntl.ioctl(exclusive, termios.TIOCEXCL)
        os.close(exclusive)

        def can_open():
            try:
                os.close(os.open(self.path("ttyS1"), os.O_RDWR | os.O_NOCTTY))
                return True
            except OSError:
                return False

        eventually(can_open)

    def test_socat_reads_the_same_bytes(self):
        reader = subprocess.Popen(
            ["socat", "-u", f"{self.path('ttyS1')},raw,echo=0", "STDOUT"], stdout=subprocess.PIPE)
        self.addCleanup(reader.stdout.close)
        self.addCleanup(reader.wait)
        self.addCleanup(reader.kill)
        # socat flushes the line when it opens it; sent again until it has.
        def heard():
            self.sim.do("send_raw", device="S1", data="SOCAT\r")
            return select.select([reader.stdout], [], [], 0.05)[0]

        eventually(heard)
        self.assertIn(b"SOCAT\r", os.read(reader.stdout.fileno(), 4096))


class TcpScannersTest(SimCase):
    DEVICES = [
        {"kind": "scanner_tcp_listen", "id": "L1", "port": 0,
         "prefix": "\u0002", "suffix": "\u0003\r\n"},
    ]

    def test_answers_belong_to_scans_in_their_order(self):
        peer = self.dial("L1")
        self.sim.wait("L1", "connected")
        first = self.sim.begin("scan", device="L1", data="ONE")
        second = self.sim.begin("scan", device="L1", data="TWO")
        self.assertEqual(read_until(peer, b"TWO\x03\r\n"), b"\x02ONE\x03\r\n\x02TWO\x03\r\n")
        peer.sendall(b"\x02ACCEPT\x03\r\n\x02REFUSE\x03\r\n")
        self.assertEqual(self.sim.finish(second)["answer"], "REFUSE")
        self.assertEqual(self.sim.finish(first)["answer"], "ACCEPT")

    def test_without_a_daemon_a_scan_is_not_delivered(self):
        self.assertFalse(self.sim.do("scan", device="L1", data="ONE")["delivered"])
        self.assertEqual(self.sim.report("L1")["scans_undelivered"], 1)

    def test_a_lost_connection_settles_the_scans_that_waited_on_it(self):
        peer = self.dial("L1")
        self.sim.wait("L1", "connected")
        asked = self.sim.begin("scan", device="L1", data="ONE", wait_ms=60000)
        peer.recv(10)
        peer.close()
        self.assertIsNone(self.sim.finish(asked)["answer"])

    def test_raw_bytes_are_split_at_each_byte_and_repeated(self):
        peer = self.dial("L1")
        self.sim.wait("L1", "connected")
        self.sim.do("send_raw", device="L1", hex="02 00 ff 03", chunks=0, gap_ms=1)
        self.assertEqual(read_until(peer, b"\x03"), b"\x02\x00\xff\x03")
        self.assertEqual(self.sim.do("send_raw", device="L1", hex="41", repeat=5000)["bytes"], 5000)
        got = b""
        while len(got) < 5000:
            got += peer.recv(5000)
        self.assertEqual(got, b"A" * 5000)

    def test_an_unplugged_port_refuses_and_comes_back_on_the_same_port(self):
        peer = self.dial("L1")
        self.sim.wait("L1", "connected")
        self.sim.do("unplug", device="L1")
        self.assertEqual(peer.recv(1), b"")
        with self.assertRaises(ConnectionRefusedError):
            self.dial("L1")
        self.sim.do("replug", device="L1")
        self.dial("L1")
        self.sim.wait("L1", "connects", 2)

    def test_a_bad_request_names_the_key_and_what_was_expected(self):
        with self.assertRaisesRegex(SimError, '"data" is missing: expected a string'):
            self.sim.do("scan", device="L1")
        with self.assertRaisesRegex(SimError, '"device": expected the id of a device.*found "L9"'):
            self.sim.do("scan", device="L9", data="X")
        with self.assertRaisesRegex(SimError, '"wait": .*|"wiat" is not known here'):
            self.sim.do("scan", device="L1", data="X", wiat=1)


class DialScannerTest(SimCase):
    def setUp(self):
        self.daemon = socket.create_server(("127.0.0.1", 0))
        self.daemon.settimeout(DEADLINE)
        self.addCleanup(self.daemon.close)
        self.DEVICES = [{"kind": "scanner_tcp_dial", "id": "D1", "host": "127.0.0.1",
                         "port": self.daemon.getsockname()[1], "suffix": "\r\n"}]
        super().setUp()

    def test_it_dials_and_dials_again_when_it_was_dropped(self):
        peer, _ = self.daemon.accept()
        self.sim.wait("D1", "connected")
        peer.close()
        again, _ = self.daemon.accept()
        self.addCleanup(again.close)
        self.sim.wait("D1", "connects", 2)
        asked = self.sim.begin("scan", device="D1", data="HELLO")
        self.assertEqual(read_until(again, b"\r\n"), b"HELLO\r\n")
        again.sendall(b"OK\r\n")
        self.assertEqual(self.sim.finish(asked)["answer"], "OK")

    def test_unplugged_it_stays_away(self):
        peer, _ = self.daemon.accept()
        self.addCleanup(peer.close)
        self.sim.do("unplug", device="D1")
        self.assertEqual(peer.recv(1), b"")
        self.assertTrue(is_silent(self.daemon, 0.5))


class MqttScannerTest(SimCase):
    """The broker is Mosquitto; its own clients stand for the daemon."""

    def setUp(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.start_broker()
        self.DEVICES = [{"kind": "scanner_mqtt", "id": "M1", "port": self.port,
                         "topic": "hand/M1/scan", "ack_topic": "hand/M1/ack",
                         "step": "receive", "badge": "ann"}]
        super().setUp()
        self.sim.wait("M1", "connected")

    def start_broker(self):
        self.broker = subprocess.Popen(["mosquitto", "-p", str(self.port)],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.broker.wait)
        self.addCleanup(self.broker.kill)

        def listens():
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return True
            except OSError:
                return False

        eventually(listens)

    def subscriber(self):
        """Mosquitto's client, once its subscription stands: a retained mark proves it."""
        self.publish("hand/mark", "ready", "-r")
        client = subprocess.Popen(
            ["mosquitto_sub", "-p", str(self.port), "-q", "1", "-t", "hand/M1/scan",
             "-t", "hand/mark"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(client.stdout.close)
        self.addCleanup(client.wait)
        self.addCleanup(client.kill)
        self.assertEqual(client.stdout.readline(), "ready\n")
        return client

    def publish(self, topic, payload, *more):
        subprocess.run(["mosquitto_pub", "-p", str(self.port), "-q", "1", "-t", topic,
                        "-m", payload, *more], check=True)

    def test_a_read_is_published_with_its_id_and_answered_by_that_id(self):
        client = self.subscriber()
        asked = self.sim.begin("scan", device="M1", data=LABEL, step="pack")
        message = json.loads(client.stdout.readline())
        self.assertEqual((message["code"], message["step"], message["badge"]),
                         (LABEL, "pack", "ann"))
        self.assertRegex(message["ts"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$")
        self.publish("hand/M1/ack", json.dumps({"id": "another", "code": "NO"}))
        self.publish("hand/M1/ack", json.dumps({"id": message["id"], "code": "ACCEPT"}))
        self.assertEqual(self.sim.finish(asked)["answer"], "ACCEPT")
        report = self.sim.report("M1")
        self.assertEqual(report["answers_unasked"], 1)
        self.assertEqual(report["published_acknowledged"], 1)

    def test_the_same_id_can_be_sent_twice_on_purpose(self):
        client = self.subscriber()
        for _ in range(2):
            self.sim.do("scan", device="M1", data="X", id="same-1", wait_ms=5)
            self.assertEqual(json.loads(client.stdout.readline())["id"], "same-1")

    def test_it_connects_again_when_the_broker_is_back(self):
        self.broker.kill()
        self.broker.wait()
        eventually(lambda: not self.sim.report("M1")["connected"])
        self.assertFalse(self.sim.do("scan", device="M1", data="X")["delivered"])
        self.start_broker()
        self.sim.wait("M1", "connects", 2)


if __name__ == "__main__":
    main()
