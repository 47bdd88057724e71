"""Labels as a stranger reads them: the ZPL that the printers printed, rendered and decoded by
barcode readers that are not ours (tests/labels), must say what was scanned into the cartons.
"""

import json
import re
import subprocess

from processes import Failure, ROOT

GS = "\\x1d"  # as the decoder writes it


def decoded(files: list) -> list[dict]:
    done = subprocess.run(["node", ROOT / "tests/labels/decode_labels.mjs", *files],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"decode_labels.mjs: {done.stderr.strip()[-500:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def contents_of(story, order: str) -> tuple[set, int]:
    """Which (GTIN, lot) went into the carton, and how many units: from the codes that were read."""
    kinds, count = set(), 0
    for row in story.rows_of("pack:" + order):
        unit = re.match(r"\](?:d2|C1)01(\d{14})(?:17\d{6}10([^\x1d]+))?", row["code"])
        if unit and row["expect"] == "ACCEPT":
            kinds.add((unit.group(1), unit.group(2) or ""))
            count += 1
    return kinds, count


def matrix_due(story, carton) -> str:
    """SSCC always; content, count and lot where the carton holds one product (and lot)."""
    kinds, count = contents_of(story, carton.order)
    text = "00" + carton.sscc
    if len(kinds) != 1:
        return text
    gtin, lot = next(iter(kinds))
    return text + f"02{gtin}37{count}" + (f"{GS}10{lot}" if lot else "")


def check_labels(story, say) -> bool:
    by_sscc = {carton.sscc: carton for carton in story.cartons.values()}
    files = [f for printer in ("P1", "P2") for f in story.label_files(printer)]
    wrong = []
    read = decoded(files)
    for file in files:
        codes = {s["symbology"]: s["bytes"] for s in read if s["file"] == str(file)}
        carton = by_sscc.get(story.sscc_on(file))
        if carton is None:
            wrong.append(f"{file.name}: a carton that was never packed")
            continue
        for symbology, due in (("]C1", "00" + carton.sscc), ("]d2", matrix_due(story, carton))):
            if codes.get(symbology) != due:
                wrong.append(f"{file.name}: {symbology} reads {codes.get(symbology)!r}, not {due!r}")
    say(f"  labels decoded by another reader: {len(files)} labels, {len(read)} symbols, "
        f"{len(wrong)} wrong")
    for line in wrong:
        say(f"  WRONG: {line}")
    return bool(files) and not wrong
