"""The closing table: what the devices and the cloud saw, beside what must be or what the daemon
says. A number counts only where both sides agree.

The cloud's side is read from its database, event by event; the devices' side from the simulators'
own counts, from the files the printers wrote, and from what the scanners were told.
"""

import collections
import json

from story import LANE_DEFAULT, LANE_EXCEPTION, Story


class Table:
    def __init__(self):
        self.rows: list[tuple[str, str, str, bool]] = []

    def add(self, name: str, seen, told, holds: bool) -> None:
        self.rows.append((name, str(seen), str(told), holds))

    def same(self, name: str, seen, told) -> None:
        self.add(name, seen, told, seen == told)

    @property
    def wrong(self) -> int:
        return sum(not holds for *_, holds in self.rows)

    def text(self) -> str:
        head = ("", "seen outside", "ledger / due")
        widths = [max(len(str(r[i])) for r in [head, *self.rows]) for i in range(3)]
        lines = []
        for name, seen, told, mark in [(*head, None), *self.rows]:
            sign = "" if mark is None else "ok" if mark else "WRONG"
            lines.append(f"  {name:<{widths[0]}}  {seen:>{widths[1]}}  {told:>{widths[2]}}  {sign}")
        return "\n".join(lines)


class CloudCopy:
    """The ledger as the cloud has it."""

    def __init__(self, story: Story):
        rows = story.site.sql("select epoch, seq, kind, convert_from(body, 'UTF8') from event "
                              "order by epoch, seq")
        self.seqs = [(int(epoch), int(seq)) for epoch, seq, *_ in rows]
        self.codes: collections.Counter = collections.Counter()
        self.received: collections.Counter = collections.Counter()
        self.did: collections.Counter = collections.Counter()
        self.effects: dict[int, list] = {}
        for _, _, kind, text in rows:
            body = json.loads(text)
            if kind == "attempt":
                self.take_attempt(body)
            for change in body.get("changes", []):
                if change["do"] == "effect":
                    self.effects[change["id"]][1] = change["state"]

    def take_attempt(self, body: dict) -> None:
        verdict = body["verdict"]
        self.codes[verdict.get("code") or "ACCEPT"] += 1
        self.did[body.get("did", "")] += 1
        for effect in body.get("effects", []):
            self.effects[effect["id"]] = [effect["kind"], "intended"]
        for change in body.get("changes", []):
            if change["do"] == "unit" and "RECEIVED" in change["way"][1:]:
                self.received[change["gtin"], change["serial"]] += 1

    def states(self, kind: str) -> collections.Counter:
        return collections.Counter(state for k, state in self.effects.values() if k == kind)


def reads_and_refusals(table: Table, story: Story, cloud: CloudCopy) -> None:
    """Every read is in the cloud once. Where the daemon was killed before it answered, the read may
    or may not be in, and the second read of the same goods answers as a re-read."""
    unanswered = story.seen["(no answer)"]
    answered = sum(story.seen.values()) - unanswered
    total = sum(cloud.codes.values())
    table.add("reads decided", answered, total, answered <= total <= answered + unanswered)
    if unanswered:
        table.add("  unanswered when the daemon was killed", unanswered, story.kills * 6,
                  unanswered <= story.kills * 6)
    accepted = story.seen["ACCEPT"]
    table.add("accepted", accepted, cloud.codes["ACCEPT"],
              accepted <= cloud.codes["ACCEPT"] <= accepted + unanswered)
    for code in sorted((set(story.seen) | set(cloud.codes)) - {"ACCEPT", "(no answer)"}):
        table.same(f"refused: {code}", story.seen[code], cloud.codes[code])
    table.same("units received", len(story.units), len(cloud.received))
    table.same("  received twice", 0, sum(n - 1 for n in cloud.received.values()))


def labels(table: Table, story: Story, cloud: CloudCopy) -> None:
    files = [f for p in ("P1", "P2") for f in story.label_files(p)]
    numbers = [story.sscc_on(f) for f in files]
    table.same("labels on the printers' rolls", len(numbers), len(story.orders))
    table.same("  cartons with two labels", len(numbers) - len(set(numbers)), 0)
    states = cloud.states("print")
    table.same("labels verified", len(numbers), states["verified"])
    table.same("labels in doubt", 0, states["in_doubt"])
    table.same("labels failed", 0, states["failed"])


def diverts(table: Table, story: Story, cloud: CloudCopy) -> None:
    eyes = lanes_of(story.sim.do("report"))
    for lane in sorted(story.lanes):
        name = {LANE_EXCEPTION: "exception lane", LANE_DEFAULT: "default lane (late)"}.get(
            lane, f"lane {lane}")
        table.same(f"cartons into {name}", eyes[lane], story.lanes[lane])
    states = cloud.states("divert")
    table.same("diverted", sum(n for lane, n in eyes.items() if lane != LANE_DEFAULT),
               states["confirmed"])
    table.same("late", eyes[LANE_DEFAULT], states["late"])
    table.same("other ends of a divert", 0, sum(states.values()) - states["confirmed"]
               - states["late"])


def closing_table(story: Story) -> Table:
    table = Table()
    cloud = CloudCopy(story)
    reads_and_refusals(table, story, cloud)
    labels(table, story, cloud)
    diverts(table, story, cloud)
    table.same("cartons shipped", story.shipped, cloud.did["shipped"])
    status = story.site.cli("status")["store"]
    table.same("events sent", len(cloud.seqs), status["head"])
    table.same("  lost", max(seq for _, seq in cloud.seqs) - len(set(cloud.seqs)), 0)
    table.same("  twice", len(cloud.seqs) - len(set(cloud.seqs)), 0)
    chain = story.site.cli("chain", "verify")
    table.add("the site's chain", f"{chain.get('rows')} rows", "whole", bool(chain.get("ok")))
    story.site.hub_run("verify", "ATL-3")  # a gap or a wrong hash is a Failure
    table.add("the cloud's copy of it", f"{len(cloud.seqs)} rows", "whole", True)
    table.same("steps that went wrong", len(story.wrong), 0)
    return table


def lanes_of(report: dict) -> collections.Counter:
    """Cartons by lane, as the PLCs' photo-eyes counted them."""
    lanes: collections.Counter = collections.Counter()
    for device in report["devices"].values():
        for index, number in enumerate(device.get("confirmed_by_lane") or []):
            if number:
                lanes[index + 1] += number
    return lanes
