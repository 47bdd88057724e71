"""A daemon with simulated printers and a cloud that leases it numbers: what the tests of printers
share. The cloud (a broker, a private PostgreSQL, lotgate-hub) is started once for a class; each test
has a site, a daemon and printers of its own."""

import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "story"))

from processes import ROOT, Program, free_port, listens, until  # noqa: E402
from simctl import Sim  # noqa: E402

BIN = pathlib.Path(os.environ["LOTGATE_BIN"]).resolve()
WIDGET = "09506000134376"
LETTUCE = "09506000134352"

SITE = """
[site]
id = "{site}"
[store]
path = "{dir}/lotgate.db"
[labels]
dir = "{labels}"
[api]
listen = "127.0.0.1:{api}"
socket = "{dir}/api.sock"
[cloud]
tenant = "wire"
host = "127.0.0.1"
port = {broker}
"""


class Cloud:
    """Broker, database and hub, in a folder of their own."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="lotgate-cloud-")
        self.dir = pathlib.Path(self.folder.name)
        self.dir.chmod(0o755)  # the database runs as somebody else where we are root
        self.port = free_port()
        self.conninfo = None
        self.hub = None
        self.broker = None

    def start(self) -> None:
        conf = self.dir / "broker.conf"
        conf.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
                        "persistence false\n")
        self.broker = Program("broker", ["/usr/sbin/mosquitto", "-c", conf], self.dir).start()
        until("the broker", 10, lambda: listens(self.port))
        self.conninfo = self.cluster("start")
        self.run("init")
        self.serve()

    def cluster(self, verb: str) -> str:
        done = subprocess.run(["bash", ROOT / "sync/hub/private_cluster.sh", verb, self.dir / "pg"],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""

    def serve(self) -> None:
        self.hub = Program("hub", [BIN / "lotgate-hub", "serve", "--db", self.conninfo, "--broker",
                                   f"127.0.0.1:{self.port}", "--tenant", "wire"], self.dir).start()

    def ask(self, *words, text: str | None = None) -> subprocess.CompletedProcess:
        tenant = [] if words[0] == "init" else ["--tenant", "wire"]
        return subprocess.run([BIN / "lotgate-hub", *map(str, words), "--db", self.conninfo,
                               *tenant], capture_output=True, text=True, input=text)

    def run(self, *words, text: str | None = None) -> str:
        done = self.ask(*words, text=text)
        assert done.returncode == 0, f"{words}: {done.stderr}{done.stdout}"
        return done.stdout

    def numbers(self) -> dict:
        return json.loads(self.run("numbers", "show", "--json"))

    def stop(self) -> None:
        for program in (self.hub, self.broker):
            if program is not None:
                program.stop()
        if (self.dir / "pg").exists():
            self.cluster("stop")
        self.folder.cleanup()


class SiteUnderTest:
    """One daemon, with a configuration and a database of its own."""

    def __init__(self, folder: pathlib.Path, name: str, broker: int):
        self.dir = folder
        self.name = name
        self.words = {"dir": folder, "site": name, "api": free_port(), "broker": broker,
                      "labels": ROOT / "config/labels", "d1": free_port(), "d2": free_port()}
        self.daemon = None

    def write(self, devices: str) -> None:
        text = SITE + devices
        for word, value in self.words.items():
            text = text.replace("{" + word + "}", str(value))
        (self.dir / "site.toml").write_text(text)

    def start(self, devices: str = "") -> None:
        self.write(devices)
        self.daemon = Program("lotgated", [BIN / "lotgated", "--config", self.dir / "site.toml"],
                              self.dir).start()
        until("the daemon", 20, lambda: self.daemon.must_live() and listens(self.words["api"]))

    def command(self, *words) -> subprocess.CompletedProcess:
        return subprocess.run([BIN / "lotgate", "--socket", self.dir / "api.sock",
                               *map(str, words)], capture_output=True, text=True, timeout=30)

    def cli(self, *words) -> dict:
        done = self.command("--json", *words)
        assert done.stdout, f"{words}: {done.stderr}"
        return json.loads(done.stdout)

    def do(self, kind: str, *arguments) -> dict:
        return self.cli("do", kind, *arguments, "--badge", "B-1", "--reason", "test")

    def label_unit(self, printer: str = "P1", gtin: str = WIDGET, *more) -> dict:
        return self.do("label_unit", f"gtin={gtin}", f"printer={printer}", *more)

    def queue(self, printer: str = "P1") -> dict:
        return self.cli("print", "queue", printer)

    def states(self, printer: str = "P1") -> list[str]:
        """Of its last labels, oldest first."""
        return [label["state"] for label in reversed(self.queue(printer)["recent"])]

    def numbers_left(self) -> dict:
        return self.cli("status")["summary"]["numbers_left"]

    def cases(self) -> list[str]:
        answer = self.cli("cases")
        return [case["kind"] for case in answer["cases"]]

    def device(self, name: str) -> dict:
        answer = self.cli("devices")
        rows = answer["devices"] if isinstance(answer, dict) else answer
        return next(row.get("health", row) for row in rows if row["id"] == name)

    def ledger(self) -> str:
        with sqlite3.connect(f"file:{self.dir}/lotgate.db?mode=ro", uri=True) as database:
            rows = database.execute("select cast(body as text) from ledger order by seq").fetchall()
        database.close()
        return "\n".join(row[0] for row in rows)

    def stop(self) -> None:
        if self.daemon is not None:
            self.daemon.stop()


def item(kind: str, **body) -> str:
    return json.dumps({"kind": kind, "body": body}) + "\n"


PRODUCTS = item("product", gtin=WIDGET, name="Widget", serial_tracked=True)


class PrintersCase(unittest.TestCase):
    """The base of cases; it has none of its own."""

    names = iter(range(1, 1000))

    @classmethod
    def setUpClass(cls):
        cls.cloud = Cloud()
        cls.addClassCleanup(cls.cloud.stop)
        cls.cloud.start()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="lotgate-printers-")
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)

    def new_site(self, feed: str = PRODUCTS, serials: bool = True) -> SiteUnderTest:
        """Registered in the cloud, with goods and, where they matter little, serials to give."""
        name = f"S-{os.getpid()}-{next(self.names)}"
        (self.dir / name).mkdir()
        site = SiteUnderTest(self.dir / name, name, self.cloud.port)
        self.addCleanup(site.stop)
        self.cloud.run("site", "add", name)
        self.cloud.run("feed", "import", name, "-", text=feed)
        if serials:
            pool = f"P-{name}"
            self.cloud.run("numbers", "pool", pool, "--kind", "serial", "--first", "0001", "--last",
                           "9999", "--prefix", f"{name}."[-14:])
            self.cloud.run("numbers", "supply", name, pool)
        return site

    def printers(self, *devices: dict) -> Sim:
        """Simulated ones; more members for each as docs/data/simulators.md names them."""
        all_of_them = [{"kind": "printer_zpl", "port": 0, "ms_per_label": 1,
                        "labels_dir": f"labels-{device['id']}", **device} for device in devices]
        sim = Sim.started(str(BIN / "lotgate-sim"), {"devices": all_of_them}, str(self.dir / "sim"))
        self.addCleanup(self.end, sim)
        return sim

    def end(self, sim: Sim) -> None:
        sim.close()
        self.assertEqual(sim.stop(), 0)

    @staticmethod
    def texts(sim: Sim, printer: str = "P1") -> list[str]:
        """The labels that the printer has printed, as it got them, in order."""
        return [pathlib.Path(one["file"]).read_text()
                for one in sim.do("labels", device=printer)["labels"]]


def zpl(sim: Sim, name: str = "P1", more: str = "") -> str:
    return (f'[[device]]\nid = "{name}"\nkind = "zpl_printer"\nhost = "127.0.0.1"\n'
            f"port = {sim.port(name)}\n{more}")
