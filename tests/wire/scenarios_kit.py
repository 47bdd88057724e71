"""A small warehouse behind a daemon of a test's own: its master data by import, its scans and
operations over HTTP, its answers as an integrator gets them.
"""

import datetime
import itertools
import json
import urllib.error
import urllib.parse
import urllib.request

from daemon_kit import SITE, DaemonCase

GS = "\u001d"
ROMAINE = "09506000134352"  # serial and lot tracked
KALE = "09506000134369"     # counted by lot
WIDGET = "09506000134376"   # serial tracked only
BEANS = "09506000134406"    # counted by lot, first expired first out

STATIONS = "".join(f"""
[[station]]
id = "{name}"
step = "{step}"
""" for name, step in [("DOCK-2", "receive"), ("PUT-1", "putaway"), ("PICK-1", "pick"),
                       ("PICK-2", "pick"), ("PACK-1", "pack"), ("DOOR-1", "ship"),
                       ("DOOR-2", "ship"), ("BACK-1", "take_back"), ("COUNT-1", "count")])

PRODUCTS = [
    {"gtin": ROMAINE, "name": "Romaine", "serial_tracked": True, "lot_tracked": True},
    {"gtin": KALE, "name": "Kale", "lot_tracked": True},
    {"gtin": WIDGET, "name": "Widget", "serial_tracked": True},
    {"gtin": BEANS, "name": "Beans", "lot_tracked": True, "rotation": "FEFO",
     "fefo_policy": "reject"},
]
PARTIES = [{"id": "V-1", "name": "Vendor", "kind": "vendor"},
           {"id": "C-1", "name": "Northside", "kind": "customer"},
           {"id": "C-2", "name": "Southside", "kind": "customer"}]


def day(offset: int = 0) -> str:
    """A day of the site's calendar, so many from today."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return (today + datetime.timedelta(days=offset)).isoformat()


def yymmdd(iso: str) -> str:
    return iso[2:].replace("-", "")


def code(gtin: str, lot: str = "", serial: str = "", expires: str = "", count: int = 0) -> str:
    """A GS1 DataMatrix as a scanner sends it."""
    text = "]d201" + gtin
    if expires:
        text += "17" + yymmdd(expires)
    for identifier, value in (("10", lot), ("21", serial), ("30", str(count) if count else "")):
        if value:
            text += identifier + value + GS
    return text.rstrip(GS)


class ScenarioCase(DaemonCase):
    """One daemon a test; it ships what was picked, since cartons need numbers from the cloud."""

    site = SITE.replace('id = "WIRE-1"', 'id = "WIRE-1"\npack_verify = false') + STATIONS

    def setUp(self):
        super().setUp()
        self.requests = itertools.count(1)
        try:
            self.start(self.site)
            self.take("products", PRODUCTS)
            self.take("parties", PARTIES)
        except BaseException:
            super().tearDown()
            raise

    # ---- HTTP

    def ask(self, path: str, body=None):
        url = f"http://127.0.0.1:{self.words['api']}{path}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return json.loads(error.read())

    def scan(self, station: str, text: str, /, **more) -> dict:
        body = {"code": text, "request_id": f"s-{next(self.requests)}", **more}
        return self.ask(f"/api/v1/stations/{station}/scan", body)

    def do(self, operation: str, /, **arguments) -> dict:
        body = {"badge": "B-7", "second_badge": "B-8", "reason": "scenario",
                "request_id": f"o-{next(self.requests)}", **arguments}
        return self.ask(f"/api/v1/operations/{operation}", body)

    def take(self, kind: str, rows: list[dict]) -> None:
        answer = self.do("import_rows", kind=kind, rows=str(len(rows)), items=json.dumps(rows),
                         **{"import": f"{kind}-{next(self.requests)}"})
        self.assertEqual(answer.get("did"), "imported", answer)

    def trace(self, what: str) -> dict:
        return self.ask("/api/v1/trace?" + urllib.parse.urlencode({"what": what}))

    def cases(self) -> list[str]:
        return [case["kind"] for case in self.ask("/api/v1/cases")["cases"]]

    # ---- what happens in a warehouse

    def asn(self, name: str, *lines: dict, **more) -> None:
        self.take("asn", [{"id": name, "supplier": "V-1", **more,
                           "lines": [{"line": n, **line} for n, line in enumerate(lines, 1)]}])

    def order(self, name: str, *lines: dict, customer: str = "C-1") -> None:
        self.take("orders", [{"id": name, "customer": customer,
                              "lines": [{"line": n, **line} for n, line in enumerate(lines, 1)]}])

    def stock(self, *rows: dict) -> None:
        self.take("stock", [{"location": "A-01", **row} for row in rows])

    def is_done(self, answer: dict, did: str) -> dict:
        self.assertEqual(answer.get("did"), did, answer)
        return answer

    def is_refused(self, answer: dict, refusal: str) -> dict:
        """By name, with a sentence that says what to do next."""
        self.assertEqual(answer.get("code"), refusal, answer)
        self.assertIn(answer["light"], ("bad", "attention"), answer)
        self.assertGreater(len(answer["told"]), 20, answer)
        return answer

    def ship_unit(self, order: str, gtin: str, serial: str) -> None:
        self.is_done(self.scan("PICK-1", order), "document_opened")
        self.is_done(self.scan("PICK-1", code(gtin, serial=serial)), "picked")
        self.is_done(self.scan("DOOR-1", code(gtin, serial=serial)), "shipped")

    def on_hand(self, lot: str) -> int:
        found = self.trace(lot)["found"][0]
        return sum(row["quantity"] for row in found.get("on_hand", []))

    def tearDown(self):
        # Whatever happened, the chain is whole.
        if self.children and self.children[0].poll() is None:
            self.assertTrue(self.ask("/api/v1/chain")["ok"])
        super().tearDown()
