"""Pallets, lots that the site gives, and labels that lack a serial, through the daemon's API.

Run with LOTGATE_BIN naming the folder of the programs.
"""

import sys
import unittest

from daemon_kit import SITE
from scenarios_kit import KALE, ROMAINE, STATIONS, WIDGET, ScenarioCase, code, day

PALLET = "395060000000000016"
OTHER = "395060000000000023"

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
