"""What the tests of the simulator share: a started lotgate-sim, and waiting on conditions.

Run through ctest, or alone: LOTGATE_BIN=build/quick/bin /usr/bin/python3 tests/wire/sim_plc_test.py
"""

import os
import select
import socket
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "story"))

from simctl import Sim, SimError  # noqa: E402,F401

PROGRAM = os.path.join(os.environ.get("LOTGATE_BIN", "build/quick/bin"), "lotgate-sim")
DEADLINE = 10.0


class SimCase(unittest.TestCase):
    """Starts a simulator with the class's DEVICES for each test, in a folder of its own."""

    DEVICES = []

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="lotgate-sim-")
        self.addCleanup(self.folder.cleanup)
        self.sim = Sim.started(PROGRAM, {"devices": self.DEVICES}, self.folder.name)
        self.addCleanup(self.ends_well, self.sim)

    def ends_well(self, sim):
        """A leak or a race that a sanitizer finds at the end is a failure of the test."""
        sim.close()
        self.assertEqual(sim.stop(), 0)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def dial(self, device):
        peer = socket.create_connection(("127.0.0.1", self.sim.port(device)), DEADLINE)
        peer.settimeout(DEADLINE)
        self.addCleanup(peer.close)
        return peer


def read_exactly(peer, count):
    got = b""
    while len(got) < count:
        more = peer.recv(count - len(got))
        if not more:
            raise ConnectionError(f"ended after {got!r}")
        got += more
    return got


def read_until(peer, end):
    got = b""
    while not got.endswith(end):
        more = peer.recv(1)
        if not more:
            raise ConnectionError(f"ended after {got!r}")
        got += more
    return got


def is_silent(peer, seconds):
    """Nothing comes within that time: the only way to see that nothing comes."""
    ready, _, _ = select.select([peer], [], [], seconds)
    return not ready


def eventually(condition, seconds=DEADLINE):
    """Asks again and again, as fast as the other side answers, until true or too late."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        got = condition()
        if got:
            return got
        select.select([], [], [], 0.002)
    raise AssertionError("it did not come true in time")


def main():
    unittest.main(verbosity=1)
