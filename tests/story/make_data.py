"""Writes the demo's warehouse: what the cloud knows (feed.jsonl) and what the scanners read
(scans.jsonl). Run it again after a change here; the files are committed, so that the demo reads
plain data.

GTINs use 0950600, the prefix GS1 keeps for examples.
"""

import json
import pathlib

GS = "\x1d"
HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent.parent / "config" / "demo"


def check_digit(digits: str) -> str:
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return str((10 - total % 10) % 10)


def gtin(item: str, indicator: str = "0") -> str:
    body = indicator + "950600" + item
    assert len(body) == 13
    return body + check_digit(body)


def sscc(serial: int) -> str:
    body = f"0950600{serial:010d}"
    return body + check_digit(body)


INFUSION = gtin("012001")  # serial and lot, expiry required
ROMAINE = gtin("012002", "1")  # a case: lot only, expiry required
DRILL = gtin("012003")  # serial only
STRANGER = gtin("099999")  # not in the master data

# Lot -> use-by date. Far in the future, but for the one that is long over.
LOTS = {
    "L-88": "2033-03-31",
    "L-90": "2034-06-30",
    "L-OLD": "2024-02-29",
    "R-7F31": "2032-12-24",
}


def yymmdd(iso: str) -> str:
    return iso[2:4] + iso[5:7] + iso[8:10]


def datamatrix(item: str, serial: str | None, lot: str | None) -> str:
    """A unit's DataMatrix: 01, 17, 10, 21; FNC1 after the lot, which has no fixed length."""
    text = "]d201" + item
    if lot:
        text += "17" + yymmdd(LOTS[lot]) + "10" + lot
        if serial:
            text += GS
    return text + ("21" + serial if serial else "")


def case_code(item: str, lot: str) -> str:
    """A case's GS1-128: 01, 17, 10."""
    return "]C101" + item + "17" + yymmdd(LOTS[lot]) + "10" + lot


def pallet_code(code: str) -> str:
    return "]C100" + code


PALLETS = [sscc(n) for n in (1, 2, 3)]
UNITS_88 = [f"INF-88-{n:03d}" for n in range(1, 25)]
UNITS_90 = [f"INF-90-{n:03d}" for n in range(1, 25)]
UNITS_OLD = ["INF-OLD-1", "INF-OLD-2"]
DRILLS = [f"DR{n:05d}x" for n in range(70001, 70011)]
CASES_OF_ROMAINE = 12

ORDERS = [  # id, customer, route, [(gtin, quantity, lot or None)]
    ("SO-88121", "C-NORTHSIDE", "NORTH", [(INFUSION, 3, "L-88")]),
    ("SO-88122", "C-SOUTHGATE", "SOUTH", [(INFUSION, 2, "L-90"), (DRILL, 1, None)]),
    ("SO-88123", "C-NORTHSIDE", "NORTH", [(ROMAINE, 4, None)]),
    ("SO-88124", "C-SOUTHGATE", "SOUTH", [(INFUSION, 2, "L-90")]),
    ("SO-88125", "C-NORTHSIDE", "NORTH", [(INFUSION, 2, "L-90"), (INFUSION, 1, "L-88")]),
    ("SO-88126", "C-HARBOUR", "EAST", [(DRILL, 2, None)]),
    ("SO-88127", "C-HARBOUR", "EAST", [(INFUSION, 3, "L-88")]),
    ("SO-88128", "C-SOUTHGATE", "SOUTH", [(ROMAINE, 2, None), (DRILL, 1, None)]),
]


def feed() -> list[dict]:
    items = [
        ("product", {"gtin": INFUSION, "name": "Infusion set, sterile", "serial_tracked": True,
                     "lot_tracked": True, "expiry_required": True}),
        ("product", {"gtin": ROMAINE, "name": "Romaine hearts, case of 12",
                     "serial_tracked": False, "lot_tracked": True, "expiry_required": True}),
        ("product", {"gtin": DRILL, "name": "Cordless drill", "serial_tracked": True,
                     "lot_tracked": False, "expiry_required": False}),
        ("party", {"id": "C-NORTHSIDE", "name": "Northside Grocers", "route": "NORTH"}),
        ("party", {"id": "C-SOUTHGATE", "name": "Southgate Clinics", "route": "SOUTH"}),
        ("party", {"id": "C-HARBOUR", "name": "Harbour Supply", "route": "EAST"}),
        ("sscc_range", {"id": "RANGE-1", "first": "09506000000001000",
                        "last": "09506000000001999"}),
        ("asn", {"id": "ASN-1001", "supplier": "V-MERIDIAN", "lines": [
            {"line": 1, "gtin": INFUSION, "lot": "L-88", "expires_on": LOTS["L-88"],
             "quantity": len(UNITS_88), "sscc": PALLETS[0], "serials": UNITS_88},
            {"line": 2, "gtin": INFUSION, "lot": "L-90", "expires_on": LOTS["L-90"],
             "quantity": len(UNITS_90), "sscc": PALLETS[1], "serials": UNITS_90},
            {"line": 3, "gtin": INFUSION, "lot": "L-OLD", "expires_on": LOTS["L-OLD"],
             "quantity": len(UNITS_OLD), "sscc": PALLETS[1], "serials": UNITS_OLD},
            {"line": 4, "gtin": DRILL, "quantity": len(DRILLS), "sscc": PALLETS[2],
             "serials": DRILLS},
            {"line": 5, "gtin": ROMAINE, "lot": "R-7F31", "expires_on": LOTS["R-7F31"],
             "quantity": CASES_OF_ROMAINE, "sscc": PALLETS[2]},
        ]}),
    ]
    for order, customer, route, lines in ORDERS:
        items.append(("order", {
            "id": order, "customer": customer, "route": route,
            "lines": [{"line": n, "gtin": item, "quantity": quantity}
                      | ({"lot": lot} if lot else {})
                      for n, (item, quantity, lot) in enumerate(lines, 1)]}))
    return [{"kind": kind, "body": body} for kind, body in items]


