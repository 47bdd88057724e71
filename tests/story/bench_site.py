"""The site that `./dev bench` loads: the demo's, with eight tunnel scanners on two PLCs of four more
decision points each, 32 dock scanners for the "as fast as they can" figure, and one scanner that a
bare program serves. Two printers print while the tunnels divert: the job of a whole warehouse.
"""

import json
import os
import pathlib
import re
import statistics
import subprocess
import time
import urllib.request

from make_data import DRILL
from processes import Failure, Site, free_port, until
from simctl import SimControl
from story import Story

TUNNELS = [f"T{n}" for n in range(1, 9)]
BULK = [f"W{n}" for n in range(1, 33)]
BARE = "BARE"
ORDERS = 400
ASN = "ASN-BENCH"


def tcp_scanner(name: str, port: int, station: str) -> str:
    return (f'\n[[device]]\nid = "{name}"\nkind = "tcp_scanner"\nhost = "127.0.0.1"\n'
            f'port = {port}\nsame_code_quiet = "0ms"\nstale_window = "0ms"\n'
            f'answer_good = "OK {{code}}\\r\\n"\nanswer_attention = "LOOK {{code}}\\r\\n"\n'
            f'answer_bad = "STOP {{code}}\\r\\n"\n{station}')


def listening_scanner(name: str, port: int) -> dict:
    return {"kind": "scanner_tcp_listen", "id": name, "port": port, "suffix": "\r\n"}


