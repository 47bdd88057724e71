"""What `./dev bench --all` adds: a site that was a long time without the cloud, one with ten million
units, one with five hundred devices.
"""

import json
import re
import time

from bench_site import Table, BenchSite, listening_scanner, output_of, resident_mb, tcp_scanner
from make_data import DRILL
from processes import Failure, Program, ROOT, free_port, until
from simctl import SimControl
from soak import descriptors

EVENTS = 1_000_000


def live_p99(site: BenchSite, seconds: int, first: int) -> float:
    with SimControl(str(site.control)) as sim:
        done = sim.do("load", scanners=["D2"], rate_per_s=20, seconds=seconds, first=first,
                      code="]d201" + DRILL + "21L{n}")
    if done["unanswered"]:
        raise Failure(f"a live scan was not answered: {done}")
    return done["answer_ms"]["p99"]


def measure_backlog(site: BenchSite, table: Table, start_ms) -> None:
    """A million events while the cloud is away; a restart; the cloud comes back."""
    table.part("a million unsent events")
    with SimControl(str(site.control)) as sim:
        sim.do("unplug", device="D3")
        sim.do("link", device="cloud", state="cut")
    site.daemon.stop()
    print(output_of([site.bin / "bench_scale", "fill", site.database, "ATL-3", "DOCK-2", DRILL,
                     EVENTS]).strip(), flush=True)
    took = start_ms(site, "]C0BACKLOG")
    table.tell("ready for scans after start, a million unsent events", f"{took:.0f} ms",
               "<= 1,000 ms", took <= 1000)
    with SimControl(str(site.control)) as sim:
        sim.do("replug", device="D3")
    until("scanner D2", 30, lambda: site_is_connected(site, "D2"))
    idle = live_p99(site, 15, 1)
    with SimControl(str(site.control)) as sim:
        before, began = site.status()["store"]["acked"], time.monotonic()
        sim.do("link", device="cloud", state="up")
        load = sim.begin("load", scanners=["D2"], rate_per_s=20, seconds=15, first=1_000_000,
                         code="]d201" + DRILL + "21L{n}")
        first = until("the drain to begin", 90, lambda: acked_beyond(site, before))
        began = time.monotonic()
        busy = sim.finish(load)["answer_ms"]["p99"]
        until("the drain", 300, lambda: site.status()["store"]["acked"] >= EVENTS, 0.05)
        rate = (site.status()["store"]["acked"] - first) / (time.monotonic() - began)
    table.tell("backlog drain through the broker into PostgreSQL", f"{rate:.0f} events/s",
               ">= 20,000 events/s", rate >= 20_000)
    table.tell("live scans' p99 without / during the drain", f"{idle:.1f} / {busy:.1f} ms",
               "< 2 times", busy < 2 * idle)


def site_is_connected(site: BenchSite, device: str) -> bool:
    with SimControl(str(site.control)) as sim:
        return bool(sim.report(device).get("connected"))


def acked_beyond(site: BenchSite, before: int) -> int:
    acked = site.status()["store"]["acked"]
    return acked if acked > before else 0


def measure_units(site: BenchSite, table: Table) -> None:
    table.part("ten million units")
    text = output_of([site.bin / "bench_scale", "units", site.folder]).strip()
    print(text, flush=True)
    times = float(re.search(r"([\d.]+) times", text).group(1))
    table.tell("p50 of an attempt with 10 million units against 10 thousand", f"{times:.2f} times",
               "<= 1.3 times", times <= 1.3)


def many_devices(folder, count: int) -> tuple[str, dict, int]:
    """Configuration, warehouse and port of the page: four fifths scanners, the rest printers and
    PLCs of two decision points each."""
    api = free_port()
    text = (f'[site]\nid = "MANY"\nzone = "UTC"\n[store]\npath = "{folder}/many.db"\n'
            f'[api]\nlisten = "127.0.0.1:{api}"\nsocket = "{folder}/api.sock"\n'
            f'[labels]\ndir = "{ROOT}/config/labels"\n')
    devices = []
    for n in range(count):
        name, port = f"X{n}", free_port()
        if n % 10 == 8:
            text += f'\n[[device]]\nid = "{name}"\nkind = "zpl_printer"\nhost = "127.0.0.1"\nport = {port}\n'
            devices.append({"kind": "printer_zpl", "id": name, "port": port,
                            "labels_dir": str(folder / "labels-many" / name)})
        elif n % 10 == 9 and n < 300:
            text += (f'\n[[device]]\nid = "{name}"\nkind = "modbus_conveyor"\nhost = "127.0.0.1"\n'
                     f'port = {port}\npoints = 2\n')
            devices.append({"kind": "plc_divert", "id": name, "port": port, "points": 2})
        else:
            text += tcp_scanner(name, port, f'\n[[station]]\nid = "ST-{n}"\nstep = "receive"\n'
                                            f'scanners = ["{name}"]\n')
            devices.append(listening_scanner(name, port))
    return text, {"devices": devices}, api


def measure_memory(site: BenchSite, table: Table) -> None:
    table.part("many devices")
    for count, limit in ((100, 48), (500, 96)):
        folder = site.folder / f"many-{count}"
        folder.mkdir(parents=True, exist_ok=True)
        text, warehouse, _ = many_devices(folder, count)
        (folder / "site.toml").write_text(text)
        (folder / "warehouse.json").write_text(json.dumps(warehouse))
        for device in warehouse["devices"]:
            if device["kind"] == "printer_zpl":
                (folder / "labels-many" / device["id"]).mkdir(parents=True, exist_ok=True)
        control = folder / "sim.sock"
        sim_program = Program("devices", [site.bin / "lotgate-sim", folder / "warehouse.json",
                                          "--control", control], folder).start()
        daemon = Program("lotgated", [site.bin / "lotgated", "--config", folder / "site.toml"],
                         folder)
        try:
            until("the simulated devices", 30, lambda: sim_program.must_live() and control.exists())
            daemon.start()
            scanners = [d["id"] for d in warehouse["devices"] if d["kind"] == "scanner_tcp_listen"]
            with SimControl(str(control)) as sim:
                for name in scanners:
                    sim.wait(name, "connected", timeout_ms=30_000)
                sim.do("load", scanners=scanners, rate_per_s=100, seconds=15,
                       code="]d201" + DRILL + "21M{n}")
            used = resident_mb(daemon.child.pid)
            table.tell(f"resident memory, {count} devices, after 1,500 scans", f"{used:.0f} MB",
                       f"<= {limit} MB", used <= limit)
            opened = descriptors(daemon.child.pid)
            table.tell(f"descriptors, {count} devices", f"{opened}", "< 1,024", opened < 1024)
        finally:
            daemon.stop()
            sim_program.stop()
