"""Pallets, lots that the site gives, and labels that lack a serial, through the daemon's API.

Run with LOTGATE_BIN naming the folder of the programs.
"""

import json
import subprocess
import sys
import unittest

from daemon_kit import BIN, SITE
from scenarios_kit import KALE, ROMAINE, STATIONS, WIDGET, ScenarioCase, code, day

PALLET = "395060000000000016"
OTHER = "395060000000000023"
CASE_A = "395060000000000030"
CASE_B = "395060000000000047"

PALLET_STATIONS = STATIONS + """
[[station]]
id = "PAL-1"
step = "palletise"

[[station]]
id = "QUAR-1"
step = "quarantine"
"""


def label(sscc: str) -> str:
    return "]C100" + sscc


class PalletsTest(ScenarioCase):
    """Where goods leave as they were picked: cartons need numbers that only a cloud gives."""

    site = SITE.replace('id = "WIRE-1"', 'id = "WIRE-1"\npack_verify = false') + PALLET_STATIONS

    def received(self, *serials: str) -> None:
        self.asn("ASN-1", {"gtin": WIDGET, "serials": list(serials)})
        self.scan("DOCK-1", "]C0ASN-1")
        for serial in serials:
            self.is_done(self.scan("DOCK-1", code(WIDGET, serial=serial)), "received")

    def onto(self, *codes: str) -> None:
        self.is_done(self.scan("PAL-1", label(PALLET)), "pallet_opened")
        for one in codes:
            self.is_done(self.scan("PAL-1", one), "put_on_pallet")
        self.is_done(self.scan("PAL-1", label(PALLET)), "pallet_closed")

    def picked_pallet(self) -> None:
        self.received("W-1", "W-2", "W-3")
        self.order("SO-1", {"gtin": WIDGET, "quantity": 2})
        self.order("SO-2", {"gtin": WIDGET, "quantity": 1}, customer="C-2")
        for order, serials in (("SO-1", ("W-1", "W-2")), ("SO-2", ("W-3",))):
            self.is_done(self.scan("PICK-1", order), "document_opened")
            for serial in serials:
                self.is_done(self.scan("PICK-1", code(WIDGET, serial=serial)), "picked")
        self.onto(*(code(WIDGET, serial=serial) for serial in ("W-1", "W-2", "W-3")))

    def state_of(self, serial: str) -> str:
        return self.trace(f"{WIDGET}/{serial}")["found"][0]["unit"]["state"]

    def test_a_pallet_leaves_by_one_scan_and_each_order_counts_its_own(self):
        self.picked_pallet()
        self.is_done(self.scan("DOOR-1", label(PALLET)), "shipped")
        self.assertEqual([self.state_of(s) for s in ("W-1", "W-2", "W-3")], ["SHIPPED"] * 3)
        for order, shipped in (("SO-1", 2), ("SO-2", 1)):
            document = self.trace(order)["found"][0]["document"]
            self.assertEqual((document["shipped"], document["state"]), (shipped, "shipped"))
        self.assertEqual(self.scan("DOOR-1", label(PALLET))["code"], "REREAD")
        self.is_refused(self.scan("DOOR-2", label(PALLET)), "DOUBLE_SHIP")
        # One event, and each unit's history leads to it.
        history = self.trace(f"{WIDGET}/W-3")["found"][0]["history"]
        self.assertIn("shipped", str(history))

    def test_one_bad_unit_stops_the_pallet_and_is_named(self):
        self.picked_pallet()
        self.do("place_hold", target=f"unit:{WIDGET}/W-2", hold_reason="damaged")
        told = self.is_refused(self.scan("DOOR-1", label(PALLET)), "ON_HOLD_DAMAGED")["told"]
        self.assertIn("W-2", told)
        self.assertIn(PALLET, told)
        self.assertEqual([self.state_of(s) for s in ("W-1", "W-2", "W-3")], ["PICKED"] * 3)
        self.assertEqual(self.trace("SO-2")["found"][0]["document"].get("shipped", 0), 0)

        # It comes off, and the rest leaves.
        self.scan("PAL-1", label(PALLET))
        self.is_done(self.scan("PAL-1", "LG:OFF"), "pallet_turned_off")
        self.is_done(self.scan("PAL-1", code(WIDGET, serial="W-2")), "taken_off_pallet")
        self.is_done(self.scan("PAL-1", "LG:CLOSE"), "pallet_closed")
        self.is_done(self.scan("DOOR-1", label(PALLET)), "shipped")
        self.assertEqual([self.state_of(s) for s in ("W-1", "W-2", "W-3")],
                         ["SHIPPED", "PICKED", "SHIPPED"])

    def test_a_recalled_lot_on_a_pallet_stops_it_and_the_recall_finds_it(self):
        self.stock({"gtin": KALE, "lot": "K-1", "quantity": "10"})
        self.onto(code(KALE, "K-1", count=4))
        self.do("recall", target=f"lot:{KALE}/K-1", **{"class": "I"})
        self.is_refused(self.scan("PUT-1", label(PALLET)), "HELD_TO_PICKABLE")
        found = self.trace("K-1")["found"][0]
        self.assertEqual(sum(row["quantity"] for row in found["on_hand"]), 10)
        self.assertEqual(found["mass_balance"]["difference"], 0)

    def test_a_pallet_in_the_yard_comes_back_and_leaves_again(self):
        self.picked_pallet()
        self.is_done(self.scan("DOOR-1", label(PALLET)), "shipped")
        self.is_done(self.do("unship", sscc=PALLET, where="yard"), "unshipped")
        self.assertEqual(self.state_of("W-1"), "PICKED")
        self.is_done(self.scan("DOOR-2", label(PALLET)), "shipped")
        self.assertEqual(self.trace("SO-1")["found"][0]["document"]["shipped"], 2)

    def test_what_left_on_a_pallet_comes_back_by_its_number(self):
        self.picked_pallet()
        self.is_done(self.scan("DOOR-1", label(PALLET)), "shipped")
        self.is_done(self.scan("BACK-1", label(PALLET)), "taken_back")
        self.assertEqual([self.state_of(s) for s in ("W-1", "W-2", "W-3")], ["RETURNED"] * 3)
        self.is_refused(self.scan("BACK-1", label(PALLET)), "PALLET_EMPTY")
        self.is_refused(self.scan("BACK-1", label(OTHER)), "UNKNOWN_CARTON")

    def test_a_pallet_of_varying_quantities_is_built_moved_counted_and_taken_apart(self):
        self.received("W-1", "W-2")
        self.stock({"gtin": KALE, "lot": "K-1", "quantity": "10"})
        self.onto(code(WIDGET, serial="W-1"), code(WIDGET, serial="W-2"),
                  code(KALE, "K-1", count=3), code(KALE, "K-1", count=4))
        self.take("locations", [{"id": "B-07", "kind": "bin"}])
        self.scan("PUT-1", "B-07")
        self.is_done(self.scan("PUT-1", label(PALLET)), "put_away")
        pallet = self.trace(PALLET)["found"][0]
        self.assertEqual(pallet["container"]["location"], "B-07")
        self.assertEqual(sorted(row["quantity"] for row in pallet["contents"]), [1, 1, 7])
        self.assertEqual(self.trace(f"{WIDGET}/W-1")["found"][0]["unit"]["sscc"], PALLET)

        self.do("count_open", place="B-07", station="COUNT-1")
        self.is_done(self.scan("COUNT-1", label(PALLET)), "counted")
        self.is_done(self.do("count_close", place="B-07"), "count_closed")
        self.assertNotIn("COUNT_DIFFERS", self.cases())
        self.assertNotIn("COUNT_MISSING", self.cases())

        self.is_done(self.do("break_pallet", sscc=PALLET), "pallet_broken")
        self.is_refused(self.scan("PAL-1", label(PALLET)), "LABEL_DUP_LIVE")
        self.assertEqual(self.on_hand("K-1"), 10)

    def test_a_pallet_goes_to_quarantine_whole_and_its_hold_reaches_what_stands_on_it(self):
        self.received("W-1", "W-2")
        self.onto(code(WIDGET, serial="W-1"), code(WIDGET, serial="W-2"))
        self.is_done(self.scan("QUAR-1", label(PALLET)), "quarantined")
        self.order("SO-1", {"gtin": WIDGET, "quantity": 1})
        self.scan("PICK-1", "SO-1")
        self.is_refused(self.scan("PICK-1", code(WIDGET, serial="W-1")), "ON_HOLD_QUARANTINE")
        self.assertEqual(self.do("break_pallet", sscc=PALLET)["code"], "ON_HOLD_PALLET")

    # ---- pallets whose cases were announced

    def truck(self) -> None:
        """Two widgets in a case and six kale in another, on one pallet."""
        self.asn("ASN-1", {"gtin": WIDGET, "serials": ["W-1", "W-2"], "sscc": CASE_A,
                           "pallet": PALLET},
                 {"gtin": KALE, "lot": "K-1", "quantity": 6, "sscc": CASE_B, "pallet": PALLET})

    def test_a_truck_with_a_pallet_of_two_cases_is_received_by_one_scan(self):
        self.truck()
        answer = self.is_done(self.scan("DOCK-1", label(PALLET)), "received")
        self.assertEqual((answer["code"], answer["progress"]), ("LOW_CONFIDENCE", "8 / 8"))
        self.assertIn("3 pieces", answer["told"])
        for serial in ("W-1", "W-2"):
            unit = self.trace(f"{WIDGET}/{serial}")["found"][0]["unit"]
            self.assertEqual((unit["state"], unit["capture"], unit["confidence"], unit["sscc"]),
                             ("RECEIVED", "PALLET_INFERRED", 75, CASE_A))
        self.assertEqual(self.on_hand("K-1"), 6)
        self.take("locations", [{"id": "B-07", "kind": "bin"}])
        self.scan("PUT-1", "B-07")
        self.is_done(self.scan("PUT-1", label(PALLET)), "put_away")
        self.assertEqual(self.state_of("W-1"), "IN_INVENTORY")
        stands = self.trace(CASE_B)["found"][0]["container"]
        self.assertEqual((stands["location"], stands["stands_on"][0]["sscc"]), ("B-07", PALLET))
        chain = subprocess.run([BIN / "lotgate", "--socket", self.dir / "api.sock", "chain",
                                "verify"], capture_output=True, text=True, timeout=60)
        self.assertEqual(chain.returncode, 0, chain.stdout + chain.stderr)

    def test_one_case_comes_first_and_its_pallet_brings_the_rest(self):
        self.truck()
        self.is_done(self.scan("DOCK-1", label(CASE_A)), "received")
        self.assertEqual([self.state_of("W-1"), self.on_hand("K-1")], ["RECEIVED", 0])
        answer = self.is_done(self.scan("DOCK-1", label(PALLET)), "received")
        self.assertEqual(answer["progress"], "8 / 8")
        self.assertEqual(self.on_hand("K-1"), 6)

    def test_a_case_that_did_not_come_is_named_when_the_receipt_is_closed(self):
        self.truck()
        self.is_done(self.scan("DOCK-1", label(CASE_B)), "received")
        self.is_done(self.do("close_receipt", document="ASN-1"), "receipt_closed")
        told = next(case["told"] for case in self.ask("/api/v1/cases")["cases"]
                    if case["kind"] == "SERIAL_MISSING_FROM_SHIPMENT")
        self.assertIn(f"{CASE_A} of pallet {PALLET}", told)

    def test_goods_of_an_unknown_product_stop_the_pallet_at_the_dock_and_are_named(self):
        self.asn("ASN-1", {"gtin": WIDGET, "serials": ["W-1"], "sscc": CASE_A, "pallet": PALLET},
                 {"gtin": "09506000134413", "quantity": 2, "sscc": CASE_B, "pallet": PALLET})
        told = self.is_refused(self.scan("DOCK-1", label(PALLET)), "PRODUCT_UNKNOWN")["told"]
        self.assertIn("09506000134413", told)
        self.assertIn(f"{PALLET} stays as a whole", told)
        self.assertEqual(self.state_of("W-1"), "EXPECTED")

    def test_cases_that_contradict_each_other_are_refused_and_change_nothing(self):
        lines = [{"gtin": KALE, "lot": "K-1", "quantity": 1, "sscc": CASE_A, "pallet": PALLET},
                 {"gtin": KALE, "lot": "K-1", "quantity": 1, "sscc": CASE_A, "pallet": OTHER}]
        items = json.dumps([{"id": "ASN-1", "supplier": "V-1", "lines": lines}])
        answer = self.do("import_rows", kind="asn", rows="1", items=items, **{"import": "I-1"})
        self.is_refused(answer, "IMPORT_NESTING")
        self.assertIn("lines[1].pallet", answer["told"])
        self.is_refused(self.scan("DOCK-1", label(CASE_A)), "UNKNOWN_CODE")
        wrong = self.dir / "asn.csv"
        wrong.write_text("id,supplier,gtin,lot,quantity,sscc,pallet\n"
                         f"ASN-1,V-1,{KALE},K-1,1,{CASE_A},{PALLET}\n"
                         f"ASN-1,V-1,{KALE},K-1,1,{CASE_B},{CASE_A}\n")
        done = subprocess.run([BIN / "lotgate", "--socket", self.dir / "api.sock", "import", "asn",
                               wrong, "--badge", "B-7"], capture_output=True, text=True,
                              timeout=30)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("line 3, pallet", done.stdout + done.stderr)

    # ---- whole pallets for an order

    def test_a_pallet_is_picked_for_an_order_and_its_goods_leave(self):
        self.truck()
        self.is_done(self.scan("DOCK-1", label(PALLET)), "received")
        self.order("SO-1", {"gtin": WIDGET, "quantity": 2}, {"gtin": KALE, "quantity": 6})
        self.is_done(self.scan("PICK-1", "SO-1"), "document_opened")
        answer = self.is_done(self.scan("PICK-1", label(PALLET)), "picked")
        self.assertEqual(answer["progress"], "8 / 8")
        self.assertEqual(self.state_of("W-1"), "PICKED")
        for serial in ("W-1", "W-2"):
            self.is_done(self.scan("DOOR-1", code(WIDGET, serial=serial)), "shipped")
        self.is_done(self.scan("DOOR-1", "SO-1"), "document_opened")
        self.is_done(self.scan("DOOR-1", code(KALE, "K-1", count=6)), "shipped")
        self.assertEqual(self.trace("SO-1")["found"][0]["document"]["state"], "shipped")

    def test_a_held_unit_stops_the_whole_pallet_at_the_pick_station_and_is_named(self):
        self.truck()
        self.is_done(self.scan("DOCK-1", label(PALLET)), "received")
        self.do("place_hold", target=f"unit:{WIDGET}/W-2", hold_reason="damaged")
        self.order("SO-1", {"gtin": WIDGET, "quantity": 2}, {"gtin": KALE, "quantity": 6})
        self.is_done(self.scan("PICK-1", "SO-1"), "document_opened")
        told = self.is_refused(self.scan("PICK-1", label(PALLET)), "ON_HOLD_DAMAGED")["told"]
        self.assertIn("W-2", told)
        self.assertEqual([self.state_of("W-1"), self.state_of("W-2")], ["RECEIVED"] * 2)

    def test_a_pallet_with_goods_that_the_order_does_not_want_is_not_picked(self):
        self.truck()
        self.is_done(self.scan("DOCK-1", label(PALLET)), "received")
        self.order("SO-1", {"gtin": WIDGET, "quantity": 2})
        self.is_done(self.scan("PICK-1", "SO-1"), "document_opened")
        told = self.is_refused(self.scan("PICK-1", label(PALLET)), "WRONG_ORDER")["told"]
        self.assertIn("Kale", told)
        self.assertEqual(self.state_of("W-1"), "RECEIVED")

    def test_a_label_without_its_serial_is_completed_by_keying_it_in(self):
        self.asn("ASN-1", {"gtin": WIDGET, "serials": ["W-1", "W-2"]})
        self.scan("DOCK-1", "]C0ASN-1")
        told = self.is_refused(self.scan("DOCK-1", code(WIDGET)), "SERIAL_REQUIRED")["told"]
        self.assertIn("key it in", told)
        keyed = self.is_done(self.scan("DOCK-1", code(WIDGET), serial=" W-1"), "received")
        self.assertEqual(keyed["code"], "LOW_CONFIDENCE")
        unit = self.trace(f"{WIDGET}/W-1")["found"][0]["unit"]
        self.assertEqual((unit["capture"], unit["confidence"]), ("MANUAL", 75))
        # What is keyed in against what is read is no correction, but a contradiction.
        other = self.scan("DOCK-1", code(WIDGET, serial="W-2"), serial="W-9")
        self.is_refused(other, "LABEL_CONFLICT")

    def test_goods_without_a_lot_wait_where_the_site_has_no_number_to_give(self):
        self.take("products", [{"gtin": "09506000134413", "name": "Spinach", "lot_tracked": True,
                                "assign_tlc": True}])
        self.asn("ASN-1", {"gtin": "09506000134413", "quantity": 5})
        self.scan("DOCK-1", "]C0ASN-1")
        told = self.is_refused(self.scan("DOCK-1", code("09506000134413")), "LOT_REQUIRED")["told"]
        self.assertIn("Connect to the cloud", told)
        keyed = self.scan("DOCK-1", code("09506000134413"), lot="F-7", capture="MANUAL")
        self.is_done(keyed, "received")
        self.assertEqual(self.on_hand("F-7"), 1)

    def test_fields_of_the_sites_own_stay_with_unit_and_lot(self):
        self.take("lots", [{"gtin": ROMAINE, "lot": "L-1", "expires_on": day(60),
                            "custom": {"field": "N 4"}}])
        self.asn("ASN-1", {"gtin": ROMAINE, "lot": "L-1", "expires_on": day(60),
                           "serials": ["S-1"], "custom": {"grade": "A"}})
        self.take("stock", [{"gtin": ROMAINE, "lot": "L-1", "serial": "S-2", "location": "A-01",
                             "custom": {"colour": "red"}}])
        self.scan("DOCK-1", "]C0ASN-1")
        self.scan("DOCK-1", code(ROMAINE, "L-1", "S-1", day(60)))
        self.assertEqual(self.trace("L-1")["found"][0]["lot"]["custom"], {"field": "N 4"})
        self.assertEqual(self.trace("S-1")["found"][0]["unit"]["custom"], {"grade": "A"})
        self.assertEqual(self.trace("S-2")["found"][0]["unit"]["custom"], {"colour": "red"})


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2, argv=sys.argv[:1])
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
