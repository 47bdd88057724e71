"""`./dev soak N`: the load of the bench for N minutes, and whether the daemon grows by it.

Resident memory and descriptors are taken every second. The first quarter is warm-up (caches fill,
arenas settle); of the rest the medians of the first and the last third are compared. `--control`
judges two programs that do nothing else: one that leaks, and one that does not.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

RSS_GROWTH_MAX_KB = 2048
RSS_GROWTH_MAX_SHARE = 0.03
DESCRIPTORS_GROWTH_MAX = 2
# A malloc arena is given back late: fewer samples than this say nothing.
SAMPLES_MIN = 24


def resident_kb(pid: int) -> int:
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise ProcessLookupError(pid)


def descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


class Watch:
    """Takes samples of one process on a thread of its own, until it is told to end."""

    def __init__(self, pid: int, every_s: float):
        self.samples: list[tuple[float, int, int]] = []
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(pid, every_s))
        self.thread.start()

    def run(self, pid: int, every_s: float) -> None:
        began = time.monotonic()
        while not self.is_over.wait(every_s):
            try:
                self.samples.append((time.monotonic() - began, resident_kb(pid), descriptors(pid)))
            except OSError:
                return

    def end(self) -> list[tuple[float, int, int]]:
        self.is_over.set()
        self.thread.join()
        return self.samples


def judged(samples: list[tuple[float, int, int]]) -> tuple[list[str], str]:
    """What is wrong, and the figures in one line."""
    if len(samples) < SAMPLES_MIN:
        return [f"only {len(samples)} samples: too short to say anything"], ""
    warm = samples[len(samples) // 4:]
    third = len(warm) // 3
    first, last = warm[:third], warm[-third:]
    rss = [statistics.median(sample[1] for sample in part) for part in (first, last)]
    held = [statistics.median(sample[2] for sample in part) for part in (first, last)]
    minutes = max(1e-9, (last[third // 2][0] - first[third // 2][0]) / 60)
    growth = rss[1] - rss[0]
    told = (f"resident {rss[0] / 1024:.1f} -> {rss[1] / 1024:.1f} MB "
            f"({growth / minutes:+.1f} kB a minute), descriptors {held[0]:.0f} -> {held[1]:.0f}, "
            f"{len(samples)} samples")
    wrong = []
    if growth > max(RSS_GROWTH_MAX_KB, rss[0] * RSS_GROWTH_MAX_SHARE):
        wrong.append(f"memory grows: {growth / 1024:.1f} MB within {minutes:.1f} minutes")
    if held[1] - held[0] > DESCRIPTORS_GROWTH_MAX:
        wrong.append(f"descriptors grow: {held[1] - held[0]:.0f} within {minutes:.1f} minutes")
    return wrong, told


# ---- the control

LEAKS = {
    "a program that leaks memory": "keep.append(bytearray(150_000))",
    "a program that leaks descriptors": "keep.append(open('/dev/null'))",
    "a program that keeps what it has": "keep[:] = [bytearray(150_000)]",
}


def control() -> int:
    good = bad = 0
    for name, step in LEAKS.items():
        program = f"import time\nkeep = []\nwhile True:\n    {step}\n    time.sleep(0.02)\n"
        child = subprocess.Popen([sys.executable, "-c", program])
        try:
            watch = Watch(child.pid, 0.05)
            time.sleep(5)
            wrong, told = judged(watch.end())
        finally:
            child.kill()
            child.wait()
        is_right = bool(wrong) == ("leaks" in name)
        good, bad = good + is_right, bad + (not is_right)
        print(f"{'ok' if is_right else 'WRONG'}  {name}: {told}; {'; '.join(wrong) or 'no growth'}")
    print(f"{good} passed, {bad} failed")
    return 1 if bad else 0


# ---- the soak

def soak(arguments) -> int:
    from bench_site import BenchSite
    from processes import Failure, end_in_order
    from simctl import SimControl
    site = BenchSite(pathlib.Path(arguments.dir).resolve(), pathlib.Path(arguments.bin).resolve())
    wrong: list[str] = []
    end_in_order()
    try:
        story = site.up()
        codes = [story.cartons[o].code for o in ("SO-88121", "SO-88122", "SO-88123")]
        watch = Watch(site.daemon.child.pid, 1.0)
        end = time.monotonic() + arguments.minutes * 60
        sent = unanswered = 0
        with SimControl(str(site.control), timeout=120) as sim:
            while time.monotonic() < end:
                done = sim.do("load", scanners=site.tunnels(), codes=codes,
                              rate_per_s=arguments.rate,
                              seconds=min(30, max(1, end - time.monotonic())))
                sent, unanswered = sent + done["sent"], unanswered + done["unanswered"]
        site.daemon.must_live()
        wrong, told = judged(watch.end())
        print(f"{arguments.minutes:g} minutes, {sent} scans at {arguments.rate}/s, "
              f"{unanswered} unanswered\n{told}", flush=True)
        if unanswered:
            wrong.append(f"{unanswered} scans were not answered")
    except Failure as failure:
        wrong.append(f"{failure}; logs: {site.folder}/*.log")
    finally:
        site.stop()
    for one in wrong:
        print("soak:", one)
    print(f"{0 if wrong else 1} passed, {len(wrong)} failed")
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", action="store_true")
    parser.add_argument("--bin")
    parser.add_argument("--dir")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=int, default=100)
    arguments = parser.parse_args()
    return control() if arguments.control else soak(arguments)


if __name__ == "__main__":
    sys.exit(main())
