"""Serials, returns, owners and races, as other systems got them wrong, replayed through the
daemon's API and its scanners' sockets.

Run with LOTGATE_BIN naming the folder of the programs; LOTGATE_RACES says how many serials two
stations race for (1,000 unless it says otherwise; the store's own test has 10,000).
"""

import concurrent.futures
import os
import subprocess
import sys
import time
import unittest

from daemon_kit import BIN, Scanner, listens, until
from scenarios_kit import KALE, WIDGET, ScenarioCase, code

RACES = int(os.environ.get("LOTGATE_RACES", "1000"))


class SerialsTest(ScenarioCase):
    def widgets(self, *serials: str, **more) -> None:
        self.stock(*({"gtin": WIDGET, "serial": serial, **more} for serial in serials))

    def test_a_shipped_serial_cannot_be_made_or_shipped_again(self):
        self.widgets("W-1")
        self.order("SO-1", {"gtin": WIDGET, "quantity": 2})
        self.ship_unit("SO-1", WIDGET, "W-1")
        self.is_refused(self.scan("DOOR-2", code(WIDGET, serial="W-1")), "DOUBLE_SHIP")
        self.asn("ASN-1", {"gtin": WIDGET, "quantity": 9})
        self.scan("DOCK-1", "]C0ASN-1")
        self.is_refused(self.scan("DOCK-1", code(WIDGET, serial="W-1")), "SERIAL_DUPLICATE")
        # Its first customer and its first life stand as they were.
        unit = self.trace("W-1")["found"][0]["unit"]
        self.assertEqual((unit["state"], unit["customer"]), ("SHIPPED", "C-1"))
        self.take("stock", [{"gtin": WIDGET, "serial": "W-1", "location": "A-01"}])
        self.assertEqual(self.trace("W-1")["found"][0]["unit"]["state"], "SHIPPED")

    def test_a_return_without_a_serial_makes_none_and_an_unknown_one_is_no_stock(self):
        self.is_refused(self.scan("BACK-1", code(WIDGET)), "SERIAL_REQUIRED")
        self.is_refused(self.scan("BACK-1", code(WIDGET, serial="X-9")), "RETURN_NO_OUTBOUND")
        self.assertIn("RETURN_NO_OUTBOUND", self.cases())
        self.assertEqual(self.trace("X-9").get("status"), 404)
        # Nor does it become stock by being put away.
        self.assertEqual(self.scan("PUT-1", code(WIDGET, serial="X-9"))["light"], "bad")

    def test_one_unit_comes_back_and_the_other_stays_with_the_customer(self):
        self.widgets("W-1", "W-2")
        self.order("SO-1", {"gtin": WIDGET, "quantity": 2})
        for serial in ("W-1", "W-2"):
            self.ship_unit("SO-1", WIDGET, serial)
        self.is_done(self.scan("BACK-1", code(WIDGET, serial="W-1")), "taken_back")
        states = [self.trace(serial)["found"][0]["unit"]["state"] for serial in ("W-1", "W-2")]
        self.assertEqual(states, ["RETURNED", "SHIPPED"])
        # Back on the shelf only after somebody has graded it.
        self.assertEqual(self.scan("PUT-1", code(WIDGET, serial="W-1"))["light"], "bad")
        self.is_done(self.do("grade", gtin=WIDGET, serial="W-1", grade="A"), "graded")
        self.is_done(self.scan("PUT-1", code(WIDGET, serial="W-1")), "put_away")
        # Sold again and back again: the grade of the first return counts no more.
        self.order("SO-2", {"gtin": WIDGET, "quantity": 1})
        self.ship_unit("SO-2", WIDGET, "W-1")
        self.is_done(self.scan("BACK-1", code(WIDGET, serial="W-1")), "taken_back")
        self.is_refused(self.scan("PUT-1", code(WIDGET, serial="W-1")), "RETURN_NOT_GRADED")

    def test_a_unit_that_was_never_sold_does_not_come_back_from_a_customer(self):
        self.widgets("W-1")
        self.is_refused(self.scan("BACK-1", code(WIDGET, serial="W-1")), "NEVER_SOLD")

    def test_a_scrapped_serial_does_not_come_back_and_what_bears_it_is_held(self):
        self.widgets("W-1")
        self.is_done(self.do("scrap", gtin=WIDGET, serial="W-1"), "scrapped")
        self.asn("ASN-1", {"gtin": WIDGET, "quantity": 9})
        self.scan("DOCK-1", "]C0ASN-1")
        self.is_refused(self.scan("DOCK-1", code(WIDGET, serial="W-1")), "SERIAL_RETIRED")
        self.assertEqual(self.trace("W-1")["found"][0]["holds"][0]["reason"], "suspect")

    def test_a_unit_promised_to_one_order_is_not_taken_for_another(self):
        self.widgets("W-1")
        self.order("SO-1", {"gtin": WIDGET, "quantity": 1, "allocation": "serial"})
        self.order("SO-2", {"gtin": WIDGET, "quantity": 1}, customer="C-2")
        self.is_done(self.scan("PICK-1", "SO-1"), "document_opened")
        self.scan("PICK-2", "SO-2")
        self.is_refused(self.scan("PICK-2", code(WIDGET, serial="W-1")), "WRONG_SERIAL")
        self.is_done(self.do("cancel_allocation", document="SO-1"), "allocation_cancelled")
        self.is_done(self.scan("PICK-2", code(WIDGET, serial="W-1")), "picked")

    def test_two_owners_may_have_the_same_serial_and_goods_go_with_their_owners_papers(self):
        self.take("products", [
            {"gtin": WIDGET, "name": "Widget", "serial_tracked": True, "owner": "O-1",
             "uniqueness": "owner"},
            {"gtin": "09506000134390", "name": "Gadget", "serial_tracked": True, "owner": "O-1",
             "uniqueness": "owner"}])
        self.take("asn", [{"id": "ASN-O1", "supplier": "V-1", "owner": "O-1", "lines": [
            {"line": 1, "gtin": WIDGET, "quantity": 5},
            {"line": 2, "gtin": "09506000134390", "quantity": 5}]},
            {"id": "ASN-O2", "supplier": "V-1", "owner": "O-2", "lines": [
                {"line": 1, "gtin": WIDGET, "quantity": 5}]}])
        self.scan("DOCK-1", "]C0ASN-O1")
        self.is_done(self.scan("DOCK-1", code(WIDGET, serial="N-1")), "received")
        # Another product of the same owner: the serial is taken.
        self.is_refused(self.scan("DOCK-1", code("09506000134390", serial="N-1")),
                        "SERIAL_DUPLICATE")
        self.scan("DOCK-2", "]C0ASN-O2")
        self.is_refused(self.scan("DOCK-2", code(WIDGET, serial="N-2")), "OWNER_MISMATCH")

    def test_one_message_delivered_three_times_has_one_effect(self):
        self.stock({"gtin": KALE, "lot": "K-1", "quantity": "10"})
        self.order("SO-1", {"gtin": KALE, "quantity": 9})
        self.scan("PICK-1", "SO-1")
        answers = [self.scan("PICK-1", code(KALE, "K-1", count=3), request_id="offline-1")
                   for _ in range(3)]
        self.assertEqual([answer["did"] for answer in answers], ["picked"] * 3)
        self.assertEqual([answer["is_replay"] for answer in answers], [False, True, True])
        self.assertEqual(len({answer["seq"] for answer in answers}), 1)
        places = {row["place"]: row["quantity"] for row in self.trace("K-1")["found"][0]["on_hand"]}
        self.assertEqual(places["A-01"], 7)
        moved = [self.do("scrap", gtin=KALE, lot="K-1", quantity="2", request_id="offline-2")
                 for _ in range(3)]
        self.assertEqual([answer["is_replay"] for answer in moved], [False, True, True])

    def test_a_message_that_comes_again_after_a_kill_has_one_effect(self):
        self.asn("ASN-1", {"gtin": WIDGET, "quantity": 9})
        self.scan("DOCK-1", "]C0ASN-1")
        first = self.scan("DOCK-1", code(WIDGET, serial="W-1"), request_id="again-1")
        self.children[0].kill()
        self.children[0].wait()
        self.children.clear()
        self.start(self.site)
        again = self.scan("DOCK-1", code(WIDGET, serial="W-1"), request_id="again-1")
        self.assertTrue(again["is_replay"])
        self.assertEqual(again["seq"], first["seq"])

    def test_a_product_tracked_both_ways_is_refused_where_the_site_forbids_it(self):
        self.children[0].terminate()
        self.children[0].wait()
        self.children.clear()
        self.start(self.site.replace("pack_verify = false", 'tracking = "exclusive"'))
        path = self.dir / "products.csv"
        path.write_text("gtin,name,serial_tracked,lot_tracked\n"
                        f"{KALE},Kale,false,true\n09506000134413,Both,true,true\n")
        done = subprocess.run(
            [BIN / "lotgate", "--socket", self.dir / "api.sock", "import", "products", path,
             "--badge", "B-7"], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("line 3, lot_tracked", done.stdout)
        self.assertIn("TRACKING_EXCLUSIVE", done.stdout)
        refused = self.do("import_rows", kind="products", rows="1", **{"import": "p"}, items=
                          '[{"gtin":"09506000134413","serial_tracked":true,"lot_tracked":true}]')
        self.is_refused(refused, "TRACKING_EXCLUSIVE")


class RacesTest(ScenarioCase):
    site = ScenarioCase.site.replace(
        'id = "DOCK-2"\nstep = "receive"', 'id = "DOCK-2"\nstep = "receive"\nscanners = ["D2"]') + """
[[device]]
id = "D2"
kind = "tcp_scanner"
role = "server"
port = {d2}
same_code_quiet = "0ms"
stale_window = "0ms"
answer_good = "OK {{code}}\\r\\n"
answer_attention = "?? {{code}}\\r\\n"
answer_bad = "NO {{code}}\\r\\n"
answer_unavailable = "XX {{code}}\\r\\n"
"""

    def setUp(self):
        super().setUp()
        until("the second scanner", 15, lambda: listens(self.words["d2"]))
        self.asn("ASN-1", {"gtin": WIDGET, "quantity": 100_000})
        self.docks = [Scanner(self.words[name]) for name in ("d1", "d2")]
        for dock in self.docks:
            self.assertTrue(dock.scan("]C0ASN-1").startswith("OK"))

    def tearDown(self):
        for dock in self.docks:
            dock.close()
        super().tearDown()

    def test_two_stations_race_for_one_serial_and_one_wins(self):
        with concurrent.futures.ThreadPoolExecutor(2) as both:
            for n in range(RACES):
                label = code(WIDGET, serial=f"R-{n}")
                answers = sorted(both.map(lambda dock, text=label: dock.scan(text), self.docks))
                self.assertEqual(answers, ["NO SERIAL_DUPLICATE", "OK ACCEPT"], n)
        # A later scan gets the refusal that the loser got.
        later = self.scan("DOCK-1", code(WIDGET, serial="R-0"))
        self.is_refused(later, "SERIAL_DUPLICATE")

    def test_many_callers_make_one_serial_once(self):
        stations = ["DOCK-1", "DOCK-2"] * 8
        with concurrent.futures.ThreadPoolExecutor(len(stations)) as callers:
            answers = list(callers.map(
                lambda station: self.scan(station, code(WIDGET, serial="ONE")), stations))
        made = [answer for answer in answers if answer.get("did") == "received"
                and answer["code"] == "ACCEPT"]
        self.assertEqual(len(made), 1, [a.get("code") for a in answers])
        others = {answer["code"] for answer in answers} - {"ACCEPT"}
        self.assertLessEqual(others, {"SERIAL_DUPLICATE", "REREAD"})

    def test_five_hundred_serials_are_received_in_seconds(self):
        began = time.monotonic()
        for n in range(500):
            self.assertEqual(self.docks[0].scan(code(WIDGET, serial=f"N-{n}")), "OK ACCEPT")
        # About 1 ms each; a program under sanitizers on a busy machine has more.
        self.assertLess(time.monotonic() - began, 60)


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2, argv=sys.argv[:1])
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
