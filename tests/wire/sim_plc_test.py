"""The simulated divert PLC against pymodbus and against a plain socket that counts every byte."""

import socket
import struct
import time

from pymodbus.client import ModbusTcpClient

from sim_kit import DEADLINE, SimCase, SimError, eventually, is_silent, main, read_exactly

STATUS, DECISION, STRIDE = 0, 100, 16
READ_BLOCK = bytes.fromhex("0001 0000 0006 01 03 0000 000c")
WRITE_W3 = bytes.fromhex("0002 0000 0006 01 06 0067 0002")


class PlcCase(SimCase):
    DEVICES = [
        {"kind": "plc_divert", "id": "C1", "port": 0, "unit": 1, "points": 2, "lanes": 4,
         "default_lane": 4, "decision_ms": 1000, "lane_ms": [40, 60, 80, 20],
         "heartbeat_ms": 20, "gateway_stale_ms": 2000},
        {"kind": "scanner_tcp_listen", "id": "S1", "port": 0},
    ]

    def client(self):
        client = ModbusTcpClient("127.0.0.1", port=self.sim.port("C1"), timeout=DEADLINE)
        self.assertTrue(client.connect())
        self.addCleanup(client.close)
        return client

    def quirk(self, name, **members):
        self.sim.do("plc", device="C1", quirk=name, **members)

    def counts(self, *names):
        report = self.sim.report("C1")
        return tuple(report[name] for name in names)


class Gateway:
    """What a well-behaved gateway does, over pymodbus."""

    def __init__(self, client):
        self.client = client
        self.beat = 0

    def status(self, point=0):
        answer = self.client.read_holding_registers(STATUS + point * STRIDE, 12, slave=1)
        return answer.registers

    def decide(self, sequence, tracking, lane, point=0, beat=True):
        self.beat += 1 if beat else 0
        block = [self.beat, tracking >> 16, tracking & 0xFFFF, lane, 7, sequence]
        answer = self.client.write_registers(DECISION + point * STRIDE, block, slave=1)
        assert not answer.isError(), answer


