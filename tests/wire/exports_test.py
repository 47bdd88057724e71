"""The sheets of the food rule and the exceptions of receipts, exported by a daemon whose goods came
through its scanner, compared cell by cell with golden sheets.
"""

import copy
import csv
import io
import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from daemon_kit import BIN, Scanner  # noqa: E402
from scenarios_kit import GS, ScenarioCase, code, day  # noqa: E402

LETTUCE = "10850510002011"   # under the food rule, by serial and lot
SPINACH = "00850510002021"   # under the food rule, counted by lot
NAPKINS = "09506000134369"   # under no rule
PILLS = "00301430957019"     # a medicine

RECEIVING = ["TLC-GTIN", "TLC-Batch", "TLC-Date", "Date Type", "TLC-SSCC", "TLC Assigned By",
             "Qty & UOM", "Product Description", "Immediate Previous Source", "Receive Location",
             "Receive Date", "TLC Source Ref GLN", "TLC Source Ref FFRN", "TLC Source Ref URL",
             "TLC Source Ref GGN", "Source Ref Assigned By", "Ref Doc", "TLC Source Name",
             "TLC Source Street", "TLC Source City", "TLC Source State", "TLC Source Country",
             "TLC Source Zip", "TLC Source Phone"]
SHIPPING = ([{"Immediate Previous Source": "Ship To Location",
              "Receive Location": "Ship From Location",
              "Receive Date": "Ship Date"}.get(name, name) for name in RECEIVING]
            + ["VoiceCode", "Pallet ID"])
DC_TO_STORE = SHIPPING + ["TLC Collection Method", "Confidence Level", "Notes on TLC Ambiguity"]

FARM = "Green Farm, 1 Field Road, Salinas, +1 555 0100"
HERE = "Wire Warehouse, 9 Dock Street, Atlanta, +1 555 0199"
SHOP = "Northside, 3 High Street, Macon, +1 555 0123"

# What the published shape asks for (docs/data/answers.md, "Exceptions").
ITEM = {"exception_item_uuid": str}
MAYBE = (str, type(None))
SHAPES = {
    "missing_product_data": ITEM | {"product_gtin": str, "observation_source": str,
                                    "resolution_request": str, "product_serial": MAYBE},
    "missing_product": ITEM | {"file_id": str, "product_gtin": str, "product_serial": str,
                               "resolution_request": str},
    "data_misalignment": ITEM | {f"{side}_{name}": MAYBE if name == "serial" else str
                                 for side in ("received_product", "product_data")
                                 for name in ("gtin", "lot", "expiry", "serial")}
    | {"resolution_request": str},
    "overages": ITEM | {"gtin": str, "quantity_ordered": int, "quantity_received": int,
                        "resolution_request": str},
    "underages": ITEM | {"gtin": str, "quantity_ordered": int, "quantity_received": int,
                         "resolution_request": str},
    "gtin_errors": ITEM | {"invalid_gtin": str, "proposed_gtin": MAYBE,
                           "resolution_request": MAYBE},
}
REPORT = {"message_uuid": str, "exception_case_uuid": str, "timestamp": int, "po_number": str,
          "sender_information": dict, "exceptions": dict, "other_errors": (list, type(None)),
          "case_resolved": bool}
SENDER = {"vp": MAYBE, "gln": MAYBE, "email": str, "phone": MAYBE}
RESOLUTIONS = {"Send new data", "Send product", "Return product", "Send back product",
               "Credit account", "Debit account"}
SOURCES = {"Scan", "Packing Slip", "ASN", "Other"}


def problems_of(value: dict, shape: dict, where: str) -> list[str]:
    """Every member that is lacking, too much or of another type."""
    found = [f"{where}: no {name}" for name in shape if name not in value]
    found += [f"{where}: {name} is in no table" for name in value if name not in shape]
    for name, kinds in shape.items():
        if name in value:
            kinds = kinds if isinstance(kinds, tuple) else (kinds,)
            if type(value[name]) not in kinds:
                found.append(f"{where}: {name} is {value[name]!r}")
    if value.get("resolution_request") not in RESOLUTIONS | {None}:
        found.append(f"{where}: resolution_request is {value['resolution_request']!r}")
    if value.get("observation_source", "Scan") not in SOURCES:
        found.append(f"{where}: observation_source is {value['observation_source']!r}")
    return found