class BenchSite(Site):
    def __init__(self, folder, bin_dir):
        super().__init__(folder, bin_dir)
        for name in [*TUNNELS, *BULK, BARE]:
            self.ports[name] = free_port()
        self.orders_packed = 0

    def prepare(self) -> None:
        super().prepare()
        warehouse = json.loads((self.folder / "warehouse.json").read_text())
        text = (self.folder / "site.toml").read_text()
        # The story's two sorters keep point 0; the tunnels use points 1 to 4.
        for device in warehouse["devices"]:
            if device["kind"] == "plc_divert":
                device |= {"points": 5, "lane_ms": 50, "decision_ms": 400}
        text = re.sub(r'(kind = "modbus_conveyor"\n)', r'\1points = 5\n', text)
        for number, name in enumerate(TUNNELS):
            plc, point = f"PLC{number % 2 + 1}", number // 2 + 1
            text += tcp_scanner(
                name, self.ports[name],
                f'\n[[station]]\nid = "TUNNEL-{number + 1}"\nstep = "divert"\n'
                f'scanners = ["{name}"]\nconveyor = "{plc}"\npoint = {point}\n'
                f'lanes = {{ NORTH = 1, SOUTH = 2, EAST = 3 }}\nlane_exception = 4\n'
                f'lane_default = 5\ndecide_within = "300ms"\n')
        for name in BULK:
            text += tcp_scanner(name, self.ports[name],
                                f'\n[[station]]\nid = "BULK-{name}"\nstep = "receive"\n'
                                f'scanners = ["{name}"]\n')
        warehouse["devices"] += [listening_scanner(name, self.ports[name])
                                 for name in [*TUNNELS, *BULK, BARE]]
        (self.folder / "warehouse.json").write_text(json.dumps(warehouse))
        (self.folder / "site.toml").write_text(text)

    def feed(self) -> None:
        """An ASN large enough for every scan to be accepted, and orders of one unit each."""
        rows = [{"kind": "asn", "body": {"id": ASN, "supplier": "V-BENCH", "lines": [
            {"line": 1, "gtin": DRILL, "quantity": 10_000_000}]}}]
        rows += [{"kind": "order", "body": {
            "id": f"SO-B{n:05}", "customer": "C-HARBOUR", "route": "EAST",
            "lines": [{"line": 1, "gtin": DRILL, "quantity": 1}]}} for n in range(1, ORDERS + 1)]
        path = self.folder / "bench.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        self.hub_run("feed", "import", "ATL-3", path)

    def up(self) -> Story:
        """Everything runs, and the morning of the demo is over."""
        self.prepare()
        self.start_brokers()
        self.start_hub()
        self.feed()
        self.start_devices()
        self.start_daemon()
        story = Story(self, False, lambda text: None)
        story.wait_for_devices(())
        story.wait_for_feed()
        story.truck()
        story.morning()
        if story.wrong:
            raise Failure("the morning went wrong: " + "; ".join(story.wrong))
        self.receive_what_is_packed()
        return story

    def receive_what_is_packed(self) -> None:
        with SimControl(str(self.control)) as sim:
            sim.do("scan", device="D2", data="]C0" + ASN, wait_ms=5000)
            done = sim.do("load", scanners=["D2"], rate_per_s=0, seconds=60, scans=ORDERS,
                          code="]d201" + DRILL + "21B{n}", digits=5)
        if done["answers"].get("OK ACCEPT", 0) != ORDERS:
            raise Failure(f"the units to pack were not received: {done['answers']}")

    # ---- the load

    @staticmethod
    def tunnels() -> list[dict]:
        return [{"id": name, "plc": f"PLC{n % 2 + 1}", "point": n // 2 + 1}
                for n, name in enumerate(TUNNELS)]

    def packing_codes(self, scans: int) -> list[str]:
        """Two packers in turn: an order, then its one unit; its label is printed at once."""
        codes = []
        for _ in range(scans // 4):
            pair = [self.orders_packed + 1, self.orders_packed + 2]
            codes += [f"]C0SO-B{n:05}" for n in pair]
            codes += [f"]d201{DRILL}21B{n:05}" for n in pair]
            self.orders_packed += 2
        if self.orders_packed > ORDERS:
            raise Failure("the bench has too few orders for so much packing")
        return codes

    def begin_packing(self, sim: SimControl, seconds: int, rate: float = 8) -> tuple[int, int]:
        """(tag of the load, labels it asks for)"""
        codes = self.packing_codes(int(seconds * rate))
        tag = sim.begin("load", scanners=["K1", "K2"], rate_per_s=rate, scans=len(codes),
                        seconds=seconds * 3, codes=codes)
        return tag, len(codes) // 2

    def labels_printed(self) -> int:
        with SimControl(str(self.control)) as sim:
            return sum(sim.report(p)["labels_printed"] for p in ("P1", "P2"))

    def wait_for_labels(self, count: int, seconds: float = 30) -> float:
        began = time.monotonic()
        until("the labels", seconds, lambda: self.labels_printed() >= count, 0.02)
        return time.monotonic() - began

    def status(self) -> dict:
        url = f"http://127.0.0.1:{self.ports['api']}/api/v1/status"
        with urllib.request.urlopen(url, timeout=5) as answer:
            return json.load(answer)


def cpu_seconds(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_by_thread(pid: int) -> dict[str, float]:
    """Seconds, by the thread's name."""
    sums: dict[str, float] = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        fields = (task / "stat").read_text().rsplit(")", 1)[1].split()
        name = (task / "comm").read_text().strip()
        sums[name] = sums.get(name, 0) + (int(fields[11]) + int(fields[12])) / os.sysconf(
            "SC_CLK_TCK")
    return sums


def resident_mb(pid: int) -> float:
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


class Table:
    """What was measured, what was wanted, and whether it was met."""

    def __init__(self):
        self.rows: list[dict] = []

    def part(self, name: str) -> None:
        print(f"\n{name}", flush=True)

    def tell(self, name: str, measured: str, wanted: str = "", met: bool | None = None) -> None:
        self.rows.append({"figure": name, "measured": measured, "wanted": wanted, "met": met})
        word = {None: "", True: "met", False: "NOT MET"}[met]
        print(f"  {name:<62} {measured:>26}   {wanted:<24} {word}", flush=True)

    def close(self, path: pathlib.Path) -> None:
        path.write_text(json.dumps(self.rows, indent=1) + "\n")
        budgets = [row for row in self.rows if row["met"] is not None]
        missed = [row["figure"].strip() for row in budgets if not row["met"]]
        print(f"\n{len(budgets) - len(missed)} of {len(budgets)} budgets met"
              + ("".join(f"\n  not met: {name}" for name in missed)))


def median(values: list[float]) -> float:
    return statistics.median(values)


def output_of(argv: list, timeout: float = 1800) -> str:
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, timeout=timeout)
    if done.returncode != 0:
        raise Failure(f"{argv[0]}: {done.stdout}{done.stderr}")
    return done.stdout