class ContractTest(PlcCase):
    def setUp(self):
        super().setUp()
        self.gateway = Gateway(self.client())

    def announced(self, point=0):
        seen = self.gateway.status(point)
        return seen[1], seen[2] << 16 | seen[3]

    def test_a_carton_goes_to_the_lane_that_was_decided_in_time(self):
        asked = self.sim.begin("induct", device="C1", point=1)
        eventually(lambda: self.announced(1)[0] == 1)
        sequence, tracking = self.announced(1)
        self.gateway.decide(sequence, tracking, lane=2, point=1)
        self.assertEqual(self.gateway.status(1)[8], sequence)
        answer = self.sim.finish(asked)
        self.assertEqual((answer["result"], answer["lane"], answer["lane_asked"],
                          answer["reason"]), ("diverted", 2, 2, 7))
        self.assertEqual(self.gateway.status(1)[9:12], [2, 1, sequence])
        self.assertEqual(self.announced(0)[0], 0)

    def test_no_decision_in_time_is_the_default_lane(self):
        answer = self.sim.do("induct", device="C1")
        self.assertEqual((answer["result"], answer["lane"], answer["acked"]),
                         ("timeout_default", 4, False))
        self.assertEqual(self.gateway.status()[8:12], [0, 4, 4, 1])

    def test_a_decision_after_the_point_is_counted_late_and_not_acknowledged(self):
        self.sim.do("induct", device="C1")
        sequence, tracking = self.announced()
        self.gateway.decide(sequence, tracking, lane=1)
        self.assertEqual(self.counts("decisions_written", "decisions_late", "decisions_accepted"),
                         (1, 1, 0))
        self.assertEqual(self.gateway.status()[8], 0)

    def test_a_decision_for_a_carton_never_announced_is_counted(self):
        self.gateway.decide(77, 1, lane=1)
        self.assertEqual(self.counts("decisions_unknown"), (1,))

    def test_the_same_block_again_is_one_decision(self):
        asked = self.sim.begin("induct", device="C1")
        eventually(lambda: self.announced()[0] == 1)
        for _ in range(3):
            self.gateway.decide(*self.announced(), lane=3)
        self.gateway.decide(*self.announced(), lane=1)
        self.assertEqual(self.sim.finish(asked)["lane"], 3)
        self.assertEqual(self.counts("decisions_written", "decisions_changed"), (1, 1))

    def test_another_cartons_tracking_id_is_refused(self):
        asked = self.sim.begin("induct", device="C1")
        eventually(lambda: self.announced()[0] == 1)
        self.gateway.decide(1, self.announced()[1] + 1, lane=3)
        self.assertEqual(self.sim.finish(asked)["result"], "timeout_default")
        self.assertEqual(self.counts("decisions_mismatch"), (1,))

    def test_a_gateway_without_a_pulse_is_not_followed(self):
        asked = self.sim.begin("induct", device="C1")
        eventually(lambda: self.announced()[0] == 1)
        self.gateway.decide(*self.announced(), lane=3, beat=False)
        self.assertEqual(self.sim.finish(asked)["result"], "timeout_default")
        self.assertEqual(self.counts("decisions_stale"), (1,))

    def test_several_cartons_on_the_belt_each_get_their_lane_and_their_confirmation(self):
        asked = []
        for sequence in (1, 2, 3):
            asked.append(self.sim.begin("induct", device="C1"))
            eventually(lambda wanted=sequence: self.announced()[0] == wanted)
            self.gateway.decide(*self.announced(), lane=sequence)
        seen = []

        def all_confirmed():
            block = self.gateway.status()
            if block[11] and block[11] not in seen:
                seen.append(block[11])
                self.assertEqual(block[9], block[11])
            return len(seen) == 3

        eventually(all_confirmed)
        for tag in asked:
            self.assertEqual(self.sim.finish(tag)["result"], "diverted")
        self.assertEqual(self.counts("confirmed_by_lane"), ([1, 1, 1, 0],))

    def test_confirmations_wait_until_they_were_read(self):
        first = self.sim.begin("induct", device="C1")
        second = self.sim.begin("induct", device="C1")
        self.sim.finish(first)
        self.sim.finish(second)
        self.assertEqual(self.gateway.status()[11], 1)
        self.assertEqual(self.gateway.status()[11], 2)

    def test_full_jammed_missed_and_impossible_lanes(self):
        cases = [(("lane_full", {"lane": 2}), 2, "lane_full", 4),
                 (("jam", {"lane": 3}), 3, "rejected", 4),
                 (("missed", {"cartons": 1, "lane": 1}), 4, "missed", 1),
                 (("lane_full", {"lane": 2, "on": False}), 9, "rejected", 4)]
        for (name, members), lane, result, ends_in in cases:
            self.quirk(name, **members)
            before = self.announced()[0]
            asked = self.sim.begin("induct", device="C1")
            eventually(lambda: self.announced()[0] == before + 1)
            self.gateway.decide(*self.announced(), lane=lane)
            answer = self.sim.finish(asked)
            self.assertEqual((answer["result"], answer["lane"]), (result, ends_in), name)
        block = self.gateway.status()
        self.assertEqual((block[4] & 4, block[5], block[6]), (4, 0, 1 << 3))

    def test_a_standing_belt_takes_no_carton_and_moves_none(self):
        asked = self.sim.begin("induct", device="C1")
        eventually(lambda: self.announced()[0] == 1)
        self.quirk("state", state="estop")
        self.assertEqual(self.gateway.status()[7], 3)
        with self.assertRaisesRegex(SimError, "the belt stands"):
            self.sim.do("induct", device="C1")
        self.assertTrue(is_silent(self.sim.socket, 1.3))
        self.gateway.decide(*self.announced(), lane=1)
        self.quirk("state", state="run")
        self.assertEqual(self.sim.finish(asked)["lane"], 1)

    def test_a_restart_begins_again_from_zero(self):
        self.sim.do("induct", device="C1", wait="none")
        self.quirk("restart")
        gateway = Gateway(self.client())
        block = gateway.status()
        self.assertEqual((block[1:4], block[8:12]), ([0, 0, 0], [0, 0, 0, 0]))
        self.assertEqual(self.counts("restarts", "cartons_lost"), (1, 1))

    def test_the_sequence_goes_from_65535_to_1(self):
        self.quirk("next_sequence", sequence=65535, point=0)
        self.assertEqual(self.sim.do("induct", device="C1")["sequence"], 65535)
        self.assertEqual(self.sim.do("induct", device="C1")["sequence"], 1)

    def test_its_heartbeat_rises_until_it_is_stopped(self):
        before = self.gateway.status()[0]
        eventually(lambda: self.gateway.status()[0] >= before + 3)
        self.quirk("stop_heartbeat")
        still = self.gateway.status()[0]
        self.assertTrue(is_silent(self.sim.socket, 0.1))
        self.assertEqual(self.gateway.status()[0], still)

    def test_a_carton_is_announced_before_its_scan_and_the_time_to_the_decision_is_measured(self):
        scanner = self.dial("S1")
        self.sim.wait("S1", "connected")
        asked = self.sim.begin("induct", device="C1", scanner="S1", data="CODE", eye_to_scan_ms=20)
        self.assertEqual(read_exactly(scanner, 5), b"CODE\r")
        self.assertEqual(self.announced()[0], 1)
        self.gateway.decide(*self.announced(), lane=1)
        scanner.sendall(b"ACCEPT\n")
        answer = self.sim.finish(asked)
        self.assertEqual((answer["answer"], answer["lane"]), ("ACCEPT", 1))
        self.assertGreater(answer["decided_in_ms"], 0)
        self.assertLess(answer["decided_in_ms"], 1000)
        self.assertEqual(self.gateway.status()[4] & 3, 1)

    def test_a_no_read_is_flagged_by_the_plc(self):
        self.sim.do("induct", device="C1", scanner="S1", data=None, wait="decision")
        self.assertEqual(self.gateway.status()[4] & 3, 3)


