"""Lots, dates and rotation, as other systems got them wrong, replayed through the daemon's API.

Run with LOTGATE_BIN naming the folder of the programs.
"""

import sys
import time
import unittest

from daemon_kit import SITE
from scenarios_kit import BEANS, GS, KALE, ROMAINE, STATIONS, ScenarioCase, code, day


class LotsTest(ScenarioCase):
    def test_a_serial_of_one_lot_is_not_taken_as_another_lot(self):
        self.asn("ASN-1", {"gtin": ROMAINE, "lot": "A", "expires_on": day(90),
                           "serials": ["S-1", "S-2"]})
        self.scan("DOCK-1", "]C0ASN-1")
        held = self.scan("DOCK-1", code(ROMAINE, "B", "S-1", day(90)))
        self.is_refused(held, "LOT_MISMATCH_FOR_SERIAL")
        self.assertEqual(held["decision"], "hold")
        self.is_done(self.scan("DOCK-1", code(ROMAINE, "A", "S-2", day(90))), "received")
        self.assertIn("LOT_MISMATCH_FOR_SERIAL", self.cases())

    def test_no_more_of_a_lot_leaves_than_is_there(self):
        self.stock({"gtin": KALE, "lot": "K-1", "quantity": "100"})
        self.order("SO-1", {"gtin": KALE, "quantity": 5000})
        self.scan("PICK-1", "SO-1")
        self.is_refused(self.scan("PICK-1", code(KALE, "K-1", count=5000)), "LOT_NEGATIVE")
        refused = self.do("scrap", gtin=KALE, lot="K-1", quantity="5000")
        self.assertEqual(refused["light"], "bad", refused)
        self.assertEqual(self.on_hand("K-1"), 100)

    def test_a_split_lot_keeps_its_parent_and_its_sum(self):
        self.stock({"gtin": KALE, "lot": "K-1", "quantity": "100"})
        self.is_done(self.do("split_lot", gtin=KALE, lot="K-1", quantity="22", new_lot="K-2"),
                     "lot_split")
        self.assertEqual((self.on_hand("K-1"), self.on_hand("K-2")), (78, 22))
        self.do("place_hold", target=f"lot:{KALE}/K-1", hold_reason="quarantine")
        self.order("SO-1", {"gtin": KALE, "quantity": 5})
        self.scan("PICK-1", "SO-1")
        # A hold on what it was made of is a hold on it.
        self.is_refused(self.scan("PICK-1", code(KALE, "K-2", count=5)), "ON_HOLD_QUARANTINE")

    def test_a_pick_that_is_taken_back_gives_the_quantity_back(self):
        self.stock({"gtin": KALE, "lot": "K-1", "quantity": "10"})
        self.order("SO-1", {"gtin": KALE, "quantity": 4})
        self.scan("PICK-1", "SO-1")
        self.is_done(self.scan("PICK-1", code(KALE, "K-1", count=4)), "picked")
        self.is_done(self.do("unpick", gtin=KALE, lot="K-1", quantity="4", document="SO-1",
                             place="A-01"), "unpicked")
        places = {row["place"]: row["quantity"] for row in self.trace("K-1")["found"][0]["on_hand"]}
        self.assertEqual(places, {"A-01": 10})

    def three_lots(self):
        self.stock({"gtin": BEANS, "lot": "B-14", "quantity": "14", "expires_on": day(100)},
                   {"gtin": BEANS, "lot": "B-2", "quantity": "2", "expires_on": day(10)},
                   {"gtin": BEANS, "lot": "B-3", "quantity": "3", "expires_on": day(40)})

    def test_a_quantity_that_spans_lots_is_split_in_the_order_of_their_dates(self):
        self.three_lots()
        self.order("SO-5", {"gtin": BEANS, "quantity": 5})
        picks = self.ask("/api/v1/orders/SO-5/picks")["lines"][0]["picks"]
        self.assertEqual([(pick["lot"], float(pick["quantity"])) for pick in picks],
                         [("B-2", 2), ("B-3", 3)])

    def test_what_cannot_be_served_is_said_and_is_no_negative_stock(self):
        self.three_lots()
        self.order("SO-30", {"gtin": BEANS, "quantity": 30})
        told = self.is_refused(self.scan("PICK-1", "SO-30"), "INSUFFICIENT_ELIGIBLE")
        self.assertIn("19", told["told"])

    def test_the_lot_that_expires_first_is_taken_first(self):
        self.three_lots()
        self.order("SO-1", {"gtin": BEANS, "quantity": 2})
        self.scan("PICK-1", "SO-1")
        told = self.is_refused(self.scan("PICK-1", code(BEANS, "B-14", count=1)), "FEFO_VIOLATION")
        self.assertIn("B-2", told["told"])
        why = self.ask("/api/v1/why?what=%23" + str(told["seq"]))["event"]["considered"][0]
        self.assertEqual((why["rotation"], why["said_by"]), ("FEFO", "product"))
        self.assertIn("goes first", [stock["said"] for stock in why["stock"]])
        self.is_done(self.scan("PICK-1", code(BEANS, "B-2", count=2)), "picked")

    def test_equal_dates_give_the_same_list_each_time(self):
        self.stock(*({"gtin": BEANS, "lot": f"B-{n}", "quantity": str(n), "expires_on": day(50)}
                     for n in (7, 3, 5)))
        self.order("SO-1", {"gtin": BEANS, "quantity": 15})
        lists = {str(self.ask("/api/v1/orders/SO-1/picks")["lines"]) for _ in range(5)}
        self.assertEqual(len(lists), 1, lists)

    def test_undated_stock_is_taken_last_and_can_be_taken(self):
        self.stock({"gtin": BEANS, "lot": "NO-DATE", "quantity": "5"},
                   {"gtin": BEANS, "lot": "DATED", "quantity": "5", "expires_on": day(20)})
        self.order("SO-1", {"gtin": BEANS, "quantity": 8})
        picks = self.ask("/api/v1/orders/SO-1/picks")["lines"][0]["picks"]
        self.assertEqual([pick["lot"] for pick in picks], ["DATED", "NO-DATE"])

    def test_what_expires_today_is_good_today_at_every_step(self):
        today = day()
        self.asn("ASN-1", {"gtin": KALE, "lot": "K-1", "quantity": 5})
        self.order("SO-1", {"gtin": KALE, "quantity": 2})
        goods = code(KALE, "K-1", expires=today, count=2)
        self.scan("DOCK-1", "]C0ASN-1")
        self.is_done(self.scan("DOCK-1", goods), "received")
        self.is_done(self.scan("PUT-1", goods), "put_away")
        self.scan("PICK-1", "SO-1")
        self.is_done(self.scan("PICK-1", goods), "picked")
        self.scan("DOOR-1", "SO-1")
        self.is_done(self.scan("DOOR-1", goods), "shipped")

    def test_good_goods_leave_and_expired_ones_do_not(self):
        self.stock({"gtin": KALE, "lot": "GOOD", "quantity": "5", "expires_on": day(9)},
                   {"gtin": KALE, "lot": "OLD", "quantity": "5", "expires_on": day(-1)})
        self.order("SO-1", {"gtin": KALE, "quantity": 10})
        self.scan("PICK-1", "SO-1")
        self.is_refused(self.scan("PICK-1", code(KALE, "OLD", count=1)), "EXPIRED_AT_SHIP")
        self.is_done(self.scan("PICK-1", code(KALE, "GOOD", count=5)), "picked")
        # Expired goods may still be thrown away, without anybody changing their date.
        self.is_done(self.do("scrap", gtin=KALE, lot="OLD", quantity="5"), "scrapped")

    def test_a_second_date_of_a_lot_is_a_conflict_and_the_earlier_one_counts(self):
        self.asn("ASN-1", {"gtin": KALE, "lot": "K-1", "quantity": 10})
        self.scan("DOCK-1", "]C0ASN-1")
        self.is_done(self.scan("DOCK-1", code(KALE, "K-1", expires=day(60), count=1)), "received")
        held = self.scan("DOCK-1", code(KALE, "K-1", expires=day(30), count=1))
        self.is_refused(held, "LOT_EXPIRY_CONFLICT")
        self.assertEqual(held["decision"], "hold")
        self.assertEqual(self.trace("K-1")["found"][0]["lot"]["expires_on"], day(30))

    def test_two_orders_are_not_promised_the_same_stock(self):
        self.stock({"gtin": KALE, "lot": "K-1", "quantity": "10"})
        for name in ("SO-1", "SO-2"):
            self.order(name, {"gtin": KALE, "quantity": 7, "allocation": "lot"})
        self.is_done(self.scan("PICK-1", "SO-1"), "document_opened")
        told = self.is_refused(self.scan("PICK-2", "SO-2"), "INSUFFICIENT_ELIGIBLE")
        self.assertIn("3 are eligible", told["told"])

    def test_the_same_lot_text_on_two_products_is_two_lots(self):
        self.asn("ASN-1", {"gtin": KALE, "lot": "L-7", "quantity": 3},
                 {"gtin": BEANS, "lot": "L-7", "quantity": 9})
        self.scan("DOCK-1", "]C0ASN-1")
        self.is_done(self.scan("DOCK-1", code(KALE, "L-7", count=3)), "received")
        lots = {found["lot"]["gtin"]: sum(row["quantity"] for row in found["on_hand"])
                for found in self.trace("L-7")["found"] if "lot" in found}
        self.assertEqual(lots[KALE], 3)
        self.assertEqual(lots.get(BEANS, 0), 0)
        # A lot without its product is asked about, never guessed.
        self.is_refused(self.scan("DOCK-1", "]C110L-7"), "LOT_WITHOUT_PRODUCT")

    def test_a_recall_stops_what_is_here_and_names_who_has_the_rest(self):
        self.asn("ASN-1", {"gtin": KALE, "lot": "K-1", "quantity": 10}, po="PO-7")
        self.order("SO-1", {"gtin": KALE, "quantity": 6})
        self.scan("DOCK-1", "]C0ASN-1")
        self.is_done(self.scan("DOCK-1", code(KALE, "K-1", count=10)), "received")
        self.scan("PICK-1", "SO-1")
        self.is_done(self.scan("PICK-1", code(KALE, "K-1", count=4)), "picked")
        self.scan("DOOR-1", "SO-1")
        self.is_done(self.scan("DOOR-1", code(KALE, "K-1", count=3)), "shipped")
        self.do("recall", target=f"lot:{KALE}/K-1", **{"class": "I"})
        for station in ("PICK-1", "DOOR-1", "PUT-1"):
            answer = self.scan(station, code(KALE, "K-1", count=1))
            self.assertEqual(answer["light"], "bad", answer)
        found = self.ask(f"/api/v1/recall?what=lot:{KALE}/K-1")["found"][0]
        self.assertEqual([(row["order"], row["quantity"]) for row in found["shipped"]],
                         [("SO-1", 3)])
        self.assertEqual([(row["asn"], row["supplier"], row["po"]) for row in found["from"]],
                         [("ASN-1", "V-1", "PO-7")])
        self.assertEqual(found["mass_balance"]["difference"], 0)

    def test_lots_that_are_made_of_each_other_do_not_hang_a_trace(self):
        self.stock({"gtin": KALE, "lot": "K-1", "quantity": "10"})
        self.is_done(self.do("split_lot", gtin=KALE, lot="K-1", quantity="4", new_lot="K-2"),
                     "lot_split")
        self.is_done(self.do("merge_lots", gtin=KALE, lot="K-2", into_lot="K-1"), "lots_merged")
        began = time.monotonic()
        for lot in ("K-1", "K-2"):
            self.assertIn("found", self.trace(f"{KALE}/{lot}"))
            self.assertIn("found", self.ask(f"/api/v1/recall?what=lot:{KALE}/{lot}"))
        self.assertLess(time.monotonic() - began, 5)

    def test_a_lot_that_was_moved_a_thousand_times_is_traced_at_once(self):
        self.stock({"gtin": KALE, "lot": "K-1", "quantity": "10"})
        for n in range(1383):
            self.do("move", gtin=KALE, lot="K-1", quantity="1", place=f"B-{n % 7}")
        began = time.monotonic()
        self.assertEqual(self.on_hand("K-1"), 10)
        # 50 ms is the budget of the bench; a program under sanitizers on a busy machine has more.
        self.assertLess(time.monotonic() - began, 2)

    def test_day_00_is_the_last_day_of_its_month_and_leap_years_count(self):
        self.asn("ASN-1", {"gtin": KALE, "quantity": 100})
        self.scan("DOCK-1", "]C0ASN-1")
        for lot, label, meant in (("D-1", "190700", "2019-07-31"), ("D-2", "000200", "2000-02-29"),
                                  ("D-3", "280200", "2028-02-29"), ("D-4", "270200", "2027-02-28"),
                                  ("D-5", "000229", "2000-02-29")):
            self.scan("DOCK-1", f"]d201{KALE}17{label}10{lot}{GS}301")
            self.assertEqual(self.trace(f"{KALE}/{lot}")["found"][0]["lot"]["expires_on"], meant)
        refused = self.scan("DOCK-1", f"]d201{KALE}17270229" f"10D-6{GS}301")
        self.is_refused(refused, "EXP_INVALID")


class ZonesTest(ScenarioCase):
    """The date on a label is a date: no zone moves it."""

    def setUp(self):  # each zone has a daemon of its own
        pass

    def tearDown(self):
        pass

    def test_no_zone_from_minus_11_to_plus_14_moves_the_date_of_a_label(self):
        for zone in ("Pacific/Midway", "America/New_York", "UTC", "Asia/Kolkata",
                     "Pacific/Kiritimati"):
            with self.subTest(zone):
                self.site = SITE.replace('id = "WIRE-1"', f'id = "WIRE-1"\nzone = "{zone}"')
                self.site += STATIONS
                super().setUp()
                try:
                    self.asn("ASN-1", {"gtin": KALE, "lot": "K-1", "quantity": 5,
                                       "expires_on": day(30)})
                    self.scan("DOCK-1", "]C0ASN-1")
                    goods = code(KALE, "K-1", expires=day(30), count=1)
                    answer = self.is_done(self.scan("DOCK-1", goods), "received")
                    self.assertEqual(answer["code"], "ACCEPT", answer)  # no second date
                    self.assertEqual(self.trace("K-1")["found"][0]["lot"]["expires_on"], day(30))
                finally:
                    super().tearDown()


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2, argv=sys.argv[:1])
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
