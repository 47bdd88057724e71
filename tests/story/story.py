"""The story: a truck is received, orders are packed, cartons are sorted and shipped; in the middle
the cloud goes away, a printer runs out of labels, and a lot is recalled.

Every step says what must come of it. What the devices saw is kept (`seen`), for the closing table.
"""

import collections
import json
import pathlib
import re
import signal
import threading
import time

from make_data import sscc
from processes import Failure, ROOT, Site, until
from simctl import SimControl

LANES = {"NORTH": 1, "SOUTH": 2, "EAST": 3}
LANE_EXCEPTION = 4
LANE_DEFAULT = 5
UNKNOWN_CARTON = "]C100" + sscc(999)  # well-formed, and nobody has heard of it
STATION_OF_PACKER = {"K1": ("PACK-1", "P1"), "K2": ("PACK-2", "P2")}


def read_lines(name: str) -> list[dict]:
    text = (ROOT / "config/demo" / name).read_text()
    return [json.loads(line) for line in text.splitlines() if line]


def code_of(answer: str | None) -> str | None:
    """What the scanner was told: "OK ACCEPT" -> "ACCEPT"; a hand-held is told in JSON."""
    if not answer or not answer.strip():
        return None
    if answer.startswith("{"):
        return json.loads(answer).get("code")
    return answer.strip().split()[-1]


def fits(expected: str, code: str | None) -> bool:
    return code is not None and any(code.startswith(e) for e in expected.split("|"))


class Carton:
    def __init__(self, order: str, route: str, sscc: str, lots: set[str]):
        self.order, self.route, self.sscc, self.lots = order, route, sscc, lots

    @property
    def code(self) -> str:
        return "]C100" + self.sscc