class FunctionsTest(PlcCase):
    def test_every_function_code_it_serves(self):
        client = self.client()
        self.assertEqual(client.read_input_registers(STATUS, 12, slave=1).registers[7], 2)
        self.assertFalse(client.write_register(DECISION + 3, 9, slave=1).isError())
        self.assertEqual(client.read_holding_registers(DECISION, 6, slave=1).registers[3], 9)
        both = client.readwrite_registers(read_address=STATUS, read_count=12,
                                          write_address=DECISION, write_registers=[5, 0, 0, 2],
                                          slave=1)
        self.assertEqual(len(both.registers), 12)
        self.assertEqual(client.read_holding_registers(DECISION, 4, slave=1).registers,
                         [5, 0, 0, 2])
        self.assertFalse(client.write_coil(5, True, slave=1).isError())
        self.assertFalse(client.write_coils(8, [True, False, True], slave=1).isError())
        self.assertEqual(client.read_coils(0, 16, slave=1).bits,
                         [at in (5, 8, 10) for at in range(16)])
        self.assertEqual(client.read_discrete_inputs(5, 1, slave=1).bits[0], True)
        self.assertEqual(self.sim.do("registers", device="C1")["coils_on"], [5, 8, 10])

    def test_addresses_it_has_not_and_registers_it_owns_are_refused(self):
        client = self.client()
        self.assertEqual(client.read_holding_registers(50, 1, slave=1).exception_code, 2)
        self.assertEqual(client.write_register(STATUS + 1, 1, slave=1).exception_code, 2)
        self.assertEqual(client.write_coil(64, True, slave=1).exception_code, 2)
        self.assertEqual(self.counts("writes_refused"), (2,))

    def test_an_unknown_function_and_a_bad_count(self):
        peer = self.dial("C1")
        peer.sendall(bytes.fromhex("0001 0000 0006 01 2b 0e01 0000"))
        self.assertEqual(read_exactly(peer, 9)[7:], bytes.fromhex("ab01"))
        peer.sendall(bytes.fromhex("0001 0000 0006 01 03 0000 007e"))
        self.assertEqual(read_exactly(peer, 9)[7:], bytes.fromhex("8303"))

    def test_a_stream_that_is_not_modbus_is_reset(self):
        peer = self.dial("C1")
        peer.sendall(b"GET / HTTP/1.0\r\n\r\n")
        with self.assertRaises(ConnectionError):
            read_exactly(peer, 1)
        self.assertEqual(self.counts("requests_malformed"), (1,))

    def test_another_unit_is_met_with_silence(self):
        peer = self.dial("C1")
        peer.sendall(READ_BLOCK.replace(b"\x01\x03", b"\x09\x03"))
        self.assertTrue(is_silent(peer, 0.1))

    def test_requests_may_come_in_pieces_and_together(self):
        peer = self.dial("C1")
        for byte in READ_BLOCK:
            peer.sendall(bytes([byte]))
        read_exactly(peer, 33)
        peer.sendall(READ_BLOCK * 3)
        read_exactly(peer, 99)


