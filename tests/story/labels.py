"""Labels as a stranger reads them: the ZPL that the printers printed, rendered and decoded by
barcode readers that are not ours (tests/labels), must say what the orders say.
"""

import json
import subprocess

from processes import ROOT


def decoded(files: list) -> list[dict]:
    done = subprocess.run(["node", ROOT / "tests/labels/decode_labels.mjs", *files],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"decode_labels.mjs: {done.stderr.strip()[-500:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def check_labels(story, say) -> bool:
    by_sscc = {carton.sscc: carton for carton in story.cartons.values()}
    files = [f for printer in ("P1", "P2") for f in story.label_files(printer)]
    wrong = []
    read = 0
    for file in files:
        symbols = decoded([file])
        codes = {s["symbology"]: s["bytes"] for s in symbols}
        sscc = story.sscc_on(file)
        if sscc not in by_sscc:
            wrong.append(f"{file.name}: carton {sscc} was never packed")
        linear = codes.get("]C1", "")
        if linear != "00" + sscc:
            wrong.append(f"{file.name}: its GS1-128 reads {linear!r}, not 00{sscc}")
        matrix = codes.get("]d2", "")
        if not matrix.startswith("00" + sscc):
            wrong.append(f"{file.name}: its DataMatrix reads {matrix!r}")
        read += len(symbols)
    say(f"  labels decoded by another reader: {len(files)} labels, {read} symbols, "
        f"{len(wrong)} wrong")
    for line in wrong:
        say(f"  WRONG: {line}")
    return bool(files) and not wrong