class Story:
    def __init__(self, site: Site, with_kill: bool, say, pause: float = 0.0):
        self.site = site
        self.with_kill = with_kill
        self.say = say
        self.pause = pause
        self.during_outage = lambda: None
        self.sim = SimControl(str(site.control))
        self.scans = read_lines("scans.jsonl")
        self.orders = {i["body"]["id"]: i["body"] for i in read_lines("feed.jsonl")
                       if i["kind"] == "order"}
        self.seen = collections.Counter()  # answer code -> scans, as the scanners were told
        self.lanes = collections.Counter()  # lane -> cartons, as the PLCs confirmed
        self.wrong: list[str] = []  # what did not come out as it must
        self.cartons: dict[str, Carton] = {}
        self.kills = 0
        self.shipped = 0
        self.restart_s: list[float] = []
        # What the labels of the truck's goods say; a serial is on one unit only.
        self.units = {row["code"] for row in self.scans if row["act"] == "dock"
                      and "21" in row["code"] and "]d2" in row["code"]}
        self.units |= {row["code"] for row in self.scans if row["expect"] in (
            "EXPIRED_AT_RECEIPT", "SERIAL_NOT_ON_ASN")}
        self.read_at: dict[tuple[str, str], float] = {}
        self.lock = threading.Lock()
        self.began = time.monotonic()

    # ---- small steps

    def note(self, text: str) -> None:
        passed = time.monotonic() - self.began
        self.say(f"  {int(passed // 60):02d}:{passed % 60:04.1f}  {text}")

    def check(self, holds: bool, text: str) -> None:
        if not holds:
            with self.lock:
                self.wrong.append(text)
            self.note(f"WRONG: {text}")

    def scan(self, device: str, code: str, expected: str) -> str | None:
        """One trigger pull. Where no answer comes (the daemon was killed), the operator looks at
        the lamp and scans again: both reads are recorded, one unit is received."""
        self.let_the_scanner_forget(device, code)
        for attempt in range(20):
            with SimControl(str(self.site.control)) as sim:
                answer = sim.do("scan", device=device, data=code, wait_ms=3000)
            got = code_of(answer.get("answer"))
            if got is not None:
                break
            self.seen_code("(no answer)")
            self.note(f"{device} was told nothing about {code!r}; it is scanned again")
            self.wait_for_daemon()
        self.seen_code(got)
        good = fits(expected, got) or (attempt > 0 and got == "REREAD")
        self.check(good, f"{device} read {code!r}: expected {expected}, was told {got}")
        if self.pause:
            time.sleep(self.pause)
        return got

    def let_the_scanner_forget(self, device: str, code: str) -> None:
        """The same code again this soon would be one object to the scanner; no hand is that fast."""
        wait = self.read_at.get((device, code), 0) + 0.15 - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self.read_at[device, code] = time.monotonic()

    def seen_code(self, code: str | None) -> None:
        with self.lock:
            self.seen[code or "(no answer)"] += 1

    def wait_for_daemon(self) -> None:
        until("the daemon to come back", 30, lambda: self.site.daemon.alive() and self.is_ready())

    def is_ready(self) -> bool:
        try:
            devices = self.site.cli("devices")
        except Failure:
            return False
        rows = devices.get("devices", devices) if isinstance(devices, dict) else devices
        return bool(rows) and all(self.state_of(d) == "ready" for d in rows)

    @staticmethod
    def state_of(device: dict) -> str:
        health = device.get("health", device)
        return health.get("state", "")

    def kill_daemon(self) -> None:
        self.site.daemon.kill()
        self.kills += 1
        self.restart_s.append(self.site.restart_daemon())

    def rows_of(self, act: str) -> list[dict]:
        return [row for row in self.scans if row["act"] == act]

    def run_rows(self, rows: list[dict], kill_after: int | None = None) -> None:
        """The rows of each device in their order, all devices at once."""
        by_device = collections.defaultdict(list)
        for row in rows:
            by_device[row["device"]].append(row)
        done = collections.Counter()
        failures = []

        def work(device: str, mine: list[dict]) -> None:
            try:
                for row in mine:
                    self.scan(device, row["code"], row["expect"])
                    done["rows"] += 1
            except Exception as error:  # noqa: BLE001: told by the main thread
                failures.append(error)

        # Daemons: a story that is broken off does not wait for scans that nobody will answer.
        threads = [threading.Thread(target=work, args=item, daemon=True)
                   for item in by_device.items()]
        for thread in threads:
            thread.start()
        if kill_after is not None:
            until("scans under way", 30, lambda: done["rows"] >= kill_after, 0.001)
            self.kill_daemon()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    # ---- acts

    def truck(self) -> None:
        self.note("a truck at the dock: ASN-1001, three pallets, three doors and a hand-held")
        rows = self.rows_of("dock")
        openers = [r for r in rows if r["code"].startswith("]C100")]
        self.run_rows(openers)
        # The hand-held has no pallet label of its own: the first unit opens the ASN it is on.
        units = [r for r in rows if r not in openers]
        self.run_rows(units, kill_after=20 if self.with_kill else None)
        for row in self.rows_of("dock_wrong"):
            self.scan(row["device"], row["code"], row["expect"])
        self.note(f"received: {self.seen['ACCEPT']} reads accepted, "
                  f"{sum(self.seen.values()) - self.seen['ACCEPT']} not, each with a reason")

    def label_files(self, printer: str) -> list[pathlib.Path]:
        return sorted((self.site.folder / "labels" / printer).glob("*.zpl"))

    def sscc_on(self, label: pathlib.Path) -> str:
        found = re.search(r"\(00\)\s*(\d{18})", label.read_text(errors="replace"))
        if not found:
            raise Failure(f"no SSCC can be read on {label}")
        return found.group(1)

    def pack(self, order: str, kill_after: int | None = None, expects_label: bool = True) -> None:
        rows = self.rows_of("pack:" + order)
        device = rows[0]["device"]
        printer = STATION_OF_PACKER[device][1]
        before = len(self.label_files(printer))
        self.run_rows(rows, kill_after)
        if expects_label:
            self.take_label(order, printer, before)

    def take_label(self, order: str, printer: str, before: int) -> None:
        until(f"the label of {order}", 15, lambda: len(self.label_files(printer)) > before)
        labels = self.label_files(printer)
        self.check(len(labels) == before + 1, f"{order}: {len(labels) - before} labels, not one")
        body = self.orders[order]
        carton = Carton(order, body["route"], self.sscc_on(labels[-1]),
                        {line.get("lot", "") for line in body["lines"]})
        self.cartons[order] = carton
        device = next(d for d, (_, p) in STATION_OF_PACKER.items() if p == printer)
        self.wait_confirmed(carton)
        self.scan(device, carton.code, "ACCEPT")  # verified: what was printed is what was packed

    def wait_confirmed(self, carton: Carton) -> None:
        """A label is verified after its printer has confirmed it."""
        printer_waits = lambda: all(  # noqa: E731
            (d.get("waiting") or 0) == 0 for d in self.devices() if d["id"] in ("P1", "P2"))
        until(f"the printer to confirm {carton.order}", 15, printer_waits)

    def devices(self) -> list[dict]:
        answer = self.site.cli("devices")
        return answer.get("devices", answer) if isinstance(answer, dict) else answer

    def sort(self, sorter: int, code: str | None, lane: int, why: str) -> dict:
        done = self.sim.do("induct", device=f"PLC{sorter}", point=0, scanner=f"S{sorter}",
                           data=code, wait="confirm")
        where = done.get("lane")
        self.lanes[where] += 1
        # The tunnel has a lamp like any scanner; a carton nobody could read lights none.
        self.seen_code(code_of(done.get("answer")) if code else "NOREAD")
        self.check(where == lane, f"sorter {sorter}, {why}: lane {where}, not {lane} ({done})")
        return done

    def sort_carton(self, order: str, sorter: int, lane: int | None = None, why: str = "") -> None:
        carton = self.cartons[order]
        wanted = LANES[carton.route] if lane is None else lane
        self.sort(sorter, carton.code, wanted, why or f"{order} to {carton.route}")

    def morning(self) -> None:
        for order in ("SO-88121", "SO-88122", "SO-88123", "SO-88124"):
            kill = 2 if self.with_kill and order == "SO-88122" else None
            self.pack(order, kill_after=kill)
        for row in self.rows_of("pack_wrong"):
            self.scan(row["device"], row["code"], row["expect"])
        self.note("packed and labelled: " + ", ".join(self.cartons))
        self.sort_carton("SO-88121", 1)
        self.sort_carton("SO-88122", 2)
        self.sort_carton("SO-88123", 1)
        self.sort(1, None, LANE_EXCEPTION, "a carton nobody can read")
        self.sort(2, UNKNOWN_CARTON, LANE_EXCEPTION, "a carton nobody knows")
        self.note("sorted: three cartons to their lanes, an unread and an unknown one aside")

    def outage(self) -> None:
        self.sim.do("link", device="cloud", state="blackhole")
        self.note("the cloud link is cut, without a goodbye")
        self.sim.do("printer", device="P2", fault="paper_out", on=True)
        self.pack("SO-88125")
        self.pack("SO-88126", expects_label=False)
        before = len(self.label_files("P2"))
        until("printer P2 to say what it needs", 15, lambda: any(
            d["id"] == "P2" and self.state_of(d) in ("failed", "degraded")
            for d in self.devices()))
        because = next(d.get("health", d).get("because", "") for d in self.devices()
                       if d["id"] == "P2")
        self.note(f"printer P2: {because}")
        self.check(before == len(self.label_files("P2")), "P2 printed without paper")
        if self.with_kill:
            self.kill_daemon()
            self.wait_for_devices(("P2",))
            self.note("the daemon was killed and came back while the label waited")
        self.move_the_printer()
        self.site.hub_run("hold", "ATL-3", "--lot", self.recalled_lot(), "--reason", "recall",
                          "--class", "II", "--note", "sterility")
        self.note("quality recalls lot L-90 in the cloud; the site cannot know yet")
        self.during_outage()
        self.sort_carton("SO-88124", 2, why="of the recalled lot, before the site can know")
        self.sim.do("printer", device="P2", fault="paper_out", on=False)
        self.take_label("SO-88126", "P2", before)
        self.note("a new roll: the label that waited is printed, once")

    def move_the_printer(self) -> None:
        """Its place changes in the configuration while its label waits: the printer is stopped and
        started anew, and the label goes with it."""
        path = self.site.folder / "site.toml"
        before = path.read_text()
        path.write_text(before.replace('kind = "zpl_printer"\nat = "Pack station 2"',
                                       'kind = "zpl_printer"\nat = "Pack station 2, window"'))
        self.check(path.read_text() != before, "the printer of pack station 2 was not moved")
        self.site.daemon.child.send_signal(signal.SIGHUP)
        until("printer P2 to be started anew", 15,
              lambda: "started P2" in self.site.daemon.log.read_text(errors="replace"))
        self.note("printer P2 was moved in the configuration, and that reloaded")

    def wait_for_devices(self, but: tuple[str, ...]) -> None:
        until("the devices", 30, lambda: all(
            self.state_of(d) == "ready" for d in self.devices() if d["id"] not in but))

    def recalled_lot(self) -> str:
        line = next(line for body in self.orders.values() for line in body["lines"]
                    if line.get("lot") == "L-90")
        return f"{line['gtin']}/L-90"

    def homecoming(self) -> None:
        self.sim.do("link", device="cloud", state="up")
        before = time.monotonic()
        until("the recall to reach the site", 60, self.recall_is_known)
        self.note(f"the link is back; the recall is in force {time.monotonic() - before:.1f} s later")
        self.sort_carton("SO-88125", 1, LANE_EXCEPTION, "holds the recalled lot")
        self.sort_carton("SO-88126", 2)
        self.pack("SO-88127")
        self.pack("SO-88128")
        self.sort_carton("SO-88127", 1)
        self.sort_carton("SO-88128", 2)
        late = self.sim.do("induct", device="PLC1", point=0, scanner="S1",
                           data=self.cartons["SO-88127"].code, wait="confirm",
                           eye_to_scan_ms=2500)
        self.lanes[late.get("lane")] += 1
        self.seen_code(code_of(late.get("answer")))
        self.check(late.get("lane") == LANE_DEFAULT,
                   f"a scan after the decision point: {late}")
        until("the case of the carton that passed undecided", 10, self.has_case_of_passing)
        self.note("a scan that came too late: the PLC took the default lane and said so")

    def has_case_of_passing(self) -> bool:
        return "DIVERT_UNDECIDED" in json.dumps(self.site.cli("cases"))

    def recall_is_known(self) -> bool:
        status = self.site.cli("status")
        text = json.dumps(status)
        return bool(re.search(r'"cursor_urgent": *[1-9]', text))

    def trucks_out(self) -> None:
        for order in ("SO-88121", "SO-88122", "SO-88123", "SO-88126", "SO-88127", "SO-88128"):
            expected = "RECALLED_LOT" if "L-90" in self.cartons[order].lots else "ACCEPT"
            self.shipped += self.scan("O1", self.cartons[order].code, expected) == "ACCEPT"
        self.scan("O1", self.cartons["SO-88125"].code, "RECALLED_LOT")
        self.scan("O1", self.cartons["SO-88121"].code, "DOUBLE_SHIP")
        self.scan("O1", UNKNOWN_CARTON, "UNKNOWN_CARTON")
        self.note("shipped; the recalled cartons stay, and no carton leaves twice")

    def run(self) -> None:
        self.wait_for_devices(())
        self.wait_for_feed()
        self.truck()
        self.morning()
        self.outage()
        self.homecoming()
        self.trucks_out()
        self.settle()

    def wait_for_feed(self) -> None:
        items = len(read_lines("feed.jsonl"))
        until("the master data from the cloud", 30, lambda: re.search(
            r'"cursor_main": *[1-9]', json.dumps(self.site.cli("status"))) and items)
        until("the last order from the cloud", 30, self.last_order_is_here)

    def last_order_is_here(self) -> bool:
        try:
            return "SO-88128" in json.dumps(self.site.cli("trace", "SO-88128"))
        except Failure:  # not known yet
            return False

    def settle(self) -> None:
        """Until the cloud has acknowledged all that the site has recorded."""
        def level() -> bool:
            store = self.site.cli("status")
            text = json.dumps(store)
            head = re.search(r'"head": *(\d+)', text)
            acked = re.search(r'"acked": *(\d+)', text)
            return bool(head and acked and head.group(1) == acked.group(1))
        until("the cloud to have everything", 60, level, 0.1)
