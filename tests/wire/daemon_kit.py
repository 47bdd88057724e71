"""A daemon of a test's own, started with a configuration, and what can be asked of it."""

import json
import os
import pathlib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "story"))

from processes import ROOT, free_port, listens, until  # noqa: E402

BIN = pathlib.Path(os.environ["LOTGATE_BIN"]).resolve()

SITE = """
[site]
id = "WIRE-1"
[store]
path = "{dir}/lotgate.db"
[labels]
dir = "{config}/labels"
[api]
listen = "127.0.0.1:{api}"
socket = "{dir}/api.sock"
[[device]]
id = "D1"
kind = "tcp_scanner"
role = "server"
port = {d1}
same_code_quiet = "0ms"
stale_window = "0ms"
answer_good = "OK {{code}}\\r\\n"
answer_attention = "?? {{code}}\\r\\n"
answer_bad = "NO {{code}}\\r\\n"
answer_unavailable = "XX {{code}}\\r\\n"
[[station]]
id = "DOCK-1"
step = "receive"
scanners = ["D1"]
"""


class Scanner:
    """A scanner that dials the daemon, as raw as a socket is."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), 5)
        self.socket.settimeout(5)
        self.lines = self.socket.makefile("rb")

    def scan(self, code: str) -> str:
        self.socket.sendall(code.encode() + b"\r\n")
        return self.lines.readline().decode().strip()

    def close(self) -> None:
        self.lines.close()
        self.socket.close()


class DaemonCase(unittest.TestCase):
    """The base of cases; it has none of its own."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="lotgate-wire-")
        self.dir = pathlib.Path(self.folder.name)
        self.words = {"dir": self.dir, "config": ROOT / "config", "api": free_port(),
                      "d1": free_port(), "d2": free_port(), "dead": free_port()}
        self.children = []

    def tearDown(self):
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.wait()
        self.folder.cleanup()

    def write(self, text: str) -> pathlib.Path:
        path = self.dir / "site.toml"
        path.write_text(text.format(**self.words))
        return path

    def start(self, text: str = SITE, env=None, wait: bool = True) -> subprocess.Popen:
        path = self.write(text)
        log = open(self.dir / "log", "ab")
        child = subprocess.Popen([BIN / "lotgated", "--config", path], stdout=log, stderr=log,
                                 env={**os.environ, **(env or {})})
        log.close()
        self.children.append(child)
        if wait:
            until("the daemon", 15, lambda: child.poll() is not None or (
                listens(self.words["api"]) and listens(self.words["d1"])))
            self.assertIsNone(child.poll(), self.log())
        return child

    def log(self) -> str:
        return (self.dir / "log").read_text(errors="replace")

    def refused(self, text: str = SITE) -> tuple[int, str]:
        """Exit code and words of a daemon that cannot start."""
        path = self.write(text)
        done = subprocess.run([BIN / "lotgated", "--config", path], capture_output=True, text=True,
                              timeout=30)
        return done.returncode, done.stderr

    def cli(self, *words) -> dict:
        done = subprocess.run([BIN / "lotgate", "--socket", self.dir / "api.sock", "--json",
                               *words], capture_output=True, text=True, timeout=20)
        return json.loads(done.stdout)

    def devices(self) -> dict:
        answer = self.cli("devices")
        rows = answer["devices"] if isinstance(answer, dict) else answer
        return {row["id"]: row.get("health", row) for row in rows}

    def ledger(self) -> list[tuple]:
        with sqlite3.connect(f"file:{self.dir}/lotgate.db?mode=ro", uri=True) as database:
            return database.execute("select seq, kind, body from ledger order by seq").fetchall()

    # ---- bad input
