"""`./dev bench`: the figures of docs/OPERATING.md, measured on this machine in one run, beside what
the bare parts do (a SQLite commit of the same size) in the same minutes.

The site is the demo's, with eight tunnel scanners on two PLCs of four decision points each.
"""

import argparse
import json
import os
import pathlib
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from make_data import DRILL  # noqa: E402
from processes import Failure, ROOT, Site, free_port, listens, until  # noqa: E402
from simctl import SimControl  # noqa: E402
from story import Story  # noqa: E402

TUNNELS = [f"T{n}" for n in range(1, 9)]


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class BenchSite(Site):
    """The demo's site with four more decision points a PLC."""

    def __init__(self, folder, bin_dir):
        super().__init__(folder, bin_dir)
        for name in TUNNELS:
            self.ports[name] = free_port()

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
            warehouse["devices"].append({"kind": "scanner_tcp_listen", "id": name,
                                         "port": self.ports[name], "suffix": "\r\n"})
            text += (f'\n[[device]]\nid = "{name}"\nkind = "tcp_scanner"\nhost = "127.0.0.1"\n'
                     f'port = {self.ports[name]}\nsame_code_quiet = "0ms"\n'
                     f'stale_window = "0ms"\nanswer_good = "OK {{code}}\\r\\n"\n'
                     f'answer_attention = "LOOK {{code}}\\r\\n"\n'
                     f'answer_bad = "STOP {{code}}\\r\\n"\n'
                     f'\n[[station]]\nid = "TUNNEL-{number + 1}"\nstep = "divert"\n'
                     f'scanners = ["{name}"]\nconveyor = "{plc}"\npoint = {point}\n'
                     f'lanes = {{ NORTH = 1, SOUTH = 2, EAST = 3 }}\nlane_exception = 4\n'
                     f'lane_default = 5\ndecide_within = "300ms"\n')
        (self.folder / "warehouse.json").write_text(json.dumps(warehouse))
        (self.folder / "site.toml").write_text(text)

    def feed_for_receiving(self) -> None:
        """A product and an ASN large enough for every scan to be accepted."""
        rows = [{"kind": "asn", "body": {"id": "ASN-BENCH", "supplier": "V-BENCH", "lines": [
            {"line": 1, "gtin": DRILL, "quantity": 1_000_000}]}}]
        path = self.folder / "bench.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        self.hub_run("feed", "import", "ATL-3", path)


