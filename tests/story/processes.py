"""Starts and ends the programs of the demo: two brokers, a private PostgreSQL, the hub, the
simulated devices and the daemon. Everything is on loopback or a Unix socket, in one directory, and
ended by the pid that was started here.
"""

import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Failure(Exception):
    """The demo cannot go on; the text says why and where to look."""


CHANCE = random.SystemRandom()  # of no test's seed
PORTS_GIVEN: set[int] = set()


def free_port() -> int:
    """A port that no outgoing connection takes before its program listens: one below those that the
    system gives out by itself, and given out here but once."""
    system_first = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = CHANCE.randrange(10_000, min(system_first, 32_768))
        if port in PORTS_GIVEN:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        PORTS_GIVEN.add(port)
        return port


def end_in_order() -> None:
    """A closed terminal or a plain kill unwinds like Ctrl-C, so that `finally` ends what was
    started; also where a shell has started us with Ctrl-C ignored."""
    def unwind(*_) -> None:
        raise KeyboardInterrupt
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, unwind)


def until(what: str, seconds: float, holds, pause: float = 0.02):
    """Asks `holds` again and again; its first truth is the answer."""
    end = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        if time.monotonic() > end:
            raise Failure(f"waited {seconds:.0f} s for {what}")
        time.sleep(pause)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Program:
    """One child process with its log."""

    def __init__(self, name: str, argv: list[str], folder: pathlib.Path, env=None):
        self.name = name
        self.argv = [str(a) for a in argv]
        self.log = folder / f"{name}.log"
        self.env = {**os.environ, **(env or {})}
        self.child: subprocess.Popen | None = None

    def start(self) -> "Program":
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(self.argv, stdout=log, stderr=log, env=self.env,
                                          stdin=subprocess.DEVNULL)
        return self

    def alive(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def must_live(self) -> bool:
        if not self.alive():
            raise Failure(f"{self.name} ended (exit {self.child.returncode}): see {self.log}")
        return True

    def kill(self) -> None:
        """As a power cut would: no goodbye."""
        self.child.kill()
        self.child.wait()

    def stop(self, seconds: float = 10) -> int | None:
        if not self.alive():
            return self.child.returncode if self.child else None
        self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None


class Site:
    """All programs of the demo, in `folder`; `bin` holds ours."""

    def __init__(self, folder: pathlib.Path, bin_dir: pathlib.Path, api_port: int | None = None):
        self.folder = folder
        self.bin = bin_dir
        self.programs: list[Program] = []
        self.ports = {name: free_port() for name in (
            "site_broker", "cloud_broker", "cloud_link", "D2", "D3", "K1", "K2", "S1", "S2", "O1",
            "P1", "P2", "PLC1", "PLC2", "api")}
        if api_port is not None:
            self.ports["api"] = api_port
        self.socket = folder / "api.sock"
        self.control = folder / "sim.sock"
        self.database = folder / "lotgate.db"

    # ---- the ground the programs stand on

    def prepare(self) -> None:
        self.stop_cluster()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for name in ("tty", "labels/P1", "labels/P2"):
            (self.folder / name).mkdir(parents=True)
        words = {name: str(port) for name, port in self.ports.items()}
        words |= {"DIR": str(self.folder), "CONFIG": str(ROOT / "config")}
        for name in ("site.toml", "warehouse.json"):
            text = (ROOT / "config/demo" / f"{name}.in").read_text()
            for word, value in words.items():
                text = text.replace(f"@{word}@", value)
            (self.folder / name).write_text(text)

    def cluster(self, verb: str) -> str:
        script = ROOT / "sync/hub/private_cluster.sh"
        done = subprocess.run(["bash", script, verb, self.folder / "pg"], capture_output=True,
                              text=True)
        if done.returncode != 0:
            raise Failure(f"PostgreSQL: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""

    def stop_cluster(self) -> None:
        if (self.folder / "pg").exists():
            try:
                self.cluster("stop")
            except Failure:
                pass

    # ---- programs

    def launch(self, name: str, argv: list, env=None) -> Program:
        program = Program(name, argv, self.folder, env).start()
        self.programs.append(program)
        return program

    def start_brokers(self) -> None:
        for name in ("site_broker", "cloud_broker"):
            conf = self.folder / f"{name}.conf"
            conf.write_text(f"listener {self.ports[name]} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n"
                            "persistence false\nmax_queued_messages 100000\n")
            self.launch(name, ["/usr/sbin/mosquitto", "-c", conf])
        for name in ("site_broker", "cloud_broker"):
            until(name, 10, lambda name=name: listens(self.ports[name]))

    def start_hub(self) -> None:
        self.conninfo = self.cluster("start")
        self.hub_run("init")
        self.hub_run("site", "add", "ATL-3")
        self.hub_run("feed", "import", "ATL-3", ROOT / "config/demo/feed.jsonl")
        self.serve_hub()

    def hub_run(self, *words) -> str:
        done = subprocess.run([self.bin / "lotgate-hub", *map(str, words), "--db", self.conninfo,
                               *([] if words[0] == "init" else ["--tenant", "demo"])],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"lotgate-hub {' '.join(map(str, words))}: "
                          f"{done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def serve_hub(self) -> None:
        self.hub = self.launch("hub", [self.bin / "lotgate-hub", "serve", "--db", self.conninfo,
                                       "--broker", f"127.0.0.1:{self.ports['cloud_broker']}",
                                       "--tenant", "demo"])

    def sql(self, query: str) -> list[list[str]]:
        done = subprocess.run(["psql", self.conninfo, "-X", "-A", "-t", "-F", "\t", "-v",
                               "ON_ERROR_STOP=1", "-c", query], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"psql: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines() if line]

    def start_devices(self) -> None:
        self.sim = self.launch("devices", [self.bin / "lotgate-sim", self.folder / "warehouse.json",
                                           "--control", self.control])
        until("the simulated devices", 15,
              lambda: self.sim.must_live() and self.control.exists())

    def start_daemon(self) -> None:
        self.daemon = Program("lotgated", [self.bin / "lotgated", "--config",
                                           self.folder / "site.toml", "--last-good",
                                           self.folder / "last-good.toml"], self.folder)
        self.daemon.start()
        self.programs.append(self.daemon)
        self.wait_ready()

    def wait_ready(self) -> None:
        until("the daemon's page", 20,
              lambda: self.daemon.must_live() and listens(self.ports["api"]))

    def restart_daemon(self) -> float:
        """After a kill; seconds until it answers again."""
        before = time.monotonic()
        self.daemon.start()
        self.wait_ready()
        return time.monotonic() - before

    def cli(self, *words) -> dict:
        done = subprocess.run([self.bin / "lotgate", "--socket", self.socket, "--db",
                               self.database, "--json", *map(str, words)], capture_output=True,
                              text=True)
        try:
            return json.loads(done.stdout)
        except json.JSONDecodeError as error:
            raise Failure(f"lotgate {' '.join(map(str, words))}: {done.stderr.strip()}"
                          f"{done.stdout.strip()}") from error

    def stop(self) -> None:
        for program in reversed(self.programs):
            program.stop()
        self.stop_cluster()
