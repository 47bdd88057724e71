"""The simulated cloud link between two plain sockets: cut, black hole, frozen, slow."""

import socket
import time

from sim_kit import DEADLINE, SimCase, SimError, eventually, is_silent, main, read_exactly


class LinkTest(SimCase):
    def setUp(self):
        self.cloud = socket.create_server(("127.0.0.1", 0))
        self.cloud.settimeout(DEADLINE)
        self.addCleanup(self.cloud.close)
        self.DEVICES = [{"kind": "link", "id": "N1", "listen": 0, "host": "127.0.0.1",
                         "port": self.cloud.getsockname()[1]}]
        super().setUp()

    def state(self, state, **members):
        self.sim.do("link", device="N1", state=state, **members)

    def pair(self):
        site = self.dial("N1")
        cloud, _ = self.cloud.accept()
        cloud.settimeout(DEADLINE)
        self.addCleanup(cloud.close)
        return site, cloud

    def test_bytes_go_both_ways_and_are_counted(self):
        site, cloud = self.pair()
        site.sendall(b"up" * 50000)
        self.assertEqual(read_exactly(cloud, 100000), b"up" * 50000)
        cloud.sendall(b"down")
        self.assertEqual(read_exactly(site, 4), b"down")
        report = self.sim.report("N1")
        self.assertEqual((report["bytes_up"], report["bytes_down"]), (100000, 4))

    def test_an_end_on_one_side_is_an_end_on_the_other(self):
        site, cloud = self.pair()
        site.sendall(b"last words")
        site.close()
        self.assertEqual(read_exactly(cloud, 10), b"last words")
        self.assertEqual(cloud.recv(1), b"")

    def test_a_cut_resets_and_refuses_until_it_is_up_again(self):
        site, cloud = self.pair()
        self.state("cut")
        for end in (site, cloud):
            with self.assertRaises(ConnectionResetError):
                end.recv(1)
        with self.assertRaises(ConnectionRefusedError):
            self.dial("N1")
        self.state("up")
        site, cloud = self.pair()
        site.sendall(b"again")
        self.assertEqual(read_exactly(cloud, 5), b"again")

    def test_a_black_hole_swallows_without_a_word_and_its_connections_never_work_again(self):
        site, cloud = self.pair()
        self.state("blackhole")
        site.sendall(b"lost")
        cloud.sendall(b"lost too")
        self.sim.wait("N1", "bytes_swallowed", 12)
        self.assertTrue(is_silent(site, 0.05))
        fresh = self.dial("N1")
        fresh.sendall(b"hello")
        self.sim.wait("N1", "bytes_swallowed", 17)
        self.assertTrue(is_silent(fresh, 0.05))
        self.state("up")
        for end in (site, cloud, fresh):
            with self.assertRaises(ConnectionResetError):
                end.recv(1)
        site, cloud = self.pair()
        site.sendall(b"again")
        self.assertEqual(read_exactly(cloud, 5), b"again")

    def test_a_connection_that_said_nothing_in_the_black_hole_works_on(self):
        site, cloud = self.pair()
        self.state("blackhole")
        self.state("up")
        site.sendall(b"still")
        self.assertEqual(read_exactly(cloud, 5), b"still")

    def test_a_frozen_link_moves_nothing_and_loses_nothing(self):
        site, cloud = self.pair()
        self.state("freeze")
        site.sendall(b"kept")
        self.assertTrue(is_silent(cloud, 0.1))
        self.state("up")
        self.assertEqual(read_exactly(cloud, 4), b"kept")

    def test_latency_delays_each_way_and_keeps_the_order(self):
        site, cloud = self.pair()
        self.sim.do("link", device="N1", latency_ms=60)
        began = time.monotonic()
        for number in range(100):
            site.sendall(bytes([number]))
        self.assertEqual(read_exactly(cloud, 100), bytes(range(100)))
        self.assertGreaterEqual(time.monotonic() - began, 0.06)
        began = time.monotonic()
        cloud.sendall(b"x")
        self.assertEqual(read_exactly(site, 1), b"x")
        self.assertGreaterEqual(time.monotonic() - began, 0.06)

    def test_an_absent_cloud_resets_who_dials(self):
        self.cloud.close()
        with self.assertRaises(ConnectionResetError):  # while dialling, or right after
            self.dial("N1").recv(1)
        eventually(lambda: self.sim.report("N1")["connected"] == 0)

    def test_a_state_that_does_not_exist_is_refused(self):
        with self.assertRaisesRegex(SimError, '"state": expected one of up, cut, blackhole'):
            self.state("down")


if __name__ == "__main__":
    main()