def cpu_seconds(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


def bare_commit_ms(folder: pathlib.Path, rows: int = 300) -> tuple[float, float]:
    """One row of an event's size per commit, WAL and synchronous=FULL, on the same disk."""
    path = folder / "bare.db"
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("pragma journal_mode=wal")
    database.execute("pragma synchronous=full")
    database.execute("pragma wal_autocheckpoint=0")
    database.execute("create table ledger(seq integer primary key, body blob, hash blob) strict")
    took = []
    for number in range(rows):
        began = time.perf_counter()
        database.execute("begin immediate")
        database.execute("insert into ledger values(?,?,?)", (number + 1, b"x" * 700, b"h" * 32))
        database.execute("commit")
        took.append((time.perf_counter() - began) * 1000)
        time.sleep(0.01)
    database.close()
    return statistics.median(took), percentile(took, 0.99)


def first_answer_ms(port: int, code: str, began: float) -> float:
    """Dials until the daemon listens, scans, and waits for the answer."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as link:
                link.settimeout(5)
                link.sendall(code.encode() + b"\r\n")
                if link.recv(200):
                    return (time.monotonic() - began) * 1000
        except OSError:
            time.sleep(0.0005)
    raise Failure("no answer after a start")


def line(name: str, value: str, budget: str = "") -> None:
    print(f"  {name:<58} {value:>22}   {budget}", flush=True)


def measure_starts(site: BenchSite, times: int = 10) -> None:
    """The dock scanner of door 3 dials the daemon: its simulator is unplugged meanwhile."""
    with SimControl(str(site.control)) as sim:
        sim.do("unplug", device="D3")
    stopped, killed = [], []
    for number in range(times):
        for results, end in ((stopped, site.daemon.stop), (killed, site.daemon.kill)):
            end()
            began = time.monotonic()
            site.daemon.start()
            results.append(first_answer_ms(site.ports["D3"], f"]C0START-{number}", began))
            until("the page", 10, lambda: listens(site.ports["api"]))
    line("process start to first decision, p50 (max)",
         f"{statistics.median(stopped):.0f} ms ({max(stopped):.0f})", "<= 100 ms")
    line("the same after kill -9, p50 (max)",
         f"{statistics.median(killed):.0f} ms ({max(killed):.0f})", "<= 200 ms")
    with SimControl(str(site.control)) as sim:
        sim.do("replug", device="D3")


def measure_verdicts(site: BenchSite) -> None:
    with SimControl(str(site.control)) as sim:
        sim.do("scan", device="D2", data="]C0ASN-BENCH", wait_ms=5000)
        p50, p99 = bare_commit_ms(site.folder)
        done = sim.do("load", scanners=["D2"], rate_per_s=10, seconds=15,
                      code="]d201" + DRILL + "21Q{n}")
    line("bare SQLite commit, p50 / p99", f"{p50:.2f} / {p99:.2f} ms")
    took = done["answer_ms"]
    line("scan byte in to verdict byte out, 10/s, p50 / p99",
         f"{took['p50']:.2f} / {took['p99']:.2f} ms", f"p50 <= {p50 + 0.3:.2f} ms")
    print(f"    answers: {done['answers']}")


def tunnels() -> list[dict]:
    return [{"id": name, "plc": f"PLC{n % 2 + 1}", "point": n // 2 + 1}
            for n, name in enumerate(TUNNELS)]


def measure_diverts(site: BenchSite, codes: list[str]) -> None:
    pid = site.daemon.child.pid
    for rate, seconds, budget in ((100, 20, "p50 <= 2, p99 <= 6 ms"), (200, 10, "p99 <= 20 ms"),
                                  (500, 10, "p99 <= 20 ms")):
        before, scans_before = cpu_seconds(pid), time.monotonic()
        with SimControl(str(site.control)) as sim:
            done = sim.do("load", scanners=tunnels(), codes=codes, rate_per_s=rate,
                          seconds=seconds)
        cpu = cpu_seconds(pid) - before
        divert = done["divert_ms"]
        line(f"scan to divert register at {rate}/s, p50 / p99 / max",
             f"{divert['p50']:.2f} / {divert['p99']:.2f} / {divert['max']:.1f} ms", budget)
        line("  decided / on the default lane / unanswered",
             f"{done['decided']} / {done['on_default']} / {done['unanswered']}")
        line("  CPU a scan, everything the daemon did counted",
             f"{cpu / max(1, done['sent']) * 1000:.2f} ms", "<= 0.2 ms")
        line("  resident memory", f"{resident_mb(pid):.0f} MB", "<= 48 MB")
        if scans_before and done["sent"] == 0:
            raise Failure("the load sent nothing")


def lines_of_code() -> None:
    done = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True)
    counts: dict[str, int] = {}
    for name in done.stdout.splitlines():
        if "/vendor/" in name or not re.search(r"\.(cpp|hpp|py|mjs|js|css|html|sql|sh)$|^dev$", name):
            continue
        top = name.split("/")[0]
        counts[top] = counts.get(top, 0) + sum(1 for _ in open(ROOT / name, errors="replace"))
    line("lines of code", ", ".join(f"{k} {v}" for k, v in sorted(counts.items())))


def run_program(site: BenchSite, name: str) -> None:
    path = site.bin / name
    if path.exists():
        print(f"\n{name}", flush=True)
        subprocess.run([path], check=False, cwd=site.folder)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--dir", required=True)
    parser.add_argument("--quick", action="store_true", help="the site alone, not the parts")
    arguments = parser.parse_args()
    site = BenchSite(pathlib.Path(arguments.dir).resolve(), pathlib.Path(arguments.bin).resolve())
    try:
        site.prepare()
        site.start_brokers()
        site.start_hub()
        site.feed_for_receiving()
        site.start_devices()
        site.start_daemon()
        story = Story(site, False, lambda text: None)
        story.wait_for_devices(())
        story.wait_for_feed()
        story.truck()
        story.morning()
        if story.wrong:
            raise Failure("the morning went wrong: " + "; ".join(story.wrong))
        print("\nthe site")
        measure_verdicts(site)
        measure_diverts(site, [story.cartons[o].code for o in ("SO-88121", "SO-88122", "SO-88123")])
        measure_starts(site)
        lines_of_code()
    except Failure as failure:
        print(f"bench: {failure}\n       logs: {site.folder}/*.log")
        return 1
    finally:
        site.stop()
    if not arguments.quick:
        for name in ("bench_store", "bench_recall", "bench_decode", "bench_sync", "bench_modbus",
                     "bench_conveyor"):
            run_program(site, name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