class QuirksTest(PlcCase):
    """Each quirk bites, and the same request without it is answered rightly."""

    def good(self, peer, request=READ_BLOCK):
        peer.sendall(request)
        head = read_exactly(peer, 7)
        transaction, protocol, length, unit = struct.unpack(">HHHB", head)
        self.assertEqual((head[:2], protocol, unit), (request[:2], 0, 1))
        body = read_exactly(peer, length - 1)
        self.assertEqual(body[0], request[7])
        return body

    def setUp(self):
        super().setUp()
        self.peer = self.dial("C1")
        self.good(self.peer)

    def test_late(self):
        self.quirk("late", ms=120, answers=1)
        began = time.monotonic()
        self.peer.sendall(READ_BLOCK)
        read_exactly(self.peer, 33)
        self.assertGreaterEqual(time.monotonic() - began, 0.12)
        self.good(self.peer)

    def test_silent(self):
        self.quirk("silent", answers=1)
        self.peer.sendall(READ_BLOCK)
        self.assertTrue(is_silent(self.peer, 0.1))
        self.good(self.peer)

    def test_dribble(self):
        self.quirk("dribble", ms=5, answers=1)
        self.peer.sendall(READ_BLOCK)
        self.assertEqual(len(self.peer.recv(100)), 1)
        read_exactly(self.peer, 32)
        self.good(self.peer)

    def test_wrong_unit(self):
        self.quirk("wrong_unit", answers=1)
        self.peer.sendall(READ_BLOCK)
        self.assertEqual(read_exactly(self.peer, 33)[6], 2)
        self.good(self.peer)

    def test_wrong_echo(self):
        self.quirk("wrong_echo", answers=1)
        self.peer.sendall(WRITE_W3)
        self.assertEqual(read_exactly(self.peer, 12)[-2:], b"\x00\x03")
        self.assertEqual(self.good(self.peer, WRITE_W3)[-2:], b"\x00\x02")

    def test_wrong_transaction(self):
        self.quirk("wrong_transaction", answers=1)
        self.peer.sendall(READ_BLOCK)
        self.assertEqual(read_exactly(self.peer, 33)[:2], b"\x00\x02")
        self.good(self.peer)

    def test_wrong_protocol(self):
        self.quirk("wrong_protocol", answers=1)
        self.peer.sendall(READ_BLOCK)
        self.assertEqual(read_exactly(self.peer, 33)[2:4], b"\x00\x07")
        self.good(self.peer)

    def test_extra_bytes(self):
        self.quirk("extra_bytes", bytes=3, answers=1)
        self.peer.sendall(READ_BLOCK)
        self.assertEqual(read_exactly(self.peer, 36)[-3:], b"UUU")
        self.good(self.peer)

    def test_busy_and_other_exceptions(self):
        self.quirk("busy", answers=1)
        self.peer.sendall(READ_BLOCK)
        self.assertEqual(read_exactly(self.peer, 9)[7:], b"\x83\x06")
        self.quirk("exception", code=4)
        for _ in range(3):
            self.peer.sendall(READ_BLOCK)
            self.assertEqual(read_exactly(self.peer, 9)[7:], b"\x83\x04")
        self.quirk("exception", on=False)
        self.good(self.peer)
        self.assertEqual(self.sim.report("C1")["quirks_applied"], {"busy": 1, "exception": 3})

    def test_reset_mid_answer(self):
        self.quirk("reset_mid_answer", bytes=5, answers=1)
        self.peer.sendall(READ_BLOCK)
        read_exactly(self.peer, 5)
        with self.assertRaises(ConnectionResetError):
            self.peer.recv(1)
        self.good(self.dial("C1"))

    def test_single_client(self):
        self.quirk("single_client")
        second = self.dial("C1")
        second.sendall(READ_BLOCK)
        self.assertTrue(is_silent(second, 0.1))
        self.peer.close()
        read_exactly(second, 33)

    def test_reset(self):
        self.quirk("reset")
        with self.assertRaises(ConnectionResetError):
            self.peer.recv(1)

    def test_in_a_black_hole_not_even_the_connection_is_answered(self):
        self.sim.do("blackhole", device="C1")
        with self.assertRaises(ConnectionResetError):
            self.peer.recv(1)
        dialling = socket.socket()
        self.addCleanup(dialling.close)
        dialling.settimeout(0.3)
        with self.assertRaises(TimeoutError):
            dialling.connect(("127.0.0.1", self.sim.port("C1")))
        self.sim.do("replug", device="C1")
        self.good(self.dial("C1"))
        with self.assertRaisesRegex(SimError, "the id of a device that listens on a port"):
            self.sim.do("blackhole", device="C9")

    def test_unplugged(self):
        self.sim.do("unplug", device="C1")
        with self.assertRaises(ConnectionRefusedError):
            self.dial("C1")
        self.sim.do("replug", device="C1")
        self.good(self.dial("C1"))


if __name__ == "__main__":
    main()
