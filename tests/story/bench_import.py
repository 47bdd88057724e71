"""What `./dev bench --all` says of files: a million rows imported while a scanner goes on."""

import json
import os
import resource
import sqlite3
import subprocess
import time

from bench_scale import many_devices
from bench_site import BenchSite, Table
from make_data import DRILL
from processes import Failure, Program, until
from simctl import SimControl

ROWS = 1_000_000


def gtin(n: int) -> str:
    digits = f"095{n:010d}"
    total = sum(int(digit) * (3 if k % 2 == 0 else 1) for k, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def load(control, seconds: int, first: int) -> dict:
    with SimControl(str(control)) as sim:
        done = sim.do("load", scanners=["X0"], rate_per_s=50, seconds=seconds, first=first,
                      code="]d201" + DRILL + "21I{n}")
    if done["unanswered"]:
        raise Failure(f"a live scan was not answered: {done}")
    return done["answer_ms"]


def waiting(folder) -> int:
    with sqlite3.connect(f"file:{folder}/many.db?mode=ro", uri=True) as database:
        return database.execute("select coalesce(sum(waiting),-1) from import_run").fetchone()[0]


def measure_import(site: BenchSite, table: Table, rows: int = ROWS) -> None:
    table.part(f"a file of {rows} rows")
    folder = site.folder / "import"
    folder.mkdir(parents=True, exist_ok=True)
    text, warehouse, _ = many_devices(folder, 1)
    (folder / "site.toml").write_text(text)
    (folder / "warehouse.json").write_text(json.dumps(warehouse))
    file = folder / "products.csv"
    with open(file, "w") as out:
        out.write("gtin,name,lot_tracked,unit\n")
        for n in range(rows):
            out.write(f"{gtin(n)},Product number {n},true,EA\n")
    control = folder / "sim.sock"
    devices = Program("devices", [site.bin / "lotgate-sim", folder / "warehouse.json",
                                  "--control", control], folder).start()
    daemon = Program("lotgated", [site.bin / "lotgated", "--config", folder / "site.toml"], folder)
    try:
        until("the simulated devices", 30, lambda: devices.must_live() and control.exists())
        daemon.start()
        with SimControl(str(control)) as sim:
            sim.wait("X0", "connected", timeout_ms=30_000)
        idle = load(control, 10, 1)
        began = time.monotonic()
        command = subprocess.Popen(
            [site.bin / "lotgate", "--socket", folder / "api.sock", "import", "products", file,
             "--badge", "B-1", "--second-badge", "B-2"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first, answers, in_force = 100_000, [], 0.0
        while command.poll() is None or waiting(folder) > 0:
            if command.poll() is not None and not in_force:
                in_force = time.monotonic() - began
            answers.append(load(control, 5, first))
            first += 10_000
        took = time.monotonic() - began
        out, err = command.communicate()
        if command.returncode != 0 or waiting(folder) != 0:
            raise Failure(f"the import ended with {command.returncode}: {out}{err[-500:]}")
        p99 = max(answer["p99"] for answer in answers)
        worst = max(answer.get("max", answer["p99"]) for answer in answers)
        table.tell("rows imported: sent and in force; written", f"{in_force:.0f} s; {took:.0f} s")
        table.tell("live scans' p99 idle / in the worst 5 s of it; slowest",
                   f"{idle['p99']:.1f} / {p99:.1f} ms; {worst:.0f} ms", "p99 <= 50 ms", p99 <= 50)
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        table.tell("largest program that has ended so far (the command is one)", f"{used} MB")
    finally:
        daemon.stop()
        devices.stop()
        for part in ("", "-wal", "-shm"):
            path = folder / f"many.db{part}"
            if path.exists():
                os.unlink(path)