def scan(act: str, device: str, code: str, expect: str, note: str = "") -> dict:
    row = {"act": act, "device": device, "code": code, "expect": expect}
    return row | ({"note": note} if note else {})


def dock_scans() -> list[dict]:
    rows = []
    for device, pallet in zip(("D1", "D2", "D3"), PALLETS):
        rows.append(scan("dock", device, pallet_code(pallet), "ACCEPT", "pallet label opens the ASN"))
    rows += [scan("dock", "D1", datamatrix(INFUSION, s, "L-88"), "ACCEPT") for s in UNITS_88]
    rows += [scan("dock", "D2", datamatrix(INFUSION, s, "L-90"), "ACCEPT") for s in UNITS_90[:18]]
    rows += [scan("dock", "H1", datamatrix(INFUSION, s, "L-90"), "ACCEPT", "hand-held, over MQTT")
             for s in UNITS_90[18:]]
    rows += [scan("dock", "D3", datamatrix(DRILL, s, None), "ACCEPT") for s in DRILLS]
    rows += [scan("dock", "D3", case_code(ROMAINE, "R-7F31"), "ACCEPT",
                  "cases of one lot carry the same code") for _ in range(CASES_OF_ROMAINE)]
    return rows


def dock_exceptions() -> list[dict]:
    good = datamatrix(INFUSION, "INF-88-099", "L-88")
    return [
        scan("dock_wrong", "D2", datamatrix(INFUSION, UNITS_88[23], "L-88"), "SERIAL_DUPLICATE",
             "received at door 1 a moment ago"),
        scan("dock_wrong", "D2", datamatrix(INFUSION, "INF-OLD-1", "L-OLD"), "EXPIRED_AT_RECEIPT"),
        scan("dock_wrong", "D2", datamatrix(INFUSION, "INF-OLD-2", "L-OLD"), "EXPIRED_AT_RECEIPT"),
        scan("dock_wrong", "D1", "]d201" + STRANGER + "21X1", "PRODUCT_UNKNOWN"),
        scan("dock_wrong", "D1", "]d201" + INFUSION + "17" + yymmdd(LOTS["L-88"]) + "10L-88",
             "SERIAL_REQUIRED"),
        scan("dock_wrong", "D1", "]d201" + INFUSION + "21INF-77-001", "LOT_REQUIRED"),
        scan("dock_wrong", "D1", good, "SERIAL_NOT_ON_ASN"),
        scan("dock_wrong", "D1", "NOREAD", "NOREAD"),
        scan("dock_wrong", "D3", "]d201" + INFUSION[:-1] + ("0" if INFUSION[-1] != "0" else "1")
             + "21X2", "GTIN_BAD_CHECK", "mangled: the check digit is wrong"),
        scan("dock_wrong", "D3", "]C101" + INFUSION[:9], "PARSE", "mangled: cut short"),
        scan("dock_wrong", "D3", "]d299" + GS + GS + "9", "PARSE", "mangled: bytes out of place"),
        scan("dock_wrong", "D3", case_code(ROMAINE, "R-7F31"), "OVER_RECEIPT",
             "a thirteenth case of twelve"),
    ]


def pack_scans() -> list[dict]:
    """Each order at its station; the third field of `act` says which order it belongs to."""
    unit_88 = iter(UNITS_88)
    unit_90 = iter(UNITS_90)
    drill = iter(DRILLS)
    rows = []
    for number, (order, _, _, lines) in enumerate(ORDERS):
        act = "pack:" + order
        device = ("K1", "K2")[number % 2]
        rows.append(scan(act, device, "]C0" + order, "ACCEPT", "the pick list's order code"))
        if order == "SO-88121":
            rows.append(scan(act, device, datamatrix(DRILL, DRILLS[9], None), "WRONG_ORDER"))
            rows.append(scan(act, device, datamatrix(INFUSION, UNITS_90[23], "L-90"),
                             "WRONG_ORDER", "the order names lot L-88"))
        for item, quantity, lot in lines:
            for _ in range(quantity):
                if item == ROMAINE:
                    rows.append(scan(act, device, case_code(ROMAINE, "R-7F31"), "ACCEPT"))
                else:
                    serial = next(drill if item == DRILL else unit_88 if lot == "L-88" else unit_90)
                    rows.append(scan(act, device, datamatrix(item, serial, lot), "ACCEPT"))
        if order == "SO-88122":
            rows.append(scan("pack_wrong", "K1", datamatrix(INFUSION, UNITS_88[0], "L-88"),
                             "ALREADY_PACKED|NO_DOCUMENT|BAD_STATE", "already in a closed carton"))
    return rows


def write(name: str, rows: list[dict]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=True) + "\n" for row in rows)
    (OUT / name).write_text(text)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    write("feed.jsonl", feed())
    write("scans.jsonl", dock_scans() + dock_exceptions() + pack_scans())