def report_problems(report: dict) -> list[str]:
    found = problems_of(report, REPORT, "report")
    found += problems_of(report.get("sender_information", {}), SENDER, "sender")
    lists = dict(report.get("exceptions", {}))
    master = lists.pop("master_data_errors", {})
    for name in master:
        if name != "gtin_errors":
            found.append(f"master_data_errors: {name} is in no table")
    lists |= {name: items for name, items in master.items() if name in SHAPES}
    for name, items in lists.items():
        if name not in SHAPES:
            found.append(f"exceptions: {name} is in no table")
            continue
        for item in items:
            found += problems_of(item, SHAPES[name], name)
    return found


class Exports(ScenarioCase):
    def setUp(self):
        super().setUp()
        try:
            self.furnish()
        except BaseException:
            super().tearDown()
            raise

    def furnish(self):
        food = {"lot_tracked": True, "regimes": ["fsma204"]}
        self.take("products", [
            {"gtin": LETTUCE, "name": "Romaine hearts 12ct carton", "serial_tracked": True,
             "unit": "CS", **food},
            {"gtin": SPINACH, "name": "Spinach 4lb carton", "unit": "CS", **food},
            {"gtin": NAPKINS, "name": "Napkins", "lot_tracked": True},
            {"gtin": PILLS, "name": "Pills 30ct", "serial_tracked": True, "lot_tracked": True,
             "regimes": ["dscsa"]}])
        self.take("parties", [
            {"id": "V-1", "name": "Green Farm", "kind": "vendor", "gln": "0850510002007",
             "address": "1 Field Road, Salinas", "phone": "+1 555 0100"},
            {"id": "C-1", "name": "Northside", "kind": "customer",
             "address": "3 High Street, Macon", "phone": "+1 555 0123"},
            {"id": "WIRE-1", "name": "Wire Warehouse", "address": "9 Dock Street, Atlanta",
             "phone": "+1 555 0199", "email": "qa@example.com", "gln": "0950600013439"}])

    def export(self, *words, status: int = 0) -> str:
        done = subprocess.run([BIN / "lotgate", "--socket", self.dir / "api.sock", "export",
                               *words], capture_output=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stderr)
        return (done.stdout if status == 0 else done.stderr).decode()

    def sheet(self, *words) -> tuple[list, list[dict]]:
        rows = list(csv.reader(io.StringIO(self.export(*words), newline="")))
        for row in rows:
            self.assertEqual(len(row), len(rows[0]), row)
        return rows[0], [dict(zip(rows[0], row)) for row in rows[1:]]

    def equals(self, row: dict, **known) -> None:
        """The golden cells, and nothing in any other."""
        golden = dict.fromkeys(row, "") | known
        self.assertEqual(row, golden)

    # ---- what the warehouse does

    def receive_food(self) -> None:
        """Three cartons of a lot by serial, the last of them typed, and ten counted ones."""
        self.asn("ASN-1", {"gtin": LETTUCE, "lot": "46587443HG234", "quantity": 3,
                           "serials": ["S-1", "S-2", "S-3"], "sscc": "008505100020000014"},
                 {"gtin": SPINACH, "lot": "2", "quantity": "10"},
                 {"gtin": NAPKINS, "lot": "N-1", "quantity": "5"}, po="PO-7")
        scanner = Scanner(self.words["d1"])
        try:
            self.assertTrue(scanner.scan("]C0ASN-1").startswith("OK"))
            for serial in ("S-1", "S-2"):
                answer = scanner.scan(code(LETTUCE, "46587443HG234", serial))
                self.assertTrue(answer.startswith("OK"), answer)
            spinach = f"]d201{SPINACH}13100126102{GS}3010"
            self.assertTrue(scanner.scan(spinach).startswith("OK"))
            self.assertTrue(scanner.scan(code(NAPKINS, "N-1", count=5)).startswith("OK"))
        finally:
            scanner.close()
        typed = self.scan("DOCK-1", code(LETTUCE, "46587443HG234", "S-3"), capture="MANUAL")
        self.assertEqual((typed["did"], typed["code"]), ("received", "LOW_CONFIDENCE"))

    def ship_food(self) -> None:
        """Everything but one carton of lettuce and seven of spinach, to the shop."""
        self.order("SO-1", {"gtin": LETTUCE, "quantity": 2}, {"gtin": SPINACH, "quantity": "3"})
        self.is_done(self.scan("PICK-1", "SO-1"), "document_opened")
        for serial in ("S-1", "S-3"):
            self.is_done(self.scan("PICK-1", code(LETTUCE, serial=serial)), "picked")
        self.is_done(self.scan("PICK-1", code(SPINACH, "2", count=3)), "picked")
        for serial in ("S-1", "S-3"):
            self.is_done(self.scan("DOOR-1", code(LETTUCE, serial=serial)), "shipped")
        self.is_done(self.scan("DOOR-1", "SO-1"), "document_opened")
        self.is_done(self.scan("DOOR-1", code(SPINACH, "2", count=3)), "shipped")

    # ---- the food rule

    def test_what_came_through_the_dock_is_in_the_receiving_sheet_cell_by_cell(self):
        self.receive_food()
        names, rows = self.sheet("receiving")
        self.assertEqual(names, RECEIVING)
        source = {"Immediate Previous Source": FARM, "Receive Location": HERE,
                  "Receive Date": day(), "TLC Source Ref GLN": "0850510002007",
                  "Ref Doc": "ASN ASN-1, PO PO-7", "TLC Source Name": "Green Farm",
                  "TLC Source Street": "1 Field Road, Salinas",
                  "TLC Source Phone": "'+1 555 0100"}
        self.assertEqual(len(rows), 2)
        self.equals(rows[0], **source, **{
            "TLC-GTIN": LETTUCE, "TLC-Batch": "46587443HG234", "TLC-SSCC": "008505100020000014",
            "Qty & UOM": "3 CS", "Product Description": "Romaine hearts 12ct carton"})
        self.equals(rows[1], **source, **{
            "TLC-GTIN": SPINACH, "TLC-Batch": "2", "TLC-Date": "2010-01-26",
            "Date Type": "Pack Date", "Qty & UOM": "10 CS",
            "Product Description": "Spinach 4lb carton"})
        # A receipt that was taken back is no receipt.
        self.is_done(self.do("undo_receive", gtin=LETTUCE, serial="S-2"), "receipt_undone")
        self.assertEqual(self.sheet("receiving")[1][0]["Qty & UOM"], "2 CS")

    def test_what_the_scanner_read_is_case_1_and_what_was_typed_is_manual(self):
        self.receive_food()
        self.ship_food()
        names, rows = self.sheet("dc-to-store")
        self.assertEqual(names, DC_TO_STORE)
        way = {"Ship To Location": SHOP, "Ship From Location": HERE, "Ship Date": day(),
               "TLC Source Ref GLN": "0850510002007", "Ref Doc": "ORDER SO-1",
               "TLC Source Name": "Green Farm", "TLC Source Street": "1 Field Road, Salinas",
               "TLC Source Phone": "'+1 555 0100"}
        lettuce = {"TLC-GTIN": LETTUCE, "TLC-Batch": "46587443HG234", "Qty & UOM": "1 CS",
                   "Product Description": "Romaine hearts 12ct carton", "VoiceCode": "6359"}
        self.assertEqual(len(rows), 3)
        # The units left the supplier's case when they were picked.
        self.equals(rows[0], **way, **lettuce,
                    **{"TLC Collection Method": "CASE", "Confidence Level": "1"})
        self.equals(rows[1], **way, **lettuce, **{
            "TLC Collection Method": "MANUAL", "Confidence Level": "0.75",
            "Notes on TLC Ambiguity": "The code was typed, not read."})
        self.equals(rows[2], **way, **{
            "TLC-GTIN": SPINACH, "TLC-Batch": "2", "TLC-Date": "2010-01-26",
            "Date Type": "Pack Date", "Qty & UOM": "3 CS",
            "Product Description": "Spinach 4lb carton", "VoiceCode": "6614",
            "TLC Collection Method": "CASE", "Confidence Level": "1"})
        # The shipping sheet says the same without the method: two rows of lettuce are one.
        names, rows = self.sheet("shipping")
        self.assertEqual(names, SHIPPING)
        self.assertEqual([row["Qty & UOM"] for row in rows], ["2 CS", "3 CS"])

    def test_a_lot_the_days_and_all_products_are_chosen_by_options(self):
        self.receive_food()
        _, rows = self.sheet("receiving", "--lot", f"{SPINACH}/2")
        self.assertEqual([row["TLC-GTIN"] for row in rows], [SPINACH])
        _, rows = self.sheet("receiving", "--all")
        self.assertEqual([row["TLC-GTIN"] for row in rows], [LETTUCE, SPINACH, NAPKINS])
        self.assertEqual(self.sheet("receiving", "--to", day(-1))[1], [])
        self.assertEqual(self.sheet("receiving", "--from", day(1))[1], [])
        self.assertEqual(len(self.sheet("receiving", "--from", day(-1), "--to", day(1))[1]), 2)
        self.assertIn("no lot of this site",
                      self.export("receiving", "--lot", f"{SPINACH}/99", status=1))
        self.assertIn("not a day", self.export("receiving", "--from", "monday", status=2))
        self.assertEqual(self.ask("/api/v1/exports/receiving?from=monday")["code"], "day_unknown")
        self.assertEqual(self.ask("/api/v1/exports/weather")["code"], "unknown_export")

    def test_the_sheet_is_the_same_while_the_daemon_is_down(self):
        self.receive_food()
        alive = self.export("receiving")
        child = self.children.pop()
        child.terminate()
        child.wait()
        done = subprocess.run([BIN / "lotgate", "--socket", self.dir / "api.sock", "--db",
                               self.dir / "lotgate.db", "export", "receiving"],
                              capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout.decode()), (0, alive))
        self.assertIn(b"read from", done.stderr)

    # ---- exceptions of receipts

    def reports(self, *words) -> list[dict]:
        entries = json.loads(self.export("exceptions", *words))["exceptions"]
        for entry in entries:
            self.assertEqual(report_problems(entry["report"]), [])
        return entries

    def test_another_serial_on_the_label_than_in_the_data_is_a_misalignment(self):
        self.asn("ASN-4", {"gtin": PILLS, "lot": "A1234", "expires_on": "2029-01-01",
                           "quantity": 1, "serials": ["232323232323"]}, po="ABD1234")
        self.scan("DOCK-1", "]C0ASN-4")
        label = code(PILLS, "A1234", "121212121212", expires="2029-01-01")
        self.is_refused(self.scan("DOCK-1", label), "SERIAL_NOT_ON_ASN")
        # Until the receipt is closed the other one may still come.
        [entry] = self.reports()
        self.assertEqual(list(entry["report"]["exceptions"]), ["missing_product_data"])
        self.is_done(self.do("close_receipt", document="ASN-4"), "receipt_closed")
        [entry] = self.reports()
        report = entry["report"]
        self.assertEqual((report["po_number"], report["case_resolved"]), ("ABD1234", False))
        self.assertEqual(report["sender_information"],
                         {"vp": None, "gln": "0950600013439", "email": "qa@example.com",
                          "phone": "+1 555 0199"})
        self.assertEqual(list(report["exceptions"]), ["data_misalignment"])
        [item] = copy.deepcopy(report["exceptions"]["data_misalignment"])
        uuid = item.pop("exception_item_uuid")
        self.assertRegex(uuid, r"^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-")
        self.assertEqual(item, {
            "received_product_gtin": PILLS, "received_product_lot": "A1234",
            "received_product_expiry": "2029-01-01", "received_product_serial": "121212121212",
            "product_data_gtin": PILLS, "product_data_lot": "A1234",
            "product_data_expiry": "2029-01-01", "product_data_serial": "232323232323",
            "resolution_request": "Send new data"})
        # Our own names of it stand beside the report, and say which item they are about.
        self.assertEqual({(one["code"], one["rule"], one["item"]) for one in entry["findings"]},
                         {("SERIAL_NOT_ON_ASN", "R-08", uuid),
                          ("SERIAL_MISSING_FROM_SHIPMENT", "R-09", uuid)})
        self.assertEqual(self.reports(), [entry])
        self.assertEqual(self.reports("--to", day(-1)), [])

    def test_what_is_over_short_missing_or_unknown_has_its_own_list(self):
        self.asn("ASN-5", {"gtin": PILLS, "lot": "A1", "quantity": 4,
                           "serials": ["P-1", "P-2", "P-3", "P-4"]},
                 {"gtin": NAPKINS, "lot": "N-1", "quantity": "2"},
                 {"gtin": SPINACH, "lot": "2", "quantity": "9"}, po="PO-5")
        self.scan("DOCK-1", "]C0ASN-5")
        self.is_done(self.scan("DOCK-1", code(PILLS, "A1", "P-1")), "received")
        # Of a medicine the difference makes it suspect; the report says the difference.
        self.is_refused(self.scan("DOCK-1", code(PILLS, "B2", "P-2")), "SUSPECT_PRODUCT")
        self.scan("DOCK-1", code(PILLS, "A1", "X-9"))
        for _ in range(2):
            self.is_done(self.scan("DOCK-1", code(NAPKINS, "N-1", count=1)), "received")
        self.is_refused(self.scan("DOCK-1", code(NAPKINS, "N-1", count=1)), "OVER_RECEIPT")
        self.is_done(self.scan("DOCK-1", code(SPINACH, "2", count=4)), "received")
        self.is_refused(self.scan("DOCK-1", code("09506000134413", "L")), "PRODUCT_UNKNOWN")
        self.is_done(self.do("close_receipt", document="ASN-5"), "receipt_closed")
        [entry] = self.reports()
        lists = copy.deepcopy(entry["report"]["exceptions"])
        lists |= lists.pop("master_data_errors")
        for item in (item for items in lists.values() for item in items):
            del item["exception_item_uuid"]
        # Two are missing: nobody knows which of them X-9 came for, so neither is said.
        self.assertEqual(lists["missing_product_data"], [{
            "product_gtin": PILLS, "observation_source": "Scan",
            "resolution_request": "Send new data", "product_serial": "X-9"}])
        self.assertEqual(lists["missing_product"], [{
            "file_id": "ASN-5", "product_gtin": PILLS, "product_serial": serial,
            "resolution_request": "Send product"} for serial in ("P-3", "P-4")])
        self.assertEqual(lists["data_misalignment"], [{
            "received_product_gtin": PILLS, "received_product_lot": "B2",
            "received_product_expiry": "", "received_product_serial": "P-2",
            "product_data_gtin": PILLS, "product_data_lot": "A1", "product_data_expiry": "",
            "product_data_serial": "P-2", "resolution_request": "Send new data"}])
        self.assertEqual(lists["overages"], [{
            "gtin": NAPKINS, "quantity_ordered": 2, "quantity_received": 3,
            "resolution_request": "Return product"}])
        self.assertEqual(lists["underages"], [{
            "gtin": SPINACH, "quantity_ordered": 9, "quantity_received": 4,
            "resolution_request": "Send product"}])
        self.assertEqual(lists["gtin_errors"], [{
            "invalid_gtin": "09506000134413", "proposed_gtin": None,
            "resolution_request": None}])
        self.assertEqual(len(lists), 6)

    def test_a_report_of_another_shape_is_noticed(self):
        self.asn("ASN-6", {"gtin": NAPKINS, "lot": "N-1", "quantity": "2"}, po="PO-6")
        self.scan("DOCK-1", "]C0ASN-6")
        self.is_done(self.do("close_receipt", document="ASN-6"), "receipt_closed")
        [entry] = self.reports()
        for spoil, told in (
                (lambda r: r.pop("po_number"), "report: no po_number"),
                (lambda r: r.update(lot="x"), "report: lot is in no table"),
                (lambda r: r["sender_information"].pop("email"), "sender: no email"),
                (lambda r: r["exceptions"].update(shortages=[]),
                 "exceptions: shortages is in no table"),
                (lambda r: r["exceptions"]["underages"][0].pop("gtin"), "underages: no gtin"),
                (lambda r: r["exceptions"]["underages"][0].update(quantity_ordered="2"),
                 "underages: quantity_ordered is '2'"),
                (lambda r: r["exceptions"]["underages"][0].update(resolution_request="Hurry"),
                 "underages: resolution_request is 'Hurry'")):
            report = copy.deepcopy(entry["report"])
            spoil(report)
            self.assertEqual(report_problems(report), [told])


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2, argv=sys.argv[:1])
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
